"""Results that never come, and approvals that run out: what is said then, and what still counts. On both databases."""

import pytest

from bot.connectors.dispatcher import LEASE
from domain.approvals.execution import Accepted, Executed, Failed, Later
from domain.approvals.status import OperationStatus
from domain.audit.entries import Action
from domain.common.errors import ApprovalRanOut, NotAnAdministrator, NothingToRetry
from domain.notices.daily_digest import RESULT_WITHIN
from domain.workflow import releases as releasing
from domain.workflow import tell_daily
from tests.bot.connectors.bench import DONE, SHORT, VIA, Bench
from tests.rules.build import ADMIN, ANN, HOUR, NOON, REQUESTER


async def test_accepted_is_waited_for_and_reported_later(bench: Bench) -> None:
    request = await bench.released(SHORT)
    bench.receiver.answers = [Accepted()]
    await bench.deliver()
    bench.now += 10 * HOUR
    assert await bench.deliver() == 0, "it was taken over in time, and is not delivered again"
    assert (await bench.delivery(request)).accepted_at == NOON
    await releasing.report(bench.store, request.id, DONE, bench.now, via=VIA)
    assert await bench.status(request) is OperationStatus.EXECUTED


async def test_what_was_accepted_and_is_not_reported_is_seen_and_handed_over_again_under_the_same_key(
    bench: Bench,
) -> None:
    request = await bench.released()
    bench.receiver.answers, bench.receiver.knows = [Accepted()], False
    await bench.deliver()
    with pytest.raises(NotAnAdministrator):
        await releasing.retry(bench.store, ANN.id, request.id, bench.now)
    assert await bench.missing() == ()
    bench.now = NOON + RESULT_WITHIN
    [missing] = await bench.missing()
    assert (missing.request.id, missing.release.accepted_at, missing.may_retry) == (request.id, NOON, True)
    again = await releasing.retry(bench.store, ADMIN.id, request.id, bench.now)
    assert again.operation_status is OperationStatus.RELEASED
    assert await bench.missing() == (), "it gets as much time as the first time"
    with pytest.raises(NothingToRetry):
        await releasing.retry(bench.store, ADMIN.id, request.id, bench.now)
    await bench.deliver()
    assert await bench.status(request) is OperationStatus.EXECUTED
    assert len({call.key for call in bench.receiver.calls}) == 1
    assert [(call.release, call.attempt) for call in bench.receiver.calls] == [(1, 1), (1, 2)]
    assert await bench.actions(request) == [Action.RETRIED, Action.EXECUTED]


async def test_what_was_accepted_is_handed_over_no_more_when_the_approval_has_run_out(bench: Bench) -> None:
    request = await bench.released(SHORT)
    bench.receiver.answers = [Accepted()]
    await bench.deliver()
    bench.now = NOON + RESULT_WITHIN
    [missing] = await bench.missing()
    assert not missing.may_retry
    with pytest.raises(ApprovalRanOut):
        await releasing.retry(bench.store, ADMIN.id, request.id, bench.now)
    await releasing.report(bench.store, request.id, DONE, bench.now, via=VIA)
    assert await bench.missing() == ()


async def test_what_cannot_be_delivered_is_seen_and_what_is_done_by_hand_is_not(bench: Bench) -> None:
    request = await bench.released()
    bench.receiver.answers = [TimeoutError(), Later(reason="Closed.")]
    await bench.deliver()
    bench.via = None
    await bench.released(cn="by-hand.example.com")
    await bench.deliver()
    bench.via, bench.receiver.knows, bench.now = VIA, False, NOON + RESULT_WITHIN
    await bench.deliver()
    [missing] = await bench.missing()
    assert (missing.request.id, missing.release.attempts, missing.may_retry) == (request.id, 2, False)
    assert missing.release.said == "Closed."
    assert await tell_daily(bench.store, bench.morning(), None) == 1


async def test_an_approval_that_ran_out_is_never_executed(bench: Bench) -> None:
    request = await bench.released(SHORT)
    bench.receiver.answers = [Later(reason="Later.")] * 9
    while await bench.status(request) is OperationStatus.RELEASED:
        await bench.deliver()
        bench.now = (await bench.delivery(request)).due_at or bench.now
    assert bench.now == NOON + HOUR, "it lapses when it runs out, and not at the next attempt"
    assert await bench.status(request) is OperationStatus.LAPSED
    assert all(call.valid_until == NOON + HOUR for call in bench.receiver.calls)
    assert await bench.actions(request) == [Action.LAPSED]
    calls = len(bench.receiver.calls)
    bench.now += HOUR
    await bench.deliver()
    assert len(bench.receiver.calls) == calls


async def test_what_got_no_answer_until_the_approval_ran_out_is_not_said_to_be_undone(bench: Bench) -> None:
    request = await bench.released(SHORT)
    bench.receiver.answers = [TimeoutError(), *[Later(reason="Busy.")] * 9]
    bench.receiver.knows = False
    while await bench.status(request) is OperationStatus.RELEASED:
        await bench.deliver()
        bench.now = (await bench.delivery(request)).due_at or bench.now
    end = (await bench.after(request)).execution
    assert end is not None
    assert end.in_doubt, "that it is busy now does not say what it did before"
    done = await releasing.report(bench.store, request.id, DONE, bench.now + HOUR, via="api:receiver")
    assert done.operation_status is OperationStatus.EXECUTED
    assert (await releasing.certificate(bench.store, REQUESTER.id, request.id, bench.now))[1] == DONE.certificate
    assert await bench.actions(request) == [Action.LAPSED, Action.EXECUTED]


async def test_a_connector_that_knows_that_it_was_not_done_leaves_no_doubt(bench: Bench) -> None:
    request = await bench.released(SHORT)
    bench.receiver.answers = [TimeoutError()]
    await bench.deliver()
    bench.now = NOON + HOUR
    await bench.deliver()
    end = (await bench.after(request)).execution
    assert end is not None
    assert (end.in_doubt, len(bench.receiver.calls)) == (False, 1)


async def test_an_answer_that_comes_when_it_has_lapsed_counts_where_it_is_done(bench: Bench) -> None:
    request = await bench.released(SHORT)
    [stalled] = await releasing.claim(bench.store, bench.now, LEASE, 8)
    bench.now, bench.receiver.knows = NOON + HOUR, False
    await bench.deliver()
    assert await bench.status(request) is OperationStatus.LAPSED

    async def answers(outcome: Executed | Failed) -> bool:
        return await releasing.record(bench.store, stalled, outcome, bench.now, via=VIA)

    assert not await answers(Failed(reason="No."))
    assert await answers(DONE)
    assert await bench.status(request) is OperationStatus.EXECUTED


async def test_what_lapses_where_nothing_carries_it_out(bench: Bench) -> None:
    bench.via = None
    request = await bench.released(SHORT)
    await bench.deliver()
    bench.now = NOON + HOUR
    await bench.deliver()
    assert await bench.status(request) is OperationStatus.LAPSED
