"""Events from Slack about people and user groups, with their times, so that an older list does not undo them."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, or_, select

from domain.store.session import Session, per_dialect
from domain.store.tables import heard, workspace

KEPT: Final = timedelta(days=1)
"""Longer than any list takes, and than Slack tells an event again."""

_LOCK: Final = select(workspace.c.one).with_for_update()


def _newer(row: object) -> object:
    """Slack's own time decides between two events; what was asked for yields to whatever was heard since."""
    told, heard_at = heard.c.told_at, heard.c.heard_at
    excluded = row.excluded  # type: ignore[attr-defined]  # both dialects' inserts have it, and no type in common
    return or_(
        (excluded.told_at.is_(None)) & (heard_at <= excluded.heard_at),
        (excluded.told_at.is_not(None)) & (told.is_(None) | (told <= excluded.told_at)),
    )


_RECORD: Final = per_dialect(
    lambda insert: (
        (row := insert(heard))
        .on_conflict_do_update(
            index_elements=["subject"],
            set_={"heard_at": row.excluded.heard_at, "told_at": func.coalesce(row.excluded.told_at, heard.c.told_at)},
            where=_newer(row),
        )
        .returning(heard.c.subject)
    )
)
_SINCE: Final = select(heard.c.subject).where(heard.c.heard_at >= bindparam("moment"))
_FORGET: Final = delete(heard).where(heard.c.heard_at < bindparam("moment"))


def lock(session: Session) -> None:
    """Wait for whoever else brings the mirror up to date, until the end of the transaction. On SQLite only one writes at a time anyhow."""
    session.execute(_LOCK)


def record_event(session: Session, subject: str, at: datetime, *, told_at: datetime | None = None) -> bool:
    """Note that *subject* was heard of at *at*; False where something newer is known of it."""
    found = session.execute(_RECORD[session.dialect], {"subject": subject, "heard_at": at, "told_at": told_at})
    return found.first() is not None


def changed_since(session: Session, moment: datetime) -> frozenset[str]:
    """Whatever was heard of at *moment* or later; what is older than `KEPT` is forgotten."""
    session.execute(_FORGET, {"moment": moment - KEPT})
    return frozenset(session.execute(_SINCE, {"moment": moment}).scalars())
