"""The rules of a resource as they are shown, and their form, with ordinary and with hostile text, held against Slack's limits."""

from typing import Any

import pytest

from bot.slack.kit.admin_places import ResourcePlace
from bot.slack.pages.resources import rule_blocks as blocks
from bot.slack.pages.resources.blocks import dry_run, resource_page
from bot.slack.pages.resources.rule_blocks import RULE_TEXTS, rule_lines, rules_form
from domain.approvals.resources import Resource, ResourceKind
from domain.common.operations import Operation
from domain.configuration.refusals import RulesTooLong
from domain.pki import OnViolation, Ruled, Rules, SanKind
from domain.workflow.configuration.resource_pages import DryRun, ResourcePage
from tests.bot.slack.cast import HOSTILE
from tests.bot.slack.pages.test_profiles import NAME, check
from tests.material_factory import certificate_pem, name

PLACE = ResourcePlace(key="one", kind=ResourceKind.RA_PROFILE, seen="0123456789abcdef", nonce="7f")
CA = certificate_pem(subject=name("<!channel> *CA*", o="Example"), ca=True)
TEXT = "".join(char for char in HOSTILE if char.isprintable())[:100].strip()


def rules(on_violation: OnViolation = OnViolation.WARN, many: int = 1) -> Rules:
    allowed: dict[str, Any] = {
        "keys": ["RSA 3072+"] * many,
        "dns_names": [f"*.a{number}.example.com" for number in range(many)],
        "email_addresses": ["<!channel>@example.com"] * many,
        "ip_addresses": ["10.0.0.0/8"] * many,
        "subject": {"O": [TEXT] * many},
        "name_kinds": list(SanKind),
        "issuers": [CA, *["CN=`*x*`, O=<@U1>"] * (many - 1)],
    }
    parts: dict[str, Any] = {rule: {"allow": allow} for rule, allow in allowed.items()}
    parts |= {"most_names": {"most": 500}, "no_wildcards": {}, "no_ca_certificates": {}}
    return Rules.model_validate({rule: part | {"on_violation": on_violation} for rule, part in parts.items()})


def resource(has: Rules) -> Resource:
    return Resource(key="one", kind=ResourceKind.RA_PROFILE, name=NAME, rules=has)


def page(has: Rules, *, may_edit: bool = True) -> str:
    shown = ResourcePage(
        resource=resource(has), seen="0" * 16, names={}, named_by=(), saved=None, may_edit=may_edit
    )  # fmt: skip
    return check(resource_page(shown))


def test_every_rule_has_its_words_and_its_field() -> None:
    assert set(RULE_TEXTS) == set(Rules.model_fields)
    view = check(rules_form(resource(Rules()), PLACE))
    for rule in Rules.model_fields:
        assert f'"violation_{rule}:7f"' in view
        assert (f'"rule_{rule}:7f"' in view) == (rule in blocks.FILLED_IN)


@pytest.mark.parametrize("on_violation", OnViolation)
def test_rules_in_words(on_violation: OnViolation) -> None:
    lines = dict(zip(Rules.model_fields, rule_lines(rules(on_violation)), strict=True))
    others = {OnViolation.WARN: "approvers are warned of anything else", OnViolation.REFUSE: "anything else is refused"}
    assert lines["keys"] == f"*Keys*: only `RSA 3072+`; {others[on_violation]}"
    more = {OnViolation.WARN: "approvers are warned of more", OnViolation.REFUSE: "more are refused"}
    assert lines["most_names"] == f"*Alternative names*: 500 at most; {more[on_violation]}"
    assert lines["no_wildcards"] == "*Wildcards*: " + (
        "refused" if on_violation == "refuse" else "approvers are warned"
    )
    assert "(by its certificate)" in lines["issuers"]
    assert "BEGIN" not in lines["issuers"]


@pytest.mark.parametrize("many", [1, 20, 100])
def test_a_page_and_a_dry_run_with_rules_are_within_the_limits(many: int) -> None:
    view = page(rules(many=many))
    assert '"rules_edit"' in view
    assert '"rules_edit"' not in page(rules(many=many), may_edit=False)
    ruling = tuple(Ruled(resource=NAME, rules=rules(many=many)) for _ in range(4))
    tried = DryRun(operation=Operation.ISSUE, entry=resource(Rules()), gates=(), ruling=ruling)
    assert "Rules of" in check(dry_run([resource(Rules())], Operation.ISSUE, "one", tried))


def test_a_resource_without_rules_says_so() -> None:
    assert "No rules: any request" in page(Rules())


def test_the_form_is_within_the_limits_and_refuses_what_it_would_lose() -> None:
    check(rules_form(resource(rules(many=20)), PLACE))
    with pytest.raises(RulesTooLong):
        rules_form(resource(rules(many=100)), PLACE)
