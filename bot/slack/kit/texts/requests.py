"""How far a request has come, in mrkdwn: its gates, their steps, what people said, how it ended and what happens next."""

from collections.abc import Sequence
from datetime import timedelta

from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import capital, count, series, span
from domain.approvals.decisions import Verdict
from domain.approvals.resources import ResourceKind

# How it ended


def decided(verdict: Verdict) -> str:
    return f"*{capital(terms.verdict_past(verdict))}*"


def closed(deed: str, by: str, at: str, where: str) -> str:
    """*deed* is one of those above; *by* is empty where nobody did it, *where* is a step, or empty."""
    return f"{deed}{f' by {by}' if by else ''}, {at}{f', at {where}' if where else ''}."


def went_past(over: str, skipped: Sequence[str], more: int) -> str:
    """An override. *over* is the status it replaced, where that was not waiting."""
    been = f"It had been {over}. " if over else ""
    went = "; ".join([*skipped, *([f"and {more} more"] if more > 0 else [])]) or "no step"
    return f"{been}Skipped: {went}."


# What people said


def quoted(text: str) -> str:
    """What somebody typed."""
    return f"“{text}”"


# Gates and steps


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


def so_far(approved: int, required: int, by: str) -> str:
    return f"{approved} of {required} approved" + (f" ({by})" if by else "")


def step_otherwise(state: str, so_far: str) -> str:
    """*so_far* is empty where nobody approved."""
    return state + (f", {so_far}" if so_far else "")


# What happens next


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
