"""What Slack sends to an app, field for field. Source: https://docs.slack.dev/reference/interaction-payloads and .../events."""

import secrets
import time
from dataclasses import dataclass

from bot.devslack.errors import Json
from bot.devslack.ids import new_id
from bot.devslack.workspace.channels import Channel, Kind
from bot.devslack.workspace.workspace import Workspace

CHANNEL_TYPES = {Kind.PUBLIC: "channel", Kind.PRIVATE: "group", Kind.IM: "im"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `team` is another workspace's id for a person from outside.

    `skips_visibility`: the caller named the team, so that the person may act in conversations that they cannot see.
    """

    user: str
    team: str
    skips_visibility: bool = False


def _channel_name(channel: Channel) -> str:
    return {Kind.PUBLIC: channel.name, Kind.PRIVATE: "privategroup", Kind.IM: "directmessage"}[channel.kind]


class Payloads:
    def __init__(self, workspace: Workspace, base_url: str) -> None:
        """`base_url` is where response URLs point to."""
        self._workspace = workspace
        self._base_url = base_url

    def _token(self) -> str:
        return self._workspace.credentials.verification

    def _team(self, actor: Actor) -> Json:
        team = self._workspace.team
        return team if actor.team == team["id"] else {"id": actor.team, "domain": f"team-{actor.team.casefold()}"}

    def _name(self, actor: Actor) -> str:
        user = self._workspace.people.users.get(actor.user)
        return str(user["name"]) if user else actor.user.casefold()

    def _user(self, actor: Actor) -> Json:
        name = self._name(actor)
        return {"id": actor.user, "username": name, "name": name, "team_id": actor.team}

    def _response_url(self, actor: Actor, channel: Channel, message: Json | None = None) -> str:
        key = self._workspace.temporary_keys.response_url(actor.user, channel.id, message)
        return f"{self._base_url}/response/{actor.team}/{key}"

    def _interaction(self, kind: str, actor: Actor) -> Json:
        return {
            "type": kind,
            "user": self._user(actor),
            "api_app_id": self._workspace.app.id,
            "token": self._token(),
            "team": self._team(actor),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def command(self, actor: Actor, channel: Channel, command: str, text: str) -> Json:
        return {
            "token": self._token(),
            "team_id": actor.team,
            "team_domain": self._team(actor)["domain"],
            "channel_id": channel.id,
            "channel_name": _channel_name(channel),
            "user_id": actor.user,
            "user_name": self._name(actor),
            "command": command,
            "text": text,
            "api_app_id": self._workspace.app.id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(actor, channel),
            "trigger_id": self._workspace.temporary_keys.trigger(actor.user),
        }

    def _source(self, place: Json) -> Json:
        """The source of an action: `place` holds a `view`, or a `channel` and a `message`."""
        if "view" in place:
            view = place["view"]
            return {"container": {"type": "view", "view_id": view["id"]}, "view": view}
        channel, message = place["channel"], place["message"]
        ephemeral = bool(message.get("is_ephemeral"))
        thread = {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
        source: Json = {
            "container": {
                "type": "message",
                "message_ts": message["ts"],
                "channel_id": channel.id,
                "is_ephemeral": ephemeral,
                **thread,
            },
            "channel": {"id": channel.id, "name": _channel_name(channel)},
        }
        if not ephemeral:  # Slack leaves the content of an ephemeral message out
            source["message"] = {k: v for k, v in message.items() if k != "metadata"}
        return source

    def block_actions(self, actor: Actor, place: Json, action: Json, values: Json) -> Json:
        view = place.get("view")
        payload = self._interaction("block_actions", actor) | self._source(place)
        payload["trigger_id"] = self._workspace.temporary_keys.trigger(actor.user, view["id"] if view else None)
        if view is None:
            payload["state"] = {"values": values}
            payload["response_url"] = self._response_url(actor, place["channel"], place["message"])
        payload["actions"] = [{**action, "action_ts": self._workspace.timestamps.next()}]
        return payload

    def block_suggestion(self, actor: Actor, place: Json, block_id: str, action_id: str, value: str) -> Json:
        payload = self._interaction("block_suggestion", actor) | self._source(place)
        return payload | {"action_id": action_id, "block_id": block_id, "value": value}

    def view_submission(self, actor: Actor, view: Json) -> Json:
        trigger = self._workspace.temporary_keys.trigger(actor.user, view["id"])
        return self._interaction("view_submission", actor) | {
            "trigger_id": trigger,
            "view": view,
            "response_urls": [],
        }

    def view_closed(self, actor: Actor, view: Json, *, cleared: bool) -> Json:
        return self._interaction("view_closed", actor) | {"view": view, "is_cleared": cleared}

    def shortcut(self, actor: Actor, callback_id: str) -> Json:
        """For a global shortcut, which has neither channel nor message."""
        return self._interaction("shortcut", actor) | {
            "callback_id": callback_id,
            "trigger_id": self._workspace.temporary_keys.trigger(actor.user),
            "action_ts": self._workspace.timestamps.next(),
        }

    def message_action(self, actor: Actor, callback_id: str, channel: Channel, message: Json) -> Json:
        """For a message shortcut. It carries the whole message, whether or not the app is in the channel."""
        return self._interaction("message_action", actor) | {
            "callback_id": callback_id,
            "trigger_id": self._workspace.temporary_keys.trigger(actor.user),
            "action_ts": self._workspace.timestamps.next(),
            "response_url": self._response_url(actor, channel),
            "message_ts": message["ts"],
            "channel": {"id": channel.id, "name": _channel_name(channel)},
            "message": {k: v for k, v in message.items() if k != "metadata"},
        }

    def event(self, event: Json) -> Json:
        workspace = self._workspace
        team = workspace.file.team.id
        return {
            "token": self._token(),
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": None,
            "api_app_id": workspace.app.id,
            "event": {"event_ts": workspace.timestamps.next(), **event},
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": workspace.app.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_urlsafe(24)}",
        }
