"""Slack's users and user groups, as its events and its lists show them, and who is meant by them here.

Source: https://docs.slack.dev/reference/objects/user-object and https://docs.slack.dev/reference/objects/usergroup-object. What may be
missing there, or null, may be so here: one odd account must not keep everybody else out of the mirror.
"""

from datetime import UTC, datetime
from typing import Any, Final

from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.raw import Raw, SlackId, Ts, read
from domain.common.frozen import Frozen
from domain.people.people import Identity, Standing, UserGroup, person_id

SLACKBOT: Final = "USLACKBOT"
"""A bot that Slack does not call one."""
_LONGEST_NAME: Final = 200
_NO_YEAR: Final = 253_402_300_800
"""The first second, counted from 1970, of the year 10000."""


class RawProfile(Raw):
    real_name: str | None = None
    display_name: str | None = None
    email: str | None = None


class RawEnterpriseUser(Raw):
    teams: list[str] | None = None


class RawMember(Raw):
    id: SlackId
    team_id: SlackId | None = None
    name: str | None = None
    real_name: str | None = None
    tz: str | None = None
    deleted: bool | None = None
    is_bot: bool | None = None
    is_workflow_bot: bool | None = None
    is_restricted: bool | None = None
    is_ultra_restricted: bool | None = None
    is_stranger: bool | None = None
    profile: RawProfile | None = None
    enterprise_user: RawEnterpriseUser | None = None


class RawSubteam(Raw):
    id: SlackId
    handle: str | None = None
    name: str | None = None
    users: list[SlackId] | None = None
    date_delete: int | None = None


class PersonTold(Frozen):
    """Somebody, as an event tells of them."""

    identity: Identity
    at: datetime | None
    """When it happened, by Slack's clock; None where the event does not say."""


class UserGroupTold(Frozen):
    """A user group that an event tells of."""

    id: str
    usergroup: UserGroup | None
    """With its members; None where the event does not say who all of them are."""
    at: datetime | None
    """As in `PersonTold`."""


class RawMemberTold(Raw):
    user: RawMember
    event_ts: Ts | None = None


class RawMemberEvent(Raw):
    event: RawMemberTold


class RawSubteamTold(Raw):
    subteam: RawSubteam | None = None
    subteam_id: SlackId | None = None
    event_ts: Ts | None = None


class RawSubteamEvent(Raw):
    event: RawSubteamTold


def person_told(body: Any, team: str) -> PersonTold:
    """The events `user_change` and `team_join`, heard in the workspace *team*. Raises BadInput."""
    event = read(RawMemberEvent, body).event
    return PersonTold(identity=_identity(event.user, team), at=_moment(event.event_ts))


def usergroup_told(body: Any, team: str) -> UserGroupTold:
    """The events `subteam_…`. Raises BadInput."""
    event = read(RawSubteamEvent, body).event
    subteam = event.subteam
    named = subteam.id if subteam is not None else event.subteam_id
    if named is None:
        raise BadInput(what="the event names no user group")
    tells_all = subteam is not None and (subteam.users is not None or bool(subteam.date_delete))
    found = _usergroup(subteam, team) if subteam is not None and tells_all else None
    return UserGroupTold(id=named, usergroup=found, at=_moment(event.event_ts))


def _moment(ts: str | None) -> datetime | None:
    if ts is None:
        return None
    if float(ts) >= _NO_YEAR:
        raise BadInput(what="the event happened in no year")
    return datetime.fromtimestamp(float(ts), UTC)


def person(user: Any, team: str) -> Identity:
    """A user object, as `users.list` and `users.info` answer in the workspace *team*. Raises BadInput."""
    return _identity(read(RawMember, user), team)


def usergroup(group: Any, team: str) -> UserGroup:
    """A user group object with its members, as `usergroups.list` answers; a disabled one has none. Raises BadInput."""
    return _usergroup(read(RawSubteam, group), team)


def _identity(user: RawMember, team: str) -> Identity:
    profile = user.profile or RawProfile()
    name = profile.real_name or user.real_name or profile.display_name or user.name or user.id
    return Identity(
        id=person_id(user.team_id or team, user.id),
        name=name[:_LONGEST_NAME],
        email=profile.email or "",
        standing=_standing(user, team),
        time_zone=user.tz or "UTC",
    )


def _standing(user: RawMember, team: str) -> Standing:
    teams = (user.enterprise_user.teams if user.enterprise_user is not None else None) or [user.team_id or team]
    if team not in teams or user.is_stranger:
        return Standing.STRANGER
    if user.deleted:
        return Standing.DEACTIVATED
    if user.is_bot or user.is_workflow_bot or user.id == SLACKBOT:
        return Standing.BOT
    if user.is_restricted or user.is_ultra_restricted:
        return Standing.GUEST
    return Standing.MEMBER


def _usergroup(group: RawSubteam, team: str) -> UserGroup:
    users = [] if group.date_delete else group.users or []
    return UserGroup(
        id=group.id,
        handle=group.handle or group.id,
        name=group.name or group.id,
        members=tuple(person_id(team, user) for user in users),
    )
