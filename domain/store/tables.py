"""The tables, and the indexes and constraints that hold when the code is wrong.

People have no foreign keys: the record stands by itself, whatever becomes of the mirror.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from domain.audit import Action, Source
from domain.decisions import Verdict
from domain.letters import Occasion
from domain.material import RevocationReason
from domain.notices import NoticeKind
from domain.operations import Operation
from domain.people import Standing
from domain.resources import ResourceKind
from domain.status import OperationStatus, RequestStatus, WorkItemStatus
from domain.store.types import Moment, one_of

metadata: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)

Number: Final = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only in a column that is exactly INTEGER PRIMARY KEY."""

_WAITING: Final = text(f"status = '{RequestStatus.WAITING}'")
_PENDING: Final = text(f"status = '{WorkItemStatus.PENDING}'")
is_open_item: Final = text(
    "work_items.status IN ({})".format(", ".join(f"'{s}'" for s in WorkItemStatus if not s.is_closed))
)
"""In the same words wherever it is asked for: SQLite does not see that `blocked` is one of these."""
_OPEN_ITEM: Final = text(is_open_item.text.removeprefix("work_items."))


# Requests

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
    # what the announcer has brought its messages up to; none of it counts as a change of the request
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
    # what it waits for to be announced, a domain.announcing.Queue; and how often it was claimed for that
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

# the processes that announce: they share what Slack allows
announcers: Final = Table(
    "announcers",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("seen_at", Moment, nullable=False),
)


# The record

audit_entries: Final = Table(
    "audit_entries",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("chain", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("source", one_of(Source, "source"), nullable=False),
    Column("action", one_of(Action, "action"), nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(80)),
    Column("on_behalf_of", String(80)),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("chain", "number"),
)
_OF_NO_REQUEST: Final = text("chain = 'countersign'")
Index(
    "audit_entries_by_subject",
    audit_entries.c.subject,
    audit_entries.c.number,
    postgresql_where=_OF_NO_REQUEST,
    sqlite_where=_OF_NO_REQUEST,
)

audit_heads: Final = Table(
    "audit_heads",
    metadata,
    Column("chain", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The head of the chain `countersign`. Those of requests stand on the requests."""

counters: Final = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Number, nullable=False),
)


# Homes

viewers: Final = Table(
    "viewers",
    metadata,
    Column("person", String(80), primary_key=True),
    Column("place", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
"""Who looks at their Home, and where in it: what each replica redraws when it announces something that concerns them."""
Index("viewers_by_age", viewers.c.seen_at)


# Profiles and resources

profiles: Final = Table(
    "profiles",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("folded_name", Text, nullable=False),  # casefolded in Python: SQLite's lower() knows only ASCII
    Column("deleted_at", Moment),
)
_listed = text("deleted_at IS NULL")
Index("profiles_one_name", profiles.c.folded_name, unique=True, postgresql_where=_listed, sqlite_where=_listed)

profile_versions: Final = Table(
    "profile_versions",
    metadata,
    Column("profile", String(63), ForeignKey("profiles.key"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    PrimaryKeyConstraint("profile", "number"),
)

profile_step_approvers: Final = Table(
    "profile_step_approvers",
    metadata,
    Column("profile", String(63), nullable=False),
    Column("version", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("approver", String(88), nullable=False),
    Column("further", Boolean, nullable=False),  # only once the step has escalated
    PrimaryKeyConstraint("approver", "profile", "version", "step"),
    ForeignKeyConstraint(["profile", "version"], ["profile_versions.profile", "profile_versions.number"]),
)
"""Who may act on which step of which version: `user:T1/U1`, `group:KEY`, `role:KEY`."""

drafts: Final = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("content", Text, nullable=False),
    Column("kept_at", Moment, nullable=False),
)
Index("drafts_by_age", drafts.c.kept_at)

resources: Final = Table(
    "resources",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("kind", one_of(ResourceKind, "kind"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("end_entity_profile", String(63)),
    Column("certificate_profile", String(63)),
    Column("certificate_authority", String(63)),
    Column("rules", Text, nullable=False, server_default="{}"),
    Column("connector", String(80)),
)

resource_approvals: Final = Table(
    "resource_approvals",
    metadata,
    Column("resource", String(63), ForeignKey("resources.key"), nullable=False),
    Column("operation", one_of(Operation, "operation"), nullable=False),
    Column("profile", String(63), ForeignKey("profiles.key"), nullable=False),
    PrimaryKeyConstraint("resource", "operation"),
)
Index("resource_approvals_by_profile", resource_approvals.c.profile)


# People

workspace: Final = Table(
    "workspace",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("team", String(40)),
    Column("name", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("bot_user", String(40), nullable=False, server_default=""),
    Column("mirrored_at", Moment),
    # the content of the configuration file that was last applied at a start: its SHA-256, in hex
    Column("configured_from", String(64)),
    CheckConstraint("one = 1", name="one"),
)

people: Final = Table(
    "people",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("folded_email", Text, nullable=False),
    Column("standing", one_of(Standing, "standing"), nullable=False),
    Column("time_zone", Text, nullable=False),
)
_addressed = text("folded_email <> ''")
Index("people_by_email", people.c.folded_email, postgresql_where=_addressed, sqlite_where=_addressed)

usergroups: Final = Table(
    "usergroups",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("handle", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("gone", Boolean, nullable=False, server_default=false()),
)

heard: Final = Table(
    "heard",
    metadata,
    # `person:ID` or `usergroup:ID`
    Column("subject", String(100), primary_key=True),
    Column("heard_at", Moment, nullable=False),
    # when it happened, as Slack says; nothing where Slack was asked
    Column("told_at", Moment),
)
Index("heard_by_time", heard.c.heard_at)

usergroup_members: Final = Table(
    "usergroup_members",
    metadata,
    Column("usergroup", String(40), ForeignKey("usergroups.id"), nullable=False),
    Column("person", String(80), nullable=False),
    PrimaryKeyConstraint("usergroup", "person"),
)
Index("usergroup_members_by_person", usergroup_members.c.person)

groups: Final = Table(
    "groups",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("name", Text, nullable=False),
    Column("usergroup", String(40)),  # may be one that the mirror does not know yet
)
Index("groups_by_usergroup", groups.c.usergroup)

group_members: Final = Table(
    "group_members",
    metadata,
    Column("group", String(63), ForeignKey("groups.key"), nullable=False),
    Column("person", String(80), nullable=False),
    Column("place", Integer, nullable=False),
    PrimaryKeyConstraint("group", "person"),
)
Index("group_members_by_person", group_members.c.person)

roles: Final = Table(
    "roles",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("name", Text, nullable=False),
    Column("usergroup", String(40)),
)
Index("roles_by_usergroup", roles.c.usergroup)

role_holders: Final = Table(
    "role_holders",
    metadata,
    Column("role", String(63), ForeignKey("roles.key"), nullable=False),
    Column("person", String(80), nullable=False),
    Column("place", Integer, nullable=False),
    PrimaryKeyConstraint("role", "person"),
)
Index("role_holders_by_person", role_holders.c.person)

delegations: Final = Table(
    "delegations",
    metadata,
    Column("number", Number, Identity(), primary_key=True),
    Column("delegator", String(80), nullable=False),
    Column("delegate", String(80), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("revoked_at", Moment),
    # when it begins, ends or was revoked next, as far as nobody has looked after the open requests since
    Column("turns_at", Moment),
    CheckConstraint("delegator <> delegate", name="somebody_else"),
    CheckConstraint("starts_at < ends_at", name="some_time"),
)
Index("delegations_by_delegate", delegations.c.delegate, delegations.c.ends_at)
Index("delegations_by_delegator", delegations.c.delegator, delegations.c.ends_at)
_turning = text("turns_at IS NOT NULL")
Index("delegations_turning", delegations.c.turns_at, postgresql_where=_turning, sqlite_where=_turning)

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
)
"""Words to people that are about no request, posted where nothing is due."""
_to_post = text("due_at IS NOT NULL")
Index("letters_due", letters.c.due_at, postgresql_where=_to_post, sqlite_where=_to_post)


# The HTTP API

tokens: Final = Table(
    "tokens",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("client", String(63), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
)
"""Of a token all but the token."""


# Webhooks

webhooks: Final = Table(
    "webhooks",
    metadata,
    Column("key", String(63), primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("rotated_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("paused_at", Moment),
    Column("paused_because", Text, nullable=False),
)

webhook_deliveries: Final = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("endpoint", String(63), ForeignKey("webhooks.key"), nullable=False),
    Column("request", Number, ForeignKey("requests.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("event", String(40), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment),
    Column("delivered_at", Moment),
    Column("status", Integer),
    Column("failure", Text, nullable=False),
    UniqueConstraint("endpoint", "request", "number"),
)
_on_its_way = text("due_at IS NOT NULL")
Index(
    "webhook_deliveries_due",
    webhook_deliveries.c.endpoint,
    webhook_deliveries.c.due_at,
    postgresql_where=_on_its_way,
    sqlite_where=_on_its_way,
)
Index("webhook_deliveries_of_endpoint", webhook_deliveries.c.endpoint, webhook_deliveries.c.id)
_taken = text("due_at IS NULL")
Index("webhook_deliveries_taken", webhook_deliveries.c.delivered_at, postgresql_where=_taken, sqlite_where=_taken)

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


# Certificate authorities of our own

ca_certificates: Final = Table(
    "ca_certificates",
    metadata,
    Column("authority", String(63), nullable=False),
    Column("serial", String(40), nullable=False),
    Column("operation_key", String(80), nullable=False),
    Column("certificate", Text, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("not_after", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("revocation_reason", one_of(RevocationReason, "revocation_reason")),
    Column("revoked_for", String(80)),
    PrimaryKeyConstraint("authority", "serial"),
    UniqueConstraint("authority", "operation_key"),  # an operation makes one certificate, whatever happens
)
_revoked = text("revoked_at IS NOT NULL")
Index(
    "ca_certificates_revoked",
    ca_certificates.c.authority,
    ca_certificates.c.revoked_at,
    postgresql_where=_revoked,
    sqlite_where=_revoked,
)

ca_crls: Final = Table(
    "ca_crls",
    metadata,
    Column("authority", String(63), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("this_update", Moment, nullable=False),
    Column("next_update", Moment, nullable=False),
    Column("pem", Text, nullable=False),
)
