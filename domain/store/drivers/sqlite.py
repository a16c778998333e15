"""SQLite: the embedded default, for one process.

Each connection has a thread of its own, which does one piece of work at a time. (A driver that goes to its thread and back for each
statement, each fetch and each cursor goes there forty times for one decision; this way it is six.) Readers see the last commit (WAL).
There is one writer at a time, first come first served: SQLite's own waiting is unfair, so the waiting happens here, in a lane, and SQLite
is only asked by whoever is at its head.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, pool

from domain.common.errors import Busy
from domain.store.drivers.driver_errors import translated
from domain.store.session import SQLITE

_READERS: Final = 4
_SWITCHES: Final = 200
"""How often a new file is switched to its write-ahead log, where others do the same at once."""
_SWITCH_PAUSE: Final = 0.01
"""Seconds in between."""
_T = TypeVar("_T")


class Sqlite:
    """One database file. Its deadline is for the waiting; a disk that hangs is waited for, or nobody would know what was recorded."""

    writes_in_a_snapshot = True

    def __init__(self, url: URL, deadline: timedelta) -> None:
        self._deadline = deadline.total_seconds()
        self._writer = SqliteConnection(url)
        self._lane = asyncio.Lock()  # first in, first out
        self._readers = [SqliteConnection(url) for _ in range(_READERS)]
        self._free = asyncio.Semaphore(_READERS)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["SqliteConnection"]:
        """A connection in a transaction that sees one state. Raises Busy where none is free before the deadline."""
        await self._in_time(self._free.acquire(), self._until())
        line = self._readers.pop()
        try:
            with translated():
                try:
                    await line.run(lambda connection: connection.exec_driver_sql("BEGIN"))
                    yield line
                finally:
                    await line.end()
        finally:
            self._readers.append(line)
            self._free.release()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator["SqliteConnection"]:
        """The writer's line; commits when the block ends.

        Raises Busy where its turn has not come by the deadline, or the block has not ended.
        """
        until = self._until()
        await self._in_time(self._lane.acquire(), until)
        try:
            with translated():
                try:
                    left = until - _now()
                    await self._writer.run(lambda connection: _begin(connection, left))
                    yield self._writer
                    if _now() > until:
                        raise Busy
                    await self._writer.run(Connection.commit)
                except BaseException:
                    await self._writer.end()
                    raise
        finally:
            self._lane.release()

    async def _in_time(self, waiting: Any, until: float) -> None:
        try:
            async with asyncio.timeout_at(until):
                await waiting
        except TimeoutError:
            raise Busy from None

    def _until(self) -> float:
        return _now() + self._deadline

    async def close(self) -> None:
        for line in (self._writer, *self._readers):
            await line.close()


class SqliteConnection:
    """A connection and its thread."""

    dialect = SQLITE

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url, poolclass=pool.StaticPool, connect_args={"check_same_thread": False})
        event.listen(self._engine, "connect", prepare)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._connection: Connection | None = None

    async def run(self, work: Callable[[Connection], _T]) -> _T:
        """Have the thread do *work*. Whoever is cancelled meanwhile leaves it to be finished; what is asked next is done after it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    def _do(self, work: Callable[[Connection], _T]) -> _T:
        if self._connection is None:
            self._connection = self._engine.connect()
        return work(self._connection)

    async def end(self) -> None:
        """Undo what was not committed: it is undone before anything else is done, also where whoever asks is cancelled."""
        await self.run(Connection.rollback)

    async def close(self) -> None:
        if self._connection is not None:
            await self.run(Connection.close)
        self._engine.dispose()
        self._thread.shutdown()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _begin(connection: Connection, seconds: float) -> None:
    """Take SQLite's own lock, which another process may hold for so long."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {max(0, round(seconds * 1000))}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def prepare(connection: Any, _record: object) -> None:
    """Make a new connection safe: every commit is on disk before it is answered, and references hold."""
    connection.isolation_level = None  # the driver begins no transaction behind our back
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 2000")  # first: the next one may meet another process
    _write_ahead(cursor)
    for setting in ("synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to the write-ahead log. Of two that do it at once to a new file SQLite refuses one, without waiting for the other."""
    for _ in range(_SWITCHES):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_SWITCH_PAUSE)
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")
