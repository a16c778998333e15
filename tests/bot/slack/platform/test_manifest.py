"""The manifest says what the code registers and calls: no scope, event or command too few, and none too many."""

import ast
import subprocess
import sys
import zipfile
from functools import cache
from inspect import iscoroutinefunction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

import pytest
import yaml
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack.workspace.manifest import load_manifest
from bot.slack import app as bolt_app
from bot.slack.context import Bot
from bot.slack.kit.ids import Shortcut
from bot.slack.platform import manifest
from tests import ROOT

SCOPES_OF_METHODS: Final[dict[str, set[str]]] = {
    "apps_connections_open": set(),  # the app-level token's own connections:write
    "auth_test": set(),
    # .public: to channels that the bot was not invited to, as notify.channel of a step may be
    "chat_postMessage": {"chat:write", "chat:write.public"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    # one scope for each kind of conversation that a notice may be in
    "conversations_history": {"im:history", "channels:history", "groups:history"},
    "conversations_replies": {"im:history", "channels:history", "groups:history"},
    "conversations_join": {"channels:join"},
    "conversations_open": {"im:write"},
    "usergroups_list": {"usergroups:read"},
    # .email: people are named by their address in the configuration
    # a file that somebody handed in, or pointed at; and to read what is in it
    "files_info": {"files:read"},
    # the requester's certificate
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "users_info": {"users:read", "users:read.email"},
    "users_list": {"users:read", "users:read.email"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
"""Which bot scopes a Web API method needs, by https://docs.slack.dev/reference/methods."""

SCOPES_OF_EVENTS: Final[dict[str, set[str]]] = {
    "app_home_opened": set(),
    "subteam_created": {"usergroups:read"},
    "subteam_updated": {"usergroups:read"},
    "subteam_members_changed": {"usergroups:read"},
    "team_join": {"users:read"},
    "user_change": {"users:read"},
}
"""Which bot scopes an event needs, by https://docs.slack.dev/reference/events."""


class Registered(AsyncApp):
    """Bolt's app, which remembers what was registered with it."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.names: dict[str, set[str]] = {"command": set(), "event": set(), "action": set(), "view": set()}
        self.shortcuts: set[tuple[str, str]] = set()

    def shortcut(self, constraints: Any, *more: Any, **options: Any) -> Any:
        self.shortcuts.add((constraints["type"], constraints["callback_id"]))
        return super().shortcut(constraints, *more, **options)

    def command(self, command: Any, *more: Any, **options: Any) -> Any:
        self.names["command"].add(command)
        return super().command(command, *more, **options)

    def event(self, event: Any, *more: Any, **options: Any) -> Any:
        self.names["event"].add(event)
        return super().event(event, *more, **options)

    def action(self, constraints: Any, *more: Any, **options: Any) -> Any:
        self.names["action"].add(constraints)
        return super().action(constraints, *more, **options)

    def view(self, constraints: Any, *more: Any, **options: Any) -> Any:
        self.names["view"].add(constraints)
        return super().view(constraints, *more, **options)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Registered:
    """What `build_app` builds."""
    monkeypatch.setattr(bolt_app, "AsyncApp", Registered)
    bot = cast("Bot", SimpleNamespace(client=AsyncWebClient("xoxb-1")))
    return cast("Registered", bolt_app.build_app(bot, signing_secret="secret"))


@pytest.fixture
def registered(built: Registered) -> dict[str, set[str]]:
    """What it registers."""
    return built.names


@cache
def sources() -> tuple[ast.Module, ...]:
    paths = (path for path in (ROOT / "bot").rglob("*.py") if "devslack" not in path.relative_to(ROOT).parts)
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in paths)


def methods_called() -> set[str]:
    """Every Web API method that is named anywhere in the bot."""
    offered = {name for name, var in vars(AsyncWebClient).items() if iscoroutinefunction(var) and name[0] != "_"}
    named = {node.attr for tree in sources() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return offered & named


def test_every_method_that_is_called_is_in_the_table_and_the_table_has_no_other() -> None:
    assert methods_called() <= set(SCOPES_OF_METHODS)
    assert {"chat_postMessage", "chat_update", "views_open", "auth_test"} <= methods_called()


def test_no_method_is_called_by_its_name_in_a_string() -> None:
    """But where the client that paces all calls passes one on, whatever it is."""
    called = [
        ast.unparse(node)
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "api_call"
    ]
    assert called == ["super().api_call"]


def test_the_scopes_are_those_that_are_needed(registered: dict[str, set[str]]) -> None:
    needed = set().union(*(SCOPES_OF_METHODS[name] for name in methods_called()))
    needed |= set().union(*(SCOPES_OF_EVENTS[name] for name in registered["event"]))
    needed |= {"commands"} if registered["command"] else set()
    assert manifest.scopes(manifest.load()) == needed


def test_the_events_and_commands_are_those_that_are_listened_for(registered: dict[str, set[str]]) -> None:
    assert manifest.events(manifest.load()) == registered["event"]
    assert manifest.commands(manifest.load()) == registered["command"]


def test_the_shortcuts_are_those_that_are_listened_for_and_slack_takes_them(built: Registered) -> None:
    content = manifest.load()
    kinds = {"global": "shortcut", "message": "message_action"}
    listed = content["features"]["shortcuts"]
    assert {(kinds[one["type"]], one["callback_id"]) for one in listed} == built.shortcuts
    assert {one["callback_id"] for one in listed} == set(Shortcut)
    assert load_manifest(content).features.shortcuts, "names and descriptions are no longer than Slack lets them be"


def test_buttons_forms_and_the_home_are_switched_on(registered: dict[str, set[str]]) -> None:
    content = manifest.load()
    assert registered["action"]
    assert registered["view"]
    assert content["settings"]["interactivity"]["is_enabled"]
    assert content["features"]["app_home"]["home_tab_enabled"] == ("views_publish" in methods_called())


def test_it_is_printed_as_it_is() -> None:
    assert manifest.text() == (ROOT / "manifest.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(manifest.text()) == manifest.load()


def test_the_variant_for_http_has_request_urls_and_no_socket() -> None:
    content = yaml.safe_load(manifest.text(http="https://approvals.example.com/"))
    url = "https://approvals.example.com/slack/events"
    assert content["features"]["slash_commands"][0]["url"] == url
    assert content["settings"]["event_subscriptions"]["request_url"] == url
    assert content["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": url,
        "message_menu_options_url": url,
    }
    assert content["settings"]["socket_mode_enabled"] is False
    socket = manifest.load()
    assert socket["settings"]["socket_mode_enabled"] is True
    assert manifest.scopes(content) == manifest.scopes(socket)
    assert manifest.events(content) == manifest.events(socket)


@pytest.mark.parametrize("url", ["http://approvals.example.com", "https://", "approvals.example.com", ""])
def test_slack_calls_https_only(url: str) -> None:
    with pytest.raises(ValueError, match="begins with https://"):
        manifest.text(http=url)


def python(*words: str, cwd: Path, path: Path) -> str:
    """What Python says when it is run with *words*, modules being looked for in *path* first."""
    done = subprocess.run(  # noqa: S603 - the words are this file's
        [sys.executable, *words], cwd=cwd, env={"PYTHONPATH": str(path)}, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_an_installed_wheel_brings_its_manifest_and_the_demo(tmp_path: Path) -> None:
    python("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path), cwd=ROOT, path=ROOT)
    [wheel] = tmp_path.glob("*.whl")
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    code = "import bot.slack.platform.manifest, bot.demo; print(bot.slack.platform.manifest.path()); print(bot.demo.__file__)"
    found = python("-c", code, cwd=tmp_path, path=installed).split()
    assert found == [str(installed / "bot" / "manifest.yml"), str(installed / "bot" / "demo" / "__init__.py")]
    assert (installed / "bot" / "manifest.yml").read_bytes() == (ROOT / "manifest.yml").read_bytes()
    for name in ("countersign.yml", "workspace.yml"):
        assert (installed / "bot" / "demo" / name).read_bytes() == (ROOT / "bot" / "demo" / name).read_bytes()
