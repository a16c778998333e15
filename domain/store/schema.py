"""Migrates a database with alembic. The product runs the migrations itself, also from an installed wheel."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, create_engine, event, inspect, pool, select

from domain.store.drivers.sqlite import prepare
from domain.store.drivers.urls import database_url, is_sqlite

HEAD: Final = "2026_12_01_leases"
"""The latest revision. It is written here too, so that a start that has nothing to migrate need not load alembic."""
_LOCK: Final = 0x636F756E746572
"""The advisory lock ("counter") under which one replica of several that start together migrates."""
_PRESENT: Final = Table("alembic_version", MetaData(), Column("version_num", String(32)))


async def migrate(url: str) -> None:
    """Bring the database at *url* to the latest revision, creating what is missing. Raises ValueError as `open_store` does."""
    await asyncio.to_thread(_migrate, url)


async def pending(url: str) -> bool:
    """Whether the database at *url* is not at the revision that this version of Countersign needs."""
    return await asyncio.to_thread(_pending, url)


def _migrate(url: str) -> None:
    with _connected(url) as connection:
        if _is_at_head(connection):
            return
        from alembic import command  # noqa: PLC0415 - a third of the time it takes to start, and seldom needed
        from alembic.config import Config  # noqa: PLC0415 - the same

        config = Config()
        # the migrations are a package beside this one; a percent sign would begin a reference
        config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _pending(url: str) -> bool:
    with _connected(url) as connection:
        return not _is_at_head(connection)


def _is_at_head(connection: Connection) -> bool:
    if not inspect(connection).has_table(_PRESENT.name):
        return False
    return connection.execute(select(_PRESENT.c.version_num)).scalars().all() == [HEAD]


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """A connection in a transaction that is alone in changing tables, and is kept when the block ends."""
    parsed = database_url(url)
    engine = create_engine(parsed, poolclass=pool.NullPool)
    if is_sqlite(parsed):
        event.listen(engine, "connect", prepare)
    try:
        with engine.begin() as connection:
            if is_sqlite(parsed):
                connection.exec_driver_sql("PRAGMA busy_timeout = 30000")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection
    finally:
        engine.dispose()
