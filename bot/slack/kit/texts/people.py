"""People, groups and roles: how they are named in a row, looking at them, and their forms."""

from collections.abc import Sequence
from typing import Final

from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import both, capital, count, row
from domain.configuration.plan import Kind
from domain.people.people import Standing

NOBODY: Final = "nobody"


def named(shown: Sequence[str], more: int = 0) -> str:
    """Who may approve: `group PKI, role officer, @Ann and 3 more`."""
    return row(shown, more, NOBODY)


def the_group(name: str) -> str:
    return f"group {name}"


def the_role(name: str) -> str:
    return f"role {name}"


def asked_as_member(group: str) -> str:
    """After "You are asked"."""
    return f"as a member of {group}"


def asked_as_role(role: str) -> str:
    return f"as {role}"


ASKED_BY_NAME: Final = "by name"


def asked(ways: Sequence[str]) -> str:
    """Several ways of being asked, after "You are asked"."""
    return both(ways)


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

TITLE: Final = "People"
PERSON_TITLE: Final = "Person"
ROLES: Final = "A role is a right that people hold by name, through a user group of Slack, or both."
GROUPS: Final = "A group approves together: it follows a user group of Slack, or lists its members."
ROLES_AND_GROUPS: Final = f"{ROLES} {GROUPS}"
NEW_GROUP: Final = "New group"
NEW_GROUP_LABEL: Final = "New group: create one"
NEW_ROLE: Final = "New role"
NEW_ROLE_LABEL: Final = "New role: create one"
ALL: Final = "All groups and roles"
ALL_LABEL: Final = "Back to all groups and roles"
LOOK_UP: Final = "Look somebody up"
WHO: Final = "*Who*"
NOBODY_YET: Final = "Nobody yet."
WHAT_NAMES_IT: Final = "*What names it*"
NOTHING_NAMES_IT: Final = "No approval profile and no open request."
DELETE_MEANS: Final = "Whoever is in it loses what it gives at once. The record stays."
SOMEBODY: Final = "Somebody"


def several(number: int) -> str:
    return count(number, "role or group", "roles and groups")


def line(kind: Kind, name: str, key: str, people: int, follows: str | None) -> str:
    """A group or role in the list; *follows* is the handle of a user group."""
    follow = f", follows {follows}" if follows is not None else ""
    return f"*{name}*\n{capital(terms.team(kind))} `{key}`{follow}: {count(people, 'person', 'people')}"


def title(kind: Kind) -> str:
    return capital(terms.team(kind))


def open_label(kind: Kind, key: str) -> str:
    return f"Open the {terms.team(kind)} {key}"


def edit_label(kind: Kind, key: str) -> str:
    return f"Edit the {terms.team(kind)} {key}"


def delete_label(kind: Kind, key: str) -> str:
    return f"Delete the {terms.team(kind)} {key}"


def delete_sure(kind: Kind) -> str:
    return f"Delete this {terms.team(kind)}?"


def deleted(kind: Kind, key: str) -> str:
    return f"Deleted: {terms.team(kind)} `{key}`."


def follows_nothing(kind: Kind, key: str, usergroup: str) -> str:
    """How one comes to be in it, where its user group is gone."""
    return f"{title(kind)} `{key}`. It follows the user group `{usergroup}`, which Slack does not have (any more): so nobody is in it."


def follows(kind: Kind, key: str, handle: str) -> str:
    also = ", and whoever is named" if kind is Kind.ROLE else ""
    return f"{title(kind)} `{key}`. Everybody in {handle} is in it{also}; who that is, is looked up at each click."


def lists(kind: Kind, key: str) -> str:
    return f"{title(kind)} `{key}`. It lists its people by name."


def never_approved(profile: str, why: str) -> str:
    """A profile that names it, and could never be approved as people are now."""
    return f"*Warning*: under {profile} nothing can be approved now. {why}"


def ways(through: str | None, *, by_name: bool) -> str:
    """Why somebody is in it; *through* is the handle of a user group."""
    return both([*(["by name"] if by_name else []), *([f"through {through}"] if through is not None else [])])


def member(who: str, ways: str, standing: Standing) -> str:
    lost = f"; {terms.standing(standing)}, so they can do nothing" if standing is not Standing.MEMBER else ""
    return f"• {who}, {ways}{lost}"


def belongs(name: str, ways: str) -> str:
    return f"• {name}, {ways}"


# One person

ROLES_OF: Final = "*Roles*"
GROUPS_OF: Final = "*Groups*"
MAY_APPROVE: Final = "*May approve*"
NOBODY_ELSE: Final = "*Nobody else could*"
OUT_OF_OFFICE: Final = "*Out of office*"
NO_TEAMS: Final = "None."
NO_RIGHTS: Final = "Nothing, as profiles are now."
NO_STANDINS: Final = "Nobody stands in for them, and they stand in for nobody."


def standing(who: str, standing: Standing) -> str:
    if standing is Standing.MEMBER:
        return f"{who}. Active full member."
    return f"{who}. {capital(terms.standing(standing))}: can do nothing."


def right(profile: str, number: int, step: str, *, once_escalated: bool) -> str:
    return f"• {profile}, step {number}, {step}{', once it escalates' if once_escalated else ''}"


def without_them(profile: str, why: str) -> str:
    """*why* is a sentence with a small first letter."""
    return f"• {profile}: without them, {why}"


# Forms

USERGROUP: Final = "User group of Slack"
USERGROUP_HINT: Final = "Membership is live: who is in it when somebody clicks, may decide."
MEMBERS: Final = "Members, where it follows no user group"
HOLDERS: Final = "Held by name"
NOTHING_TO_SAVE: Final = "Nothing to save: it says this already."
SAVED: Final = "*Saved*"


def new_title(kind: Kind) -> str:
    return f"New {terms.team(kind)}"


def edit_title(kind: Kind) -> str:
    return f"Edit {terms.team(kind)}"


def usergroup(handle: str, name: str) -> str:
    return f"@{handle} ({name})"


def usergroup_gone(key: str) -> str:
    return f"{key} (not in Slack any more)"


def name_too_long(most: int) -> str:
    """Beside the field for a name that is missing, or too long."""
    return f"Give it a name of at most {most} characters."
