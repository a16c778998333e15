"""The HTTP session for other platforms. It connects only to allowed addresses, and never follows a redirect."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Self

import aiohttp
from pydantic import SecretStr

from bot.webhooks.addresses import Guard, NotAllowed

TIMEOUT: Final = aiohttp.ClientTimeout(total=15)
"""Of one attempt; much shorter than the leases under which they are made."""
AGENT: Final = "Countersign-Webhooks"


class Poster:
    """Posts, while it is entered."""

    def __init__(self, master: SecretStr | None, guard: Guard) -> None:
        """*master* is what secrets are made from; without it nothing can be signed, and so nothing is sent."""
        self.master = master
        self._guard = guard
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=self._guard, use_dns_cache=False),
            timeout=TIMEOUT,
            headers={"User-Agent": AGENT},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def post(self, url: str, body: str, headers: dict[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer, while inside. Raises NotAllowed, aiohttp.ClientError (see `not_allowed`), TimeoutError."""
        if self._session is None:
            raise RuntimeError("the poster has not been entered")
        self._guard.check_url(url)
        async with self._session.post(url, data=body.encode(), headers=headers, allow_redirects=False) as answer:
            yield answer


def not_allowed(error: BaseException) -> NotAllowed | None:
    """The refusal that *error* is, or that it was raised for: aiohttp wraps what a resolver raises."""
    inner = error if isinstance(error, NotAllowed) else getattr(error, "os_error", None)
    return inner if isinstance(inner, NotAllowed) else None
