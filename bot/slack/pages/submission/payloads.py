"""Payloads of this page."""

from collections.abc import Mapping
from typing import Any, Final

from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.payloads.clicks import ViewRef, view_of
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.kit.payloads.fields import Fields
from bot.slack.kit.payloads.forms import Form, form_about
from bot.slack.kit.payloads.raw import RawInteraction, parsed, read
from bot.slack.kit.payloads.who import Who, who_of
from bot.slack.kit.places import Origin
from bot.slack.kit.texts import bad_input, submitting
from bot.slack.pages.submission.blocks import KEPT
from domain.approvals.requests import RequestId
from domain.approvals.resources import ResourceId
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.pki import NEEDS, RevocationReason
from domain.pki import Field as MaterialField
from domain.workflow import Submission


class SubmitForm(Form):
    submission: Submission
    files: Mapping[Field, str]
    """The files to take the CSR and the certificate from, by the field that they stand in: Slack's ids, and whose they are is not known."""


class FormChange(Frozen):
    """Another operation was chosen in the form for a new request."""

    who: Who
    view: ViewRef
    operation: Operation
    resubmission_of: RequestId | None
    csr: str
    certificate: str
    reason: str
    """What stands in the fields: also what nobody typed, because it was filled in."""


def submit_form(body: Any) -> SubmitForm:
    """The form for a new request. Raises BadInput, and FormFaults where a choice is missing."""
    form, fields, origin = form_about(body, Callback.SUBMIT)
    operation = fields.choice(Field.OPERATION)
    entry = fields.choice(Field.RESOURCE)
    missing = {
        block: sentence
        for block, chosen, sentence in (
            (Field.OPERATION.value, operation, "Choose what you need."),
            (fields.block(Field.RESOURCE), entry, "Choose where it is to be done."),
        )
        if not chosen and block is not None
    }
    if missing:
        raise FormFaults(missing)
    if not operation or not entry:
        raise FormFaults({Field.OPERATION.value: "Nothing offers this operation yet. Choose another one."})
    asked = parsed(Operation, operation, bad_input.UNKNOWN_OPERATION)
    reason = fields.choice(Field.REVOCATION_REASON)
    submission = Submission(
        operation=asked,
        entry=ResourceId(entry),
        reason=fields.text(Field.REASON),
        csr=fields.text(Field.CSR) or None,
        certificate=fields.text(Field.CERTIFICATE) or None,
        revocation_reason=parsed(RevocationReason, reason, "there is no such revocation reason") if reason else None,
        resubmission_of=_optional(origin.request),
    )
    return SubmitForm(**form, submission=submission, files=_files(fields, asked))


_GIVEN: Final[Mapping[MaterialField, tuple[Field, Field, str]]] = {
    "csr": (Field.CSR, Field.CSR_FILE, submitting.GIVE_CSR),
    "certificate": (Field.CERTIFICATE, Field.CERTIFICATE_FILE, submitting.GIVE_CERTIFICATE),
}


def _files(fields: Fields, operation: Operation) -> dict[Field, str]:
    """The file for each thing that *operation* needs and that was not pasted: exactly one way of each, or what a resubmission keeps.

    Raises FormFaults with a sentence for each thing that was given twice or not at all.
    """
    files: dict[Field, str] = {}
    faults: dict[str, str] = {}
    for needed in NEEDS[operation]:
        if needed not in _GIVEN:
            continue
        pasted, uploaded, sentence = _GIVEN[needed]
        chosen = fields.files(uploaded)
        if len(chosen) > 1:
            faults[uploaded.value] = submitting.ONE_FILE
        elif chosen and fields.text(pasted):
            faults[uploaded.value] = submitting.BOTH_GIVEN
        elif chosen:
            files[uploaded] = chosen[0]
        elif not fields.text(pasted) and fields.block(pasted) != f"{pasted}:{KEPT}":
            faults[pasted.value] = sentence
    if faults:
        raise FormFaults(faults)
    return files


def form_change(body: Any) -> FormChange:
    """Another choice in the menu of operations. Raises BadInput."""
    raw = read(RawInteraction, body)
    view = view_of(raw)
    if view is None or view.callback != Callback.SUBMIT or len(raw.actions) != 1:
        raise BadInput(what="it is not about the form for a new request")
    chosen = raw.actions[0].selected_option
    if raw.actions[0].action_id != Action.OPERATION or chosen is None:
        raise BadInput(what="it names no operation")
    origin = parsed(Origin.parse, view.metadata, bad_input.NOT_OUR_FORM)
    fields = Fields(raw.view) if raw.view is not None else None
    return FormChange(
        who=who_of(raw),
        view=view,
        operation=parsed(Operation, chosen.value, bad_input.UNKNOWN_OPERATION),
        resubmission_of=_optional(origin.request),
        csr=fields.text(Field.CSR) if fields else "",
        certificate=fields.text(Field.CERTIFICATE) if fields else "",
        reason=fields.text(Field.REASON) if fields else "",
    )


def _optional(request: int | None) -> RequestId | None:
    return None if request is None else RequestId(request)
