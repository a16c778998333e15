"""The live workspace: everything devslack knows, in one object that the Web API and the control API work on."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.devslack.errors import Json
from bot.devslack.ids import Timestamps, new_id, stable_id
from bot.devslack.workspace.channels import Channel, Kind
from bot.devslack.workspace.manifest import Manifest
from bot.devslack.workspace.open_views import Views
from bot.devslack.workspace.people import SLACKBOT, People, group_object
from bot.devslack.workspace.temporary_keys import RESPONSE_URL_SECONDS, TRIGGER_SECONDS, TemporaryKeys
from bot.devslack.workspace.uploads import Upload, Uploads
from bot.devslack.workspace.watchers import Watchers
from bot.devslack.workspace.workspace_file import ChannelEntry, UserEntry, WorkspaceFile

EPHEMERALS = 200  # kept per person and channel; at Slack they are gone at the next reload


@dataclass(frozen=True, slots=True)
class Timing:
    """How long this Slack waits, in seconds. The defaults are Slack's; `retries` are the waits before each redelivery."""

    acknowledge: float = 3.0
    trigger: float = TRIGGER_SECONDS
    response_url: float = RESPONSE_URL_SECONDS
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Credentials:
    bot: str
    app: str
    signing_secret: str
    verification: str


@dataclass(frozen=True, slots=True)
class App:
    """The installed app's identity here. Its ids depend on team and name only, so they stay over restarts."""

    id: str
    bot_id: str
    bot_user: str
    name: str
    manifest: Manifest


def make_credentials(file: WorkspaceFile, app_id: str, saved: Json) -> Credentials:
    """The file's tokens first, then those made up on an earlier start, then new ones."""
    tokens = file.tokens
    return Credentials(
        bot=tokens.bot or saved.get("bot") or f"xoxb-{secrets.randbelow(10**12)}-{secrets.token_hex(12)}",
        app=tokens.app or saved.get("app") or f"xapp-1-{app_id}-{secrets.randbelow(10**12)}-{secrets.token_hex(32)}",
        signing_secret=tokens.signing_secret or saved.get("signing_secret") or secrets.token_hex(16),
        verification=saved.get("verification") or secrets.token_urlsafe(18),
    )


def _no_socket() -> str:
    raise RuntimeError("no server listens for sockets")


def _ignore_message(_channel: Channel, _message: Json) -> None:
    """Before the server runs, message events are dropped."""


def _ignore_event(_event: Json) -> None:
    """Before the server runs, other events are dropped."""


class Workspace:
    def __init__(self, file: WorkspaceFile, manifest: Manifest, saved_tokens: Json, timing: Timing) -> None:
        team = file.team
        name = manifest.display_information.name
        self.file = file
        self.timing = timing
        self.app = App(
            id=stable_id("A", team.id, name),
            bot_id=stable_id("B", team.id, name),
            bot_user=stable_id("U", team.id, name),
            name=name,
            manifest=manifest,
        )
        self.credentials = make_credentials(file, self.app.id, saved_tokens)
        self.watchers = Watchers()
        self.changed = False
        # Set by the server: a new address for a socket, and what carries message events to the app.
        self.socket_url: Callable[[], str] = _no_socket
        self.tell_app: Callable[[Channel, Json], None] = _ignore_message
        self.tell_app_event: Callable[[Json], None] = _ignore_event
        self.base_url = ""
        self.fill()

    def fill(self) -> None:
        """Set everything to what the workspace file says and drop all later changes."""
        team, app = self.file.team, self.app
        self.timestamps = Timestamps()
        self.people = People(team.id)
        self.channels: dict[str, Channel] = {}
        self.ims: dict[str, str] = {}  # person → IM channel
        self.channel_names: dict[str, str] = {}
        self.temporary_keys = TemporaryKeys(self.timing.trigger, self.timing.response_url)
        self.uploads = Uploads(team.id, team.domain)
        self.uploads.base_url = self.base_url
        self.views = Views(
            {"team_id": team.id, "app_id": app.id, "app_installed_team_id": team.id, "bot_id": app.bot_id}
        )
        self.people.put(UserEntry(id=SLACKBOT, name="slackbot", real_name="Slackbot"))
        bot_name = app.manifest.bot_name
        handle = "".join(c if c.isalnum() else "" for c in bot_name.casefold()) or "app"
        bot = self.people.put(UserEntry(id=app.bot_user, name=handle, real_name=bot_name, is_bot=True))
        bot["profile"] |= {"api_app_id": app.id, "bot_id": app.bot_id, "always_active": True}
        for user in self.file.users:
            self.people.put(user)
        for group in self.file.usergroups:
            self.people.put_group(group_object(group, team.id))
        for channel in self.file.channels:
            self.add_channel(channel)
        self.changed = True

    @property
    def team(self) -> Json:
        return {"id": self.file.team.id, "domain": self.file.team.domain}

    def add_channel(self, entry: ChannelEntry) -> Channel:
        members = dict.fromkeys(entry.members)
        if entry.app_is_member:
            members[self.app.bot_user] = None
        kind = Kind.PRIVATE if entry.is_private else Kind.PUBLIC
        channel = Channel(entry.id, entry.name, kind, members, entry.is_archived)
        self.channels[channel.id] = channel
        self.channel_names[channel.name] = channel.id
        return channel

    def im(self, user: str) -> Channel:
        """The direct message between this person and the app, made when it is first needed."""
        if user not in self.ims:
            channel = Channel(new_id("D"), "directmessage", Kind.IM, {user: None, self.app.bot_user: None}, person=user)
            self.channels[channel.id] = channel
            self.ims[user] = channel.id
            self.changed = True
        return self.channels[self.ims[user]]

    def can_see(self, user: str, channel: Channel) -> bool:
        """Members see their channels; full members of the workspace see public ones too."""
        if user in channel.members:
            return True
        person = self.people.users.get(user)
        at_home = person is not None and person["team_id"] == self.people.team_id
        return channel.kind is Kind.PUBLIC and at_home and not self.people.is_guest(user)

    def conversation(self, wanted: str) -> str:
        """The id behind what an app may give as a channel: an id, a name, or a person for the direct message with them."""
        return self.ims.get(wanted) or self.channel_names.get(wanted.removeprefix("#"), wanted)

    def viewers(self, channel: Channel) -> list[str]:
        """The users with an open page who can see this conversation."""
        return [user for user in self.watchers.watching if self.can_see(user, channel)]

    def notify_viewers(self, channel: Channel, change: Json) -> None:
        self.watchers.tell(self.viewers(channel), {"channel": channel.id, **change})

    # messages: those of people are delivered by `Events`, which waits for the acknowledgement

    def post(self, channel: Channel, message: Json) -> Json:
        """Store a message with a new timestamp and notify the open pages."""
        message = {"type": "message", **message, "ts": self.timestamps.next()}
        channel.add(message)
        self.changed = True
        self.notify_viewers(channel, {"type": "message", "ts": message["ts"]})
        return message

    def post_files(self, channel: Channel, message: Json, uploads: list[Upload]) -> Json:
        """Post a message that shares files; if the app is a member, it is told of each."""
        files = [self.uploads.described(upload, self.channels, shares=False) for upload in uploads]
        posted = self.post(channel, {**message, "files": files, "upload": False, "display_as_bot": False})
        for upload in uploads:
            self.uploads.share(upload, channel, posted["ts"])
            if self.app.bot_user in channel.members:
                about = {"channel_id": channel.id, "file_id": upload.id, "user_id": upload.user}
                self.tell_app_event({"type": "file_shared", **about, "file": {"id": upload.id}})
        return posted

    def app_file(self, file_id: str) -> Upload | None:
        """A file that the app may know of: its own, handed in through its forms, or shared where it is a member."""
        upload = self.uploads.get(file_id)
        places = [self.channels[c] for c in upload.shares if c in self.channels] if upload else []
        bot = self.app.bot_user
        readable = upload and (upload.user == bot or upload.in_form or any(bot in place.members for place in places))
        return upload if readable else None

    def person_file(self, user: str, file_id: str) -> Upload | None:
        """A file that this person may read: their own, or shared where they can read."""
        upload = self.uploads.get(file_id)
        places = [self.channels[c] for c in upload.shares if c in self.channels] if upload else []
        readable = upload and (upload.user == user or any(self.can_see(user, place) for place in places))
        return upload if readable else None

    def listen_at(self, url: str) -> None:
        """Serve files at this address, also those in messages from an earlier start."""
        self.base_url = self.uploads.base_url = url
        for upload in self.uploads.all():
            described = self.uploads.described(upload, self.channels, shares=False)
            for channel_id, stamps in upload.shares.items():
                messages = self.channels[channel_id].messages if channel_id in self.channels else {}
                for ts in stamps:
                    if ts in messages and "files" in messages[ts]:
                        files = [described if f["id"] == upload.id else f for f in messages[ts]["files"]]
                        messages[ts] = {**messages[ts], "files": files}

    def delete_file(self, upload: Upload) -> None:
        """Delete a file; messages that shared it keep a tombstone."""
        self.uploads.delete(upload)
        self.changed = True
        tombstone = self.uploads.described(upload, self.channels)
        for channel_id, stamps in upload.shares.items():
            channel = self.channels.get(channel_id)
            for ts in stamps:
                if channel and (message := channel.messages.get(ts)) and "files" in message:
                    files = [tombstone if file["id"] == upload.id else file for file in message["files"]]
                    self.edit(channel, {**message, "files": files})
        self.tell_app_event({"type": "file_deleted", "file_id": upload.id})

    def edit(self, channel: Channel, message: Json) -> None:
        channel.replace(message)
        self.changed = True
        self.notify_viewers(channel, {"type": "message_changed", "ts": message["ts"]})

    def delete(self, channel: Channel, ts: str) -> None:
        channel.remove(ts)
        self.changed = True
        self.notify_viewers(channel, {"type": "message_deleted", "ts": ts})

    def post_ephemeral(self, channel: Channel, user: str, message: Json) -> Json:
        """Store an ephemeral message: only `user` reads it, nobody finds it in the history, and a restart forgets it."""
        message = {"type": "message", **message, "ts": self.timestamps.next(), "is_ephemeral": True}
        messages = channel.ephemerals.setdefault(user, {})
        messages[message["ts"]] = message
        if len(messages) > EPHEMERALS:
            del messages[next(iter(messages))]
        self.watchers.tell([user], {"type": "ephemeral", "channel": channel.id, "ts": message["ts"]})
        return message

    def delete_ephemeral(self, channel: Channel, user: str, ts: str) -> None:
        channel.ephemerals.get(user, {}).pop(ts, None)
        self.watchers.tell([user], {"type": "message_deleted", "channel": channel.id, "ts": ts})

    def bot_message(self, text: str, **more: object) -> Json:
        """A message by the app, with the fields that name its author."""
        app, team = self.app, self.file.team.id
        return {
            "user": app.bot_user,
            "bot_id": app.bot_id,
            "app_id": app.id,
            "team": team,
            "text": text,
            "bot_profile": {
                "id": app.bot_id,
                "app_id": app.id,
                "user_id": app.bot_user,
                "name": app.name,
                "icons": {},
                "deleted": False,
                "updated": 0,
                "team_id": team,
            },
            **{key: value for key, value in more.items() if value is not None},
        }
