"""POST /_control/...: what a person does, what an administrator changes, which faults a test requests."""

from typing import Any

from bot.devslack.control.parts import Body, Parts, Post
from bot.devslack.delivery.attachments import uploads_from
from bot.devslack.errors import Json, Refused
from bot.devslack.faults import FaultKind

MOST_SCALE = 10_000
ENVELOPES = ("interactive", "slash_commands", "events_api")


async def _command(parts: Parts, body: Body) -> Json:
    return await parts.interactions.command(
        body.text("user"),
        body.text("channel"),
        body.text("text"),
        body.optional_text("team"),
        body.optional_text("thread_ts"),
    )


async def _click(parts: Parts, body: Body) -> Json:
    """With `values`, the content of the other fields of the view at that moment."""
    if body.values.get("values") and body.optional_text("view_id"):
        parts.interactions.fill(
            body.text("user"), body.text("view_id"), body.values_of_form(), body.optional_text("team")
        )
    return await parts.interactions.click(
        body.text("user"),
        _where(body),
        body.text("action_id"),
        body.optional_text("block_id"),
        body.values.get("value"),
        body.optional_text("team"),
    )


def _where(body: Body) -> Json:
    if body.optional_text("view_id"):
        return {"view_id": body.text("view_id")}
    return {"channel": body.text("channel"), "ts": body.text("ts")}


async def _submit(parts: Parts, body: Body) -> Json:
    return await parts.interactions.submit(
        body.text("user"), body.text("view_id"), body.values_of_form(), body.optional_text("team")
    )


async def _close(parts: Parts, body: Body) -> Json:
    clear = body.values.get("clear") is True
    return await parts.interactions.close(
        body.text("user"), body.text("view_id"), clear=clear, team=body.optional_text("team")
    )


async def _open_home(parts: Parts, body: Body) -> Json:
    return await parts.interactions.open_home(body.text("user"), body.optional_text("tab") or "home")


async def _message(parts: Parts, body: Body) -> Json:
    files = body.values.get("files")
    text = (body.optional_text("text") or "") if files else body.text("text")
    return await parts.interactions.send_message(
        body.text("user"), body.text("channel"), text, body.optional_text("thread_ts"), files
    )


async def _upload(parts: Parts, body: Body) -> Json:
    """What a client does when somebody picks a file, before it is sent anywhere."""
    workspace = parts.workspace
    user = parts.interactions.actor(body.text("user")).user
    content = {key: value for key, value in body.values.items() if key in ("name", "content", "base64")}
    [upload] = uploads_from(workspace, user, [content])
    return {"ok": True, "file": workspace.uploads.described(upload, workspace.channels)}


async def _shortcut(parts: Parts, body: Body) -> Json:
    """A global shortcut; with channel and ts, one of a message."""
    channel = body.optional_text("channel")
    return await parts.interactions.shortcut(
        body.text("user"),
        body.text("callback_id"),
        channel,
        body.text("ts") if channel else None,
        body.optional_text("team"),
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
    """Deliver any payload unchanged, over Socket Mode or HTTP as configured; `signature` may be `bad` or `old` with HTTP."""
    kind, signature = body.text("type"), body.optional_text("signature") or "good"
    if kind not in ENVELOPES:
        raise Refused("bad_request", f"type must be one of {', '.join(ENVELOPES)}.")
    if signature not in ("good", "bad", "old"):
        raise Refused("bad_request", "signature must be good, bad or old.")
    receipt = await parts.deliveries.deliver(kind, body.json_object("payload"), signature=signature)  # type: ignore[arg-type]  # one of the three, as just checked
    return receipt.as_json()


async def _replay(parts: Parts, body: Body) -> Json:
    n = body.values.get("n", 1)
    entry = parts.deliveries.log.last(n) if isinstance(n, int) else None
    if entry is None:
        raise Refused("bad_request", f"There is no envelope {n}, counted from the latest.")
    return (await parts.deliveries.deliver(entry["type"], entry["payload"])).as_json()


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
    return {"ok": True, "faults": parts.faults.as_json()}


def _now(rule: Any) -> bool:
    """Sockets may be dropped or refreshed at once; anything else waits for its call or envelope."""
    return isinstance(rule, dict) and rule.get("now") is True


async def _at_once(parts: Parts, rule: Json) -> None:
    if rule.get("kind") == FaultKind.DROP_SOCKET:
        await parts.sockets.drop()
    elif rule.get("kind") == FaultKind.REFRESH_SOCKET:
        await parts.sockets.refresh(str(rule.get("reason", "refresh_requested")))
    else:
        raise Refused("bad_fault", "Only drop_socket and refresh_socket can happen now.")


async def _rates(parts: Parts, body: Body) -> Json:
    rates = body.text("rates")
    if rates not in ("slack", "off"):
        raise Refused("bad_request", "rates must be slack or off.")
    scale = body.values.get("scale", 1)
    if not isinstance(scale, int | float) or not 0 < scale <= MOST_SCALE:
        raise Refused("bad_request", f"scale must be a number above 0 and at most {MOST_SCALE}.")
    parts.limiter.rates = rates  # type: ignore[assignment]  # narrowed above
    parts.limiter.scale = float(scale)
    parts.limiter.reset()
    return {"ok": True, "rates": rates, "scale": parts.limiter.scale}


async def _reset(parts: Parts, _body: Body) -> Json:
    """Back to the workspace file: no messages, views, changes, faults or records of them."""
    await parts.deliveries.cancel_pending()
    parts.workspace.fill()
    for component in (parts.interactions, parts.limiter):
        component.reset()
    for log in (parts.faults, parts.calls, parts.deliveries.log):
        log.clear()
    parts.workspace.watchers.tell_all({"type": "reset"})
    return {"ok": True}


POSTS: dict[str, Post] = {
    "command": _command,
    "click": _click,
    "view_submit": _submit,
    "view_close": _close,
    "open_home": _open_home,
    "message": _message,
    "upload": _upload,
    "shortcut": _shortcut,
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
