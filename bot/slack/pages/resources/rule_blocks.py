"""The rules of a resource: in words, and the form to change them."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from slack_sdk.models.blocks import Block, InputBlock, PlainTextObject, StaticMultiSelectElement
from slack_sdk.models.views import View

from bot.slack.kit.admin_places import ResourcePlace
from bot.slack.kit.blocks.admin_pages import folded, form_back
from bot.slack.kit.blocks.fields import TYPED, input_block, menu, typed
from bot.slack.kit.blocks.inputs import number
from bot.slack.kit.blocks.layout import context, option
from bot.slack.kit.blocks.text import code
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts.grammar import capital, row
from domain.approvals.resources import Resource
from domain.configuration.refusals import RulesTooLong
from domain.pki import MOST_SANS, OnViolation, Rules, SanKind
from domain.pki.rules.rules import KindRule, MostRule, ResourceRule, SubjectRule, pin_subject


class RuleTexts(NamedTuple):
    """What a rule is called, and how its field is filled in."""

    name: str
    """On the page of the resource."""
    label: str
    """Of the field, or of the menu for a rule without a field."""
    violation: str = ""
    """The label of the menu for what happens to everything else; empty for a rule without a field."""
    hint: str = ""
    placeholder: str = ""


RULE_TEXTS: Final[Mapping[str, RuleTexts]] = {
    "keys": RuleTexts(
        "Keys", "Allowed keys", "Other keys",
        "One per line: RSA 3072 (exactly), RSA 3072+ (at least), RSA 2048-4096, EC P-256, Ed25519, Ed448.", "RSA 3072+",
    ),
    "dns_names": RuleTexts(
        "DNS names", "Allowed DNS names", "Other DNS names",
        "One per line. A star matches any characters in one label: *.example.com is one level below, **.example.com any depth.",
        "**.example.com",
    ),
    "email_addresses": RuleTexts(
        "E-mail addresses", "Allowed e-mail addresses", "Other e-mail addresses",
        "One per line, with stars as in DNS names.", "*@example.com",
    ),
    "ip_addresses": RuleTexts(
        "IP addresses", "Allowed IP addresses", "Other IP addresses", "One network or address per line.", "10.0.0.0/8"
    ),
    "subject": RuleTexts(
        "Subject", "Allowed values in the subject", "Other values in the subject",
        "One value per line; several lines for the same part allow each of them. A star matches any characters. Parts without a "
        "line may have any value.",
        "O=Example GmbH",
    ),
    "name_kinds": RuleTexts("Kinds of alternative names", "Allowed kinds of alternative names", "Other kinds"),
    "most_names": RuleTexts("Alternative names", "Maximum number of alternative names", "More names"),
    "no_wildcards": RuleTexts("Wildcards", "Wildcards"),
    "no_ca_certificates": RuleTexts("Certificates for CAs", "Certificates for CAs (CA:TRUE)"),
    "issuers": RuleTexts(
        "Issuers of certificates", "CAs whose certificates are renewed, rekeyed or revoked here", "Certificates of other CAs",
        "For each CA its certificate as PEM, which is checked by the signature; or, one per line, its subject as details show it, or "
        "key-id: and its key identifier in hex.",
        "CN=Example Issuing CA, O=Example",
    ),
}  # fmt: skip
NO_RULE: Final = "-"
FILLED_IN: Final = tuple(name for name in Rules.model_fields if RULE_TEXTS[name].violation)
"""The rules with a field for what they allow. The others either apply or do not."""
_OUTCOMES: Final[Mapping[str, str]] = {
    NO_RULE: "No rule",
    OnViolation.WARN.value: "Warn the approvers",
    OnViolation.REFUSE.value: "Refuse the request",
}


def rule_field(name: str) -> Field:
    """The field for what the rule *name* allows."""
    return Field(f"rule_{name}")


def violation_field(name: str) -> Field:
    """The menu for what happens to a request that violates the rule *name*."""
    return Field(f"violation_{name}")


def rule_lines(rules: Rules) -> Iterator[str]:
    """Each rule in a line of mrkdwn, or several if it is long."""
    for name, rule in rules:
        if rule is not None:
            yield from folded(f"*{RULE_TEXTS[name].name}*: {_rule_words(rule)}")


def _rule_words(rule: ResourceRule) -> str:
    refuses = rule.on_violation is OnViolation.REFUSE
    if isinstance(rule, MostRule):
        return f"{rule.most} at most; " + ("more are refused" if refuses else "approvers are warned of more")
    allowed = _allowed_words(rule)
    if not allowed:
        return "refused" if refuses else "approvers are warned"
    others = "anything else is refused" if refuses else "approvers are warned of anything else"
    return f"only {row(allowed)}; {others}"


def _allowed_words(rule: ResourceRule) -> list[str]:
    if isinstance(rule, KindRule):
        return [terms.name_kind(kind) for kind in rule.allow]
    entries = [(pin_subject(entry), entry) for entry in allowed_lines(rule)]
    return [f"{code(subject, 200)} (by its certificate)" if subject else code(entry, 200) for subject, entry in entries]


def allowed_lines(rule: ResourceRule) -> list[str]:
    """What *rule* allows, as its field has it: one entry per line."""
    if isinstance(rule, SubjectRule):
        return [f"{part}={value}" for part, values in rule.allow.items() for value in values]
    return [str(entry) for entry in getattr(rule, "allow", ())]


def rules_form(resource: Resource, place: ResourcePlace) -> View:
    """The form for the rules of *resource*. Raises RulesTooLong if it cannot show all that they allow: saving would lose the rest."""
    blocks: list[Block] = [
        context(
            "Each rule says what is allowed here, and what happens to a request for anything else: its approvers are warned, or it "
            "is refused on submission. The rules of every resource that a request involves apply. Open requests keep their notes."
        )
    ]
    options = [option(text, outcome) for outcome, text in _OUTCOMES.items()]
    for name, rule in resource.rules:
        texts = RULE_TEXTS[name]
        if name in FILLED_IN:
            blocks.append(_allowed(name, rule, place.nonce))
        chosen = NO_RULE if rule is None else rule.on_violation.value
        where = f"{violation_field(name)}:{place.nonce}"
        blocks.append(menu(where, Action.VIOLATION, texts.violation or texts.label, options, chosen=chosen))
    blocks.extend(form_back(resource.key, Action.RESOURCE_OPEN, Action.RESOURCES))
    return View(
        type="modal", callback_id=Callback.RULES_FORM, title="Rules", submit=common.SAVE, close=common.CLOSE, blocks=blocks,
        private_metadata=str(place),
    )  # fmt: skip


def _allowed(name: str, rule: ResourceRule | None, nonce: str) -> InputBlock:
    where, texts = f"{rule_field(name)}:{nonce}", RULE_TEXTS[name]
    if name == "most_names":
        most = rule.most if isinstance(rule, MostRule) else None
        return number(where, Action.RULE, texts.label, initial=most, least=0, most=MOST_SANS, optional=True)
    if name == "name_kinds":
        return _kinds(where, texts.label, rule.allow if isinstance(rule, KindRule) else ())
    lines = "\n".join(line.strip() for line in allowed_lines(rule)) if rule is not None else ""
    if len(lines) > TYPED:
        raise RulesTooLong
    return typed(
        where, Action.RULE, texts.label, optional=True, hint=texts.hint, placeholder=texts.placeholder, initial=lines, most=TYPED
    )  # fmt: skip


def _kinds(where: str, label: str, chosen: tuple[SanKind, ...]) -> InputBlock:
    options = {kind: option(capital(terms.name_kind(kind)), kind.value) for kind in SanKind}
    element = StaticMultiSelectElement(
        action_id=Action.RULE,
        options=list(options.values()),
        initial_options=[options[kind] for kind in dict.fromkeys(chosen)] or None,
        placeholder=PlainTextObject(text="Any kind", emoji=False),
    )
    return input_block(where, label, element, optional=True)


def violation_of(chosen: str) -> OnViolation | None:
    """What was chosen in a menu of `rules_form`; None for no rule. Raises ValueError."""
    return None if chosen in {"", NO_RULE} else OnViolation(chosen)
