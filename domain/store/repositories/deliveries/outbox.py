"""The outbox for everything that is sent until it arrives: claim, finish, retry.

A worker claims an item that is due: a lease keeps other workers away from it, and its number of attempts grows by one. That number is the
fence. A worker that stalls beyond its lease finds, when it wants to finish, that the number has changed: another worker has claimed the
item since, and what the late one says changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, Update, bindparam, or_, select, update

from domain.store.session import AnyRow, Session


class Outbox:
    """The outbox that *table* holds, in its columns `due_at`, `leased_until` and `attempts`.

    An item is to be sent from `due_at` on; where that is null, nothing more is to be sent of it.
    """

    def __init__(
        self,
        table: Table,
        *,
        outcome: Collection[str] = (),
        on_claim: Mapping[str, Any] | None = None,
        only: Sequence[ColumnElement[bool]] = (),
    ) -> None:
        """*outcome* are the columns that the end of an attempt sets; *on_claim* what a claim sets besides, with `:moment` for its time.

        *only* limits which items can be claimed.
        """
        columns, key = table.c, tuple(table.primary_key.columns)
        self._key: Final = tuple(f"key_{column.name}" for column in key)
        self._outcome: Final = frozenset(outcome)
        self._stamps: Final = bool(on_claim)
        this_item = tuple(column == bindparam(name) for column, name in zip(key, self._key, strict=True))
        self.held: Final = (*this_item, columns.attempts == bindparam("attempt"), columns.leased_until.is_not(None))
        """Whether the worker that made this attempt still holds the item; the parameters are those of `claimed`."""
        self.claimable: Final[Select[Any]] = (
            select(table)
            .where(
                columns.due_at <= bindparam("moment"),
                or_(columns.leased_until.is_(None), columns.leased_until <= bindparam("moment")),
                *only,
            )
            .order_by(columns.due_at, *key)
            .limit(bindparam("limit"))
            .with_for_update(skip_locked=True)
        )
        self._claim: Final[Update] = (
            update(table)
            .where(*this_item)
            .values(leased_until=bindparam("until"), attempts=columns.attempts + 1, **(on_claim or {}))
        )
        self._end: Final[Update] = (
            update(table)
            .where(*self.held)
            .values(
                leased_until=None,
                due_at=bindparam("next"),
                **{name: bindparam(f"new_{name}") for name in self._outcome},
            )
        )
        self._end_leases: Final[Update] = (
            update(table).where(columns.leased_until.is_not(None)).values(leased_until=None)
        )

    def claim(self, session: Session, at: datetime, lease: timedelta, limit: int, **only: Any) -> Sequence[AnyRow]:
        """Up to *limit* items that are due at *at* and that nobody else holds, earliest first, held until *at* + *lease*.

        The rows are as they were before: the attempt that begins now is their `attempts` + 1.
        """
        rows = session.execute(self.claimable, {"moment": at, "limit": limit, **only}).all()
        if rows:
            times = {"until": at + lease, **({"moment": at} if self._stamps else {})}
            session.execute(self._claim, [times | self._key_of(row) for row in rows])
        return rows

    def claimed(self, key: Sequence[Any], attempt: int) -> dict[str, Any]:
        """The parameters of `held`: the item with this primary key, in this attempt."""
        return {**dict(zip(self._key, key, strict=True)), "attempt": attempt}

    def finish(self, session: Session, key: Sequence[Any], attempt: int, **outcome: Any) -> bool:
        """Nothing more is to be sent of the item, with this *outcome*; False where the lease was lost: then nothing changes."""
        return self._ended(session, key, attempt, None, outcome)

    def retry(self, session: Session, key: Sequence[Any], attempt: int, due_at: datetime, **outcome: Any) -> bool:
        """The item is to be sent again from *due_at* on; False where the lease was lost: then nothing changes."""
        return self._ended(session, key, attempt, due_at, outcome)

    def end_leases(self, session: Session) -> None:
        """Let go of every item that is held."""
        session.execute(self._end_leases)

    def _key_of(self, row: AnyRow) -> dict[str, Any]:
        return {parameter: getattr(row, parameter.removeprefix("key_")) for parameter in self._key}

    def _ended(
        self, session: Session, key: Sequence[Any], attempt: int, due_at: datetime | None, outcome: Mapping[str, Any]
    ) -> bool:
        if outcome.keys() != self._outcome:
            raise TypeError(f"the end of an attempt sets {sorted(self._outcome)}, not {sorted(outcome)}")
        new = {f"new_{name}": value for name, value in outcome.items()}
        return session.execute(self._end, self.claimed(key, attempt) | {"next": due_at} | new).rowcount == 1
