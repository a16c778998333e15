"""People, groups and roles: how they are named in a row, looking at them, and their forms."""

from collections.abc import Sequence
from typing import Final

from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import both, capital, count
from domain.configuration.plan import Kind
from domain.people.people import Standing

NOBODY: Final = "nobody"


def the_group(name: str) -> str:
    return f"group {name}"


def the_role(name: str) -> str:
    return f"role {name}"


def asked_for(shown: Sequence[str], away: int) -> str:
    """For whom somebody is asked who stands in, after "You are asked": the first of all who are *away*."""
    more = f" and {away - len(shown)} more" if away > len(shown) else ""
    return f"for {both(shown)}{more}, who {'is' if away == 1 else 'are'} away"


# Administrators

APPOINTED: Final = (
    "You are an administrator of Countersign now: nobody was one, and COUNTERSIGN_ADMINISTRATORS names you. "
    "`/approval help` says what you can do; under `/approval people` you can name others."
)
NOBODY_ADMINISTERS: Final = (
    "Nobody is an administrator of Countersign: nobody can override, manage what is configured, or be told of what is stuck. "
    "Whoever runs it can name somebody in COUNTERSIGN_ADMINISTRATORS and start it again."
)

# Looking

ROLES: Final = "A role is a right that people hold by name, through a user group of Slack, or both."
GROUPS: Final = "A group approves together: it follows a user group of Slack, or lists its members."
ALL: Final = "All groups and roles"
ALL_LABEL: Final = "Back to all groups and roles"


def several(number: int) -> str:
    return count(number, "role or group", "roles and groups")


def line(kind: Kind, name: str, key: str, people: int, follows: str | None) -> str:
    """A group or role in the list; *follows* is the handle of a user group."""
    follow = f", follows {follows}" if follows is not None else ""
    return f"*{name}*\n{capital(terms.team(kind))} `{key}`{follow}: {count(people, 'person', 'people')}"


def title(kind: Kind) -> str:
    return capital(terms.team(kind))


def follows(kind: Kind, key: str, handle: str) -> str:
    also = ", and whoever is named" if kind is Kind.ROLE else ""
    return f"{title(kind)} `{key}`. Everybody in {handle} is in it{also}; who that is, is looked up at each click."


def ways(through: str | None, *, by_name: bool) -> str:
    """Why somebody is in it; *through* is the handle of a user group."""
    return both([*(["by name"] if by_name else []), *([f"through {through}"] if through is not None else [])])


def member(who: str, ways: str, standing: Standing) -> str:
    lost = f"; {terms.standing(standing)}, so they can do nothing" if standing is not Standing.MEMBER else ""
    return f"• {who}, {ways}{lost}"


# One person

NO_TEAMS: Final = "None."


def standing(who: str, standing: Standing) -> str:
    if standing is Standing.MEMBER:
        return f"{who}. Active full member."
    return f"{who}. {capital(terms.standing(standing))}: can do nothing."


# Forms

USERGROUP: Final = "User group of Slack"
USERGROUP_HINT: Final = "Membership is live: who is in it when somebody clicks, may decide."


def usergroup(handle: str, name: str) -> str:
    return f"@{handle} ({name})"
