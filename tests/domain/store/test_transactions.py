"""All of a transaction is kept, or nothing: whatever ends it, and however long that takes."""

import asyncio
import multiprocessing
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select, text

from domain.approvals.decisions import Verdict
from domain.approvals.moves import decide
from domain.approvals.requests import RequestId
from domain.audit.entries import Source
from domain.common.errors import Busy, Conflict
from domain.store import SqlStore, open_store
from domain.store.drivers.sqlite import prepare
from domain.store.tables import metadata
from tests.databases import PATIENCE, Databases, opened, seed
from tests.domain.store.build import connected, decided, execute, loaded, submitted
from tests.rules.build import ANN, BOB, NOON, here, profile, step, submission

BOTH = profile(step(ANN, BOB, required=2))
SHORT = timedelta(seconds=0.3)


def rows(url: str) -> dict[str, int]:
    """How many rows there are in each table."""
    return {
        table.name: execute(url, select(func.count()).select_from(table))[0][0] for table in metadata.tables.values()
    }


class Deliberate(Exception):
    """What a test raises."""


async def test_what_raises_leaves_nothing(store: SqlStore, database_url: str) -> None:
    await seed(store, people=[ANN], profiles=[BOTH])
    request = await submitted(store, BOTH)
    before = rows(database_url)

    async def failing() -> None:
        async with store.transaction(Source.SLACK) as tx:
            await tx.requests.save(decide(request, ANN, Verdict.APPROVE, NOON, on=here(request)))
            await tx.requests.save(submission(BOTH, id=await tx.requests.new_id()))
            await tx.profiles.save(profile(step(ANN), key="other"))
            raise Deliberate

    with pytest.raises(Deliberate):
        await failing()
    assert rows(database_url) == before
    assert await loaded(store, request.id) == request


async def test_a_version_that_was_rolled_back_was_never_known(store: SqlStore) -> None:
    lost, kept = (profile(step(who), key="once", name=f"For {who.name}") for who in (ANN, BOB))

    async def failing() -> None:
        async with store.transaction(Source.CLI) as tx:
            await tx.profiles.save(lost)
            assert await tx.profiles.get(lost.id) == lost
            raise Deliberate

    with pytest.raises(Deliberate):
        await failing()
    async with store.transaction(Source.CLI) as tx:
        await tx.profiles.save(kept)
    async with store.reading() as reading:
        assert await reading.profiles.get(kept.id) == kept
        assert await reading.profiles.versions(kept.id) == (kept,)


async def test_a_task_that_is_cancelled_leaves_nothing_and_keeps_nobody_waiting(store: SqlStore) -> None:
    await seed(store, profiles=[BOTH])
    request = await submitted(store, BOTH)
    inside = asyncio.Event()

    async def hanging() -> None:
        async with store.transaction(Source.SLACK) as tx:
            await tx.requests.lock(request.id)
            await tx.requests.save(decide(request, ANN, Verdict.APPROVE, NOON, on=here(request)))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hanging())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len((await decided(store, request.id, BOB)).decisions) == 1


def die_in_the_middle(url: str, request: int) -> None:
    """Decide, and end the process without a commit and without a farewell."""

    async def main() -> None:
        store = await open_store(url, deadline=PATIENCE)
        async with store.transaction(Source.SLACK) as tx:
            found = await tx.requests.lock(RequestId(request))
            assert found is not None
            await tx.requests.save(decide(found, ANN, Verdict.APPROVE, NOON, on=here(found)))
            os._exit(17)

    asyncio.run(main())


async def test_a_process_that_dies_in_the_middle_leaves_nothing(store: SqlStore, database_url: str) -> None:
    await seed(store, profiles=[BOTH])
    request = await submitted(store, BOTH)
    before = rows(database_url)
    dying = multiprocessing.get_context("spawn").Process(target=die_in_the_middle, args=(database_url, request.id))
    dying.start()
    await asyncio.to_thread(dying.join)
    assert dying.exitcode == 17
    assert rows(database_url) == before
    assert len((await decided(store, request.id, BOB)).decisions) == 1


@contextmanager
def somebody_holds(url: str, request: int) -> Iterator[None]:
    """Another process keeps the request, or on SQLite the whole database, to itself."""
    with connected(url) as connection:
        if make_url(url).get_backend_name() == "sqlite":
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            connection.execute(text("SELECT 1 FROM requests WHERE id = :id FOR UPDATE"), {"id": request})
        yield
        connection.rollback()


async def test_past_the_deadline_nothing_is_recorded_and_the_person_is_told(store: SqlStore, database_url: str) -> None:
    await seed(store, profiles=[BOTH])
    request = await submitted(store, BOTH)
    before = rows(database_url)
    async with opened(database_url, deadline=SHORT) as hurried:
        with somebody_holds(database_url, request.id):
            # all of them wait for the same, and each of them is answered
            answers = await asyncio.gather(
                *(decided(hurried, request.id, ANN) for _ in range(16)), return_exceptions=True
            )
        assert {type(answer) for answer in answers} == {Busy}
        assert "Nothing was recorded" in str(answers[0])
        assert rows(database_url) == before
        assert len((await decided(store, request.id, ANN)).decisions) == 1


async def test_a_transaction_that_dawdles_is_not_committed(store: SqlStore, database_url: str) -> None:
    await seed(store, profiles=[BOTH])
    request = await submitted(store, BOTH)
    before = rows(database_url)

    async def dawdle() -> None:
        async with opened(database_url, deadline=SHORT) as hurried, hurried.transaction(Source.SLACK) as tx:
            await tx.requests.save(decide(request, ANN, Verdict.APPROVE, NOON, on=here(request)))
            await asyncio.sleep(2 * SHORT.total_seconds())

    with pytest.raises(Busy):
        await dawdle()
    assert rows(database_url) == before
    assert len((await decided(store, request.id, ANN)).decisions) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_on_sqlite_writers_are_served_in_the_order_they_came(store: SqlStore) -> None:
    order: list[int] = []

    async def write(number: int) -> None:
        async with store.transaction(Source.CLOCK) as tx:
            await tx.requests.new_id()
            order.append(number)

    await asyncio.gather(*map(write, range(30)))
    assert order == list(range(30))


async def test_a_moment_without_a_zone_is_refused(store: SqlStore) -> None:
    naive = datetime(2026, 11, 21, 12)  # noqa: DTZ001 - what has to be refused
    async with store.reading() as reading:
        with pytest.raises(ValueError, match="without a time zone"):
            await reading.delegations.delegators_of(ANN.id, naive)
    with pytest.raises(ValueError, match="without a time zone"):
        async with store.transaction(Source.CLOCK) as tx:
            await tx.requests.due(naive, 10)


class Stretch:
    """A wire between the store and PostgreSQL that can be stopped: what was sent stays on the way."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._open = asyncio.Event()
        self._open.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Stretch"]:
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    def stop(self) -> None:
        self._open.clear()

    def go_on(self) -> None:
        self._open.set()

    async def _join(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, forth = await asyncio.open_unix_connection(self._socket)
        for source, sink in ((near, forth), (far, back)):
            task = asyncio.create_task(self._carry(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while content := await source.read(65536):
                await self._open.wait()
                sink.write(content)
                await sink.drain()
        except ConnectionError:
            pass  # one side is gone; closing the other passes that on
        finally:
            sink.close()


@pytest.fixture
async def wire(databases: Databases) -> AsyncIterator[tuple[Stretch, SqlStore, SqlStore]]:
    """A wire, a store that has no need of it, and a hurried one on the same database behind it."""
    async with databases.migrated("postgresql") as url:
        host = make_url(url).query.get("host")
        if not isinstance(host, str) or not host.startswith("/"):
            pytest.skip("the server of COUNTERSIGN_TEST_DATABASE_URL is not reached through a socket file")
        async with Stretch(f"{host}/.s.PGSQL.5432").listening() as stretch:
            name = make_url(url).database
            behind = f"postgresql://postgres@127.0.0.1:{stretch.port}/{name}?sslmode=disable"
            async with opened(url) as store, opened(behind, deadline=SHORT) as hurried:
                yield stretch, store, hurried
                stretch.go_on()


@pytest.mark.parametrize("when", ["before", "between", "at the commit"])
async def test_a_database_that_hangs_is_not_waited_for(wire: tuple[Stretch, SqlStore, SqlStore], when: str) -> None:
    stretch, store, hurried = wire
    await seed(store, profiles=[BOTH])
    request = await submitted(store, BOTH)

    async def click() -> None:
        async with hurried.transaction(Source.SLACK) as tx:
            await tx.requests.lock(request.id)
            if when == "between":
                stretch.stop()
            await tx.requests.save(decide(request, ANN, Verdict.APPROVE, NOON, on=here(request)))
            stretch.stop()

    if when == "before":
        stretch.stop()
    with pytest.raises(Busy):
        await click()
    # what was on its way arrives after the server's own deadline, and is not carried out any more
    await asyncio.sleep(3 * SHORT.total_seconds())
    stretch.go_on()
    assert len((await decided(store, request.id, BOB)).decisions) == 1


def hang_up(url: str) -> None:
    """The server ends every other connection to the database, as it does when it is shut down."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    execute(url, text(f"SELECT pg_terminate_backend(pid, 60000) {others}"))


async def test_a_server_that_was_restarted_costs_nobody_a_click(databases: Databases) -> None:
    async with databases.migrated("postgresql") as url, opened(url) as store:
        await seed(store, profiles=[BOTH])
        request = await submitted(store, BOTH)
        await loaded(store, request.id)  # now there are idle connections to write and to read
        hang_up(url)
        assert len((await decided(store, request.id, ANN)).decisions) == 1
        assert len((await loaded(store, request.id)).decisions) == 1


@pytest.mark.parametrize("when", ["between", "at the commit"])
async def test_a_connection_that_is_lost_in_the_middle_can_be_begun_again(databases: Databases, when: str) -> None:
    async with databases.migrated("postgresql") as url, opened(url) as store:
        await seed(store, profiles=[BOTH])
        request = await submitted(store, BOTH)

        async def click() -> None:
            async with store.transaction(Source.SLACK) as tx:
                await tx.requests.save(decide(request, ANN, Verdict.APPROVE, NOON, on=here(request)))
                hang_up(url)
                if when == "between":
                    await tx.requests.get(request.id)

        with pytest.raises(Conflict):
            await click()
        assert len((await decided(store, request.id, ANN)).decisions) == 1


def test_new_files_are_switched_to_the_write_ahead_log_at_once(tmp_path: Path) -> None:
    """SQLite refuses one of two that do it at the same moment, and does not wait."""
    begin = threading.Barrier(3)

    def switch(file: Path) -> str:
        begin.wait()
        with closing(sqlite3.connect(file, timeout=0)) as connection:
            prepare(connection, None)
            return str(connection.execute("PRAGMA journal_mode").fetchone()[0])

    with ThreadPoolExecutor(3) as threads:
        for number in range(60):
            assert [*threads.map(switch, [tmp_path / f"{number}.db"] * 3)] == ["wal"] * 3
