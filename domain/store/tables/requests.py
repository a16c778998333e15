"""Requests, their work items, decisions and releases."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
    text,
)

from domain.approvals.decisions import Verdict
from domain.approvals.resources import ResourceKind
from domain.approvals.status import OperationStatus, RequestStatus, WorkItemStatus
from domain.common.operations import Operation
from domain.store.tables.base import Number, metadata
from domain.store.tables.types import Moment, one_of

_WAITING: Final = text(f"status = '{RequestStatus.WAITING}'")
_PENDING: Final = text(f"status = '{WorkItemStatus.PENDING}'")
is_open_item: Final = text(
    "work_items.status IN ({})".format(", ".join(f"'{s}'" for s in WorkItemStatus if not s.is_closed))
)
"""In the same words wherever it is asked for: SQLite does not see that `blocked` is one of these."""
_OPEN_ITEM: Final = text(is_open_item.text.removeprefix("work_items."))

requests: Final = Table(
    "requests",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("operation", one_of(Operation, "operation"), nullable=False),
    Column("entry", String(63), nullable=False),
    Column("entry_name", Text, nullable=False),
    Column("requester", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("material", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("object_key", String(128), nullable=False),
    Column("status", one_of(RequestStatus, "status"), nullable=False),
    Column("operation_status", one_of(OperationStatus, "operation_status"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("override", Text),
    Column("cancellation", Text),
    Column("resubmission_of", Number, ForeignKey("requests.id")),
    Column("submission_key", String(255)),
    # how many there are, so that loading asks for them only where there are some
    Column("decision_count", Integer, nullable=False),
    Column("comment_count", Integer, nullable=False),
    # the head of the request's audit chain: here it is locked with the request, and costs no lock of its own
    Column("audit_number", Integer, nullable=False),
    Column("audit_hash", String(64), nullable=False),
    # what the message worker has brought its messages up to; none of it counts as a change of the request
    Column("announced", Integer, nullable=False),
    Column("marked", Boolean, nullable=False, server_default=false()),
    Column("announce_at", Moment, nullable=False),
    Column("leased_until", Moment),
    # when its messages are to be looked at for reminders
    Column("remind_at", Moment),
    # the platform with whose token it was submitted, if it was
    Column("client", String(63)),
    # what the rules of its resources said of it when it was submitted
    Column("noted", Text, nullable=False, server_default="[]"),
    # the last entry of its record that was looked at for webhooks
    Column("told", Integer, nullable=False, server_default="0"),
    # what it comes to, and how the operation ended
    Column("certificate_profile", String(63)),
    Column("certificate_authority", String(63)),
    Column("execution", Text),
    # what it waits for to be announced, a domain.notices.update_queue.Queue; and how often it was claimed for that
    Column("announce_queue", Integer, nullable=False, server_default="0"),
    Column("lease", Integer, nullable=False, server_default="0"),
    CheckConstraint("version >= 1", name="version"),
)
stale: Final = text("(announced < version OR marked)")
"""In the same words wherever it is asked for, or the index is not used."""
untold: Final = text("told < audit_number")
"""In the same words wherever it is asked for, again."""
Index("requests_untold", requests.c.id, postgresql_where=untold, sqlite_where=untold)
Index("requests_one_open", requests.c.object_key, unique=True, postgresql_where=_WAITING, sqlite_where=_WAITING)
_executed = text(f"operation_status = '{OperationStatus.EXECUTED}'")
Index("requests_executed", requests.c.object_key, postgresql_where=_executed, sqlite_where=_executed)
Index("requests_stale", requests.c.announce_at, postgresql_where=stale, sqlite_where=stale)
Index("requests_queued", requests.c.announce_queue, requests.c.announce_at, postgresql_where=stale, sqlite_where=stale)
_reminding = text("remind_at IS NOT NULL")
Index("requests_remind", requests.c.remind_at, postgresql_where=_reminding, sqlite_where=_reminding)
failed: Final = text(f"operation_status = '{OperationStatus.FAILED}'")
Index("requests_failed", requests.c.id, postgresql_where=failed, sqlite_where=failed)
Index("requests_by_requester", requests.c.requester, requests.c.id)
_closed = text("closed_at IS NOT NULL")
Index(
    "requests_closed", requests.c.requester, requests.c.closed_at, requests.c.id,
    postgresql_where=_closed, sqlite_where=_closed,
)  # fmt: skip
Index("requests_by_status", requests.c.status, requests.c.id)
Index("requests_by_entry", requests.c.entry, requests.c.id)
_keyed = text("submission_key IS NOT NULL")
Index(
    "requests_one_submission",
    requests.c.requester,
    requests.c.submission_key,
    unique=True,
    postgresql_where=_keyed,
    sqlite_where=_keyed,
)
_of_client = text("client IS NOT NULL")
Index("requests_by_client", requests.c.client, requests.c.id, postgresql_where=_of_client, sqlite_where=_of_client)
Index(
    "requests_one_submission_of_client",
    requests.c.client,
    requests.c.submission_key,
    unique=True,
    postgresql_where=_of_client,
    sqlite_where=_of_client,
)
_resubmitted = text("resubmission_of IS NOT NULL")
Index("requests_resubmissions", requests.c.resubmission_of, postgresql_where=_resubmitted, sqlite_where=_resubmitted)

work_items: Final = Table(
    "work_items",
    metadata,
    Column("request", Number, ForeignKey("requests.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", one_of(ResourceKind, "kind"), nullable=False),
    Column("resource", String(63), nullable=False),
    Column("resource_name", Text, nullable=False),
    Column("profile", String(63), nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", one_of(WorkItemStatus, "status"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("opened_at", Moment),
    Column("step_opened_at", Moment),
    Column("deadline", Moment),
    Column("closed_at", Moment),
    Column("overridden", Boolean, nullable=False, server_default=false()),
    Column("escalations", Text, nullable=False),
    # the present step, if it has escalated; and when it will
    Column("escalated_step", Integer),
    Column("escalates_at", Moment),
    Column("reminded_at", Moment),
    # the requester, where the profile does not let them decide: what "waiting on me" leaves out
    Column("barred", String(80)),
    PrimaryKeyConstraint("request", "position"),
    ForeignKeyConstraint(["profile", "version"], ["profile_versions.profile", "profile_versions.number"]),
)
Index(
    "work_items_waiting", work_items.c.profile, work_items.c.version, work_items.c.step, work_items.c.request,
    postgresql_where=_PENDING, sqlite_where=_PENDING,
)  # fmt: skip
_escalated = text(f"status = '{WorkItemStatus.PENDING}' AND escalated_step IS NOT NULL")
Index(
    "work_items_escalated",
    work_items.c.profile, work_items.c.version, work_items.c.escalated_step, work_items.c.request,
    postgresql_where=_escalated, sqlite_where=_escalated,
)  # fmt: skip
_escalating = text(f"status = '{WorkItemStatus.PENDING}' AND escalates_at IS NOT NULL")
Index("work_items_escalating", work_items.c.escalates_at, postgresql_where=_escalating, sqlite_where=_escalating)
_due = text(f"status = '{WorkItemStatus.PENDING}' AND deadline IS NOT NULL")
Index("work_items_due", work_items.c.deadline, postgresql_where=_due, sqlite_where=_due)
Index(
    "work_items_open", work_items.c.profile, work_items.c.request, postgresql_where=_OPEN_ITEM, sqlite_where=_OPEN_ITEM
)
blocked: Final = text(f"status = '{WorkItemStatus.BLOCKED}'")
Index("work_items_blocked", work_items.c.request, postgresql_where=blocked, sqlite_where=blocked)
Index("work_items_by_resource", work_items.c.resource, work_items.c.request)

decisions: Final = Table(
    "decisions",
    metadata,
    Column("request", Number, nullable=False),
    Column("number", Integer, nullable=False),
    Column("gate", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("by", String(80), nullable=False),
    Column("on_behalf_of", String(80)),
    Column("verdict", one_of(Verdict, "verdict"), nullable=False),
    Column("comment", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("digest", String(64), nullable=False),
    PrimaryKeyConstraint("request", "number"),
    ForeignKeyConstraint(["request", "gate"], ["work_items.request", "work_items.position"]),
)

Index("decisions_by", decisions.c.by, decisions.c.at, decisions.c.request)
_stood_in = text("on_behalf_of IS NOT NULL")
Index(
    "decisions_for", decisions.c.on_behalf_of, decisions.c.at, decisions.c.request,
    postgresql_where=_stood_in, sqlite_where=_stood_in,
)  # fmt: skip

spent: Final = Table(
    "spent",
    metadata,
    Column("person", String(80), nullable=False),
    Column("request", Number, nullable=False),
    Column("gate", Integer, nullable=False),
    Column("decision", Integer, nullable=False),
    PrimaryKeyConstraint("person", "request", "gate"),  # each person decides once in a work item: SPEC.md section 3
    ForeignKeyConstraint(["request", "decision"], ["decisions.request", "decisions.number"]),
)

comments: Final = Table(
    "comments",
    metadata,
    Column("request", Number, ForeignKey("requests.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("by", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("request", "number"),
)

releases: Final = Table(
    "releases",
    metadata,
    Column("request", Number, ForeignKey("requests.id"), nullable=False),
    Column("operation", one_of(Operation, "operation"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("number", Integer, nullable=False),  # one more for each retry
    # its delivery; none of it counts as a change of the request
    Column("due_at", Moment),  # None where nothing is to be done about it by itself
    Column("leased_until", Moment),
    Column("begun_at", Moment),  # since when a delivery is at work, or was cut off
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("accepted_at", Moment),
    Column("connector", String(80), nullable=False, server_default=""),
    Column("said", Text, nullable=False, server_default=""),
    # what came of it
    Column("certificate", Text),
    Column("chain", Text),
    Column("expected_at", Moment),  # past it administrators hear that there is no result; None where none is waited for
    PrimaryKeyConstraint("request", "number"),
)
_to_deliver = text("due_at IS NOT NULL")
Index("releases_due", releases.c.due_at, postgresql_where=_to_deliver, sqlite_where=_to_deliver)
_expected = text("expected_at IS NOT NULL")
Index("releases_expected", releases.c.expected_at, postgresql_where=_expected, sqlite_where=_expected)
