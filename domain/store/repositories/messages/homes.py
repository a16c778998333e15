"""Who has their App Home open, so that any replica can update it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select

from domain.people.people import PersonId
from domain.store.repository import Repository, query
from domain.store.session import Session, upsert
from domain.store.tables import viewers as table

_LOOKS: Final = upsert(table)
_LAST: Final = (
    select(table.c.person, table.c.place)
    .where(table.c.seen_at >= bindparam("since"))
    .order_by(table.c.seen_at.desc())
    .limit(bindparam("limit"))
)
_PLACE: Final = select(table.c.place).where(table.c.person == bindparam("of"))
_FORGET: Final = delete(table).where(
    table.c.person.in_(
        # one that another replica is just writing has looked since
        select(table.c.person).where(table.c.seen_at < bindparam("before")).with_for_update(skip_locked=True)
    )
)


def record_view(session: Session, person: PersonId, place: str, at: datetime) -> None:
    """*person* looks at *place*."""
    session.execute(_LOOKS[session.dialect], {"person": person, "place": place, "seen_at": at})


def view_of(session: Session, person: PersonId) -> str | None:
    """Where in their Home *person* last looked."""
    place: str | None = session.execute(_PLACE, {"of": person}).scalar_one_or_none()
    return place


def viewers(session: Session, since: datetime, limit: int) -> Mapping[PersonId, str]:
    """Who has looked since then, the latest first, and where."""
    return {PersonId(row.person): row.place for row in session.execute(_LAST, {"since": since, "limit": limit})}


def forget_views(session: Session, before: datetime) -> None:
    """Forget those who have not looked since."""
    session.execute(_FORGET, {"before": before})


class SqlHomeReader(Repository):
    """`domain.ports.messages.HomeReader`."""

    view_of = query(view_of)
    viewers = query(viewers)


class SqlHomeWriter(SqlHomeReader):
    """`domain.ports.messages.HomeWriter`."""

    record_view = query(record_view)
    forget_views = query(forget_views)
