"""The form for the rules of a resource, as it was sent."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from pydantic import ValidationError

from bot.slack.kit.admin_places import ResourcePlace
from bot.slack.kit.ids import Callback
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.fields import FieldFaults, Fields
from bot.slack.kit.payloads.forms import Form, form_parts
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.texts import bad_input
from bot.slack.pages.resources.rule_blocks import FILLED_IN, rule_field, violation_field, violation_of
from domain.approvals.resources import ResourceId
from domain.common.validation_sentences import validation_sentence
from domain.pki import OnViolation, Rules
from domain.pki.rules.patterns import attribute_type
from domain.pki.rules.rules import (
    MOST_PATTERNS,
    DnsRule,
    EmailRule,
    IssuerRule,
    KeyRule,
    KindRule,
    MostRule,
    NetworkRule,
    ResourceRule,
    SubjectRule,
)

_ENTRY: Final = re.compile(r"-----BEGIN [^-]*-----[^-]*-----END [^-]*-----|[^\n]+")
"""A PEM block, or a line."""
_SHAPES: Final[Mapping[str, type[ResourceRule]]] = {
    "keys": KeyRule,
    "dns_names": DnsRule,
    "email_addresses": EmailRule,
    "ip_addresses": NetworkRule,
    "subject": SubjectRule,
    "name_kinds": KindRule,
    "most_names": MostRule,
    "no_wildcards": ResourceRule,
    "no_ca_certificates": ResourceRule,
    "issuers": IssuerRule,
}


class RulesForm(Form):
    place: ResourcePlace
    resource: ResourceId
    rules: Rules


class _Wrong(Exception):
    """The sentence beside a field that has a mistake."""


class _MissingChoice(_Wrong):
    """A rule has a value, and nothing was chosen for violations of it: the sentence belongs beside that choice."""


def rules_form(body: Any) -> RulesForm:
    """The form for the rules of a resource. Raises BadInput, and FormFaults with every mistake."""
    form, fields, metadata = form_parts(body, Callback.RULES_FORM)
    place = parsed(ResourcePlace.parse, metadata, bad_input.NOT_OUR_FORM)
    if place.key is None:
        raise BadInput(what=bad_input.NOT_OUR_FORM)
    rules: dict[str, ResourceRule] = {}
    faults = FieldFaults(fields)
    for name in Rules.model_fields:
        chosen = parsed(
            violation_of, fields.choice(violation_field(name)), "there is no such choice for violations of a rule"
        )
        try:
            rule = _rule(name, fields, chosen)
        except _Wrong as wrong:
            field = violation_field(name) if isinstance(wrong, _MissingChoice) else rule_field(name)
            faults.add(field, str(wrong))
        else:
            rules |= {name: rule} if rule is not None else {}
    faults.raise_any()
    return RulesForm(**form, place=place, resource=ResourceId(place.key), rules=Rules(**rules))


def _rule(name: str, fields: Fields, chosen: OnViolation | None) -> ResourceRule | None:
    """The rule called *name*, or None for no rule. Raises _Wrong."""
    allowed = _READ.get(name, _lines)(fields, name) if name in FILLED_IN else {}
    filled_in = any(value not in ((), {}) for value in allowed.values())
    if chosen is None:
        if filled_in:
            raise _MissingChoice("Choose what happens to everything else, or clear the field above.")
        return None
    if name in FILLED_IN and not filled_in:
        raise _Wrong("Write what is allowed, or choose “No rule” below.")
    try:
        return _SHAPES[name](on_violation=chosen, **allowed)
    except ValidationError as error:
        raise _Wrong(_sentence(name, error)) from None


def _lines(fields: Fields, name: str) -> dict[str, Any]:
    entries = [match.strip() for match in _ENTRY.findall(fields.typed(rule_field(name)))]
    return {"allow": tuple(entry for entry in entries if entry)}


def _parts(fields: Fields, name: str) -> dict[str, Any]:
    values: dict[str, list[str]] = {}
    for line in _lines(fields, name)["allow"]:
        part, equals, value = line.partition("=")
        if not equals:
            raise _Wrong("Write each part with its value, for example O=Example.")
        # a part that does not exist is refused by the rule, with its sentence beside the field
        with suppress(ValueError):
            part = attribute_type(part)
        values.setdefault(part.strip(), []).append(value)
    return {"allow": values}


def _kinds(fields: Fields, name: str) -> dict[str, Any]:
    return {"allow": fields.choices(rule_field(name))}


def _most(fields: Fields, name: str) -> dict[str, Any]:
    """Empty if nothing was typed. Text that is not a number stays text, and the rule refuses it. 0 is a value."""
    typed = fields.text(rule_field(name))
    return {"most": int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else typed} if typed else {}


_READ: Final[Mapping[str, Callable[[Fields, str], dict[str, Any]]]] = {
    "subject": _parts,
    "name_kinds": _kinds,
    "most_names": _most,
}


def _sentence(name: str, error: ValidationError) -> str:
    """The first mistake. It names the line and not its content, which may be a secret that was pasted by accident."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = [place for place in first["loc"] if isinstance(place, int)]
    if name == "most_names":
        return "Write a whole number from 0 to 500."
    if first["type"] == "too_long" or (not where and name != "subject"):
        return f"Write at most {MOST_PATTERNS} lines."
    what = validation_sentence(first)
    return f"{str(first['loc'][1])[:40]} {what}." if name == "subject" else f"Line {where[0] + 1} {what}."
