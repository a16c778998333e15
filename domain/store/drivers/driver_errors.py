"""Turns database errors into errors of the domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from domain.common.errors import Busy, Conflict, NameTaken

_OUT_OF_TIME: Final = frozenset(
    {
        "25P03",  # idle_in_transaction_session_timeout
        "25P04",  # transaction_timeout
        "53300",  # too_many_connections
        "55P03",  # lock_timeout
        "57014",  # statement_timeout
        "57P03",  # the server is starting up or shutting down
    }
)
_AGAIN: Final = frozenset({"40001", "40P01"})
"""Serialisation failure and deadlock: somebody else was first."""
_LOCKED: Final = ("database is locked", "database table is locked")


@contextmanager
def translated() -> Iterator[None]:
    """Raise Busy where a statement could not be run in time, and Conflict where a transaction has to be begun again.

    A connection that is lost makes a Conflict too: nothing is known to be recorded, and who loads and decides again learns what was.
    ValueError where a value, such as a naive datetime, cannot be kept. Everything else is let through.
    """
    try:
        yield
    except NoConnectionInTime as error:
        raise Busy from error
    except DBAPIError as error:
        raise _translation(error) from error
    except StatementError as error:
        if isinstance(error.orig, ValueError):
            raise error.orig from error
        raise


def _translation(error: DBAPIError) -> Exception:
    if isinstance(error, IntegrityError):
        return Conflict() if _is_unique(error) else error
    state = error.orig.sqlstate if isinstance(error.orig, psycopg.Error) else None
    if state in _OUT_OF_TIME or is_locked(error):
        return Busy()
    if state in _AGAIN or error.connection_invalidated:
        return Conflict()
    return error


def is_locked(error: DBAPIError) -> bool:
    """Whether this is SQLite's word that another process has the database."""
    return any(text in str(error.orig) for text in _LOCKED)


@contextmanager
def unique_as(*, name: str) -> Iterator[None]:
    """Raise NameTaken where another profile that is not deleted has *name*."""
    try:
        yield
    except IntegrityError as error:
        if violates(error, "profiles_one_name", "profiles.folded_name"):
            raise NameTaken(name=name) from error
        raise


def violates(error: IntegrityError, constraint: str, columns: str) -> bool:
    """Whether *error* is of the unique *constraint*: PostgreSQL says its name, SQLite its *columns*."""
    if isinstance(error.orig, psycopg.Error):
        return error.orig.diag.constraint_name == constraint
    return str(error.orig) == f"UNIQUE constraint failed: {columns}"


def _is_unique(error: IntegrityError) -> bool:
    return isinstance(error.orig, psycopg.errors.UniqueViolation) or str(error.orig).startswith("UNIQUE constraint")
