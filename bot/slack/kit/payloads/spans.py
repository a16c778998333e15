"""A length of time that was filled in as a number with its unit."""

from datetime import timedelta
from typing import NamedTuple

from bot.slack.kit.blocks.inputs import EXACTLY, NEVER, UNITS, USUAL
from bot.slack.kit.ids import Field
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.fields import FieldFaults, Fields
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.texts import bad_input
from domain.approvals.profiles import LONGEST_EXPIRY
from domain.configuration.durations import parse_duration


class Span(NamedTuple):
    length: timedelta | None
    unit: str
    """One of `UNITS`, `NEVER`, `USUAL`, or `EXACTLY` with a length."""


def read_span(fields: Fields, number: Field, unit: Field, faults: FieldFaults) -> Span:
    """A number with its unit, as `bot.slack.kit.blocks.inputs.span` draws them; no length for never, for usual and for a fault.

    Raises BadInput.
    """
    chosen, written = fields.choice(unit) or NEVER, fields.text(number)
    if chosen in {NEVER, USUAL}:
        return Span(None, chosen)
    if chosen.startswith(EXACTLY):
        length = parsed(parse_duration, chosen.removeprefix(EXACTLY), bad_input.UNKNOWN_SPAN)
        if not timedelta() < length <= LONGEST_EXPIRY:
            raise BadInput(what=bad_input.UNKNOWN_SPAN)
        return Span(length, chosen)
    size = UNITS.get(chosen)
    if size is None:
        raise BadInput(what="there is no such unit of time")
    if not (written.isascii() and written.isdecimal() and len(written) <= 9 and int(written) > 0):
        faults.add(number, "Write a whole number, or choose “Never” or “No limit” in the field below.")
        return Span(None, chosen)
    if int(written) > LONGEST_EXPIRY // size:
        faults.add(number, "Write at most ten years.")
        return Span(None, chosen)
    return Span(int(written) * size, chosen)
