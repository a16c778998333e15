"""The tables, and the indexes and constraints that protect the data when the code is wrong.

People have no foreign keys: the record stands by itself, whatever becomes of the mirror.
"""

from domain.store.tables.authorities import ca_certificates, ca_crls
from domain.store.tables.base import metadata
from domain.store.tables.configured import (
    drafts,
    profile_step_approvers,
    profile_versions,
    profiles,
    resource_approvals,
    resources,
)
from domain.store.tables.messages import announcers, handovers, letters, notices, unsettled, viewers
from domain.store.tables.people import (
    delegations,
    group_members,
    groups,
    heard,
    people,
    role_holders,
    roles,
    usergroup_members,
    usergroups,
    workspace,
)
from domain.store.tables.platforms import tokens, webhook_deliveries, webhooks
from domain.store.tables.record import audit_entries, audit_heads, counters
from domain.store.tables.requests import (
    blocked,
    comments,
    decisions,
    failed,
    is_open_item,
    releases,
    requests,
    spent,
    stale,
    untold,
    work_items,
)

__all__ = [
    "announcers",
    "audit_entries",
    "audit_heads",
    "blocked",
    "ca_certificates",
    "ca_crls",
    "comments",
    "counters",
    "decisions",
    "delegations",
    "drafts",
    "failed",
    "group_members",
    "groups",
    "handovers",
    "heard",
    "is_open_item",
    "letters",
    "metadata",
    "notices",
    "people",
    "profile_step_approvers",
    "profile_versions",
    "profiles",
    "releases",
    "requests",
    "resource_approvals",
    "resources",
    "role_holders",
    "roles",
    "spent",
    "stale",
    "tokens",
    "unsettled",
    "untold",
    "usergroup_members",
    "usergroups",
    "viewers",
    "webhook_deliveries",
    "webhooks",
    "work_items",
    "workspace",
]
