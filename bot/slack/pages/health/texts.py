"""Sentences and tables of the *Health* page that it shares with the daily digest and with direct messages."""

from collections.abc import Mapping
from typing import Final

from bot.slack.kit.texts.grammar import count
from domain.ports import MANY, Troubles

TITLE: Final = "Health"
NEEDS_ATTENTION: Final = "Needs attention"
NO_ADMINISTRATOR: Final = (
    "Countersign has no administrator. Nobody can override requests, change the configuration or be notified of stuck "
    "requests. To appoint an administrator, name a person in COUNTERSIGN_ADMINISTRATORS and restart Countersign."
)


def problems(troubles: Troubles) -> str:
    """How many problems of each kind there are: `1 request is stuck; 2 operations failed.`"""
    kinds = (
        (troubles.stuck, "request is stuck", "requests are stuck"),
        (troubles.failed, "operation failed", "operations failed"),
        (troubles.unreported, "operation has no result", "operations have no result"),
        (troubles.undelivered, "message was not delivered", "messages were not delivered"),
        (troubles.files, "certificate was not sent as a file", "certificates were not sent as files"),
        (troubles.paused, "webhook keeps failing and is paused", "webhooks keep failing and are paused"),
    )
    counted = [count_up_to_many(number, singular, plural) for number, singular, plural in kinds if number]
    if counted:
        return "; ".join(counted) + "."
    return "All clear: no stuck requests, failed or unreported operations, undelivered messages or paused webhooks."


def count_up_to_many(number: int, singular: str, plural: str) -> str:
    """*number* of something; the store counts no further than `MANY`."""
    return f"More than {MANY} {plural}" if number > MANY else count(number, singular, plural)


KINDS: Final[Mapping[str, str]] = {
    "ask": "Approval request",
    "progress": "Progress message",
    "outcome": "Outcome message",
    "review": "Reply about a decision",
    "reminder": "Reminder",
    "nudge": "Reminder from the requester",
    "warning": "Warning before expiry",
    "alert": "Alert",
    "overridden": "Message about an override",
    "operation": "Message about the operation",
    "daily": "Daily digest",
}

_CLOSED: Final = "the conversation is archived or closed"
_NOT_ALLOWED: Final = "the settings of this channel do not let the app post there"
WHY: Final[Mapping[str, str]] = {
    "account_inactive": "the person is deactivated",
    "user_disabled": "the person is deactivated",
    "user_not_found": "Slack does not know the person",
    "users_not_found": "Slack does not know the person",
    "user_not_visible": "Slack does not show the person to the app",
    "cannot_dm_bot": "a bot cannot receive direct messages",
    "messages_tab_disabled": "the Messages tab of the app is off: turn it on in the app's settings",
    "channel_not_found": "the channel does not exist, or it is private and the app is not in it: invite the app",
    "not_in_channel": "the app is not in the channel: invite the app",
    "is_archived": _CLOSED,
    "is_inactive": _CLOSED,
    "restricted_action": _NOT_ALLOWED,
    "restricted_action_non_threadable_channel": _NOT_ALLOWED,
    "restricted_action_read_only_channel": _NOT_ALLOWED,
    "restricted_action_thread_locked": _NOT_ALLOWED,
    "restricted_action_thread_only_channel": _NOT_ALLOWED,
    "message_not_found": "the message was deleted in Slack",
    "thread_not_found": "the first message of the thread was deleted in Slack",
    "cant_update_message": "Slack does not let the app change this message",
    "edit_window_closed": "Slack does not let the app change a message of this age",
    "ekm_access_denied": "the workspace's encryption keys do not allow it",
    "team_access_not_granted": "the app was not given access to this workspace",
    "invalid_blocks": "Slack refuses its content, which is a bug in Countersign: see the log",
    "msg_too_long": "it is longer than Slack allows, which is a bug in Countersign: see the log",
    "metadata_too_large": "its metadata is longer than Slack allows, which is a bug in Countersign: see the log",
}


def why(error: str) -> str:
    """Why Slack refused a message, after a colon; *error* is the code from Slack's API."""
    return WHY.get(error, f"Slack says {error.replace('_', ' ')}")
