"""Everything the app calls: /api/<method> (authenticated, scoped, rated) and the response URLs. All calls are logged."""

import asyncio
import json
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.devslack.errors import Json, SlackError
from bot.devslack.faults import FaultKind, FaultRule, Faults
from bot.devslack.web_api import methods_chat, methods_conversations, methods_files, methods_people, methods_views
from bot.devslack.web_api.arguments import Args, bearer_token, parse_arguments
from bot.devslack.web_api.rate_limits import Limiter, ratelimited
from bot.devslack.web_api.registry import METHODS, Method, need_scope
from bot.devslack.web_api.responses import post_response
from bot.devslack.workspace.activity_log import ActivityLog
from bot.devslack.workspace.workspace import Workspace

MODULES = (
    methods_chat,
    methods_conversations,
    methods_files,
    methods_people,
    methods_views,
)  # importing them fills METHODS
RESPONSE_URL = "response_url"  # its name in the log and for faults

Perform = Callable[[Args, bytes], Json]


class WebApi:
    def __init__(
        self, workspace: Workspace, limiter: Limiter, faults: Faults, calls: ActivityLog, cut: Callable[[Request], None]
    ) -> None:
        """`cut` breaks the connection a request came over, for answers that get lost."""
        self._workspace = workspace
        self._limiter = limiter
        self._faults = faults
        self._calls = calls
        self._cut = cut

    async def answer(self, request: Request) -> Response:
        """A Web API method. Whatever happens is answered as Slack does: JSON with `ok`."""
        name: str = request.path_params["method"]

        def perform(args: Args, body: bytes) -> Json:
            parsed, token = parse_arguments(request.headers.get("content-type", ""), request.url.query, body)
            args.values = parsed.values
            return {"ok": True, **self._perform(name, args, bearer_token(request) or token)}

        status, headers, answer = await self._recorded(name, request, perform)
        scopes = ",".join(self._workspace.app.manifest.scopes)
        return JSONResponse(answer, status, {**headers, "x-oauth-scopes": scopes})

    async def respond(self, request: Request) -> Response:
        """A post to a response URL; a success is the word `ok`."""
        key = f"{request.path_params['number']}/{request.path_params['key']}"

        def perform(args: Args, body: bytes) -> Json:
            try:
                content = json.loads(body)
            except ValueError:
                raise SlackError("invalid_payload", status=400) from None
            args.values = content if isinstance(content, dict) else {}
            post_response(self._workspace, self._workspace.temporary_keys.answer(key), content)
            return {"ok": True}

        status, headers, answer = await self._recorded(RESPONSE_URL, request, perform)
        return PlainTextResponse("ok") if answer["ok"] else JSONResponse(answer, status, headers)

    async def _recorded(self, name: str, request: Request, perform: Perform) -> tuple[int, dict[str, str], Json]:
        started = time.perf_counter()
        drawn_faults = self._faults.draw(name, calls=True)
        args, body = Args({}), await request.body()
        status, headers = 200, dict[str, str]()
        try:
            await self._faults.wait_for_delay(drawn_faults)
            _raise_fault(drawn_faults)
            answer = perform(args, body)
        except SlackError as error:
            status, headers, answer = error.status, error.headers, error.answer()
        self._calls.add(
            method=name,
            args=args.values,
            status=status,
            answer=answer,
            ms=round((time.perf_counter() - started) * 1000, 3),
            **({"retry_after": int(headers["Retry-After"])} if headers else {}),
            **({"faults": [kind.value for kind in drawn_faults]} if drawn_faults else {}),
        )
        if FaultKind.LOST_ANSWER in drawn_faults:  # the call has taken effect; only the answer is lost
            self._cut(request)
            await asyncio.sleep(0)
        return status, headers, answer

    def _perform(self, name: str, args: Args, token: str | None) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authenticate(method, token)
        self._limiter.check(method, self._workspace.conversation(args.text("channel")))
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


def _raise_fault(drawn_faults: dict[FaultKind, FaultRule]) -> None:
    if limit := drawn_faults.get(FaultKind.RATE_LIMIT):
        raise ratelimited(int(limit.seconds))
    if FaultKind.HTTP_500 in drawn_faults:
        raise SlackError("internal_error", status=500)
    if error := drawn_faults.get(FaultKind.ERROR):
        raise SlackError(error.error)
