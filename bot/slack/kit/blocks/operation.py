"""What became of the operation after the approval, in messages, in the details, and its certificate."""

from collections.abc import Iterator, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject, InteractiveElement, PlainTextObject
from slack_sdk.models.views import View

from bot.slack.kit.blocks.buttons import details_button, resubmit_button
from bot.slack.kit.blocks.layout import actions, button, context, divider, fields, header, packed, said, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.text import code, inline, line, mention, when
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.texts import operation as texts
from bot.slack.kit.texts.words import OPERATION, deed, deed_on, short_name
from domain.approvals.execution import Certificate, Issued
from domain.approvals.requests import Request
from domain.approvals.status import OperationStatus
from domain.notices.notices import Notice, is_of_present_end
from domain.ports import ReleaseState

REASON: Final = 500
PEM: Final = 2800  # of a section's 3,000, with the fence around it
MOST_RELEASES: Final = 10


def operation_blocks(request: Request) -> list[Block]:
    """How far the operation has come; nothing where the request is not approved."""
    end = request.execution
    if not request.is_approved:
        return []
    if end is None:
        until = (
            [
                context(
                    f"The approval is valid until {when(request.valid_until)}. After that, the operation "
                    "cannot be carried out."
                )
            ]
            if request.valid_until is not None
            else []
        )
        return [section("*Released*. Waiting for the CA to carry out exactly what was approved."), *until]
    match request.operation_status:
        case OperationStatus.FAILED:
            return [
                section(f"*Failed*, {when(end.at)}. It was approved, but could not be carried out:"),
                said(end.reason, REASON),
            ]
        case OperationStatus.LAPSED:
            told = texts.lapsed_in_doubt if end.in_doubt else texts.lapsed
            return [section(told(when(end.at))), said(end.reason, REASON)]
        case _:
            issued = end.certificate
            serial, until_ = (code(issued.serial, 80), when(issued.not_after)) if issued is not None else ("", "")
            done = section(texts.executed(when(end.at), serial, until_))
            return [done, said(end.reason, REASON)] if end.reason else [done]


def operation_buttons(request: Request) -> list[InteractiveElement]:
    """For the requester: the certificate, or another request where this one came to nothing."""
    if request.execution is not None and request.execution.certificate is not None:
        return [certificate_button(request)]
    if request.operation_status in {OperationStatus.FAILED, OperationStatus.LAPSED}:
        return [resubmit_button(request)]
    return []


def ended(request: Request, notice: Notice, *, administers: bool) -> Message:
    """The message that tells how the operation ended. *administers* says that its reader may have a failed one tried again."""
    mine = notice.person == request.requester
    word = OPERATION[request.operation_status].text
    what = deed_on(request.operation, line(short_name(request.material), 100))
    overtaken = not is_of_present_end(request, notice)
    buttons: list[InteractiveElement] = [details_button(request), *(operation_buttons(request) if mine else [])]
    if administers and request.operation_status is OperationStatus.FAILED and not overtaken:
        buttons.append(retry_button(request))
    blocks: list[Block] = [
        header(f"{word}: {deed(request.operation)}"),
        section(f"{request.name}, {inline(short_name(request.material), 150, shown=True)}"),
        *([section(f"Update: this operation is now *{word.lower()}*.")] if overtaken else operation_blocks(request)),
        *_then(request, mine=mine, overtaken=overtaken),
        *actions(f"request:{request.id}", buttons),
    ]
    return Message(_line(request, what, word), tuple(blocks))


def _line(request: Request, what: str, word: str) -> str:
    if request.operation_status is OperationStatus.FAILED and request.execution is not None:
        return f"Failed: {what} ({request.name}): {line(request.execution.reason, 200)}"
    return f"{word}: {what} ({request.name})"


def _then(request: Request, *, mine: bool, overtaken: bool) -> list[Block]:
    if not mine:
        told = f"You get this as an administrator. Requested by {mention(request.requester)}."
        lapsed = request.operation_status is OperationStatus.LAPSED and not overtaken
        return [context(told, texts.ASK_WHO_HAS_IT)] if lapsed else [context(told)]
    if overtaken:
        return []
    match request.operation_status:
        case OperationStatus.FAILED:
            return [context("Administrators have been notified and can retry it.", texts.RESUBMIT_ANEW)]
        case OperationStatus.LAPSED:
            return [context(texts.RESUBMIT_ANEW)]
        case _:
            return []


def delivery_blocks(request: Request, deliveries: Sequence[ReleaseState]) -> Iterator[Block]:
    """In the details: each release, how often it was handed over, and what is known of it."""
    if not deliveries:
        return
    yield divider()
    yield header("Delivery")
    yield from operation_blocks(request)
    yield from packed(_delivery(delivery, request) for delivery in deliveries[-MOST_RELEASES:])


def _delivery(state: ReleaseState, request: Request) -> str:
    parts = [texts.release_line(state.number, when(state.at), code(state.connector, 80) if state.connector else "")]
    if state.connector and state.attempts:
        parts.append("delivered once" if state.attempts == 1 else f"delivered {state.attempts} times")
    if state.accepted_at is not None:
        parts.append(f"accepted {when(state.accepted_at)}, result to follow")
    elif state.begun_at is not None:
        parts.append(f"in progress since {when(state.begun_at)}")
    elif state.due_at is not None and state.connector:
        parts.append(f"next attempt {when(state.due_at)}")
    said_last = f" {inline(state.said, REASON)}" if state.said else ""
    by_hand = not state.connector and state.attempts > 0 and request.operation_status is OperationStatus.RELEASED
    return f"{', '.join(parts)}.{said_last}" + (f" {texts.BY_HAND}" if by_hand else "")


def certificate_view(request: Request, certificate: Certificate) -> View:
    """The certificate of *request*, in full, with its chain."""
    issued = Issued.of(certificate)
    facts = [
        ("Serial number", code(issued.serial, 80)),
        ("SHA-256", code(issued.sha256, 80)),
        ("Valid from", when(issued.not_before)),
        ("Valid until", when(issued.not_after)),
    ]
    blocks: list[Block] = [
        section(f"{request.name}, {inline(short_name(request.material), 150, shown=True)}"),
        fields(facts),
        *_pem(certificate.pem),
        divider(),
    ]
    if above := certificate.issuers():
        blocks.append(section("*Certificate chain*, in the order a server sends it"))
        blocks.extend(packed(f"• {inline(issuer.subject.rfc4514_string(), 300)}" for issuer in above[:10]))
        blocks.extend(_pem(certificate.chain_pem))
    else:
        blocks.append(section("No issuer certificates were provided."))
    return View(
        type="modal",
        callback_id=Callback.CERTIFICATE,
        title="Certificate",
        close="Close",
        blocks=blocks[:100],
        private_metadata=str(request.id),
    )


def _pem(text: str) -> Iterator[Block]:
    """All of *text*, letter by letter, in as many parts as it takes; none is torn within a line."""
    held: list[str] = []
    size = 0
    for pem_line in text.strip().splitlines():
        if held and size + len(pem_line) + 1 > PEM:
            yield section("```" + "\n".join(held) + "```")
            held, size = [], 0
        held.append(pem_line)
        size += len(pem_line) + 1
    yield section("```" + "\n".join(held) + "```")


def certificate_button(request: Request) -> ButtonElement:
    label = f"Certificate of request {request.name}"
    return button("Certificate", Action.SHOW_CERTIFICATE, str(request.id), label, style="primary")


def retry_button(request: Request) -> ButtonElement:
    sure = ConfirmObject(
        title=PlainTextObject(text="Retry this operation?"),
        text=PlainTextObject(
            text=(
                "The operation is delivered once more, exactly as it was approved. It has the same key "
                "as before, so nothing is done twice."
            )
        ),
        confirm=PlainTextObject(text=texts.RETRY),
        deny=PlainTextObject(text="Not now"),
    )
    label = f"Retry the operation of request {request.name}"
    return button(texts.RETRY, Action.RETRY_OPERATION, str(request.id), label, style="primary", confirm=sure)
