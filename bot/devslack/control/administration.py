"""Changes of the workspace itself: people join, leave and become guests; groups and channels come and go."""

import time
from typing import Any

from pydantic import ValidationError

from bot.devslack.delivery.deliveries import Receipt
from bot.devslack.delivery.events import Events
from bot.devslack.errors import Json, Refused
from bot.devslack.workspace.channels import Channel, Kind
from bot.devslack.workspace.people import group_object
from bot.devslack.workspace.workspace import Workspace
from bot.devslack.workspace.workspace_file import ChannelEntry, UserEntry, UserGroupEntry


class Administration:
    def __init__(self, workspace: Workspace, events: Events) -> None:
        self._workspace = workspace
        self._events = events

    async def user(self, change: Json) -> Json:
        """A new user, or some fields of a known one anew; sends team_join or user_change."""
        people = self._workspace.people
        old = people.entries.get(str(change.get("id")))
        fields = {**(old.model_dump() if old else {}), **change}
        if old and "tz" in change and "tz_offset" not in change:
            fields["tz_offset"] = None
        try:
            entry = UserEntry.model_validate(fields)
        except ValidationError as error:
            raise _bad("user", error) from error
        namesake = people.by_name(entry.name)
        if namesake and namesake["id"] != entry.id:
            raise Refused("bad_user", f"The name {entry.name} is taken.")
        user = people.put(entry)
        self._workspace.changed = True
        self._workspace.watchers.tell_all({"type": "user", "user": entry.id})
        event: Json = {"type": "user_change" if old else "team_join", "user": user}
        if old:
            event["cache_ts"] = int(time.time())
        return {**(await self._events.send(event)).shown(), "user": user}

    async def usergroup(self, change: Json) -> Json:
        """A new user group, or fields of a known one anew; sends subteam_created, or subteam_updated and, where members
        changed, subteam_members_changed."""
        people = self._workspace.people
        old = people.groups.get(str(change.get("id")))
        fields: Json = {k: old[k] for k in ("id", "handle", "name", "description", "users")} if old else {}
        was_disabled = bool(old and old["date_delete"])
        disabled = bool(change.get("disabled", was_disabled))
        try:
            entry = UserGroupEntry.model_validate({**fields, **{k: v for k, v in change.items() if k != "disabled"}})
        except ValidationError as error:
            raise _bad("usergroup", error) from error
        strangers = [u for u in entry.users if u not in people.users]
        if strangers:
            raise Refused("bad_usergroup", f"{strangers[0]} is not a user of this workspace.")
        group = group_object(entry, people.team_id, disabled=disabled)
        if old:
            group["date_create"] = old["date_create"]
        people.put_group(group)
        self._workspace.changed = True
        self._workspace.watchers.tell_all({"type": "usergroup", "usergroup": entry.id})
        receipt = await self._events.send({"type": "subteam_updated" if old else "subteam_created", "subteam": group})
        if old and old["users"] != group["users"]:
            receipt = await self._members_changed(old, group)
        return {**receipt.shown(), "usergroup": group}

    async def _members_changed(self, old: Json, new: Json) -> Receipt:
        added = [u for u in new["users"] if u not in old["users"]]
        removed = [u for u in old["users"] if u not in new["users"]]
        return await self._events.send(
            {
                "type": "subteam_members_changed",
                "subteam_id": new["id"],
                "team_id": new["team_id"],
                "date_previous_update": old["date_update"],
                "date_update": new["date_update"],
                "added_users": added,
                "added_users_count": len(added),
                "removed_users": removed,
                "removed_users_count": len(removed),
            }
        )

    def channel(self, change: Json) -> Json:
        """A new channel, or fields of a known one anew (name, members, is_private, is_archived, app_is_member)."""
        workspace = self._workspace
        bot = workspace.app.bot_user
        old = workspace.channels.get(str(change.get("id")))
        if old and old.kind is Kind.IM:
            raise Refused("bad_channel", "A direct message cannot be changed.")
        fields: Json = _fields(old, bot) if old else {}
        try:
            entry = ChannelEntry.model_validate({**fields, **change})
        except ValidationError as error:
            raise _bad("channel", error) from error
        strangers = [u for u in entry.members if u not in workspace.people.users]
        if strangers:
            raise Refused("bad_channel", f"{strangers[0]} is not a user of this workspace.")
        if workspace.channel_names.get(entry.name, entry.id) != entry.id:
            raise Refused("bad_channel", f"The name {entry.name} is taken.")
        before = workspace.seers(old) if old else []
        if old:
            workspace.channel_names.pop(old.name, None)
        channel = workspace.add_channel(entry)
        if old:
            channel.created, channel.messages, channel.order = old.created, old.messages, old.order
            channel.threads, channel.ephemerals = old.threads, old.ephemerals
        workspace.changed = True
        both = dict.fromkeys([*before, *workspace.seers(channel)])
        workspace.watchers.tell(list(both), {"type": "channel", "channel": channel.id})
        return {"ok": True, "channel": channel.described(bot)}

    def delete_message(self, channel_id: Any, ts: Any) -> Json:
        """Somebody with the right to takes a message away, whoever wrote it."""
        channel = self._workspace.channels.get(str(channel_id))
        if channel is None or ts not in channel.messages:
            raise Refused("message_not_found", f"There is no message {ts} in {channel_id}.")
        self._workspace.delete(channel, ts)
        return {"ok": True}


def _fields(channel: Channel, bot: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.kind is Kind.PRIVATE,
        "is_archived": channel.is_archived,
        "members": [m for m in channel.members if m != bot],
        "app_is_member": bot in channel.members,
    }


def _bad(what: str, error: ValidationError) -> Refused:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return Refused(f"bad_{what}", f"{place}: {first['msg'].removeprefix('Value error, ')}")
