"""How far a request has come: its gates, their steps, and what people said."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from slack_sdk.models.blocks import Block

from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import context, plain_text, said, section
from bot.slack.kit.blocks.text import inline, mention, weight, when
from bot.slack.kit.texts import requests as texts
from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import capital, count
from bot.slack.kit.texts.words import STEP, WORK_ITEM, StepState
from domain.approvals.decisions import Comment, Decision, Verdict
from domain.approvals.requests import Request, WorkItem
from domain.approvals.status import RequestStatus, WorkItemStatus
from domain.people.people import PersonId

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
    by: tuple[tuple[PersonId, PersonId | None], ...] = ()
    """Who did it, each with whom they stood in for: all who approved, or the one who did something else."""
    why: str = ""
    where: str = ""
    """The step, in mrkdwn."""


def closing(request: Request) -> Closing | None:
    """Who brought *request* to its end, when and why; None while it is open."""
    if not request.status.is_closed or request.closed_at is None:
        return None
    at = request.closed_at
    if (word := request.override) is not None:
        return Closing(
            f"*Overridden to {terms.verdict_past(word.verdict)}*", word.at, ((word.by, None),), why=word.reason
        )
    if (withdrawn := request.cancellation) is not None:
        return Closing("*Cancelled*", withdrawn.at, ((withdrawn.by, None),), why=withdrawn.reason)
    if request.status is RequestStatus.EXPIRED:
        item = next(item for item in request.work_items if item.status is WorkItemStatus.EXPIRED)
        return Closing("*Expired*", item.deadline or at, where=step_at(request, item.position, item.step))
    if not request.work_items:
        return Closing("*Approved*: no approval is required for this operation here", at)
    last = request.decisions[-1]
    if last.verdict is Verdict.APPROVE:
        approved = dict.fromkeys((decision.by, decision.on_behalf_of) for decision in request.decisions)
        return Closing(texts.decided(last.verdict), last.at, tuple(approved))
    where = step_at(request, last.gate, last.step)
    return Closing(texts.decided(last.verdict), last.at, ((last.by, last.on_behalf_of),), last.comment, where)


def step_name(item: WorkItem, step: int) -> str:
    """`step 2 of 3, Security`, in mrkdwn."""
    return f"step {step + 1} of {len(item.profile.steps)}, {inline(item.profile.steps[step].name, 80)}"


def gate_name(item: WorkItem) -> str:
    """`RA profile Web servers`, in mrkdwn."""
    return f"{terms.resource(item.gate.kind)} {inline(item.gate.resource_name, 80)}"


def step_at(request: Request, gate: int, step: int) -> str:
    """The step, and the gate that it is of where there are more than one, in mrkdwn."""
    item = request.work_items[gate]
    name = step_name(item, step)
    return f"{name}, of {gate_name(item)}" if len(request.work_items) > 1 else name


def whose(by: PersonId, on_behalf_of: PersonId | None) -> str:
    """`@B`, or `@B for @A`."""
    return mention(by) if on_behalf_of is None else f"{mention(by)} for {mention(on_behalf_of)}"


def closing_line(request: Request) -> str:
    """One sentence of mrkdwn about how it ended; empty while it is open."""
    end = closing(request)
    if end is None:
        return ""
    who = texts.people([whose(*capacity) for capacity in end.by], MOST_PEOPLE)
    return texts.closed(end.deed, who, when(end.at), end.where)


def closing_blocks(request: Request, *, names: bool = True) -> list[Block]:
    """How it ended: who, when and why; what was skipped stays on it for good. Without *names* where its steps name who approved."""
    end = closing(request)
    if end is None:
        return []
    approved = request.is_approved and request.override is None
    told = texts.closed(end.deed, "", when(end.at), "") if approved and not names else closing_line(request)
    blocks: list[Block] = [section(told)]
    if end.why:
        blocks.append(said(texts.quoted(end.why), 1000))
    return [*blocks, *override_badge(request)]


def override_badge(request: Request) -> list[Block]:
    """What an override went past."""
    word = request.override
    if word is None:
        return []
    skipped = [
        f"{step_at(request, skipped.gate, skipped.step)} ({skipped.approved} of {skipped.required})"
        for skipped in word.skipped[:5]
    ]
    over = inline(word.over.replace("_", " ")) if word.over != RequestStatus.WAITING else ""
    return [context(texts.went_past(over, skipped, len(word.skipped) - len(skipped)))]


def decision_line(decision: Decision) -> str:
    """Who said what, and when."""
    return (
        f"*{capital(terms.verdict_past(decision.verdict))}* by "
        f"{whose(decision.by, decision.on_behalf_of)}, {when(decision.at)}"
    )


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
        quoted = [plain_text(texts.quoted(remark), COMMENT)] if remark else []
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
    return texts.people(people, MOST_PEOPLE)


def progress_lines(request: Request, labels: Labels, room: int = 6000) -> list[str]:
    """Every gate and step with how far it has come, a line of mrkdwn each; without people's names where they weigh more than *room*."""
    lines = list(_progress(request, labels))
    return lines if sum(map(weight, lines)) <= room else list(_progress(request, None))


def _progress(request: Request, labels: Labels | None) -> Iterator[str]:
    for item in request.work_items:
        resource, profile = inline(item.gate.resource_name, 80), inline(item.profile.name, 80)
        yield texts.gate_line(
            item.position + 1, len(request.work_items), item.gate.kind, resource, str(WORK_ITEM[item.status]),
            profile, item.profile.number, overridden=item.overridden,
        )  # fmt: skip
        yield from (f"      {step_line(request, item, number, labels)}" for number in range(len(item.profile.steps)))


def step_line(request: Request, item: WorkItem, number: int, labels: Labels | None) -> str:
    """One step: its sign, name, count, and, where there are *labels*, who approved or may."""
    step, state = item.profile.steps[number], step_state(request, item, number)
    approved, by = request.approvals(item.position, number), people_who_approved(request, item.position, number)
    begin = f"{STEP[state].sign} Step {number + 1}, {inline(step.name, 80)}: "
    if labels is None:
        return begin + f"{STEP[state].text}, {approved} of {step.required}"
    so_far = texts.so_far(approved, step.required, by)
    match state:
        case StepState.APPROVED:
            return begin + f"approved by {by}"
        case StepState.OPEN:
            return begin + f"{so_far}, waiting for {labels.approvers(item.approvers(number), 4)}"
        case StepState.NOT_REACHED:
            return begin + f"not reached yet, needs {step.required} of {labels.approvers(step.approvers, 4)}"
        case _:
            return begin + texts.step_otherwise(STEP[state].text, so_far if approved else "")


def next_line(request: Request, labels: Labels, at: datetime) -> str:
    """What happens next, in a sentence of mrkdwn; empty where nothing does."""
    item = request.current
    if item is None:
        return ""
    if item.status is WorkItemStatus.BLOCKED:
        return (
            f"*Blocked*: the approval profile {inline(item.profile.name, 80)} has a step without approvers. The deadline "
            "has not started. Administrators have been notified; the request continues automatically when the profile "
            "has approvers."
        )
    if item.deadline is not None and at >= item.deadline:
        return texts.deadline_passed(when(item.deadline))
    step = item.current_step
    left = step.required - request.approvals(item.position, item.step)
    until = when(item.deadline) if item.deadline is not None else None
    coming = texts.next_is(left, labels.approvers(item.approvers(item.step)), until)
    return f"{coming}{escalation_line(item, labels)}{_reminded(item)}"


def _reminded(item: WorkItem) -> str:
    """That the requester had the approvers of the open step reminded."""
    last = item.reminded_at
    if last is None or item.step_opened_at is None or last < item.step_opened_at:
        return ""
    return f" {texts.reminded(when(last))}"


def escalation_line(item: WorkItem, labels: Labels) -> str:
    """That the open step has escalated, or when it will, in a sentence of mrkdwn with a space before it; empty where it does neither."""
    further = item.current_step.escalation
    if further is None:
        return ""
    if item.escalated_at is not None:
        return f" {texts.escalated(further.after, when(item.escalated_at))}"
    if item.escalates_at is not None:
        return f" {texts.escalates(when(item.escalates_at), labels.approvers(further.approvers, 4))}"
    return ""
