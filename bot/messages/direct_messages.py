"""Posts words to people that are about no request: each once, whatever crashes.

Posting is not idempotent. Each word carries its key in the metadata of its message; where an attempt was made before and nobody knows
what came of it, the message is looked for before it is posted again.
"""

import asyncio
import logging
from datetime import timedelta
from random import SystemRandom
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.backoff import pause
from bot.environment.clock import Clock
from bot.messages.sender import FOR_GOOD, SETTLED
from bot.slack.kit.blocks.message import Message
from bot.slack.pages.delegations import blocks as delegations
from bot.slack.pages.people import blocks as people
from domain.audit.entries import Source
from domain.common.errors import Busy, Conflict
from domain.notices.direct_messages import Letter, Occasion
from domain.people.people import team_and_user
from domain.ports import ClaimedLetter, Reading, Store

log = logging.getLogger(__name__)

AT_ONCE: Final = 4
LEASE: Final = timedelta(seconds=60)
"""So long nobody else posts it."""
LONGEST: Final = LEASE / 2
"""So long the calls for one word take at most, with their waiting for a turn."""
METADATA: Final = "countersign_letter"
CLOCKS_APART: Final = timedelta(minutes=2)
"""How far Slack's clock and ours may differ."""


class Letters:
    """Claims words that are due, a few at a time."""

    def __init__(self, client: AsyncWebClient, store: Store, clock: Clock) -> None:
        """*client* must not retry by itself."""
        self._client = client
        self._store = store
        self._clock = clock
        self._chance = SystemRandom().random

    async def catch_up(self) -> None:
        """Look until nothing is due."""
        while await self.look():
            pass

    async def look(self) -> int:
        """One look: post what is due; how many there were."""
        async with self._store.transaction(Source.CLOCK) as tx:
            claimed = await tx.direct_messages.claim(self._clock(), LEASE, AT_ONCE)
        await asyncio.gather(*(self._bring(one) for one in claimed))
        return len(claimed)

    async def _bring(self, one: ClaimedLetter) -> None:
        try:
            async with self._store.reading() as reading:
                message = await self._message(reading, one.letter)
            if message is not None:
                async with asyncio.timeout(LONGEST.total_seconds()):  # somebody else may have it when the lease is over
                    await self._post(one, message)
            await self._save(one, after=None)
        except SlackApiError as error:
            said = str(error.response.get("error", "")) if isinstance(error.response.data, dict) else ""
            log.warning("Slack did not take %s: %s", one.letter.key, said or error)
            await self._save(one, after=None if said in FOR_GOOD else self._pause(one))
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("Slack could not be reached for %s: %s", one.letter.key, error)
            await self._save(one, after=self._pause(one))
        except (Busy, Conflict) as error:
            log.warning("%s could not be posted now, and is when its lease ends: %s", one.letter.key, error)

    async def _message(self, reading: Reading, letter: Letter) -> Message | None:
        """What it says now; None where it is not so any more, or its reader is gone."""
        reader, at = await reading.people.person(letter.person), self._clock()
        if reader is None or not reader.takes_part:
            return None
        if letter.occasion is Occasion.APPOINTED:
            return people.appointed() if reader.is_administrator else None
        if letter.occasion is Occasion.NOBODY_ADMINISTERS:
            return None if await reading.people.administrators() else people.nobody_administers()
        one = await reading.delegations.get(letter.delegation) if letter.delegation is not None else None
        if one is None or letter.by is None:
            return None
        if letter.occasion is Occasion.REVOKED:
            return delegations.told_revoked(one, reader=reader.id, by=letter.by)
        return None if one.is_over(at) else delegations.told(one, at, reader=reader.id, by=letter.by)

    async def _post(self, one: ClaimedLetter, message: Message) -> None:
        opened = await self._client.conversations_open(users=[team_and_user(one.letter.person)[1]])
        channel = str(opened["channel"]["id"])
        if one.attempts > 1 and await self._is_there(one, channel):
            return
        await self._client.chat_postMessage(
            channel=channel,
            **message.arguments(),
            metadata={"event_type": METADATA, "event_payload": {"key": one.letter.key}},
            unfurl_links=False,
            unfurl_media=False,
        )

    async def _is_there(self, one: ClaimedLetter, channel: str) -> bool:
        """Whether an attempt before this one posted it."""
        oldest, cursor = f"{(one.written_at - CLOCKS_APART).timestamp():.6f}", ""
        while True:
            page = await self._client.conversations_history(
                channel=channel, oldest=oldest, include_all_metadata=True, cursor=cursor or None
            )
            if any(_key_in(message) == one.letter.key for message in page["messages"]):
                return True
            if not (cursor := (page.get("response_metadata") or {}).get("next_cursor") or ""):
                return False

    def _pause(self, one: ClaimedLetter) -> timedelta:
        """How long until the next attempt: a look that finds nothing is to be believed then."""
        return max(SETTLED, pause(one.attempts, self._chance))

    async def _save(self, one: ClaimedLetter, *, after: timedelta | None) -> None:
        async with self._store.transaction(Source.CLOCK) as tx:
            await tx.direct_messages.save(one, None if after is None else self._clock() + after)


def _key_in(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    return metadata.get("event_payload", {}).get("key") if metadata.get("event_type") == METADATA else None
