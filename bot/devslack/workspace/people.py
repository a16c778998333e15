"""Users and user groups in Slack's own shapes."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.devslack.errors import Json
from bot.devslack.workspace.workspace_file import UserEntry, UserGroupEntry

SLACKBOT = "USLACKBOT"


def user_object(entry: UserEntry, team_id: str) -> Json:
    """Slack's user object for an entry of the workspace file. A deactivated user has no roles or time zone left, as at Slack."""
    team = entry.team_id or team_id
    user: Json = {
        "id": entry.id,
        "team_id": team,
        "name": entry.name,
        "deleted": entry.deleted,
        "profile": _profile(entry, team),
        "is_bot": entry.is_bot,
        "is_app_user": False,
        "updated": int(time.time()),
    }
    if entry.deleted:
        return user
    return user | {
        "real_name": entry.real_name,
        "color": "4bbe2e",
        "tz": entry.tz,
        "tz_label": entry.tz,
        "tz_offset": _offset(entry),
        "is_admin": entry.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": entry.is_restricted,
        "is_ultra_restricted": entry.is_ultra_restricted,
        "is_email_confirmed": not entry.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }


def _profile(entry: UserEntry, team: str) -> Json:
    first, _, last = entry.real_name.partition(" ")
    profile: Json = {
        "title": entry.title,
        "phone": "",
        "real_name": entry.real_name,
        "real_name_normalized": entry.real_name,
        "display_name": entry.name,
        "display_name_normalized": entry.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": "",
        "team": team,
    }
    return {**profile, "email": entry.email} if entry.email else profile


def _offset(entry: UserEntry) -> int:
    """Seconds east of UTC, as given or as the time zone has it today."""
    if entry.tz_offset is not None:
        return entry.tz_offset
    delta = datetime.now(UTC).astimezone(ZoneInfo(entry.tz)).utcoffset()
    return int(delta.total_seconds()) if delta else 0


def group_object(entry: UserGroupEntry, team_id: str, *, disabled: bool = False) -> Json:
    """Slack's user group object with its `users`; the listing methods leave them out where Slack does."""
    now = int(time.time())
    return {
        "id": entry.id,
        "team_id": team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": entry.name,
        "description": entry.description,
        "handle": entry.handle,
        "is_external": False,
        "date_create": now,
        "date_update": now,
        "date_delete": now if disabled else 0,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": SLACKBOT,
        "updated_by": SLACKBOT,
        "deleted_by": SLACKBOT if disabled else None,
        "prefs": {"channels": [], "groups": []},
        "users": list(entry.users),
        "user_count": len(entry.users),
    }


class People:
    """Everyone with an account here, by id, and the entries they were made from; a change starts from its entry."""

    def __init__(self, team_id: str) -> None:
        self.team_id = team_id
        self.users: dict[str, Json] = {}
        self.entries: dict[str, UserEntry] = {}
        self.groups: dict[str, Json] = {}

    def put(self, entry: UserEntry) -> Json:
        user = user_object(entry, self.team_id)
        self.users[entry.id] = user
        self.entries[entry.id] = entry
        return user

    def put_group(self, group: Json) -> None:
        self.groups[group["id"]] = group

    def by_email(self, email: str) -> Json | None:
        wanted = email.casefold()
        return next((u for u in self.users.values() if u["profile"].get("email", "").casefold() == wanted), None)

    def by_name(self, name: str) -> Json | None:
        wanted = name.casefold()
        return next((u for u in self.users.values() if u["name"].casefold() == wanted), None)

    def humans(self) -> Iterator[str]:
        return (i for i, u in self.users.items() if not u["is_bot"] and not u["deleted"] and i != SLACKBOT)

    def is_guest(self, user_id: str) -> bool:
        user = self.users.get(user_id, {})
        return bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
