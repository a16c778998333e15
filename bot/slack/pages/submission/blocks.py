"""The form for a new request, and what is shown while files are read."""

from collections.abc import Sequence
from typing import Any, Final

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.slack.kit.blocks.buttons import details_of
from bot.slack.kit.blocks.fields import TYPED, menu, resource_menu, typed
from bot.slack.kit.blocks.inputs import upload
from bot.slack.kit.blocks.layout import actions, button, context, option, said, section
from bot.slack.kit.blocks.modals import _form, _title
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.places import Origin
from bot.slack.kit.texts import buttons, common, submitting, terms
from bot.slack.kit.texts.grammar import capital
from bot.slack.pages.decisions import texts
from domain.approvals.requests import Request, request_name
from domain.approvals.resources import GATES, Resource
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.pki import NEEDS, Material, RevocationReason, holds_private_key


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
            "What do you need?",
            [
                option(
                    {
                        Operation.ISSUE: "Issue a certificate",
                        Operation.RENEW: "Renew a certificate",
                        Operation.REKEY: "Rekey a certificate",
                        Operation.REVOKE: "Revoke a certificate",
                        Operation.ENROLL: "Enroll an end entity",
                        Operation.RE_ENROLL: "Re-enroll an end entity",
                    }[operation],
                    operation.value,
                )
                for operation in OPERATIONS
            ],
            chosen=operation,
            dispatch=True,
        )
    ]
    if draft.note:
        blocks.insert(0, said(draft.note, 1500))
    if draft.already is not None:
        blocks[1:1] = actions("already", [details_of(draft.already)])
    if operation is None:
        blocks.append(context("Choose an operation to see its fields."))
    else:
        blocks.extend(_operation_fields(entries, operation, draft))
    if draft.resubmission_of is not None:
        blocks.append(
            context(f"Resubmission of {request_name(draft.resubmission_of)}: the two requests will link to each other.")
        )
    return _form(Callback.SUBMIT, texts.SUBMIT_TITLE, "Submit", blocks, Origin(request=draft.resubmission_of))


def resource_field(operation: Operation) -> str:
    """The block id of the menu of resources, which is another one where other resources are offered."""
    return f"{Field.RESOURCE}:{GATES[operation][0]}"


def _operation_fields(entries: Sequence[Resource], operation: Operation, draft: Draft) -> list[Block]:
    if not entries:
        return [
            section(
                f"No resource supports this operation ({terms.operation(operation)}) yet. An administrator can add one."
            )
        ]
    blocks: list[Block] = [
        resource_menu(resource_field(operation), Action.RESOURCE, "Where?", entries, chosen=draft.entry)
    ]
    if "certificate" in NEEDS[operation]:
        hint, pem = (
            "The current certificate, as PEM or base64, from BEGIN CERTIFICATE to END CERTIFICATE.",
            draft.certificate,
        )
        blocks += [
            _material(Field.CERTIFICATE, Action.CERTIFICATE, "Certificate", pem, hint, draft),
            _file(Field.CERTIFICATE_FILE, Action.CERTIFICATE_FILE, "Or the certificate as a file"),
        ]
    if "csr" in NEEDS[operation]:
        blocks += [
            _material(
                Field.CSR,
                Action.CSR,
                "Certificate request (CSR)",
                draft.csr,
                (
                    "PKCS#10, as PEM or base64, from BEGIN CERTIFICATE REQUEST to END CERTIFICATE REQUEST, with at "
                    "most 500 names; keys are RSA, EC, Ed25519, Ed448 or ML-DSA. Never paste a private key."
                ),
                draft,
            ),
            _file(Field.CSR_FILE, Action.CSR_FILE, "Or the CSR as a file"),
        ]
    if "reason" in NEEDS[operation]:
        reasons = [option(capital(terms.revocation_reason(reason)), reason.value) for reason in RevocationReason]
        blocks.append(
            menu(
                Field.REVOCATION_REASON,
                Action.REVOCATION_REASON,
                "Why should it be revoked?",
                reasons,
                chosen=draft.revocation_reason,
                hint="RFC 5280 section 5.3.1; published in the CRL.",
            )
        )
    blocks.append(
        typed(
            Field.REASON,
            Action.REASON,
            common.REASON,
            placeholder="Why is this needed? The approvers read it.",
            initial=draft.reason,
        )
    )
    return blocks


def _material(field: Field, action: Action, label: str, pem: str, hint: str, draft: Draft) -> Block:
    """A field for PEM, which may be uploaded instead. What is longer than a field takes is never cut: in a resubmission it stays
    where it is, and is used if nothing else is given.
    """
    fits, again = len(pem.strip()) <= TYPED, draft.resubmission_of
    if not fits:
        hint = (
            submitting.TOO_LONG_TO_PASTE
            if again is None
            else f"Too long to show here. Leave this empty to use what {request_name(again)} contained."
        )
    block_id = field if fits or again is None else f"{field}:{KEPT}"
    return typed(block_id, action, label, hint=hint, most=TYPED, initial=pem.strip() if fits else "", optional=True)


def _file(field: Field, action: Action, label: str) -> Block:
    return upload(
        field, action, label, kinds=FILE_KINDS, hint="Instead of pasting it above. PEM or DER, at most 64 KiB."
    )


def reading(sentence: str, external_id: str | None = None) -> View:
    """What is shown while a file takes its time. It can be drawn anew by its id, or by *external_id*."""
    return _word(section(sentence), external_id=external_id)


def submitted(request: Request) -> View:
    """In place of `reading`, once the request is there."""
    details = button(buttons.DETAILS, Action.DETAILS, str(request.id), buttons.details_label(request.name))
    return _word(
        section(f"{request.name} is submitted. You get a message that always shows its progress."),
        *actions(f"submitted:{request.id}", [details]),
    )


def nothing_found() -> View:
    """The message that somebody pointed at holds nothing to ask for."""
    return _word(section(submitting.NOTHING_IN_MESSAGE), *actions("nothing_found", [new_request()]))


def new_request() -> ButtonElement:
    """To the form for a new request."""
    label = "Open the form for a new request"
    return button("New request", Action.NEW_REQUEST, "new", label, style="primary")


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
