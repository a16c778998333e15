"""What waits on somebody: exactly what they may decide now, newest first, and the same at any size."""

from collections.abc import Sequence

import pytest

from domain.approvals.decisions import Verdict
from domain.approvals.moves import decide
from domain.approvals.profiles import Escalation
from domain.approvals.requests import RequestId
from domain.approvals.resources import Resource, ResourceKind
from domain.approvals.status import RequestStatus
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.people.people import Group, Person, Role, Standing, UserGroup
from domain.ports import ListFilter
from domain.store import SqlStore
from domain.workflow import escalate_due, expire_due
from tests.databases import seed
from tests.domain.store.build import decided, loaded, submitted
from tests.material_factory import material
from tests.rules.build import (
    ANN,
    BOB,
    CAT,
    DAN,
    HOUR,
    INSTANT,
    NOON,
    REQUESTER,
    approvers,
    here,
    profile,
    someone,
    step,
)

TWO_STEPS = profile(step(ANN, groups=["security"], required=2), step(CAT, roles=["pki"], name="PKI"))
SECOND_GATE = profile(step(ANN), key="ca")
OWN = profile(step(REQUESTER), key="own", requester_may_approve=True)
NOT_OWN = profile(step(REQUESTER, BOB), key="not-own")
EMPTY = profile(step(), key="empty")
ESCALATING = profile(
    step(ANN, BOB, escalation=Escalation(after=HOUR, approvers=approvers(ANN, CAT, groups=["security"]))),
    step(DAN, escalation=Escalation(after=HOUR, approvers=approvers(CAT))),
    key="escalating",
)
SHORT = profile(
    step(ANN, escalation=Escalation(after=HOUR, approvers=approvers(CAT))), key="short", expires_after=2 * HOUR
)
ALL = [TWO_STEPS, SECOND_GATE, OWN, NOT_OWN, EMPTY, ESCALATING, SHORT]


@pytest.fixture(autouse=True)
async def _seeded(store: SqlStore) -> None:
    await seed(
        store,
        people=[ANN, BOB, CAT, DAN, REQUESTER],
        usergroups=[UserGroup(id="S1", handle="pki", name="PKI", members=(DAN.id,))],
        groups=[Group(key="security", name="Security", members=(BOB.id,))],
        roles=[Role(key="pki", name="PKI", usergroup="S1")],
        profiles=ALL,
    )


async def waiting(store: SqlStore, person: Person, delegators: Sequence[Person] = ()) -> list[int]:
    """What waits on *person*, as they are now; first page."""
    async with store.reading() as reading:
        live = await reading.people.person(person.id)
        assert live is not None
        page = await reading.lists.waiting_on(live, delegators=delegators)
    return [request.id for request in page.requests]


async def test_it_follows_the_request_from_step_to_step_and_gate_to_gate(store: SqlStore) -> None:
    request = await submitted(store, TWO_STEPS, SECOND_GATE)
    everybody = (ANN, BOB, CAT, DAN, REQUESTER)

    async def those_asked() -> set[str]:
        return {one.name for one in everybody if request.id in await waiting(store, one)}

    assert await those_asked() == {"Ann", "Bob"}
    await decided(store, request.id, ANN)
    assert await those_asked() == {"Bob"}
    async with store.transaction(Source.SLACK) as tx:
        bob, found = await tx.people.person(BOB.id), await tx.requests.lock(request.id)
        assert bob is not None
        assert found is not None
        await tx.requests.save(decide(found, bob, Verdict.APPROVE, NOON, on=here(found)))
    assert await those_asked() == {"Cat", "Dan"}
    await decided(store, request.id, CAT)
    assert await those_asked() == {"Ann"}
    await decided(store, request.id, ANN)
    assert await those_asked() == set()


async def test_membership_is_of_this_moment(store: SqlStore) -> None:
    request = await submitted(store, TWO_STEPS)
    assert await waiting(store, BOB) == [request.id]
    async with store.transaction(Source.CLI) as tx:
        await tx.people.save_group(Group(key="security", name="Security", members=(DAN.id,)))
    assert await waiting(store, BOB) == []
    assert await waiting(store, DAN) == [request.id]


async def test_ones_own_only_where_the_profile_lets_one(store: SqlStore) -> None:
    own, not_own = await submitted(store, OWN), await submitted(store, NOT_OWN)
    assert await waiting(store, REQUESTER) == [own.id]
    assert await waiting(store, BOB) == [not_own.id]


async def test_blocked_and_queued_ones_wait_on_nobody(store: SqlStore) -> None:
    await submitted(store, EMPTY, SECOND_GATE)
    assert await waiting(store, ANN) == []


async def test_whoever_takes_no_part_has_nothing_waiting(store: SqlStore) -> None:
    await submitted(store, TWO_STEPS)
    async with store.reading() as reading:
        page = await reading.lists.waiting_on(someone("Ann", standing=Standing.GUEST))
    assert page.requests == ()


async def test_a_delegate_sees_what_waits_on_whom_they_stand_in_for(store: SqlStore) -> None:
    first, second = await submitted(store, TWO_STEPS), await submitted(store, NOT_OWN)
    other = await submitted(store, TWO_STEPS, by=DAN)
    assert await waiting(store, DAN, [ANN]) == [first.id]  # never their own
    assert await waiting(store, DAN, [ANN, BOB]) == [second.id, first.id]
    await decided(store, first.id, ANN)
    assert await waiting(store, DAN, [ANN]) == []  # a delegator who has decided has nothing left to give
    assert await waiting(store, CAT, [ANN]) == [other.id]


async def test_whom_an_escalation_names_has_it_waiting_from_then_on(store: SqlStore) -> None:
    request, other = await submitted(store, ESCALATING), await submitted(store, ESCALATING)
    assert await waiting(store, CAT) == []
    assert await escalate_due(store, NOON + HOUR - INSTANT) == 0
    assert await escalate_due(store, NOON + HOUR, limit=1) == 1
    assert await waiting(store, CAT) == [request.id]
    assert await escalate_due(store, NOON + HOUR) == 1
    assert await escalate_due(store, NOON + HOUR) == 0
    assert await waiting(store, CAT) == [other.id, request.id]
    assert await waiting(store, ANN) == [other.id, request.id], "named twice, it waits once"
    found = await loaded(store, request.id)
    assert found.work_items[0].escalated_at == NOON + HOUR
    await decided(store, request.id, CAT)
    assert await waiting(store, CAT) == [other.id], "the next step begins without"


async def test_what_is_overdue_does_not_escalate(store: SqlStore) -> None:
    request = await submitted(store, SHORT)
    assert await escalate_due(store, NOON + 2 * HOUR) == 0
    assert await expire_due(store, NOON + 2 * HOUR) == 1
    assert (await loaded(store, request.id)).work_items[0].escalations == ()


async def test_pages_hang_together(store: SqlStore) -> None:
    ids = [(await submitted(store, *which)).id for which in [(TWO_STEPS,), (SECOND_GATE,)] * 6]
    for skipped in ids[3:9]:
        await decided(store, skipped, ANN)
    seen, before = [], None
    while True:
        async with store.reading() as reading:
            page = await reading.lists.waiting_on(ANN, limit=2, before=before)
        seen.append([request.id for request in page.requests])
        if page.next is None:
            break
        before = RequestId(page.next)
    left = sorted({*ids[:3], *ids[9:]}, reverse=True)
    assert seen == [left[0:2], left[2:4], left[4:6]]


async def test_candidates_that_sql_lets_through_and_the_rules_do_not_are_looked_past(store: SqlStore) -> None:
    # Dan stands in for Ann, who has decided on all but the oldest: nothing in SQL knows that Ann is spent
    oldest = await submitted(store, TWO_STEPS)
    for _ in range(12):
        await decided(store, (await submitted(store, TWO_STEPS)).id, ANN)
    async with store.reading() as reading:
        page = await reading.lists.waiting_on(DAN, delegators=[ANN], limit=1)
    assert [request.id for request in page.requests] == [oldest.id]
    assert page.next is None


async def test_it_is_narrowed_as_any_list_and_still_has_nothing_decided_or_ones_own(store: SqlStore) -> None:
    other = Resource(key="other", kind=ResourceKind.RA_PROFILE, name="Other")
    first = await submitted(store, TWO_STEPS, entry=other)
    revoked = material(Operation.REVOKE)
    second = await submitted(store, NOT_OWN, by=DAN, operation=Operation.REVOKE, material=revoked, at=NOON + HOUR)
    own = await submitted(store, NOT_OWN, by=BOB)
    gone = await submitted(store, NOT_OWN, by=DAN)
    await decided(store, gone.id, BOB)

    async def narrowed(**filter: object) -> list[int]:
        async with store.reading() as reading:
            bob = await reading.people.person(BOB.id)
            assert bob is not None
            page = await reading.lists.waiting_on(bob, filter=ListFilter.model_validate(filter))
        return [request.id for request in page.requests]

    assert await narrowed() == [second.id, first.id]
    assert await narrowed(requester=DAN.id) == [second.id]
    assert await narrowed(requester=BOB.id) == [], own.name
    assert await narrowed(operation="issue") == [first.id]
    assert await narrowed(resource="other") == [first.id]
    assert await narrowed(resource="at-not-own") == [second.id]
    assert await narrowed(created_from=NOON + HOUR) == [second.id]
    assert await narrowed(created_before=NOON + HOUR, statuses=[RequestStatus.WAITING]) == [first.id]
    assert await narrowed(statuses=["approved", "rejected"]) == []


async def test_narrowed_pages_hang_together(store: SqlStore) -> None:
    ids = [(await submitted(store, SECOND_GATE, by=who)).id for who in [REQUESTER, DAN] * 5]
    found, before = [], None
    while True:
        async with store.reading() as reading:
            page = await reading.lists.waiting_on(ANN, filter=ListFilter(requester=DAN.id), limit=2, before=before)
        found += [request.id for request in page.requests]
        if page.next is None:
            break
        before = RequestId(page.next)
    assert found == ids[1::2][::-1]


async def test_how_many_wait_is_what_the_list_has_up_to_a_limit(store: SqlStore) -> None:
    for _ in range(4):
        await submitted(store, TWO_STEPS)
    await decided(store, (await submitted(store, TWO_STEPS)).id, ANN)
    async with store.reading() as reading:
        assert await reading.lists.count_waiting(ANN, most=100) == 4
        assert await reading.lists.count_waiting(ANN, most=3) == 3
        assert await reading.lists.count_waiting(DAN, delegators=[ANN], most=100) == 4, (
            "who is spent for their delegator"
        )
        assert await reading.lists.count_waiting(DAN, most=100) == 0
        assert await reading.lists.count_waiting(someone("Ann", standing=Standing.GUEST), most=100) == 0
        assert await reading.lists.count_requested(REQUESTER.id, most=100) == 5
        assert await reading.lists.count_requested(REQUESTER.id, most=2) == 2
