"""GET /_control/...: what a person sees, and what devslack has logged."""

import time

from starlette.requests import Request

from bot.devslack.control.parts import Get, Parts, parameter
from bot.devslack.errors import Json, Refused
from bot.devslack.workspace.channels import Kind
from bot.devslack.workspace.people import SLACKBOT


def _messages(parts: Parts, request: Request) -> Json:
    actor = parts.interactions.actor(parameter(request, "user"))
    channel = parts.interactions.channel(parameter(request, "channel"), actor)
    messages = channel.visible_to(actor.user)
    limit = request.query_params.get("limit", "")
    if limit and not limit.isdigit():
        raise Refused("bad_request", "limit must be a number.")
    return {"ok": True, "messages": messages[-int(limit) :] if limit else messages}


def _views(parts: Parts, request: Request) -> Json:
    user = parts.interactions.actor(parameter(request, "user")).user
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
    user = parts.interactions.actor(parameter(request, "user")).user
    person = workspace.people.users[user]
    if not person["is_bot"] and not person["deleted"]:
        workspace.im(user)
    bot = workspace.app.bot_user
    channels = [
        c.described(bot, user) for c in workspace.channels.values() if user in c.members and c.kind is not Kind.IM
    ]
    if user in workspace.ims:
        channels.append(workspace.channels[workspace.ims[user]].described(bot, user))
    return {"ok": True, "channels": channels}


def _log(parts: Parts, request: Request) -> Json:
    after = request.query_params.get("since") or "0"
    if not after.isdigit():
        raise Refused("bad_request", "since must be a number.")
    since = int(after)
    credentials = parts.workspace.credentials
    if request.query_params.get("deliveries"):
        return {"ok": True, "deliveries": parts.deliveries.log.entries(credentials, since)}
    return {"ok": True, "calls": parts.calls.entries(credentials, since)}


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
        "shortcuts": [
            {"name": s.name, "type": s.type, "callback_id": s.callback_id, "description": s.description}
            for s in app.manifest.features.shortcuts
        ],
        "snippets": [snippet.model_dump() for snippet in workspace.file.snippets],
        "welcome": list(workspace.file.welcome),
        "now": time.time(),
        "rates": parts.limiter.rates,
        "faults": parts.faults.as_json(),
    }


def _gallery(parts: Parts, _request: Request) -> Json:
    return {"ok": True, "exhibits": parts.gallery.shown()}


GETS: dict[str, Get] = {
    "messages": _messages,
    "views": _views,
    "users": _users,
    "usergroups": _usergroups,
    "channels": _channels,
    "log": _log,
    "workspace": _workspace,
    "gallery": _gallery,
}
