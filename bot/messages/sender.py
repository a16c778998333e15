"""One message to Slack: posted, drawn again, or looked for where nobody knows whether it was posted.

Posting is not idempotent. That a post is begun is committed first; where its outcome is unknown, the message is looked for by the notice
id in its metadata before it is posted again.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.clock import Clock
from bot.messages.plan import DueMessage, UpdateKind
from bot.slack.platform.rate_limits import Limits, is_rate_limited, method_of, retry_after
from domain.notices.notices import Notice
from domain.people.people import PersonId, team_and_user
from domain.ports import SentNotice

log = logging.getLogger(__name__)

METADATA: Final = "countersign_notice"
POST: Final = "chat.postMessage"
REDRAW: Final = "chat.update"
HISTORY: Final = "conversations.history"
REPLIES: Final = "conversations.replies"
OPEN: Final = "conversations.open"
JOIN: Final = "conversations.join"
DELETE: Final = "chat.delete"

TRY_AGAIN: Final = timedelta(seconds=2)
SETTLED: Final = timedelta(seconds=20)
"""After a call that Slack did not answer, or not in time: until then it may still do it."""
NOT_SOON: Final = timedelta(seconds=30)
"""For refusals that only somebody else's deed ends, such as a scope or a token that is missing."""
PAGE: Final = 200
UNSURE: Final = frozenset({"", "fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Trouble of Slack's own, which passes, and after which nobody knows whether it did what was asked."""
FOR_GOOD: Final = frozenset(
    {
        "account_inactive", "cannot_dm_bot", "cant_update_message", "channel_not_found", "ekm_access_denied", "edit_window_closed",
        "invalid_blocks", "is_archived", "is_inactive", "message_not_found", "messages_tab_disabled", "metadata_too_large",
        "msg_too_long", "not_in_channel", "restricted_action", "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel", "restricted_action_thread_locked", "restricted_action_thread_only_channel",
        "team_access_not_granted", "thread_not_found",
        "user_disabled", "user_not_found", "user_not_visible", "users_not_found",
    }
)  # fmt: skip
"""What Slack will answer the same way next time: logged and shown, and the state stands."""
_UNREACHABLE: Final = (SlackClientError, aiohttp.ClientError, TimeoutError)


class Later(Exception):
    """Slack could not take it now; whether it did is not known where *known* is false, and it may still do it for as long as *doubt*."""

    def __init__(self, after: timedelta = TRY_AGAIN, *, known: bool, doubt: timedelta = TRY_AGAIN) -> None:
        self.after = after
        self.known = known
        self.doubt = doubt


class Delivery:
    """Calls Slack, within its limits: who asks for a message to be brought up to date has taken what it `needs`."""

    def __init__(self, client: AsyncWebClient, limits: Limits, clock: Clock) -> None:
        """*client* must not retry by itself, nor wait for turns."""
        self._client = client
        self._limits = limits
        self._clock = clock
        self._conversations: dict[PersonId, str] = {}

    def needs(self, due: DueMessage) -> list[tuple[str, str]]:
        """The calls that bring it up to date at most: each method, and the channel that has a budget of its own for it."""
        notice = due.sent.notice
        if due.kind is UpdateKind.REDRAW:
            return [(REDRAW, "")]
        if due.kind is UpdateKind.POST:
            return [(POST, str(notice.person or notice.channel))]
        opening = [(OPEN, "")] if self._known_place(due) is None else []
        return [(REPLIES if due.under is not None else HISTORY, ""), *opening]

    async def bring(self, due: DueMessage) -> SentNotice:
        """Bring it up to date; the notice as it is then. Raises Later."""
        if due.kind is UpdateKind.REDRAW:
            return await self._redraw(due)
        if due.kind is UpdateKind.LOOK_FOR:
            return await self._look_for(due)
        return await self._post(due)

    async def take_back(self, notice: SentNotice) -> None:
        """Delete what was posted, as somebody else had posted it already."""
        await self._limits.turn(DELETE)
        try:
            await self._client.chat_delete(channel=str(notice.channel), ts=str(notice.ts))
        except (SlackApiError, *_UNREACHABLE) as error:
            log.error("%s was posted twice and could not be taken back: %s", notice.notice.key, error)

    async def _redraw(self, due: DueMessage) -> SentNotice:
        one = due.sent
        try:
            await self._client.chat_update(channel=str(one.channel), ts=str(one.ts), **due.message.arguments())
        except SlackApiError as error:
            return self._failed(one, self._for_good(due, error))
        except _UNREACHABLE as error:
            raise self._unreachable(due, error) from error
        return one.replace(shown=due.shown, drawn=due.drawn)

    async def _post(self, due: DueMessage) -> SentNotice:
        one = due.sent
        thread = due.under.ts if due.under is not None else None
        try:
            answer = await self._client.chat_postMessage(
                channel=self._place(due),
                **due.message.arguments(),
                thread_ts=thread,
                metadata={"event_type": METADATA, "event_payload": {"notice": one.id}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            failure = self._for_good(due, error)
            return self._failed(one, await self._why(due, failure))
        except _UNREACHABLE as error:
            raise self._unreachable(due, error) from error
        channel = str(answer["channel"])
        if one.notice.person is not None:
            self._conversations[one.notice.person] = channel
        return one.concluded(channel=channel, ts=str(answer["ts"]), shown=due.shown, drawn=due.drawn)

    def _known_place(self, due: DueMessage) -> str | None:
        """The conversation, where it is known."""
        notice = due.sent.notice
        parent = due.under.channel if due.under is not None else None
        known = self._conversations.get(notice.person) if notice.person is not None else notice.channel
        return due.sent.channel or parent or known

    def _place(self, due: DueMessage) -> str:
        """Where to post: a person stands for the direct messages with them, which need not be opened first."""
        notice = due.sent.notice
        return self._known_place(due) or _user(notice)

    async def _why(self, due: DueMessage, failure: str) -> str:
        """Posting to somebody whom nothing can be sent to only says that there is no channel; opening one says why."""
        person = due.sent.notice.person
        if failure != "channel_not_found" or person is None or not self._limits.take(OPEN):
            return failure
        try:
            await self._client.conversations_open(users=[_user(due.sent.notice)])
        except SlackApiError as error:
            return str(error.response.get("error") or failure)
        except _UNREACHABLE:
            return failure
        return failure

    async def _look_for(self, due: DueMessage) -> SentNotice:
        """The notice with the message that an interrupted post left, to be drawn again; where there is none, as one never begun.

        Raises Later: then still nobody knows.
        """
        try:
            channel = await self._conversation(due)
            ts = await self._find(due, channel)
        except SlackApiError as error:
            try:
                failure = self._for_good(due, error)
            except Later as later:
                raise Later(later.after, known=False) from error
            return self._failed(due.sent, failure)
        except _UNREACHABLE as error:
            raise self._unreachable(due, error) from error
        if ts is not None:
            return due.sent.concluded(channel=channel, ts=ts, shown=0, drawn="")
        doubt = (due.sent.doubtful_until or self._clock()) - self._clock()
        if doubt > timedelta():
            raise Later(doubt, known=False)
        return due.sent.concluded()

    async def _conversation(self, due: DueMessage) -> str:
        known = self._known_place(due)
        if known is not None:
            return known
        answer = await self._client.conversations_open(users=[_user(due.sent.notice)])
        channel = str(answer["channel"]["id"])
        if due.sent.notice.person is not None:
            self._conversations[due.sent.notice.person] = channel
        return channel

    async def _find(self, due: DueMessage, channel: str) -> str | None:
        """The ts of the message in *channel* that carries the notice. Raises SlackApiError, Later."""
        try:
            return await self._searched(due, channel)
        except SlackApiError as error:
            if error.response.get("error") != "not_in_channel" or not self._limits.take(JOIN):
                raise
            # chat:write.public posts to public channels that we are not in; only members may look for what came of it
            await self._client.conversations_join(channel=channel)
            await self._another(REPLIES if due.under is not None else HISTORY)
            return await self._searched(due, channel)

    async def _searched(self, due: DueMessage, channel: str) -> str | None:
        begun = due.sent.attempted_at or self._clock()
        oldest = f"{(begun - timedelta(minutes=2)).timestamp():.6f}"
        cursor = ""
        while True:
            more: dict[str, Any] = {"include_all_metadata": True, "limit": PAGE, "cursor": cursor or None}
            if due.under is not None:
                page = await self._client.conversations_replies(
                    channel=channel, ts=str(due.under.ts), oldest=oldest, **more
                )
            else:
                page = await self._client.conversations_history(channel=channel, oldest=oldest, **more)
            for message in page["messages"]:
                if _notice_in(message) == due.sent.id:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
            await self._another(REPLIES if due.under is not None else HISTORY)

    async def _another(self, method: str) -> None:
        """One more call of *method*. Raises Later where there is none left."""
        if not self._limits.take(method):
            raise Later(timedelta(seconds=self._limits.wait(method)), known=False)

    def _for_good(self, due: DueMessage, error: SlackApiError) -> str:
        """The name of a refusal for good. Raises Later for any other."""
        name = str(error.response.get("error", "")) if isinstance(error.response.data, dict) else ""
        if is_rate_limited(error):
            self._limits.refused(method_of(error), retry_after(error))
            raise Later(timedelta(seconds=retry_after(error)), known=True) from error
        if name in FOR_GOOD:
            log.warning("Slack refuses notice %d, %s, for good: %s", due.sent.id, due.sent.notice.key, name)
            return name
        log.warning("Slack did not take notice %d, %s: %s", due.sent.id, due.sent.notice.key, name or error)
        if name in UNSURE:
            raise Later(known=False) from error
        raise Later(NOT_SOON, known=True) from error

    def _failed(self, sent: SentNotice, failure: str) -> SentNotice:
        return sent.concluded(failure=failure, failed_at=self._clock())

    def _unreachable(self, due: DueMessage, error: Exception) -> Later:
        log.warning("Slack could not be reached for notice %d, %s: %r", due.sent.id, due.sent.notice.key, error)
        if isinstance(error, aiohttp.ClientConnectorError):
            return Later(known=True)  # nothing was sent
        return Later(known=False, doubt=SETTLED)


def _user(notice: Notice) -> str:
    if notice.person is None:
        raise ValueError(f"{notice.key} is to nobody")
    return team_and_user(notice.person)[1]


def _notice_in(message: Mapping[str, Any]) -> int | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA:
        return None
    notice = (metadata.get("event_payload") or {}).get("notice")
    return int(notice) if notice is not None else None
