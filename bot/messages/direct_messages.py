"""Posts direct messages that are about no request: each once, whatever crashes.

Posting is not idempotent. Each message carries its key in its metadata; where an attempt was made before and nobody knows what came of it,
the message is looked for before it is posted again.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.clock import Clock
from bot.environment.outbox import TryAgain
from bot.messages.sender import SETTLED
from bot.messages.slack_refusals import RefusedForGood, slack_refusals
from bot.slack.kit.blocks.message import Message
from bot.slack.pages.delegations import blocks as delegations
from bot.slack.pages.people import blocks as people
from domain.audit.entries import Source
from domain.notices.direct_messages import DirectMessage, Occasion
from domain.people.people import team_and_user
from domain.ports import ClaimedDirectMessage, Reading, Store

log = logging.getLogger(__name__)

AT_ONCE: Final = 4
LEASE: Final = timedelta(seconds=60)
"""For so long no other worker posts it."""
LONGEST: Final = LEASE / 2
"""For so long the calls for one message take at most, with their waiting for a turn."""
METADATA: Final = "countersign_letter"
CLOCKS_APART: Final = timedelta(minutes=2)
"""How far Slack's clock and ours may differ."""


class DirectMessages:
    """Posts each direct message that is due: the handler of an `OutboxWorker`."""

    def __init__(self, client: AsyncWebClient, store: Store, clock: Clock) -> None:
        """*client* must not retry by itself."""
        self._client = client
        self._store = store
        self._clock = clock

    def name(self, item: ClaimedDirectMessage) -> str:
        return f"the direct message {item.message.key}"

    async def claim(self, limit: int) -> Sequence[ClaimedDirectMessage]:
        async with self._store.transaction(Source.CLOCK) as tx:
            return await tx.direct_messages.claim(self._clock(), LEASE, limit)

    async def perform(self, item: ClaimedDirectMessage) -> None:
        async with self._store.reading() as reading:
            message = await self._message(reading, item.message)
        if message is not None:
            try:
                # no longer than that: another worker may claim it when the lease ends
                with slack_refusals():
                    async with asyncio.timeout(LONGEST.total_seconds()):
                        await self._post(item, message)
            except RefusedForGood as refusal:
                log.warning("Slack refuses %s for good: %s", self.name(item), refusal)
        async with self._store.transaction(Source.CLOCK) as tx:
            await tx.direct_messages.finish(item)

    async def retry(self, item: ClaimedDirectMessage, error: TryAgain, after: timedelta) -> None:  # noqa: ARG002 - the protocol's
        due_at = self._clock() + max(SETTLED, after)  # a search that finds nothing is to be believed then
        async with self._store.transaction(Source.CLOCK) as tx:
            await tx.direct_messages.retry(item, due_at)

    async def _message(self, reading: Reading, direct_message: DirectMessage) -> Message | None:
        """What it says now; None where it is not true any more, or its reader is gone."""
        reader = await reading.people.person(direct_message.person)
        if reader is None or not reader.takes_part:
            return None
        if direct_message.occasion is Occasion.APPOINTED:
            return people.appointed() if reader.is_administrator else None
        if direct_message.occasion is Occasion.NOBODY_ADMINISTERS:
            return None if await reading.people.administrators() else people.nobody_administers()
        number, by, at = direct_message.delegation, direct_message.by, self._clock()
        delegation = await reading.delegations.get(number) if number is not None else None
        if delegation is None or by is None:
            return None
        if direct_message.occasion is Occasion.REVOKED:
            return delegations.revoked_by_another(delegation, reader=reader.id, by=by)
        if delegation.is_over(at):
            return None
        return delegations.recorded_by_another(delegation, at, reader=reader.id, by=by)

    async def _post(self, claimed: ClaimedDirectMessage, message: Message) -> None:
        opened = await self._client.conversations_open(users=[team_and_user(claimed.message.person)[1]])
        channel = str(opened["channel"]["id"])
        if claimed.attempt > 1 and await self._is_there(claimed, channel):
            return
        await self._client.chat_postMessage(
            channel=channel,
            **message.arguments(),
            metadata={"event_type": METADATA, "event_payload": {"key": claimed.message.key}},
            unfurl_links=False,
            unfurl_media=False,
        )

    async def _is_there(self, claimed: ClaimedDirectMessage, channel: str) -> bool:
        """Whether an attempt before this one posted it."""
        oldest, cursor = f"{(claimed.written_at - CLOCKS_APART).timestamp():.6f}", ""
        while True:
            page = await self._client.conversations_history(
                channel=channel, oldest=oldest, include_all_metadata=True, cursor=cursor or None
            )
            if any(_key_in(message) == claimed.message.key for message in page["messages"]):
                return True
            if not (cursor := (page.get("response_metadata") or {}).get("next_cursor") or ""):
                return False


def _key_in(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    return metadata.get("event_payload", {}).get("key") if metadata.get("event_type") == METADATA else None
