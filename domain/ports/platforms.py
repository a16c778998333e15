"""API tokens and webhooks."""

from datetime import datetime, timedelta
from typing import Protocol

from domain.approvals.requests import RequestId
from domain.audit.entries import Action
from domain.platforms.tokens import Token, TokenId
from domain.platforms.webhooks import Delivery, Endpoint


class TokenReader(Protocol):
    """API tokens."""

    async def get(self, id: TokenId) -> Token | None: ...

    async def listed(self) -> tuple[Token, ...]:
        """All there ever were, by client, the newest first."""


class TokenWriter(TokenReader, Protocol):
    """API tokens: saving."""

    async def add(self, token: Token) -> None:
        """A new one. It needs an audit entry, as the next does."""

    async def revoke(self, id: TokenId, at: datetime) -> bool:
        """Revoke it at *at*; False where it was revoked by then."""

    async def record_use(self, id: TokenId, at: datetime) -> None:
        """Keep that it was used at *at*."""


class WebhookReader(Protocol):
    """Webhook endpoints and deliveries to them."""

    async def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them, by name."""

    async def endpoint(self, key: str) -> Endpoint | None: ...

    async def delivery(self, number: int) -> Delivery | None: ...

    async def deliveries(self, key: str, *, waiting: bool, limit: int) -> tuple[Delivery, ...]:
        """The newest to this endpoint, or, *waiting*, the oldest that it has not taken."""


class WebhookWriter(WebhookReader, Protocol):
    """Webhook endpoints and deliveries to them: saving."""

    async def lock_endpoint(self, key: str) -> Endpoint | None:
        """It, locked until the end of the transaction."""

    async def save_endpoint(self, endpoint: Endpoint) -> None: ...

    async def delete_endpoint(self, key: str) -> None:
        """With all that was on its way to it."""

    async def requests_with_new_events(self, limit: int) -> tuple[tuple[RequestId, int], ...]:
        """Requests with entries that were not looked at for webhooks, locked as by `due`, each with the number of the last that was."""

    async def advance_cursor(self, request: RequestId, number: int) -> None:
        """The record of *request* was looked at for webhooks, to the entry *number*."""

    async def add_delivery(self, endpoint: str, request: RequestId, number: int, event: Action, at: datetime) -> None:
        """The entry *number* of *request* is on its way to *endpoint* from *at* on, unless it was already."""

    async def send_again(self, number: int, at: datetime) -> None:
        """Have the delivery with this *number* sent from *at* on, accepted or not; whoever sends it now does not hold it any more."""

    async def claim(self, key: str, at: datetime, lease: timedelta, limit: int) -> tuple[Delivery, ...]:
        """Those to the endpoint *key* that are due at *at*, at most the oldest of each request, held until *at* + *lease*.

        The attempt that begins now is counted.
        """

    async def finish(self, delivery: Delivery, at: datetime, status: int) -> bool:
        """The endpoint accepted it at *at*; False where another worker has claimed it since, or it is gone: then nothing changes."""

    async def retry(self, delivery: Delivery, due_at: datetime, *, status: int | None, failure: str) -> bool:
        """It is to be sent again from *due_at* on, because of *failure*; False as for `finish`."""

    async def forget(self, at: datetime, limit: int) -> int:
        """Forget those that were taken longer before *at* than `domain.platforms.webhooks.KEPT`; how many were."""
