"""Who stands in for whom, in mrkdwn."""

from typing import Final

TITLE: Final = "Out of office"


def taken_back(by: str, delegate: str | None, delegator: str | None) -> str:
    """To delegate or delegator, of what somebody else revoked; either is None where it is the reader."""
    who = f"{delegate} does" if delegate is not None else "you do"
    return f"{by} has revoked a delegation: {who} not stand in for {delegator or 'you'} any more."


def stands_in(delegate: str | None, delegator: str | None, begins: str | None, ends: str) -> str:
    """`@Dan stands in for you until …`: either is None where it is the reader; *begins* where that has not come yet."""
    who = f"{delegate} stands" if delegate is not None else "you stand"
    return f"{who} in for {delegator or 'you'} {f'from {begins} ' if begins is not None else ''}until {ends}."


def more(number: int) -> str:
    return f"and {number} more."
