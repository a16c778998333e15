"""Messages about requests, other direct messages, certificate files, and open App Homes."""

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from domain.notices.direct_messages import Occasion
from domain.notices.notices import NoticeKind
from domain.store.tables.base import Number, metadata
from domain.store.tables.types import Moment, one_of

notices: Final = Table(
    "notices",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("request", Number, ForeignKey("requests.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", one_of(NoticeKind, "kind"), nullable=False),
    Column("person", String(80)),
    Column("channel", String(40)),
    Column("gate", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("decision", Integer, nullable=False),
    Column("since", Moment),
    Column("under", Text, nullable=False),
    # what became of it
    Column("conversation", String(40)),
    Column("ts", String(40)),
    Column("shown", Integer, nullable=False),
    Column("attempted_at", Moment),
    Column("failure", Text),
    Column("failed_at", Moment),
    Column("settled_at", Moment),
    Column("drawn", String(32), nullable=False, server_default=""),
    Column("doubtful_until", Moment),
    UniqueConstraint("request", "key"),
)
_posted = text("ts IS NOT NULL")
Index(
    "notices_posted", notices.c.conversation, notices.c.ts, unique=True, postgresql_where=_posted, sqlite_where=_posted
)
_failed = text("failure IS NOT NULL")
Index("notices_failed", notices.c.id, postgresql_where=_failed, sqlite_where=_failed)
_daily = text(f"kind = '{NoticeKind.DAILY}'")
Index("notices_daily", notices.c.key, unique=True, postgresql_where=_daily, sqlite_where=_daily)
unsettled: Final = text(f"kind = '{NoticeKind.ALERT}' AND settled_at IS NULL")
Index("notices_alerts", notices.c.request, postgresql_where=unsettled, sqlite_where=unsettled)

announcers: Final = Table(
    "announcers",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("seen_at", Moment, nullable=False),
)

letters: Final = Table(
    "letters",
    metadata,
    Column("key", String(160), primary_key=True),
    Column("person", String(80), nullable=False),
    Column("occasion", one_of(Occasion, "occasion"), nullable=False),
    Column("delegation", Number, ForeignKey("delegations.number")),
    Column("by", String(80)),
    Column("written_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", Moment),
)
"""Words to people that are about no request, posted where nothing is due."""
_to_post = text("due_at IS NOT NULL")
Index("letters_due", letters.c.due_at, postgresql_where=_to_post, sqlite_where=_to_post)

handovers: Final = Table(
    "handovers",
    metadata,
    Column("request", Number, ForeignKey("requests.id"), primary_key=True, autoincrement=False),
    Column("due_at", Moment),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False),
    Column("file", String(40)),
    Column("failure", Text),
)
"""Certificates on their way to their requesters, as files."""
_to_hand_over = text("due_at IS NOT NULL")
Index("handovers_due", handovers.c.due_at, postgresql_where=_to_hand_over, sqlite_where=_to_hand_over)
_refused = text("failure IS NOT NULL")
Index("handovers_failed", handovers.c.request, postgresql_where=_refused, sqlite_where=_refused)

viewers: Final = Table(
    "viewers",
    metadata,
    Column("person", String(80), primary_key=True),
    Column("place", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
"""Who looks at their Home, and where in it: what each replica redraws when it announces something that concerns them."""
Index("viewers_by_age", viewers.c.seen_at)
