"""The rules of a resource: to read, and the form to change them."""

from collections.abc import Iterator
from typing import Final

from slack_sdk.models.blocks import Block, InputBlock, PlainTextObject, StaticMultiSelectElement
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import ResourcePlace
from bot.slack.kit.blocks.admin_pages import folded
from bot.slack.kit.blocks.fields import TYPED, menu, typed
from bot.slack.kit.blocks.inputs import block, number
from bot.slack.kit.blocks.layout import actions, button, context, option
from bot.slack.kit.blocks.text import code
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts.grammar import capital
from bot.slack.pages.resources import rule_texts as texts
from domain.approvals.resources import Resource
from domain.configuration.refusals import RulesTooLong
from domain.pki import MOST_SANS, OnViolation, Rules, SanKind
from domain.pki.rules.rules import KindRule, MostRule, ResourceRule, SubjectRule, pin_subject

NO_RULE: Final = "-"
FILLED_IN: Final = tuple(name for name in Rules.model_fields if texts.WORDS[name].otherwise)
"""The rules that say what is allowed; the others are there or not."""


def rule_field(name: str) -> Field:
    """The field for what the rule called *name* allows."""
    return Field(f"rule_{name}")


def violation_field(name: str) -> Field:
    """The field for what happens to what breaks it."""
    return Field(f"violation_{name}")


def rule_lines(rules: Rules) -> Iterator[str]:
    """Each rule in a line of mrkdwn, or several where it is long."""
    for name, rule in rules:
        if rule is not None:
            if isinstance(rule, MostRule):
                yield texts.most_names(rule.most, rule.on_violation)
            else:
                yield from folded(texts.rule(name, _shown(rule), rule.on_violation))


def written_lines(rule: ResourceRule) -> list[str]:
    """What *rule* allows as its field has it, an entry a line."""
    if isinstance(rule, SubjectRule):
        return [f"{part}={value}" for part, values in rule.allow.items() for value in values]
    return [str(one) for one in getattr(rule, "allow", ())]


def _shown(rule: ResourceRule) -> list[str]:
    if isinstance(rule, KindRule):
        return [terms.name_kind(one) for one in rule.allow]
    entries = [(pin_subject(written_line), written_line) for written_line in written_lines(rule)]
    return [f"{code(subject, 200)} (by its certificate)" if subject else code(one, 200) for subject, one in entries]


def rules_form(resource: Resource, place: ResourcePlace) -> View:
    """The form for the rules of *resource*. Raises RulesTooLong where it could not show all that they say, and would lose some."""
    blocks: list[Block] = [
        context(
            "Each rule says what may be asked for here, and what happens to a request for anything else: "
            "its approvers are warned, or it is refused when it is submitted. The rules of every resource "
            "that a request passes count. Open requests keep their notes."
        )
    ]
    for name, rule in resource.rules:
        if name in FILLED_IN:
            blocks.append(_allowed(name, rule, place.nonce))
        words = texts.WORDS[name]
        chosen = NO_RULE if rule is None else rule.on_violation.value
        options = [option(text, NO_RULE if one is None else one.value) for one, text in texts.CHOICES.items()]
        where = f"{violation_field(name)}:{place.nonce}"
        blocks.append(menu(where, Action.VIOLATION, words.otherwise or words.label, options, chosen=chosen))
    key = resource.key
    back = button(common.BACK_WITHOUT_SAVING, Action.RESOURCE_OPEN, key, common.back_to(key))
    blocks.extend(actions("form:back", [back]))
    return View(
        type="modal", callback_id=Callback.RULES_FORM, title="Rules", submit=common.SAVE, close=common.CLOSE, blocks=blocks,
        private_metadata=str(place),
    )  # fmt: skip


def _allowed(name: str, rule: ResourceRule | None, nonce: str) -> InputBlock:
    where, words = f"{rule_field(name)}:{nonce}", texts.WORDS[name]
    if name == "most_names":
        most = rule.most if isinstance(rule, MostRule) else None
        return number(where, Action.RULE, words.label, initial=most, least=0, most=MOST_SANS, optional=True)
    if name == "name_kinds":
        return _kinds(where, words.label, rule.allow if isinstance(rule, KindRule) else ())
    lines = "\n".join(line.strip() for one in ([] if rule is None else [rule]) for line in written_lines(one))
    if len(lines) > TYPED:
        raise RulesTooLong
    return typed(
        where, Action.RULE, words.label, optional=True, hint=words.hint, placeholder=words.placeholder, initial=lines, most=TYPED
    )  # fmt: skip


def _kinds(where: str, label: str, chosen: tuple[SanKind, ...]) -> InputBlock:
    options = {one: option(capital(terms.name_kind(one)), one.value) for one in SanKind}
    element = StaticMultiSelectElement(
        action_id=Action.RULE,
        options=list(options.values()),
        initial_options=[options[fromkey] for fromkey in dict.fromkeys(chosen)] or None,
        placeholder=PlainTextObject(text="Any kind", emoji=False),
    )
    return block(where, label, element, optional=True)


def is_refusing(chosen: str) -> OnViolation | None:
    """What was chosen in a menu of `rules_form`; None for no rule. Raises ValueError."""
    return None if chosen in {"", NO_RULE} else OnViolation(chosen)
