"""PostgreSQL: for several replicas. Locks and limits are the server's; a server that does not answer is left alone in time."""

import asyncio
import selectors
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.common.errors import Busy
from domain.store.drivers.driver_errors import translated
from domain.store.session import POSTGRESQL

_T = TypeVar("_T")

_WRITERS: Final = 10
_READERS: Final = 5
_GRACE: Final = 0.4
"""Seconds that a commit which was begun in time may take longer: to be told it is done is worth more than to be told at once."""
_PAUSE: Final = 0.05
"""Seconds between two attempts to connect to a server that is starting."""
_LATE: Final = 0.1
"""Seconds of waiting for a connection after which the server is told what is left of the deadline."""
_HAS_TRANSACTION_TIMEOUT: Final = 170000
"""The first version of PostgreSQL that ends a transaction by itself which has lasted too long."""


class PostgreSQL:
    """One database of a server.

    A server that hangs is not waited for: at the deadline the socket is shut, which wakes whoever waits on it. Cancelling the task
    would not do: psycopg then asks the server, which hangs, to cancel the statement. The server has the same deadline, so that a
    commit which it finds on waking is not made after the person has been told that nothing was recorded.
    """

    writes_in_a_snapshot = False  # so that what is read after a lock is what the lock protects

    def __init__(self, url: URL, deadline: timedelta) -> None:
        self._deadline = deadline.total_seconds()
        self._readers = _engine(url, _READERS, self._deadline, read_only=True)
        self._writers = _engine(url, _WRITERS, self._deadline, read_only=False)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["PostgreSQLConnection"]:
        """A connection in a transaction that sees one state. Raises Busy past the deadline."""
        async with self._limited(self._readers) as (connection, _):
            yield PostgreSQLConnection(connection)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator["PostgreSQLConnection"]:
        """A connection in a transaction; commits when the block ends. Raises Busy past the deadline."""
        async with self._limited(self._writers) as (connection, cut):
            yield PostgreSQLConnection(connection)
            cut.postpone(_GRACE)
            await connection.commit()

    @asynccontextmanager
    async def _limited(self, engine: AsyncEngine) -> AsyncIterator[tuple[AsyncConnection, "_Cut"]]:
        until = asyncio.get_running_loop().time() + self._deadline
        with translated():
            connection = await self._connected(engine, until)
            cut = _Cut(await _driver(connection), until)
            try:
                await self._tell(connection, until)
                yield connection, cut
            except Exception:
                if cut.done:
                    raise Busy from None
                raise
            finally:
                if cut.done:
                    await connection.invalidate()
                await asyncio.shield(connection.close())
                cut.cancel()

    async def _connected(self, engine: AsyncEngine, until: float) -> AsyncConnection:
        """A connection of the pool, or a new one as soon as the server takes it. Raises Busy where that is not in time."""
        refused: OperationalError | None = None
        try:
            async with asyncio.timeout_at(until):
                while True:
                    try:
                        return await engine.connect()
                    except OperationalError as error:
                        refused = error
                        await asyncio.sleep(_PAUSE)
        except TimeoutError:
            raise Busy from refused

    async def _tell(self, connection: AsyncConnection, until: float) -> None:
        """Tell the server, whose clock starts now, where the wait for the connection has used up some of the time."""
        left = until - asyncio.get_running_loop().time()
        if left < self._deadline - _LATE and _version(await _driver(connection)) >= _HAS_TRANSACTION_TIMEOUT:
            await connection.exec_driver_sql(f"SET LOCAL transaction_timeout = {max(1, round(left * 1000))}")

    async def close(self) -> None:
        await self._readers.dispose()
        await self._writers.dispose()


class PostgreSQLConnection:
    """A connection, for work that is written as if it waited for the server: its waiting is the loop's."""

    dialect = POSTGRESQL

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def run(self, work: Callable[[Connection], _T]) -> _T:
        return await self._connection.run_sync(work)


class _Cut:
    """Shuts the socket of a connection at a moment of the loop's clock."""

    def __init__(self, driver: Any, at: float) -> None:
        self.done = False
        self._driver = driver
        self._at = at
        self._timer = asyncio.get_running_loop().call_at(at, self._shut)

    def postpone(self, seconds: float) -> None:
        self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(self._at + seconds, self._shut)

    def cancel(self) -> None:
        self._timer.cancel()

    def _shut(self) -> None:
        if self._driver.closed:
            return
        self.done = True
        with socket.fromfd(self._driver.fileno(), socket.AF_INET, socket.SOCK_STREAM) as double, suppress(OSError):
            double.shutdown(socket.SHUT_RDWR)  # fails where the other side was faster: just as well


def _engine(url: URL, connections: int, deadline: float, *, read_only: bool) -> AsyncEngine:
    milliseconds = round(deadline * 1000)
    settings = {
        "timezone": "UTC",
        "lock_timeout": milliseconds,
        "statement_timeout": milliseconds,
        "idle_in_transaction_session_timeout": milliseconds,
    }
    options = " ".join([str(url.query.get("options", "")), *(f"-c {name}={value}" for name, value in settings.items())])
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=deadline,
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        use_native_hstore=False,
        connect_args={"options": options.strip(), "application_name": "countersign"},
    )

    def prepare(connection: Any, _record: object) -> None:
        if read_only:
            connection.set_read_only(True)
        if _version(connection.driver_connection) >= _HAS_TRANSACTION_TIMEOUT:
            connection.cursor().execute(f"SET transaction_timeout = {milliseconds}")
            connection.commit()

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "checkout", _check)
    return engine


def _check(connection: Any, _record: object, _proxy: object) -> None:
    """Leave a pooled connection that the server has closed: it has sent something, its farewell, while nothing was asked."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.driver_connection.fileno(), selectors.EVENT_READ)
        if selector.select(0):
            raise DisconnectionError


async def _driver(connection: AsyncConnection) -> Any:
    """The psycopg connection below."""
    return (await connection.get_raw_connection()).driver_connection


def _version(driver: Any) -> int:
    number: int = driver.info.server_version
    return number
