"""How the parts of the store put their queries to the database: on the line of a transaction, one after the other."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection

from domain.store.session import Session
from domain.store.translation import translated

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Line(Protocol):
    """A connection in a transaction, and where its waiting is done."""

    dialect: str

    async def run(self, work: Callable[[Connection], _T]) -> _T:
        """Do *work*, which may wait for the database as if nobody else were there."""


class Asking:
    """What everything is asked through that a transaction offers."""

    def __init__(self, line: Line, session: Session) -> None:
        self._line = line
        self._session = session

    async def _run(self, work: Callable[Concatenate[Session, _P], _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Do *work*, whose statements wait for the database without keeping anyone else waiting."""

        def do(connection: Connection) -> _T:
            self._session.connection = connection
            return work(self._session, *args, **kwargs)

        with translated():
            return await self._line.run(do)
