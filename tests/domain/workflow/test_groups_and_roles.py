"""Groups and roles, one at a time, on both databases: who is in, who may change it, what still needs it, and who comes second."""

import asyncio

import pytest

from domain.approvals.delegation import Day, Days
from domain.approvals.profiles import Escalation, Notify
from domain.audit.entries import Action, Source
from domain.common.errors import NotAMember, NotAnAdministrator
from domain.configuration.plan import Kind, Plan, PlannedChange
from domain.configuration.refusals import (
    BuiltIn,
    LastAdministrator,
    NoSuchTeam,
    NoSuchUserGroup,
    NotAReader,
    TeamChanged,
    TeamExists,
    TeamInUse,
    TeamTooForeign,
)
from domain.people.people import (
    ADMINISTRATOR,
    AUDITOR,
    Group,
    GroupId,
    Identity,
    Person,
    Role,
    RoleId,
    Standing,
    UserGroup,
    person_id,
)
from domain.ports import Reading, Workspace
from domain.store import SqlStore
from domain.workflow import delegate
from domain.workflow.configuration import configure, people_pages
from domain.workflow.configuration import groups_and_roles as teams
from domain.workflow.configuration.apply import Applied, bring_about
from tests.databases import Databases, seed
from tests.domain.store.build import submitted
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    CAT,
    DAN,
    HOUR,
    NOON,
    OUTSIDERS,
    REQUESTER,
    approvers,
    profile,
    someone,
    step,
)

EVE = someone("Eve", roles=[AUDITOR])
SECURITY = Group(key="security", name="Security", members=(ANN.id, BOB.id))
PKI = Group(key="pki", name="PKI", usergroup="S1")
OFFICER = Role(key="officer", name="Officer", holders=(CAT.id,))
WEB = profile(step(groups=["security"], required=2), step(roles=["officer"], name="PKI"))


@pytest.fixture(autouse=True)
async def _seeded(store: SqlStore) -> None:
    await seed(
        store,
        people=[ANN, BOB, CAT, DAN, ADMIN, EVE, REQUESTER],
        usergroups=[
            UserGroup(id="S1", handle="pki", name="PKI", members=(CAT.id, DAN.id)),
            UserGroup(id="S2", handle="empty", name="Nobody"),
        ],
        groups=[SECURITY, PKI],
        roles=[OFFICER],
        profiles=[WEB],
    )
    async with store.transaction(Source.CLI) as tx:
        await tx.directory.save_workspace(Workspace(team="T1", name="Example"))


async def group(store: SqlStore, new: Group, by: Person = ADMIN, seen: str | None = None) -> Applied:
    return await teams.save_group(store, new, NOON, by=by.id, source=Source.SLACK, seen=seen)


async def role(store: SqlStore, new: Role, by: Person = ADMIN, seen: str | None = None) -> Applied:
    return await teams.save_role(store, new, NOON, by=by.id, source=Source.SLACK, seen=seen)


async def there(store: SqlStore) -> tuple[dict[str, Group], dict[str, Role]]:
    async with store.reading() as reading:
        return {group.key: group for group in await reading.people.groups()}, {
            role.key: role for role in await reading.people.roles()
        }


async def test_a_group_is_renamed_filled_mapped_and_recorded(store: SqlStore) -> None:
    await group(store, SECURITY.replace(name="Security office", members=(DAN.id, ANN.id)))
    groups, _ = await there(store)
    assert groups["security"] == Group(key="security", name="Security office", members=(ANN.id, DAN.id))
    await group(store, Group(key="security", name="Security office", usergroup="S1"))
    async with store.reading() as reading:
        people = await reading.people.matching(approvers(groups=["security"]))
        first, second = await reading.audit.about("group:security")
    assert people == {CAT.id, DAN.id}
    assert (first.entry.action, first.entry.by) == (Action.GROUP_SAVED, ADMIN.id)
    assert first.entry.before == {"name": "Security", "members": [ANN.id, BOB.id]}
    assert first.entry.after == {"name": "Security office", "members": [ANN.id, DAN.id]}
    assert second.entry.after == {"name": "Security office", "usergroup": "S1"}


async def test_what_changes_nothing_is_not_recorded(store: SqlStore) -> None:
    done = await group(store, SECURITY.replace(members=(BOB.id, ANN.id)))
    assert done.plan.is_empty
    async with store.reading() as reading:
        assert await reading.audit.about("group:security") == ()


async def test_what_is_saved_is_what_is_exported(store: SqlStore) -> None:
    await group(store, SECURITY.replace(members=(DAN.id,)))
    await teams.create_role(store, "Key custodian", NOON, holders=(ANN.id,), by=ADMIN.id, source=Source.SLACK)
    found = await configure.export(store)
    assert found["groups"]["security"] == {"name": "Security", "members": ["DAN"]}
    assert found["roles"]["key-custodian"] == {"name": "Key custodian", "holders": ["ANN"]}


async def test_new_ones_get_keys_of_their_own(store: SqlStore) -> None:
    for usergroup in ("S2", "S1"):
        await teams.create_group(store, "Security", NOON, usergroup=usergroup, by=ADMIN.id, source=Source.SLACK)
    groups, _ = await there(store)
    assert groups.keys() == {"security", "pki", "security-2", "security-3"}
    assert groups["security-2"].usergroup == "S2"


async def test_a_form_that_comes_twice_saves_once(store: SqlStore) -> None:
    for _ in range(2):
        await group(store, SECURITY.replace(name="Safety"), seen=teams.fingerprint(SECURITY))
    await teams.create_role(store, "Custodian", NOON, holders=(ANN.id, BOB.id), by=ADMIN.id, source=Source.SLACK)
    with pytest.raises(
        TeamExists, match=r"There is already a role exactly like this, Custodian, with the key custodian\."
    ):
        await teams.create_role(store, "Custodian", NOON, holders=(BOB.id, ANN.id), by=ADMIN.id, source=Source.SLACK)
    async with store.reading() as reading:
        assert len(await reading.audit.about("group:security")) == 1
        assert "custodian-2" not in {role.key for role in await reading.people.roles()}


async def test_a_form_does_not_lose_whom_it_cannot_show(store: SqlStore) -> None:
    elsewhere = person_id("T2", "FAR")
    await seed(store, groups=[SECURITY.replace(members=(ANN.id, elsewhere))])
    with pytest.raises(TeamTooForeign, match="This group lists people of another workspace"):
        await people_pages.team_form(store, ADMIN.id, Kind.GROUP, "security")
    assert (await people_pages.team_page(store, ADMIN.id, Kind.GROUP, "security")).people[-1].person == elsewhere


async def test_only_administrators_change_them(store: SqlStore) -> None:
    for who in (ANN, EVE, *OUTSIDERS):
        with pytest.raises((NotAnAdministrator, NotAMember)):
            await group(store, SECURITY.replace(name="Mine"), by=who)
        with pytest.raises((NotAnAdministrator, NotAMember)):
            await teams.delete_group(store, GroupId("pki"), NOON, by=who.id, source=Source.SLACK)
        with pytest.raises((NotAnAdministrator, NotAMember)):
            await role(store, OFFICER.replace(holders=(ANN.id,)), by=who)
    groups, roles = await there(store)
    assert (groups["security"], roles["officer"]) == (SECURITY, OFFICER)


async def test_a_user_group_that_slack_does_not_have_is_refused(store: SqlStore) -> None:
    with pytest.raises(NoSuchUserGroup):
        await group(store, Group(key="security", name="Security", usergroup="S9"))


async def test_a_group_that_is_named_is_not_deleted(store: SqlStore) -> None:
    with pytest.raises(TeamInUse, match=r"The group Security is still named by the approval profile .+\."):
        await teams.delete_group(store, GroupId("security"), NOON, by=ADMIN.id, source=Source.SLACK)
    request = await submitted(store, WEB)
    silent = WEB.definition.replace(
        steps=(step(ANN, notify=Notify(silent=approvers(groups=["pki"]))), step(roles=["officer"], name="PKI"))
    )
    await configure.save_profile(store, WEB.id, silent, NOON, by=ADMIN.id, source=Source.SLACK)
    with pytest.raises(TeamInUse) as refused:
        await teams.delete_group(store, GroupId("security"), NOON, by=ADMIN.id, source=Source.SLACK)
    assert str(refused.value).startswith(f"The group Security is still named by {request.name}.")
    with pytest.raises(TeamInUse):
        await teams.delete_group(store, GroupId("pki"), NOON, by=ADMIN.id, source=Source.SLACK)
    with pytest.raises(TeamInUse):
        await teams.delete_role(store, RoleId("officer"), NOON, by=ADMIN.id, source=Source.SLACK)


async def test_one_that_nothing_names_is_deleted_once(store: SqlStore) -> None:
    await teams.delete_group(store, GroupId("pki"), NOON, by=ADMIN.id, source=Source.SLACK)
    groups, _ = await there(store)
    assert groups.keys() == {"security"}
    with pytest.raises(NoSuchTeam):
        await teams.delete_group(store, GroupId("pki"), NOON, by=ADMIN.id, source=Source.SLACK)
    async with store.reading() as reading:
        [entry] = await reading.audit.about("group:pki")
    assert (entry.entry.action, entry.entry.after) == (Action.GROUP_DELETED, {})


async def test_built_in_roles_stay_what_they_are(store: SqlStore) -> None:
    with pytest.raises(BuiltIn):
        await teams.delete_role(store, AUDITOR, NOON, by=ADMIN.id, source=Source.SLACK)
    with pytest.raises(BuiltIn):
        await role(store, Role(key=AUDITOR, name="Spy", holders=(EVE.id,)))
    await role(store, Role(key=AUDITOR, name="Auditor", holders=(EVE.id, ANN.id)))
    async with store.reading() as reading:
        ann = await reading.people.person(ANN.id)
    assert ann is not None
    assert ann.reads_all


async def test_the_last_administrator_stays(store: SqlStore) -> None:
    administrators = Role(key=ADMINISTRATOR, name="Administrator", holders=(ADMIN.id,))
    for nobody in (
        administrators.replace(holders=()),
        administrators.replace(holders=(), usergroup="S2"),
    ):
        with pytest.raises(LastAdministrator):
            await role(store, nobody)
    await seed(store, people=[Identity(id=BOB.id, name="Bob", standing=Standing.DEACTIVATED)])
    with pytest.raises(LastAdministrator):
        await role(store, administrators.replace(holders=(BOB.id,)))
    await role(store, administrators.replace(holders=(), usergroup="S1"))  # Cat and Dan hold it now
    with pytest.raises(NotAnAdministrator):
        await role(store, administrators)
    await seed(
        store, people=[Identity(id=one.id, name=one.name, standing=Standing.GUEST) for one in (CAT,)], usergroups=[]
    )
    await role(store, administrators, by=DAN)


async def test_two_who_remove_each_other_do_not_both_succeed(store: SqlStore) -> None:
    both = Role(key=ADMINISTRATOR, name="Administrator", holders=(ADMIN.id, ANN.id))
    await role(store, both)
    done = await asyncio.gather(
        role(store, both.replace(holders=(ADMIN.id,))),
        role(store, both.replace(holders=(ANN.id,)), by=ANN),
        return_exceptions=True,
    )
    async with store.reading() as reading:
        left = await reading.people.administrators()
    assert left, done


async def test_who_is_removed_meanwhile_changes_nothing_any_more(databases: Databases) -> None:
    """Between the moment at which a right is looked at and the lock: on SQLite, where one writes at a time, there is none."""
    both = Role(key=ADMINISTRATOR, name="Administrator", holders=(ADMIN.id, ANN.id))
    async with databases.store("postgresql") as store:
        await seed(store, people=[ADMIN, ANN], roles=[both], groups=[SECURITY])

        async def draw(reading: Reading) -> Plan:
            if ANN.id in await reading.people.administrators():
                await role(store, both.replace(holders=(ADMIN.id,)))
            change = PlannedChange(kind=Kind.GROUP, key="security", before=SECURITY, after=PKI.replace(key="security"))
            return Plan(team="T1", changes=(change,))

        async with store.transaction(Source.CLI) as tx:
            await tx.directory.save_workspace(Workspace(team="T1", name="Example"))
        with pytest.raises(NotAnAdministrator):
            await bring_about(store, draw, NOON, ANN.id, Source.SLACK)
        groups, _ = await there(store)
        assert groups["security"] == SECURITY


async def test_whoever_comes_second_is_told_who_changed_what(store: SqlStore) -> None:
    seen = teams.fingerprint(SECURITY)
    await role(store, Role(key=ADMINISTRATOR, name="Administrator", holders=(ADMIN.id, ANN.id)))
    await group(store, SECURITY.replace(members=(ANN.id,)), by=ANN, seen=seen)
    with pytest.raises(TeamChanged) as refused:
        await group(store, SECURITY.replace(name="Safety"), seen=seen)
    assert str(refused.value).startswith("Ann changed the group Security in the meantime: members: Ann, Bob → Ann.")
    now = teams.fingerprint(SECURITY.replace(members=(ANN.id,)))
    await group(store, SECURITY.replace(members=(DAN.id,)), by=ANN, seen=now)
    with pytest.raises(TeamChanged, match="Ann changed the group Security in the meantime: members: "):
        await group(store, SECURITY.replace(name="Safety"), seen=now)
    groups, _ = await there(store)
    assert groups["security"] == SECURITY.replace(members=(DAN.id,))
    pki = teams.fingerprint(PKI)
    await group(store, PKI.replace(usergroup=None, members=(ANN.id,)), by=ANN, seen=pki)
    with pytest.raises(TeamChanged, match="user group: @pki → none; members: Ann"):
        await group(store, PKI.replace(name="Other"), seen=pki)
    await group(store, PKI, by=ANN, seen=teams.fingerprint(PKI.replace(usergroup=None, members=(ANN.id,))))
    await teams.delete_group(store, GroupId("pki"), NOON, by=ADMIN.id, source=Source.SLACK)
    with pytest.raises(TeamChanged, match="it is deleted"):
        await group(store, PKI.replace(name="Other"), seen=teams.fingerprint(PKI))


# Looking


async def test_only_readers_look_and_only_administrators_get_the_form(store: SqlStore) -> None:
    for who, refusal in ((ANN, NotAReader), *((outsider, NotAMember) for outsider in OUTSIDERS)):
        with pytest.raises(refusal):
            await people_pages.team_list(store, who.id)
        with pytest.raises(refusal):
            await people_pages.team_page(store, who.id, Kind.GROUP, "pki")
        with pytest.raises(refusal):
            await people_pages.person_page(store, who.id, ANN.id, NOON)
    for who in (ANN, EVE):
        with pytest.raises(NotAnAdministrator):
            await people_pages.team_form(store, who.id, Kind.ROLE, None)
    assert (await people_pages.team_form(store, ADMIN.id, Kind.GROUP, "pki")).team == PKI
    assert (await people_pages.team_list(store, EVE.id)).may_edit is False


async def test_the_list_says_how_many_there_are(store: SqlStore) -> None:
    found = await people_pages.team_list(store, ADMIN.id)
    assert [(row.key, row.active, row.usergroup) for row in found.rows] == [
        ("administrator", 1, None),
        ("auditor", 1, None),
        ("officer", 1, None),
        ("pki", 2, "pki"),
        ("security", 2, None),
    ]
    assert found.may_edit


async def test_a_page_says_who_is_in_and_why(store: SqlStore) -> None:
    await seed(store, people=[Identity(id=DAN.id, name="Dan", standing=Standing.DEACTIVATED)])
    await role(store, OFFICER.replace(holders=(ANN.id, CAT.id), usergroup="S1"))
    page = await people_pages.team_page(store, EVE.id, Kind.ROLE, "officer")
    assert [(person.name, person.by_name, person.through_usergroup, person.standing) for person in page.people] == [
        ("Ann", True, False, Standing.MEMBER),
        ("Cat", True, True, Standing.MEMBER),
        ("Dan", False, True, Standing.DEACTIVATED),
    ]
    assert page.users == (f"the approval profile {WEB.name}",)
    with pytest.raises(NoSuchTeam):
        await people_pages.team_page(store, EVE.id, Kind.GROUP, "officer")


async def test_a_page_says_what_could_not_be_approved_as_people_are_now(store: SqlStore) -> None:
    assert (await people_pages.team_page(store, ADMIN.id, Kind.GROUP, "security")).unsolvable == ()
    await group(store, SECURITY.replace(members=(ANN.id,)))
    [(name, why)] = (await people_pages.team_page(store, ADMIN.id, Kind.GROUP, "security")).unsolvable
    assert name == WEB.name
    assert "needs 2 and only one person can decide it" in why
    assert (await people_pages.team_page(store, ADMIN.id, Kind.GROUP, "pki")).unsolvable == ()


async def test_who_is_alone_at_a_step_is_said_though_another_step_has_nobody(store: SqlStore) -> None:
    broken = WEB.definition.replace(steps=(step(CAT, name="Alone"), step(DAN, required=2, name="Two of one")))
    await configure.save_profile(store, WEB.id, broken, NOON, by=ADMIN.id, source=Source.SLACK)
    assert (await people_pages.person_page(store, ADMIN.id, CAT.id, NOON)).only == (
        (WEB.name, "Nobody could decide step 1, Alone."),
    )


async def test_a_persons_page_says_what_hangs_on_them(store: SqlStore) -> None:
    made = await delegate(store, ANN.id, DAN.id, Days(last=Day(later=3)), NOON)
    cat = await people_pages.person_page(store, ADMIN.id, CAT.id, NOON)
    assert cat.teams == ((Kind.ROLE, "Officer", "", True), (Kind.GROUP, "PKI", "pki", False))
    assert [(right.number, right.step) for right in cat.rights] == [(2, "PKI")]
    [(name, why)] = cat.only
    assert name == WEB.name
    assert "nobody can decide it" in why
    ann = await people_pages.person_page(store, ADMIN.id, ANN.id, NOON)
    assert (ann.given, ann.received) == ((made,), ())
    assert len(ann.only) == 1, "two of two are needed"
    await group(store, SECURITY.replace(members=(ANN.id, BOB.id, DAN.id)))
    assert (await people_pages.person_page(store, ADMIN.id, ANN.id, NOON)).only == ()
    nobody = await people_pages.person_page(store, ADMIN.id, someone("ghost").id, NOON)
    assert (nobody.identity.standing, nobody.teams, nobody.rights) == (Standing.STRANGER, (), ())


async def test_what_somebody_may_approve_only_once_it_escalates_says_so(store: SqlStore) -> None:
    later = Escalation(after=8 * HOUR, approvers=approvers(DAN, ANN))
    escalating = WEB.definition.replace(steps=(step(ANN, escalation=later),))
    await configure.save_profile(store, WEB.id, escalating, NOON, by=ADMIN.id, source=Source.SLACK)
    for who, late in ((DAN, True), (ANN, False)):
        [right] = (await people_pages.person_page(store, ADMIN.id, who.id, NOON)).rights
        assert right.once_escalated is late
