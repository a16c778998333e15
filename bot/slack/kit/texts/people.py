"""How groups and roles are named as approvers, and for whom a delegate is asked."""

from collections.abc import Sequence
from typing import Final

from bot.slack.kit.texts.grammar import both

NOBODY: Final = "nobody"


def the_group(name: str) -> str:
    return f"group {name}"


def the_role(name: str) -> str:
    return f"role {name}"


def asked_for(shown: Sequence[str], away: int) -> str:
    """For whom a delegate is asked, after "You are asked": the people *shown*, of *away* in all."""
    more = f" and {away - len(shown)} more" if away > len(shown) else ""
    return f"for {both(shown)}{more}, who {'is' if away == 1 else 'are'} away"
