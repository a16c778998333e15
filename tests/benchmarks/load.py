"""Those who click: over kept-alive connections, each with its next request ready, so that the time is the server's."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from websockets.asyncio.server import ServerConnection, serve

_T = TypeVar("_T")


@dataclass(frozen=True)
class Timed:
    """How long each took, and how long all of them together, in seconds."""

    each: list[float]
    whole: float

    @property
    def rate(self) -> float:
        """How many a second."""
        return len(self.each) / self.whole


async def clicking(clickers: Sequence[Callable[[_T], Awaitable[None]]], clicks: Sequence[_T]) -> Timed:
    """All *clicks*, each by the clicker whose turn it is, who waits for the answer before the next."""
    each: list[float] = []

    async def one(click: Callable[[_T], Awaitable[None]], mine: Sequence[_T]) -> None:
        for what in mine:
            began = time.perf_counter()
            await click(what)
            each.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(one(click, clicks[n :: len(clickers)]) for n, click in enumerate(clickers)))
    return Timed(each, time.perf_counter() - began)


class Caller(asyncio.Protocol):
    """One kept-alive HTTP connection."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answer: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def to(cls, port: int) -> "Caller":
        """Connected to *port* of this machine."""
        _, caller = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return caller

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    async def call(self, request: bytes) -> None:
        """Send *request* and wait for its answer. Raises AssertionError for any other than 200."""
        assert self._transport is not None
        assert not self._transport.is_closing(), "the server hung up"
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._answer

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end or len(body) < _content_length(head):
            return
        self._buffer = b""
        assert self._answer is not None
        if head.startswith(b"HTTP/1.1 200 "):
            self._answer.set_result(None)
        else:
            self._answer.set_exception(AssertionError(f"not taken: {(head + end + body).decode()}"))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server hung up"))

    def close(self) -> None:
        """Hang up."""
        assert self._transport is not None
        self._transport.close()


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


class Envelopes:
    """The least of a Slack that Socket Mode needs: envelopes that were made before go out, acknowledgements come back."""

    HELLO = '{"type":"hello","num_connections":1,"debug_info":{"host":"bench"},"connection_info":{"app_id":"A00APP"}}'

    def __init__(self) -> None:
        self._open: list[ServerConnection] = []
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._turn = 0
        self._server = serve(self._serve, "127.0.0.1", 0, compression=None, ping_interval=None)
        self.url = ""

    async def __aenter__(self) -> Self:
        server = await self._server
        self.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.__aexit__(None, None, None)

    async def _serve(self, connection: ServerConnection) -> None:
        await connection.send(self.HELLO)
        self._open.append(connection)
        async for text in connection:
            # {"envelope_id": "…"}: reading it as JSON would be the load generator's cost, not the server's
            named = str(text).split('"', 4)[3]
            self._waiting.pop(named).set_result(None)

    async def send(self, click: tuple[str, str]) -> None:
        """Hand over an envelope, given with its id, and wait for its acknowledgement."""
        named, text = click
        answer = self._waiting[named] = asyncio.get_running_loop().create_future()
        self._turn = (self._turn + 1) % len(self._open)
        await self._open[self._turn].send(text)
        await answer
