"""Payloads of this page."""

from typing import Any

from bot.slack.kit.ids import Callback, Field
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.kit.payloads.forms import Form, form_parts
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.texts.bad_input import NOT_OUR_FORM, UNKNOWN_OUTCOME
from bot.slack.kit.texts.fields import CHOOSE_OUTCOME
from bot.slack.pages.bulk_decisions.blocks import MOST
from domain.approvals.decisions import Verdict
from domain.approvals.requests import StepRef


class SeveralForm(Form):
    """Several requests to decide on, each by the step that was shown."""

    steps: tuple[StepRef, ...]
    verdict: Verdict
    comment: str


def several_form(body: Any) -> SeveralForm:
    """What was ticked, and what is said of it. Raises BadInput, and FormFaults where nothing was ticked, or no outcome chosen."""
    form, fields, _ = form_parts(body, Callback.SEVERAL)
    ticked = [parsed(StepRef.parse, step, NOT_OUR_FORM) for step in fields.ticked(Field.SEVERAL)]
    verdict = fields.choice(Field.VERDICT)
    if not ticked or not verdict:
        raise FormFaults({Field.VERDICT.value: CHOOSE_OUTCOME if ticked else "Tick at least one request above."})
    if len(ticked) > MOST:
        raise BadInput(what=NOT_OUR_FORM)
    return SeveralForm(
        **form,
        steps=tuple(dict.fromkeys(ticked)),
        verdict=parsed(Verdict, verdict, UNKNOWN_OUTCOME),
        comment=fields.text(Field.COMMENT),
    )
