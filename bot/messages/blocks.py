"""The messages that notices ask for, each drawn from the request as it is.

The same function draws a message first and ever after. Buttons stand only where a click could count; when a step or the request closes, the
details stay, the buttons go, and a line says who, when and why.
"""

from datetime import datetime
from enum import Enum, auto
from typing import Final

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.messages import texts
from bot.slack.kit.blocks.buttons import (
    cancel_button,
    decision_buttons,
    details_button,
    override_button,
    remind_button,
    resubmit_button,
)
from bot.slack.kit.blocks.content import content_blocks
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import actions, context, fields, header, packed, said, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.operation import operation_blocks, operation_buttons
from bot.slack.kit.blocks.size import weigh
from bot.slack.kit.blocks.steps import (
    closing,
    closing_blocks,
    decision_line,
    gate_name,
    next_line,
    people_who_approved,
    progress_lines,
    said_blocks,
    step_at,
    step_name,
)
from bot.slack.kit.blocks.text import inline, line, mention, usergroup, when, when_plain
from bot.slack.kit.texts import requests as requests_texts
from bot.slack.kit.texts import terms
from bot.slack.kit.texts.grammar import capital, count, row, series
from bot.slack.kit.texts.words import REQUEST, deed, deed_on, short_name
from domain.approvals.decisions import Decision, Verdict
from domain.approvals.requests import Request, WorkItem
from domain.approvals.solvability import Shortage
from domain.approvals.status import RequestStatus, WorkItemStatus
from domain.notices.mentions import NOBODY, Mentions
from domain.notices.notices import Notice

MESSAGE: Final = 11_000  # Slack refuses a message somewhere above 12,000 characters in all its blocks together; the rest is for buttons
REASON: Final = 1000


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
    mentioned: Mentions = NOBODY,
) -> Message:
    """An approver, or a channel, is asked to decide on the step that *notice* names.

    *asked_as* is mrkdwn after "You are asked", as `Labels.qualification` gives it: `as a member of pki-admins`. *escalated* says that they
    are asked only because nobody decided in time. *asked_no_more* says that whoever was asked cannot decide on this step now: they stood in
    for somebody, or were an approver. *mentioned* are those whom a message in a channel mentions.
    """
    item, phase = request.work_items[notice.gate], _phase(request, notice, at)
    blocks: list[Block] = [
        header(texts.heading(_ask_word(request, phase), deed(request.operation))),
        *_ask_status(request, item, notice.step, phase),
        _ask_fields(request, item, notice.step, phase),
        *content_blocks(request.material, at, request.noted),
        section("*Reason given*"),
        said(request.reason, REASON),
    ]
    blocks.extend(said_blocks(request, request.decisions_in(item.position), MESSAGE - weigh(blocks)))
    if phase is _Phase.OPEN and mentioned:
        blocks.append(section(f"These people may approve this step: {mentions(mentioned)}."))
    elif phase is _Phase.OPEN and (asked_as or notice.channel):
        blocks.append(context(_why_asked(request, item, asked_as, escalated=escalated)))
    if phase is _Phase.OPEN and asked_no_more:
        blocks.append(
            context(
                "You no longer need to decide: the person you covered for is back or has decided, or you are no "
                "longer an approver of this step."
            )
        )
    else:
        buttons = decision_buttons(request, item, notice.step) if phase is _Phase.OPEN else [details_button(request)]
        blocks.extend(actions(f"request:{request.id}", buttons))
    return Message(_ask_text(request, item, notice.step, labels, phase), tuple(blocks))


def _why_asked(request: Request, item: WorkItem, asked_as: str, *, escalated: bool) -> str:
    further = item.current_step.escalation
    if not asked_as:
        return "Asked here on behalf of everybody who may approve this step"
    if not escalated or further is None:
        return f"You are asked {asked_as}"
    begun = request.approvals(item.position, item.step) > 0
    return texts.asked_late(further.after, asked_as, begun=begun)


def _phase(request: Request, notice: Notice, at: datetime) -> _Phase:
    item = request.work_items[notice.gate]
    if request.status.is_closed:
        return _Phase.CLOSED
    if item.status is not WorkItemStatus.PENDING or item.step != notice.step:
        return _Phase.PASSED
    return _Phase.OVERDUE if item.deadline is not None and at >= item.deadline else _Phase.OPEN


def _ask_word(request: Request, phase: _Phase) -> str:
    return {
        _Phase.OPEN: texts.APPROVAL_NEEDED,
        _Phase.OVERDUE: texts.DEADLINE_PASSED,
        _Phase.PASSED: texts.STEP_APPROVED,
        _Phase.CLOSED: outcome_word(request),
    }[phase]


def outcome_word(request: Request) -> str:
    """`Approved`, `Overridden to rejected`: what a closed request came to."""
    word = REQUEST[request.status].text
    return f"Overridden to {word.lower()}" if request.override is not None else word


def _ask_status(request: Request, item: WorkItem, step: int, phase: _Phase) -> list[Block]:
    if phase is _Phase.OVERDUE and item.deadline is not None:
        return [section(requests_texts.deadline_passed(when(item.deadline)))]
    if phase is _Phase.PASSED:
        return [section(_passed_line(request, item, step))]
    return closing_blocks(request)


def _passed_line(request: Request, item: WorkItem, step: int) -> str:
    """The step has its approvals and the request still waits, somewhere further on."""
    done = f"*Approved*: {step_name(item, step)}, by {people_who_approved(request, item.position, step)}."
    now = request.current
    if now is None:
        return done
    if now.position == item.position:
        return f"{done} It is now at {step_name(now, now.step)}."
    if now.status is WorkItemStatus.BLOCKED:
        return f"{done} This gate is complete. The next one, {gate_name(now)}, is blocked."
    return f"{done} This gate is complete. The next one, {gate_name(now)}, is at {step_name(now, now.step)}."


def _ask_fields(request: Request, item: WorkItem, step: int, phase: _Phase) -> Block:
    required, approved = item.profile.steps[step].required, request.approvals(item.position, step)
    gates = len(request.work_items)
    step_of = item.profile.steps[step]
    facts = [
        ("Request", f"{request.name}, created {when(request.created_at)}"),
        ("Requester", mention(request.requester)),
        ("Gate" if gates > 1 else texts.RESOURCE, texts.gate(capital(gate_name(item)), item.position + 1, gates)),
        ("Profile", texts.profile(inline(item.profile.name, 80), item.profile.number)),
        (
            texts.step(step + 1, len(item.profile.steps)),
            f"{inline(step_of.name, 80)}, {approved} of {required} approved",
        ),
    ]
    if phase in {_Phase.OPEN, _Phase.OVERDUE}:
        facts.append(("Expires", when(item.deadline) if item.deadline is not None else "Never"))
    return fields(facts)


def _ask_text(request: Request, item: WorkItem, step: int, labels: Labels, phase: _Phase) -> str:
    what = deed_on(request.operation, line(short_name(request.material), 100))
    who, name = line(labels.person(request.requester), 60), request.name
    number, of = step + 1, len(item.profile.steps)
    match phase:
        case _Phase.CLOSED:
            return f"{one_line(request, labels)}, from {who}"
        case _Phase.PASSED:
            return f"{texts.STEP_APPROVED}: {what}, from {who}, step {number} of {of} is complete ({name})"
        case _Phase.OVERDUE:
            return f"{texts.DEADLINE_PASSED}: {what}, from {who}, step {number} of {of} ({name})"
        case _Phase.OPEN:
            required, approved = item.profile.steps[step].required, request.approvals(item.position, step)
            deadline = when_plain(item.deadline) if item.deadline is not None else None
            return texts.needed(what, who, number, of, approved, required, deadline, name)


def one_line(request: Request, labels: Labels) -> str:
    """What became of *request*, or that it waits, in one line: `Rejected by Ann: issue certificate for api.example.com (REQ-12)`."""
    what, end = deed_on(request.operation, line(short_name(request.material), 100)), closing(request)
    people = [line(labels.person(by), 60) for by, _ in end.by] if end is not None else []
    return texts.one_line(outcome_word(request), series(people, 4), what, request.name)


def progress(request: Request, labels: Labels, at: datetime) -> Message:
    """The requester's one message that is kept up to date: every gate and step, and what is next."""
    blocks: list[Block] = [
        header(texts.heading(outcome_word(request), deed(request.operation))),
        section(texts.about(request.name, inline(short_name(request.material), 150, shown=True))),
        fields(
            [
                (texts.RESOURCE, inline(request.entry_name, 80)),
                ("Created", when(request.created_at)),
            ]
        ),
        *packed(progress_lines(request, labels)),
        *closing_blocks(request, names=False),
        *operation_blocks(request),
        *_next_blocks(request, labels, at),
    ]
    blocks.extend(said_blocks(request, request.decisions, MESSAGE - weigh(blocks)))
    blocks.extend(actions(f"request:{request.id}", _requesters_buttons(request)))
    return Message(_progress_line(request, labels), tuple(blocks))


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


def _progress_line(request: Request, labels: Labels) -> str:
    """`one_line`, and what is next."""
    said, item = one_line(request, labels), request.current
    if item is None:
        return said
    if item.status is WorkItemStatus.BLOCKED:
        return f"{said}, blocked until its approval profile has approvers"
    left = item.current_step.required - request.approvals(item.position, item.step)
    approvers = labels.approvers_line(item.approvers(item.step))
    return (
        f"{said}, step {item.step + 1} of {len(item.profile.steps)} needs {count(left, 'more approval')} "
        f"from {approvers}"
    )


def outcome(request: Request, notice: Notice, labels: Labels, at: datetime) -> Message:  # noqa: ARG001 - the arguments of every drawing
    """The requester's new message at the end. One that an override has overtaken says so, and what became of the request."""
    overtaken = notice.key not in {"", f"outcome:{request.status}"}
    blocks: list[Block] = [
        header(texts.heading(outcome_word(request), deed(request.operation))),
        section(texts.about(request.name, inline(short_name(request.material), 150, shown=True))),
        *closing_blocks(request),
        *_afterwards(request),
        *([context("This message is out of date; the result has changed since.")] if overtaken else []),
    ]
    buttons = [details_button(request)] if request.is_approved else _requesters_buttons(request)
    blocks.extend(actions(f"request:{request.id}", buttons))
    return Message(one_line(request, labels), tuple(blocks))


def _afterwards(request: Request) -> list[Block]:
    """What the end means for the requester. How the operation ended is a message of its own."""
    if request.status is RequestStatus.APPROVED:
        return operation_blocks(request) if request.execution is None else []
    if request.status is RequestStatus.WAITING:
        return [section("It is waiting for approval.")]
    return [section("Nothing was issued or changed. *Resubmit* makes a new request with everything filled in.")]


def review(request: Request, notice: Notice, labels: Labels, at: datetime) -> Message:  # noqa: ARG001 - the arguments of every drawing
    """A thread reply that records one decision."""
    decision = next(decision for decision in request.decisions if decision.number == notice.decision)
    item = request.work_items[decision.gate]
    counted = _counted_at(request, decision)
    required = item.profile.steps[decision.step].required
    where, said_line = step_name(item, decision.step), decision_line(decision)
    approves = decision.verdict is Verdict.APPROVE
    told = f"{said_line}: {where}. {counted} of {required} approved." if approves else f"{said_line}: {where}."
    blocks: list[Block] = [section(told)]
    if decision.comment:
        blocks.append(said(requests_texts.quoted(decision.comment)))
    who = line(labels.person(decision.by), 60)
    if decision.on_behalf_of is not None:
        who = f"{who} for {line(labels.person(decision.on_behalf_of), 60)}"
    comment = line(decision.comment, 300) if decision.comment else ""
    return Message(
        (
            f"{who} {terms.verdict_past(decision.verdict)} step {decision.step + 1} of {request.name}"
            f"{(f': {comment}' if comment else '')}"
        ),
        tuple(blocks),
    )


def _counted_at(request: Request, decision: Decision) -> int:
    """How many people had approved the step with this decision counted; a reply does not change with later ones."""
    before = [d for d in request.decisions_in(decision.gate, decision.step) if d.number <= decision.number]
    return len({d.by for d in before if d.verdict is Verdict.APPROVE})


def overridden(request: Request, notice: Notice, labels: Labels, *, mentioned: Mentions = NOBODY) -> Message:
    """A word to somebody whom the override of *request* went past: under what asked them, or standing alone."""
    step = step_at(request, notice.gate, notice.step)
    if notice.channel is not None:
        calls = mentions(mentioned)
        why = (
            f"An administrator's override skipped {step}. Nobody needs to decide it any more. For your information: {calls}."
            if calls
            else f"An administrator's override skipped {step}. Nobody needs to decide it any more."
        )
    else:
        why = (
            f"An administrator's override skipped {step}. You don't need to do anything."
            if notice.under
            else f"An administrator's override skipped {step}, which you could have decided."
        )
    blocks: list[Block] = [*closing_blocks(request), section(why)]
    if not notice.under:
        name = inline(short_name(request.material), 150, shown=True)
        what = texts.requested_by(request.name, name, mention(request.requester))
        blocks = [header(texts.heading(outcome_word(request), deed(request.operation))), section(what), *blocks]
        blocks.extend(actions(f"request:{request.id}", [details_button(request)]))
    return Message(one_line(request, labels), tuple(blocks))


def mentions(mentioned: Mentions) -> str:
    """Those whom a message in a channel calls, in mrkdwn; empty for nobody."""
    return row([*map(usergroup, mentioned.usergroups), *map(mention, mentioned.people)], mentioned.more)


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

    *shortage* is what `request_shortages` says of the work item now, if anything. *settled_at* says when what this told
    of was over: if the same befalls the request again, another message tells it.
    """
    item = request.work_items[notice.gate]
    if request.status.is_closed:
        title, then = outcome_word(request), closing_blocks(request)
    elif settled_at is not None:
        title, then = (
            texts.NO_LONGER_STUCK,
            [*_next_blocks(request, labels, at), context(f"This was resolved {when(settled_at)}.")],
        )
    elif item.status is WorkItemStatus.BLOCKED:
        title, then = texts.BLOCKED, _blocked_blocks(item)
    elif shortage is not None:
        title, then = (
            texts.NOBODY_LEFT,
            [
                said(terms.shortage(shortage), 800),
                section(
                    "The request is neither approved nor rejected because of this. Change the members of the groups "
                    "or the holders of the roles, or cancel the request. An administrator who did not request it "
                    "can override it."
                ),
            ],
        )
    else:
        title, then = texts.NO_LONGER_STUCK, _next_blocks(request, labels, at)
    name = inline(short_name(request.material), 150, shown=True)
    blocks: list[Block] = [
        header(texts.heading(title, deed(request.operation))),
        section(texts.requested_by(request.name, name, mention(request.requester))),
        *then,
    ]
    buttons: list[InteractiveElement] = [details_button(request)]
    if title in {texts.BLOCKED, texts.NOBODY_LEFT}:
        buttons.append(cancel_button(request) if notice.person == request.requester else override_button(request))
    blocks.extend(actions(f"request:{request.id}", buttons))
    what = deed_on(request.operation, line(short_name(request.material), 100))
    who = line(labels.person(request.requester), 60)
    return Message(f"{title}: {what}, requested by {who} ({request.name})", tuple(blocks))


def _blocked_blocks(item: WorkItem) -> list[Block]:
    steps = [(number, inline(step.name, 80)) for number, step in enumerate(item.profile.steps, 1) if not step.approvers]
    profile = inline(item.profile.name, 80)
    return [
        section(texts.without_approvers(profile, item.profile.number, gate_name(item), steps)),
        section(
            "The request is on hold and its deadline has not started. Add an approver to every step of the "
            "profile; the request then continues automatically under the new version."
        ),
    ]
