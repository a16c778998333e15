"""Changing what is configured, on both databases: all of it or nothing, on the record, and what becomes of open requests."""

import asyncio
from typing import Any

import pytest

from domain.audit import Action, Source
from domain.configuration.document import Configuration
from domain.configuration.faults import InvalidConfiguration
from domain.configuration.refusals import (
    NothingMirrored,
    PlanChanged,
    ProfileChanged,
    ResourceInUse,
    StillUsed,
    WrongKind,
)
from domain.errors import Busy, NameTaken, NoSuchProfile, NoSuchResource, NotAnAdministrator, ProfileInUse
from domain.operations import Operation
from domain.people import ADMINISTRATOR, Group, Role
from domain.ports import RecordedEntry, Workspace
from domain.profiles import ProfileId, ProfileVersion
from domain.resources import Resource, ResourceId, ResourceKind
from domain.status import WorkItemStatus
from domain.store import SqlStore
from domain.store.store import SqlTransaction
from domain.workflow import reconfiguring
from domain.workflow.configure import (
    apply,
    appoint_first_administrators,
    delete_profile,
    delete_resource,
    export,
    plan,
    save_profile,
    save_resource,
    unblock,
)
from tests.databases import Databases, seed
from tests.domain.configuration_states import PEOPLE, TEAM, USERGROUPS, file, pid, profile, step
from tests.rules.build import HOUR, NOON
from tests.store.build import loaded, submitted

ADMIN, CLI = pid("ANN"), Source.CLI
RA = ResourceKind.RA_PROFILE
WEB = ProfileId("web")
WEB_RESOURCE = Resource(key="public", kind=RA, name="Public", approvals={Operation.ISSUE: "web"})


@pytest.fixture(autouse=True)
async def _workspace(store: SqlStore) -> None:
    """Ann is an administrator; nothing else is configured."""
    async with store.transaction(Source.SLACK) as tx:
        await tx.save_workspace(Workspace(team=TEAM, name="Test"))
    await seed(
        store, people=PEOPLE.values(), usergroups=USERGROUPS,
        roles=[Role(key=ADMINISTRATOR, name="Administrator", holders=(ADMIN,))],
    )  # fmt: skip


def web(*users: str, required: int = 1, **more: Any) -> dict[str, Any]:
    """The profile `web` in a file: one step, which *users* approve."""
    approvers = {"users": [f"U{user}" for user in users]} if users else {}
    return {"name": "Web", "steps": [{"name": "Security", "required": required, "approvers": approvers}], **more}


def with_web(*users: str, **more: Any) -> Configuration:
    return file(profiles={"web": web(*users, **more)})


async def recorded(store: SqlStore) -> tuple[RecordedEntry, ...]:
    async with store.reading() as reading:
        return await reading.audit_of("countersign")


async def present(store: SqlStore, key: str = "web") -> ProfileVersion | None:
    async with store.reading() as reading:
        return await reading.profile(ProfileId(key))


async def status(store: SqlStore, number: int) -> tuple[WorkItemStatus, int]:
    """The status of the first work item of request *number*, and the version that it is under."""
    [item] = (await loaded(store, number)).work_items
    return item.status, item.profile.number


# From a file


async def test_nothing_can_be_planned_in_a_workspace_that_was_never_met(
    databases: Databases, database_kind: str
) -> None:
    async with databases.store(database_kind) as empty:
        with pytest.raises(NothingMirrored):
            await plan(empty, file())


async def test_applying_a_file_makes_what_it_says_and_records_it(store: SqlStore) -> None:
    configuration = file(
        administrators=["UANN", "UBOB"],
        groups={"pki": {"name": "PKI", "usergroup": "@pki-admins"}},
        profiles={"web": {**web(), "steps": [{"name": "PKI", "approvers": {"groups": ["pki"]}}]}},
        resources={"public": {"kind": "ra_profile", "name": "Public", "approvals": {"issue": "web"}}},
    )
    applied = await apply(store, configuration, NOON)
    assert [change.subject for change in applied.plan.changes] == [
        "group:pki",
        "role:administrator",
        "profile:web",
        "resource:public",
    ]
    async with store.reading() as reading:
        assert await reading.administrators() == {pid("ANN"), pid("BOB")}
        assert await reading.groups() == (Group(key="pki", name="PKI", usergroup="S1"),)
        assert await reading.resources() == (WEB_RESOURCE,)
        assert [one.number for one in await reading.profiles()] == [1]
    entries = await recorded(store)
    assert [(one.entry.action, one.entry.subject, one.entry.by, one.source) for one in entries] == [
        (Action.GROUP_SAVED, "group:pki", None, CLI),
        (Action.ROLE_SAVED, "role:administrator", None, CLI),
        (Action.PROFILE_SAVED, "profile:web", None, CLI),
        (Action.RESOURCE_SAVED, "resource:public", None, CLI),
    ]
    assert entries[1].entry.before == {"name": "Administrator", "holders": ["T1/UANN"]}
    assert entries[1].entry.after == {"name": "Administrator", "holders": ["T1/UANN", "T1/UBOB"]}
    assert entries[2].entry.before == {}
    assert entries[2].entry.after["version"] == 1

    assert (await plan(store, configuration)).is_empty
    assert (await apply(store, configuration, NOON)).plan.is_empty
    assert len(await recorded(store)) == 4


async def test_what_is_exported_changes_nothing(store: SqlStore) -> None:
    await apply(
        store, file(profiles={"web": web("BOB", expires_after="36h"), "empty": web() | {"name": "Empty"}}), NOON
    )
    await save_resource(store, WEB_RESOURCE, NOON, by=ADMIN, source=Source.SLACK)
    content = await export(store)
    assert (await plan(store, file(**content))).is_empty
    assert await export(store) == content


async def test_a_new_version_leaves_open_requests_under_theirs(store: SqlStore) -> None:
    await apply(store, with_web("BOB"), NOON)
    first = await present(store)
    assert first is not None
    await submitted(store, first)
    await submitted(store, first)
    planned = await plan(store, with_web("BOB", "CAT"))
    applied = await apply(store, with_web("BOB", "CAT"), NOON)
    assert planned.keeping == applied.plan.keeping == {"web": 2}
    assert applied.followed == {"web": 0}
    assert await status(store, 1) == (WorkItemStatus.PENDING, 1)


@pytest.mark.parametrize("at_once", [100, 2])
async def test_blocked_requests_take_the_new_version_and_open_however_many_they_are(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(reconfiguring, "FOLLOWING_AT_ONCE", at_once)
    await apply(store, with_web(), NOON)
    blocked = await present(store)
    assert blocked is not None
    for _ in range(5):
        await submitted(store, blocked)
    assert await status(store, 1) == (WorkItemStatus.BLOCKED, 1)
    still = await apply(store, with_web(description="Somebody will be named"), NOON)
    assert (still.plan.keeping, still.followed) == ({"web": 5}, {"web": 0})
    applied = await apply(store, with_web("BOB", expires_after="2h"), NOON + HOUR)
    assert (applied.plan.keeping, applied.plan.following, applied.followed) == ({"web": 0}, {"web": 5}, {"web": 5})
    assert {await status(store, number) for number in range(1, 6)} == {(WorkItemStatus.PENDING, 3)}
    [item] = (await loaded(store, 5)).work_items
    assert item.deadline == NOON + 3 * HOUR


async def test_a_version_is_saved_though_not_all_that_were_blocked_could_follow_at_once(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_late(*_: object) -> int:
        raise Busy

    await apply(store, with_web(), NOON)
    blocked = await present(store)
    assert blocked is not None
    for _ in range(3):
        await submitted(store, blocked)
    with monkeypatch.context() as patch:
        patch.setattr(reconfiguring, "FOLLOWING_AT_ONCE", 2)
        patch.setattr(reconfiguring, "follow_on", too_late)
        assert (await apply(store, with_web("BOB"), NOON)).followed == {"web": 2}
    assert await status(store, 3) == (WorkItemStatus.BLOCKED, 1)
    assert await unblock(store, NOON) == 1
    assert await status(store, 3) == (WorkItemStatus.PENDING, 2)


async def test_a_change_of_group_has_open_requests_looked_at_again(store: SqlStore) -> None:
    groups = {"pki": {"name": "PKI", "members": ["UBOB"]}}
    steps = [{"name": "PKI", "approvers": {"groups": ["pki"]}}]
    await apply(store, file(groups=groups, profiles={"web": {"name": "Web", "steps": steps}}), NOON)
    version = await present(store)
    assert version is not None
    request = await submitted(store, version)

    async def stale() -> tuple[int, ...]:
        async with store.transaction(Source.CLOCK) as tx:
            claimed = await tx.claim_stale(NOON + HOUR, HOUR, 10)
            for one in claimed:
                await tx.announced(one, request.version, NOON + HOUR)
        return claimed

    assert await stale() == (request.id,)
    assert await stale() == ()
    await apply(store, file(groups={"pki": {"name": "PKI", "members": ["UCAT"]}}), NOON)
    assert await stale() == (request.id,)


# All or nothing


async def test_what_is_still_used_is_not_deleted_and_nothing_else_is_done(store: SqlStore) -> None:
    await apply(store, with_web("BOB"), NOON)
    await save_resource(store, WEB_RESOURCE, NOON, by=ADMIN, source=Source.SLACK)
    version = await present(store)
    assert version is not None
    for _ in range(12):
        await submitted(store, version)
    before = await recorded(store)
    content = file(administrators=["UBOB"], profiles={})
    planned = await plan(store, content)
    assert planned.refusals == (
        "The profile web cannot be deleted: resource public still uses it.",
        f"The profile web cannot be deleted: {', '.join(f'REQ-{one}' for one in range(1, 11))} and 2 more still wait under it.",
    )
    with pytest.raises(StillUsed, match="REQ-10 and 2 more"):
        await apply(store, content, NOON)
    assert await recorded(store) == before
    async with store.reading() as reading:
        assert await reading.administrators() == {ADMIN}


async def test_a_failure_half_way_leaves_nothing(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    class PowerCut(Exception):
        pass

    async def fail(_self: object, _resource: Resource) -> None:
        raise PowerCut

    monkeypatch.setattr(SqlTransaction, "save_resource", fail)
    resources = {"public": {"kind": "ra_profile", "name": "Public"}}
    with pytest.raises(PowerCut):
        await apply(store, file(administrators=["UBOB"], profiles={"web": web("BOB")}, resources=resources), NOON)
    assert await recorded(store) == ()
    assert await present(store) is None
    async with store.reading() as reading:
        assert await reading.administrators() == {ADMIN}


async def test_a_file_with_a_fault_is_refused_with_its_place(store: SqlStore) -> None:
    with pytest.raises(InvalidConfiguration) as raised:
        await apply(store, file(profiles={"web": web("BOB"), "ca": web("CAT")}), NOON)
    assert raised.value.faults[0].path == ("profiles", "ca", "name")


async def test_a_plan_that_went_stale_is_not_applied(store: SqlStore) -> None:
    shown = await plan(store, with_web("BOB"))
    await apply(store, with_web("CAT"), NOON)
    with pytest.raises(PlanChanged):
        await apply(store, with_web("BOB"), NOON, fingerprint=shown.fingerprint)
    version = await present(store)
    assert version is not None
    assert version.steps == (step("CAT"),)
    again = await plan(store, with_web("BOB"))
    assert (await apply(store, with_web("BOB"), NOON, fingerprint=again.fingerprint)).plan == again


@pytest.mark.parametrize("by", ["BOB", "GUS", "NEW"])
async def test_only_administrators_change_what_is_configured(store: SqlStore, by: str) -> None:
    await seed(store, roles=[Role(key=ADMINISTRATOR, name="Administrator", holders=(ADMIN, pid("GUS")))])
    with pytest.raises(NotAnAdministrator):
        await apply(store, with_web("BOB"), NOON, by=pid(by), source=Source.SLACK)
    assert await present(store) is None


# Two at once


async def test_nobody_who_applies_at_the_same_moment_is_lost_or_misreported(store: SqlStore) -> None:
    names = ["ANN", "BOB", "CAT", "DAN"]

    async def one(name: str) -> None:
        await apply(store, file(groups={"pki": {"name": name, "members": [f"U{name}"]}}), NOON)

    await asyncio.gather(*map(one, names))
    entries = [one.entry for one in await recorded(store)]
    assert sorted(entry.after["name"] for entry in entries) == names
    assert [entry.before for entry in entries] == [{}, *(entry.after for entry in entries[:-1])]
    async with store.reading() as reading:
        [group] = await reading.groups()
    assert group.name == entries[-1].after["name"]


async def test_versions_that_are_saved_at_the_same_moment_are_all_kept(store: SqlStore) -> None:
    names = ["ANN", "BOB", "CAT", "DAN"]
    await asyncio.gather(*(apply(store, with_web(name), NOON) for name in names))
    async with store.reading() as reading:
        versions = await reading.profile_versions(WEB)
    assert [one.number for one in versions] == [4, 3, 2, 1]
    assert {one.steps for one in versions} == {(step(name),) for name in names}


async def test_the_same_file_twice_at_the_same_moment_is_applied_once(store: SqlStore) -> None:
    both = await asyncio.gather(*(apply(store, with_web("BOB"), NOON) for _ in range(2)))
    assert sorted(len(one.plan.changes) for one in both) == [0, 1]
    assert len(await recorded(store)) == 1


# One profile at a time


async def test_a_profile_is_saved_as_versions(store: SqlStore) -> None:
    first, second = profile("web", step("BOB")).definition, profile("web", step("BOB", required=2)).definition
    for number, (definition, made) in enumerate([(first, 1), (second, 2), (second, 2), (first, 3)]):
        done = await save_profile(store, WEB, definition, NOON, by=ADMIN, source=Source.SLACK)
        version = await present(store)
        assert version is not None
        assert (version.number, version.definition) == (made, definition), number
        assert done.plan.is_empty == (number == 2)
    entries = await recorded(store)
    assert [(one.entry.by, one.source, one.entry.after["version"]) for one in entries] == [
        (ADMIN, Source.SLACK, number) for number in (1, 2, 3)
    ]
    assert entries[1].entry.before["steps"][0]["required"] == 1
    assert entries[1].entry.after["steps"][0]["required"] == 2


async def test_its_author_is_told_what_is_wrong_with_a_profile(store: SqlStore) -> None:
    done = await save_profile(
        store, WEB, profile("web", step("BOB", "GUS", required=2)).definition, NOON, by=None, source=CLI
    )
    assert done.plan.warnings == (
        "Profile web: Step 1, Security, can never be reached: it needs 2 and only one person can decide it.",
    )


async def test_who_began_from_an_older_version_is_told(store: SqlStore) -> None:
    definition = profile("web", step("BOB")).definition
    await save_profile(store, WEB, definition, NOON, by=ADMIN, source=Source.SLACK, seen=0)
    with pytest.raises(ProfileChanged, match="version 1"):
        await save_profile(store, WEB, profile("web").definition, NOON, by=ADMIN, source=Source.SLACK, seen=0)
    await save_profile(store, WEB, profile("web").definition, NOON, by=ADMIN, source=Source.SLACK, seen=1)


async def test_a_name_belongs_to_one_profile(store: SqlStore) -> None:
    await save_profile(store, WEB, profile("web", name="Web").definition, NOON, by=ADMIN, source=Source.SLACK)
    with pytest.raises(NameTaken):
        await save_profile(
            store, ProfileId("b"), profile("b", name="wEB").definition, NOON, by=ADMIN, source=Source.SLACK
        )
    assert len(await recorded(store)) == 1


async def test_saving_a_profile_opens_what_waited_for_it(store: SqlStore) -> None:
    await save_profile(store, WEB, profile("web", step()).definition, NOON, by=ADMIN, source=Source.SLACK)
    version = await present(store)
    assert version is not None
    await submitted(store, version)
    done = await save_profile(store, WEB, profile("web", step("BOB")).definition, NOON, by=ADMIN, source=Source.SLACK)
    assert done.followed == {"web": 1}
    assert await status(store, 1) == (WorkItemStatus.PENDING, 2)


async def test_a_profile_in_use_is_not_deleted_and_the_refusal_lists_what_uses_it(store: SqlStore) -> None:
    await apply(store, with_web("BOB"), NOON)
    await save_resource(store, WEB_RESOURCE, NOON, by=ADMIN, source=Source.SLACK)
    version = await present(store)
    assert version is not None
    await submitted(store, version)
    with pytest.raises(ProfileInUse, match="Web is still used by the RA profile Public and REQ-1"):
        await delete_profile(store, WEB, NOON, by=ADMIN, source=Source.SLACK)


async def test_a_deleted_profile_stays_readable_and_goes_on_counting(store: SqlStore) -> None:
    with pytest.raises(NoSuchProfile):
        await delete_profile(store, WEB, NOON, by=ADMIN, source=Source.SLACK)
    await apply(store, with_web("BOB"), NOON)
    await delete_profile(store, WEB, NOON, by=ADMIN, source=Source.SLACK)
    assert await present(store) is None
    assert (await recorded(store))[-1].entry.action is Action.PROFILE_DELETED
    await apply(store, with_web("BOB"), NOON)
    async with store.reading() as reading:
        assert [one.number for one in await reading.profile_versions(WEB)] == [2, 1]


# One resource at a time


async def test_a_resource_names_only_what_there_is(store: SqlStore) -> None:
    issuing = Resource(key="ca", kind=ResourceKind.CERTIFICATE_AUTHORITY, name="Issuing")
    linked = Resource(key="public", kind=RA, name="Public", certificate_authority="ca")

    async def save(resource: Resource) -> None:
        await save_resource(store, resource, NOON, by=ADMIN, source=Source.SLACK)

    with pytest.raises(NoSuchResource):
        await save(linked)
    with pytest.raises(NoSuchProfile):
        await save(WEB_RESOURCE)
    await save(Resource(key="ca", kind=RA, name="No authority"))
    with pytest.raises(WrongKind, match="No authority is no certificate authority"):
        await save(linked)
    await save(issuing)
    await save(linked)
    assert len(await recorded(store)) == 3


async def test_a_resource_that_another_names_is_not_deleted(store: SqlStore) -> None:
    resources = {
        "ca": {"kind": "certificate_authority", "name": "Issuing"},
        "public": {"kind": "ra_profile", "name": "Public", "certificate_authority": "ca"},
    }
    await apply(store, file(resources=resources), NOON)
    with pytest.raises(ResourceInUse, match="Issuing is still named by Public"):
        await delete_resource(store, ResourceId("ca"), NOON, by=ADMIN, source=Source.SLACK)
    await delete_resource(store, ResourceId("public"), NOON, by=ADMIN, source=Source.SLACK)
    await delete_resource(store, ResourceId("ca"), NOON, by=ADMIN, source=Source.SLACK)
    with pytest.raises(NoSuchResource):
        await delete_resource(store, ResourceId("ca"), NOON, by=ADMIN, source=Source.SLACK)


# The first administrators, and what was left behind


async def test_the_first_administrators_are_appointed_only_while_nobody_is_one(store: SqlStore) -> None:
    named = ["UBOB", "CAT@example.com", "UGUS", "old@example.com", "UNEW"]
    assert await appoint_first_administrators(store, named, NOON) == ()
    await seed(store, roles=[Role(key=ADMINISTRATOR, name="Administrator", holders=(pid("GUS"),))])
    assert await appoint_first_administrators(store, named, NOON) == (pid("BOB"), pid("CAT"))
    assert await appoint_first_administrators(store, ["UDAN"], NOON) == ()
    async with store.reading() as reading:
        assert await reading.administrators() == {pid("BOB"), pid("CAT")}
    [entry] = await recorded(store)
    assert entry.entry.subject == "role:administrator"


async def test_requests_that_were_left_blocked_are_found_again(store: SqlStore) -> None:
    first = profile("web", step())
    await seed(store, profiles=[first])
    await submitted(store, first)
    assert await unblock(store, NOON) == 0
    await seed(store, profiles=[profile("web", step("BOB"), number=2)])  # saved, and then the process died
    assert await unblock(store, NOON) == 1
    assert await status(store, 1) == (WorkItemStatus.PENDING, 2)
    assert await unblock(store, NOON) == 0
