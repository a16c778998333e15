"""POST (or GET) /api/<method>: read, authenticate, check scope and rate, answer, record."""

import asyncio
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.devslack import methods_chat, methods_conversations, methods_people, methods_views
from bot.devslack.arguments import Args, parse_arguments
from bot.devslack.calls import Record
from bot.devslack.errors import Json, SlackError
from bot.devslack.faults import FaultRule, Faults, Trouble
from bot.devslack.rates import Limiter, ratelimited
from bot.devslack.registry import METHODS, Method, need_scope
from bot.devslack.workspace import Workspace

MODULES = (methods_chat, methods_conversations, methods_people, methods_views)  # importing them fills METHODS


class WebApi:
    def __init__(
        self, workspace: Workspace, limiter: Limiter, faults: Faults, calls: Record, cut: Callable[[Request], None]
    ) -> None:
        """`cut` breaks the connection a request came over, for answers that get lost."""
        self._workspace = workspace
        self._limiter = limiter
        self._faults = faults
        self._calls = calls
        self._cut = cut

    async def answer(self, request: Request) -> Response:
        name: str = request.path_params["method"]
        started = time.perf_counter()
        struck = self._faults.draw(name, calls=True)
        args = Args({})
        status, headers = 200, dict[str, str]()
        try:
            args, token = parse_arguments(
                request.headers.get("content-type", ""), request.url.query, await request.body()
            )
            await _befall(struck)
            answer = {"ok": True, **self._perform(name, args, _bearer(request) or token)}
        except SlackError as error:
            status, headers, answer = error.status, error.headers, error.answer()
        lost = Trouble.LOST_ANSWER in struck
        self._calls.add(
            method=name,
            args=args.values,
            status=status,
            answer=answer,
            ms=round((time.perf_counter() - started) * 1000, 3),
            **({"retry_after": int(headers["Retry-After"])} if headers else {}),
            **({"faults": [kind.value for kind in struck]} if struck else {}),
        )
        if lost:
            self._cut(request)
            await asyncio.sleep(0)
        scopes = ",".join(self._workspace.app.manifest.scopes)
        return JSONResponse(answer, status, {**headers, "x-oauth-scopes": scopes})

    def _perform(self, name: str, args: Args, token: str | None) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authenticate(method, token)
        self._limiter.check(method, args.text("channel"))
        need_scope(self._workspace, *method.scopes)
        return method.run(self._workspace, args)

    def _authenticate(self, method: Method, token: str | None) -> None:
        credentials = self._workspace.credentials
        if not token:
            raise SlackError("not_authed")
        if token not in (credentials.bot, credentials.app):
            raise SlackError("invalid_auth")
        if method.caller != "any" and token != getattr(credentials, method.caller):
            raise SlackError("not_allowed_token_type")
        if self._workspace.people.users[self._workspace.app.bot_user]["deleted"]:
            raise SlackError("account_inactive")


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else None


async def _befall(struck: dict[Trouble, FaultRule]) -> None:
    if delay := struck.get(Trouble.DELAY):
        await asyncio.sleep(delay.seconds)
    if limit := struck.get(Trouble.RATE_LIMIT):
        raise ratelimited(int(limit.seconds))
    if Trouble.HTTP_500 in struck:
        raise SlackError("internal_error", status=500)
    if error := struck.get(Trouble.ERROR):
        raise SlackError(error.error)
