"""The audit trail in words: one line for each entry."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.blocks.steps import whose
from bot.blocks.text import code, when
from domain.audit import Action, Source
from domain.ports import RecordedEntry

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
    Action.WEBHOOK_SAVED: "Webhook saved",
    Action.WEBHOOK_DELETED: "Webhook deleted",
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

FACTS: Final = 700
WHY: Final = 300


def entry_line(recorded: RecordedEntry) -> str:
    """What happened, who did it, when, from where, from what to what and why: one line of mrkdwn."""
    entry = recorded.entry
    who = f" by {whose(entry.by, entry.on_behalf_of)}" if entry.by is not None else ""
    facts = ""
    if entry.before or entry.after:
        facts = f" {code(_told(entry.before), FACTS)} → {code(_told(entry.after), FACTS)}"
    why = f" Reason: {code(entry.reason, WHY)}" if entry.reason else ""
    return (
        f"{recorded.number}. {when(entry.at)} *{ACTIONS[entry.action]}*{who}, {SOURCES[recorded.source]}.{facts}{why}"
    )


def _told(facts: Mapping[str, Any]) -> str:
    """`status: pending, step: 0`; `nothing` where there is nothing."""
    return ", ".join(f"{name}: {_value(value)}" for name, value in facts.items()) or "nothing"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
