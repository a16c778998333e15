"""The words for what stands in the record."""

from collections.abc import Mapping
from typing import Final

from domain.audit.entries import Action, Source

ACTIONS: Final[Mapping[Action, str]] = {
    Action.SUBMITTED: "Submitted",
    Action.APPROVED_UNGATED: "Approved: nothing gates it",
    Action.STEP_OPENED: "Next step opened",
    Action.ESCALATED: "Step escalated",
    Action.REMINDED: "Approvers reminded",
    Action.WORK_ITEM_OPENED: "Gate opened",
    Action.WORK_ITEM_BLOCKED: "Gate blocked",
    Action.WORK_ITEM_CLOSED: "Gate closed",
    Action.PROFILE_FOLLOWED: "Took the new profile version",
    Action.DECIDED: "Decision recorded",
    Action.COMMENTED: "Comment added",
    Action.CLOSED: "Request closed",
    Action.OVERRIDDEN: "Overridden",
    Action.RELEASED: "Operation released",
    Action.EXECUTED: "Operation executed",
    Action.FAILED: "Operation failed",
    Action.LAPSED: "Operation lapsed",
    Action.RETRIED: "Operation released again",
    Action.PROFILE_SAVED: "Profile saved",
    Action.PROFILE_DELETED: "Profile deleted",
    Action.RESOURCE_SAVED: "Resource saved",
    Action.RESOURCE_DELETED: "Resource deleted",
    Action.GROUP_SAVED: "Group saved",
    Action.GROUP_DELETED: "Group deleted",
    Action.ROLE_SAVED: "Role saved",
    Action.ROLE_DELETED: "Role deleted",
    Action.MEMBERSHIP_CHANGED: "User group changed",
    Action.STANDING_CHANGED: "Standing of a person changed",
    Action.DELEGATED: "Delegation made",
    Action.DELEGATION_REVOKED: "Delegation revoked",
    Action.TOKEN_CREATED: "Token created",
    Action.TOKEN_REVOKED: "Token revoked",
    Action.TRIED_AGAIN: "Message sent again",
    Action.WEBHOOK_SAVED: "Webhook saved",
    Action.WEBHOOK_DELETED: "Webhook removed",
}

SOURCES: Final[Mapping[Source, str]] = {
    Source.SLACK: "in Slack",
    Source.API: "through the API",
    Source.CLI: "from the command line",
    Source.CLOCK: "by the clock",
}


def entry(number: int, at: str, action: Action, by: str, source: Source, facts: str, reason: str) -> str:
    """One line; *by*, *facts* and *reason* are empty where there are none."""
    who = f" by {by}" if by else ""
    why = f" Reason: {reason}" if reason else ""
    return f"{number}. {at} *{ACTIONS[action]}*{who}, {SOURCES[source]}.{f' {facts}' if facts else ''}{why}"
