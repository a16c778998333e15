"""Who somebody is now, as the mirror and the lists say."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from domain.approvals.profiles import Approvers
from domain.audit.entries import Source
from domain.people.people import (
    ADMINISTRATOR,
    AUDITOR,
    Group,
    GroupId,
    Identity,
    Role,
    RoleId,
    Standing,
    UserGroup,
)
from domain.ports import Workspace
from domain.store import SqlStore
from domain.store.tables import delegations
from tests.databases import seed
from tests.domain.store.build import execute
from tests.rules.build import ADMIN, ANN, BOB, CAT, DAN, HOUR, INSTANT, NOON, approvers, pid, someone

LISTED = Group(key="listed", name="Listed", members=(BOB.id, ANN.id))
FOLLOWING = Group(key="following", name="Following", usergroup="S1")
HELD = Role(key="held", name="Held", usergroup="S1", holders=(DAN.id,))
S1 = UserGroup(id="S1", handle="pki", name="PKI", members=(ANN.id, CAT.id))
S2 = UserGroup(id="S2", handle="ops", name="Operations", members=(BOB.id,))
GUEST = someone("Gus", groups=["listed"], standing=Standing.GUEST)


async def test_groups_and_roles_come_from_lists_and_from_user_groups(store: SqlStore) -> None:
    await seed(store, people=[ANN, BOB, CAT, DAN], usergroups=[S1], groups=[LISTED, FOLLOWING], roles=[HELD])
    both = {GroupId("listed"), GroupId("following")}
    async with store.reading() as reading:
        assert await reading.people.person(ANN.id) == ANN.replace(groups=both, roles={RoleId("held")})
        assert await reading.people.person(BOB.id) == BOB.replace(groups={GroupId("listed")})
        assert await reading.people.person(DAN.id) == DAN.replace(roles={RoleId("held")})
        assert await reading.people.person(pid("nobody")) is None


async def test_somebody_in_a_group_whom_the_mirror_does_not_know_is_nobody(store: SqlStore) -> None:
    await seed(store, groups=[LISTED])
    async with store.reading() as reading:
        assert await reading.people.person(ANN.id) is None
        assert await reading.people.matching(approvers(ANN, groups=["listed"])) == frozenset()


async def test_approvers_are_the_active_members_who_are_any_of_them(store: SqlStore) -> None:
    group = LISTED.replace(members=(*LISTED.members, GUEST.id))
    await seed(store, people=[ANN, BOB, CAT, DAN, GUEST], usergroups=[S1], groups=[group, FOLLOWING], roles=[HELD])
    cases = {
        approvers(): set(),
        approvers(DAN, GUEST): {DAN},
        approvers(groups=["listed"]): {ANN, BOB},
        approvers(groups=["following"]): {ANN, CAT},
        approvers(roles=["held"]): {ANN, CAT, DAN},
        approvers(BOB, groups=["following", "none"], roles=["held", "none"]): {ANN, BOB, CAT, DAN},
    }
    async with store.reading() as reading:
        for those, expected in cases.items():
            assert await reading.people.matching(those) == {one.id for one in expected}
        assert (await reading.people.person(GUEST.id)) == GUEST


async def test_administrators_are_active_members(store: SqlStore) -> None:
    former = someone("Fred", roles=[ADMINISTRATOR], standing=Standing.DEACTIVATED)
    await seed(store, people=[ADMIN, ANN, former])
    async with store.reading() as reading:
        assert await reading.people.administrators() == {ADMIN.id}


async def test_who_leaves_a_user_group_is_out_at_once(store: SqlStore) -> None:
    await seed(store, people=[ANN, CAT], usergroups=[S1, S2], groups=[FOLLOWING])
    async with store.transaction(Source.SLACK) as tx:
        await tx.directory.save_usergroups([S1.replace(members=(CAT.id,))])
        assert await tx.people.matching(Approvers(groups=(GroupId("following"),))) == {CAT.id}
        assert await tx.directory.usergroups() == (S2, S1.replace(members=(CAT.id,)))


async def test_a_user_group_that_is_gone_has_no_members_and_may_come_back(store: SqlStore) -> None:
    await seed(store, people=[ANN, CAT], usergroups=[S1, S2], groups=[FOLLOWING])
    async with store.transaction(Source.SLACK) as tx:
        await tx.directory.save_usergroups([S2], all_of_them=True)
    async with store.transaction(Source.SLACK) as tx:
        assert await tx.directory.usergroups() == (S2,)
        assert await tx.people.matching(Approvers(groups=(GroupId("following"),))) == frozenset()
        await tx.directory.save_usergroups([S1])
        assert await tx.people.matching(Approvers(groups=(GroupId("following"),))) == {ANN.id, CAT.id}
        await tx.directory.save_usergroups([], all_of_them=True)
        assert await tx.directory.usergroups() == ()


async def test_groups_and_roles_are_read_back_changed_and_deleted(store: SqlStore) -> None:
    await seed(store, groups=[LISTED, FOLLOWING], roles=[HELD])
    built_in = (Role(key=ADMINISTRATOR, name="Administrator"), Role(key=AUDITOR, name="Auditor"))
    async with store.transaction(Source.CLI) as tx:
        assert await tx.people.groups() == (FOLLOWING, LISTED)
        assert await tx.people.roles() == (*built_in, HELD)
        admins = Role(key=ADMINISTRATOR, name="Chiefs", holders=(BOB.id, ANN.id))
        await tx.people.save_group(LISTED.replace(members=(CAT.id,), name="Changed"))
        await tx.people.save_role(admins)
        await tx.people.delete_group(GroupId(FOLLOWING.key))
        await tx.people.delete_role(RoleId(HELD.key))
        await tx.people.delete_role(RoleId("none"))
        assert await tx.people.groups() == (LISTED.replace(members=(CAT.id,), name="Changed"),)
        assert await tx.people.roles() == (admins, built_in[1])


async def test_names_of_groups_and_roles(store: SqlStore) -> None:
    await seed(store, groups=[LISTED], roles=[HELD])
    async with store.reading() as reading:
        names = await reading.people.names([GroupId("listed"), GroupId("none")], [RoleId("held"), ADMINISTRATOR])
        assert names == {"group:listed": "Listed", "role:held": "Held", "role:administrator": "Administrator"}
        assert await reading.people.names([], []) == {}


async def test_what_the_mirror_says_of_people(store: SqlStore) -> None:
    ann = Identity(id=ANN.id, name="Ann", email="Ann@Example.com", time_zone="Europe/Prague")
    bob = Identity(id=BOB.id, name="Bob", email="bob@example.com", standing=Standing.GUEST)
    await seed(store, people=[ann, bob, DAN])
    async with store.reading() as reading:
        assert await reading.people.identities([ANN.id, pid("nobody")]) == {ANN.id: ann}
        assert set(await reading.people.identities()) == {ANN.id, BOB.id, DAN.id}
        assert await reading.people.identities([]) == {}
        assert await reading.people.by_email(" ANN@example.COM ") == ann
        assert await reading.people.by_email("bob@example.com") is None
        assert await reading.people.by_email("") is None
    renamed = ann.replace(name="Anna", standing=Standing.DEACTIVATED)
    async with store.transaction(Source.SLACK) as tx:
        await tx.directory.save_identities([renamed])
        assert await tx.people.identities([ANN.id]) == {ANN.id: renamed}


async def test_the_workspace_and_when_it_was_mirrored(store: SqlStore) -> None:
    async with store.transaction(Source.SLACK) as tx:
        assert await tx.directory.workspace() is None
        assert await tx.directory.mirrored_at() is None
        await tx.directory.mark_mirrored(NOON)
        assert await tx.directory.workspace() is None
        workspace = Workspace(team="T1", name="Example", url="https://example.slack.com/", bot_user="U9")
        await tx.directory.save_workspace(workspace)
        await tx.directory.mark_mirrored(NOON + timedelta(microseconds=1))
    async with store.reading() as reading:
        assert await reading.directory.workspace() == workspace
        assert await reading.directory.mirrored_at() == NOON + INSTANT


@pytest.mark.parametrize(
    ("moment", "revoked_at", "expected"),
    [
        (NOON - INSTANT, None, False),
        (NOON, None, True),
        (NOON + HOUR - INSTANT, None, True),
        (NOON + HOUR, None, False),
        (NOON, NOON + INSTANT, True),
        (NOON, NOON, False),
    ],
)
async def test_a_delegation_holds_for_its_time(
    store: SqlStore, database_url: str, moment: datetime, revoked_at: datetime | None, expected: bool
) -> None:
    await seed(store, people=[ANN.replace(groups={GroupId("security")}), DAN])
    row = {"delegator": ANN.id, "delegate": DAN.id, "starts_at": NOON, "ends_at": NOON + HOUR, "reason": ""}
    execute(database_url, insert(delegations), {**row, "revoked_at": revoked_at})
    execute(database_url, insert(delegations), {**row, "delegator": pid("gone"), "revoked_at": None})
    async with store.reading() as reading:
        found = await reading.delegations.delegators_of(DAN.id, moment)
        assert found == ((ANN.replace(groups={GroupId("security")}),) if expected else ())
        assert await reading.delegations.delegators_of(ANN.id, NOON) == ()
