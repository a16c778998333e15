"""Opens the database from the settings, for a command or for the bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from bot.environment.operator_error import Mistake
from bot.environment.settings import Settings, SettingsError
from domain.store import SqlStore, migrate, open_store, pending

PATIENT: Final = timedelta(seconds=30)
"""How long one transaction may take where nobody's click waits for it: a command of the terminal, a configuration applied as a whole."""


class DatabaseUnreachable(Mistake):
    """The database does not answer. The message says which, without its password, and what it said."""


@asynccontextmanager
async def opened(settings: Settings, *, deadline: timedelta = PATIENT) -> AsyncIterator[SqlStore]:
    """The store, while inside. A file of SQLite belongs to whoever opens it and is brought up to date; PostgreSQL is not.

    A transaction ends with domain.common.errors.Busy when it has lasted for *deadline*.

    Raises SettingsError where the address is none, or PostgreSQL is not up to date; DatabaseUnreachable.
    """
    url = settings.database_url.get_secret_value()
    if await is_pending(settings):
        if not url.startswith("sqlite"):
            raise SettingsError("The database is not up to date. Run `countersign migrate` first.")
        await migrate(url)
    store = await open_store(url, deadline=deadline)
    try:
        yield store
    finally:
        await store.close()


async def is_pending(settings: Settings) -> bool:
    """Whether the database still has to be migrated. Raises SettingsError, DatabaseUnreachable."""
    try:
        return await pending(settings.database_url.get_secret_value())
    except ValueError as error:
        raise SettingsError(f"{'COUNTERSIGN_DATABASE_URL'}: {error!s}") from error
    except Exception as error:
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise DatabaseUnreachable(f"The database {settings.database} cannot be used: {said}") from error


async def bring_up_to_date(settings: Settings) -> bool:
    """Migrate to the latest revision; whether anything was to do. Raises SettingsError, DatabaseUnreachable."""
    if not await is_pending(settings):
        return False
    await migrate(settings.database_url.get_secret_value())
    return True
