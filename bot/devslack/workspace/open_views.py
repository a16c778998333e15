"""Modals and Home tabs: one stack of at most three modals per person, one Home per person."""

import hashlib
import time
from dataclasses import dataclass, field

from bot.devslack.block_kit.inputs import Entered, state_values
from bot.devslack.errors import Json, SlackError
from bot.devslack.ids import new_id

DEPTH = 3
_APP_GIVEN = ("type", "title", "submit", "close", "blocks", "private_metadata", "callback_id")
_APP_GIVEN_TOO = ("clear_on_close", "notify_on_close", "external_id")


@dataclass(slots=True)
class OpenView:
    """A view as it is now and what its reader has entered so far."""

    user: str
    view: Json
    entered: Entered = field(default_factory=dict)

    def enter(self, block_id: str, action_id: str, entry: Json) -> None:
        self.entered[block_id, action_id] = entry
        self.view = {**self.view, "state": {"values": state_values(self.view["blocks"], self.entered)}}


class Views:
    def __init__(self, identity: Json) -> None:
        """`identity` is what every view of this app carries: team_id, app_id, app_installed_team_id, bot_id."""
        self._identity = identity
        self.stacks: dict[str, list[OpenView]] = {}
        self.homes: dict[str, OpenView] = {}
        self._by_id: dict[str, OpenView] = {}
        self._by_external: dict[str, str] = {}

    def get(self, view_id: str) -> OpenView | None:
        return self._by_id.get(view_id)

    def named(self, external_id: str) -> OpenView | None:
        view_id = self._by_external.get(external_id)
        return self._by_id.get(view_id) if view_id else None

    def modal(self, user: str) -> OpenView | None:
        """The modal on top, the one the person sees."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def open(self, user: str, source: Json) -> OpenView:
        """Open a modal as a new stack; modals open before are dropped, as when Slack's client shows another modal."""
        self._check_external(source)
        self.clear(user)
        opened = self._make(user, source, new_id("V"), previous=None, root=None)
        self.stacks[user] = [opened]
        return opened

    def push(self, user: str, source: Json) -> OpenView:
        """A view on top of the open ones. Raises SlackError push_limit_reached beyond three, not_found with none open."""
        stack = self.stacks.get(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEPTH:
            raise SlackError("push_limit_reached")
        self._check_external(source)
        top, root = stack[-1].view, stack[0].view
        pushed = self._make(user, source, new_id("V"), previous=top["id"], root=root["id"])
        stack.append(pushed)
        return pushed

    def update(self, opened: OpenView, source: Json, view_hash: str | None) -> OpenView:
        """Replace the view; entered values stay where block and action ids stay. Raises SlackError hash_conflict."""
        view = opened.view
        if view_hash and view_hash != view["hash"]:
            raise SlackError("hash_conflict")
        self._check_external(source, besides=view["id"])
        self._by_external.pop(view.get("external_id", ""), None)
        opened.view = self._object(
            source, view["id"], previous=view["previous_view_id"], root=view["root_view_id"], entered=opened.entered
        )
        self._name(opened)
        return opened

    def publish(self, user: str, source: Json, view_hash: str | None) -> OpenView:
        """The person's Home, which keeps its id. Raises SlackError hash_conflict."""
        home = self.homes.get(user)
        if home:
            return self.update(home, source, view_hash)
        self._check_external(source)
        self.homes[user] = self._make(user, source, new_id("V"), previous=None, root=None)
        return self.homes[user]

    def restore_home(self, user: str, view: Json) -> None:
        """A Home as it was saved."""
        self.homes[user] = self._by_id[view["id"]] = OpenView(user, view)

    def close(self, opened: OpenView) -> list[OpenView]:
        """Close a modal and those above it. Returns what was closed, top first."""
        stack = self.stacks.get(opened.user, [])
        if opened not in stack:
            return []
        place = stack.index(opened)
        closed = stack[place:][::-1]
        del stack[place:]
        for closed_view in closed:
            self._forget(closed_view)
        if not stack:
            self.stacks.pop(opened.user, None)
        return closed

    def clear(self, user: str) -> list[OpenView]:
        """Close every modal of this person. Returns what was closed, top first."""
        stack = self.stacks.get(user)
        return self.close(stack[0]) if stack else []

    def _forget(self, opened: OpenView) -> None:
        self._by_id.pop(opened.view["id"], None)
        self._by_external.pop(opened.view.get("external_id", ""), None)

    def _check_external(self, source: Json, besides: str | None = None) -> None:
        external = source.get("external_id")
        if external and self._by_external.get(external) not in (None, besides):
            raise SlackError("duplicate_external_id")

    def _name(self, opened: OpenView) -> None:
        self._by_id[opened.view["id"]] = opened
        if opened.view.get("external_id"):
            self._by_external[opened.view["external_id"]] = opened.view["id"]

    def _make(self, user: str, source: Json, view_id: str, *, previous: str | None, root: str | None) -> OpenView:
        opened = OpenView(user, self._object(source, view_id, previous=previous, root=root or view_id, entered={}))
        self._name(opened)
        return opened

    def _object(self, source: Json, view_id: str, *, previous: str | None, root: str, entered: Entered) -> Json:
        fields = {key: source[key] for key in (*_APP_GIVEN, *_APP_GIVEN_TOO) if key in source}
        digest = hashlib.sha256(f"{view_id}{time.time_ns()}".encode()).hexdigest()[:8]
        return {
            "id": view_id,
            **self._identity,
            "title": None,
            "submit": None,
            "close": None,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "submit_disabled": False,
            **fields,
            "state": {"values": state_values(source["blocks"], entered)},
            "hash": f"{int(time.time())}.{digest}",
            "previous_view_id": previous,
            "root_view_id": root,
        }
