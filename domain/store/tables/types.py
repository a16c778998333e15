"""Column types: times and the enumerations of the domain."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, Dialect, Enum, String, literal_column
from sqlalchemy.types import TypeDecorator, TypeEngine

_WRITTEN: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_WRITTEN_LENGTH: Final = len("2026-11-21T18:00:00.000000Z")
_LONGEST_VALUE: Final = 40
"""Room for values to come, so that a new one does not alter the column."""


class Moment(TypeDecorator[datetime]):
    """An aware datetime, to the microsecond: timestamptz on PostgreSQL, UTC text of one width (so that it sorts) on SQLite.

    What is read is in UTC. Raises ValueError for a naive one.
    """

    impl = String(_WRITTEN_LENGTH)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(_WRITTEN_LENGTH))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value}")
        value = value.astimezone(UTC)
        # strftime does not pad a year before 1000, isoformat leaves out microseconds of 0: neither is one width
        return value if dialect.name == "postgresql" else f"{value.year:04}{value:{_WRITTEN[2:]}}"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value if dialect.name == "postgresql" else datetime.fromisoformat(value)
        return moment.astimezone(UTC)


def one_of(enumeration: type[StrEnum], name: str) -> Enum:
    """A text column that holds a value of *enumeration*, and a CHECK, called *name* within its table, that says so."""
    return Enum(
        enumeration,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=_LONGEST_VALUE,
        values_callable=lambda members: [member.value for member in members],
    )


def literally(value: StrEnum) -> ColumnElement[str]:
    """*value*, spelt out in the statement: an index on some of the rows is used only where the statement itself says which."""
    return literal_column(f"'{value}'")
