"""The table of Web API methods: what each needs (scopes, token, rate) and what does it."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeVar

from bot.devslack.errors import Json, SlackError
from bot.devslack.web_api.arguments import Args
from bot.devslack.workspace.workspace import Workspace

T = TypeVar("T")
Run = Callable[[Workspace, Args], Json]


class Tier(Enum):
    """Calls a minute, per method (https://docs.slack.dev/apis/web-api/rate-limits). POSTING is one a second per channel."""

    ONE = 1
    TWO = 20
    THREE = 50
    FOUR = 100
    POSTING = 60
    FREE = 0


@dataclass(frozen=True, slots=True)
class Method:
    """`scopes`: one of them is needed; which, where a method covers several conversation types, the method checks itself."""

    name: str
    run: Run
    scopes: tuple[str, ...]
    tier: Tier
    caller: Literal["bot", "app", "any"]


METHODS: dict[str, Method] = {}


def method(
    name: str, *, scopes: tuple[str, ...] = (), tier: Tier = Tier.THREE, caller: Literal["bot", "app", "any"] = "bot"
) -> Callable[[Run], Run]:
    """Register what answers a Web API method."""

    def register(run: Run) -> Run:
        METHODS[name] = Method(name, run, scopes, tier, caller)
        return run

    return register


def need_scope(workspace: Workspace, *needed: str) -> None:
    """Raises SlackError missing_scope unless the manifest has one of these."""
    provided = workspace.app.manifest.scopes
    if needed and not any(scope in provided for scope in needed):
        raise SlackError("missing_scope", needed=",".join(needed), provided=",".join(provided))


def make_cursor(kind: str, place: int | str) -> str:
    """Slack's cursors are base64 of a word and a place; apps must not read them, and need not."""
    return base64.b64encode(f"{kind}:{place}".encode()).decode()


def read_cursor(args: Args, kind: str) -> str:
    """The place a cursor stands for, empty without one. Raises SlackError invalid_cursor."""
    cursor = args.text("cursor")
    if not cursor:
        return ""
    try:
        cursor_kind, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_cursor") from None
    if cursor_kind != kind or not place:
        raise SlackError("invalid_cursor")
    return place


def page(items: list[T], args: Args, *, limit: int, most: int = 1000) -> tuple[list[T], Json]:
    """One page of a list by `cursor` and `limit`, and the response_metadata that leads to the next."""
    place = read_cursor(args, "offset")
    if place and not place.isdigit():
        raise SlackError("invalid_cursor")
    start = int(place or 0)
    size = args.whole("limit", limit, 1, most)
    has_more = start + size < len(items)
    return items[start : start + size], {"next_cursor": make_cursor("offset", start + size) if has_more else ""}
