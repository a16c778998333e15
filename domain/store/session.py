"""What a query needs: the connection of its transaction, and what it has already read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import Connection, CursorResult, Executable, Row, Table
from sqlalchemy.dialects import postgresql, sqlite

from domain.approvals.profiles import ProfileVersion
from domain.approvals.requests import Request
from domain.audit.entries import Source

POSTGRESQL: Final = "postgresql"
SQLITE: Final = "sqlite"

VersionKey = tuple[str, int]
AnyRow = Row[*tuple[Any, ...]]
AnyResult = CursorResult[*tuple[Any, ...]]


class Head(NamedTuple):
    """The last entry of an audit chain: how many there are, and its hash."""

    number: int
    hash: str


@dataclass(slots=True)
class Session:
    """One transaction, as the queries see it. They are plain functions over it; the drivers' awaiting happens below them."""

    dialect: str
    source: Source
    snapshot: bool
    """Whether all statements see the same state. In a PostgreSQL transaction that writes, each sees what is committed when it begins."""
    versions: dict[VersionKey, ProfileVersion]
    """Profile versions that are committed: they never change, so every transaction of the process shares them."""
    connection: Connection | None = None
    """Set while work is done on it."""
    own_versions: dict[VersionKey, ProfileVersion] = field(default_factory=dict)
    """Those that this transaction saved: shared with nobody, because it may yet be rolled back."""
    seen: dict[int, tuple[Request, Head]] = field(default_factory=dict)
    """Each request as it was last read or saved here, and the head of its audit chain at that version."""

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> AnyResult:
        """Run *statement*; with a sequence of parameters, once for each in as few round trips as the driver can."""
        if self.connection is None:
            raise RuntimeError("a query was made outside the work of its transaction")
        return self.connection.execute(statement, parameters)


class _Insert(Protocol):
    def __call__(self, table: Table) -> Any: ...


_INSERTS: Final[Mapping[str, _Insert]] = {POSTGRESQL: postgresql.insert, SQLITE: sqlite.insert}


def per_dialect(build: Callable[[_Insert], Executable]) -> Mapping[str, Executable]:
    """A statement for each dialect, made by *build* from that dialect's `insert`: ON CONFLICT is spelt alike and typed apart."""
    return {name: build(insert) for name, insert in _INSERTS.items()}


def upsert(table: Table) -> Mapping[str, Executable]:
    """Insert a row of *table*, or replace the one with its primary key."""
    keys = [column.name for column in table.primary_key]

    def build(insert: _Insert) -> Executable:
        new = insert(table)
        changed = {column.name: new.excluded[column.name] for column in table.columns if column.name not in keys}
        statement: Executable = new.on_conflict_do_update(index_elements=keys, set_=changed)
        return statement

    return per_dialect(build)
