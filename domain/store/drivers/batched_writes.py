"""Sends several writes as one statement to PostgreSQL, where each statement is a round trip: a decision makes five writes.

Not for rows that the database numbers: the server makes the writes of one statement in an order of its own.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Insert, Select, Update, bindparam, func, literal_column, select
from sqlalchemy.sql.visitors import cloned_traverse

from domain.store.session import POSTGRESQL, Session

_SHAPES: Final = 256
"""How many combinations of statements are remembered; a few occur."""


class Write(NamedTuple):
    """A row to insert, or to change: the statement and the values of its parameters, by name."""

    statement: Insert | Update
    values: Mapping[str, Any]


_Shape = tuple[tuple[Insert | Update, tuple[str, ...]], ...]


def write(session: Session, writes: Sequence[Write]) -> int:
    """Make all *writes*, none of which may look at what another one writes; how many rows the first of them wrote.

    References between the rows are checked when all are there. Raises sqlalchemy.exc.IntegrityError.
    """
    if session.dialect != POSTGRESQL:
        first, *_ = [session.execute(write.statement, write.values).rowcount for write in writes]
        return first
    shape = tuple((write.statement, tuple(write.values)) for write in writes)
    values = {f"{name}_{number}": value for number, write in enumerate(writes) for name, value in write.values.items()}
    count: int = session.execute(_as_one(shape), values).scalar_one()
    return count


@lru_cache(_SHAPES)
def _as_one(shape: _Shape) -> Select[int]:
    """Data-modifying WITH: https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-MODIFYING."""
    first, *others = (_numbered(statement, names, number) for number, (statement, names) in enumerate(shape))
    counted = first.returning(literal_column("1")).cte("first")
    return select(func.count()).select_from(counted).add_cte(*(other.cte(f"w{n}") for n, other in enumerate(others, 1)))


def _numbered(statement: Insert | Update, names: tuple[str, ...], number: int) -> Insert | Update:
    """*statement* with *number* at the end of each parameter's name, so that none has the name of another's."""
    if isinstance(statement, Insert):
        return statement.values({name: bindparam(f"{name}_{number}") for name in names})

    def rename(parameter: BindParameter[Any]) -> None:
        parameter.key = f"{parameter.key}_{number}"

    return cloned_traverse(statement, {}, {"bindparam": rename})
