"""From empty to head, the migrations make exactly the tables that the store works with."""

import asyncio
import os
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from domain.audit.entries import Source
from domain.store import migrate, pending
from domain.store.schema import HEAD
from domain.store.tables import metadata
from tests import ROOT
from tests.databases import Databases, opened
from tests.domain.store.build import connected, execute
from tests.rules.build import ANN, HOUR, NOON

FILLED = ("audit_entries", "requests", "counters", "notices", "resources")
BEFORE = (
    "INSERT INTO counters (name, value) VALUES ('request', 7)",
    "INSERT INTO resources (key, kind, name, description) VALUES ('web', 'ra_profile', 'Web', '')",
    (
        "INSERT INTO requests (id, version, operation, entry, entry_name, requester, reason, material, digest, object_key, status,"
        " operation_status, created_at, decision_count, comment_count, audit_number, audit_hash, announced, announce_at)"
        " VALUES (7, 1, 'issue', 'web', 'Web', 'T1/ANN', 'because', '{}', 'd', 'k', 'approved', 'released',"
        " '2026-11-21T12:00:00.000000Z', 0, 0, 1, 'h', 1, '2026-11-21T12:00:00.000000Z')"
    ),
    (
        "INSERT INTO audit_entries (chain, number, source, action, subject, at, before, after, reason, previous, hash)"
        " VALUES ('request:7', 1, 'slack', 'request.submitted', 'request:7', '2026-11-21T12:00:00.000000Z', '{}', '{}',"
        " 'because', 'p', 'h')"
    ),
    (
        "INSERT INTO notices (request, key, kind, person, gate, step, decision, under, conversation, ts, shown, failure)"
        " VALUES (7, 'alert:short:0:T1/ANN', 'alert', 'T1/ANN', 0, 0, 0, '', 'D1', '17.1', 1, 'is_archived')"
    ),
)
"""Rows as the first tables took them."""
ON_ITS_WAY = (
    "INSERT INTO webhooks VALUES ('ra', 'https://ra', '', 1, NULL, '2026-11-21T12:00:00.000000Z', 0, NULL, NULL, '')",
    (
        "INSERT INTO webhook_deliveries (endpoint, request, number, event, attempts, due_at, failure)"
        " VALUES ('ra', 7, 1, 'request.submitted', 1, NULL, ''),"
        " ('ra', 7, 2, 'request.submitted', 2, '2026-11-21T12:00:00.000000Z', '')"
    ),
    (
        "INSERT INTO letters VALUES ('k', 'T1/ANN', 'appointed', NULL, NULL, '2026-11-21T12:00:00.000000Z',"
        " '2026-11-21T12:00:00.000000Z', 2)"
    ),
)
"""Two deliveries, the first of them accepted, and a direct message, as they were before leases had a column."""


def differences(connection: Connection) -> list[Any]:
    """What `alembic check` would complain of."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def described(connection: Connection) -> dict[str, Any]:
    """All that there is about each table, with what alembic does not compare: checks, and the conditions of indexes."""
    found = inspect(connection)
    return {
        name: {
            "columns": [{**column, "type": repr(column["type"])} for column in found.get_columns(name)],
            "key": found.get_pk_constraint(name),
            "references": sorted(found.get_foreign_keys(name), key=repr),
            "unique": sorted(found.get_unique_constraints(name), key=repr),
            "checks": sorted(found.get_check_constraints(name), key=repr),
            "indexes": sorted((_index(index) for index in found.get_indexes(name)), key=repr),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def _index(one: Any) -> dict[str, Any]:
    options = {name: str(value) for name, value in (one.get("dialect_options") or {}).items()}
    return {**one, "dialect_options": options}


async def test_the_head_is_what_the_store_works_with(databases: Databases, database_kind: str) -> None:
    async with databases.empty(database_kind) as migrated, databases.empty(database_kind) as created:
        await migrate(migrated)
        with connected(created) as connection:
            metadata.create_all(connection)
            connection.commit()
            expected = described(connection)
        with connected(migrated) as connection:
            assert differences(connection) == []
            assert described(connection) == expected
    assert set(expected) == {table.name for table in metadata.tables.values()}


async def test_a_table_that_differs_is_seen(databases: Databases, database_kind: str) -> None:
    async with databases.empty(database_kind) as url:
        await migrate(url)
        execute(url, text("DROP INDEX work_items_due"))
        with connected(url) as connection:
            assert differences(connection) != []


async def test_pending_until_it_was_migrated_and_again_is_nothing(databases: Databases, database_kind: str) -> None:
    async with databases.empty(database_kind) as url:
        assert await pending(url)
        await migrate(url)
        assert not await pending(url)
        await migrate(url)
        assert not await pending(url)


async def test_two_replicas_that_start_together(databases: Databases, database_kind: str) -> None:
    async with databases.empty(database_kind) as url:
        await asyncio.gather(migrate(url), migrate(url), migrate(url))
        assert not await pending(url)
        async with opened(url) as store, store.reading() as reading:
            assert await reading.people.person(ANN.id) is None


def test_the_head_is_the_one_that_is_written_down() -> None:
    script = ScriptDirectory(str(files("migrations")))
    assert script.get_heads() == [HEAD]


async def test_a_database_of_a_later_version_is_not_ours_to_use(databases: Databases, database_kind: str) -> None:
    async with databases.empty(database_kind) as url:
        await migrate(url)
        execute(url, text("UPDATE alembic_version SET version_num = '2031_01_01_from_the_future'"))
        assert await pending(url)
        with pytest.raises(CommandError, match="2031_01_01_from_the_future"):
            await migrate(url)


def test_it_works_from_an_installed_wheel(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own interpreter
    [wheel] = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    program = (
        "import asyncio, sys, migrations\n"
        "from domain.store import migrate, pending\n"
        "async def main(url):\n"
        "    await migrate(url)\n"
        "    print(migrations.__file__, await pending(url))\n"
        "asyncio.run(main(sys.argv[1]))\n"
    )
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program, f"sqlite:///{tmp_path / 'new.db'}"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert run.stdout.split() == [str(installed / "migrations" / "__init__.py"), "False"]


async def test_rows_survive_a_second_run(databases: Databases, database_kind: str) -> None:
    async with databases.migrated(database_kind) as url:
        execute(url, text("INSERT INTO counters (name, value) VALUES ('request', 7)"))
        await migrate(url)
        assert execute(url, text("SELECT value FROM counters")) == [(7,)]


async def upgraded(url: str, revision: str) -> None:
    with connected(url) as connection:
        config = Config()
        config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        await asyncio.to_thread(command.upgrade, config, revision)
        connection.commit()


async def test_what_was_accepted_and_not_reported_is_missing_its_result(
    databases: Databases, database_kind: str
) -> None:
    async with databases.empty(database_kind) as url:
        await upgraded(url, "2026_11_22_doubt")
        for request, status, accepted in ((7, "released", True), (8, "executed", True), (9, "released", False)):
            execute(url, text(BEFORE[2].replace("(7,", f"({request},").replace("'released'", f"'{status}'")))
            moment = "'2026-11-21T12:00:00.000000Z'"
            columns = "request, operation, digest, at, number, accepted_at"
            values = f"{request}, 'issue', 'd', {moment}, 1, {moment if accepted else 'NULL'}"
            execute(url, text(f"INSERT INTO releases ({columns}) VALUES ({values})"))  # noqa: S608 - our own words
        await migrate(url)
        found = execute(url, text("SELECT request FROM releases WHERE expected_at = accepted_at"))
        assert found == [(7,)]


async def test_what_was_on_its_way_before_leases_had_a_column_is_on_its_way(
    databases: Databases, database_kind: str
) -> None:
    async with databases.empty(database_kind) as url:
        await upgraded(url, "2026_11_22_letters")
        for statement in (BEFORE[2], *ON_ITS_WAY):
            execute(url, text(statement))
        await migrate(url)
        async with opened(url) as store, store.transaction(Source.CLOCK) as tx:
            [message] = await tx.direct_messages.claim(NOON, HOUR, 9)
            [delivery] = await tx.webhooks.claim("ra", NOON, HOUR, 9)
        assert (message.message.key, message.attempt) == ("k", 3)
        assert (delivery.number, delivery.attempts) == (2, 3)


async def test_rows_survive_every_migration(databases: Databases, database_kind: str) -> None:
    """From each revision that a database may stand at, with rows in the tables that later ones changed."""
    first = ScriptDirectory(str(files("migrations"))).get_base()
    assert first is not None
    async with databases.empty(database_kind) as url:
        await upgraded(url, first)
        for statement in BEFORE:
            execute(url, text(statement))
        before = {table: execute(url, text(f"SELECT * FROM {table}")) for table in FILLED}  # noqa: S608 - our own names
        await migrate(url)
        for table, rows in before.items():
            after = execute(url, text(f"SELECT * FROM {table}"))  # noqa: S608 - the same
            assert [row[: len(rows[0])] for row in after] == rows, table
        added = execute(url, text("SELECT rules, noted FROM resources, requests"))
        assert added == [("{}", "[]")], "what was there has no rules, and nothing was noted of it"
