"""What Slack delivers more than once is done once, and is no mistake of whoever did it."""

from datetime import datetime, timedelta

import pytest

from domain import workflow
from domain.approvals.decisions import Verdict
from domain.approvals.requests import Request
from domain.common.errors import AlreadyClosed, AlreadyDecided, CannotOverride, RemindedAlready
from domain.people.people import Person
from domain.store import SqlStore
from tests.databases import seed
from tests.domain.store.build import loaded, submitted
from tests.rules.build import ADMIN, ANN, BOB, HOUR, INSTANT, NOON, REQUESTER, here, profile, step

TWO = profile(step(ANN, BOB, required=2), step(BOB, name="Two"))
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
async def _people(store: SqlStore) -> None:
    await seed(store, people=[REQUESTER, ANN, BOB, ADMIN], profiles=[TWO])


async def test_a_click_that_comes_again_is_the_one_that_counted(store: SqlStore) -> None:
    request = await submitted(store, TWO)
    once = await workflow.decide(store, ANN.id, here(request), Verdict.APPROVE, NOON, pressed_at=NOON - INSTANT)
    late = NOON + HOUR
    again = await workflow.decide(store, ANN.id, here(request), Verdict.APPROVE, late, pressed_at=NOON - INSTANT)
    assert again == once
    assert len((await loaded(store, request.id)).decisions) == 1
    with pytest.raises(AlreadyDecided):
        await workflow.decide(store, ANN.id, here(request), Verdict.APPROVE, late, pressed_at=late)
    with pytest.raises(AlreadyDecided):
        await workflow.decide(store, ANN.id, here(request), Verdict.APPROVE, NOON, comment="!", pressed_at=NOON)


async def test_a_form_that_comes_again_is_the_one_that_counted_also_when_it_ended_the_request(store: SqlStore) -> None:
    request = await submitted(store, TWO)

    async def rejects(by: Person, at: datetime) -> Request:
        step = here(request)
        return await workflow.decide(store, by.id, step, Verdict.REJECT, at, comment="No.", once_in=MINUTE)

    once = await rejects(ANN, NOON)
    assert await rejects(ANN, NOON + INSTANT) == once
    with pytest.raises(AlreadyClosed):
        await rejects(ANN, NOON + MINUTE)
    with pytest.raises(AlreadyClosed):
        await rejects(BOB, NOON)


async def test_so_are_a_cancellation_an_override_and_a_reminder(store: SqlStore) -> None:
    request = await submitted(store, TWO)
    once = await workflow.remind(store, REQUESTER.id, request.id, NOON, pressed_at=NOON)
    assert await workflow.remind(store, REQUESTER.id, request.id, NOON + INSTANT, pressed_at=NOON) == once
    with pytest.raises(RemindedAlready):
        await workflow.remind(store, REQUESTER.id, request.id, NOON + INSTANT, pressed_at=NOON + INSTANT)
    gone = await workflow.cancel(store, REQUESTER.id, request.id, NOON, reason="Mine", once_in=MINUTE)
    assert await workflow.cancel(store, REQUESTER.id, request.id, NOON, reason="Mine ", once_in=MINUTE) == gone
    with pytest.raises(AlreadyClosed):
        await workflow.cancel(store, ADMIN.id, request.id, NOON, reason="Mine", once_in=MINUTE)
    other = await submitted(store, TWO)
    verdict = Verdict.APPROVE
    done = await workflow.override(store, ADMIN.id, other.id, verdict, NOON, reason="Outage", once_in=MINUTE)
    assert await workflow.override(store, ADMIN.id, other.id, verdict, NOON, reason="Outage", once_in=MINUTE) == done
    with pytest.raises(CannotOverride):
        await workflow.override(store, ADMIN.id, other.id, verdict, NOON + MINUTE, reason="Outage", once_in=MINUTE)


async def test_whom_an_override_went_past_is_kept_with_it(store: SqlStore) -> None:
    request = await submitted(store, TWO)
    await workflow.decide(store, ANN.id, here(request), Verdict.APPROVE, NOON)
    await workflow.override(store, ADMIN.id, request.id, Verdict.APPROVE, NOON, reason="Outage")
    word = (await loaded(store, request.id)).override
    assert word is not None
    assert [one.people for one in word.skipped] == [(BOB.id,), ()], "once each, and not who has decided"
