"""Who may still decide a request, as its details say."""

from datetime import timedelta

from domain import workflow
from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Capacity, Period
from domain.store import SqlStore
from tests.databases import seed
from tests.domain.store.build import submitted
from tests.rules.build import ANN, BOB, CAT, DAN, HOUR, NOON, REQUESTER, here, profile, step

SELF = profile(step(REQUESTER, ANN, BOB, CAT, required=3), expires_after=6 * HOUR, requester_may_approve=True)
USUAL = profile(step(REQUESTER, ANN, BOB, required=2), key="usual")


async def test_those_who_may_still_decide_are_found(store: SqlStore) -> None:
    await seed(store, people=[REQUESTER, ANN, BOB, CAT, DAN], profiles=[SELF, USUAL])
    request = await submitted(store, SELF)
    period = Period(starts_at=NOON, ends_at=NOON + timedelta(days=1))
    await workflow.delegate(store, CAT.id, DAN.id, period, NOON)

    async def left(at: timedelta = HOUR) -> tuple[Capacity, ...]:
        return (await workflow.details(store, REQUESTER.id, request.id, NOON + at)).may_still_decide

    dan = Capacity(by=DAN.id, on_behalf_of=CAT.id)
    assert await left() == (*(Capacity(by=one.id) for one in (ANN, BOB, CAT, REQUESTER)), dan)
    await workflow.decide(store, DAN.id, here(request), Verdict.APPROVE, NOON)
    assert await left() == tuple(Capacity(by=one.id) for one in (ANN, BOB, REQUESTER)), (
        "a decision for Cat is Cat's too"
    )
    assert await left(6 * HOUR) == (), "nobody after the deadline"

    request = await submitted(store, USUAL)
    assert await left() == (Capacity(by=ANN.id), Capacity(by=BOB.id)), "not the requester"
