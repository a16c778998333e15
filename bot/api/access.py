"""Who may call: a bearer token, its scopes, and how often."""

import math
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from bot.api.problems import Problematic
from bot.slack.context import Bot
from domain.platforms.tokens import Scope, Token
from domain.workflow.platforms.requests import Platform
from domain.workflow.platforms.tokens import token_shown

BEARER: Final = HTTPBearer(
    auto_error=False, bearerFormat="csgn_…", description="Made by `countersign token create CLIENT --scope …`."
)
STRANGERS: Final = parse("30/minute")
"""How often one address may show no token, or a bad one."""


class Access:
    """Lets callers in, each as often as the limit says: per token, in this process."""

    def __init__(self, bot: Bot, rate: str) -> None:
        """*rate* as in `120/minute`. Raises ValueError for anything else."""
        self._bot = bot
        self._rate = parse(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def having(self, *scopes: Scope) -> Callable[..., Awaitable[Platform]]:
        """A dependency: the platform that calls, with a token that has one of *scopes*."""

        async def platform(
            request: Request,
            response: Response,
            shown: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
        ) -> Platform:
            token = await self._token(request, shown)
            response.headers.update(await self._spend(self._rate, "token", token.id))
            if not token.scopes.intersection(scopes):
                raise Problematic(
                    HTTPStatus.FORBIDDEN,
                    "insufficient_scope",
                    f"This token may not do this. It needs the scope {' or '.join(scopes)}.",
                    headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{" ".join(scopes)}"'},
                )
            _must_be_known(request)
            return Platform(token.client, reads_all=Scope.READ_ALL in token.scopes)

        return platform

    async def _token(self, request: Request, shown: HTTPAuthorizationCredentials | None) -> Token:
        token = await token_shown(self._bot.store, shown.credentials, self._bot.clock()) if shown is not None else None
        if token is not None:
            return token
        await self._spend(STRANGERS, "address", request.client.host if request.client is not None else "")
        challenge = "Bearer" if shown is None else 'Bearer error="invalid_token"'
        raise Problematic(
            HTTPStatus.UNAUTHORIZED,
            "unauthorized",
            ("Send a token: Authorization: Bearer csgn_…. An administrator makes one with `countersign token create`.")
            if shown is None
            else "This token is unknown, expired or revoked.",
            headers={"WWW-Authenticate": challenge},
        )

    async def _spend(self, rate: RateLimitItem, per: str, whose: str) -> dict[str, str]:
        """Headers that say how much is left (draft-ietf-httpapi-ratelimit-headers). Raises Problematic where nothing was."""
        good = await self._limiter.hit(rate, per, whose)
        window = await self._limiter.get_window_stats(rate, per, whose)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        headers = {
            "RateLimit-Policy": f'"{per}";q={rate.amount};w={rate.get_expiry()}',
            "RateLimit": f'"{per}";r={window.remaining};t={seconds}',
        }
        if good:
            return headers
        raise Problematic(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too_many_requests",
            f"Too many calls. Try again in {seconds} {('second' if seconds == 1 else 'seconds')}.",
            headers={"Retry-After": str(seconds), **headers},
        )


def _must_be_known(request: Request) -> None:
    """A parameter that is misspelt would choose more than was meant. Raises Problematic."""
    known = {param.alias for param in request.scope["route"].dependant.query_params}
    for name in request.query_params:
        if name not in known:
            raise Problematic(
                HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_input", "There is no such parameter here.", at=f"query/{name}"
            )
