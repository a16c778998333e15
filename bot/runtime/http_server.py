"""The HTTP server: signed requests from Slack, the API for other platforms, and health checks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from socket import AI_PASSIVE, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, getaddrinfo, socket

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from domain.ports import Store

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000


def http_app(store: Store, *, slack: AsyncApp | None = None, api: ASGIApp | None = None) -> Starlette:
    """The web application: `GET /health`, which asks the database; `POST /slack/events` for everything from *slack*, where Slack calls us;
    all else goes to *api*, where there is one.
    """

    async def health(_request: Request) -> Response:
        try:
            async with store.reading() as reading:
                await reading.directory.mirrored_at()
        except Exception:
            log.exception("the database does not answer")
            return PlainTextResponse("the database does not answer", status_code=503)
        return PlainTextResponse("ok")

    routes: list[BaseRoute] = [Route("/health", health)]
    if slack is not None:
        routes.append(Route("/slack/events", _from_slack(slack), methods=["POST"]))
    if api is not None:
        routes.append(Mount("", api))
    return Starlette(routes=routes)


def _from_slack(app: AsyncApp) -> Callable[[Request], Awaitable[Response]]:
    handler = AsyncSlackRequestHandler(app)

    async def slack(request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            return PlainTextResponse("how long is it?", status_code=411)
        if int(length) > LARGEST_BODY:
            return PlainTextResponse("too large", status_code=413)
        return await handler.handle(request)

    return slack


def _listening(host: str, port: int) -> socket:
    """A socket that asyncio sees to be TCP's: only then does it send at once what is small.

    Otherwise whoever waits for an answer in two parts, head and body, waits 40 ms for the second. Raises OSError.
    """
    family, kind, _, _, address = getaddrinfo(host, port, type=SOCK_STREAM, flags=AI_PASSIVE)[0]
    listening = socket(family, kind, IPPROTO_TCP)
    try:
        listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError:
        listening.close()
        raise
    return listening


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever started it, and says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: Starlette, host: str, port: int) -> AsyncIterator[int]:
    """Serve *app* while inside; gives the port, which was free where *port* is 0. Raises OSError where it is taken."""
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=5
    )
    server = _Server(config)
    listening = _listening(host, port)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.ready.wait()
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        await task
        listening.close()
