"""What a file may say, and in which words it is refused."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.common.frozen import Frozen
from domain.configuration.faults import InvalidConfiguration, spelled
from domain.configuration.file_content import PARTS
from domain.configuration.file_model import parse_configuration

GOOD: dict[str, Any] = {
    "administrators": ["U01INGRID", "tomasz@halvorsen.example.com"],
    "auditors": {"users": ["U09ELEANOR"], "usergroup": "@audit"},
    "groups": {
        "security": {"name": "Security", "usergroup": "@security"},
        "watch": {"name": "Watch", "members": ["U04KOFI"]},
    },
    "roles": {"ca-custodian": {"name": "CA custodian", "holders": ["U06DAVID"]}},
    "profiles": {
        "web": {
            "name": "Web servers",
            "expires_after": "72h",
            "comment_required": "always",
            "steps": [
                {"name": "Security", "required": 1, "approvers": {"groups": ["security"]}},
                {
                    "name": "Custodians",
                    "required": 2,
                    "approvers": {"users": ["U04KOFI"], "roles": ["ca-custodian"]},
                    "notify": {"direct": False, "channel": "C03APPROVALS", "silent": {"users": ["U04KOFI"]}},
                    "escalation": {"after": "8h", "approvers": {"groups": ["security"]}},
                },
            ],
        }
    },
    "resources": {
        "public-web": {
            "kind": "ra_profile",
            "name": "Public web",
            "approvals": {"issue": "web"},
            "rules": {
                "dns_names": {"allow": ["example.com", "*.example.com"], "on_violation": "refuse"},
                "no_wildcards": {"on_violation": "warn"},
            },
        }
    },
}


WEB = ("profiles", "web")


def faults(content: object) -> list[str]:
    with pytest.raises(InvalidConfiguration) as raised:
        parse_configuration(content)
    return str(raised.value).splitlines()


def changed(path: tuple[Any, ...], value: object) -> dict[str, Any]:
    """The good file with something else at *path*."""
    content = deepcopy(GOOD)
    here: Any = content
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = value
    return content


@pytest.mark.parametrize("model", PARTS)
def test_every_field_of_the_domain_can_be_written_in_the_file(model: type[Frozen]) -> None:
    """A field that its part did not have would be read as its default, and left out of the export."""
    assert set(PARTS[model].model_fields) == set(model.model_fields) - {"key"}


def test_a_good_file() -> None:
    found = parse_configuration(GOOD)
    assert found.administrators is not None
    assert found.administrators.users == ("U01INGRID", "tomasz@halvorsen.example.com")
    assert found.auditors is not None
    assert found.auditors.usergroup == "@audit"
    assert found.profiles is not None
    assert found.profiles["web"].expires_after == timedelta(days=3)
    assert found.profiles["web"].steps[1].notify.silent.users == ("U04KOFI",)
    assert found.profiles["web"].steps[1].escalation is not None
    assert found.profiles["web"].steps[1].escalation.after == timedelta(hours=8)


def test_a_section_that_is_left_out_manages_nothing() -> None:
    found = parse_configuration({})
    assert (found.administrators, found.auditors, found.groups, found.roles, found.profiles, found.resources) == (
        None,
    ) * 6


def test_never_and_nothing_said_are_the_same() -> None:
    found = parse_configuration(changed(("profiles", "web", "expires_after"), "never"))
    assert found.profiles is not None
    assert found.profiles["web"].expires_after is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({}, timedelta(days=1)),
        ({"remind_every": "never"}, None),
        ({"remind_every": "8h"}, timedelta(hours=8)),
        ({"expires_after": "24h"}, None),
        ({"expires_after": "never"}, timedelta(days=1)),
        ({"expires_after": "24h", "remind_every": "24h"}, timedelta(days=1)),
    ],
)
def test_reminding_never_is_not_the_same_as_saying_nothing(said: dict[str, str], meant: timedelta | None) -> None:
    found = parse_configuration(changed(WEB, GOOD["profiles"]["web"] | said))
    assert found.profiles is not None
    assert found.profiles["web"].remind_every == meant


STEP = ("profiles", "web", "steps", 1)
RULES = ("resources", "public-web", "rules")
INSIDE = {"keys": "on_violation", "most_names": "most"}
"""The part of a rule that is wrong above."""


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("profils",), {}, "is not known here; did you mean 'profiles'?"),
        ((*STEP, "requird"), 1, "is not known here; did you mean 'required'?"),
        ((*STEP, "xyzzy"), 1, "is not known here; known are approvers, escalation, name, notify, required"),
        ((*STEP, "required"), 0, "must be at least 1"),
        ((*STEP, "required"), 1001, "must be at most 1000"),
        ((*STEP, "required"), "2", "must be a whole number"),
        ((*STEP, "required"), True, "must be a whole number"),
        ((*STEP, "name"), "", "must have at least 1 character"),
        ((*STEP, "approvers"), None, "is empty"),
        ((*STEP, "approvers"), ["U1"], "must have keys with values, one to a line"),
        ((*STEP, "notify", "direct"), "yes", "must be true or false"),
        ((*WEB, "comment_required"), "allways", "must be one of reject, always, never; did you mean 'always'?"),
        ((*WEB, "name"), 7, "must be text; put it in quotes"),
        ((*WEB, "name"), "x" * 81, "must have at most 80 characters"),
        ((*WEB, "description"), "x" * 501, "must have at most 500 characters"),
        ((*WEB, "steps"), [], "must have at least 1 entry"),
        ((*WEB, "steps"), {}, "must be a list"),
        ((*WEB, "steps"), [GOOD["profiles"]["web"]["steps"][0]] * 21, "must have at most 20 entries"),
        ((*WEB, "expires_after"), "0h", "must be more than nothing and at most ten years, or never"),
        ((*WEB, "expires_after"), "4000d", "must be more than nothing and at most ten years, or never"),
        ((*WEB, "remind_every"), "0h", "must be more than nothing and at most ten years, or never"),
        ((*STEP, "escalation", "after"), "0h", "must be more than nothing and at most ten years"),
        (
            (*STEP, "escalation", "after"),
            "never",
            "is not a span of time: write days, hours, minutes or seconds, as in 3d, 72h, 90m or 1d12h",
        ),
        ((*STEP, "escalation", "after"), 8, "is not a span of time: write days, hours, minutes or seconds, as in 72h"),
        (
            (*STEP, "escalation", "approvers"),
            {},
            "names nobody: an escalation needs at least one user, group or role",
        ),
        ((*STEP, "escalation"), None, "is empty"),
        (("profiles",), None, "is empty"),
        (("groups", "security"), None, "is empty"),
        (
            ("groups", "security", "usergroup"),
            "security",
            "is not a Slack user group: write its handle (@pki-admins) or its id (S…)",
        ),
        (
            ("resources", "public-web", "approvals", "isue"),
            "web",
            "must be one of enroll, re_enroll, issue, renew, rekey, revoke; did you mean 'issue'?",
        ),
        ((*RULES, "keys"), {"allow": ["EC"]}, "is missing"),
        ((*RULES, "keys"), None, "is empty"),
        ((*RULES, "kyes"), {}, "is not known here; did you mean 'keys'?"),
        ((*RULES, "no_wildcards", "on_violation"), "refus", "must be one of warn, refuse; did you mean 'refuse'?"),
        ((*RULES, "most_names"), {"most": 501, "on_violation": "warn"}, "must be at most 500"),
        (
            (*RULES, "dns_names", "allow", 1),
            "*.münchen.de",
            "must be written in ASCII: an internationalised name as xn--…",
        ),
    ],
)
def test_one_fault_is_told_once_in_words(path: tuple[Any, ...], value: object, said: str) -> None:
    place = (*path, INSIDE[path[-1]]) if value and path[-1] in INSIDE else path
    assert faults(changed(path, value)) == [f"{spelled(place)}: {said}"]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("administrators", 0), "ingrid", "administrators.users[0]"),
        (("administrators", 0), "@ingrid", "administrators.users[0]"),
        (("profiles", "web", "steps", 1, "notify", "channel"), "#pki", "profiles.web.steps[1].notify.channel"),
        (("profiles", "web", "expires_after"), 72, "profiles.web.expires_after"),
        (("profiles", "web", "expires_after"), "soon", "profiles.web.expires_after"),
        (("groups", "Web Servers"), {"name": "x"}, "groups.Web Servers"),
        (
            ("profiles", "web", "steps", 0, "approvers", "groups"),
            ["No Key"],
            "profiles.web.steps[0].approvers.groups[0]",
        ),
    ],
)
def test_where_a_fault_is(path: tuple[Any, ...], value: object, place: str) -> None:
    [said] = faults(changed(path, value))
    assert said.startswith(f"{place}: ")


def test_every_fault_is_told_at_once() -> None:
    content = changed((*STEP, "required"), 0)
    content["administrators"] = ["nobody"]
    content["resources"]["public-web"]["name"] = ""
    assert len(faults(content)) == 3


def test_a_step_says_who_approves_it_even_if_nobody() -> None:
    content = deepcopy(GOOD)
    del content["profiles"]["web"]["steps"][0]["approvers"]
    assert faults(content) == ["profiles.web.steps[0].approvers: is missing"]


def test_a_long_key_is_not_repeated_whole() -> None:
    [said] = faults({"x" * 5000: 1})
    assert len(said) < 300


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["U1", "web", "issue", "ra_profile", "72h"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=10)
            | st.sampled_from(
                [
                    "administrators",
                    "groups",
                    "profiles",
                    "steps",
                    "name",
                    "approvers",
                    "users",
                    "resources",
                    "approvals",
                    "web",
                    "kind",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=300)
@given(anything)
def test_whatever_stands_there_is_a_configuration_or_is_refused_in_words(content: object) -> None:
    said = None
    try:
        parse_configuration(content)
    except InvalidConfiguration as refused:
        said = [fault.message for fault in refused.faults]
    assert said is None or (said and all(said))
