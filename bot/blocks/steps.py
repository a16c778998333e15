"""How far a request has come: its gates, their steps, and what people said."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from slack_sdk.models.blocks import Block

from bot.blocks.labels import Labels
from bot.blocks.layout import context, plain_text, said, section
from bot.blocks.text import count, inline, mention, span, weight, when
from bot.blocks.words import STEP, WORK_ITEM, StepState
from domain.decisions import Comment, Decision, Verdict
from domain.people import PersonId
from domain.requests import Request, WorkItem
from domain.status import RequestStatus, WorkItemStatus

MOST_PEOPLE = 6
MOST_ENTRIES = 20
COMMENT = 300  # of a comment beside a decision; Details has all of it

_ENDINGS = {
    WorkItemStatus.PENDING: StepState.OPEN,
    WorkItemStatus.REJECTED: StepState.REJECTED,
    WorkItemStatus.EXPIRED: StepState.EXPIRED,
    WorkItemStatus.CANCELLED: StepState.CANCELLED,
    WorkItemStatus.APPROVED: StepState.APPROVED,
}


def step_state(request: Request, item: WorkItem, step: int) -> StepState:
    """How far the step has come."""
    if item.status is WorkItemStatus.BLOCKED:
        return StepState.NOT_REACHED if item.profile.steps[step].approvers else StepState.NO_APPROVERS
    if item.opened_at is not None and request.approvals(item.position, step) >= item.profile.steps[step].required:
        return StepState.APPROVED
    if item.overridden:
        return StepState.SKIPPED
    if item.opened_at is None or step != item.step:
        return StepState.NOT_REACHED
    return _ENDINGS[item.status]


class Closing(NamedTuple):
    """How a request came to its end."""

    deed: str
    at: datetime
    by: PersonId | None = None
    on_behalf_of: PersonId | None = None
    why: str = ""
    where: str = ""
    """The step, in mrkdwn."""


def closing(request: Request) -> Closing | None:
    """Who closed *request*, when and why; None while it is open."""
    if not request.status.is_closed or request.closed_at is None:
        return None
    at = request.closed_at
    if (word := request.override) is not None:
        return Closing(f"*Overridden to {word.verdict.past}*", word.at, word.by, why=word.reason)
    if (withdrawn := request.cancellation) is not None:
        return Closing("*Cancelled*", withdrawn.at, withdrawn.by, why=withdrawn.reason)
    if request.status is RequestStatus.EXPIRED:
        item = next(item for item in request.work_items if item.status is WorkItemStatus.EXPIRED)
        return Closing("*Expired*", item.deadline or at, where=step_name(item, item.step))
    if not request.work_items:
        return Closing("*Approved*: nothing gates this operation here", at)
    last = request.decisions[-1]
    where = step_name(request.work_items[last.gate], last.step)
    return Closing(
        f"*{last.verdict.past.capitalize()}*",
        last.at,
        last.by,
        last.on_behalf_of,
        last.comment if last.verdict is Verdict.REJECT else "",
        where,
    )


def step_name(item: WorkItem, step: int) -> str:
    """`step 2 of 3, Security`, in mrkdwn."""
    return f"step {step + 1} of {len(item.profile.steps)}, {inline(item.profile.steps[step].name, 80)}"


def gate_name(item: WorkItem) -> str:
    """`RA profile Web servers`, in mrkdwn."""
    return f"{item.gate.kind.label} {inline(item.gate.resource_name, 80)}"


def whose(by: PersonId, on_behalf_of: PersonId | None) -> str:
    """`@B`, or `@B for @A`."""
    return mention(by) if on_behalf_of is None else f"{mention(by)} for {mention(on_behalf_of)}"


def closing_line(request: Request) -> str:
    """One sentence of mrkdwn about how it ended; empty while it is open."""
    end = closing(request)
    if end is None:
        return ""
    who = f" by {whose(end.by, end.on_behalf_of)}" if end.by is not None else ""
    where = f", at {end.where}" if end.where else ""
    return f"{end.deed}{who}, {when(end.at)}{where}."


def closing_blocks(request: Request) -> list[Block]:
    """How it ended: who, when and why; what was skipped stays on it for good."""
    end = closing(request)
    if end is None:
        return []
    blocks: list[Block] = [section(closing_line(request))]
    if end.why:
        blocks.append(said(f"“{end.why}”", 1000))
    return [*blocks, *override_badge(request)]


def override_badge(request: Request) -> list[Block]:
    """What an override went past."""
    word = request.override
    if word is None:
        return []
    skipped = [
        f"{step_name(item, one.step)} ({one.approved} of {one.required})"
        for one in word.skipped[:5]
        for item in (request.work_items[one.gate],)
    ]
    more = len(word.skipped) - len(skipped)
    went = "; ".join(skipped) + (f"; and {more} more" if more > 0 else "")
    over = f"It had been {inline(word.over.replace('_', ' '))}. " if word.over != RequestStatus.WAITING else ""
    return [context(f"*Overridden* by {mention(word.by)}. {over}Skipped: {went or 'no step'}.")]


def decision_line(decision: Decision) -> str:
    """Who said what, and when."""
    return f"*{decision.verdict.past.capitalize()}* by {whose(decision.by, decision.on_behalf_of)}, {when(decision.at)}"


def said_blocks(request: Request, decisions: tuple[Decision, ...], room: int) -> list[Block]:
    """*decisions* and the comments of *request* in the order in which they were made: the latest, as many as weigh at most *room*.

    The rejection that closed the request is left out: `closing_blocks` tells it.
    """
    told = request.decisions[-1:] if request.status is RequestStatus.REJECTED and request.override is None else ()
    others = [decision for decision in decisions if decision not in told]
    entries: list[Decision | Comment] = sorted([*others, *request.comments], key=lambda entry: entry.at)
    shown: list[Block] = []
    for entry in reversed(entries[-MOST_ENTRIES:]):
        text, remark = (
            (decision_line(entry), entry.comment)
            if isinstance(entry, Decision)
            else (f"*Comment* by {mention(entry.by)}, {when(entry.at)}", entry.text)
        )
        quoted = [plain_text(f"“{remark}”", COMMENT)] if remark else []
        room -= weight(text) + sum(weight(quote.text) for quote in quoted)
        if room < 0:
            break
        shown.insert(0, context(text, *quoted))
    earlier = len(entries) - len(shown)
    return [context(f"{count(earlier, 'earlier entry', 'earlier entries')} in Details"), *shown] if earlier else shown


def people_who_approved(request: Request, gate: int, step: int) -> str:
    """Those whose approvals counted for a step, in mrkdwn; empty where nobody's did."""
    people = [
        whose(decision.by, decision.on_behalf_of)
        for decision in request.decisions_in(gate, step)
        if decision.verdict is Verdict.APPROVE
    ]
    more = len(people) - MOST_PEOPLE
    return ", ".join(people[:MOST_PEOPLE]) + (f" and {more} more" if more > 0 else "")


def progress_lines(request: Request, labels: Labels, room: int = 6000) -> list[str]:
    """Every gate and step with how far it has come, a line of mrkdwn each; without people's names where they weigh more than *room*."""
    lines = list(_progress(request, labels))
    return lines if sum(map(weight, lines)) <= room else list(_progress(request, None))


def _progress(request: Request, labels: Labels | None) -> Iterator[str]:
    if not request.work_items:
        yield "Nothing gates this operation here."
    for item in request.work_items:
        number = f"Gate {item.position + 1} of {len(request.work_items)}, " if len(request.work_items) > 1 else ""
        badge = ", overridden" if item.overridden else ""
        profile = f"{inline(item.profile.name, 80)}, version {item.profile.number}"
        yield f"*{number}{item.gate.kind.label}* {inline(item.gate.resource_name, 80)}: {WORK_ITEM[item.status]}{badge} ({profile})"
        yield from (f"      {step_line(request, item, number, labels)}" for number in range(len(item.profile.steps)))


def step_line(request: Request, item: WorkItem, number: int, labels: Labels | None) -> str:
    """One step: its sign, name, count, and, where there are *labels*, who approved or may."""
    step, state = item.profile.steps[number], step_state(request, item, number)
    approved, by = request.approvals(item.position, number), people_who_approved(request, item.position, number)
    begin = f"{STEP[state].sign} Step {number + 1}, {inline(step.name, 80)}: "
    if labels is None:
        return f"{begin}{STEP[state].text}, {approved} of {step.required}"
    so_far = f"{approved} of {step.required} approved" + (f" ({by})" if by else "")
    match state:
        case StepState.APPROVED:
            return f"{begin}approved by {by}"
        case StepState.OPEN:
            return f"{begin}{so_far}, waiting for {labels.approvers(item.approvers(number), 4)}"
        case StepState.NOT_REACHED:
            return f"{begin}not reached, needs {step.required} of {labels.approvers(step.approvers, 4)}"
        case _:
            return f"{begin}{STEP[state].text}" + (f", {so_far}" if approved else "")


def next_line(request: Request, labels: Labels, at: datetime) -> str:
    """What happens next, in a sentence of mrkdwn; empty where nothing does."""
    item = request.current
    if item is None:
        return ""
    if item.status is WorkItemStatus.BLOCKED:
        return (
            f"*Blocked*: the approval profile {inline(item.profile.name, 80)} has a step without approvers. No clock runs; "
            "administrators have been told, and this goes on by itself when the profile gets its approvers."
        )
    if item.deadline is not None and at >= item.deadline:
        return f"The deadline passed, {when(item.deadline)}. Nobody can decide any more; this closes in a moment."
    step = item.current_step
    left = step.required - request.approvals(item.position, item.step)
    until = f" Expires {when(item.deadline)}." if item.deadline is not None else " It does not expire."
    from_whom = labels.approvers(item.approvers(item.step))
    return f"*Next*: {count(left, 'approval')} from {from_whom}.{until}{escalation_line(item, labels)}{_reminded(item)}"


def _reminded(item: WorkItem) -> str:
    """That the requester had the approvers of the open step reminded."""
    last = item.reminded_at
    if last is None or item.step_opened_at is None or last < item.step_opened_at:
        return ""
    return f" Those who have not decided were reminded, {when(last)}."


def escalation_line(item: WorkItem, labels: Labels) -> str:
    """That the open step has escalated, or when it will, in a sentence of mrkdwn with a space before it; empty where it does neither."""
    further = item.current_step.escalation
    if further is None:
        return ""
    if item.escalated_at is not None:
        return f" Nobody had decided for {span(further.after)}, so more people were asked, {when(item.escalated_at)}."
    if item.escalates_at is not None:
        return f" If it is not decided by {when(item.escalates_at)}, {labels.approvers(further.approvers, 4)} will be asked too."
    return ""
