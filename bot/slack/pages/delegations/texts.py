"""Who stands in for whom, in mrkdwn."""

from typing import Final

TITLE: Final = "Out of office"
EXPLAINED: Final = (
    "While you are away, somebody else can decide what you may approve, on the record as theirs *for* you. "
    "They get my messages too, and you keep your own rights. Nobody can decide twice, and requests that you made yourself stay with others."
)
NAME_DELEGATE: Final = "Name delegate"
NAME_A_DELEGATE: Final = "Name a delegate"
WHO_STANDS_IN: Final = "Who stands in?"
CHOOSE_SOMEBODY: Final = "Choose somebody"
LAST_DAY: Final = "Last day"
LAST_DAY_HINT: Final = "To the end of that day, in the time zone of whoever is away."
FIRST_DAY: Final = "First day"
FIRST_DAY_HINT: Final = "Now, if left empty."
CHOOSE_DAY: Final = "Choose a day"
REASON_HINT: Final = "Your delegate and administrators see it; it stays on the record."
WHO_IS_AWAY: Final = "Who is away?"
ME: Final = "Me"
FOR_OTHERS_HINT: Final = "As an administrator you can do this for somebody who is absent."
FOR_YOU: Final = "Who stands in for you"
BY_YOU: Final = "For whom you stand in"
OTHERS: Final = "Everybody else's"
REVOKE: Final = "Revoke"
REVOKE_LABEL: Final = "Revoke this delegation"


def recorded(sentence: str) -> str:
    return f"*Recorded*: {sentence}"


def recorded_line(sentence: str) -> str:
    """For where nothing is bold."""
    return f"Recorded: {sentence}"


def revoked(delegate: str, delegator: str | None) -> str:
    """*delegator* is None where it is the reader."""
    return f"Revoked: {delegate} does not stand in for {delegator or 'you'} any more."


KEEPS_RIGHTS: Final = "You keep your own rights, and can revoke this at any time."
ASKED_TOO: Final = "You are asked where they may approve, and what you decide is on the record as yours *for* them."


def named(by: str, sentence: str) -> str:
    """To delegate or delegator, of what somebody else recorded."""
    return f"{by} has named a delegate: {sentence}"


def taken_back(by: str, delegate: str | None, delegator: str | None) -> str:
    """To delegate or delegator, of what somebody else revoked; either is None where it is the reader."""
    who = f"{delegate} does" if delegate is not None else "you do"
    return f"{by} has revoked a delegation: {who} not stand in for {delegator or 'you'} any more."


def stands_in(delegate: str | None, delegator: str | None, begins: str | None, ends: str) -> str:
    """`@Dan stands in for you until …`: either is None where it is the reader; *begins* where that has not come yet."""
    who = f"{delegate} stands" if delegate is not None else "you stand"
    return f"{who} in for {delegator or 'you'} {f'from {begins} ' if begins is not None else ''}until {ends}."


def no_effect(who: str, described: str) -> str:
    """Why a delegation does nothing, though it holds: *described* says what *who* is."""
    return f"*It has no effect now*: {who} is {described}."


def more(number: int) -> str:
    return f"and {number} more."
