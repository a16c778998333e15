"""Sends webhook deliveries. Each endpoint has its own worker, so a slow endpoint does not delay the others."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Final, Self

import aiohttp
from pydantic import SecretStr

from bot.environment.clock import Clock
from bot.environment.outbox import OutboxWorker, TryAgain
from bot.webhooks.addresses import NotAllowed
from bot.webhooks.message import Message, message
from bot.webhooks.posting import Poster, not_allowed
from bot.webhooks.secrets import NOT_CONFIGURED
from domain.platforms.webhooks import BACKOFF
from domain.ports import Store
from domain.workflow.platforms import webhooks as workflow
from domain.workflow.platforms.webhooks import Outgoing

log = logging.getLogger(__name__)

AT_ONCE: Final = 4
"""Attempts at one endpoint at a time."""
STOPPING: Final = timedelta(seconds=1)
"""How long attempts that are under way are waited for at a stop."""


class NotAccepted(TryAgain):
    """The endpoint has not accepted what was sent. *status* is that of its answer, if there was one."""

    def __init__(self, why: str, status: int | None) -> None:
        super().__init__(why)
        self.status = status


class EndpointDeliveries:
    """Sends each delivery to the endpoint *key* that is due: the handler of an `OutboxWorker`."""

    def __init__(self, key: str, store: Store, clock: Clock, poster: Poster, master: SecretStr) -> None:
        self._key = key
        self._store = store
        self._clock = clock
        self._poster = poster
        self._master = master

    def name(self, item: Outgoing) -> str:
        return f"the delivery {item.delivery.message_id} to the webhook {self._key}"

    async def claim(self, limit: int) -> Sequence[Outgoing]:
        return await workflow.claim_deliveries(self._store, self._key, self._clock(), limit=limit)

    async def perform(self, item: Outgoing) -> None:
        async with self._store.reading() as reading:
            content = await message(reading, item, self._master, self._clock())
        status = await self._post(item.endpoint.url, content)
        await workflow.delivered(self._store, item.delivery, self._clock(), status)

    async def retry(self, item: Outgoing, error: TryAgain, after: timedelta) -> None:
        status = error.status if isinstance(error, NotAccepted) else None
        await workflow.failed(self._store, item.delivery, self._clock(), status=status, why=str(error), after=after)

    async def _post(self, url: str, content: Message) -> int:
        """The status with which the endpoint accepted *content*. Raises NotAccepted."""
        try:
            async with self._poster.post(url, content.body, content.headers) as answer:
                if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
                    return answer.status
                raise NotAccepted(f"it answered {answer.status}", answer.status)
        except TimeoutError as error:
            raise NotAccepted("no answer in time", None) from error
        except (aiohttp.ClientError, NotAllowed) as error:
            refused = not_allowed(error)
            unreachable = f"it could not be reached: {str(error)[:200] or type(error).__name__}"
            raise NotAccepted(str(refused) if refused is not None else unreachable, None) from error


class WebhookSender:
    """Makes deliveries of what happened, and has the worker of each endpoint send what is due."""

    def __init__(self, store: Store, clock: Clock, poster: Poster) -> None:
        self._store = store
        self._clock = clock
        self._poster = poster
        self._workers: dict[str, OutboxWorker[Outgoing]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(worker.close(STOPPING) for worker in self._workers.values()))

    async def poll(self) -> None:
        """Begin to send what is due now, as far as there is room."""
        while await workflow.note_events(self._store, self._clock()):
            pass
        for endpoint in await workflow.endpoints(self._store):
            if self._poster.master is None:
                log.error("nothing can be sent to the webhook %s: %s", endpoint.key, NOT_CONFIGURED)
            elif endpoint.paused_at is None:
                await self._worker(endpoint.key, self._poster.master).poll()
        await workflow.forget_deliveries(self._store, self._clock())

    def _worker(self, key: str, master: SecretStr) -> OutboxWorker[Outgoing]:
        if key not in self._workers:
            handler = EndpointDeliveries(key, self._store, self._clock, self._poster, master)
            self._workers[key] = OutboxWorker(handler, AT_ONCE, BACKOFF, is_ordered=True)
        return self._workers[key]
