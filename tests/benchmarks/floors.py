"""The two floors: a Bolt listener that does nothing (B), and the rows of one decision on the bare driver (S)."""

import asyncio
import logging
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import aiosqlite
import psycopg
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import make_url

from tests.benchmarks.cast import APPROVERS, CLICKERS
from tests.benchmarks.load import Timed, clicking


def idle_app(client: AsyncWebClient, signing_secret: str) -> AsyncApp:
    """B: the same Bolt, set up as the product sets it up, with one listener that acknowledges."""
    app = AsyncApp(
        name="floor",
        logger=logging.getLogger("floor"),
        client=client,
        signing_secret=signing_secret,
        process_before_response=True,
    )

    async def nothing(ack: AsyncAck) -> None:
        await ack()

    app.action("approve")(nothing)
    return app


_HASH: Final = "0123456789abcdef" * 4
_REQUEST: Final = """UPDATE requests SET version = 2, status = 'approved', operation_status = 'released', closed_at = {0},
    decision_count = 1, audit_number = 6, audit_hash = {1}, announce_at = {2} WHERE id = {3} AND version = 1"""
_ITEM: Final = "UPDATE work_items SET status = 'approved', closed_at = {0} WHERE request = {1} AND position = 0"
_DECISION: Final = """INSERT INTO decisions (request, number, gate, step, "by", verdict, comment, at, digest)
    VALUES ({0}, 1, 0, 0, {1}, 'approve', '', {2}, {3})"""
_SPENT: Final = "INSERT INTO spent (person, request, gate, decision) VALUES ({0}, {1}, 0, 1)"
_RELEASE: Final = (
    "INSERT INTO releases (request, number, operation, digest, at, due_at) VALUES ({0}, 1, 'issue', {1}, {2}, {3})"
)
_ENTRY: Final = "({0}, {1}, 'slack', {2}, {3}, {4}, {5}, {6}, {7}, '', {8}, {9})"
_AUDIT: Final = """INSERT INTO audit_entries (chain, number, source, action, subject, at, "by", "before", "after", reason, previous, hash)
    VALUES """
_ENTRIES: Final = (
    (3, "decision.recorded", '{"step": 0, "approved": 0}', '{"step": 0, "approved": 1, "verdict": "approve", "decision": 1}'),
    (4, "work_item.closed", '{"status": "pending"}', '{"status": "approved", "overridden": false}'),
    (5, "request.closed", '{"status": "waiting_for_approval"}', '{"status": "approved"}'),
    (6, "operation.released", '{"operation_status": "none"}', '{"operation_status": "released"}'),
)  # fmt: skip


class Rows(ABC):
    """S: what one decision writes, by hand, in one transaction; nothing is read, nothing is checked."""

    mark: str
    """What stands for a parameter."""

    async def write(self, requests: Sequence[int], clickers: int) -> Timed:
        """Write the rows of one decision for each of *requests*, so many at a time."""
        return await clicking([self.clicker(number) for number in range(clickers)], requests)

    @abstractmethod
    def clicker(self, number: int) -> Any:
        """A coroutine function that writes the rows of one decision on a request."""

    def statements(self, request: int, at: Any) -> list[tuple[str, tuple[Any, ...]]]:
        """Everything between BEGIN and COMMIT."""
        by, chain = APPROVERS[request % CLICKERS], f"request:{request}"
        audit = [
            value
            for number, action, before, after in _ENTRIES
            for value in (chain, number, action, f"{chain}/0", at, by, before, after, _HASH, _HASH)
        ]
        marks = (self.mark,) * 10
        return [
            (_REQUEST.format(*marks), (at, _HASH, at, request)),
            (_ITEM.format(*marks), (at, request)),
            (_DECISION.format(*marks), (request, by, at, _HASH)),
            (_SPENT.format(*marks), (by, request)),
            (_AUDIT + ", ".join([_ENTRY.format(*marks)] * len(_ENTRIES)), tuple(audit)),
            (_RELEASE.format(*marks), (request, _HASH, at, at)),
        ]

    @abstractmethod
    async def close(self) -> None:
        """Let go of every connection."""


class PostgresRows(Rows):
    mark = "%s"

    def __init__(self, connections: list[psycopg.AsyncConnection[Any]]) -> None:
        self._connections = connections

    def clicker(self, number: int) -> Any:
        connection = self._connections[number]

        async def write(request: int) -> None:
            for statement, values in self.statements(request, datetime.now(UTC)):
                await connection.execute(statement, values)
            await connection.commit()

        return write

    async def close(self) -> None:
        for connection in self._connections:
            await connection.close()


class SqliteRows(Rows):
    mark = "?"

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._lane = asyncio.Lock()

    def clicker(self, number: int) -> Any:  # noqa: ARG002 - one writer at a time, whoever it is
        async def write(request: int) -> None:
            async with self._lane:
                await self._connection.execute("BEGIN IMMEDIATE")
                for statement, values in self.statements(request, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"):
                    await self._connection.execute(statement, values)
                await self._connection.commit()

        return write

    async def close(self) -> None:
        await self._connection.close()


async def rows(url: str) -> Rows:
    """S on the database at *url*, connected as the store connects."""
    if url.startswith("sqlite"):
        connection = await aiosqlite.connect(str(make_url(url).database), isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):  # as the store sets them
            await connection.execute(f"PRAGMA {pragma}")
        return SqliteRows(connection)
    return PostgresRows([await psycopg.AsyncConnection.connect(url) for _ in range(CLICKERS)])


def disk(file: Any, times: int) -> float:
    """Seconds, at the median, that it takes to have a few bytes on the disk for sure."""
    took = []
    for _ in range(times):
        file.write(b"x" * 512)
        file.flush()
        began = time.perf_counter()
        os.fsync(file.fileno())
        took.append(time.perf_counter() - began)
    return sorted(took)[times // 2]
