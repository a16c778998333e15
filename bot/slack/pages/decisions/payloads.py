"""Payloads of this page."""

from typing import Any

from bot.slack.kit.ids import Callback, Field
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.kit.payloads.forms import Form, form_about
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts import fields as texts
from domain import workflow
from domain.approvals.decisions import Verdict
from domain.approvals.requests import RequestId, StepRef


class DecisionForm(Form):
    """Approve or reject, with a comment."""

    step: StepRef
    comment: str
    pressed: workflow.Click | None
    """The message whose button opened it."""


class OverrideForm(Form):
    request: RequestId
    verdict: Verdict
    reason: str


class CancelForm(Form):
    request: RequestId
    reason: str


class CommentForm(Form):
    request: RequestId
    text: str


def approve_form(body: Any) -> DecisionForm:
    """The form to approve with a comment. Raises BadInput."""
    return _decision(body, Callback.APPROVE)


def reject_form(body: Any) -> DecisionForm:
    """The form to reject. Raises BadInput."""
    return _decision(body, Callback.REJECT)


def override_form(body: Any) -> OverrideForm:
    """The form to override. Raises BadInput, and FormFaults where no outcome was chosen."""
    form, fields, origin = form_about(body, Callback.OVERRIDE)
    verdict = fields.choice(Field.VERDICT)
    if not verdict:
        raise FormFaults({Field.VERDICT.value: texts.CHOOSE_OUTCOME})
    return OverrideForm(
        **form,
        request=_needed(origin.request),
        verdict=parsed(Verdict, verdict, bad_input.UNKNOWN_OUTCOME),
        reason=fields.text(Field.REASON),
    )


def cancel_form(body: Any) -> CancelForm:
    """The form to cancel. Raises BadInput."""
    form, fields, origin = form_about(body, Callback.CANCEL)
    return CancelForm(**form, request=_needed(origin.request), reason=fields.text(Field.REASON))


def comment_form(body: Any) -> CommentForm:
    """The form to say something. Raises BadInput."""
    form, fields, origin = form_about(body, Callback.COMMENT)
    return CommentForm(**form, request=_needed(origin.request), text=fields.text(Field.COMMENT))


def _decision(body: Any, callback: Callback) -> DecisionForm:
    form, fields, origin = form_about(body, callback)
    if origin.step is None:
        raise BadInput(what="the form names no step")
    return DecisionForm(**form, step=origin.step, comment=fields.text(Field.COMMENT), pressed=origin.pressed)


def _needed(request: int | None) -> RequestId:
    if request is None:
        raise BadInput(what="the form names no request")
    return RequestId(request)
