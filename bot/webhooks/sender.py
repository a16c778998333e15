"""Sends what is on its way to webhooks: a few at a time to each, so that one that is slow keeps no other waiting."""

import asyncio
import logging
import secrets
from collections import Counter
from http import HTTPStatus
from typing import Final, Self

import aiohttp
from pydantic import SecretStr

from bot.environment.clock import Clock
from bot.webhooks.addresses import NotAllowed
from bot.webhooks.message import Message, message
from bot.webhooks.posting import Poster, not_allowed
from bot.webhooks.secrets import NOT_CONFIGURED
from domain.common.errors import Busy, Conflict
from domain.ports import Store
from domain.workflow.platforms import webhooks as workflow
from domain.workflow.platforms.webhooks import Outgoing

log = logging.getLogger(__name__)

AT_ONCE: Final = 4
"""Attempts at one endpoint at a time."""
_CHANCES: Final = 2**16


class Sender:
    """Takes what is due, sends it, and keeps what became of it."""

    def __init__(self, store: Store, clock: Clock, poster: Poster) -> None:
        self._store = store
        self._clock = clock
        self._poster = poster
        self._working: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def look(self) -> None:
        """Begin to send what is due now, as far as there is room."""
        while await workflow.note_events(self._store, self._clock()):
            pass
        for endpoint in await workflow.endpoints(self._store):
            if self._poster.master is None:
                log.error("nothing can be sent to the webhook %s: %s", endpoint.key, NOT_CONFIGURED)
                continue
            if endpoint.paused_at is None:
                await self._begin(endpoint.key, self._poster.master)
        await workflow.forget_deliveries(self._store, self._clock())

    async def _begin(self, key: str, master: SecretStr) -> None:
        """Whatever is due, as far as there is room. The room is taken before it is asked: several may ask at the same moment."""
        room = AT_ONCE - self._working[key]
        if room <= 0:
            return
        self._working[key] += room
        found: tuple[Outgoing, ...] = ()
        try:
            found = await workflow.claim_deliveries(self._store, key, self._clock(), limit=room)
        finally:
            self._working[key] -= room - len(found)
        for out in found:
            task = asyncio.create_task(self._send(out, master))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, out: Outgoing, master: SecretStr) -> None:
        """One attempt, and then whatever else is due to the same endpoint: what waited for this one can go now."""
        key = out.endpoint.key
        try:
            await self._attempt(out, master)
        except (Busy, Conflict) as error:
            log.warning("what became of %s is not kept: %s; it is sent again", out.delivery.message_id, error)
            return
        except Exception:
            log.exception(
                "%s could not be sent to %s; it is tried again when its lease ends", out.delivery.message_id, key
            )
            return
        finally:
            self._working[key] -= 1
        await self._begin_again(key, master)

    async def _begin_again(self, key: str, master: SecretStr) -> None:
        try:
            await self._begin(key, master)
        except (Busy, Conflict) as error:
            log.warning("what else is due to %s is looked for at the next tick: %s", key, error)

    async def _attempt(self, out: Outgoing, master: SecretStr) -> None:
        async with self._store.reading() as reading:
            said = await message(reading, out, master, self._clock())
        status, why = await self._post(out.endpoint.url, said)
        if not why:
            await workflow.delivered(self._store, out.delivery, self._clock(), status or HTTPStatus.OK)
            return
        log.warning("the webhook %s did not take %s: %s", out.endpoint.key, out.delivery.message_id, why)
        await workflow.failed(
            self._store,
            out.delivery,
            self._clock(),
            status=status,
            why=why,
            chance=secrets.randbelow(_CHANCES) / _CHANCES,
        )

    async def _post(self, url: str, said: Message) -> tuple[int | None, str]:
        """The status of the answer, if there was one, and why that is a failure, if it is."""
        try:
            async with self._poster.post(url, said.body, said.headers) as answer:
                good = HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
                return answer.status, "" if good else f"it answered {answer.status}"
        except TimeoutError:
            return None, "no answer in time"
        except (aiohttp.ClientError, NotAllowed) as error:
            refused = not_allowed(error)
            return None, str(
                refused
            ) if refused is not None else f"it could not be reached: {str(error)[:200] or type(error).__name__}"
