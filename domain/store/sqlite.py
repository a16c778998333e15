"""SQLite: the embedded default, for one process.

Readers have connections of their own and see the last commit (WAL). One writer at a time, first come first served: SQLite's own
waiting is unfair, so the waiting happens here, in a lane, and SQLite is only asked by whoever is at its head.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import URL, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.errors import Busy
from domain.store.translation import is_locked, translated

_READERS: Final = 4
_PATIENCE_MS: Final = 100
"""How long SQLite waits for another process at a time, before the deadline is looked at again."""


class Sqlite:
    """One database file."""

    writes_in_a_snapshot = True

    def __init__(self, url: URL, deadline: timedelta) -> None:
        self._deadline = deadline.total_seconds()
        self._readers = _engine(url, _READERS, self._deadline)
        self._writer = _engine(url, 1, self._deadline)
        self._lane = asyncio.Lock()  # first in, first out

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction of its own that sees one state."""
        with translated():
            async with self._readers.connect() as connection:
                await connection.exec_driver_sql("BEGIN")
                yield connection
                await connection.rollback()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """The writer's connection; commits when the block ends. Raises Busy past the deadline, which ends with the commit's beginning."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._deadline
        try:
            async with asyncio.timeout_at(until):
                await self._lane.acquire()
        except TimeoutError:
            raise Busy from None
        try:
            with translated():
                async with self._writer.connect() as connection:
                    await self._begin(connection, until)
                    yield connection
                    if loop.time() > until:
                        raise Busy
                    await connection.commit()
        finally:
            self._lane.release()

    async def _begin(self, connection: AsyncConnection, until: float) -> None:
        """Take SQLite's own lock, which another process may hold."""
        while True:
            try:
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                if not is_locked(error) or asyncio.get_running_loop().time() > until:
                    raise
                await connection.rollback()
            else:
                return

    async def close(self) -> None:
        await self._readers.dispose()
        await self._writer.dispose()


def _engine(url: URL, connections: int, deadline: float) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=connections, max_overflow=0, pool_timeout=deadline)
    event.listen(engine.sync_engine, "connect", prepare)
    return engine


def prepare(connection: Any, _record: object) -> None:
    """Make a new connection safe: every commit is on disk before it is answered, and references hold."""
    connection.isolation_level = None  # the driver begins no transaction behind our back
    cursor = connection.cursor()
    for setting in (
        f"busy_timeout = {_PATIENCE_MS}",  # first: the next one may meet another process
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
