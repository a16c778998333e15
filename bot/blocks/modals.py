"""The modals: forms for what needs words, the details, and what is said when something changed meanwhile.

`private_metadata` holds ids only; everything is looked up and checked again when a form is sent.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.blocks.details import details
from bot.blocks.fields import TYPED, choice, entry_options, menu, typed
from bot.blocks.labels import Labels
from bot.blocks.layout import actions, button, context, option, packed, said, section
from bot.blocks.places import Origin
from bot.blocks.steps import gate_name, step_name
from bot.blocks.text import cut, inline, mention, when
from bot.blocks.words import REQUEST, deed_on, short_name
from bot.ids import Action, Callback, Field
from domain.base import Frozen
from domain.decisions import Verdict
from domain.material import NEEDS, Material, RevocationReason
from domain.operations import Operation
from domain.profiles import CommentRule
from domain.requests import Request, StepRef, request_name
from domain.resources import GATES, Resource
from domain.status import MOVES, RequestStatus
from domain.workflow import Click

__all__ = ["Draft", "approve", "cancel", "changed", "comment", "details", "override", "reject", "submit"]

TITLE: Final = 24
MOST_SKIPPED: Final = 12


class Draft(Frozen):
    """What stands in the form for a new request at first."""

    operation: Operation | None = None
    entry: str | None = None
    reason: str = ""
    csr: str = ""
    certificate: str = ""
    revocation_reason: RevocationReason | None = None
    resubmission_of: int | None = None

    @classmethod
    def of(cls, request: Request) -> "Draft":
        """Everything that *request* asked for, to ask for it again."""
        material: Material = request.material
        return cls(
            operation=request.operation,
            entry=request.entry,
            reason=request.reason,
            csr=material.csr_pem or "",
            certificate=material.certificate_pem or "",
            revocation_reason=material.revocation_reason,
            resubmission_of=request.id,
        )


OPERATIONS: Final = {
    Operation.ISSUE: "Issue a certificate",
    Operation.RENEW: "Renew a certificate",
    Operation.REKEY: "Rekey a certificate",
    Operation.REVOKE: "Revoke a certificate",
    Operation.ENROLL: "Enroll an end entity",
    Operation.RE_ENROLL: "Re-enroll an end entity",
}

_CSR_HINT: Final = (
    "PKCS#10, as PEM, from BEGIN CERTIFICATE REQUEST to END CERTIFICATE REQUEST. Never paste a private key."
)
_CERTIFICATE_HINT: Final = "The certificate of today, as PEM, from BEGIN CERTIFICATE to END CERTIFICATE."
_KEPT: Final = "Too long to be shown here. Leave this empty to use what {request} asked for."


def submit(entries: Sequence[Resource], operation: Operation | None = None, draft: Draft | None = None) -> View:
    """The form for a new request: the operation first, then what it needs.

    *entries* are the resources at which *operation* may begin. The view is drawn anew with another operation when that is chosen; what
    was typed into a field that stays, stays.
    """
    draft = draft or Draft()
    operation = operation or draft.operation
    blocks: list[Block] = [
        menu(
            Field.OPERATION,
            Action.OPERATION,
            "What do you need?",
            [option(text, one.value) for one, text in OPERATIONS.items()],
            chosen=operation,
            dispatch=True,
        )
    ]
    if operation is None:
        blocks.append(context("Choose an operation, and the fields that it needs appear."))
    else:
        blocks.extend(_operation_fields(entries, operation, draft))
    if draft.resubmission_of is not None:
        blocks.append(
            context(f"Resubmission of {request_name(draft.resubmission_of)}: both requests will name each other.")
        )
    return _form(Callback.SUBMIT, "New request", "Submit", blocks, Origin(request=draft.resubmission_of))


def resource_field(operation: Operation) -> str:
    """The block id of the menu of resources, which is another one where other resources are offered."""
    return f"{Field.RESOURCE}:{GATES[operation][0]}"


def _operation_fields(entries: Sequence[Resource], operation: Operation, draft: Draft) -> list[Block]:
    options = entry_options(entries)
    if not options:
        return [
            section(
                f"Nothing offers to {operation.label} yet. An administrator can add a resource to the configuration."
            )
        ]
    hint = f"The first {len(options)} are listed." if len(entries) > len(options) else ""
    blocks: list[Block] = [
        menu(resource_field(operation), Action.RESOURCE, "Where?", options, chosen=draft.entry, hint=hint)
    ]
    if "certificate" in NEEDS[operation]:
        blocks.append(
            _material(Field.CERTIFICATE, Action.CERTIFICATE, "Certificate", draft.certificate, _CERTIFICATE_HINT, draft)
        )
    if "csr" in NEEDS[operation]:
        blocks.append(_material(Field.CSR, Action.CSR, "Certificate request (CSR)", draft.csr, _CSR_HINT, draft))
    if "reason" in NEEDS[operation]:
        reasons = [
            option(one.label.capitalize() if one.label.islower() else one.label, one.value) for one in RevocationReason
        ]
        blocks.append(
            menu(
                Field.REVOCATION_REASON,
                Action.REVOCATION_REASON,
                "Why is it to be revoked?",
                reasons,
                chosen=draft.revocation_reason,
                hint="RFC 5280 section 5.3.1; it will stand in the CRL.",
            )
        )
    placeholder = "Why is this needed? The approvers read it."
    blocks.append(typed(Field.REASON, Action.REASON, "Reason", placeholder=placeholder, initial=draft.reason))
    return blocks


def _material(field: Field, action: Action, label: str, pem: str, hint: str, draft: Draft) -> Block:
    """A field for PEM. What is longer than a field takes stays where it is, and is used if nothing else is pasted."""
    kept = len(pem) > TYPED and draft.resubmission_of is not None
    if kept:
        hint = _KEPT.format(request=request_name(draft.resubmission_of or 0))
    return typed(field, action, label, hint=hint, most=TYPED, initial="" if kept else pem.strip(), optional=kept)


def approve(request: Request, step: StepRef, *, pressed: Click | None = None) -> View:
    """To approve with a comment. *pressed* is the message whose button opened it."""
    item = request.work_items[step.gate]
    optional = item.profile.definition.comment_required is not CommentRule.ALWAYS
    blocks = [
        *_about(request, step),
        typed(
            Field.COMMENT,
            Action.COMMENT_TEXT,
            "Comment",
            optional=optional,
            hint="Everybody on the request sees it.",
            focus=True,
        ),
    ]
    origin = Origin(step=step, pressed=pressed)
    return _form(Callback.APPROVE, f"Approve {request.name}", "Approve", blocks, origin)


def reject(request: Request, step: StepRef, *, pressed: Click | None = None) -> View:
    """To reject, with a reason where the profile asks for one. *pressed* is the message whose button opened it."""
    rule = request.work_items[step.gate].profile.definition.comment_required
    blocks = [
        *_about(request, step),
        section("One rejection closes the whole request."),
        typed(
            Field.COMMENT,
            Action.COMMENT_TEXT,
            "Reason",
            optional=not rule.requires(Verdict.REJECT),
            hint="The requester and the other approvers see it.",
            focus=True,
        ),
    ]
    return _form(Callback.REJECT, f"Reject {request.name}", "Reject", blocks, Origin(step=step, pressed=pressed))


def _about(request: Request, step: StepRef) -> list[Block]:
    item = request.work_items[step.gate]
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    return [
        section(f"*{request.name}*: {what}, requested by {mention(request.requester)}."),
        context(f"{gate_name(item)}, {step_name(item, step.step)}"),
    ]


def override(request: Request, labels: Labels, verdict: Verdict | None = None, reason: str = "") -> View:
    """To decide in place of what is missing: says which steps and approvers it goes past."""
    outcomes = [
        option(text, one.value)
        for one, text, status in (
            (Verdict.APPROVE, "Approve, and let the operation continue", RequestStatus.APPROVED),
            (Verdict.REJECT, "Reject, and close the request", RequestStatus.REJECTED),
        )
        if status in MOVES[request.status]
    ]
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    blocks: list[Block] = [
        section(
            f"*{request.name}*: {what}, requested by {mention(request.requester)}. {REQUEST[request.status].text}."
        ),
        *packed(
            [
                "*Warning*: this goes past everything that is still missing, and stays on the record for good.",
                *_skipped(request, labels),
            ]
        ),
    ]
    if not outcomes:
        blocks.append(section("Nothing changes this request any more."))
        return View(
            type="modal",
            callback_id=Callback.CHANGED,
            title=_title(f"Override {request.name}"),
            close="Close",
            blocks=blocks,
        )
    chosen = verdict if verdict is not None and any(one.value == verdict for one in outcomes) else None
    blocks.append(choice(Field.VERDICT, Action.VERDICT, "Outcome", outcomes, chosen=chosen))
    blocks.append(
        typed(Field.REASON, Action.REASON, "Reason", hint="Everybody on the request sees it.", initial=reason)
    )
    return _form(Callback.OVERRIDE, f"Override {request.name}", "Override", blocks, Origin(request=request.id))


_WARNING: Final = "*Warning*: this goes past everything that is still missing, and stays on the record for good."


def _skipped(request: Request, labels: Labels) -> list[str]:
    lines = [
        f"• {gate_name(item)}, {step_name(item, number)}: {approved} of {step.required} approved; "
        f"goes past {labels.approvers(step.approvers, 4)}"
        for item in request.work_items
        for number, step in enumerate(item.profile.steps)
        if (approved := request.approvals(item.position, number)) < step.required
    ]
    more = len(lines) - MOST_SKIPPED
    return [*lines[:MOST_SKIPPED], *([f"• and {more} more steps"] if more > 0 else [])]


def cancel(request: Request) -> View:
    """To withdraw a request, with a reason if one is given."""
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    blocks: list[Block] = [
        section(f"*{request.name}*: {what}. It closes at once; the approvers' messages say so."),
        typed(Field.REASON, Action.REASON, "Reason", optional=True, hint="Everybody on the request sees it."),
    ]
    return _form(
        Callback.CANCEL, f"Cancel {request.name}", "Cancel request", blocks, Origin(request=request.id), close="Keep it"
    )


def comment(request: Request) -> View:
    """To say something beside any decision."""
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    blocks: list[Block] = [
        section(f"*{request.name}*: {what}."),
        typed(Field.COMMENT, Action.COMMENT_TEXT, "Comment", hint="Everybody on the request sees it.", focus=True),
    ]
    return _form(Callback.COMMENT, f"Comment on {request.name}", "Comment", blocks, Origin(request=request.id))


def changed(
    why: str, request: int | None = None, *, at: datetime | None = None, again: Sequence[ButtonElement] = ()
) -> View:
    """What is shown in place of a form that can no longer be sent: *why*, a refusal's sentence, and *request* to look at as it is now.

    *again* are the buttons to look at something else.
    """
    blocks: list[Block] = [said(why, 1500)]
    if at is not None:
        blocks.append(context(f"As of {when(at)}"))
    if request is not None:
        reload = button("Reload", Action.RELOAD, str(request), f"Show request {request_name(request)} as it is now")
        blocks.extend(actions(f"reload:{request}", [reload]))
    blocks.extend(actions("again", again))
    title = f"Changed: {request_name(request)}" if request is not None else "This cannot be done"
    return View(type="modal", callback_id=Callback.CHANGED, title=_title(title), close="Close", blocks=blocks)


def _form(
    callback: Callback, title: str, submit: str, blocks: Sequence[Block], origin: Origin, *, close: str = "Close"
) -> View:
    return View(
        type="modal",
        callback_id=callback,
        title=_title(title),
        submit=submit,
        close=close,
        blocks=blocks,
        private_metadata=str(origin),
    )


def _title(text: str) -> str:
    """*text*, at most 24 characters; a request's number is never cut."""
    if len(text) <= TITLE:
        return text
    first, _, last = text.rpartition(" ")
    return f"{first[: TITLE - len(last) - 2]}… {last}" if len(last) < TITLE - 6 else cut(last, TITLE)
