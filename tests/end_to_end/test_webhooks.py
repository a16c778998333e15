"""Webhooks over real HTTP: signed, in order, once taken never lost, whatever the receiver does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import web
from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

from bot.webhooks.secrets import secret
from domain.platforms.webhooks import BACKOFF, Endpoint
from domain.workflow.platforms import webhooks
from tests.end_to_end.company import Company, at_work, until

MASTER = SecretStr("a secret of at least thirty-two characters")


class Heard(NamedTuple):
    headers: dict[str, str]
    body: str

    @property
    def content(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """A platform that listens, and answers as *answers* says, then 200."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: list[int] = []
        self.held = asyncio.Event()
        self.held.set()
        self.port = 0

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append(Heard(dict(request.headers), await request.text()))
        await self.held.wait()
        status = self.answers.pop(0) if self.answers else 200
        return web.Response(status=status, headers={"Location": f"http://127.0.0.1:{self.port}/elsewhere"})

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.heard]


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield receiver
    finally:
        receiver.held.set()
        await runner.cleanup()


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    async with at_work(
        f"sqlite:///{tmp_path / 'c.db'}",
        webhook_secret=MASTER,
        webhook_allow=(ip_network("127.0.0.1"),),
        announce_every=timedelta(milliseconds=100),
    ) as company:
        yield company


async def told(company: Company, receiver: Receiver, key: str = "ra", url: str | None = None) -> Endpoint:
    """A webhook of *receiver*, told of everything."""
    endpoint = Endpoint(key=key, url=url or f"http://127.0.0.1:{receiver.port}/hook", created_at=company.clock())
    return await webhooks.add_endpoint(company.bot.store, endpoint)


async def test_what_happens_is_told_signed_and_in_order(company: Company) -> None:
    async with listening() as receiver:
        endpoint = await told(company, receiver)
        name = await company.submits(company.nadia, resource="lab")

        async def released() -> bool:
            return any(one.content["type"] == "operation.released" for one in receiver.heard)

        await until(released)
        expected = [f"evt_{name.removeprefix('REQ-')}_{number + 1}" for number in range(len(receiver.heard))]
        assert receiver.ids == expected
        for one in receiver.heard:
            Webhook(secret(MASTER, endpoint)).verify(one.body, one.headers)
            assert one.content["data"]["request"]["id"] == name
        with pytest.raises(WebhookVerificationError):
            Webhook(secret(MASTER, endpoint.replace(key="other"))).verify(
                receiver.heard[0].body, receiver.heard[0].headers
            )
        assert receiver.heard[0].content["data"]["event"]["by"]["name"] == "Nadia Rahman"


async def test_what_is_not_taken_comes_again_and_nothing_overtakes_it(company: Company) -> None:
    async with listening() as receiver:
        await told(company, receiver)
        receiver.answers = [500, 302]
        await company.submits(company.nadia, resource="lab")

        async def heard(many: int) -> bool:
            return len(receiver.heard) >= many

        await until(lambda: heard(1))
        company.clock.ahead += BACKOFF.pauses[0] * 1.3
        await until(lambda: heard(2))
        company.clock.ahead += BACKOFF.pauses[1] * 1.3
        await until(lambda: heard(4))
        assert receiver.ids[0] == receiver.ids[1] == receiver.ids[2]
        assert len(set(receiver.ids[2:])) == len(receiver.ids[2:])
        [first, *_] = reversed(await webhooks.deliveries(company.bot.store, "ra", waiting=False, limit=99))
        assert (first.attempts, first.status) == (3, 200)


async def test_a_slow_receiver_keeps_no_other_waiting(company: Company) -> None:
    async with listening() as slow, listening() as quick:
        await told(company, slow, "slow")
        await told(company, quick, "quick")
        slow.held.clear()
        await company.submits(company.nadia, resource="lab")

        async def all_told() -> bool:
            return any(one.content["type"] == "operation.released" for one in quick.heard)

        await until(all_told)
        assert len(slow.heard) == 1


async def test_an_address_inside_is_not_called_and_says_why(tmp_path: Path) -> None:
    async with at_work(f"sqlite:///{tmp_path / 'c.db'}", webhook_secret=MASTER) as company:
        for key, url in (("inside", "https://localhost:9/hook"), ("meta", "https://169.254.169.254/latest")):
            await webhooks.add_endpoint(company.bot.store, Endpoint(key=key, url=url, created_at=company.clock()))
        await company.submits(company.nadia, resource="lab")

        async def why(key: str) -> str:
            found = await webhooks.deliveries(company.bot.store, key, waiting=True, limit=1)
            return found[0].failure if found else ""

        assert "169.254.169.254 is not on the internet" in await until(lambda: why("meta"))
        assert "localhost is" in await until(lambda: why("inside"))
