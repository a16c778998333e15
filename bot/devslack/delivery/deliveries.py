"""Slack to app: over a socket or as signed HTTP requests, with redelivery of events and the troubles asked for.

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
from bot.devslack.faults import FaultRule, Faults, Trouble
from bot.devslack.workspace.call_log import Record
from bot.devslack.workspace.workspace import Timing

Signature = Literal["good", "bad", "old"]
HTTP_REASONS = {"timeout": "http_timeout", "error": "http_error"}
COMMANDS, INTERACTIVE, EVENTS = "slash_commands", "interactive", "events_api"


@dataclass(frozen=True, slots=True)
class Parcel:
    kind: str
    payload: Json
    attempt: int | None = None
    reason: str = ""
    signature: Signature = "good"


@dataclass(frozen=True, slots=True)
class Receipt:
    """How it went: sent at all, acknowledged in time, the answer that came with it, and why not otherwise."""

    delivered: bool
    acknowledged: bool
    answer: Any = None
    ms: float = 0.0
    reason: str = ""
    no_retry: bool = False

    def shown(self) -> Json:
        return {
            "ok": True,
            "acknowledged": self.acknowledged,
            "delivered": self.delivered,
            "answer": self.answer,
            "ms": self.ms,
            **({"reason": self.reason} if self.reason else {}),
        }


class Transport(Protocol):
    async def carry(self, parcel: Parcel, patience: float) -> Receipt:
        """Bring it to the app and wait so many seconds for its acknowledgement."""


class SocketTransport:
    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets

    async def carry(self, parcel: Parcel, patience: float) -> Receipt:
        future = await self._sockets.send(parcel.kind, parcel.payload, attempt=parcel.attempt, reason=parcel.reason)
        if future is None:
            return Receipt(False, False, reason="no_socket")
        try:
            return Receipt(True, True, await asyncio.wait_for(future, patience))
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

    async def carry(self, parcel: Parcel, patience: float) -> Receipt:
        url = self._urls.get(parcel.payload.get("command", parcel.kind)) or self._urls.get(parcel.kind)
        if url is None:
            return Receipt(False, False, reason="no_request_url")
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        body, content_type = _encoded(parcel)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= self._signed(body, parcel.signature)
        if parcel.attempt:
            headers |= {
                "X-Slack-Retry-Num": str(parcel.attempt),
                "X-Slack-Retry-Reason": HTTP_REASONS.get(parcel.reason, parcel.reason),
            }
        timeout = aiohttp.ClientTimeout(total=patience)
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


def _encoded(parcel: Parcel) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if parcel.kind == COMMANDS:
        return urlencode(parcel.payload).encode(), form
    if parcel.kind == INTERACTIVE:
        return urlencode({"payload": json.dumps(parcel.payload)}).encode(), form
    return json.dumps(parcel.payload).encode(), "application/json"


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
        """May be replaced; an attempt under way keeps its own."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self.record = Record()

    async def deliver(self, kind: str, payload: Json, *, signature: Signature = "good") -> Receipt:
        """One delivery, awaited as long as Slack waits; an event that was not acknowledged goes out again later."""
        first = 0 if kind == EVENTS else None
        receipt = await self._attempt(Parcel(kind, payload, first, "", signature))
        if kind == EVENTS and not receipt.acknowledged and not receipt.no_retry:
            self.in_background(self._again(payload, receipt.reason))
        return receipt

    def in_background(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def forget(self) -> None:
        """Give up every late and repeated delivery."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _again(self, payload: Json, reason: str) -> None:
        for number, wait in enumerate(self.timing.retries, start=1):
            await asyncio.sleep(wait)
            receipt = await self._attempt(Parcel(EVENTS, payload, number, reason or "timeout"))
            if receipt.acknowledged or receipt.no_retry:
                return
            reason = receipt.reason

    async def _attempt(self, parcel: Parcel) -> Receipt:
        started = time.perf_counter()
        struck = self._faults.draw(parcel.kind, calls=False)
        entry = self.record.add(type=parcel.kind, payload=parcel.payload, attempt=parcel.attempt)
        if struck:
            entry["faults"] = [kind.value for kind in struck]
        receipt = await self._carried(parcel, struck)
        ms = round((time.perf_counter() - started) * 1000, 3)
        receipt = Receipt(receipt.delivered, receipt.acknowledged, receipt.answer, ms, receipt.reason, receipt.no_retry)
        entry |= {"acknowledged": receipt.acknowledged, "answer": receipt.answer, "ms": ms, "reason": receipt.reason}
        return receipt

    async def _carried(self, parcel: Parcel, struck: dict[Trouble, FaultRule]) -> Receipt:
        patience = self.timing.acknowledge
        if not struck:
            return await self._transport.carry(parcel, patience)
        if Trouble.WITHHOLD in struck:
            return Receipt(False, False, reason="timeout")
        late = struck[Trouble.LATE].seconds if Trouble.LATE in struck else 0.0
        copies = struck[Trouble.DUPLICATE].times if Trouble.DUPLICATE in struck else 1
        for _ in range(copies - 1):
            self.in_background(self._carry_late(parcel, late, patience))
        first = asyncio.ensure_future(self._carry_late(parcel, late, patience))
        self._tasks.add(first)
        first.add_done_callback(self._tasks.discard)
        if refresh := struck.get(Trouble.REFRESH_SOCKET):
            await self._sockets.refresh(refresh.reason)
        if Trouble.DROP_SOCKET in struck:
            await asyncio.sleep(0)
            await self._sockets.drop()
        done, _ = await asyncio.wait({first}, timeout=patience)
        return first.result() if done else Receipt(False, False, reason="timeout")

    async def _carry_late(self, parcel: Parcel, late: float, patience: float) -> Receipt:
        await asyncio.sleep(late)
        return await self._transport.carry(parcel, patience)
