"""HTTP: requests from Slack, verified by their signature, and a word for whoever watches the process."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from socket import socket

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from domain.ports import Store

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000


def http_app(app: AsyncApp, store: Store) -> Starlette:
    """The web application: `POST /slack/events` for everything from Slack, `GET /health`, which asks the database."""
    handler = AsyncSlackRequestHandler(app)

    async def slack(request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            return PlainTextResponse("how long is it?", status_code=411)
        if int(length) > LARGEST_BODY:
            return PlainTextResponse("too large", status_code=413)
        return await handler.handle(request)

    async def health(_request: Request) -> Response:
        try:
            async with store.reading() as reading:
                await reading.mirrored_at()
        except Exception:
            log.exception("the database does not answer")
            return PlainTextResponse("the database does not answer", status_code=503)
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/slack/events", slack, methods=["POST"]), Route("/health", health)])


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
    listening = config.bind_socket()
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.ready.wait()
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = True
        await task
        listening.close()
