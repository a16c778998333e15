"""How far a request has come, in mrkdwn: its gates, their steps, what people said, how it ended and what happens next."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import capital, count, series, span
from domain.approvals.decisions import Verdict
from domain.approvals.resources import ResourceKind

# How it ended

CANCELLED: Final = "*Cancelled*"
EXPIRED: Final = "*Expired*"
UNGATED: Final = "*Approved*: nothing gates this operation here"


def overridden_to(verdict: Verdict) -> str:
    return f"*Overridden to {terms.verdict_past(verdict)}*"


def decided(verdict: Verdict) -> str:
    return f"*{capital(terms.verdict_past(verdict))}*"


def closed(deed: str, by: str, at: str, where: str) -> str:
    """*deed* is one of those above; *by* is empty where nobody did it, *where* is a step, or empty."""
    return f"{deed}{f' by {by}' if by else ''}, {at}{f', at {where}' if where else ''}."


def step_of_gate(step: str, gate: str) -> str:
    return f"{step}, of {gate}"


def skipped_step(step: str, approved: int, required: int) -> str:
    return f"{step} ({approved} of {required})"


def went_past(over: str, skipped: Sequence[str], more: int) -> str:
    """An override. *over* is the status it replaced, where that was not waiting."""
    been = f"It had been {over}. " if over else ""
    went = "; ".join([*skipped, *([f"and {more} more"] if more > 0 else [])]) or "no step"
    return f"{been}Skipped: {went}."


# What people said


def for_somebody(by: str, away: str) -> str:
    """Who decided in whose place: `@B for @A`."""
    return f"{by} for {away}"


def decision(verdict: Verdict, by: str, at: str) -> str:
    return f"*{capital(terms.verdict_past(verdict))}* by {by}, {at}"


def commented(by: str, at: str) -> str:
    return f"*Comment* by {by}, {at}"


def quoted(text: str) -> str:
    """What somebody typed."""
    return f"“{text}”"


def earlier_in_details(entries: int) -> str:
    return f"{count(entries, 'earlier entry', 'earlier entries')} in Details"


# Gates and steps


def step_of(number: int, of: int, name: str) -> str:
    return f"step {number} of {of}, {name}"


def gate(kind: ResourceKind, resource: str) -> str:
    return f"{terms.resource(kind)} {resource}"


def gate_line(
    number: int, of: int, kind: ResourceKind, resource: str, state: str, profile: str, version: int, *, overridden: bool
) -> str:
    """One gate: *state* is its word and sign; the first of several is numbered."""
    place = f"Gate {number} of {of}, " if of > 1 else ""
    badge = ", overridden" if overridden else ""
    return f"*{place}{terms.resource(kind)}* {resource}: {state}{badge} ({profile}, version {version})"


def people(names: Sequence[str], most: int) -> str:
    """Those whose approvals counted."""
    return series(names, most)


def step_begins(sign: str, number: int, name: str) -> str:
    return f"{sign} Step {number}, {name}: "


def step_count(state: str, approved: int, required: int) -> str:
    """A step without names."""
    return f"{state}, {approved} of {required}"


def step_approved(by: str) -> str:
    return f"approved by {by}"


def so_far(approved: int, required: int, by: str) -> str:
    return f"{approved} of {required} approved" + (f" ({by})" if by else "")


def step_open(so_far: str, approvers: str) -> str:
    return f"{so_far}, waiting for {approvers}"


def step_not_reached(required: int, approvers: str) -> str:
    return f"not reached, needs {required} of {approvers}"


def step_otherwise(state: str, so_far: str) -> str:
    """*so_far* is empty where nobody approved."""
    return state + (f", {so_far}" if so_far else "")


# What happens next


def blocked(profile: str) -> str:
    return (
        f"*Blocked*: the approval profile {profile} has a step without approvers. No clock runs; "
        "administrators have been told, and this goes on by itself when the profile gets its approvers."
    )


def deadline_passed(deadline: str) -> str:
    return f"The deadline passed, {deadline}. Nobody can decide any more; this closes in a moment."


def next_is(approvals: int, approvers: str, deadline: str | None) -> str:
    until = f" Expires {deadline}." if deadline is not None else " It does not expire."
    return f"*Next*: {count(approvals, 'approval')} from {approvers}.{until}"


def reminded(at: str) -> str:
    return f"Those who have not decided were reminded, {at}."


def escalated(after: timedelta, at: str) -> str:
    return f"Nobody had decided for {span(after)}, so more people were asked, {at}."


def escalates(at: str, approvers: str) -> str:
    return f"If it is not decided by {at}, {approvers} will be asked too."
