"""The messages that notices ask for, each drawn from the request as it is.

The same function draws a message first and ever after. Buttons stand only where a click could count; when a step or the request closes, the
details stay, the buttons go, and a line says who, when and why.
"""

from datetime import datetime
from enum import Enum, auto
from typing import Final

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.blocks.buttons import (
    cancel_button,
    decision_buttons,
    details_button,
    override_button,
    remind_button,
    resubmit_button,
)
from bot.blocks.content import content_blocks
from bot.blocks.labels import Labels
from bot.blocks.layout import actions, context, fields, header, packed, said, section
from bot.blocks.message import Message
from bot.blocks.operation import operation_blocks, operation_buttons
from bot.blocks.size import weigh
from bot.blocks.steps import (
    closing,
    closing_blocks,
    decision_line,
    gate_name,
    next_line,
    people_who_approved,
    progress_lines,
    said_blocks,
    step_name,
)
from bot.blocks.text import count, inline, line, mention, span, usergroup, when, when_plain
from bot.texts import messages as texts
from bot.texts.words import REQUEST, deed, deed_on, short_name
from domain.calling import NOBODY, Called
from domain.decisions import Decision, Verdict
from domain.notices import Notice
from domain.requests import Request, WorkItem
from domain.solvability import Shortage
from domain.status import RequestStatus, WorkItemStatus

MESSAGE: Final = 11_000  # Slack refuses a message somewhere above 12,000 characters in all its blocks together; the rest is for buttons
REASON: Final = 1000
_ASKED_NO_MORE: Final = (
    "You are not asked any more: whom you stood in for is back or has decided, or you are no approver of this step now."
)


class _Phase(Enum):
    """What an ask can say, seen from its step."""

    OPEN = auto()
    OVERDUE = auto()
    """The deadline has passed and the clock has not come by yet."""
    PASSED = auto()
    CLOSED = auto()


def ask(
    request: Request,
    notice: Notice,
    labels: Labels,
    at: datetime,
    *,
    asked_as: str = "",
    escalated: bool = False,
    asked_no_more: bool = False,
    calling: Called = NOBODY,
) -> Message:
    """An approver, or a channel, is asked to decide on the step that *notice* names.

    *asked_as* is mrkdwn after "You are asked", as `Labels.qualification` gives it: `as a member of pki-admins`. *escalated* says that they
    are asked only because nobody decided in time. *asked_no_more* says that whoever was asked cannot decide on this step now: they stood in
    for somebody, or were an approver. *calling* are those whom a message in a channel mentions.
    """
    item, phase = request.work_items[notice.gate], _phase(request, notice, at)
    blocks: list[Block] = [
        header(f"{_ask_word(request, phase)}: {deed(request.operation)}"),
        *_ask_status(request, item, notice.step, phase),
        _ask_fields(request, item, notice.step, phase),
        *content_blocks(request.material, at, request.noted),
        section("*Reason given*"),
        said(request.reason, REASON),
    ]
    blocks.extend(said_blocks(request, request.decisions_in(item.position), MESSAGE - weigh(blocks)))
    if phase is _Phase.OPEN and calling:
        blocks.append(section(texts.asked_here(mentions(calling))))
    elif phase is _Phase.OPEN and (asked_as or notice.channel):
        blocks.append(context(_why_asked(request, item, asked_as, escalated=escalated)))
    if phase is _Phase.OPEN and asked_no_more:
        blocks.append(context(_ASKED_NO_MORE))
    else:
        buttons = decision_buttons(request, item, notice.step) if phase is _Phase.OPEN else [details_button(request)]
        blocks.extend(actions(f"request:{request.id}", buttons))
    return Message(_ask_text(request, item, notice.step, labels, phase), tuple(blocks))


def _why_asked(request: Request, item: WorkItem, asked_as: str, *, escalated: bool) -> str:
    further = item.current_step.escalation
    if not asked_as:
        return "Asked here for everybody who may approve this step"
    if not escalated or further is None:
        return f"You are asked {asked_as}"
    begun = request.approvals(item.position, item.step)
    waited = "This has waited" if begun else "Nobody has decided"
    return f"{waited} for {span(further.after)}, so you are asked too, {asked_as}"


def _phase(request: Request, notice: Notice, at: datetime) -> _Phase:
    item = request.work_items[notice.gate]
    if request.status.is_closed:
        return _Phase.CLOSED
    if item.status is not WorkItemStatus.PENDING or item.step != notice.step:
        return _Phase.PASSED
    return _Phase.OVERDUE if item.deadline is not None and at >= item.deadline else _Phase.OPEN


def _ask_word(request: Request, phase: _Phase) -> str:
    return {
        _Phase.OPEN: "Approval needed",
        _Phase.OVERDUE: "Deadline passed",
        _Phase.PASSED: "Step approved",
        _Phase.CLOSED: outcome_word(request),
    }[phase]


def outcome_word(request: Request) -> str:
    """`Approved`, `Overridden to rejected`: what a closed request came to."""
    word = REQUEST[request.status].text
    return f"Overridden to {word.lower()}" if request.override is not None else word


def _ask_status(request: Request, item: WorkItem, step: int, phase: _Phase) -> list[Block]:
    if phase is _Phase.OVERDUE and item.deadline is not None:
        return [
            section(f"The deadline passed, {when(item.deadline)}. Nobody can decide any more; this closes in a moment.")
        ]
    if phase is _Phase.PASSED:
        return [section(_passed_line(request, item, step))]
    return closing_blocks(request)


def _passed_line(request: Request, item: WorkItem, step: int) -> str:
    """The step has its approvals and the request still waits, somewhere further on."""
    by = people_who_approved(request, item.position, step)
    done = f"*Approved*: {step_name(item, step)}, by {by}."
    now = request.current
    if now is None:
        return done
    if now.position == item.position:
        return f"{done} Now at {step_name(now, now.step)}."
    reached = "is blocked" if now.status is WorkItemStatus.BLOCKED else f"is at {step_name(now, now.step)}"
    return f"{done} This gate is passed; the next one, {gate_name(now)}, {reached}."


def _ask_fields(request: Request, item: WorkItem, step: int, phase: _Phase) -> Block:
    required, approved = item.profile.steps[step].required, request.approvals(item.position, step)
    gates = len(request.work_items)
    gate = f" (gate {item.position + 1} of {gates})" if gates > 1 else ""
    facts = [
        ("Request", f"{request.name}, created {when(request.created_at)}"),
        ("Requester", mention(request.requester)),
        ("Gate" if gates > 1 else "Resource", f"{gate_name(item)}{gate}"),
        ("Profile", f"{inline(item.profile.name, 80)}, version {item.profile.number}"),
        (
            f"Step {step + 1} of {len(item.profile.steps)}",
            f"{inline(item.profile.steps[step].name, 80)}, {approved} of {required} approved",
        ),
    ]
    if phase in {_Phase.OPEN, _Phase.OVERDUE}:
        facts.append(("Expires", when(item.deadline) if item.deadline is not None else "Never"))
    return fields(facts)


def _ask_text(request: Request, item: WorkItem, step: int, labels: Labels, phase: _Phase) -> str:
    what = deed_on(request.operation, line(short_name(request.material), 100))
    who = f"from {line(labels.person(request.requester), 60)}"
    steps = f"step {step + 1} of {len(item.profile.steps)}"
    if phase is _Phase.CLOSED:
        return f"{one_line(request, labels)}, {who}"
    if phase is _Phase.PASSED:
        return f"Step approved: {what}, {who}, {steps} is complete ({request.name})"
    if phase is _Phase.OVERDUE:
        return f"Deadline passed: {what}, {who}, {steps} ({request.name})"
    required, approved = item.profile.steps[step].required, request.approvals(item.position, step)
    so_far = f", {approved} of {required} approved" if approved else ""
    ends = f"expires {when_plain(item.deadline)}" if item.deadline is not None else "does not expire"
    return f"Approval needed: {what}, {who}, {steps}{so_far}, {ends} ({request.name})"


def one_line(request: Request, labels: Labels) -> str:
    """What became of *request*, or that it waits, in one line: `Rejected by Ann: issue certificate for api.example.com (REQ-12)`."""
    what = f"{deed_on(request.operation, line(short_name(request.material), 100))} ({request.name})"
    end = closing(request)
    if end is None:
        return f"{REQUEST[request.status].text}: {what}"
    by = f" by {line(labels.person(end.by), 60)}" if end.by is not None else ""
    return f"{outcome_word(request)}{by}: {what}"


def progress(request: Request, labels: Labels, at: datetime) -> Message:
    """The requester's one message that is kept up to date: every gate and step, and what is next."""
    blocks: list[Block] = [
        header(f"{outcome_word(request)}: {deed(request.operation)}"),
        fields(
            [
                ("Request", f"{request.name}, created {when(request.created_at)}"),
                ("Subject", inline(short_name(request.material), 150, shown=True)),
                ("Resource", inline(request.entry_name, 80)),
                ("Status", f"{outcome_word(request)} {REQUEST[request.status].sign}"),
            ]
        ),
        *packed(progress_lines(request, labels)),
        *closing_blocks(request),
        *operation_blocks(request),
        *_next_blocks(request, labels, at),
    ]
    blocks.extend(said_blocks(request, request.decisions, MESSAGE - weigh(blocks)))
    blocks.extend(actions(f"request:{request.id}", _requesters_buttons(request)))
    return Message(f"{one_line(request, labels)}{_next_text(request, labels)}", tuple(blocks))


def _requesters_buttons(request: Request) -> list[InteractiveElement]:
    """Withdraw what waits, and remind those who can decide it; ask again for what came to nothing."""
    match request.status:
        case RequestStatus.WAITING:
            remind = [remind_button(request)] if request.here is not None else []
            return [details_button(request), *remind, cancel_button(request)]
        case RequestStatus.APPROVED:
            return [details_button(request), *operation_buttons(request)]
        case _:
            return [details_button(request), resubmit_button(request)]


def _next_blocks(request: Request, labels: Labels, at: datetime) -> list[Block]:
    sentence = next_line(request, labels, at)
    return [section(sentence)] if sentence else []


def _next_text(request: Request, labels: Labels) -> str:
    item = request.current
    if item is None:
        return ""
    if item.status is WorkItemStatus.BLOCKED:
        return ", blocked until its approval profile has approvers"
    left = item.current_step.required - request.approvals(item.position, item.step)
    return (
        f", step {item.step + 1} of {len(item.profile.steps)} needs {count(left, 'more approval')} "
        f"from {labels.approvers_line(item.approvers(item.step))}"
    )


def outcome(request: Request, notice: Notice, labels: Labels, at: datetime) -> Message:  # noqa: ARG001 - the arguments of every drawing
    """The requester's new message at the end. One that an override has overtaken says so, and what became of the request."""
    overtaken = notice.key not in {"", f"outcome:{request.status}"}
    blocks: list[Block] = [
        header(f"{outcome_word(request)}: {deed(request.operation)}"),
        section(f"{request.name}, {inline(short_name(request.material), 150, shown=True)}"),
        *closing_blocks(request),
        *_afterwards(request),
        *([context("This was told here before; it has changed since.")] if overtaken else []),
    ]
    blocks.extend(actions(f"request:{request.id}", _requesters_buttons(request)))
    return Message(one_line(request, labels), tuple(blocks))


def _afterwards(request: Request) -> list[Block]:
    """What the end means for the requester."""
    if request.status is RequestStatus.APPROVED:
        return operation_blocks(request)
    if request.status is RequestStatus.WAITING:
        return [section("It waits for approval.")]
    return [section("Nothing was issued or changed. Resubmit makes a new request with everything filled in.")]


def review(request: Request, notice: Notice, labels: Labels, at: datetime) -> Message:  # noqa: ARG001 - the arguments of every drawing
    """A thread reply that records one decision."""
    decision = next(one for one in request.decisions if one.number == notice.decision)
    item = request.work_items[decision.gate]
    counted = _counted_at(request, decision)
    required = item.profile.steps[decision.step].required
    tally = f" {counted} of {required} approved." if decision.verdict is Verdict.APPROVE else ""
    blocks: list[Block] = [section(f"{decision_line(decision)}: {step_name(item, decision.step)}.{tally}")]
    if decision.comment:
        blocks.append(said(f"“{decision.comment}”"))
    who = line(labels.person(decision.by), 60)
    if decision.on_behalf_of is not None:
        who += f" for {line(labels.person(decision.on_behalf_of), 60)}"
    said_too = f": {line(decision.comment, 300)}" if decision.comment else ""
    text = f"{who} {decision.verdict.past} step {decision.step + 1} of {request.name}{said_too}"
    return Message(text, tuple(blocks))


def _counted_at(request: Request, decision: Decision) -> int:
    """How many people had approved the step with this decision counted; a reply does not change with later ones."""
    before = [d for d in request.decisions_in(decision.gate, decision.step) if d.number <= decision.number]
    return len({d.by for d in before if d.verdict is Verdict.APPROVE})


def overridden(request: Request, notice: Notice, labels: Labels, *, calling: Called = NOBODY) -> Message:
    """A word to somebody whom the override of *request* went past: under what asked them, or standing alone."""
    step = step_name(request.work_items[notice.gate], notice.step)
    if notice.channel is not None:
        why = texts.skipped_in_channel(step, mentions(calling))
    else:
        why = texts.skipped_though_asked(step) if notice.under else texts.skipped_before_asked(step)
    blocks: list[Block] = [*closing_blocks(request), section(why)]
    if not notice.under:
        name = inline(short_name(request.material), 150, shown=True)
        what = f"{request.name}, {name}, requested by {mention(request.requester)}."
        blocks = [header(f"{outcome_word(request)}: {deed(request.operation)}"), section(what), *blocks]
        blocks.extend(actions(f"request:{request.id}", [details_button(request)]))
    return Message(one_line(request, labels), tuple(blocks))


def mentions(calling: Called) -> str:
    """Those whom a message in a channel calls, in mrkdwn; empty for nobody."""
    named = [*map(usergroup, calling.usergroups), *map(mention, calling.people)]
    more = [texts.and_more(calling.more)] if calling.more else []
    return ", ".join(named + more)


def alert(
    request: Request,
    notice: Notice,
    labels: Labels,
    at: datetime,
    *,
    shortage: Shortage | None = None,
    settled_at: datetime | None = None,
) -> Message:
    """A request that nobody can move on: blocked, or with too few people left. Redrawn when that is over.

    *shortage* is what `domain.solvability.request_shortages` says of the work item now, if anything. *settled_at* says when what this told
    of was over: if the same befalls the request again, another message tells it.
    """
    item = request.work_items[notice.gate]
    if request.status.is_closed:
        title, then = outcome_word(request), closing_blocks(request)
    elif settled_at is not None:
        title, then = "No longer stuck", [*_next_blocks(request, labels, at), context(texts.was_over(when(settled_at)))]
    elif item.status is WorkItemStatus.BLOCKED:
        title, then = "Blocked", _blocked_blocks(item)
    elif shortage is not None:
        title, then = "Nobody left to approve", [said(str(shortage), 800), section(_REMEDY)]
    else:
        title, then = "No longer stuck", _next_blocks(request, labels, at)
    name = inline(short_name(request.material), 150, shown=True)
    blocks: list[Block] = [
        header(f"{title}: {deed(request.operation)}"),
        section(f"{request.name}, {name}, requested by {mention(request.requester)}."),
        *then,
    ]
    buttons: list[InteractiveElement] = [details_button(request)]
    if title in {"Blocked", "Nobody left to approve"}:
        buttons.append(cancel_button(request) if notice.person == request.requester else override_button(request))
    blocks.extend(actions(f"request:{request.id}", buttons))
    what = deed_on(request.operation, line(short_name(request.material), 100))
    who = line(labels.person(request.requester), 60)
    return Message(f"{title}: {what}, requested by {who} ({request.name})", tuple(blocks))


_REMEDY: Final = (
    "Nothing is approved or rejected because of this. Change who is in the groups or holds the roles, or cancel the request; "
    "an administrator who did not request it can override it."
)


def _blocked_blocks(item: WorkItem) -> list[Block]:
    numbered = enumerate(item.profile.steps, 1)
    empty = "; ".join(f"step {number}, {inline(step.name, 80)}" for number, step in numbered if not step.approvers)
    profile = f"{inline(item.profile.name, 80)}, version {item.profile.number},"
    return [
        section(f"The approval profile {profile} of {gate_name(item)} has no approvers in {empty}."),
        section(
            "The request stays Waiting for Approval and no clock runs. Give every step of the profile an approver: "
            "then it takes the new version and opens by itself."
        ),
    ]
