"""Bringing a database up to date: alembic's migrations, run by the product itself, also from an installed wheel."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, pool

from domain.store.sqlite import prepare
from domain.store.urls import database_url, is_sqlite

_LOCK: Final = 0x636F756E746572
"""The advisory lock ("counter") under which one replica of several that start together migrates."""


async def migrate(url: str) -> None:
    """Bring the database at *url* to the latest revision, creating what is missing. Raises ValueError as `open_store` does."""
    await asyncio.to_thread(_migrate, url)


async def pending(url: str) -> bool:
    """Whether the database at *url* lacks a revision that this version of Countersign needs."""
    return await asyncio.to_thread(_pending, url)


def configuration() -> Config:
    """Alembic's configuration, without a file: the migrations are a package beside this one."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _migrate(url: str) -> None:
    with _connected(url) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _pending(url: str) -> bool:
    with _connected(url) as connection:
        present = set(MigrationContext.configure(connection).get_current_heads())
    return present != set(ScriptDirectory.from_config(configuration()).get_heads())


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
