"""No body is read that is larger than anything honest, or whose length nobody said."""

from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.problems import answer

LARGEST: Final = 1_000_000
"""Octets."""


class Limited:
    """The application behind it, for bodies of up to a million octets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = {name.lower(): value for name, value in scope["headers"]}
            length = headers.get(b"content-length", b"0")
            if b"transfer-encoding" in headers or not length.isdigit():
                await answer(
                    HTTPStatus.LENGTH_REQUIRED,
                    "length_required",
                    "Say how long the body is, in a Content-Length header.",
                )(scope, receive, send)
                return
            if int(length) > LARGEST:
                refused = answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "The body is larger than 1 MB.")
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)
