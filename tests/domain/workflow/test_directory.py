"""The mirror keeps the newest that Slack said, in whatever order it arrives, on both databases."""

import asyncio
from datetime import datetime, timedelta

import pytest

from domain import workflow
from domain.audit.entries import Action
from domain.people.people import Identity, PersonId, Standing, UserGroup
from domain.ports import Workspace
from domain.store import SqlStore
from domain.workflow.directory import CLOCKS_APART
from tests.rules.build import ANN, BOB, CAT, HOUR, INSTANT, NOON, pid

SECURITY = UserGroup(id="S1", handle="security", name="Security", members=(ANN.id, BOB.id))
BEFORE = NOON - HOUR
LATER = NOON + CLOCKS_APART + INSTANT


def member(id: PersonId, standing: Standing = Standing.MEMBER) -> Identity:
    return Identity(id=id, name=id, standing=standing)


EVERYBODY = [member(ANN.id), member(BOB.id)]


async def listed(store: SqlStore, at: datetime, *, usergroups: list[UserGroup] | None = None) -> bool:
    """Everybody and every user group, as they were asked for at *at*."""
    groups = [SECURITY] if usergroups is None else usergroups
    return await workflow.mirror(store, at, workspace=Workspace(team="T1"), people=EVERYBODY, usergroups=groups)


@pytest.fixture(autouse=True)
async def _met(store: SqlStore) -> None:
    await listed(store, BEFORE)


async def standing(store: SqlStore, id: PersonId) -> Standing | None:
    async with store.reading() as reading:
        found = (await reading.people.identities([id])).get(id)
    return None if found is None else found.standing


async def members(store: SqlStore) -> tuple[PersonId, ...]:
    async with store.reading() as reading:
        return next(
            (usergroup.members for usergroup in await reading.directory.usergroups() if usergroup.id == SECURITY.id), ()
        )


async def recorded(store: SqlStore, subject: str) -> list[Action]:
    async with store.reading() as reading:
        return [one.entry.action for one in await reading.audit.about(subject)]


async def test_a_list_does_not_undo_what_was_heard_since_it_was_asked_for(store: SqlStore) -> None:
    await workflow.mirror_person(store, member(ANN.id, Standing.DEACTIVATED), NOON + INSTANT, told_at=NOON)
    await workflow.mirror_person(store, member(CAT.id), NOON + INSTANT, told_at=NOON)
    await workflow.mirror_usergroup(store, SECURITY.replace(members=(BOB.id,)), NOON + INSTANT, told_at=NOON)
    assert not await listed(store, NOON)
    assert await standing(store, ANN.id) is Standing.DEACTIVATED
    assert await standing(store, CAT.id) is Standing.MEMBER
    assert await members(store) == (BOB.id,)
    assert await recorded(store, f"person:{ANN.id}") == [Action.STANDING_CHANGED]
    assert await recorded(store, f"usergroup:{SECURITY.id}") == [Action.MEMBERSHIP_CHANGED] * 2
    assert not await listed(store, NOON, usergroups=[])
    assert await members(store) == (BOB.id,)


async def test_a_list_that_was_asked_for_later_is_newer(store: SqlStore) -> None:
    await workflow.mirror_person(store, member(ANN.id, Standing.DEACTIVATED), NOON, told_at=NOON)
    await workflow.mirror_usergroup(store, SECURITY.replace(members=()), NOON, told_at=NOON)
    await workflow.mirror_person(store, member(CAT.id), NOON, told_at=NOON)
    assert await listed(store, LATER)
    assert await standing(store, ANN.id) is Standing.MEMBER
    assert await standing(store, CAT.id) is Standing.DEACTIVATED
    assert await members(store) == SECURITY.members


async def test_two_replicas_whose_clocks_differ(store: SqlStore) -> None:
    await workflow.mirror_person(store, member(ANN.id, Standing.GUEST), NOON, told_at=NOON)
    await listed(store, NOON + CLOCKS_APART)
    assert await standing(store, ANN.id) is Standing.GUEST


async def test_of_two_lists_the_one_that_was_asked_for_later_stays(store: SqlStore) -> None:
    await listed(store, LATER, usergroups=[SECURITY.replace(members=(ANN.id,))])
    assert not await listed(store, NOON)
    assert await members(store) == (ANN.id,)
    async with store.reading() as reading:
        assert await reading.directory.mirrored_at() == LATER


async def test_an_event_that_is_told_again_late_changes_nothing(store: SqlStore) -> None:
    """Slack tells an event up to three times again, for some minutes: another may have happened meanwhile."""
    assert await workflow.mirror_person(store, member(ANN.id, Standing.GUEST), NOON, told_at=NOON)
    assert await workflow.mirror_person(store, member(ANN.id, Standing.DEACTIVATED), NOON, told_at=NOON + INSTANT)
    assert not await workflow.mirror_person(store, member(ANN.id, Standing.GUEST), NOON + HOUR, told_at=NOON)
    assert await standing(store, ANN.id) is Standing.DEACTIVATED
    emptied = SECURITY.replace(members=())
    assert await workflow.mirror_usergroup(store, emptied, NOON, told_at=NOON + INSTANT)
    assert not await workflow.mirror_usergroup(store, SECURITY, NOON + HOUR, told_at=NOON)
    assert await members(store) == ()


async def test_what_slack_was_asked_yields_to_what_it_told_since(store: SqlStore) -> None:
    await workflow.mirror_person(store, member(CAT.id, Standing.GUEST), NOON + INSTANT, told_at=NOON + INSTANT)
    assert not await workflow.mirror_person(store, member(CAT.id), NOON)
    assert await standing(store, CAT.id) is Standing.GUEST
    assert await workflow.mirror_person(store, member(CAT.id), NOON + 2 * INSTANT)
    assert await standing(store, CAT.id) is Standing.MEMBER
    assert not await workflow.mirror_person(store, member(CAT.id, Standing.GUEST), NOON + HOUR, told_at=NOON)


async def test_what_is_long_past_is_forgotten(store: SqlStore) -> None:
    await workflow.mirror_person(store, member(CAT.id), NOON, told_at=NOON)
    await listed(store, NOON + timedelta(days=2))
    assert await workflow.mirror_person(store, member(CAT.id), NOON + timedelta(days=2), told_at=NOON - HOUR)


async def test_lists_and_events_at_the_same_moment(store: SqlStore) -> None:
    """Whichever is first: the list never puts back what it had read before the event."""
    people = [pid(f"P{number}") for number in range(8)]
    told = [workflow.mirror_person(store, member(person, Standing.GUEST), NOON, told_at=NOON) for person in people]
    older = [*EVERYBODY, *(member(person) for person in people)]
    lists = [workflow.mirror(store, NOON, people=older, usergroups=[SECURITY]) for _ in range(4)]
    await asyncio.gather(*told[:4], *lists, *told[4:])
    assert [await standing(store, person) for person in people] == [Standing.GUEST] * 8
