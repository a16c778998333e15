"""The terms of an approval profile, which hold for all its steps: as its page shows them, as fields of its form, and read from that form.

A new term is added here, with ids for its field.
"""

from datetime import timedelta
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from slack_sdk.models.blocks import Block

from bot.slack.kit.blocks import inputs
from bot.slack.kit.blocks.fields import choice, typed
from bot.slack.kit.blocks.inputs import USUAL, line_of_text, tick
from bot.slack.kit.blocks.layout import option
from bot.slack.kit.ids import Action, Field
from bot.slack.kit.payloads.fields import FieldFaults, Fields
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.payloads.spans import read_span
from bot.slack.kit.texts import common
from bot.slack.kit.texts import fields as fields_texts
from bot.slack.kit.texts.grammar import capital, span
from domain.approvals.profiles import CommentRule, Definition, Description, Name, usual_reminder

_NAME: Final = TypeAdapter[str](Name)
_DESCRIPTION: Final = TypeAdapter[str](Description)
_COMMENT_RULES: Final = {
    CommentRule.REJECT: "to reject",
    CommentRule.ALWAYS: "to approve and to reject",
    CommentRule.NEVER: "never",
}
CHOICES: Final = (
    Action.PROFILE_REMINDER_UNIT,
    Action.PROFILE_VALIDITY_UNIT,
    Action.PROFILE_COMMENT,
    Action.PROFILE_REQUESTER,
)
"""Fields that are read only when the form is sent."""
PREVIEWED: Final = (Action.PROFILE_EXPIRY, Action.PROFILE_EXPIRY_UNIT)
"""Fields that change the preview."""


def term_pairs(definition: Definition) -> list[tuple[str, str]]:
    """The name of each term with its value."""
    expires, remind = definition.expires_after, definition.remind_every
    return [
        ("Expires after", span(expires) if expires is not None else "never"),
        ("Remind every", span(remind) if remind is not None else "never"),
        *([("Approval valid for", span(definition.valid_for))] if definition.valid_for is not None else []),
        ("Comment required", _COMMENT_RULES[definition.comment_required]),
        ("Requester may approve", "yes" if definition.requester_may_approve else "no"),
    ]


def term_fields(definition: Definition, nonce: str, *, name: str) -> list[Block]:
    """The fields of the form; *name* is empty for a new profile."""

    def named(field: Field) -> str:
        return f"{field}:{nonce}"

    usual = definition.remind_every == usual_reminder(definition.expires_after)
    return [
        line_of_text(named(Field.PROFILE_NAME), Action.PROFILE_NAME, common.NAME, least=3, most=80, initial=name),
        typed(
            named(Field.PROFILE_DESCRIPTION), Action.PROFILE_DESCRIPTION, common.DESCRIPTION, optional=True, most=500,
            initial=definition.description,
        ),
        *inputs.span(
            named(Field.PROFILE_EXPIRY), Action.PROFILE_EXPIRY, named(Field.PROFILE_EXPIRY_UNIT), Action.PROFILE_EXPIRY_UNIT,
            "Requests expire after", definition.expires_after, never="Never", dispatch=True,
            hint="At each gate, counted from when that gate opens.",
        ),
        *inputs.span(
            named(Field.PROFILE_REMINDER), Action.PROFILE_REMINDER, named(Field.PROFILE_REMINDER_UNIT),
            Action.PROFILE_REMINDER_UNIT, "Remind approvers every", definition.remind_every, never="Never",
            usual="Default: 24 hours, if the request stays open longer", is_usual=usual,
        ),
        *inputs.span(
            named(Field.PROFILE_VALIDITY), Action.PROFILE_VALIDITY, named(Field.PROFILE_VALIDITY_UNIT),
            Action.PROFILE_VALIDITY_UNIT, "Approvals are valid for", definition.valid_for, never="No limit",
            hint="Counted from when the whole request is approved. After that, the operation cannot be carried out.",
        ),
        choice(
            named(Field.PROFILE_COMMENT), Action.PROFILE_COMMENT, "A comment is required",
            [option(capital(text), rule.value) for rule, text in _COMMENT_RULES.items()], chosen=definition.comment_required,
        ),
        tick(
            named(Field.PROFILE_REQUESTER), Action.PROFILE_REQUESTER, "Own requests",
            "Requesters may approve their own requests", ticked=definition.requester_may_approve,
        ),
    ]  # fmt: skip


def read_terms(fields: Fields) -> dict[str, Any]:
    """The parts of a `Definition` other than its steps. Raises BadInput, FormFaults."""
    faults = FieldFaults(fields)
    expiry = read_span(fields, Field.PROFILE_EXPIRY, Field.PROFILE_EXPIRY_UNIT, faults)
    reminder = read_span(fields, Field.PROFILE_REMINDER, Field.PROFILE_REMINDER_UNIT, faults)
    validity = read_span(fields, Field.PROFILE_VALIDITY, Field.PROFILE_VALIDITY_UNIT, faults)
    rule = fields.choice(Field.PROFILE_COMMENT)
    terms = {
        "name": _validated(_NAME, fields.typed(Field.PROFILE_NAME)),
        "description": _validated(_DESCRIPTION, fields.typed(Field.PROFILE_DESCRIPTION)),
        "expires_after": expiry.length,
        "remind_every": usual_reminder(expiry.length) if reminder.unit == USUAL else reminder.length,
        "valid_for": validity.length,
        "requester_may_approve": bool(fields.choices(Field.PROFILE_REQUESTER)),
        "comment_required": parsed(CommentRule, rule, "there is no such rule for comments")
        if rule
        else CommentRule.REJECT,
    }
    if terms["name"] is None:
        faults.add(Field.PROFILE_NAME, fields_texts.from_to(3, 80))
    if terms["description"] is None:
        faults.add(Field.PROFILE_DESCRIPTION, fields_texts.at_most(500))
    faults.raise_any()
    return terms


def read_expiry(fields: Fields) -> timedelta | None:
    """The expiry while it is filled in, None if it cannot be read. Raises BadInput."""
    return read_span(fields, Field.PROFILE_EXPIRY, Field.PROFILE_EXPIRY_UNIT, FieldFaults(fields)).length


def _validated(rule: TypeAdapter[str], text: str) -> str | None:
    try:
        return rule.validate_python(text)
    except ValidationError:
        return None
