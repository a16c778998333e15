"""Released operations reach their connector at least once, and are carried out once, whatever breaks on the way. On both databases."""

import asyncio
from datetime import timedelta

import pytest

from bot.connectors.dispatcher import LEASE, PATIENCE
from bot.connectors.port import Unclear
from bot.environment.outbox import BACKOFF
from domain.approvals.execution import Executed, Failed, Later
from domain.approvals.status import OperationStatus
from domain.audit.entries import Action, Source
from domain.common.operations import Operation
from domain.people.people import Identity, Standing
from domain.ports import ClaimedRelease
from domain.workflow import releases as releasing
from tests.bot.connectors.bench import DONE, SHORT, VIA, Bench
from tests.rules.build import ADMIN, HOUR, INSTANT, NOON, REQUESTER


async def test_what_was_approved_is_handed_over_once_and_its_certificate_is_kept(bench: Bench) -> None:
    request = await bench.released()
    assert await bench.deliver() == 1
    [given] = bench.receiver.calls
    assert (given.request, given.material, given.digest) == (request.id, request.material, request.digest)
    assert (given.release, given.attempt, given.requester) == (1, 1, REQUESTER.id)
    after = await bench.after(request)
    assert after.operation_status is OperationStatus.EXECUTED
    assert after.execution is not None
    assert after.execution.by == VIA
    found, certificate = await releasing.certificate(bench.store, REQUESTER.id, request.id, NOON)
    assert (found, certificate) == (after, DONE.certificate)
    assert await bench.actions(request) == [Action.EXECUTED]
    assert await bench.deliver() == 0, "nothing is delivered after the end"


async def test_where_nothing_is_configured_it_stays_released(bench: Bench) -> None:
    bench.via = None
    request = await bench.released()
    await bench.deliver()
    bench.now += 1000 * HOUR
    assert await bench.deliver() == 0
    assert await bench.status(request) is OperationStatus.RELEASED
    assert bench.receiver.calls == []
    done = await releasing.report(bench.store, request.id, DONE, bench.now, via="by hand")
    assert done.operation_status is OperationStatus.EXECUTED, "somebody may still say that it was done"


async def test_what_is_put_off_is_tried_again_with_the_same_key(bench: Bench) -> None:
    request = await bench.released()
    bench.receiver.answers = [Later(reason="The CA sleeps."), ConnectionError("refused"), TimeoutError()]
    for attempt in range(3):
        await bench.deliver()
        delivery = await bench.delivery(request)
        assert delivery.due_at is not None
        wait = delivery.due_at - bench.now
        assert BACKOFF.after(attempt + 1, 0.0) <= wait <= BACKOFF.after(attempt + 1, 1.0)
        bench.now = delivery.due_at - INSTANT
        assert await bench.deliver() == 0
        bench.now += INSTANT
    assert (await bench.delivery(request)).said.startswith("It took too long to answer. Reference ")
    await bench.deliver()
    assert await bench.status(request) is OperationStatus.EXECUTED
    assert len({call.key for call in bench.receiver.calls}) == 1
    assert [call.attempt for call in bench.receiver.calls] == [1, 2, 3, 4]
    assert await bench.actions(request) == [Action.EXECUTED], "an attempt is no change of state"


async def test_a_receiver_that_says_nothing_clear_is_one_line_in_the_log(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    request = await bench.released()
    bench.receiver.answers = [Unclear("The webhook ra answered 500.")]
    await bench.deliver()
    delivery = await bench.delivery(request)
    assert (delivery.said, delivery.begun_at) == ("The webhook ra answered 500.", bench.now)
    [line] = [record for record in caplog.records if record.name == "bot.environment.outbox"]
    assert "The webhook ra answered 500." in line.message
    assert line.exc_info is None


async def test_a_connector_that_is_not_there_is_waited_for(bench: Bench) -> None:
    bench.via = "test:another"
    request = await bench.released()
    await bench.deliver()
    assert (await bench.delivery(request)).said == "There is no connector test:another here."
    bench.via, bench.now = VIA, NOON + HOUR
    await bench.deliver()
    assert await bench.status(request) is OperationStatus.EXECUTED


async def test_what_failed_is_told_why_and_released_again_by_an_administrator(bench: Bench) -> None:
    request = await bench.released()
    bench.receiver.answers = [Failed(reason="The profile allows no wildcards.")]
    await bench.deliver()
    after = await bench.after(request)
    assert after.execution is not None
    assert after.execution.reason == "The profile allows no wildcards."
    bench.now += HOUR
    assert await bench.deliver() == 0, "nothing is tried again by itself"
    again = await releasing.retry(bench.store, ADMIN.id, request.id, bench.now)
    assert (again.operation_status, again.execution) == (OperationStatus.RELEASED, None)
    await bench.deliver()
    assert await bench.status(request) is OperationStatus.EXECUTED
    assert [(call.release, call.attempt) for call in bench.receiver.calls] == [(1, 1), (2, 1)]
    assert len({call.key for call in bench.receiver.calls}) == 1
    assert await bench.actions(request) == [Action.FAILED, Action.RETRIED, Action.EXECUTED]


# Killed at any point


@pytest.mark.parametrize("cut", ["before the deed", "between deed and record"])
async def test_a_process_that_dies_leaves_it_to_be_done_once(bench: Bench, cut: str) -> None:
    request = await bench.released()
    dead, hangs, handed = bench.replica(), asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        handed.set()
        if cut == "between deed and record":
            bench.receiver.done[bench.receiver.calls[-1].key] = DONE
        await hangs.wait()

    bench.receiver.answers = [hang]
    await dead.poll()
    await handed.wait()
    await dead.settle(timedelta())
    assert await bench.deliver() == 0, "another one leaves it alone as long as the lease lasts"
    bench.now += LEASE
    assert await bench.deliver() == 1
    assert await bench.status(request) is OperationStatus.EXECUTED
    assert len(bench.receiver.done) == 1
    assert len(bench.receiver.calls) == (1 if cut == "between deed and record" else 2)
    assert len({call.key for call in bench.receiver.calls}) == 1


async def test_what_was_done_in_time_is_not_taken_for_lapsed(bench: Bench) -> None:
    request = await bench.released(SHORT)
    dead, hangs, handed = bench.replica(), asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        handed.set()
        bench.receiver.done[bench.receiver.calls[-1].key] = DONE
        await hangs.wait()

    bench.receiver.answers = [hang]
    await dead.poll()
    await handed.wait()
    await dead.settle(timedelta())
    bench.now = NOON + 2 * HOUR
    await bench.deliver()
    assert await bench.status(request) is OperationStatus.EXECUTED


async def test_an_answer_that_comes_after_the_lease_counts_where_it_is_done_and_not_where_it_failed(
    bench: Bench,
) -> None:
    request = await bench.released()
    stalled = await releasing.claim(bench.store, bench.now, LEASE, 8)
    bench.now += LEASE
    [held] = await releasing.claim(bench.store, bench.now, LEASE, 8)
    assert (held.attempt, held.unsure) == (2, True)

    async def answers(claimed: ClaimedRelease, outcome: Executed | Failed) -> bool:
        return await releasing.record(bench.store, claimed, outcome, bench.now, via=VIA)

    assert not await answers(stalled[0], Failed(reason="No."))
    assert not await releasing.postpone(bench.store, stalled[0], bench.now, HOUR, "No.", via=VIA, unsure=False)
    assert await answers(stalled[0], DONE)
    assert await bench.status(request) is OperationStatus.EXECUTED
    assert not await answers(held, DONE), "the first word stands"
    assert await bench.actions(request) == [Action.EXECUTED]


async def test_replicas_share_the_work_and_none_is_delivered_twice(bench: Bench) -> None:
    requests = [await bench.released(cn=f"{number}.example.com") for number in range(12)]
    replicas = [bench.replica() for _ in range(3)]
    while sum(await asyncio.gather(*(replica.poll() for replica in replicas))):
        await asyncio.gather(*(replica.settle(PATIENCE) for replica in replicas))
    assert sorted(call.request for call in bench.receiver.calls) == [request.id for request in requests]


# Looked at once more


async def test_a_requester_who_left_meanwhile(bench: Bench) -> None:
    request = await bench.released()
    async with bench.store.transaction(Source.CLI) as tx:
        await tx.directory.save_identities([Identity(id=REQUESTER.id, name="Rita", standing=Standing.DEACTIVATED)])
    await bench.deliver()
    after = await bench.after(request)
    assert after.operation_status is OperationStatus.FAILED
    assert after.execution is not None
    assert after.execution.reason == "The requester is deactivated now."
    assert bench.receiver.calls == []


async def test_who_they_are_is_asked_before_it_is_relied_on(bench: Bench) -> None:
    request = await bench.released()
    bench.too_old = True
    await bench.deliver()
    assert bench.receiver.calls == []
    assert "too old to rely on" in (await bench.delivery(request)).said
    bench.too_old, bench.now = False, NOON + HOUR
    await bench.deliver()
    assert await bench.status(request) is OperationStatus.EXECUTED


async def test_a_certificate_that_was_revoked_meanwhile_is_not_renewed(bench: Bench) -> None:
    renewal = await bench.released(operation=Operation.RENEW)
    bench.receiver.answers = [Later(reason="Later.")]
    await bench.deliver()
    revocation = await bench.released(operation=Operation.REVOKE)
    bench.receiver.answers = [Executed()]
    await bench.deliver()
    assert await bench.status(revocation) is OperationStatus.EXECUTED
    bench.now += HOUR
    await bench.deliver()
    after = await bench.after(renewal)
    assert after.execution is not None
    assert after.execution.reason == f"The certificate was revoked on 21 Nov 2026, 12:00 UTC ({revocation.name})."
