"""The app manifest: what Slack has to be told of Countersign when the app is created there."""

from pathlib import Path
from typing import Any, Final

import yaml

HTTP_PATH: Final = "/slack/events"
"""Where Slack's calls arrive in HTTP mode, below the address that leads to this process."""

_BOT: Final = Path(__file__).parents[2]


def path() -> Path:
    """The file: beside this module in an installed wheel, at the root of a checkout. Raises FileNotFoundError."""
    for place in (_BOT / "manifest.yml", _BOT.parent / "manifest.yml"):
        if place.is_file():
            return place
    raise FileNotFoundError("manifest.yml is missing from this installation of Countersign")


def load(*, http: str | None = None) -> dict[str, Any]:
    """The manifest. With *http*, the variant for an app that Slack reaches at that HTTPS address instead of over Socket Mode.

    Raises ValueError where *http* is not an HTTPS address.
    """
    manifest: dict[str, Any] = yaml.safe_load(path().read_text(encoding="utf-8"))
    if http is None:
        return manifest
    if not http.startswith("https://") or len(http) <= len("https://"):
        raise ValueError("Slack calls HTTPS addresses only: give one that begins with https://")
    url = http.rstrip("/") + HTTP_PATH
    for command in manifest["features"]["slash_commands"]:
        command["url"] = url
    settings = manifest["settings"]
    settings["event_subscriptions"] = {"request_url": url, **settings["event_subscriptions"]}
    settings["interactivity"] = {"is_enabled": True, "request_url": url, "message_menu_options_url": url}
    settings["socket_mode_enabled"] = False
    return manifest


def text(*, http: str | None = None) -> str:
    """The manifest as YAML, to be pasted at https://api.slack.com/apps. Raises as `load`."""
    if http is None:
        return path().read_text(encoding="utf-8")
    return yaml.safe_dump(load(http=http), sort_keys=False, allow_unicode=True, width=120)


def scopes(manifest: dict[str, Any]) -> frozenset[str]:
    """The bot scopes that *manifest* asks for."""
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def events(manifest: dict[str, Any]) -> frozenset[str]:
    """The bot events that *manifest* subscribes to."""
    return frozenset(manifest["settings"]["event_subscriptions"]["bot_events"])


def commands(manifest: dict[str, Any]) -> frozenset[str]:
    """The slash commands of *manifest*."""
    return frozenset(command["command"] for command in manifest["features"]["slash_commands"])
