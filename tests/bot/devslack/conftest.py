"""A devslack per test, real slack_sdk clients and Bolt apps against it, and a hand on its control API."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import uvicorn
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.devslack import DevSlack, Timing
from tests.bot.devslack.page.kit import chromium_running

HERE = Path(__file__).parent
WORKSPACE = HERE / "workspace.yml"
MANIFEST = HERE / "manifest.yml"
PATIENCE = 60.0
"""Seconds after which something that should come has not come. They cost nothing where it comes, and a machine may be busy."""
PATIENT = Timing(acknowledge=PATIENCE, trigger=PATIENCE, retries=(0.0, 0.05, 0.05))
HASTY = replace(PATIENT, acknowledge=0.1)
"""For what is not to be acknowledged in time: `slack.deliveries.timing = HASTY`."""

Json = dict[str, Any]


class Control:
    """What a person does, through the control API."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def post(self, path: str, **body: Any) -> Json:
        async with self.session.post(f"/_control/{path}", json=body) as response:
            answer: Json = await response.json()
            return answer

    async def get(self, path: str, **query: str) -> Json:
        async with self.session.get(f"/_control/{path}", params=query) as response:
            answer: Json = await response.json()
            return answer

    async def dm(self, user: str) -> str:
        channels = (await self.get("channels", user=user))["channels"]
        return str(next(c["id"] for c in channels if c["is_im"]))

    async def messages(self, user: str, channel: str) -> list[Json]:
        answer = await self.get("messages", user=user, channel=channel)
        assert answer["ok"], answer
        messages: list[Json] = answer["messages"]
        return messages

    async def modal(self, user: str) -> Json:
        modal: Json = (await self.get("views", user=user))["modal"]
        return modal


@pytest.fixture
async def slack() -> AsyncIterator[DevSlack]:
    """Patient, and without rate limits; tests of those make their own."""
    async with DevSlack(workspace=WORKSPACE, manifest=MANIFEST, rates="off", timing=PATIENT) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[None]:
    """Chromium, once for all tests of the page."""
    async with chromium_running():
        yield


@asynccontextmanager
async def controlling(slack: DevSlack) -> AsyncIterator[Control]:
    async with aiohttp.ClientSession(slack.url) as session:
        yield Control(session)


@pytest.fixture
async def control(slack: DevSlack) -> AsyncIterator[Control]:
    async with controlling(slack) as hand:
        yield hand


async def until(look: Callable[[], bool]) -> None:
    """Return once *look* says so: Bolt acknowledges an event before its listener has run."""
    latest = asyncio.get_running_loop().time() + PATIENCE
    while not look():
        assert asyncio.get_running_loop().time() < latest
        await asyncio.sleep(0.005)


def web_client(slack: DevSlack, **more: Any) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[], **more)


@pytest.fixture
def client(slack: DevSlack) -> AsyncWebClient:
    return web_client(slack)


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    """A Bolt app without listeners yet; a test adds its own and then connects it."""
    return AsyncApp(client=client, process_before_response=True)


@asynccontextmanager
async def connected(app: AsyncApp, slack: DevSlack, ping_interval: float = 10) -> AsyncIterator[None]:
    """The app on Socket Mode, from hello to close."""
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=ping_interval)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt declares no types here
    await slack.sockets.arrived.wait()
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # nor here
        await asyncio.sleep(0)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def served(application: Starlette, port: int) -> AsyncIterator[None]:
    server = _Server(uvicorn.Config(application, lifespan="off", log_level="warning"))
    listener = socket.create_server(("127.0.0.1", port))  # it queues connections from now on
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()


@asynccontextmanager
async def over_http(app: AsyncApp, port: int, headers: list[dict[str, str]] | None = None) -> AsyncIterator[None]:
    """The Bolt app behind /slack/events; the headers of each request are appended to `headers`."""
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        if headers is not None:
            headers.append(dict(request.headers))
        return await handler.handle(request)

    async with served(Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])]), port):
        yield


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def button(action_id: str, value: str = "1", **more: Any) -> Json:
    return {"type": "button", "text": text("Press"), "action_id": action_id, "value": value, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": text("Form"),
        "submit": text("Send"),
        "blocks": blocks,
        **more,
    }


def field(block_id: str, element: Json | None = None, **more: Any) -> Json:
    element = {"action_id": "a", **(element or {"type": "plain_text_input"})}
    return {"type": "input", "block_id": block_id, "label": text("Label"), "element": element, **more}
