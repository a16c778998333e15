"""Words to people that are about no request, and which of them are still to be posted."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update

from domain.notices.direct_messages import Letter
from domain.ports import ClaimedLetter
from domain.store.repository import Repository, query
from domain.store.session import Session, per_dialect
from domain.store.tables import letters

_ADD: Final = per_dialect(lambda insert: insert(letters).on_conflict_do_nothing(index_elements=["key"]))
_CLAIMABLE: Final = (
    select(letters)
    .where(letters.c.due_at <= bindparam("moment"))
    .order_by(letters.c.due_at, letters.c.key)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM: Final = (
    update(letters)
    .where(letters.c.key == bindparam("of"))
    .values(due_at=bindparam("until"), attempts=letters.c.attempts + 1)
)
_SAVE: Final = (
    update(letters)
    .where(letters.c.key == bindparam("of"), letters.c.attempts == bindparam("attempt"))
    .values(due_at=bindparam("next"))
)


def add(session: Session, new: Collection[Letter], at: datetime) -> None:
    """New ones by their key; those that were written before stay as they are."""
    if new:
        rows = [letter.model_dump() | {"written_at": at, "due_at": at, "attempts": 0} for letter in new]
        session.execute(_ADD[session.dialect], rows)


def claim(session: Session, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedLetter, ...]:
    rows = session.execute(_CLAIMABLE, {"moment": at, "limit": limit}).all()
    if rows:
        session.execute(_CLAIM, [{"of": row.key, "until": at + lease} for row in rows])
    return tuple(
        ClaimedLetter(
            letter=Letter.model_validate(row, from_attributes=True),
            written_at=row.written_at,
            attempts=row.attempts + 1,
        )
        for row in rows
    )


def save(session: Session, claimed: ClaimedLetter, due_at: datetime | None) -> None:
    """When it is looked at next, None for never; unless somebody else has claimed it since."""
    session.execute(_SAVE, {"of": claimed.letter.key, "attempt": claimed.attempts, "next": due_at})


class SqlDirectMessages(Repository):
    """`domain.ports.messages.DirectMessages`."""

    add = query(add)
    claim = query(claim)
    save = query(save)
