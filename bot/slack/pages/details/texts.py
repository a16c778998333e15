"""The details of a request, in mrkdwn: values have been made safe to show."""

from typing import Final

from bot.slack.kit.texts.grammar import capital
from domain.approvals.decisions import Verdict

MOST_NAMES: Final = 12


def gate(number: int, of: int, name: str, state: str, profile: str, version: int, *, overridden: bool) -> str:
    badge = ", *overridden*" if overridden else ""
    return f"*Gate {number} of {of}*: {name}. {state}{badge}\nProfile {profile}, version {version}"


def moments(opened: str | None, deadline: str | None, closed: str | None) -> str:
    """When a gate opened, expires or expired, and closed; empty where it did none of it."""
    said = [("opened", opened), ("deadline", deadline), ("closed", closed)]
    return capital(", ".join(f"{word} {at}" for word, at in said if at is not None))


def overridden_to(verdict: Verdict) -> str:
    return {Verdict.APPROVE: "*overridden to approved*", Verdict.REJECT: "*overridden to rejected*"}[verdict]
