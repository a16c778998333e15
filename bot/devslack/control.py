"""The control API under /_control: JSON in, JSON out; what a person does, sees, and may break on purpose."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.devslack.administration import Administration
from bot.devslack.calls import Record
from bot.devslack.channels import Kind
from bot.devslack.deliveries import Deliveries
from bot.devslack.errors import Json, Refused
from bot.devslack.faults import Faults, Trouble
from bot.devslack.interactions import Interactions
from bot.devslack.people import SLACKBOT
from bot.devslack.rates import Limiter
from bot.devslack.sockets import Sockets
from bot.devslack.workspace import Workspace

HEARTBEAT = 15.0
ENVELOPES = ("interactive", "slash_commands", "events_api")


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the control API works on."""

    workspace: Workspace
    interactions: Interactions
    administration: Administration
    deliveries: Deliveries
    sockets: Sockets
    faults: Faults
    limiter: Limiter
    calls: Record


class Body:
    """The JSON object of a request, asked for what is needed of it."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def text(self, name: str) -> str:
        """Raises Refused `bad_request` when missing or not text."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            raise Refused("bad_request", f"{name} is missing.")
        return value

    def maybe(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise Refused("bad_request", f"{name} must be text.")
        return value

    def table(self, name: str) -> Json:
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise Refused("bad_request", f"{name} must be an object.")
        return value

    def values_of_form(self) -> Json:
        values = self.values.get("values") or {}
        if not isinstance(values, dict) or not all(isinstance(each, dict) for each in values.values()):
            raise Refused("bad_request", "values must be {block_id: {action_id: value}}.")
        return values


Post = Callable[[Parts, Body], Awaitable[Json]]
Get = Callable[[Parts, Request], Json]


async def _command(parts: Parts, body: Body) -> Json:
    return await parts.interactions.command(
        body.text("user"), body.text("channel"), body.text("text"), body.maybe("team"), body.maybe("thread_ts")
    )


async def _click(parts: Parts, body: Body) -> Json:
    return await parts.interactions.click(
        body.text("user"),
        _where(body),
        body.text("action_id"),
        body.maybe("block_id"),
        body.values.get("value"),
        body.maybe("team"),
    )


def _where(body: Body) -> Json:
    if body.maybe("view_id"):
        return {"view_id": body.text("view_id")}
    return {"channel": body.text("channel"), "ts": body.text("ts")}


async def _submit(parts: Parts, body: Body) -> Json:
    return await parts.interactions.submit(
        body.text("user"), body.text("view_id"), body.values_of_form(), body.maybe("team")
    )


async def _close(parts: Parts, body: Body) -> Json:
    clear = body.values.get("clear") is True
    return await parts.interactions.close(body.text("user"), body.text("view_id"), clear=clear, team=body.maybe("team"))


async def _open_home(parts: Parts, body: Body) -> Json:
    return await parts.interactions.open_home(body.text("user"), body.maybe("tab") or "home")


async def _message(parts: Parts, body: Body) -> Json:
    return await parts.interactions.say(
        body.text("user"), body.text("channel"), body.text("text"), body.maybe("thread_ts")
    )


async def _suggest(parts: Parts, body: Body) -> Json:
    value = body.values.get("value")
    return await parts.interactions.suggest(
        body.text("user"), _where(body), body.text("block_id"), body.text("action_id"), str(value or "")
    )


async def _input(parts: Parts, body: Body) -> Json:
    return await parts.interactions.enter(
        body.text("user"),
        body.text("view_id"),
        body.text("block_id"),
        body.text("action_id"),
        body.values.get("value"),
    )


async def _user(parts: Parts, body: Body) -> Json:
    return await parts.administration.user(body.values)


async def _usergroup(parts: Parts, body: Body) -> Json:
    return await parts.administration.usergroup(body.values)


async def _channel(parts: Parts, body: Body) -> Json:
    return parts.administration.channel(body.values)


async def _delete_message(parts: Parts, body: Body) -> Json:
    return parts.administration.delete_message(body.text("channel"), body.text("ts"))


async def _forge(parts: Parts, body: Body) -> Json:
    """Any payload, as given, over the way that is in use; `signature` may be `bad` or `old` with HTTP."""
    kind, signature = body.text("type"), body.maybe("signature") or "good"
    if kind not in ENVELOPES:
        raise Refused("bad_request", f"type must be one of {', '.join(ENVELOPES)}.")
    if signature not in ("good", "bad", "old"):
        raise Refused("bad_request", "signature must be good, bad or old.")
    receipt = await parts.deliveries.deliver(kind, body.table("payload"), signature=signature)  # type: ignore[arg-type]
    return receipt.shown()


async def _replay(parts: Parts, body: Body) -> Json:
    n = body.values.get("n", 1)
    entry = parts.deliveries.record.last(n) if isinstance(n, int) else None
    if entry is None:
        raise Refused("bad_request", f"There is no {n}-th last envelope.")
    return (await parts.deliveries.deliver(entry["type"], entry["payload"])).shown()


async def _faults(parts: Parts, body: Body) -> Json:
    if body.values.get("clear"):
        parts.faults.clear()
        return {"ok": True, "faults": []}
    rules = body.values.get("faults", [body.values])
    if not isinstance(rules, list):
        raise Refused("bad_request", "faults must be a list.")
    parts.faults.arm(rule for rule in rules if not _now(rule))
    for rule in rules:
        if _now(rule):
            await _at_once(parts, rule)
    return {"ok": True, "faults": parts.faults.shown()}


def _now(rule: Any) -> bool:
    """Sockets may be dropped or refreshed at once; anything else waits for its call or envelope."""
    return isinstance(rule, dict) and rule.get("now") is True


async def _at_once(parts: Parts, rule: Json) -> None:
    if rule.get("kind") == Trouble.DROP_SOCKET:
        await parts.sockets.drop()
    elif rule.get("kind") == Trouble.REFRESH_SOCKET:
        await parts.sockets.refresh(str(rule.get("reason", "refresh_requested")))
    else:
        raise Refused("bad_fault", "Only drop_socket and refresh_socket can happen now.")


async def _rates(parts: Parts, body: Body) -> Json:
    rates = body.text("rates")
    if rates not in ("slack", "off"):
        raise Refused("bad_request", "rates must be slack or off.")
    parts.limiter.rates = rates  # type: ignore[assignment]  # narrowed by the line above
    parts.limiter.reset()
    return {"ok": True, "rates": rates}


async def _reset(parts: Parts, _body: Body) -> Json:
    """Back to the workspace file: no messages, views, changes, faults or records of them."""
    await parts.deliveries.forget()
    parts.workspace.fill()
    for each in (parts.interactions, parts.limiter):
        each.reset()
    for cleared in (parts.faults, parts.calls, parts.deliveries.record):
        cleared.clear()
    parts.workspace.watchers.tell_all({"type": "reset"})
    return {"ok": True}


def _messages(parts: Parts, request: Request) -> Json:
    actor = parts.interactions.actor(_asked(request, "user"))
    channel = parts.interactions.channel(_asked(request, "channel"), actor)
    return {"ok": True, "messages": channel.visible_to(actor.user)}


def _views(parts: Parts, request: Request) -> Json:
    user = parts.interactions.actor(_asked(request, "user")).user
    views = parts.workspace.views
    modal, home = views.modal(user), views.homes.get(user)
    return {
        "ok": True,
        "modal": modal.view if modal else None,
        "home": home.view if home else None,
        "stack": [opened.view["id"] for opened in views.stacks.get(user, [])],
    }


def _users(parts: Parts, _request: Request) -> Json:
    return {"ok": True, "users": [u for i, u in parts.workspace.people.users.items() if i != SLACKBOT]}


def _usergroups(parts: Parts, _request: Request) -> Json:
    return {"ok": True, "usergroups": list(parts.workspace.people.groups.values())}


def _channels(parts: Parts, request: Request) -> Json:
    """The conversations of a person: their channels, and the direct message with the app."""
    workspace = parts.workspace
    user = parts.interactions.actor(_asked(request, "user")).user
    person = workspace.people.users[user]
    if not person["is_bot"] and not person["deleted"]:
        workspace.im(user)
    bot = workspace.app.bot_user
    found = [c.described(bot, user) for c in workspace.channels.values() if user in c.members and c.kind is not Kind.IM]
    if user in workspace.ims:
        found.append(workspace.channels[workspace.ims[user]].described(bot, user))
    return {"ok": True, "channels": found}


def _log(parts: Parts, request: Request) -> Json:
    after = request.query_params.get("since") or "0"
    if not after.isdigit():
        raise Refused("bad_request", "since must be a number.")
    since = int(after)
    credentials = parts.workspace.credentials
    if request.query_params.get("deliveries"):
        return {"ok": True, "deliveries": parts.deliveries.record.shown(credentials, since)}
    return {"ok": True, "calls": parts.calls.shown(credentials, since)}


def _workspace(parts: Parts, _request: Request) -> Json:
    workspace = parts.workspace
    app = workspace.app
    return {
        "ok": True,
        "team": workspace.file.team.model_dump(),
        "app": {
            "id": app.id,
            "name": app.name,
            "description": app.manifest.display_information.description,
            "background_color": app.manifest.display_information.background_color,
            "bot_user": app.bot_user,
            "bot_id": app.bot_id,
            "bot_name": app.manifest.bot_name,
            "home_tab_enabled": app.manifest.features.app_home.home_tab_enabled,
            "connections": len(parts.sockets),
        },
        "commands": [
            {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
            for c in app.manifest.features.slash_commands
        ],
        "snippets": [snippet.model_dump() for snippet in workspace.file.snippets],
        "welcome": list(workspace.file.welcome),
        "now": time.time(),
        "rates": parts.limiter.rates,
        "faults": parts.faults.shown(),
    }


def _asked(request: Request, name: str) -> str:
    value = request.query_params.get(name)
    if not value:
        raise Refused("bad_request", f"{name} is missing.")
    return value


POSTS: dict[str, Post] = {
    "command": _command,
    "click": _click,
    "view_submit": _submit,
    "view_close": _close,
    "open_home": _open_home,
    "message": _message,
    "suggest": _suggest,
    "input": _input,
    "user": _user,
    "usergroup": _usergroup,
    "channel": _channel,
    "delete_message": _delete_message,
    "forge": _forge,
    "replay": _replay,
    "faults": _faults,
    "rates": _rates,
    "reset": _reset,
}
GETS: dict[str, Get] = {
    "messages": _messages,
    "views": _views,
    "users": _users,
    "usergroups": _usergroups,
    "channels": _channels,
    "log": _log,
    "workspace": _workspace,
}


def routes(parts: Parts) -> list[Route]:
    """The control API's routes, relative to /_control. Refusals answer 200 with `"ok": false`, as Slack's Web API does."""

    def posted(run: Post) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return JSONResponse(await run(parts, await _body(request)))
            except Refused as refusal:
                return JSONResponse(refusal.answer(), 400 if refusal.error == "bad_request" else 200)

        return endpoint

    def asked(run: Get) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return JSONResponse(run(parts, request))
            except Refused as refusal:
                return JSONResponse(refusal.answer(), 400 if refusal.error == "bad_request" else 200)

        return endpoint

    async def events(request: Request) -> Response:
        stream = _stream(parts.workspace, request.query_params.get("user", ""))
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})

    return [
        *(Route(f"/{name}", posted(run), methods=["POST"]) for name, run in POSTS.items()),
        *(Route(f"/{name}", asked(run), methods=["GET"]) for name, run in GETS.items()),
        Route("/events", events, methods=["GET"]),
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
