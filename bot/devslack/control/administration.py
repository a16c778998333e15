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
        """Create a user or change some fields of one; sends team_join or user_change."""
        people = self._workspace.people
        existing = people.entries.get(str(change.get("id")))
        fields = {**(existing.model_dump() if existing else {}), **change}
        if existing and "tz" in change and "tz_offset" not in change:
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
        event: Json = {"type": "user_change" if existing else "team_join", "user": user}
        if existing:
            event["cache_ts"] = int(time.time())
        return {**(await self._events.send(event)).as_json(), "user": user}

    async def usergroup(self, change: Json) -> Json:
        """Create a user group or change fields of one; sends subteam_created, or subteam_updated and, where members
        changed, subteam_members_changed."""
        people = self._workspace.people
        existing = people.groups.get(str(change.get("id")))
        fields: Json = {k: existing[k] for k in ("id", "handle", "name", "description", "users")} if existing else {}
        was_disabled = bool(existing and existing["date_delete"])
        disabled = bool(change.get("disabled", was_disabled))
        try:
            entry = UserGroupEntry.model_validate({**fields, **{k: v for k, v in change.items() if k != "disabled"}})
        except ValidationError as error:
            raise _bad("usergroup", error) from error
        strangers = [u for u in entry.users if u not in people.users]
        if strangers:
            raise Refused("bad_usergroup", f"{strangers[0]} is not a user of this workspace.")
        group = group_object(entry, people.team_id, disabled=disabled)
        if existing:
            group["date_create"] = existing["date_create"]
        people.put_group(group)
        self._workspace.changed = True
        self._workspace.watchers.tell_all({"type": "usergroup", "usergroup": entry.id})
        receipt = await self._events.send(
            {"type": "subteam_updated" if existing else "subteam_created", "subteam": group}
        )
        if existing and existing["users"] != group["users"]:
            receipt = await self._members_changed(existing, group)
        return {**receipt.as_json(), "usergroup": group}

    async def _members_changed(self, before: Json, after: Json) -> Receipt:
        added = [u for u in after["users"] if u not in before["users"]]
        removed = [u for u in before["users"] if u not in after["users"]]
        return await self._events.send(
            {
                "type": "subteam_members_changed",
                "subteam_id": after["id"],
                "team_id": after["team_id"],
                "date_previous_update": before["date_update"],
                "date_update": after["date_update"],
                "added_users": added,
                "added_users_count": len(added),
                "removed_users": removed,
                "removed_users_count": len(removed),
            }
        )

    def channel(self, change: Json) -> Json:
        """Create a channel or change fields of one (name, members, is_private, is_archived, app_is_member)."""
        workspace = self._workspace
        bot = workspace.app.bot_user
        existing = workspace.channels.get(str(change.get("id")))
        if existing and existing.kind is Kind.IM:
            raise Refused("bad_channel", "A direct message cannot be changed.")
        fields: Json = _fields(existing, bot) if existing else {}
        try:
            entry = ChannelEntry.model_validate({**fields, **change})
        except ValidationError as error:
            raise _bad("channel", error) from error
        strangers = [u for u in entry.members if u not in workspace.people.users]
        if strangers:
            raise Refused("bad_channel", f"{strangers[0]} is not a user of this workspace.")
        if workspace.channel_names.get(entry.name, entry.id) != entry.id:
            raise Refused("bad_channel", f"The name {entry.name} is taken.")
        before = workspace.viewers(existing) if existing else []
        if existing:
            workspace.channel_names.pop(existing.name, None)
        channel = workspace.add_channel(entry)
        if existing:
            channel.created, channel.messages, channel.order = existing.created, existing.messages, existing.order
            channel.threads, channel.ephemerals = existing.threads, existing.ephemerals
        workspace.changed = True
        watchers = dict.fromkeys([*before, *workspace.viewers(channel)])
        workspace.watchers.tell(list(watchers), {"type": "channel", "channel": channel.id})
        return {"ok": True, "channel": channel.described(bot)}

    def delete_message(self, channel_id: Any, ts: Any) -> Json:
        """Delete a message of any author, as an administrator may."""
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


def _bad(entity: str, error: ValidationError) -> Refused:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return Refused(f"bad_{entity}", f"{place}: {first['msg'].removeprefix('Value error, ')}")
