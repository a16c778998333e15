"""What the database itself refuses, for the day the code is wrong."""

from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from domain.audit.entries import Source
from domain.notices.notices import Notice, NoticeKind
from domain.store import SqlStore
from domain.store.tables import (
    audit_entries,
    decisions,
    notices,
    profile_versions,
    profiles,
    releases,
    requests,
    resource_approvals,
    spent,
    work_items,
)
from tests.databases import seed
from tests.domain.store.build import decided, execute, submitted
from tests.rules.build import ANN, BOB, CAT, NOON, profile, step

TWO = profile(step(ANN, BOB, CAT, required=3))
OTHER = profile(step(ANN), key="other")


@pytest.fixture(autouse=True)
async def _request(store: SqlStore) -> None:
    """A request on which Ann has decided."""
    await seed(store, profiles=[TWO, OTHER])
    request = await submitted(store, TWO)
    await decided(store, request.id, ANN)
    async with store.transaction(Source.SLACK) as tx:
        await tx.notices.add(request.id, [Notice(kind=NoticeKind.PROGRESS, key="progress", person=ANN.id)])


def copied(url: str, table: Any, **changes: Any) -> None:
    """Insert the first row of *table* again, with *changes*."""
    columns = [column for column in table.columns if column.identity is None]
    [row, *_] = execute(url, select(*columns))
    execute(url, insert(table), {**dict(zip([column.name for column in columns], row, strict=True)), **changes})


async def test_nobody_decides_twice_in_a_work_item(database_url: str) -> None:
    copied(database_url, decisions, number=2)
    with pytest.raises(IntegrityError):
        copied(database_url, spent, decision=2)
    copied(database_url, spent, decision=2, person=BOB.id)
    with pytest.raises(IntegrityError):
        execute(database_url, update(spent).values(person=BOB.id))


async def test_no_decision_has_the_number_of_another(database_url: str) -> None:
    with pytest.raises(IntegrityError):
        copied(database_url, decisions, by=BOB.id)


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        (requests, {"id": 99}),  # a second open one for the same operation and object
        (requests, {"object_key": "other"}),
        (work_items, {}),
        (work_items, {"position": 1, "profile": "unknown"}),
        (work_items, {"position": 1, "version": 7}),
        (notices, {}),
        (audit_entries, {"hash": "0" * 64}),
        (profiles, {"key": "renamed"}),
        (profiles, {"folded_name": "renamed"}),
        (profile_versions, {"definition": "{}"}),
    ],
    ids=lambda value: getattr(value, "name", None) or str(value),
)
async def test_there_are_no_two_of(database_url: str, table: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        copied(database_url, table, **changes)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (releases, {"request": 99, "number": 1, "operation": "issue", "digest": "0" * 64, "at": NOON}),
        (resource_approvals, {"resource": "nowhere", "operation": "issue", "profile": "web"}),
        (spent, {"person": CAT.id, "request": 1, "gate": 0, "decision": 9}),
    ],
    ids=["release", "binding", "spent"],
)
async def test_nothing_refers_to_what_there_is_not(database_url: str, table: Any, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        execute(database_url, insert(table), row)


async def test_a_closed_request_makes_room_for_another(database_url: str) -> None:
    execute(database_url, update(requests).values(status="cancelled"))
    copied(database_url, requests, id=99, status="waiting_for_approval")
    with pytest.raises(IntegrityError):
        execute(database_url, update(requests).values(status="waiting_for_approval"))


@pytest.mark.parametrize(
    "table", [requests, work_items, decisions, audit_entries, notices], ids=lambda table: table.name
)
async def test_no_word_but_those_of_the_domain(database_url: str, table: Any) -> None:
    column = {"decisions": "verdict", "audit_entries": "action", "notices": "kind"}.get(table.name, "status")
    # as text, because SQLAlchemy would refuse it before the database could
    nonsense = text(f"UPDATE {table.name} SET {column} = 'nonsense'")  # noqa: S608 - the names are those above
    with pytest.raises(IntegrityError):
        execute(database_url, nonsense)
