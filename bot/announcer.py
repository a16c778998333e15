"""Brings every Slack message up to date with the state. The only caller of chat.*.

A request is stale when it has a version that its notices were not brought up to. Whoever claims it works out which notices its state asks
for, posts what is missing, redraws what is old, and lets go. There is no event bus: after any crash the next look heals every message.

Posting is not idempotent. That a post is begun is committed first; where its outcome is unknown, the message is looked for by the notice
id in its metadata before it is posted again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.message import Message
from bot.clock import Clock
from bot.picture import Picture, look
from bot.rate_limits import retry_after
from domain.audit import Source
from domain.errors import Busy, Conflict
from domain.notices import Notice
from domain.people import PersonId, team_and_user
from domain.ports import SentNotice, Store
from domain.reminders import QuietHours
from domain.requests import Request, RequestId, request_name

log = logging.getLogger(__name__)

METADATA: Final = "countersign_notice"
LEASE: Final = timedelta(seconds=60)
TRY_AGAIN: Final = timedelta(seconds=2)
NOT_SOON: Final = timedelta(seconds=30)
"""For refusals that only somebody else's deed ends, such as a scope or a token that is missing."""
UNSURE: Final = frozenset({"", "fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Trouble of Slack's own, which passes, and after which nobody knows whether it did what was asked."""
AT_ONCE: Final = 8
HISTORY: Final = 50
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


class _Later(Exception):
    """Slack could not take it now; whether it did is not known where *known* is false."""

    def __init__(self, after: timedelta = TRY_AGAIN, *, known: bool) -> None:
        self.after = after
        self.known = known


class Announcer:
    """Claims stale requests, a few at a time, and brings all their messages up to date."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Store,
        clock: Clock,
        *,
        quiet: QuietHours | None = None,
        announced: Callable[[Request, Collection[PersonId]], None] = lambda _request, _people: None,
    ) -> None:
        """*client* must not retry by itself. *announced* hears of each request that was brought up to date, and whom it concerns."""
        self._client = client
        self._store = store
        self._clock = clock
        self._quiet = quiet
        self._announced = announced
        self._conversations: dict[PersonId, str] = {}
        self._wake = asyncio.Event()
        self._stopping = False

    def nudge(self) -> None:
        """Something changed: look now rather than at the next tick."""
        self._wake.set()

    async def run(self, every: timedelta) -> None:
        """Announce until `stop`: at each nudge, and at least as often as *every*."""
        while not self._stopping:
            try:
                while await self.announce_stale() and not self._stopping:
                    pass
            except Exception:
                log.exception("announcing failed; the next look tries again")
                await asyncio.sleep(1)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), every.total_seconds())
            self._wake.clear()

    def stop(self) -> None:
        """Have `run` end when the look it is at has ended."""
        self._stopping = True
        self._wake.set()

    async def announce_stale(self) -> int:
        """One look: claim up to eight stale requests and bring them up to date; how many there were."""
        async with self._store.transaction(Source.CLOCK) as tx:
            claimed = await tx.claim_stale(self._clock(), LEASE, AT_ONCE)
        results = await asyncio.gather(*(self._announce(one) for one in claimed), return_exceptions=True)
        for one, result in zip(claimed, results, strict=True):
            if isinstance(result, Busy | Conflict):
                log.warning("%s could not be announced now: %s", request_name(one), result)
            elif isinstance(result, BaseException):
                log.error(
                    "%s could not be announced; it is tried again when its lease ends",
                    request_name(one),
                    exc_info=result,
                )
        return len(claimed)

    async def _announce(self, id: RequestId) -> None:
        picture, unsure = await self._prepare(id)
        first = [one for one in picture.sent.values() if not one.notice.under]
        delivered, later = await self._deliver(first, picture, unsure)
        picture.sent |= {one.notice.key: one for one in delivered}
        replies = [one for one in picture.sent.values() if one.notice.under]
        answered, later_still = await self._deliver(replies, picture, unsure)
        waits = [*later, *later_still]
        if any(one.failure is not None and one.notice.channel is not None for one in delivered):
            waits.append(
                timedelta()
            )  # whom a channel that takes no message would have asked is asked directly, at once
        async with self._store.transaction(Source.CLOCK) as tx:
            for one in (*delivered, *answered):
                await tx.save_notice(one)
            again = self._clock() + max(waits) if waits else None
            remind_at = picture.reminders.next
            await tx.announced(id, picture.request.version, self._clock(), again_at=again, remind_at=remind_at)
        self._announced(
            picture.request, {one.notice.person for one in picture.sent.values() if one.notice.person is not None}
        )

    async def _prepare(self, id: RequestId) -> tuple[Picture, frozenset[int]]:
        """Look, add the notices that are missing, and commit that their posts begin; also those begun before whose outcome is not known."""
        at = self._clock()
        async with self._store.transaction(Source.CLOCK) as tx:
            picture = await look(tx, id, at, self._quiet)
            await tx.add_notices(id, [notice for notice in picture.asking if notice.key not in picture.sent])
            sent = await tx.notices_of(id)
            unsure = frozenset(one.id for one in sent if one.attempted_at is not None)
            begun = []
            for one in sent:
                posting = one.ts is None and one.failure is None and one.attempted_at is None
                ending = picture.settles(one)
                ended = one.replace(settled_at=at, shown=0) if ending else one
                begun.append(ended.replace(attempted_at=at) if posting else ended)
                if posting or ending:
                    await tx.save_notice(begun[-1])
        picture.sent = {one.notice.key: one for one in begun}
        return picture, unsure

    async def _deliver(
        self, sent: Sequence[SentNotice], picture: Picture, unsure: frozenset[int]
    ) -> tuple[list[SentNotice], list[timedelta]]:
        """Post or redraw each; the ones that changed, and how long to wait for those that could not be."""
        due = [one for one in sent if picture.is_due(one)]
        results = await asyncio.gather(
            *(self._bring_up_to_date(one, picture, one.id in unsure) for one in due), return_exceptions=True
        )
        done, later = [], []
        for one, result in zip(due, results, strict=True):
            match result:
                case SentNotice():
                    done.append(result)
                case _Later():
                    later.append(result.after)
                    if result.known and one.attempted_at is not None:
                        done.append(one.replace(attempted_at=None))
                case BaseException():
                    log.error("%s of %s could not be shown", one.notice.key, picture.request.name, exc_info=result)
                    later.append(TRY_AGAIN)
        return done, later

    async def _bring_up_to_date(self, one: SentNotice, picture: Picture, unsure: bool) -> SentNotice:
        """Raises _Later where Slack cannot take it now."""
        message = picture.draw(one.notice)
        try:
            if one.ts is not None and one.channel is not None:
                await self._client.chat_update(channel=one.channel, ts=one.ts, **message.arguments())
                return one.replace(shown=picture.shown(one.notice))
            channel = one.channel or await self._conversation(one.notice)
            thread = parent.ts if (parent := picture.sent.get(one.notice.under)) is not None else None
            ts = await self._look_for(one, channel, thread) if unsure else None
            if ts is not None:
                await self._client.chat_update(channel=channel, ts=ts, **message.arguments())
            else:
                ts = await self._post(one, channel, thread, message)
            return one.replace(channel=channel, ts=ts, shown=picture.shown(one.notice), attempted_at=None)
        except SlackApiError as error:
            return self._refused(one, error, picture)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("Slack could not be reached for %s of %s: %s", one.notice.key, picture.request.name, error)
            raise _Later(known=False) from error

    def _refused(self, one: SentNotice, error: SlackApiError, picture: Picture) -> SentNotice:
        """A refusal for good is kept on the notice; anything else is tried again."""
        name = str(error.response.get("error", "")) if isinstance(error.response.data, dict) else ""
        if error.response.status_code == 429 or name == "ratelimited":
            raise _Later(timedelta(seconds=retry_after(error)), known=True) from error
        if name in FOR_GOOD:
            log.warning("Slack refuses %s of %s for good: %s", one.notice.key, picture.request.name, name)
            return one.replace(failure=name, failed_at=self._clock(), attempted_at=None)
        log.warning("Slack did not take %s of %s: %s", one.notice.key, picture.request.name, name or error)
        if name in UNSURE:
            raise _Later(known=False) from error
        raise _Later(NOT_SOON, known=True) from error

    async def _post(self, one: SentNotice, channel: str, thread: str | None, message: Message) -> str:
        answer = await self._client.chat_postMessage(
            channel=channel,
            **message.arguments(),
            thread_ts=thread,
            metadata={"event_type": METADATA, "event_payload": {"notice": one.id}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    async def _look_for(self, one: SentNotice, channel: str, thread: str | None) -> str | None:
        """The ts of the message that an interrupted post may have left."""
        try:
            return await self._find(one, channel, thread)
        except SlackApiError as error:
            if error.response.get("error") != "not_in_channel":
                raise
            # chat:write.public posts to public channels that we are not in; only members may look for what came of it
            await self._client.conversations_join(channel=channel)
            return await self._find(one, channel, thread)

    async def _find(self, one: SentNotice, channel: str, thread: str | None) -> str | None:
        """The ts of the message in *channel* that carries the notice. Raises SlackApiError."""
        begun = one.attempted_at or self._clock()
        oldest = f"{(begun - timedelta(minutes=2)).timestamp():.6f}"
        if thread is not None:
            pages = self._client.conversations_replies(
                channel=channel, ts=thread, include_all_metadata=True, limit=HISTORY
            )
        else:
            pages = self._client.conversations_history(
                channel=channel, oldest=oldest, include_all_metadata=True, limit=HISTORY
            )
        async for page in await pages:
            for message in page["messages"]:
                if _notice_in(message) == one.id:
                    return str(message["ts"])
        return None

    async def _conversation(self, notice: Notice) -> str:
        """The channel to post in: named, or the direct messages with the person."""
        if notice.person is None:
            return str(notice.channel)
        if notice.person not in self._conversations:
            answer = await self._client.conversations_open(users=[team_and_user(notice.person)[1]])
            self._conversations[notice.person] = answer["channel"]["id"]
        return self._conversations[notice.person]


def _notice_in(message: Mapping[str, Any]) -> int | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA:
        return None
    notice = (metadata.get("event_payload") or {}).get("notice")
    return int(notice) if notice is not None else None
