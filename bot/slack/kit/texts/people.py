"""How people, groups and roles are named as approvers, and why a person is asked to decide."""

from collections.abc import Sequence
from typing import Final

from bot.slack.kit.texts.grammar import both, row

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
    """All *ways* in which a person is asked, after "You are asked"."""
    return both(ways)


def asked_for(shown: Sequence[str], away: int) -> str:
    """For whom a delegate is asked, after "You are asked": the people *shown*, of *away* in all."""
    more = f" and {away - len(shown)} more" if away > len(shown) else ""
    return f"for {both(shown)}{more}, who {'is' if away == 1 else 'are'} away"
