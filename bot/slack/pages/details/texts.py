"""The details of a request, in mrkdwn: values have been made safe to show."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.slack.kit.texts.grammar import capital, count, listed, span
from domain.approvals.decisions import Verdict

TITLE: Final = "Request"
STATUS: Final = "Status"
OPERATION: Final = "Operation"
REQUESTER: Final = "Requester"
CREATED: Final = "Created"
CLOSED: Final = "Closed"
NOT_YET: Final = "Not yet"
AFTERWARDS: Final = "Afterwards"
RESUBMISSION_OF: Final = "Resubmission of"
RESUBMITTED_AS: Final = "Resubmitted as"
REASON_GIVEN: Final = "*Reason given*"
GATES_AND_STEPS: Final = "Gates and steps"
COMMENTS: Final = "Comments"
AUDIT_TRAIL: Final = "Audit trail"
PREVIOUS_PAGE: Final = "Previous page"
NEXT_PAGE: Final = "Next page"
MOST_NAMES: Final = 12


def operation_at(operation: str, resource: str) -> str:
    return f"{capital(operation)} at {resource}"


def bound_to(digest: str) -> str:
    return f"*Bound to the digest* {digest}"


def requests(names: Sequence[str], most: int = 10) -> str:
    return listed(names, most)


def gate(number: int, of: int, name: str, state: str, profile: str, version: int, *, overridden: bool) -> str:
    badge = ", *overridden*" if overridden else ""
    return f"*Gate {number} of {of}*: {name}. {state}{badge}\nProfile {profile}, version {version}"


def moments(opened: str | None, deadline: str | None, closed: str | None) -> str:
    """When a gate opened, expires or expired, and closed; empty where it did none of it."""
    said = [("opened", opened), ("deadline", deadline), ("closed", closed)]
    return capital(", ".join(f"{word} {at}" for word, at in said if at is not None))


def step(sign: str, name: str, state: str, approved: int, required: int) -> str:
    return f"{sign} {capital(name)}: *{state}*, {approved} of {required} approved"


def approvers(who: str) -> str:
    return f"Approvers: {who}"


def escalated(at: str, who: str) -> str:
    return f"Escalated {at}: {who} too"


def escalates(after: timedelta, who: str) -> str:
    return f"If not decided for {span(after)}: {who} too"


def may_still_decide(names: Sequence[str]) -> str:
    """Those who could decide the open step now."""
    return f"May still decide: {listed(names, MOST_NAMES, 'nobody')}"


def were_skipped(names: Sequence[str]) -> str:
    """Those who could have decided a step that an override went past."""
    return f"Could still have decided: {listed(names, MOST_NAMES)}"


def earlier_override(deed: str, by: str, at: str) -> str:
    """An override that another one came after."""
    return f"Before that: {deed} by {by}, {at}."


def overridden_to(verdict: Verdict) -> str:
    return {Verdict.APPROVE: "*overridden to approved*", Verdict.REJECT: "*overridden to rejected*"}[verdict]


def comment_by(who: str, at: str) -> str:
    return f"{who}, {at}"


def hash_chain(entries: int, last: str) -> str:
    return f"{count(entries, 'entry', 'entries')}, a hash chain that ends in {last}"


def page_label(turn: str, request: str) -> str:
    return f"{turn} of the details of {request}"


def page_of(page: int, pages: int) -> str:
    return f"Page {page} of {pages}"
