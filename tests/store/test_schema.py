"""From empty to head, the migrations make exactly the tables that the store works with."""

import asyncio
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from domain.store import migrate, open_store, pending
from domain.store.tables import metadata
from tests.databases import Databases
from tests.rules.build import ANN
from tests.store.build import connected, execute


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
            "indexes": sorted((_index(one) for one in found.get_indexes(name)), key=repr),
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
        store = await open_store(url)
        async with store.reading() as reading:
            assert await reading.person(ANN.id) is None
        await store.close()


async def test_rows_survive_a_second_run(databases: Databases, database_kind: str) -> None:
    async with databases.migrated(database_kind) as url:
        execute(url, text("INSERT INTO counters (name, value) VALUES ('request', 7)"))
        await migrate(url)
        assert execute(url, text("SELECT value FROM counters")) == [(7,)]
