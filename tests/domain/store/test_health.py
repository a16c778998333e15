"""What is wrong is found, whole and in parts, and what was refused is sent again on the record."""

import pytest

from domain.approvals.moves import follow
from domain.approvals.requests import Request
from domain.audit.entries import Action, Source
from domain.common.errors import NoInsight, NotAMember, NotAnAdministrator
from domain.notices.notices import Notice, NoticeKind
from domain.people.people import AUDITOR
from domain.store import SqlStore
from domain.workflow.health import PAGE, Health, health, try_again
from tests.databases import seed
from tests.domain.store.build import submitted
from tests.rules.build import ADMIN, ANN, HOUR, NOBODY, NOON, OUTSIDERS, REQUESTER, profile, someone, step

AUDREY = someone("Audrey", roles=[AUDITOR])
WEB = profile(step(ANN), expires_after=HOUR)
EMPTY = profile(step(), key="empty")
NOBODYS = profile(step(NOBODY), key="nobodys")


@pytest.fixture(autouse=True)
async def _people(store: SqlStore) -> None:
    await seed(store, people=[REQUESTER, ANN, ADMIN, AUDREY, *OUTSIDERS[:1]], profiles=[WEB, EMPTY, NOBODYS])


async def announced(store: SqlStore, request: Request) -> None:
    async with store.transaction(Source.CLOCK) as tx:
        await tx.updates.claim(NOON, HOUR, 100)
        await tx.updates.finish(request.id, request.version, NOON)


async def refused(store: SqlStore, request: Request, *people: str) -> list[int]:
    """Messages of *request* that Slack refused: their numbers."""
    async with store.transaction(Source.CLOCK) as tx:
        await tx.notices.add(
            request.id, [Notice(kind=NoticeKind.ASK, key=f"ask:0.0:{who}", channel=who) for who in people]
        )
        sent = [one for one in await tx.notices.of_request(request.id) if one.notice.channel in people]
        for one in sent:
            await tx.notices.save(one.replace(failure="is_archived", failed_at=NOON))
    return [one.id for one in sent]


async def alerted(store: SqlStore, request: Request) -> None:
    alert = Notice(kind=NoticeKind.ALERT, key=f"alert:short:0:{ADMIN.id}", person=ADMIN.id)
    async with store.transaction(Source.CLOCK) as tx:
        await tx.notices.add(request.id, [alert])


async def look(store: SqlStore, page: int = 0) -> Health:
    return await health(store, ADMIN.id, NOON, page=page)


async def test_nothing_is_wrong(store: SqlStore) -> None:
    await announced(store, await submitted(store, WEB))
    found = await look(store)
    assert (found.troubles.stuck, found.troubles.failed, found.troubles.undelivered) == (0, 0, 0)
    assert (found.troubles.unannounced, found.troubles.unannounced_since, found.troubles.oldest_due) == (0, None, None)
    assert found.database.startswith(("SQLite 3.", "PostgreSQL "))


async def test_everything_that_is_wrong_is_counted_and_shown(store: SqlStore) -> None:
    late, blocked, short = [await submitted(store, one) for one in (WEB, EMPTY, NOBODYS)]
    await alerted(store, short)
    numbers = await refused(store, late, "C1", "C2")
    found = await health(store, AUDREY.id, NOON + 2 * HOUR)
    assert found.troubles.unannounced == 3
    assert found.troubles.unannounced_since == NOON
    assert found.troubles.oldest_due == NOON + HOUR
    assert [(one.request.id, one.is_blocked, len(one.shortages)) for one in found.stuck] == [
        (blocked.id, True, 0),
        (short.id, False, 1),
    ]
    assert [one.id for one in found.undelivered] == numbers[::-1]
    assert [one.failed_at for one in found.undelivered] == [NOON, NOON]


async def test_what_ended_is_stuck_no_more(store: SqlStore) -> None:
    blocked, short = [await submitted(store, one) for one in (EMPTY, NOBODYS)]
    await alerted(store, short)
    async with store.transaction(Source.CLOCK) as tx:
        [alert] = await tx.notices.of_request(short.id)
        await tx.notices.save(alert.replace(settled_at=NOON))
        change = follow(blocked, profile(step(ANN), key="empty", number=2), NOON)
        assert change is not None
        await tx.profiles.save(profile(step(ANN), key="empty", number=2))
        await tx.requests.save(change)
    assert (await look(store)).troubles.stuck == 0


async def test_pages_hold_everything_once_and_in_order(store: SqlStore) -> None:
    blocked = [await submitted(store, EMPTY) for _ in range(PAGE + 2)]
    numbers = await refused(store, blocked[0], *(f"C{number}" for number in range(PAGE + 3)))
    pages = [await look(store, number) for number in range(9)]
    assert {page.pages for page in pages} == {3}
    assert [page.page for page in pages] == [0, 1, 2, 2, 2, 2, 2, 2, 2]
    assert [one.request.id for page in pages[:3] for one in page.stuck] == [one.id for one in blocked]
    assert [one.id for page in pages[:3] for one in page.undelivered] == numbers[::-1]


async def test_what_was_refused_is_sent_again_and_recorded(store: SqlStore) -> None:
    request, other = await submitted(store, WEB), await submitted(store, WEB)
    [first, *_] = await refused(store, request, "C1", "C2")
    await refused(store, other, "C3")
    for one in (request, other):
        await announced(store, one)
    assert await try_again(store, ADMIN.id, NOON, notice=first) == 1
    assert await try_again(store, ADMIN.id, NOON, notice=first) == 0, "once is enough"
    async with store.transaction(Source.CLOCK) as tx:
        assert [one.failure for one in await tx.notices.of_request(request.id)] == [None, "is_archived"]
        assert [one.request for one in await tx.updates.claim(NOON, HOUR, 10)] == [request.id]
    assert await try_again(store, ADMIN.id, NOON) == 2
    assert (await look(store)).troubles.undelivered == 0
    async with store.reading() as reading:
        record = [
            one.entry for one in await reading.audit.chain("countersign") if one.entry.action is Action.TRIED_AGAIN
        ]
    assert [(one.by, one.subject, one.before["refused"]) for one in record] == [
        (ADMIN.id, f"notice:{first}", 1),
        (ADMIN.id, "notices", 2),
    ]


async def test_a_certificate_that_slack_would_not_share_is_shared_again_and_recorded(store: SqlStore) -> None:
    one, other = await submitted(store, WEB), await submitted(store, WEB)
    async with store.transaction(Source.CLOCK) as tx:
        for request in (one, other):
            await tx.certificate_files.add(request.id, NOON)
        for claimed in await tx.certificate_files.claim(NOON, HOUR, 9):
            assert await tx.certificate_files.save_file(claimed, "F1")
            assert await tx.certificate_files.finish(claimed, failure="user_not_found")
    found = await look(store)
    assert found.troubles.files == 2
    assert [(file.request, file.person, file.failure) for file in found.files] == [
        (request.id, REQUESTER.id, "user_not_found") for request in (other, one)
    ]
    assert await try_again(store, ADMIN.id, NOON, file_of=one.id) == 1
    assert await try_again(store, ADMIN.id, NOON, file_of=one.id) == 0, "once is enough"
    async with store.transaction(Source.CLOCK) as tx:
        assert [due.request for due in await tx.certificate_files.claim(NOON, HOUR, 9)] == [one.id]
    assert await try_again(store, ADMIN.id, NOON) == 1
    assert (await look(store)).troubles.files == 0
    async with store.reading() as reading:
        record = [
            one.entry for one in await reading.audit.chain("countersign") if one.entry.action is Action.TRIED_AGAIN
        ]
    assert [(entry.subject, entry.before["messages"]) for entry in record] == [
        (f"file:{one.id}", [f"certificate of {one.name}"]),
        ("notices", [f"certificate of {other.name}"]),
    ]


async def test_who_may_look_and_who_may_send_again(store: SqlStore) -> None:
    assert not (await health(store, AUDREY.id, NOON)).may_try_again
    with pytest.raises(NotAnAdministrator):
        await try_again(store, AUDREY.id, NOON)
    with pytest.raises(NoInsight):
        await health(store, ANN.id, NOON)
    with pytest.raises(NotAMember):
        await health(store, OUTSIDERS[0].id, NOON)
