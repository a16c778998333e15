"""Parses database URLs."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from domain.store.session import POSTGRESQL, SQLITE

_KNOWN: Final = {"sqlite": SQLITE, "postgresql": POSTGRESQL, "postgres": POSTGRESQL}
_DRIVERS: Final = {SQLITE: "sqlite+pysqlite", POSTGRESQL: "postgresql+psycopg"}
_EXAMPLES: Final = "sqlite:///countersign.db or postgresql://user:password@host/database"


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == SQLITE


def database_url(text: str) -> URL:
    """*text*, with the driver that the store uses, whichever it named. Raises ValueError, with a sentence that says what to write."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError) as error:
        # neither the text nor the error is quoted: there may be a password in them
        raise ValueError(f"This is not the address of a database. Write, for instance, {_EXAMPLES}.") from error
    kind = _KNOWN.get(url.drivername.partition("+")[0])
    if kind is None:
        raise ValueError(
            f"Countersign keeps its record in SQLite or PostgreSQL, not in {url.drivername}. Write, for instance, {_EXAMPLES}."
        )
    if kind == SQLITE:
        _check_file(url)
    elif not url.database:
        raise ValueError(f"The address of the database does not name one. Write, for instance, {_EXAMPLES}.")
    return url.set(drivername=_DRIVERS[kind])


def _check_file(url: URL) -> None:
    if not url.database or ":memory:" in url.database or "mode=memory" in str(url):
        raise ValueError(
            f"SQLite needs a file here: what is kept in memory is gone with the process. Write, for instance, {_EXAMPLES}."
        )
    folder = Path(str(url.database).removeprefix("file:")).absolute().parent
    if not folder.is_dir():
        raise ValueError(f"The folder {folder} for the database does not exist.")
