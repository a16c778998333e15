"""The webhook connector: sends an operation to another platform, which answers at once or reports the result through the API.

A resource names it as `webhook:KEY`, KEY being a webhook that `countersign webhook add` made: its address and its secret are used, signed
by Standard Webhooks as its events are. The message id is the operation's idempotency key.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from http import HTTPStatus
from typing import Any, Final, Literal

import aiohttp
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.connectors.port import Connector, Unclear
from bot.environment.clock import Clock
from bot.representation.rendering import drawn
from bot.webhooks.addresses import NotAllowed
from bot.webhooks.message import signed
from bot.webhooks.posting import Poster, not_allowed
from bot.webhooks.secrets import NOT_CONFIGURED
from domain.approvals.execution import (
    LARGEST_CERTIFICATE,
    Accepted,
    ApprovedOperation,
    Certificate,
    Executed,
    Failed,
    Later,
    Outcome,
)
from domain.approvals.requests import RequestId
from domain.platforms.webhooks import Endpoint
from domain.ports import Store

KIND: Final = "webhook"
TYPE: Final = "operation.execute"
LARGEST_ANSWER: Final = LARGEST_CERTIFICATE + 4096
"""Octets that are read of an answer."""
REFUSALS: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""Beside 3xx and 4xx: by these a receiver says that it has not begun."""


class Answer(BaseModel):
    """What a receiver may say at once."""

    model_config = ConfigDict(extra="ignore")

    status: Literal["executed", "failed", "accepted"]
    certificate: str | None = None
    chain: str = ""
    reason: str = ""


class WebhookConnector:
    """Hands operations to the webhook *key*."""

    def __init__(self, key: str, store: Store, clock: Clock, poster: Poster) -> None:
        self._key = key
        self._store = store
        self._clock = clock
        self._poster = poster

    async def execute(self, operation: ApprovedOperation) -> Outcome:
        """Raises Unclear where nobody knows whether it was done."""
        async with self._store.reading() as reading:
            endpoint = await reading.webhooks.endpoint(self._key)
        if endpoint is None:
            return Later(reason=f"There is no webhook {self._key}.")
        if endpoint.paused_at is not None:
            return Later(reason=f"Webhook {self._key} is paused.")
        if self._poster.master is None:
            return Later(reason=NOT_CONFIGURED)
        body = await self._body(operation)
        headers = signed(body, operation.key, endpoint, self._poster.master, self._clock())
        return await self._posted(endpoint, body, headers)

    async def recall(self, operation: ApprovedOperation) -> Outcome | None:  # noqa: ARG002 - the port's signature
        """Nothing is known here: whoever received it reports through the API what came of it."""
        return None

    async def _body(self, operation: ApprovedOperation) -> str:
        async with self._store.reading() as reading:
            request = await reading.requests.get(RequestId(operation.request))
            if request is None:
                raise LookupError(f"request {operation.request} is gone")  # requests are never deleted
            [shown] = await drawn(reading, [request])
        content = {
            "type": TYPE,
            "timestamp": self._clock().astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "data": {
                "operation": {
                    "key": operation.key,
                    "attempt": operation.attempt,
                    "digest": operation.digest,
                    "resource": operation.entry,
                    "certificate_profile": operation.certificate_profile,
                    "certificate_authority": operation.certificate_authority,
                    "approved_at": operation.approved_at.isoformat(),
                    "valid_until": operation.valid_until.isoformat() if operation.valid_until is not None else None,
                },
                "request": shown.model_dump(mode="json"),
            },
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    async def _posted(self, endpoint: Endpoint, body: str, headers: dict[str, str]) -> Outcome:
        try:
            async with self._poster.post(endpoint.url, body, headers) as answer:
                if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and answer.status not in REFUSALS:
                    raise Unclear(f"Webhook {self._key} answered {answer.status}.")
                if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                    return Later(reason=f"Webhook {self._key} answered {answer.status}.")
                return _outcome(self._key, await _read(self._key, answer))
        except TimeoutError as error:
            raise Unclear(f"Webhook {self._key} did not answer in time.") from error
        except (aiohttp.ClientError, NotAllowed) as error:
            refused = not_allowed(error)
            if refused is not None:
                return Later(reason=f"Webhook {self._key} may not be called: {refused!s}.")
            if isinstance(error, aiohttp.ClientConnectorError):
                return Later(reason=f"Webhook {self._key} could not be reached.")
            raise Unclear(f"Webhook {self._key} ended the connection without an answer.") from error


class Webhooks(Mapping[str, Connector]):
    """Every webhook there may be, as a connector: `webhook:KEY`. Whether it exists is looked up when something is handed to it."""

    def __init__(self, store: Store, clock: Clock, poster: Poster) -> None:
        self._parts = store, clock, poster

    def __getitem__(self, name: str) -> Connector:
        kind, _, key = name.partition(":")
        if kind != KIND or not key:
            raise KeyError(name)
        return WebhookConnector(key, *self._parts)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


async def _read(key: str, answer: aiohttp.ClientResponse) -> bytes:
    """The body of an answer of the webhook *key*. Raises Unclear where it is longer than any honest one."""
    content = bytearray()
    async for chunk in answer.content.iter_chunked(8192):
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise Unclear(f"The answer of webhook {key} could not be read.")
    return bytes(content)


def _outcome(key: str, content: bytes) -> Outcome:
    """What a 2xx answer of the webhook *key* says; without a status in JSON it says *accepted*. Raises Unclear where it cannot be read."""
    said = _json(content)
    if not isinstance(said, dict) or "status" not in said:
        return Accepted()
    try:
        answer = Answer.model_validate(said)
        match answer.status:
            case "accepted":
                return Accepted()
            case "failed":
                return Failed(reason=answer.reason or "The receiver gave no reason.")
            case "executed":
                if answer.certificate is None:
                    return Executed()
                return Executed(certificate=Certificate(pem=answer.certificate, chain_pem=answer.chain))
    except ValidationError as error:
        raise Unclear(f"The answer of webhook {key} could not be read.") from error


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content.strip() else None
    except ValueError:
        return None
