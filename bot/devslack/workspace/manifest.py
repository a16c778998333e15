"""The app manifest: it decides scopes, commands, subscribed events and how the app is reached."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.devslack.workspace.workspace_file import load_model


class _Part(BaseModel):
    # Slack's manifests hold fields that devslack does not use; it ignores them.
    model_config = ConfigDict(frozen=True, extra="ignore")


class Display(_Part):
    name: str = Field(max_length=35)
    description: str = Field(default="", max_length=140)
    background_color: str = "#2c2d30"


class AppHome(_Part):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = True
    messages_tab_read_only_enabled: bool = False


class BotUser(_Part):
    display_name: str
    always_online: bool = False


class SlashCommand(_Part):
    command: str = Field(pattern=r"^/[^\s/]+$", max_length=32)
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False
    url: str | None = None


class Shortcut(_Part):
    """Slack documents the limit of the name only in its refusal of a manifest."""

    name: str = Field(min_length=1, max_length=24)
    type: Literal["global", "message"]
    callback_id: str = Field(min_length=1, max_length=255)
    description: str = Field(min_length=1, max_length=150)


class Features(_Part):
    app_home: AppHome = Field(default_factory=AppHome)
    bot_user: BotUser | None = None
    slash_commands: tuple[SlashCommand, ...] = ()
    shortcuts: tuple[Shortcut, ...] = Field(default=(), max_length=10)


class Scopes(_Part):
    bot: tuple[str, ...] = ()


class OAuth(_Part):
    scopes: Scopes = Field(default_factory=Scopes)


class Events(_Part):
    request_url: str | None = None
    bot_events: tuple[str, ...] = ()


class Interactivity(_Part):
    is_enabled: bool = False
    request_url: str | None = None
    message_menu_options_url: str | None = None


class Settings(_Part):
    event_subscriptions: Events = Field(default_factory=Events)
    interactivity: Interactivity = Field(default_factory=Interactivity)
    socket_mode_enabled: bool = False


class Manifest(_Part):
    display_information: Display
    features: Features = Field(default_factory=Features)
    oauth_config: OAuth = Field(default_factory=OAuth)
    settings: Settings = Field(default_factory=Settings)

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.oauth_config.scopes.bot

    @property
    def bot_name(self) -> str:
        bot = self.features.bot_user
        return bot.display_name if bot else self.display_information.name

    def command(self, name: str) -> SlashCommand | None:
        return next((c for c in self.features.slash_commands if c.command == name), None)

    def shortcut(self, callback_id: str, kind: str) -> Shortcut | None:
        """A shortcut that is offered; shortcuts need the scope `commands`."""
        offered = self.features.shortcuts if "commands" in self.scopes else ()
        return next((s for s in offered if (s.callback_id, s.type) == (callback_id, kind)), None)

    def subscribes(self, event: str) -> bool:
        return event in self.settings.event_subscriptions.bot_events


def load_manifest(source: Path | str | dict[str, Any] | Manifest) -> Manifest:
    """The manifest from a file, its parsed content, or the object itself; raises BadFile naming every faulty place."""
    return load_model(Manifest, source, "manifest")
