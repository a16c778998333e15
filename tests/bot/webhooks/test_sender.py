"""How many attempts are made at once, on both databases: several that end together do not make more of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.webhooks.addresses import Guard
from bot.webhooks.posting import Poster
from bot.webhooks.sender import AT_ONCE, WebhookSender
from domain.platforms.webhooks import Endpoint
from domain.store import SqlStore
from domain.workflow.platforms import webhooks
from tests.databases import seed
from tests.domain.store.build import submitted
from tests.end_to_end.company import until
from tests.rules.build import ANN, HOUR, NOON, REQUESTER, profile, step


class Together(Poster):
    """Posts what is given to a receiver here, and lets as many go at once as may be under way."""

    def __init__(self, url: str) -> None:
        super().__init__(SecretStr("a secret of at least thirty-two characters"), Guard())
        self._url = url
        self._under_way = 0
        self._full = asyncio.Event()
        self.most = 0

    @asynccontextmanager
    async def post(self, url: str, body: str, headers: dict[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:  # noqa: ARG002 - it goes to the receiver here
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        if self._under_way >= AT_ONCE:
            self._full.set()
        await self._full.wait()
        assert self._session is not None
        async with self._session.post(self._url, data=body, headers=headers) as answer:
            yield answer
        self._under_way -= 1


async def test_no_more_than_so_many_attempts_at_once(store: SqlStore) -> None:
    version = profile(step(ANN))
    await seed(store, people=[ANN, REQUESTER], profiles=[version])
    await webhooks.add_endpoint(store, Endpoint(key="ra", url="https://ra.example.com/", created_at=NOON))
    for _ in range(5 * AT_ONCE):
        await submitted(store, version)

    async def take(_request: web.Request) -> web.Response:
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/", take)
    async with (
        TestServer(app) as server,
        Together(str(server.make_url("/"))) as poster,
        WebhookSender(store, lambda: NOON + HOUR, poster) as sender,
    ):

        async def taken() -> bool:
            await sender.poll()
            async with store.reading() as reading:
                return not await reading.webhooks.deliveries("ra", waiting=True, limit=1)

        await until(taken)
    assert poster.most == AT_ONCE
