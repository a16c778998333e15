"""The first tables.

Revision: 2026_11_21_first_tables
Revises: nothing
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_first_tables"
down_revision = None
branch_labels = None
depends_on = None

# As they were on that day: a migration never imports what may change after it.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    _people()
    _profiles()
    _requests()
    _decisions()
    _notices()
    _record()


def _people() -> None:
    """The mirror of the workspace, and the groups, roles and delegations that are kept here."""
    op.create_table(
        "workspace",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("bot_user", sa.String(length=40), server_default="", nullable=False),
        sa.Column("mirrored_at", MOMENT, nullable=True),
        sa.CheckConstraint("one = 1", name=op.f("workspace_one_check")),
        sa.PrimaryKeyConstraint("one", name=op.f("workspace_pk")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("folded_email", sa.Text(), nullable=False),
        sa.Column("standing", one_of("standing", "member", "guest", "bot", "deactivated", "stranger"), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("people_pk")),
    )
    op.create_index("people_by_email", "people", ["folded_email"], **where("folded_email <> ''"))
    op.create_table(
        "usergroups",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("usergroups_pk")),
    )
    op.create_table(
        "usergroup_members",
        sa.Column("usergroup", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["usergroup"], ["usergroups.id"], name=op.f("usergroup_members_usergroup_fk")),
        sa.PrimaryKeyConstraint("usergroup", "person", name=op.f("usergroup_members_pk")),
    )
    op.create_index("usergroup_members_by_person", "usergroup_members", ["person"])
    op.create_table(
        "groups",
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("usergroup", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("groups_pk")),
    )
    op.create_index("groups_by_usergroup", "groups", ["usergroup"])
    op.create_table(
        "group_members",
        sa.Column("group", sa.String(length=63), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.key"], name=op.f("group_members_group_fk")),
        sa.PrimaryKeyConstraint("group", "person", name=op.f("group_members_pk")),
    )
    op.create_index("group_members_by_person", "group_members", ["person"])
    op.create_table(
        "roles",
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("usergroup", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("roles_pk")),
    )
    op.create_index("roles_by_usergroup", "roles", ["usergroup"])
    op.create_table(
        "role_holders",
        sa.Column("role", sa.String(length=63), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role"], ["roles.key"], name=op.f("role_holders_role_fk")),
        sa.PrimaryKeyConstraint("role", "person", name=op.f("role_holders_pk")),
    )
    op.create_index("role_holders_by_person", "role_holders", ["person"])
    op.create_table(
        "delegations",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("delegator", sa.String(length=80), nullable=False),
        sa.Column("delegate", sa.String(length=80), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("turns_at", MOMENT, nullable=True),
        sa.CheckConstraint("delegator <> delegate", name=op.f("delegations_somebody_else_check")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("delegations_some_time_check")),
        sa.PrimaryKeyConstraint("number", name=op.f("delegations_pk")),
    )
    op.create_index("delegations_by_delegate", "delegations", ["delegate", "ends_at"])
    op.create_index("delegations_by_delegator", "delegations", ["delegator", "ends_at"])
    op.create_index("delegations_turning", "delegations", ["turns_at"], **where("turns_at IS NOT NULL"))


def _profiles() -> None:
    """Approval profiles with their versions, and the resources they are bound to."""
    op.create_table(
        "profiles",
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("profiles_pk")),
    )
    op.create_index("profiles_one_name", "profiles", ["folded_name"], unique=True, **where("deleted_at IS NULL"))
    op.create_table(
        "profile_versions",
        sa.Column("profile", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["profile"], ["profiles.key"], name=op.f("profile_versions_profile_fk")),
        sa.PrimaryKeyConstraint("profile", "number", name=op.f("profile_versions_pk")),
    )
    op.create_table(
        "profile_step_approvers",
        sa.Column("profile", sa.String(length=63), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("approver", sa.String(length=88), nullable=False),
        sa.Column("further", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile", "version"],
            ["profile_versions.profile", "profile_versions.number"],
            name=op.f("profile_step_approvers_profile_fk"),
        ),
        sa.PrimaryKeyConstraint("approver", "profile", "version", "step", name=op.f("profile_step_approvers_pk")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("drafts_pk")),
    )
    op.create_index("drafts_by_age", "drafts", ["kept_at"])
    op.create_table(
        "resources",
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column(
            "kind",
            one_of("kind", "ra_profile", "end_entity_profile", "certificate_profile", "certificate_authority"),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("end_entity_profile", sa.String(length=63), nullable=True),
        sa.Column("certificate_profile", sa.String(length=63), nullable=True),
        sa.Column("certificate_authority", sa.String(length=63), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("resources_pk")),
    )
    op.create_table(
        "resource_approvals",
        sa.Column("resource", sa.String(length=63), nullable=False),
        sa.Column(
            "operation", one_of("operation", "enroll", "re_enroll", "issue", "renew", "rekey", "revoke"), nullable=False
        ),
        sa.Column("profile", sa.String(length=63), nullable=False),
        sa.ForeignKeyConstraint(["profile"], ["profiles.key"], name=op.f("resource_approvals_profile_fk")),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name=op.f("resource_approvals_resource_fk")),
        sa.PrimaryKeyConstraint("resource", "operation", name=op.f("resource_approvals_pk")),
    )
    op.create_index("resource_approvals_by_profile", "resource_approvals", ["profile"])


def _requests() -> None:
    """Requests and their work items."""
    op.create_table(
        "requests",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "operation", one_of("operation", "enroll", "re_enroll", "issue", "renew", "rekey", "revoke"), nullable=False
        ),
        sa.Column("entry", sa.String(length=63), nullable=False),
        sa.Column("entry_name", sa.Text(), nullable=False),
        sa.Column("requester", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("object_key", sa.String(length=128), nullable=False),
        sa.Column(
            "status",
            one_of("status", "waiting_for_approval", "approved", "rejected", "expired", "cancelled"),
            nullable=False,
        ),
        sa.Column(
            "operation_status",
            one_of("operation_status", "none", "released", "executed", "failed", "lapsed"),
            nullable=False,
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("override", sa.Text(), nullable=True),
        sa.Column("cancellation", sa.Text(), nullable=True),
        sa.Column("resubmission_of", NUMBER, nullable=True),
        sa.Column("submission_key", sa.String(length=255), nullable=True),
        sa.Column("decision_count", sa.Integer(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("audit_number", sa.Integer(), nullable=False),
        sa.Column("audit_hash", sa.String(length=64), nullable=False),
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("marked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("announce_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("remind_at", MOMENT, nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("requests_version_check")),
        sa.ForeignKeyConstraint(["resubmission_of"], ["requests.id"], name=op.f("requests_resubmission_of_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("requests_pk")),
    )
    op.create_index("requests_by_entry", "requests", ["entry", "id"])
    op.create_index("requests_by_requester", "requests", ["requester", "id"])
    op.create_index("requests_by_status", "requests", ["status", "id"])
    op.create_index(
        "requests_one_open", "requests", ["object_key"], unique=True, **where("status = 'waiting_for_approval'")
    )
    op.create_index(
        "requests_one_submission",
        "requests",
        ["requester", "submission_key"],
        unique=True,
        **where("submission_key IS NOT NULL"),
    )
    op.create_index("requests_remind", "requests", ["remind_at"], **where("remind_at IS NOT NULL"))
    op.create_index("requests_resubmissions", "requests", ["resubmission_of"], **where("resubmission_of IS NOT NULL"))
    op.create_index("requests_stale", "requests", ["announce_at"], **where("(announced < version OR marked)"))
    op.create_table(
        "work_items",
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            one_of("kind", "ra_profile", "end_entity_profile", "certificate_profile", "certificate_authority"),
            nullable=False,
        ),
        sa.Column("resource", sa.String(length=63), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("profile", sa.String(length=63), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            one_of("status", "queued", "blocked", "pending", "approved", "rejected", "expired", "cancelled"),
            nullable=False,
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("step_opened_at", MOMENT, nullable=True),
        sa.Column("deadline", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("overridden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("escalations", sa.Text(), nullable=False),
        sa.Column("escalated_step", sa.Integer(), nullable=True),
        sa.Column("escalates_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("barred", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["profile", "version"],
            ["profile_versions.profile", "profile_versions.number"],
            name=op.f("work_items_profile_fk"),
        ),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name=op.f("work_items_request_fk")),
        sa.PrimaryKeyConstraint("request", "position", name=op.f("work_items_pk")),
    )
    op.create_index("work_items_by_resource", "work_items", ["resource", "request"])
    op.create_index(
        "work_items_due", "work_items", ["deadline"], **where("status = 'pending' AND deadline IS NOT NULL")
    )
    op.create_index(
        "work_items_escalated",
        "work_items",
        ["profile", "version", "escalated_step", "request"],
        **where("status = 'pending' AND escalated_step IS NOT NULL"),
    )
    op.create_index(
        "work_items_escalating",
        "work_items",
        ["escalates_at"],
        **where("status = 'pending' AND escalates_at IS NOT NULL"),
    )
    op.create_index(
        "work_items_open", "work_items", ["profile", "request"], **where("status IN ('queued', 'blocked', 'pending')")
    )
    op.create_index(
        "work_items_waiting", "work_items", ["profile", "version", "step", "request"], **where("status = 'pending'")
    )


def _decisions() -> None:
    """What people said about requests, and what was let go."""
    op.create_table(
        "decisions",
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("gate", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("verdict", one_of("verdict", "approve", "reject"), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["request", "gate"], ["work_items.request", "work_items.position"], name=op.f("decisions_request_fk")
        ),
        sa.PrimaryKeyConstraint("request", "number", name=op.f("decisions_pk")),
    )
    op.create_table(
        "spent",
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("gate", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request", "decision"], ["decisions.request", "decisions.number"], name=op.f("spent_request_fk")
        ),
        sa.PrimaryKeyConstraint("person", "request", "gate", name=op.f("spent_pk")),
    )
    op.create_table(
        "comments",
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name=op.f("comments_request_fk")),
        sa.PrimaryKeyConstraint("request", "number", name=op.f("comments_pk")),
    )
    op.create_table(
        "releases",
        sa.Column("request", NUMBER, autoincrement=False, nullable=False),
        sa.Column(
            "operation", one_of("operation", "enroll", "re_enroll", "issue", "renew", "rekey", "revoke"), nullable=False
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name=op.f("releases_request_fk")),
        sa.PrimaryKeyConstraint("request", name=op.f("releases_pk")),
    )


def _notices() -> None:
    """The messages about requests."""
    op.create_table(
        "notices",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            one_of("kind", "ask", "progress", "outcome", "review", "reminder", "nudge", "warning", "alert"),
            nullable=False,
        ),
        sa.Column("person", sa.String(length=80), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("gate", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("under", sa.Text(), nullable=False),
        sa.Column("conversation", sa.String(length=40), nullable=True),
        sa.Column("ts", sa.String(length=40), nullable=True),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("attempted_at", MOMENT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["request"], ["requests.id"], name=op.f("notices_request_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("notices_pk")),
        sa.UniqueConstraint("request", "key", name=op.f("notices_request_key_key")),
    )
    op.create_index("notices_failed", "notices", ["id"], **where("failure IS NOT NULL"))
    op.create_index("notices_posted", "notices", ["conversation", "ts"], unique=True, **where("ts IS NOT NULL"))


def _record() -> None:
    """The audit, and the counter that numbers requests."""
    op.create_table(
        "audit_entries",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", one_of("source", "slack", "api", "cli", "clock"), nullable=False),
        sa.Column(
            "action",
            one_of(
                "action",
                "request.submitted",
                "request.approved_ungated",
                "step.opened",
                "step.escalated",
                "step.reminded",
                "work_item.opened",
                "work_item.blocked",
                "work_item.closed",
                "work_item.followed_profile",
                "decision.recorded",
                "comment.added",
                "request.closed",
                "request.overridden",
                "operation.released",
                "profile.saved",
                "profile.deleted",
                "resource.saved",
                "resource.deleted",
                "group.saved",
                "group.deleted",
                "role.saved",
                "role.deleted",
                "usergroup.changed",
                "person.standing_changed",
                "delegation.made",
                "delegation.revoked",
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=80), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_entries_pk")),
        sa.UniqueConstraint("chain", "number", name=op.f("audit_entries_chain_number_key")),
    )
    op.create_index(
        "audit_entries_by_subject", "audit_entries", ["subject", "number"], **where("chain = 'countersign'")
    )
    op.create_table(
        "audit_heads",
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("audit_heads_pk")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("counters_pk")),
    )
