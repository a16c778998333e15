"""Slack to app: over a socket or as signed HTTP requests, with redelivery of events and the requested faults.

Clicks, commands and submissions are delivered once; the person sees when they were not acknowledged in time. Events are
delivered again up to three times (https://docs.slack.dev/apis/events-api#retries).
"""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from bot.devslack.delivery.sockets import Sockets
from bot.devslack.errors import Json
from bot.devslack.faults import FaultKind, FaultRule, Faults
from bot.devslack.workspace.activity_log import ActivityLog
from bot.devslack.workspace.workspace import Timing

Signature = Literal["good", "bad", "old"]
HTTP_REASONS = {"timeout": "http_timeout", "error": "http_error"}
COMMANDS, INTERACTIVE, EVENTS = "slash_commands", "interactive", "events_api"


@dataclass(frozen=True, slots=True)
class Delivery:
    kind: str
    payload: Json
    attempt: int | None = None
    reason: str = ""
    signature: Signature = "good"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome: whether it was sent and acknowledged in time, the answer, and the reason for a failure."""

    delivered: bool
    acknowledged: bool
    answer: Any = None
    ms: float = 0.0
    reason: str = ""
    no_retry: bool = False

    def as_json(self) -> Json:
        return {
            "ok": True,
            "acknowledged": self.acknowledged,
            "delivered": self.delivered,
            "answer": self.answer,
            "ms": self.ms,
            **({"reason": self.reason} if self.reason else {}),
        }


class Transport(Protocol):
    async def send(self, delivery: Delivery, wait_seconds: float) -> Receipt:
        """Send it to the app and wait at most `wait_seconds` for the acknowledgement."""


class SocketTransport:
    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets

    async def send(self, delivery: Delivery, wait_seconds: float) -> Receipt:
        future = await self._sockets.send(
            delivery.kind, delivery.payload, attempt=delivery.attempt, reason=delivery.reason
        )
        if future is None:
            return Receipt(False, False, reason="no_socket")
        try:
            return Receipt(True, True, await asyncio.wait_for(future, wait_seconds))
        except TimeoutError:
            return Receipt(True, False, reason="timeout")


class HttpTransport:
    """Requests with Slack's v0 signature (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""

    def __init__(self, urls: dict[str, str], signing_secret: str) -> None:
        """`urls`: where each kind of delivery goes."""
        self._urls = urls
        self._secret = signing_secret.encode()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def send(self, delivery: Delivery, wait_seconds: float) -> Receipt:
        url = self._urls.get(delivery.payload.get("command", delivery.kind)) or self._urls.get(delivery.kind)
        if url is None:
            return Receipt(False, False, reason="no_request_url")
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        body, content_type = _encoded(delivery)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= self._signed(body, delivery.signature)
        if delivery.attempt:
            headers |= {
                "X-Slack-Retry-Num": str(delivery.attempt),
                "X-Slack-Retry-Reason": HTTP_REASONS.get(delivery.reason, delivery.reason),
            }
        timeout = aiohttp.ClientTimeout(total=wait_seconds)
        try:
            async with self._session.post(
                url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return _receipt(response.status, response.headers, await response.text())
        except TimeoutError:
            return Receipt(True, False, reason="timeout")
        except aiohttp.ClientError:
            return Receipt(False, False, reason="connection_failed")

    def _signed(self, body: bytes, signature: Signature) -> dict[str, str]:
        stamp = str(int(time.time()) - (600 if signature == "old" else 0))
        secret = b"not the secret" if signature == "bad" else self._secret
        digest = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _encoded(delivery: Delivery) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if delivery.kind == COMMANDS:
        return urlencode(delivery.payload).encode(), form
    if delivery.kind == INTERACTIVE:
        return urlencode({"payload": json.dumps(delivery.payload)}).encode(), form
    return json.dumps(delivery.payload).encode(), "application/json"


def _receipt(status: int, headers: Any, text: str) -> Receipt:
    no_retry = headers.get("X-Slack-No-Retry") == "1"
    if status != 200:
        return Receipt(True, False, {"status": status, "body": text[:1000]}, reason="error", no_retry=no_retry)
    if not text:
        return Receipt(True, True)
    if headers.get("Content-Type", "").startswith("application/json"):
        try:
            return Receipt(True, True, json.loads(text))
        except ValueError:
            return Receipt(True, False, {"status": status, "body": text[:1000]}, reason="error")
    return Receipt(True, True, {"text": text})


class Deliveries:
    def __init__(self, transport: Transport, sockets: Sockets, faults: Faults, timing: Timing) -> None:
        self._transport = transport
        self._sockets = sockets
        self._faults = faults
        self.timing = timing
        """May be replaced; an attempt that has started keeps the old one."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self.log = ActivityLog()

    async def deliver(self, kind: str, payload: Json, *, signature: Signature = "good") -> Receipt:
        """One delivery, awaited as long as Slack waits; an event that was not acknowledged goes out again later."""
        first = 0 if kind == EVENTS else None
        receipt = await self._attempt(Delivery(kind, payload, first, "", signature))
        if kind == EVENTS and not receipt.acknowledged and not receipt.no_retry:
            self.in_background(self._redeliver(payload, receipt.reason))
        return receipt

    def in_background(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def cancel_pending(self) -> None:
        """Cancel every delayed and repeated delivery."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _redeliver(self, payload: Json, reason: str) -> None:
        for number, wait in enumerate(self.timing.retries, start=1):
            await asyncio.sleep(wait)
            receipt = await self._attempt(Delivery(EVENTS, payload, number, reason or "timeout"))
            if receipt.acknowledged or receipt.no_retry:
                return
            reason = receipt.reason

    async def _attempt(self, delivery: Delivery) -> Receipt:
        started = time.perf_counter()
        drawn_faults = self._faults.draw(delivery.kind, calls=False)
        entry = self.log.add(type=delivery.kind, payload=delivery.payload, attempt=delivery.attempt)
        if drawn_faults:
            entry["faults"] = [kind.value for kind in drawn_faults]
        receipt = await self._send(delivery, drawn_faults)
        ms = round((time.perf_counter() - started) * 1000, 3)
        receipt = Receipt(receipt.delivered, receipt.acknowledged, receipt.answer, ms, receipt.reason, receipt.no_retry)
        entry |= {"acknowledged": receipt.acknowledged, "answer": receipt.answer, "ms": ms, "reason": receipt.reason}
        return receipt

    async def _send(self, delivery: Delivery, drawn_faults: dict[FaultKind, FaultRule]) -> Receipt:
        wait_seconds = self.timing.acknowledge
        if not drawn_faults:
            return await self._transport.send(delivery, wait_seconds)
        if FaultKind.WITHHOLD in drawn_faults:
            return Receipt(False, False, reason="timeout")
        late = drawn_faults[FaultKind.LATE].seconds if FaultKind.LATE in drawn_faults else 0.0
        copies = drawn_faults[FaultKind.DUPLICATE].times if FaultKind.DUPLICATE in drawn_faults else 1
        for _ in range(copies - 1):
            self.in_background(self._send_after(delivery, late, wait_seconds))
        first = asyncio.ensure_future(self._send_after(delivery, late, wait_seconds))
        self._tasks.add(first)
        first.add_done_callback(self._tasks.discard)
        if refresh := drawn_faults.get(FaultKind.REFRESH_SOCKET):
            await self._sockets.refresh(refresh.reason)
        if FaultKind.DROP_SOCKET in drawn_faults:
            await asyncio.sleep(0)
            await self._sockets.drop()
        done, _ = await asyncio.wait({first}, timeout=wait_seconds)
        return first.result() if done else Receipt(False, False, reason="timeout")

    async def _send_after(self, delivery: Delivery, late: float, wait_seconds: float) -> Receipt:
        await asyncio.sleep(late)
        return await self._transport.send(delivery, wait_seconds)
