"""Naming a delegate, on both databases: who may, for how long, what the record says, and what follows by the clock."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from domain import workflow
from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Day, Days, Delegation, Period
from domain.approvals.requests import RequestId
from domain.audit.entries import Action, Source
from domain.common.errors import (
    AlreadyDelegated,
    DecidedForYou,
    DelegationEndsFirst,
    DelegationInThePast,
    DelegationOver,
    DelegationTooLong,
    NoSuchDelegation,
    NoSuchRequest,
    NotADelegate,
    NotAMember,
    NotAnAdministrator,
    NothingToDelegate,
    NotYourDelegation,
    OwnDelegate,
    Refusal,
    TextTooLong,
)
from domain.people.people import Identity, Person, PersonId, Standing
from domain.ports import Workspace
from domain.store import SqlStore
from domain.workflow.configuration import people_pages
from tests.databases import seed
from tests.domain.store.build import loaded, submitted
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    CAT,
    DAN,
    HOUR,
    INSTANT,
    NOON,
    OUTSIDERS,
    REQUESTER,
    here,
    pid,
    profile,
    step,
)

WEB = profile(step(ANN, BOB, CAT, required=2))
OTHER = profile(step(DAN), key="other")
GUEST = Identity(id=pid("guest"), name="Guest", standing=Standing.GUEST)
TODAY = Days(last=Day())
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
async def _seeded(store: SqlStore) -> None:
    await seed(store, people=[ANN, BOB, CAT, DAN, ADMIN, REQUESTER, GUEST], profiles=[WEB, OTHER])


def hours(first: float, last: float) -> Period:
    return Period(starts_at=NOON + first * HOUR, ends_at=NOON + last * HOUR)


async def stands_in(
    store: SqlStore, delegate: Person | PersonId, days: Days | Period = TODAY, *, by: Person = ANN, **more: object
) -> Delegation:
    to = delegate.id if isinstance(delegate, Person) else delegate
    return await workflow.delegate(store, by.id, to, days, NOON, **more)  # type: ignore[arg-type]  # as given


async def decided(store: SqlStore, request: int, by: Person, at: datetime = NOON) -> None:
    found = await loaded(store, request)
    await workflow.decide(store, by.id, here(found), Verdict.APPROVE, at, comment="Seen")


async def stale(store: SqlStore, at: datetime = NOON) -> set[int]:
    """The requests that have to be announced now; they count as announced then."""
    async with store.transaction(Source.CLOCK) as tx:
        claimed = [one.request for one in await tx.updates.claim(at, HOUR, 100)]
        for one in claimed:
            request = await tx.requests.get(one)
            assert request is not None
            await tx.updates.finish(one, request.version, at)
    return set(claimed)


async def test_it_is_kept_recorded_and_decides(store: SqlStore) -> None:
    request = await submitted(store, WEB)
    made = await stands_in(store, DAN, hours(0, 2), reason="  Skiing ")
    assert made == Delegation(
        number=made.number, delegator=ANN.id, delegate=DAN.id, starts_at=NOON, ends_at=NOON + 2 * HOUR, reason="Skiing"
    )
    await decided(store, request.id, DAN)
    [decision] = (await loaded(store, request.id)).decisions
    assert (decision.by, decision.on_behalf_of) == (DAN.id, ANN.id)
    async with store.reading() as reading:
        assert await reading.delegations.get(made.number) == made
        [one] = await reading.audit.chain("countersign")
    assert (one.entry.action, one.entry.subject) == (Action.DELEGATED, f"delegation:{made.number}")
    assert (one.entry.by, one.entry.on_behalf_of, one.entry.reason) == (ANN.id, None, "Skiing")
    assert one.entry.after == {
        "delegator": ANN.id,
        "delegate": DAN.id,
        "starts_at": "2026-11-21T12:00:00Z",
        "ends_at": "2026-11-21T14:00:00Z",
    }


async def test_both_are_used_up(store: SqlStore) -> None:
    request = await submitted(store, WEB)
    await stands_in(store, BOB)
    await decided(store, request.id, BOB)  # an approver themselves: for nobody else
    [decision] = (await loaded(store, request.id)).decisions
    assert decision.on_behalf_of is None
    other = await submitted(store, WEB)
    await stands_in(store, DAN)
    await decided(store, other.id, DAN)
    with pytest.raises(DecidedForYou):
        await decided(store, other.id, ANN)


async def test_it_never_lets_the_requester_decide_and_does_not_chain(store: SqlStore) -> None:
    request = await submitted(store, WEB)
    await stands_in(store, REQUESTER)
    await stands_in(store, DAN, by=REQUESTER)
    for one in (REQUESTER, DAN):
        with pytest.raises(Refusal):
            await decided(store, request.id, one)
    assert not (await loaded(store, request.id)).decisions


async def test_it_moves_no_administrators_rights(store: SqlStore) -> None:
    request = await submitted(store, WEB)
    await stands_in(store, DAN, by=ADMIN)
    with pytest.raises((NotAnAdministrator, NoSuchRequest)):
        await workflow.override(store, DAN.id, request.id, Verdict.APPROVE, NOON, reason="I may not")
    with pytest.raises(NotAnAdministrator):
        await stands_in(store, CAT, by=DAN, delegator=ANN.id)


@pytest.mark.parametrize(
    ("delegate", "period", "refusal"),
    [
        (ANN.id, TODAY, OwnDelegate),
        (GUEST.id, TODAY, NotADelegate),
        (pid("nobody"), TODAY, NotADelegate),
        (DAN.id, hours(-1, 1), DelegationInThePast),
        (DAN.id, hours(-2, -1), DelegationInThePast),
        (DAN.id, hours(2, 1), DelegationEndsFirst),
        (DAN.id, hours(0, 24 * 367 + 1), DelegationTooLong),
        (DAN.id, Days(last=Day(on=date(2026, 11, 20))), DelegationInThePast),
        (DAN.id, Days(last=Day(on=date(2027, 11, 30))), DelegationTooLong),
        (DAN.id, Days(first=Day(later=3), last=Day(on=date(2026, 11, 22))), DelegationEndsFirst),
    ],
)
async def test_what_it_may_not_be(
    store: SqlStore, delegate: PersonId, period: Days | Period, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await stands_in(store, delegate, period)
    async with store.reading() as reading:
        assert await reading.delegations.current(NOON - DAY) == ()
        assert await reading.audit.chain("countersign") == ()


async def test_a_year_is_not_too_long(store: SqlStore) -> None:
    assert (await stands_in(store, DAN, Days(last=Day(on=date(2027, 11, 21))))).number


async def test_only_members_delegate_and_a_reason_has_an_end(store: SqlStore) -> None:
    for who in OUTSIDERS:
        with pytest.raises(NotAMember):
            await stands_in(store, DAN, by=who)
    with pytest.raises(TextTooLong):
        await stands_in(store, DAN, reason="x" * 2001)


async def test_an_administrator_does_it_for_somebody_absent(store: SqlStore) -> None:
    with pytest.raises(NotAnAdministrator):
        await stands_in(store, DAN, by=BOB, delegator=ANN.id)
    with pytest.raises(NothingToDelegate):
        await stands_in(store, DAN, by=ADMIN, delegator=GUEST.id)
    made = await stands_in(store, DAN, by=ADMIN, delegator=ANN.id)
    assert (made.delegator, made.delegate) == (ANN.id, DAN.id)
    async with store.reading() as reading:
        [one] = await reading.audit.chain("countersign")
    assert (one.entry.by, one.entry.on_behalf_of) == (ADMIN.id, ANN.id)


async def test_the_same_twice_is_once(store: SqlStore) -> None:
    done = await asyncio.gather(*(stands_in(store, DAN) for _ in range(4)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["AlreadyDelegated"] * 3 + ["Delegation"]
    await stands_in(store, BOB)  # somebody else as well
    later = Days(first=Day(later=2), last=Day(later=2))
    await stands_in(store, DAN, later)
    with pytest.raises(AlreadyDelegated):
        await stands_in(store, DAN, Days(last=Day(on=date(2026, 11, 24))))


async def test_days_are_days_where_the_delegator_is(store: SqlStore) -> None:
    await seed(store, people=[Identity(id=ANN.id, name="Ann", time_zone="Asia/Tokyo")])
    made = await stands_in(store, DAN, Days(first=Day(later=1), last=Day(on=date(2026, 12, 24))))
    assert made.starts_at == datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert made.ends_at == datetime(2026, 12, 24, 15, tzinfo=UTC)


async def test_it_begins_and_ends_by_itself_and_the_requests_are_announced_again(store: SqlStore) -> None:
    request = await submitted(store, WEB)
    other = await submitted(store, OTHER)
    await stale(store)
    made = await stands_in(store, DAN, hours(1, 2))
    assert await stale(store) == set(), "it has not begun"
    assert await workflow.look_after_delegations(store, NOON + HOUR - INSTANT) == 0
    assert await workflow.look_after_delegations(store, NOON + HOUR) == 1
    assert await stale(store, NOON + HOUR) == {request.id}
    assert await workflow.look_after_delegations(store, NOON + HOUR) == 0
    with pytest.raises(Refusal):
        await decided(store, request.id, DAN, NOON + 2 * HOUR)
    assert await workflow.look_after_delegations(store, NOON + 2 * HOUR) == 1
    assert await stale(store, NOON + 2 * HOUR) == {request.id}
    assert await workflow.look_after_delegations(store, NOON + 9 * HOUR) == 0
    with pytest.raises(DelegationOver):
        await workflow.revoke(store, ANN.id, made.number, NOON + 2 * HOUR)
    assert other.id not in await stale(store)


async def test_what_begins_now_is_announced_at_once(store: SqlStore) -> None:
    request = await submitted(store, WEB)
    await stale(store)
    made = await stands_in(store, DAN)
    assert await stale(store) == {request.id}
    await workflow.revoke(store, ANN.id, made.number, NOON + INSTANT)
    assert await stale(store) == {request.id}


async def test_who_may_revoke(store: SqlStore) -> None:
    made = await stands_in(store, DAN)
    for who, refusal in ((BOB, NoSuchDelegation), (DAN, NotYourDelegation)):
        with pytest.raises(refusal):
            await workflow.revoke(store, who.id, made.number, NOON)
    with pytest.raises(NoSuchDelegation):
        await workflow.revoke(store, ANN.id, 999, NOON)
    over = await workflow.revoke(store, ADMIN.id, made.number, NOON + HOUR)
    assert over == made.replace(revoked_at=NOON + HOUR)
    with pytest.raises(DelegationOver):
        await workflow.revoke(store, ANN.id, made.number, NOON + HOUR)
    async with store.reading() as reading:
        assert await reading.delegations.delegators_of(DAN.id, NOON + HOUR) == ()
        last = (await reading.audit.chain("countersign"))[-1].entry
    assert (last.action, last.by, last.on_behalf_of) == (Action.DELEGATION_REVOKED, ADMIN.id, ANN.id)
    assert "revoked_at" not in last.before
    assert last.after["revoked_at"] == "2026-11-21T13:00:00Z"


async def test_who_sees_which(store: SqlStore) -> None:
    now, later = await stands_in(store, DAN), await stands_in(store, BOB, hours(48, 50))
    gone = await stands_in(store, CAT)
    await workflow.revoke(store, ANN.id, gone.number, NOON)
    mine = await workflow.standins(store, ANN.id, NOON)
    assert (mine.given, mine.received, mine.others, mine.may_name_others) == ((now, later), (), (), False)
    assert (await workflow.standins(store, DAN.id, NOON)).received == (now,)
    assert await workflow.standins(store, CAT.id, NOON) == workflow.Standins()
    everybody = await workflow.standins(store, ADMIN.id, NOON)
    assert (everybody.others, everybody.may_name_others) == ((now, later), True)


async def test_a_delegate_who_left_is_said_to_have_left(store: SqlStore) -> None:
    """Who is away would otherwise rely on somebody who can do nothing."""
    await stands_in(store, DAN)
    assert (await workflow.standins(store, ANN.id, NOON)).unable == {}
    gone = Identity(id=DAN.id, name="Dan", standing=Standing.DEACTIVATED)
    await workflow.mirror_person(store, gone, NOON)
    assert (await workflow.standins(store, ANN.id, NOON)).unable == {DAN.id: Standing.DEACTIVATED}
    async with store.transaction(Source.CLI) as tx:
        await tx.directory.save_workspace(Workspace(team="T1", name="Example"))
    page = await people_pages.person_page(store, ADMIN.id, ANN.id, NOON)
    assert page.unable == {DAN.id: Standing.DEACTIVATED}


async def test_the_delegates_of_somebody_are_active_members(store: SqlStore) -> None:
    await stands_in(store, DAN)
    await stands_in(store, BOB)
    await seed(store, people=[Identity(id=BOB.id, name="Bob", standing=Standing.DEACTIVATED)])
    async with store.reading() as reading:
        assert await reading.delegations.delegates_of([ANN.id, CAT.id], NOON) == {ANN.id: frozenset({DAN.id})}
        assert await reading.delegations.delegates_of([], NOON) == {}


async def test_what_waits_on_whom_they_stand_in_for_waits_on_them(store: SqlStore) -> None:
    request = await submitted(store, WEB)
    await stands_in(store, DAN)
    page = await workflow.waiting_on(store, DAN.id, NOON)
    assert [request.id for request in page.requests] == [RequestId(request.id)]


# Days


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("today", date(2026, 11, 21)),
        ("Tomorrow", date(2026, 11, 22)),
        ("+10d", date(2026, 12, 1)),
        ("+2w", date(2026, 12, 5)),
        ("friday", date(2026, 11, 27)),
        ("Sat", date(2026, 11, 28)),
        ("sun", date(2026, 11, 22)),
    ],
)
def test_a_day_as_people_say_it(said: str, meant: date) -> None:
    assert Day.parse(said).after(date(2026, 11, 21)) == meant  # a Saturday


@pytest.mark.parametrize(
    "said", ["", "soon", "2026-13-01", "2026-02-30", "24.12.2026", "+0d", "+1y", "9999-12-31", "fr"]
)
def test_what_is_no_day(said: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Day.parse(said)


def test_the_last_day_is_counted_from_the_first() -> None:
    found = Days(first=Day.parse("monday"), last=Day.parse("friday")).moments("UTC", NOON)
    assert (found.starts_at.date(), found.ends_at.date()) == (date(2026, 11, 23), date(2026, 11, 28))


def test_a_time_zone_that_this_machine_does_not_know_is_utc() -> None:
    for name in ("", "Nowhere/At_all", "../etc/passwd", "Europe"):
        assert Days(last=Day()).moments(name, NOON).ends_at == datetime(2026, 11, 22, tzinfo=UTC)
