"""The form for rules is read strictly: everything that is wrong is shown beside its field, and no secret is repeated."""

from typing import Any

import pytest

from bot.slack.kit.admin_places import ResourcePlace
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.pages.resources.form_blocks import resource_form
from bot.slack.pages.resources.rule_blocks import rules_form as drawn
from bot.slack.pages.resources.rule_payloads import rules_form
from domain.approvals.resources import Resource, ResourceKind
from domain.pki import OnViolation, Rules, SanKind
from domain.workflow.configuration.resource_pages import Choices
from tests.bot.slack.kit.test_payloads import sent, text
from tests.bot.slack.pages.test_admin_payloads import picked, several
from tests.material_factory import certificate_pem, private_key_pem

PLACE = ResourcePlace(key="one", kind=ResourceKind.RA_PROFILE, seen="0123456789abcdef", nonce="7f")
RESOURCE = Resource(key="one", kind=ResourceKind.RA_PROFILE, name="One")
VIEW = drawn(RESOURCE, PLACE)


def form(**values: Any) -> Any:
    return sent(VIEW, {f"{block}:7f": {"x": entry} for block, entry in values.items()})


def faults(**values: Any) -> dict[str, str]:
    with pytest.raises(FormFaults) as refused:
        rules_form(form(**values))
    return {block.removesuffix(":7f"): sentence for block, sentence in refused.value.errors.items()}


def test_an_empty_form_has_no_rules() -> None:
    assert rules_form(form()).rules == Rules()


def test_every_rule_is_read() -> None:
    ca = certificate_pem(ca=True)
    parsed = rules_form(
        form(
            rule_keys=text("rsa 3072+\n\n  ec p-256 \n"), violation_keys=picked("refuse"),
            rule_subject=text("o=Example GmbH\nO=a=b\nC=DE"), violation_subject=picked("warn"),
            rule_name_kinds=several("dns", "ip"), violation_name_kinds=picked("warn"),
            rule_most_names=text("0"), violation_most_names=picked("refuse"),
            violation_no_wildcards=picked("refuse"),
            rule_issuers=text(f"CN=A,O=B\n{ca}key-id:0A1B\n{ca}"), violation_issuers=picked("warn"),
        )
    ).rules  # fmt: skip
    assert parsed.keys is not None
    assert (parsed.keys.allow, parsed.keys.on_violation) == (("RSA 3072+", "EC P-256"), OnViolation.REFUSE)
    assert parsed.subject is not None
    assert parsed.subject.allow == {"O": ("Example GmbH", "a=b"), "C": ("DE",)}
    assert parsed.name_kinds is not None
    assert parsed.name_kinds.allow == (SanKind.DNS, SanKind.IP)
    assert parsed.most_names is not None
    assert parsed.most_names.most == 0
    assert parsed.no_wildcards is not None
    assert parsed.issuers is not None
    assert parsed.issuers.allow == ("CN=A, O=B", ca, "key-id:0a:1b", ca)
    assert (parsed.dns_names, parsed.no_ca_certificates) == (None, None)


def test_everything_that_is_wrong_is_said_beside_its_field() -> None:
    sentences = faults(
        rule_keys=text("EC"),
        violation_dns_names=picked("warn"),
        rule_email_addresses=text("*@example.com\nnobody"), violation_email_addresses=picked("warn"),
        rule_subject=text("Example GmbH"), violation_subject=picked("warn"),
        rule_most_names=text("many"), violation_most_names=picked("warn"),
        rule_ip_addresses=text("10.0.0.0/8\n" * 101), violation_ip_addresses=picked("warn"),
    )  # fmt: skip
    assert sentences == {
        "violation_keys": "Choose what happens to everything else, or clear the field above.",
        "rule_dns_names": "Write what is allowed, or choose “No rule” below.",
        "rule_email_addresses": "Line 2 is not an email address: write *@example.com or *@**.example.com.",
        "rule_subject": "Write each part with its value, for example O=Example.",
        "rule_most_names": "Write a whole number from 0 to 500.",
        "rule_ip_addresses": "Write at most 100 lines.",
    }


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("O=", "O must have 1 to 253 printable characters."),
        ("Organisation=x", "Organisation is not a part of a subject: write CN, O, OU, C, L, ST and the like, or a dotted OID."),
        ("C=DE\nO=\u202eevil", "O must have 1 to 253 printable characters."),
    ],
)  # fmt: skip
def test_what_the_subject_may_not_say(given: str, sentence: str) -> None:
    assert faults(rule_subject=text(given), violation_subject=picked("warn")) == {"rule_subject": sentence}


def test_a_private_key_in_a_field_is_refused_and_not_repeated() -> None:
    secret = private_key_pem()
    [sentence] = faults(rule_issuers=text(f"CN=A\n{secret}"), violation_issuers=picked("warn")).values()
    assert sentence == "Line 2 is not the certificate of a CA in PEM."


@pytest.mark.parametrize(
    "body",
    [
        form(violation_keys=picked("panic")),
        sent(drawn(RESOURCE, PLACE.replace(key=None)), {}),
        sent(resource_form(RESOURCE, Choices(resources=(), profiles={}), PLACE), {}),
    ],
)
def test_what_is_forged_is_refused(body: Any) -> None:
    with pytest.raises(BadInput):
        rules_form(body)
