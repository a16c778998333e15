"""What the messages about a request say. Values have been made safe to show where they go."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import count, listed, row, series, span
from domain.approvals.decisions import Verdict

# Headings and fields

APPROVAL_NEEDED: Final = "Approval needed"
DEADLINE_PASSED: Final = "Deadline passed"
STEP_APPROVED: Final = "Step approved"
BLOCKED: Final = "Blocked"
NOBODY_LEFT: Final = "Nobody left to approve"
NO_LONGER_STUCK: Final = "No longer stuck"

REASON_GIVEN: Final = "*Reason given*"
REQUEST: Final = "Request"
REQUESTER: Final = "Requester"
RESOURCE: Final = "Resource"
CREATED: Final = "Created"
GATE: Final = "Gate"
PROFILE: Final = "Profile"
EXPIRES: Final = "Expires"
NEVER: Final = "Never"


def heading(what: str, deed: str) -> str:
    """*what* is one of those above, or what a request came to; *deed* is `issue certificate`."""
    return f"{what}: {deed}"


def overridden_to(status: str) -> str:
    """*status* is the word for it: `Approved`."""
    return f"Overridden to {status.lower()}"


def created(request: str, at: str) -> str:
    return f"{request}, created {at}"


def about(request: str, what: str) -> str:
    return f"{request}, {what}"


def requested_by(request: str, what: str, who: str) -> str:
    return f"{request}, {what}, requested by {who}."


def gate(name: str, number: int, of: int) -> str:
    return f"{name} (gate {number} of {of})" if of > 1 else name


def profile(name: str, version: int) -> str:
    return f"{name}, version {version}"


def step(number: int, of: int) -> str:
    """The name of the field."""
    return f"Step {number} of {of}"


def step_so_far(name: str, approved: int, required: int) -> str:
    return f"{name}, {approved} of {required} approved"


# Why somebody is asked

ASKED_HERE: Final = "Asked here for everybody who may approve this step"
ASKED_NO_MORE: Final = (
    "You are not asked any more: whom you stood in for is back or has decided, or you are no approver of this step now."
)


def asked(how: str) -> str:
    """*how* is `as a member of pki-admins`."""
    return f"You are asked {how}"


def asked_late(after: timedelta, how: str, *, begun: bool) -> str:
    """By an escalation; *begun* where somebody has approved already."""
    waited = "This has waited" if begun else "Nobody has decided"
    return f"{waited} for {span(after)}, so you are asked too, {how}"


def asked_by_mentions(mentions: str) -> str:
    """In a channel; *mentions* names those who may approve."""
    return f"Asked here, because they may approve this step: {mentions}."


def mentions(shown: Sequence[str], more: int) -> str:
    return row(shown, more)


# How far it has come


def step_passed(step: str, by: str) -> str:
    return f"*Approved*: {step}, by {by}."


def now_at(passed: str, step: str) -> str:
    return f"{passed} Now at {step}."


def next_gate_at(passed: str, gate: str, step: str) -> str:
    return f"{passed} This gate is passed; the next one, {gate}, is at {step}."


def next_gate_blocked(passed: str, gate: str) -> str:
    return f"{passed} This gate is passed; the next one, {gate}, is blocked."


# What the end means

WAITS: Final = "It waits for approval."
NOTHING_CHANGED: Final = "Nothing was issued or changed. *Resubmit* makes a new request with everything filled in."
CHANGED_SINCE: Final = "This was told here before; it has changed since."

# The one line of a message: notifications show only this


def needed(
    what: str, who: str, number: int, of: int, approved: int, required: int, deadline: str | None, name: str
) -> str:
    so_far = f", {approved} of {required} approved" if approved else ""
    ends = f"expires {deadline}" if deadline is not None else "does not expire"
    return f"{APPROVAL_NEEDED}: {what}, from {who}, step {number} of {of}{so_far}, {ends} ({name})"


def complete(what: str, who: str, number: int, of: int, name: str) -> str:
    return f"{STEP_APPROVED}: {what}, from {who}, step {number} of {of} is complete ({name})"


def overdue(what: str, who: str, number: int, of: int, name: str) -> str:
    return f"{DEADLINE_PASSED}: {what}, from {who}, step {number} of {of} ({name})"


def from_somebody(what: str, who: str) -> str:
    return f"{what}, from {who}"


def people(names: Sequence[str]) -> str:
    """Who brought it to its end, in that line."""
    return series(names, 4)


def one_line(word: str, by: str, what: str, name: str) -> str:
    """What became of a request; *by* is empty where nobody did it."""
    return f"{word}{f' by {by}' if by else ''}: {what} ({name})"


def then_blocked(line: str) -> str:
    return f"{line}, blocked until its approval profile has approvers"


def then_needs(line: str, number: int, of: int, left: int, approvers: str) -> str:
    return f"{line}, step {number} of {of} needs {count(left, 'more approval')} from {approvers}"


def alert_line(title: str, what: str, who: str, name: str) -> str:
    return f"{title}: {what}, requested by {who} ({name})"


def decided(who: str, verdict: Verdict, number: int, name: str, comment: str) -> str:
    return f"{who} {terms.verdict_past(verdict)} step {number} of {name}{f': {comment}' if comment else ''}"


def for_somebody(who: str, away: str) -> str:
    return f"{who} for {away}"


# Replies


def review(decision: str, step: str) -> str:
    return f"{decision}: {step}."


def review_counted(decision: str, step: str, approved: int, required: int) -> str:
    return f"{decision}: {step}. {approved} of {required} approved."


def skipped_in_channel(step: str) -> str:
    """*step* is `step 2 of 3, Security`."""
    return f"This went past {step}, which is asked for here."


def skipped_in_channel_calling(step: str, mentions: str) -> str:
    return f"This went past {step}. Those who could still have decided: {mentions}."


def skipped_though_asked(step: str) -> str:
    return f"You were asked for {step}; the override went past it, and there is nothing left to decide."


def skipped_before_asked(step: str) -> str:
    return f"You could still have decided {step}; the override went past it."


# Alerts

REMEDY: Final = (
    "Nothing is approved or rejected because of this. Change who is in the groups or holds the roles, or cancel the request; "
    "an administrator who did not request it can override it."
)
BLOCKED_REMEDY: Final = (
    "The request goes on waiting and no clock runs. Give every step of the profile an approver: "
    "then it takes the new version and opens by itself."
)


def without_approvers(profile: str, version: int, gate: str, steps: Sequence[tuple[int, str]]) -> str:
    empty = "; ".join(f"step {number}, {name}" for number, name in steps)
    return f"The approval profile {profile}, version {version}, of {gate} has no approvers in {empty}."


def was_over(moment: str) -> str:
    """An alert of something that has been repaired."""
    return f"What this told of was over {moment}."


# Reminders


def so_far(step: str, approved: int, required: int) -> str:
    """After "at"."""
    return f"{step}: {approved} of {required} approved"


def asks_again(who: str, so_far: str, deadline: str | None) -> str:
    return f"{who} asks again: this still waits for you at {so_far}.{_expires(deadline)}"


def reminder(waited: str, so_far: str, deadline: str | None) -> str:
    return f"*Reminder*: this has waited{f' for {waited}' if waited else ''} at {so_far}.{_expires(deadline)}"


def expires_soon(left: str, deadline: str, so_far: str) -> str:
    return f"*Expires in {left}*, {deadline}: nobody can decide after that. It is at {so_far}."


def yours_expires_soon(left: str, deadline: str, so_far: str) -> str:
    """To the requester."""
    return f"*Expires in {left}*, {deadline}. It is at {so_far}. *Remind* asks those who have not decided once more."


def not_decided_yet(said: str, mentions: Sequence[str], most: int) -> str:
    """In a channel, which calls those who are told nowhere else."""
    return f"{said}\nNot decided yet: {listed(mentions, most)}"


def asks_again_line(who: str, what: str, name: str) -> str:
    return f"{who} asks again: {what} ({name})"


def reminder_line(what: str, name: str) -> str:
    return f"Reminder, approval needed: {what} ({name})"


def expires_line(deadline: str, what: str, name: str) -> str:
    return f"Expires {deadline}, and is not approved yet: {what} ({name})"


def _expires(deadline: str | None) -> str:
    return f" It expires {deadline}." if deadline is not None else ""
