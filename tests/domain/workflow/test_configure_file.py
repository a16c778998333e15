"""Changing what is configured, on both databases: all of it or nothing, on the record, and what becomes of open requests."""

import asyncio

import pytest

from domain.approvals.resources import Resource
from domain.approvals.status import WorkItemStatus
from domain.audit.entries import Action, Source
from domain.common.errors import Busy, NotAMember, NotAnAdministrator
from domain.configuration.faults import InvalidConfiguration
from domain.configuration.refusals import (
    NothingMirrored,
    PlanChanged,
    StillUsed,
)
from domain.people.people import ADMINISTRATOR, Group, Role
from domain.store import SqlStore
from domain.store.repositories.resources import SqlResourceWriter
from domain.workflow import cancel
from domain.workflow.configuration import apply as reconfiguring
from domain.workflow.configuration.configure import (
    apply,
    export,
    plan,
    save_resource,
    unblock,
)
from tests.databases import Databases, seed
from tests.domain.configuration.states import file, pid, step
from tests.domain.configuration.store import (
    ADMIN,
    CLI,
    WEB,
    WEB_RESOURCE,
    meet_workspace,
    present,
    recorded,
    status,
    web,
    with_web,
)
from tests.domain.store.build import loaded, submitted
from tests.rules.build import HOUR, NOON


@pytest.fixture(autouse=True)
async def _workspace(store: SqlStore) -> None:
    await meet_workspace(store)


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
        assert await reading.people.administrators() == {pid("ANN"), pid("BOB")}
        assert await reading.people.groups() == (Group(key="pki", name="PKI", usergroup="S1"),)
        assert await reading.resources.listed() == (WEB_RESOURCE,)
        assert [one.number for one in await reading.profiles.listed()] == [1]
    entries = await recorded(store)
    assert [(entry.entry.action, entry.entry.subject, entry.entry.by, entry.source) for entry in entries] == [
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
            claimed = tuple(one.request for one in await tx.updates.claim(NOON + HOUR, HOUR, 10))
            for one in claimed:
                await tx.updates.finish(one, request.version, NOON + HOUR)
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
        assert await reading.people.administrators() == {ADMIN}


async def test_a_group_that_an_open_request_names_is_not_deleted(store: SqlStore) -> None:
    """As in Slack: nobody could decide through it any more."""
    groups = {"pki": {"name": "PKI", "members": ["UBOB"]}}
    steps = [{"name": "PKI", "approvers": {"groups": ["pki"]}}]
    await apply(store, file(groups=groups, profiles={"web": {"name": "Web", "steps": steps}}), NOON)
    version = await present(store)
    assert version is not None
    request = await submitted(store, version)
    without = file(groups={}, profiles={"web": web("BOB")})
    with pytest.raises(StillUsed, match=r"The group pki cannot be deleted: REQ-1 still names it\."):
        await apply(store, without, NOON)
    await cancel(store, ADMIN, request.id, NOON)
    await apply(store, without, NOON)
    async with store.reading() as reading:
        assert await reading.people.groups() == ()


async def test_the_last_administrator_is_not_removed_by_a_file(store: SqlStore) -> None:
    with pytest.raises(StillUsed, match="Nobody would be an administrator any more"):
        await apply(store, file(administrators=["UOLD"]), NOON)
    async with store.reading() as reading:
        assert await reading.people.administrators() == {ADMIN}
    await apply(store, file(administrators=["UBOB"]), NOON)


async def test_a_failure_half_way_leaves_nothing(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    class PowerCut(Exception):
        pass

    async def fail(_self: object, _resource: Resource) -> None:
        raise PowerCut

    monkeypatch.setattr(SqlResourceWriter, "save", fail)
    resources = {"public": {"kind": "ra_profile", "name": "Public"}}
    with pytest.raises(PowerCut):
        await apply(store, file(administrators=["UBOB"], profiles={"web": web("BOB")}, resources=resources), NOON)
    assert await recorded(store) == ()
    assert await present(store) is None
    async with store.reading() as reading:
        assert await reading.people.administrators() == {ADMIN}


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


@pytest.mark.parametrize(("by", "refusal"), [("BOB", NotAnAdministrator), ("GUS", NotAMember), ("NEW", NotAMember)])
async def test_only_administrators_change_what_is_configured(
    store: SqlStore, by: str, refusal: type[Exception]
) -> None:
    await seed(store, roles=[Role(key=ADMINISTRATOR, name="Administrator", holders=(ADMIN, pid("GUS")))])
    with pytest.raises(refusal):
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
        [group] = await reading.people.groups()
    assert group.name == entries[-1].after["name"]


async def test_versions_that_are_saved_at_the_same_moment_are_all_kept(store: SqlStore) -> None:
    names = ["ANN", "BOB", "CAT", "DAN"]
    await asyncio.gather(*(apply(store, with_web(name), NOON) for name in names))
    async with store.reading() as reading:
        versions = await reading.profiles.versions(WEB)
    assert [version.number for version in versions] == [4, 3, 2, 1]
    assert {version.steps for version in versions} == {(step(name),) for name in names}


async def test_the_same_file_twice_at_the_same_moment_is_applied_once(store: SqlStore) -> None:
    both = await asyncio.gather(*(apply(store, with_web("BOB"), NOON) for _ in range(2)))
    assert sorted(len(one.plan.changes) for one in both) == [0, 1]
    assert len(await recorded(store)) == 1
