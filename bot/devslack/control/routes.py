"""The control API under /_control: JSON in, JSON out, and a stream of what changes."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.devslack.control.actions import POSTS
from bot.devslack.control.parts import Body, Get, Parts, Post
from bot.devslack.control.reads import GETS
from bot.devslack.errors import Refused
from bot.devslack.web_api.file_transfers import file_response
from bot.devslack.workspace.workspace import Workspace

HEARTBEAT = 15.0


def control_routes(parts: Parts) -> list[Route]:
    """The control API's routes, relative to /_control. Refusals answer 200 with `"ok": false`, as Slack's Web API does."""

    def post_endpoint(run: Post) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return JSONResponse(await run(parts, await _body(request)))
            except Refused as refusal:
                return JSONResponse(refusal.answer(), 400 if refusal.error == "bad_request" else 200)

        return endpoint

    def get_endpoint(run: Get) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return JSONResponse(run(parts, request))
            except Refused as refusal:
                return JSONResponse(refusal.answer(), 400 if refusal.error == "bad_request" else 200)

        return endpoint

    async def events(request: Request) -> Response:
        stream = _stream(parts.workspace, request.query_params.get("user", ""))
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})

    async def file(request: Request) -> Response:
        workspace, user = parts.workspace, request.query_params.get("user", "")
        upload = workspace.person_file(user, request.query_params.get("file", ""))
        if upload is None or upload.content is None:
            return JSONResponse(Refused("file_not_found", f"{user} sees no such file.").answer(), 404)
        return file_response(upload)

    return [
        *(Route(f"/{name}", post_endpoint(run), methods=["POST"]) for name, run in POSTS.items()),
        *(Route(f"/{name}", get_endpoint(run), methods=["GET"]) for name, run in GETS.items()),
        Route("/events", events, methods=["GET"]),
        Route("/file", file, methods=["GET"]),
        Route("/{path:path}", _unknown, methods=["GET", "POST"]),
    ]


async def _unknown(request: Request) -> Response:
    refusal = Refused("unknown_path", f"The control API has no {request.method} {request.path_params['path']}.")
    return JSONResponse(refusal.answer(), 404)


async def _body(request: Request) -> Body:
    """A JSON object; a browser cannot send one to another site's server without asking first, which is never granted."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Refused("bad_request", "Send JSON, with Content-Type: application/json.")
    try:
        values = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise Refused("bad_request", "The body is not JSON.") from error
    if not isinstance(values, dict):
        raise Refused("bad_request", "The body must be a JSON object.")
    return Body(values)


async def _stream(workspace: Workspace, user: str) -> AsyncIterator[str]:
    with workspace.watchers.listening(user) as queue:
        yield ": listening\n\n"
        while True:
            try:
                change = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if change is None:
                return
            yield f"data: {json.dumps(change)}\n\n"
