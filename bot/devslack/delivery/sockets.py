"""Socket Mode: single-use tickets, up to ten sockets, envelopes to one of them in turn, acknowledgements back.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

import asyncio
import json
import secrets
import time
import uuid
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.devslack.errors import Json

MOST = 10
TICKET_SECONDS = 30.0
LIFETIME = 18_060  # what Slack announces; devslack ends a socket only on demand


class Sockets:
    def __init__(self, app_id: str, *, enabled: bool) -> None:
        self._app_id = app_id
        self._enabled = enabled
        self._tickets: dict[str, float] = {}
        self._open: list[WebSocket] = []
        self._turn = 0
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self.port = 0
        self.arrived = asyncio.Event()

    def __len__(self) -> int:
        return len(self._open)

    def url(self) -> str:
        """A new address to connect to, good for one connection within 30 s."""
        now = time.monotonic()
        self._tickets = {t: until for t, until in self._tickets.items() if until > now}
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = now + TICKET_SECONDS
        return f"ws://127.0.0.1:{self.port}/socket/?ticket={ticket}&app_id={self._app_id}"

    async def serve(self, socket: WebSocket) -> None:
        """One connection from hello to its end."""
        until = self._tickets.pop(socket.query_params.get("ticket", ""), 0.0)
        if until < time.monotonic():
            await socket.close(4001, "invalid ticket")
            return
        await socket.accept()
        refusal = "link_disabled" if not self._enabled else "too_many_websockets" if len(self._open) >= MOST else None
        if refusal:
            await self._dismiss(socket, refusal)
            return
        self._open.append(socket)
        await socket.send_text(json.dumps(self._hello()))
        self.arrived.set()
        try:
            while socket.application_state is WebSocketState.CONNECTED:
                self._acknowledge(await socket.receive_text())
        except WebSocketDisconnect:
            pass  # the app left, or was made to; the list below is what others look at
        finally:
            self._forget(socket)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {"host": "devslack", "build_number": 1, "approximate_connection_time": LIFETIME},
            "connection_info": {"app_id": self._app_id},
        }

    def _acknowledge(self, text: str) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            return  # Slack ignores what it cannot read; the envelope stays unacknowledged
        if not isinstance(answer, dict):
            return
        waiting = self._waiting.pop(str(answer.get("envelope_id")), None)
        if waiting and not waiting.done():
            waiting.set_result(answer.get("payload"))

    def _forget(self, socket: WebSocket) -> None:
        if socket in self._open:
            self._open.remove(socket)
        if not self._open:
            self.arrived.clear()

    async def send(self, kind: str, payload: Json, *, attempt: int | None, reason: str) -> "asyncio.Future[Any] | None":
        """Hand an envelope to the next socket in turn: the future of its acknowledgement, None when no socket is open."""
        envelope_id = str(uuid.uuid4())
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if attempt is not None:
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        text = json.dumps(envelope)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = future
        future.add_done_callback(lambda _: self._waiting.pop(envelope_id, None))
        while self._open:
            self._turn = (self._turn + 1) % len(self._open)
            socket = self._open[self._turn]
            try:
                await socket.send_text(text)
            except (WebSocketDisconnect, RuntimeError):  # it has closed: send to the next one
                self._forget(socket)
                continue
            return future
        future.cancel()
        return None

    async def refresh(self, reason: str) -> None:
        """Warn every socket that it will close, as Slack does before it restarts a connection (warning, refresh_requested)."""
        for socket in list(self._open):
            if reason == "warning":
                with suppress(WebSocketDisconnect):
                    await socket.send_text(json.dumps(_goodbye(reason)))
            else:
                await self._dismiss(socket, reason)

    async def drop(self) -> int:
        """Close every socket without a warning. Returns how many there were."""
        dropped = list(self._open)
        for socket in dropped:
            self._forget(socket)
            with suppress(WebSocketDisconnect):  # it has closed already
                await socket.close(1011)
        return len(dropped)

    async def _dismiss(self, socket: WebSocket, reason: str) -> None:
        self._forget(socket)
        with suppress(WebSocketDisconnect):
            await socket.send_text(json.dumps(_goodbye(reason)))
            await socket.close(1000)


def _goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "devslack"}}
