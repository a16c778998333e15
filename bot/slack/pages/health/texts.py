"""What the page says about messages that could not be delivered, requests that are stuck, and what is late."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.slack.kit.texts.grammar import count, span
from domain.ports import MANY, Troubles

TITLE: Final = "Health"
TRY_AGAIN: Final = "Try again"

ONLY_ADMINISTRATORS: Final = "Administrators can have them sent again."


NOTHING_OVERDUE: Final = "Nothing is overdue."
ALL_SHOWN: Final = "Every message shows the state of its request."
NOTHING_WRONG: Final = "No request is stuck, no operation failed or lacks its result, every message was delivered, no webhook was given up."


def mirrored(when: str, limit: timedelta) -> str:
    return f"As Slack had them {when}. Decisions rely on nothing older than {span(limit)}."


def mirror_too_old(when: str, limit: timedelta) -> str:
    return f"As Slack had them {when}, which is more than {span(limit)} ago: decisions wait until Slack can be asked."


def wrong(found: Troubles) -> str:
    """How much of each there is, whatever else there is."""
    kinds = (
        (found.stuck, "request is stuck", "requests are stuck"),
        (found.failed, "operation failed", "operations failed"),
        (found.unreported, "operation has no result", "operations have no result"),
        (found.undelivered, "message was not delivered", "messages were not delivered"),
        (found.files, "certificate was not handed over as a file", "certificates were not handed over as files"),
        (found.paused, "webhook keeps failing and is paused", "webhooks keep failing and are paused"),
    )
    said = [many(number, one, more) for number, one, more in kinds if number]
    return "; ".join(said) + "." if said else NOTHING_WRONG


def many(number: int, one: str, more: str) -> str:
    """A number that is not counted to its end."""
    return f"More than {MANY} {more}" if number > MANY else count(number, one, more)


def accepted(by: str, ago: str) -> str:
    """*by* is a connector; *ago* how long ago, `3 days`."""
    return f"{by} accepted it {ago} ago, and has not reported what came of it."


def not_accepted(by: str, ago: str, times: int) -> str:
    often = "once" if times == 1 else f"{times} times"
    return f"Released {ago} ago, and handed over to {by} {often} without a result. It is tried again by itself."


ASK_AND_RETRY: Final = (
    "Ask whoever runs it. *Retry* hands it over again under the same key, so that it is not done twice."
)
ASK_ONLY: Final = (
    "Ask whoever runs it: what is reported still counts. The approval has run out, so it is not handed over again."
)
ASK: Final = "Ask whoever runs it: what is reported still counts."


def file_failed(request: str, whom: str) -> str:
    return f"*Certificate* of {request} to {whom}"


BLOCKED: Final = "Blocked: a step of its approval profile has no approvers. It goes on by itself when each has some."
REPAIRED: Final = "This was stuck and is not any more; its messages are about to say so."
FAILED_OPERATION: Final = "It was approved, and the operation failed."


def request(name: str, what: str, who: str) -> str:
    """*what* is `issue certificate for api.example.com`, *who* a mention."""
    return f"*{name}*: {what}, requested by {who}."


def tried_again(number: int) -> str:
    if not number:
        return "There is nothing to send again: nothing is refused any more."
    return f"{count(number, 'message is', 'messages are')} on the way again. What is refused once more comes back here."


def what_failed(kind: str, request: str, whom: str) -> str:
    return f"*{kind}* of {request} to {whom}"


def since(when: str) -> str:
    return f"since {when}"


DAILY: Final = "To look after today"


KINDS: Final[Mapping[str, str]] = {
    "ask": "Question to approve",
    "progress": "Progress message",
    "outcome": "Outcome message",
    "review": "Reply about a decision",
    "reminder": "Reminder",
    "nudge": "Reminder by the requester",
    "warning": "Warning before it expires",
    "alert": "Alert",
    "overridden": "Word about an override",
    "operation": "Word about the operation",
    "daily": "Daily word",
}

_GONE: Final = "the conversation is archived or closed"
_NOT_ALLOWED: Final = "this channel does not let the app post there"
WHY: Final[Mapping[str, str]] = {
    "account_inactive": "the person is deactivated",
    "user_disabled": "the person is deactivated",
    "user_not_found": "Slack does not know the person",
    "users_not_found": "Slack does not know the person",
    "user_not_visible": "Slack does not show the person to the app",
    "cannot_dm_bot": "a bot cannot be written to",
    "messages_tab_disabled": "the app's own messages are switched off: its setting Messages Tab has to be on",
    "channel_not_found": "there is no such channel, or it is private and the app is not in it: invite it there",
    "not_in_channel": "the app is not in the channel: invite it there",
    "is_archived": _GONE,
    "is_inactive": _GONE,
    "restricted_action": _NOT_ALLOWED,
    "restricted_action_non_threadable_channel": _NOT_ALLOWED,
    "restricted_action_read_only_channel": _NOT_ALLOWED,
    "restricted_action_thread_locked": _NOT_ALLOWED,
    "restricted_action_thread_only_channel": _NOT_ALLOWED,
    "message_not_found": "the message was deleted in Slack",
    "thread_not_found": "the message that it replies to was deleted in Slack",
    "cant_update_message": "Slack does not let the app change this message",
    "edit_window_closed": "Slack does not let the app change a message of this age",
    "ekm_access_denied": "the workspace's encryption keys do not allow it",
    "team_access_not_granted": "the app was not given access to this workspace",
    "invalid_blocks": "Slack refuses what it says: a mistake of Countersign's; its log has more",
    "msg_too_long": "it is longer than Slack takes: a mistake of Countersign's; its log has more",
    "metadata_too_large": "it carries more than Slack takes: a mistake of Countersign's; its log has more",
}


def why(error: str) -> str:
    """In words, after a comma or colon; *error* is Slack's own name for it."""
    return WHY.get(error, f"Slack says {error.replace('_', ' ')}")
