"""The audit: entries are appended to a hash chain whose head the transaction locks, and never change."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, text, update

from domain.audit.entries import GENESIS, AuditEntry, canonical, link
from domain.ports import RecordedEntry
from domain.store.repository import Repository, query
from domain.store.session import AnyRow, Head, Session, per_dialect
from domain.store.tables import audit_entries, audit_heads

COUNTERSIGN: Final = "countersign"
"""The chain of everything that is not a request."""
EMPTY: Final = Head(0, GENESIS)

_APPEND: Final = insert(audit_entries)
_OF_CHAIN: Final = (
    select(audit_entries).where(audit_entries.c.chain == bindparam("of")).order_by(audit_entries.c.number)
)
_ABOUT: Final = (
    select(audit_entries)
    .where(text(f"chain = '{COUNTERSIGN}'"), audit_entries.c.subject == bindparam("about"))
    .order_by(audit_entries.c.number)
)
_AFTER: Final = (
    select(audit_entries)
    .where(audit_entries.c.id > bindparam("after"))
    .order_by(audit_entries.c.id)
    .limit(bindparam("limit"))
)
_LOCK_HEAD: Final = per_dialect(
    # inserts it the first time, else locks it as it is; either way gives what is there now
    lambda insert: (
        insert(audit_heads)
        .on_conflict_do_update(index_elements=["chain"], set_={"number": audit_heads.c.number})
        .returning(audit_heads.c.number, audit_heads.c.hash)
    )
)
_MOVE_HEAD: Final = (
    update(audit_heads)
    .where(audit_heads.c.chain == bindparam("of"))
    .values(number=bindparam("last"), hash=bindparam("last_hash"))
)


def append(session: Session, chain: str, head: Head, entries: Sequence[AuditEntry]) -> Head:
    """Add *entries* to *chain* after *head*, which the caller holds locked; gives the new head."""
    rows = []
    for entry in entries:
        number = head.number + 1
        hashed = link(head.hash, canonical(entry, source=session.source, number=number))
        rows.append(_row(session, entry) | {"chain": chain, "number": number, "previous": head.hash, "hash": hashed})
        head = Head(number, hashed)
    if rows:
        session.execute(_APPEND, rows)
    return head


def record(session: Session, entry: AuditEntry) -> None:
    """Add *entry* to the chain of everything that is not a request."""
    found = session.execute(
        _LOCK_HEAD[session.dialect], {"chain": COUNTERSIGN, "number": EMPTY.number, "hash": EMPTY.hash}
    ).one()
    head = append(session, COUNTERSIGN, Head(*found), [entry])
    session.execute(_MOVE_HEAD, {"of": COUNTERSIGN, "last": head.number, "last_hash": head.hash})


def chain(session: Session, chain: str) -> tuple[RecordedEntry, ...]:
    """The entries of *chain*, oldest first."""
    return tuple(_read(row) for row in session.execute(_OF_CHAIN, {"of": chain}))


def about(session: Session, subject: str) -> tuple[RecordedEntry, ...]:
    """The entries about *subject*, which is no request, oldest first."""
    return tuple(_read(row) for row in session.execute(_ABOUT, {"about": subject}))


def after(session: Session, id: int, *, until: datetime, limit: int) -> tuple[RecordedEntry, ...]:
    """Entries of every chain that come after the one numbered *id*, as far as the first that is younger than *until*."""
    found = map(_read, session.execute(_AFTER, {"after": id, "limit": limit}))
    return tuple(takewhile(lambda one: one.entry.at <= until, found))


def first_broken(entries: Sequence[RecordedEntry]) -> int | None:
    """The place, from 1, of the first of *entries*, a whole chain, that is not what was recorded there; None where all are.

    Finds what was edited, removed before the last, inserted or put in another order. That the tail was cut, a chain cannot tell.
    """
    previous = GENESIS
    for place, recorded in enumerate(entries, 1):
        hashed = link(previous, canonical(recorded.entry, source=recorded.source, number=place))
        if (recorded.number, recorded.previous, recorded.hash) != (place, previous, hashed):
            return place
        previous = hashed
    return None


def _row(session: Session, entry: AuditEntry) -> dict[str, Any]:
    plain = entry.model_dump(mode="json")
    return {
        "source": session.source,
        "action": entry.action,
        "subject": entry.subject,
        "at": entry.at,
        "by": entry.by,
        "on_behalf_of": entry.on_behalf_of,
        "before": json.dumps(plain["before"]),
        "after": json.dumps(plain["after"]),
        "reason": entry.reason,
    }


def _read(row: AnyRow) -> RecordedEntry:
    entry = AuditEntry(
        action=row.action,
        subject=row.subject,
        at=row.at,
        by=row.by,
        on_behalf_of=row.on_behalf_of,
        before=json.loads(row.before),
        after=json.loads(row.after),
        reason=row.reason,
    )
    return RecordedEntry(
        id=row.id,
        chain=row.chain,
        number=row.number,
        source=row.source,
        entry=entry,
        previous=row.previous,
        hash=row.hash,
    )


class SqlAuditReader(Repository):
    """`domain.ports.audit.AuditReader`."""

    chain = query(chain)
    after = query(after)
    about = query(about)


class SqlAuditWriter(SqlAuditReader):
    """`domain.ports.audit.AuditWriter`."""

    record = query(record)
