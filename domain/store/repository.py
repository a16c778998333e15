"""How a repository offers its queries: plain functions over a `Session` become its methods."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from sqlalchemy import Connection

from domain.store.drivers.connection import TransactionConnection
from domain.store.drivers.driver_errors import translated
from domain.store.session import Session

P = ParamSpec("P")
T = TypeVar("T")


class Repository:
    """What a transaction offers about one concern; its methods are `query` attributes."""

    def __init__(self, connection: TransactionConnection, session: Session) -> None:
        self._connection = connection
        self._session = session

    async def run(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run *work* on the connection of the transaction. Raises Busy and Conflict as `driver_errors.translated` does."""

        def do(connection: Connection) -> T:
            self._session.connection = connection
            return work(self._session, *args, **kwargs)

        with translated():
            return await self._connection.run(do)


class query(Generic[P, T]):  # noqa: N801 - reads as the decorator-like word that it is
    """A method of a `Repository` that runs *work*, a function of the session, as a coroutine with the same parameters."""

    def __init__(self, work: Callable[Concatenate[Session, P], T]) -> None:
        self._work = work

    @overload
    def __get__(self, repository: None, owner: type) -> Self: ...
    @overload
    def __get__(self, repository: Repository, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, repository: Repository | None, owner: type) -> Self | Callable[P, Coroutine[Any, Any, T]]:
        return self if repository is None else partial(repository.run, self._work)


R = TypeVar("R", bound=Repository)


class concern(Generic[R]):  # noqa: N801 - the same
    """An attribute of a reading or transaction that holds the repository of one concern, made when it is first used."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: "Unit", owner: type) -> R:
        repository = self._kind(unit.connection, unit.session)
        unit.__dict__[self._name] = repository
        return repository


class Unit:
    """A reading or a transaction: a connection, and what has been learnt on it."""

    def __init__(self, connection: TransactionConnection, session: Session) -> None:
        self.connection = connection
        self.session = session
