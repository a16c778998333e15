"""The audit: one chain for each request and one for all else, and no edit goes unseen."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import delete, update

from domain.audit.entries import Action, AuditEntry, Source
from domain.ports import RecordedEntry
from domain.store import SqlStore
from domain.store.repositories.audit import COUNTERSIGN, first_broken
from domain.store.tables import audit_entries
from tests.databases import seed
from tests.domain.store.build import decided, execute, submitted
from tests.rules.build import ADMIN, ANN, BOB, NOON, profile, step

TWO = profile(step(ANN), step(BOB, name="Second"))


async def chain_of(store: SqlStore, chain: str) -> tuple[RecordedEntry, ...]:
    async with store.reading() as reading:
        return await reading.audit.chain(chain)


@pytest.fixture
async def chain(store: SqlStore) -> str:
    """The chain of a request that was approved."""
    await seed(store, profiles=[TWO])
    request = await submitted(store, TWO)
    await decided(store, request.id, ANN)
    await decided(store, request.id, BOB)
    return f"request:{request.id}"


async def test_it_says_what_happened_in_order_and_from_where(store: SqlStore, chain: str) -> None:
    entries = await chain_of(store, chain)
    assert [recorded.entry.action for recorded in entries] == [
        Action.SUBMITTED,
        Action.WORK_ITEM_OPENED,
        Action.DECIDED,
        Action.STEP_OPENED,
        Action.DECIDED,
        Action.WORK_ITEM_CLOSED,
        Action.CLOSED,
        Action.RELEASED,
    ]
    assert {recorded.source for recorded in entries} == {Source.SLACK}
    assert [recorded.number for recorded in entries] == list(range(1, 9))
    assert first_broken(entries) is None
    assert await chain_of(store, "request:99") == ()


@pytest.mark.usefixtures("chain")
async def test_chains_do_not_depend_on_each_other(store: SqlStore) -> None:
    other = await submitted(store, TWO)
    entries = await chain_of(store, f"request:{other.id}")
    assert [recorded.number for recorded in entries] == [1, 2]
    assert first_broken(entries) is None


CHANGES: list[dict[str, Any]] = [
    {"action": "comment.added"},
    {"subject": "request:2"},
    {"at": NOON + timedelta(microseconds=1)},
    {"by": ADMIN.id},
    {"on_behalf_of": ADMIN.id},
    {"before": '{"step": 1}'},
    {"after": "{}"},
    {"reason": "Another reason"},
    {"source": "api"},
    {"previous": "0" * 64},
    {"hash": "0" * 64},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
async def test_any_edit_is_found_and_named(
    store: SqlStore, database_url: str, chain: str, change: dict[str, Any]
) -> None:
    third = (audit_entries.c.chain == chain) & (audit_entries.c.number == 3)
    execute(database_url, update(audit_entries).where(third).values(**change))
    assert first_broken(await chain_of(store, chain)) == 3


async def test_what_is_removed_or_put_in_another_order_is_found(store: SqlStore, database_url: str, chain: str) -> None:
    entries = await chain_of(store, chain)
    assert first_broken((entries[0], *entries[2:])) == 2
    assert first_broken((entries[1], entries[0], *entries[2:])) == 1
    assert first_broken((*entries, entries[-1])) == 9
    number = audit_entries.c.number
    execute(database_url, delete(audit_entries).where(audit_entries.c.chain == chain, number == 2))
    assert first_broken(await chain_of(store, chain)) == 2
    execute(
        database_url,
        update(audit_entries).where(audit_entries.c.chain == chain, number > 2).values(number=number + 10),
    )
    assert first_broken(await chain_of(store, chain)) == 2


async def test_what_is_no_request_has_one_chain(store: SqlStore) -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    given = AuditEntry(
        action=Action.PROFILE_SAVED,
        subject="profile:web",
        at=datetime(2026, 11, 21, 17, 30, 0, 5, tzinfo=east),
        by=ADMIN.id,
        before={"version": None, "steps": [{"name": "Ünï \u2028 \U0001f600", "required": 2}]},
        after={"roles": ["b", "a"], "share": 0.1, "open": True},
        reason='A "reason"\n',
    )
    for source in (Source.CLI, Source.SLACK):
        async with store.transaction(source) as tx:
            await tx.audit.record(given)
            await tx.audit.record(given.replace(by=None))
    entries = await chain_of(store, COUNTERSIGN)
    assert [(recorded.number, recorded.source, recorded.entry.by) for recorded in entries] == [
        (1, Source.CLI, ADMIN.id),
        (2, Source.CLI, None),
        (3, Source.SLACK, ADMIN.id),
        (4, Source.SLACK, None),
    ]
    assert entries[0].entry == given.replace(at=given.at.astimezone(UTC))
    assert first_broken(entries) is None
