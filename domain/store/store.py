"""`SqlStore`: implements `domain.ports` on SQLite and PostgreSQL. The queries are in `repositories`."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Final, Protocol

from domain.approvals.profiles import ProfileVersion
from domain.audit.entries import Source
from domain.common.errors import Conflict, OpenRequestExists
from domain.store.drivers.connection import TransactionConnection
from domain.store.drivers.postgresql import PostgreSQL
from domain.store.drivers.sqlite import Sqlite
from domain.store.drivers.urls import database_url, is_sqlite
from domain.store.repositories.requests.saving import AnotherIsOpen
from domain.store.session import Session, VersionKey
from domain.store.transaction import SqlReading, SqlTransaction

DEADLINE: Final = timedelta(seconds=2)
"""How long a transaction may take, with all its waiting: Slack waits three seconds for an answer."""


class Database(Protocol):
    """What differs between the databases: how a transaction is begun, limited and ended."""

    writes_in_a_snapshot: bool

    def reading(self) -> AbstractAsyncContextManager[TransactionConnection]: ...

    def writing(self) -> AbstractAsyncContextManager[TransactionConnection]: ...

    async def close(self) -> None: ...


class SqlStore:
    """`domain.ports.Store`: made by `open_store`, used in one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._versions: dict[VersionKey, ProfileVersion] = {}

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqlReading]:
        async with self._database.reading() as connection:
            yield SqlReading(
                connection, Session(connection.dialect, Source.SLACK, snapshot=True, versions=self._versions)
            )

    @asynccontextmanager
    async def transaction(self, source: Source) -> AsyncIterator[SqlTransaction]:
        snapshot = self._database.writes_in_a_snapshot
        try:
            async with self._database.writing() as connection:
                yield SqlTransaction(connection, Session(connection.dialect, source, snapshot, self._versions))
        except AnotherIsOpen as error:
            # the transaction is over, and the other request, for which the database made it wait, is committed
            async with self.reading() as reading:
                other = await reading.requests.open_for(error.object_key)
            if other is None:
                raise Conflict from error
            raise OpenRequestExists(request=other) from error

    async def close(self) -> None:
        """Let go of every connection."""
        await self._database.close()


async def open_store(url: str, *, deadline: timedelta = DEADLINE) -> SqlStore:
    """The store in the database at *url*, as people write it: `sqlite:///countersign.db`, `postgresql://user:password@host/database`.

    A transaction or a reading that lasts longer than *deadline* ends with domain.common.errors.Busy. The tables must be there:
    `domain.store.schema.migrate`. Raises ValueError, with a sentence that says what to write, for any other address.
    """
    parsed = database_url(url)
    database = Sqlite(parsed, deadline) if is_sqlite(parsed) else PostgreSQL(parsed, deadline)
    return SqlStore(database)
