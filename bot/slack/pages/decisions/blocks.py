"""The modals: forms for what needs words, the details, and what is said when something changed meanwhile.

`private_metadata` holds ids only; everything is looked up and checked again when a form is sent.
"""

from collections.abc import Sequence
from typing import Any, Final

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.slack.kit.blocks.buttons import details_of
from bot.slack.kit.blocks.fields import TYPED, choice, menu, resource_menu, typed
from bot.slack.kit.blocks.inputs import upload
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.layout import actions, button, context, option, packed, said, section
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.steps import gate_name, step_name
from bot.slack.kit.blocks.text import cut, inline, mention
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.places import Origin
from bot.slack.kit.texts import buttons, common, submitting
from bot.slack.kit.texts.words import REQUEST, deed_on, short_name
from bot.slack.pages.decisions import texts
from bot.slack.pages.details.blocks import details
from domain.approvals.decisions import Verdict
from domain.approvals.profiles import CommentRule
from domain.approvals.requests import Request, StepRef, request_name
from domain.approvals.resources import GATES, Resource
from domain.approvals.status import MOVES, RequestStatus
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.pki import NEEDS, Material, RevocationReason, holds_private_key
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
    note: str = ""
    """What is said above the fields, for this once."""
    already: int | None = None
    """The request that asks for this already, to be looked at."""

    @classmethod
    def typed(cls, **typed: Any) -> "Draft":
        """What somebody typed before, to stand in the form again; but never a private key, which nobody is to send once more."""
        return cls(**{k: "" if isinstance(v, str) and holds_private_key(v) else v for k, v in typed.items()})

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


KEPT: Final = "kept"
"""The suffix of a field that may stay empty: what the request before had is used then."""

FILE_KINDS: Final = ("pem", "csr", "crt", "cer", "der", "p10", "txt")
"""Endings of files that a CSR or certificate may be in: for convenience only, what is inside is looked at."""

OPERATIONS: Final = (
    Operation.ISSUE, Operation.RENEW, Operation.REKEY, Operation.REVOKE, Operation.ENROLL, Operation.RE_ENROLL
)  # fmt: skip
"""In the order in which they are offered: what is asked for most comes first."""


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
            texts.WHAT,
            [option(texts.operation(one), one.value) for one in OPERATIONS],
            chosen=operation,
            dispatch=True,
        )
    ]
    if draft.note:
        blocks.insert(0, said(draft.note, 1500))
    if draft.already is not None:
        blocks[1:1] = actions("already", [details_of(draft.already)])
    if operation is None:
        blocks.append(context(texts.CHOOSE_OPERATION))
    else:
        blocks.extend(_operation_fields(entries, operation, draft))
    if draft.resubmission_of is not None:
        blocks.append(context(texts.resubmission_of(request_name(draft.resubmission_of))))
    return _form(Callback.SUBMIT, texts.SUBMIT_TITLE, texts.SUBMIT, blocks, Origin(request=draft.resubmission_of))


def resource_field(operation: Operation) -> str:
    """The block id of the menu of resources, which is another one where other resources are offered."""
    return f"{Field.RESOURCE}:{GATES[operation][0]}"


def _operation_fields(entries: Sequence[Resource], operation: Operation, draft: Draft) -> list[Block]:
    if not entries:
        return [section(texts.nothing_offers(operation))]
    blocks: list[Block] = [
        resource_menu(resource_field(operation), Action.RESOURCE, texts.WHERE, entries, chosen=draft.entry)
    ]
    if "certificate" in NEEDS[operation]:
        hint, pem = texts.CERTIFICATE_HINT, draft.certificate
        blocks += [
            _material(Field.CERTIFICATE, Action.CERTIFICATE, texts.CERTIFICATE, pem, hint, draft),
            _file(Field.CERTIFICATE_FILE, Action.CERTIFICATE_FILE, submitting.CERTIFICATE_FILE),
        ]
    if "csr" in NEEDS[operation]:
        blocks += [
            _material(Field.CSR, Action.CSR, texts.CSR, draft.csr, texts.CSR_HINT, draft),
            _file(Field.CSR_FILE, Action.CSR_FILE, submitting.CSR_FILE),
        ]
    if "reason" in NEEDS[operation]:
        reasons = [option(texts.revocation_reason(one), one.value) for one in RevocationReason]
        blocks.append(
            menu(
                Field.REVOCATION_REASON,
                Action.REVOCATION_REASON,
                texts.WHY_REVOKE,
                reasons,
                chosen=draft.revocation_reason,
                hint=texts.WHY_REVOKE_HINT,
            )
        )
    blocks.append(typed(Field.REASON, Action.REASON, common.REASON, placeholder=texts.WHY, initial=draft.reason))
    return blocks


def _material(field: Field, action: Action, label: str, pem: str, hint: str, draft: Draft) -> Block:
    """A field for PEM, which may be uploaded instead. What is longer than a field takes is never cut: in a resubmission it stays
    where it is, and is used if nothing else is given.
    """
    fits, again = len(pem.strip()) <= TYPED, draft.resubmission_of
    if not fits:
        hint = submitting.TOO_LONG_TO_PASTE if again is None else texts.kept(request_name(again))
    block_id = field if fits or again is None else f"{field}:{KEPT}"
    return typed(block_id, action, label, hint=hint, most=TYPED, initial=pem.strip() if fits else "", optional=True)


def _file(field: Field, action: Action, label: str) -> Block:
    return upload(field, action, label, kinds=FILE_KINDS, hint=submitting.FILE_HINT)


def reading(sentence: str, external_id: str | None = None) -> View:
    """What is shown while a file takes its time. It can be drawn anew by its id, or by *external_id*."""
    return _word(section(sentence), external_id=external_id)


def submitted(request: Request) -> View:
    """In place of `reading`, once the request is there."""
    details = button(buttons.DETAILS, Action.DETAILS, str(request.id), buttons.details_label(request.name))
    return _word(section(submitting.submitted(request.name)), *actions(f"submitted:{request.id}", [details]))


def nothing_found() -> View:
    """The message that somebody pointed at holds nothing to ask for."""
    return _word(section(submitting.NOTHING_IN_MESSAGE), *actions("nothing_found", [new_request()]))


def new_request() -> ButtonElement:
    """To the form for a new request."""
    label = submitting.NEW_REQUEST_LABEL
    return button(submitting.NEW_REQUEST, Action.NEW_REQUEST, "new", label, style="primary")


def _word(*blocks: Block, external_id: str | None = None) -> View:
    """A modal that only says something about a new request."""
    title = _title(texts.SUBMIT_TITLE)
    return View(
        type="modal",
        callback_id=Callback.CHANGED,
        title=title,
        close=common.CLOSE,
        blocks=blocks,
        external_id=external_id,
    )


def approve(request: Request, step: StepRef, *, pressed: Click | None = None) -> View:
    """To approve with a comment. *pressed* is the message whose button opened it."""
    item = request.work_items[step.gate]
    optional = item.profile.definition.comment_required is not CommentRule.ALWAYS
    blocks = [
        *_about(request, step),
        typed(
            Field.COMMENT,
            Action.COMMENT_TEXT,
            common.COMMENT,
            optional=optional,
            hint=texts.EVERYBODY_SEES,
            focus=True,
        ),
    ]
    origin = Origin(step=step, pressed=pressed)
    return _form(Callback.APPROVE, texts.approve_title(request.name), texts.APPROVE, blocks, origin)


def reject(request: Request, step: StepRef, *, pressed: Click | None = None) -> View:
    """To reject, with a reason where the profile asks for one. *pressed* is the message whose button opened it."""
    rule = request.work_items[step.gate].profile.definition.comment_required
    blocks = [
        *_about(request, step),
        section(texts.CLOSES_ALL),
        typed(
            Field.COMMENT,
            Action.COMMENT_TEXT,
            common.REASON,
            optional=not rule.requires(Verdict.REJECT),
            hint=texts.REJECT_HINT,
            focus=True,
        ),
    ]
    return _form(
        Callback.REJECT, texts.reject_title(request.name), texts.REJECT, blocks, Origin(step=step, pressed=pressed)
    )


def _about(request: Request, step: StepRef) -> list[Block]:
    item = request.work_items[step.gate]
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    return [
        section(texts.about(request.name, what, mention(request.requester))),
        context(texts.place(gate_name(item), step_name(item, step.step))),
    ]


def override(request: Request, labels: Labels, verdict: Verdict | None = None, reason: str = "") -> View:
    """To decide in place of what is missing: says which steps and approvers it goes past."""
    outcomes = [
        option(texts.outcome(one), one.value)
        for one, status in ((Verdict.APPROVE, RequestStatus.APPROVED), (Verdict.REJECT, RequestStatus.REJECTED))
        if status in MOVES[request.status]
    ]
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    blocks: list[Block] = [
        section(texts.about_to_override(request.name, what, mention(request.requester), REQUEST[request.status].text)),
    ]
    if not outcomes:
        blocks.append(section(texts.NOTHING_CHANGES_IT))
        return View(
            type="modal",
            callback_id=Callback.CHANGED,
            title=_title(texts.override_title(request.name)),
            close=common.CLOSE,
            blocks=blocks,
        )
    blocks += packed([texts.OVERRIDE_WARNING, *_skipped(request, labels)])
    chosen = verdict if verdict is not None and any(one.value == verdict for one in outcomes) else None
    blocks.append(choice(Field.VERDICT, Action.VERDICT, texts.OUTCOME, outcomes, chosen=chosen))
    blocks.append(typed(Field.REASON, Action.REASON, common.REASON, hint=texts.EVERYBODY_SEES, initial=reason))
    return _form(
        Callback.OVERRIDE, texts.override_title(request.name), texts.OVERRIDE, blocks, Origin(request=request.id)
    )


def _skipped(request: Request, labels: Labels) -> list[str]:
    lines = [
        texts.goes_past(
            gate_name(item), step_name(item, number), approved, step.required, labels.approvers(step.approvers, 4)
        )
        for item in request.work_items
        for number, step in enumerate(item.profile.steps)
        if (approved := request.approvals(item.position, number)) < step.required
    ]
    more = len(lines) - MOST_SKIPPED
    return [*lines[:MOST_SKIPPED], *([texts.more_steps(more)] if more > 0 else [])]


def cancel(request: Request) -> View:
    """To withdraw a request, with a reason if one is given."""
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    blocks: list[Block] = [
        section(texts.about_to_cancel(request.name, what)),
        typed(Field.REASON, Action.REASON, common.REASON, optional=True, hint=texts.EVERYBODY_SEES),
    ]
    return _form(
        Callback.CANCEL,
        texts.cancel_title(request.name),
        texts.CANCEL,
        blocks,
        Origin(request=request.id),
        close=common.KEEP_IT,
    )


def comment(request: Request) -> View:
    """To say something beside any decision."""
    what = deed_on(request.operation, inline(short_name(request.material), 150, shown=True))
    blocks: list[Block] = [
        section(texts.about_to_comment(request.name, what)),
        typed(Field.COMMENT, Action.COMMENT_TEXT, common.COMMENT, hint=texts.EVERYBODY_SEES, focus=True),
    ]
    return _form(Callback.COMMENT, texts.comment_title(request.name), texts.COMMENT, blocks, Origin(request=request.id))


def changed(word: Message, *, moved_on: int | None = None, again: Sequence[ButtonElement] = ()) -> View:
    """What is shown in place of a form that can no longer be sent, or on top of it: *word* says why.

    *moved_on* is the request that is not any more as it was, *again* are the buttons to look at what stands in the way.
    """
    blocks = list(word.blocks)
    if moved_on is not None:
        again = [as_it_is_now(moved_on), *again]
    blocks.extend(actions("again", again))
    title = texts.changed_title(request_name(moved_on)) if moved_on is not None else texts.CANNOT_BE_DONE
    return View(type="modal", callback_id=Callback.CHANGED, title=_title(title), close=common.CLOSE, blocks=blocks)


def as_it_is_now(request: int) -> ButtonElement:
    """To the details of *request*, in the place of the modal that the button stands in."""
    return button(buttons.DETAILS, Action.RELOAD, str(request), texts.reload_label(request_name(request)))


def _form(
    callback: Callback, title: str, submit: str, blocks: Sequence[Block], origin: Origin, *, close: str = common.CLOSE
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
