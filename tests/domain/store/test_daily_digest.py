"""The daily word: one a day to each administrator, only when there is something to say, whoever looks and however often."""

import asyncio
from datetime import timedelta

import pytest

from domain.approvals.moves import cancel, follow
from domain.audit.entries import Source
from domain.notices.notices import Notice, NoticeKind
from domain.notices.reminders import QuietHours
from domain.people.people import ADMINISTRATOR
from domain.platforms.webhooks import PAUSE_AT_LEAST, Endpoint
from domain.ports import SentNotice
from domain.store import SqlStore
from domain.workflow import tell_daily
from domain.workflow.health import given_up, health
from domain.workflow.platforms import webhooks
from tests.databases import seed
from tests.domain.store.build import submitted
from tests.rules.build import ADMIN, ANN, HOUR, NOON, REQUESTER, profile, someone, step

EVE = someone("Eve", roles=[ADMINISTRATOR])
EMPTY = profile(step(), key="empty")
WEB = profile(step(ANN))
MORNING = NOON - 4 * HOUR
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
async def _people(store: SqlStore) -> None:
    await seed(store, people=[REQUESTER, ANN, ADMIN, EVE], profiles=[EMPTY, WEB])


async def words(store: SqlStore) -> list[SentNotice]:
    """Every daily word there is."""
    async with store.reading() as reading:
        found = []
        for request in await reading.requests.open():
            found += [
                one for one in await reading.notices.of_request(request.id) if one.notice.kind is NoticeKind.DAILY
            ]
    return found


async def test_nobody_hears_that_there_is_nothing(store: SqlStore) -> None:
    await submitted(store, WEB)
    assert await tell_daily(store, MORNING, QuietHours()) == 0


async def test_each_administrator_hears_once_a_day(store: SqlStore) -> None:
    request = await submitted(store, EMPTY)
    assert await tell_daily(store, MORNING - 2 * HOUR, QuietHours()) == 0, "it is night"
    assert await tell_daily(store, MORNING, QuietHours()) == 2
    assert {word.notice.person for word in await words(store)} == {ADMIN.id, EVE.id}
    async with store.transaction(Source.CLOCK) as tx:
        assert request.id in {one.request for one in await tx.updates.claim(NOON, HOUR, 10)}
    assert await tell_daily(store, MORNING + HOUR, QuietHours()) == 0
    assert await tell_daily(store, NOON, QuietHours()) == 0
    assert await tell_daily(store, MORNING + DAY, QuietHours()) == 2
    assert len(await words(store)) == 4


async def test_once_also_where_another_request_is_named_first_by_then(store: SqlStore) -> None:
    first = await submitted(store, EMPTY)
    await submitted(store, EMPTY)
    assert await tell_daily(store, MORNING, QuietHours()) == 2
    async with store.transaction(Source.CLOCK) as tx:
        await tx.profiles.save(profile(step(ANN), key="empty", number=2))
        change = follow(first, profile(step(ANN), key="empty", number=2), NOON)
        assert change is not None
        await tx.requests.save(change)
    assert await tell_daily(store, MORNING + HOUR, QuietHours()) == 0


async def test_several_replicas_tell_it_once(store: SqlStore) -> None:
    await submitted(store, EMPTY)
    found = await asyncio.gather(*(tell_daily(store, MORNING, QuietHours()) for _ in range(6)))
    assert sum(found) == 2
    assert len(await words(store)) == 2


async def test_a_webhook_that_was_given_up_is_told_until_it_is_resumed(store: SqlStore) -> None:
    await submitted(store, WEB)
    began = MORNING - 2 * DAY
    await webhooks.add_endpoint(store, Endpoint(key="ra", url="https://ra.example.com/", created_at=began))
    await webhooks.note_events(store, MORNING)
    for attempt in range(PAUSE_AT_LEAST):
        at = began + attempt * DAY / 6
        [out, *_] = await webhooks.claim_deliveries(store, "ra", MORNING + attempt * DAY, limit=1)
        assert await tell_daily(store, MORNING, QuietHours()) == 0, "it may come back by itself"
        await webhooks.failed(store, out.delivery, at, status=500, why="It answered 500.", after=DAY / 24)
    async with store.reading() as reading:
        assert [one.key for one in await given_up(reading)] == ["ra"]
        assert (await reading.health.troubles(MORNING)).paused == 1
    assert await tell_daily(store, MORNING, QuietHours()) == 2
    assert (await health(store, ADMIN.id, MORNING)).paused[0].paused_because == "It answered 500."
    await webhooks.resume(store, "ra", MORNING)
    await webhooks.pause(store, "ra", MORNING, "")
    assert await tell_daily(store, MORNING + DAY, QuietHours()) == 0, "an administrator knows what they paused"


async def test_a_message_that_could_not_be_delivered_is_told_while_it_matters(store: SqlStore) -> None:
    request = await submitted(store, WEB)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.notices.add(request.id, [Notice(kind=NoticeKind.ASK, key="ask:0.0:C1", channel="C1")])
        [sent] = await tx.notices.of_request(request.id)
        await tx.notices.save(sent.replace(failure="is_archived", failed_at=MORNING))
    assert await tell_daily(store, MORNING, QuietHours()) == 2
    assert await tell_daily(store, MORNING + 3 * DAY, QuietHours()) == 2, "the request is open still"
    async with store.transaction(Source.CLOCK) as tx:
        await tx.requests.save(cancel(request, REQUESTER, MORNING))
    assert await tell_daily(store, MORNING + 4 * DAY, QuietHours()) == 0
