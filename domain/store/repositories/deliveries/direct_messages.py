"""Direct messages that belong to no request, and which of them are not posted yet."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from domain.notices.direct_messages import DirectMessage
from domain.ports import ClaimedDirectMessage
from domain.store.repositories.deliveries.outbox import Outbox
from domain.store.repository import Repository, query
from domain.store.session import Session, per_dialect
from domain.store.tables import letters

outbox: Final = Outbox(letters)
_ADD: Final = per_dialect(lambda insert: insert(letters).on_conflict_do_nothing(index_elements=["key"]))


def add(session: Session, new: Collection[DirectMessage], at: datetime) -> None:
    """New ones by their key; those that were written before stay as they are."""
    if new:
        rows = [message.model_dump() | {"written_at": at, "due_at": at, "attempts": 0} for message in new]
        session.execute(_ADD[session.dialect], rows)


def claim(session: Session, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedDirectMessage, ...]:
    return tuple(
        ClaimedDirectMessage(
            message=DirectMessage.model_validate(row, from_attributes=True),
            written_at=row.written_at,
            attempt=row.attempts + 1,
        )
        for row in outbox.claim(session, at, lease, limit)
    )


def finish(session: Session, claimed: ClaimedDirectMessage) -> bool:
    return outbox.finish(session, [claimed.message.key], claimed.attempt)


def retry(session: Session, claimed: ClaimedDirectMessage, due_at: datetime) -> bool:
    return outbox.retry(session, [claimed.message.key], claimed.attempt, due_at)


class SqlDirectMessages(Repository):
    """`domain.ports.messages.DirectMessages`."""

    add = query(add)
    claim = query(claim)
    finish = query(finish)
    retry = query(retry)
