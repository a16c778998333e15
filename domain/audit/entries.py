"""The audit trail: one entry for every change, SPEC.md section 7. The entries of a request form a hash chain."""

import hashlib
import json
from datetime import UTC
from enum import StrEnum
from typing import Any, Final

from pydantic import AwareDatetime, Field

from domain.common.frozen import Frozen
from domain.people.people import PersonId


class Source(StrEnum):
    """Where a change came from."""

    SLACK = "slack"
    API = "api"
    CLI = "cli"
    CLOCK = "clock"


class Action(StrEnum):
    """What happened."""

    SUBMITTED = "request.submitted"
    APPROVED_UNGATED = "request.approved_ungated"
    STEP_OPENED = "step.opened"
    ESCALATED = "step.escalated"
    REMINDED = "step.reminded"
    WORK_ITEM_OPENED = "work_item.opened"
    WORK_ITEM_BLOCKED = "work_item.blocked"
    WORK_ITEM_CLOSED = "work_item.closed"
    PROFILE_FOLLOWED = "work_item.followed_profile"
    DECIDED = "decision.recorded"
    COMMENTED = "comment.added"
    CLOSED = "request.closed"
    OVERRIDDEN = "request.overridden"
    RELEASED = "operation.released"
    EXECUTED = "operation.executed"
    FAILED = "operation.failed"
    LAPSED = "operation.lapsed"
    RETRIED = "operation.retried"
    PROFILE_SAVED = "profile.saved"
    PROFILE_DELETED = "profile.deleted"
    RESOURCE_SAVED = "resource.saved"
    RESOURCE_DELETED = "resource.deleted"
    GROUP_SAVED = "group.saved"
    GROUP_DELETED = "group.deleted"
    ROLE_SAVED = "role.saved"
    ROLE_DELETED = "role.deleted"
    MEMBERSHIP_CHANGED = "usergroup.changed"
    STANDING_CHANGED = "person.standing_changed"
    DELEGATED = "delegation.made"
    DELEGATION_REVOKED = "delegation.revoked"
    TOKEN_CREATED = "token.created"  # noqa: S105 - the name of an action, no token
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - the same
    TRIED_AGAIN = "notice.tried_again"
    """An administrator had a message that Slack refused, or all of them, sent again."""
    WEBHOOK_SAVED = "webhook.saved"
    WEBHOOK_DELETED = "webhook.deleted"


class AuditEntry(Frozen):
    """Who, on whose behalf, when, what, from what to what, why. Where it came from, the store adds: it is one for a whole transaction."""

    action: Action
    subject: str
    """What it happened to: `request:12`, `request:12/1` for the work item at position 1, `profile:web`."""
    at: AwareDatetime
    by: PersonId | None = None
    """None where nobody did it: the clock, or the configuration file applied from the command line."""
    on_behalf_of: PersonId | None = None
    before: dict[str, Any] = Field(default_factory=dict)
    after: dict[str, Any] = Field(default_factory=dict)
    reason: str = ""


GENESIS: Final = "0" * 64
"""What stands before the first entry of a chain."""


def canonical(entry: AuditEntry, *, source: Source, number: int) -> str:
    """The one spelling of *entry*, the *number*-th of its chain from 1, that its hash is taken over: JSON, sorted, without white space."""
    in_utc = entry.replace(at=entry.at.astimezone(UTC))  # as a database gives it back
    content = {**in_utc.model_dump(mode="json"), "source": source.value, "number": number}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def link(previous: str, content: str) -> str:
    """The hash of an entry whose canonical spelling is *content*, after the one whose hash is *previous*: SHA-256, in hex."""
    return hashlib.sha256(f"countersign-audit-1\n{previous}\n{content}".encode()).hexdigest()
