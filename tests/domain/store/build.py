"""Short ways to get requests into a store, and to look at what the store does not show."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Executable, create_engine, event, pool

from domain.approvals.decisions import Verdict
from domain.approvals.moves import decide
from domain.approvals.profiles import ProfileVersion
from domain.approvals.requests import Request, RequestId
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.people.people import Person
from domain.store import SqlStore
from domain.store.drivers.sqlite import prepare
from domain.store.drivers.urls import database_url, is_sqlite
from tests.material_factory import material
from tests.rules.build import NOON, REQUESTER, here, submission

_hosts = count(1)


async def submitted(
    store: SqlStore, *profiles: ProfileVersion, by: Person = REQUESTER, at: datetime = NOON, **more: Any
) -> Request:
    """A new request under *profiles*, about something that no other request is about, unless *more* says otherwise."""
    more = {"material": material(Operation.ISSUE, f"host{next(_hosts)}.example.com"), **more}
    async with store.transaction(Source.SLACK) as tx:
        return await tx.requests.save(submission(*profiles, by=by, at=at, id=await tx.requests.new_id(), **more))


async def decided(
    store: SqlStore, request: int, by: Person, verdict: Verdict = Verdict.APPROVE, at: datetime = NOON, **more: Any
) -> Request:
    """What is saved when *by* decides where *request* stands now."""
    async with store.transaction(Source.SLACK) as tx:
        found = await tx.requests.lock(RequestId(request))
        assert found is not None
        return await tx.requests.save(decide(found, by, verdict, at, on=here(found), comment="So be it", **more))


async def loaded(store: SqlStore, request: int) -> Request:
    """The request as a reader sees it."""
    async with store.reading() as reading:
        found = await reading.requests.get(RequestId(request))
    assert found is not None
    return found


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection past the store: what a program with a mistake in it could do."""
    parsed = database_url(url)
    engine = create_engine(parsed, poolclass=pool.NullPool)
    if is_sqlite(parsed):
        event.listen(engine, "connect", prepare)
    with engine.connect() as connection:
        yield connection


def execute(
    url: str, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> list[tuple[Any, ...]]:
    """Run *statement* past the store, commit, and give its rows."""
    with connected(url) as connection:
        result = connection.execute(statement, parameters)
        rows = [tuple(row) for row in result] if result.returns_rows else []
        connection.commit()
    return rows
