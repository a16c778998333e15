"""A connection in a transaction, as the repositories use it."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

_T = TypeVar("_T")


class TransactionConnection(Protocol):
    """A connection in a transaction, and where the waiting for the database is done."""

    dialect: str

    async def run(self, work: Callable[[Connection], _T]) -> _T:
        """Do *work*, which is written as if nobody else waited, without keeping anybody else waiting."""
