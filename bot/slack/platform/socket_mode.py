"""Socket Mode: envelopes from Slack over WebSockets that this process opens."""

import asyncio
import logging
from types import TracebackType
from typing import Final, Self

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

CONNECTIONS: Final = 2
"""With one, envelopes wait whenever Slack refreshes it; with two, none did."""
AT_ONCE: Final = 32
"""Envelopes handled at the same moment; Bolt starts a task for each, without a limit of its own."""


class _Handler(AsyncSocketModeHandler):
    def __init__(self, app: AsyncApp, app_token: str, places: asyncio.Semaphore) -> None:
        super().__init__(app, app_token, logger=logging.getLogger(__name__))
        self._places = places

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as Bolt itself narrows it
        async with self._places:
            await super().handle(client, req)


class Sockets:
    """The open connections, as a context: connected inside, closed after."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        places = asyncio.Semaphore(AT_ONCE)
        self._handlers = [_Handler(app, app_token, places) for _ in range(CONNECTIONS)]

    async def __aenter__(self) -> Self:
        for handler in self._handlers:
            await handler.client.connect()  # type: ignore[no-untyped-call]  # slack_sdk annotates no return
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handler in self._handlers:
            client = handler.client
            tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
            await client.close()  # type: ignore[no-untyped-call]  # as above
            await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
