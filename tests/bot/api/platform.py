"""Another platform, over real HTTP, at the API of the sample company's bot."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import aiohttp

from domain.platforms.tokens import Scope, TokenId
from domain.workflow.platforms import tokens
from tests.end_to_end.company import Company, at_work
from tests.material_factory import csr_pem

ITS_OWN = frozenset(Scope) - {Scope.READ_ALL}
NADIA = "nadia@halvorsen.example.com"
_IDS = iter(f"token{letter}{other}23456" for letter in "abcdefghij" for other in "abcdefghij")


class Answer(NamedTuple):
    status: int
    headers: Any
    body: Any


class Platform:
    """Calls with one token; *token* None calls with none."""

    def __init__(self, company: Company, token: str | None, session: aiohttp.ClientSession) -> None:
        self.url = f"http://127.0.0.1:{company.bot.port}"
        self.authorization = f"Bearer {token}" if token is not None else ""
        self._headers = {"Authorization": self.authorization} if token is not None else {}
        self._session = session

    async def calls(self, method: str, path: str, **more: Any) -> Answer:
        headers = {**self._headers, **more.pop("headers", {})}
        async with self._session.request(method, f"{self.url}/v1{path}", headers=headers, **more) as answer:
            json = "json" in answer.content_type
            return Answer(answer.status, answer.headers, await answer.json() if json else await answer.text())

    async def submits(self, *, key: str | None = None, **changes: Any) -> Answer:
        """A request for a web server's certificate, with *changes*; None takes a field out."""
        body = {
            "operation": "issue",
            "resource": "public-web",
            "requester": NADIA,
            "reason": "The old one ends on Friday.",
            "csr": csr_pem(cn="api.halvorsen.example.com", sans=("api.halvorsen.example.com",)),
            **changes,
        }
        given = {name: value for name, value in body.items() if value is not None}
        return await self.calls(
            "POST", "/requests", json=given, headers={"Idempotency-Key": key or secrets.token_hex(8)}
        )


@asynccontextmanager
async def served(database: str, **settings: Any) -> AsyncIterator[Company]:
    async with at_work(database, api=True, **settings) as company:
        yield company


@asynccontextmanager
async def platform(
    company: Company, *scopes: Scope, client: str = "acme", lives: timedelta = timedelta(days=1)
) -> AsyncIterator[Platform]:
    """The platform *client*, with a token for *scopes*, or for all that is its own."""
    made = await tokens.create_token(
        company.bot.store,
        TokenId(next(_IDS)),
        secrets.token_urlsafe(32),
        client,
        frozenset(scopes) or ITS_OWN,
        lives,
        company.clock(),
    )
    async with aiohttp.ClientSession() as session:
        yield Platform(company, made.text, session)
