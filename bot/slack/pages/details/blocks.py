"""The details of a request: everything there is, in pages where it is long. SPEC.md section 5."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from bot.slack.kit.blocks.buttons import (
    cancel_button,
    comment_button,
    decision_buttons,
    override_button,
    remind_button,
    resubmit_button,
)
from bot.slack.kit.blocks.content import whole_content
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import actions, button, context, divider, fields, header, packed, said_whole, section
from bot.slack.kit.blocks.operation import certificate_button, delivery_blocks, operation_buttons, retry_button
from bot.slack.kit.blocks.size import weigh
from bot.slack.kit.blocks.steps import (
    closing_line,
    decision_line,
    gate_name,
    next_line,
    override_badge,
    step_name,
    step_state,
    whose,
)
from bot.slack.kit.blocks.text import code, inline, mention, when
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.places import DetailsPlace
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts import requests as requests_texts
from bot.slack.kit.texts.grammar import capital, count, listed, span
from bot.slack.kit.texts.words import OPERATION, REQUEST, STEP, WORK_ITEM
from bot.slack.pages.details import texts
from bot.slack.pages.details.audit_blocks import entry_line
from domain.approvals.decisions import Decision, Verdict
from domain.approvals.requests import Request, WorkItem, request_name
from domain.approvals.status import RequestStatus
from domain.audit.entries import Action as Recorded
from domain.people.people import PersonId
from domain.ports import RecordedEntry
from domain.workflow import Details

PAGE_BLOCKS: Final = 90  # of a view's 100
PAGE_TEXT: Final = 60_000  # a view may have about 250,000 bytes


def details(
    found: Details, labels: Labels, at: datetime, *, reader: PersonId | None = None, place: DetailsPlace | None = None
) -> View:
    """Everything about a request for *reader*, who may see it, or the page of it that *place* names, with what they may do."""
    request = found.request
    pages = _pages(
        [
            *_overview(found, labels, at),
            *_steps(found, labels),
            *delivery_blocks(request, found.releases),
            *_talk(request),
            *_record(found.audit),
        ]
    )
    number = min(place.page if place is not None else 0, len(pages) - 1)
    blocks = [*_actions(found, reader), *pages[number], *_turn(request, number, len(pages))]
    return View(
        type="modal",
        callback_id=Callback.DETAILS,
        title=request.name if len(request.name) <= 24 else "Request",
        close=common.CLOSE,
        blocks=blocks,
        private_metadata=str(DetailsPlace(request=request.id, page=number)),
    )


def _actions(found: Details, reader: PersonId | None) -> list[Block]:
    """What the reader may do; it is checked again when they do it."""
    request = found.request
    buttons: list[InteractiveElement] = []
    if found.may_decide and request.current is not None:
        decide = decision_buttons(request, request.current, request.current.step)
        buttons.extend(capacity for capacity in decide if capacity.action_id != Action.DETAILS)
    if found.may_comment:
        buttons.append(comment_button(request))
    if reader == request.requester and request.here is not None:
        buttons.append(remind_button(request))
    if found.may_cancel:
        buttons.append(cancel_button(request))
    if reader == request.requester and request.status.is_closed and request.status is not RequestStatus.APPROVED:
        buttons.append(resubmit_button(request))
    if request.execution is not None and request.execution.certificate is not None:
        buttons.append(certificate_button(request))
    elif reader == request.requester:
        buttons.extend(operation_buttons(request))
    if found.may_retry:
        buttons.append(retry_button(request))
    if found.may_override:
        buttons.append(override_button(request))
    return actions(f"do:{request.id}", buttons)


def _overview(found: Details, labels: Labels, at: datetime) -> Iterator[Block]:
    request = found.request
    yield fields(
        [
            ("Status", str(REQUEST[request.status])),
            ("Operation", f"{capital(terms.operation(request.operation))} at {inline(request.entry_name, 80)}"),
            ("Requester", mention(request.requester)),
            ("Created", when(request.created_at)),
            ("Closed", when(request.closed_at) if request.closed_at is not None else "Not yet"),
            ("Afterwards", str(OPERATION[request.operation_status])),
            *_links(found),
        ]
    )
    if request.status.is_closed:
        yield section(closing_line(request))
        why = (
            request.override.reason if request.override else request.cancellation.reason if request.cancellation else ""
        )
        yield from said_whole(requests_texts.quoted(why)) if why else ()
        yield from override_badge(request)
        yield from _earlier_overrides(found)
    elif sentence := next_line(request, labels, at):
        yield section(sentence)
    yield section("*Reason given*")
    yield from said_whole(request.reason)
    yield divider()
    yield from whole_content(request.material, at, request.noted)
    yield section(f"*Digest* {code(request.digest, 64)}")


def _earlier_overrides(found: Details) -> Iterator[Block]:
    """Overrides that another one came after: only the record keeps them."""
    recorded = [recorded.entry for recorded in found.audit if recorded.entry.action is Recorded.OVERRIDDEN]
    for entry in recorded[:-1]:
        verdict = entry.after.get("verdict")
        if entry.by is not None and verdict in set(Verdict):
            yield context(
                f"Before that: {texts.overridden_to(Verdict(verdict))} by {mention(entry.by)}, {when(entry.at)}."
            )
            yield from said_whole(requests_texts.quoted(entry.reason))


def _links(found: Details) -> Iterator[tuple[str, str]]:
    if found.request.resubmission_of is not None:
        yield "Resubmission of", request_name(found.request.resubmission_of)
    if found.resubmissions:
        yield "Resubmitted as", listed([request_name(resubmission) for resubmission in found.resubmissions], 10)


def _steps(found: Details, labels: Labels) -> Iterator[Block]:
    request = found.request
    if not request.work_items:
        return  # how it ended says so
    yield divider()
    yield header("Gates and steps")
    for item in request.work_items:
        yield section(_gate(item, len(request.work_items)))
        for number in range(len(item.profile.steps)):
            yield from _step(found, item, number, labels)


def _gate(item: WorkItem, gates: int) -> str:
    profile = inline(item.profile.name, 80)
    state = str(WORK_ITEM[item.status])
    gate = texts.gate(
        item.position + 1, gates, gate_name(item), state, profile, item.profile.number, overridden=item.overridden
    )
    moments = texts.moments(*(when(moment) if moment is not None else None for moment in _moments(item)))
    return f"{gate}\n{moments}" if moments else gate


def _moments(item: WorkItem) -> tuple[datetime | None, datetime | None, datetime | None]:
    return item.opened_at, item.deadline, item.closed_at


def _step(found: Details, item: WorkItem, number: int, labels: Labels) -> Iterator[Block]:
    request, step = found.request, item.profile.steps[number]
    state = STEP[step_state(request, item, number)]
    approved = request.approvals(item.position, number)
    lines = [
        (f"{state.sign} {capital(step_name(item, number))}: *{state.text}*, {approved} of {step.required} approved"),
        f"Approvers: {labels.approvers(step.approvers, 30)}",
        *_escalation(item, number, labels),
        *_who_is_left(found, item, number),
    ]
    yield from packed(lines)
    for decision in request.decisions_in(item.position, number):
        yield from _decision(decision)


def _who_is_left(found: Details, item: WorkItem, number: int) -> Iterator[str]:
    """Who may still decide the step that is open, or could have when an override went past it."""
    here = found.request.here
    if here is not None and (here.gate, here.step) == (item.position, number):
        yield (
            "May still decide: "
            f"{listed([whose(capacity.by, capacity.on_behalf_of) for capacity in found.may_still_decide], texts.MOST_NAMES, 'nobody')}"
        )
    word = found.request.override
    for skipped in word.skipped if word is not None else ():
        if (skipped.gate, skipped.step) == (item.position, number) and skipped.people:
            yield (
                f"Could also have decided: {listed([mention(person) for person in skipped.people], texts.MOST_NAMES)}"
            )


def _escalation(item: WorkItem, number: int, labels: Labels) -> Iterator[str]:
    """Who may decide too, and since or from when."""
    further = item.profile.steps[number].escalation
    if further is None:
        return
    who = labels.approvers(further.approvers, 30)
    came = next((escalation.at for escalation in item.escalations if escalation.step == number), None)
    yield (
        f"Escalated {when(came)}: {who} too"
        if came is not None
        else f"If not decided for {span(further.after)}: {who} too"
    )


def _decision(decision: Decision) -> Iterator[Block]:
    yield context(decision_line(decision))
    if decision.comment:
        yield from said_whole(requests_texts.quoted(decision.comment))


def _talk(request: Request) -> Iterator[Block]:
    if request.comments:
        yield divider()
        yield header("Comments")
    for comment in request.comments:
        yield context(f"{mention(comment.by)}, {when(comment.at)}")
        yield from said_whole(requests_texts.quoted(comment.text))


def _record(audit: Sequence[RecordedEntry]) -> Iterator[Block]:
    if audit:
        yield divider()
        yield header("Audit trail")
        yield context(f"{count(len(audit), 'entry', 'entries')}, a hash chain that ends in {code(audit[-1].hash, 64)}")
        yield from packed(entry_line(recorded) for recorded in audit)


def _pages(blocks: Sequence[Block]) -> list[list[Block]]:
    """*blocks* in pages that a view takes; there is always one."""
    pages: list[list[Block]] = [[]]
    size = 0
    for block in blocks:
        weight = weigh([block])
        if pages[-1] and (len(pages[-1]) >= PAGE_BLOCKS or size + weight > PAGE_TEXT):
            pages.append([])
            size = 0
        pages[-1].append(block)
        size += weight
    return pages


def _turn(request: Request, number: int, pages: int) -> list[Block]:
    """Buttons to the other pages, where there are any."""
    if pages == 1:
        return []
    buttons: list[InteractiveElement] = []
    for text, action, page in (
        ("Previous page", Action.DETAILS_PREVIOUS, number - 1),
        ("Next page", Action.DETAILS_NEXT, number + 1),
    ):
        if 0 <= page < pages:
            value = str(DetailsPlace(request=request.id, page=page))
            buttons.append(button(text, action, value, f"{text} of the details of {request.name}"))
    return [context(f"Page {number + 1} of {pages}"), *actions(f"turn:{request.id}", buttons)]
