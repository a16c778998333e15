"""`/approval delegate …`: what somebody typed → who stands in for whom, and when."""

from typing import Any

from bot.slack.kit.payloads.faults import Misused
from bot.slack.kit.payloads.mentions import mentioned
from bot.slack.kit.texts.commands import Subcommand, usage
from domain.approvals.delegation import Day, Days
from domain.common.frozen import Frozen
from domain.people.people import PersonId


class Delegate(Frozen):
    """Somebody stands in for whoever typed it, or for somebody absent; without more, what there is and a form."""

    delegate: PersonId | None = None
    days: Days | None = None
    delegator: PersonId | None = None
    reason: str = ""
    """As Slack sent it."""


def parse_delegate(text: str, team: str) -> Delegate:
    """`@user until DATE [from DATE] [for @absent] [reason]`, in any order but for the reason, which is last. Raises Misused."""
    words: list[str] = text.split()
    found: dict[str, Any] = {}
    while words:
        word, following = words[0].lower(), words[1] if len(words) > 1 else ""
        if "delegate" not in found and (named := mentioned(words[0], team)) is not None:
            found["delegate"], words = named, words[1:]
        elif word == "for" and "delegator" not in found and (named := mentioned(following, team)) is not None:
            found["delegator"], words = named, words[2:]
        elif word in {"until", "from"} and word not in found and (day := _day(following)) is not None:
            found[word], words = day, words[2:]
        else:
            break
    if not found and not words:
        return Delegate()
    if "delegate" not in found:
        raise _misused("Say who stands in, beginning with @.")
    if "until" not in found:
        raise _misused("Say until when: a day as 2026-12-24, friday, tomorrow, +10d or +2w.")
    if words and words[0].lower() in {"from", "until"} - found.keys():
        raise _misused("Say from when, with a day as 2026-12-24, friday, tomorrow, +10d or +2w.")
    return Delegate(
        delegate=found["delegate"],
        days=Days(last=found["until"], first=found.get("from")),
        delegator=found.get("delegator"),
        reason=" ".join(words),
    )


def _day(word: str) -> Day | None:
    try:
        return Day.parse(word)
    except ValueError:
        return None


def _misused(problem: str) -> Misused:
    return Misused(problem=problem, usage=usage(Subcommand.DELEGATE))
