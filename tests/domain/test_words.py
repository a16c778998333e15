"""The words that people read and write: refusals, names of requests, what buttons carry, moments."""

import re
from contextlib import suppress
from datetime import timedelta, timezone
from inspect import getmembers, isclass
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.approvals.requests import StepRef, request_id, request_name
from domain.common import errors
from domain.common.errors import NoSuchRequest, Refusal
from domain.common.time_text import utc
from domain.people.people import ADMINISTRATOR, AUDITOR, Group, Person, Standing, person_id, team_and_user
from tests.rules.build import NOON, someone

REFUSALS = [kind for _, kind in getmembers(errors, isclass) if issubclass(kind, Refusal) and kind is not Refusal]


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_is_a_sentence_with_the_facts_of_the_case(kind: type[Refusal]) -> None:
    wanted = {field for _, field, _, _ in Formatter().parse(kind.__doc__ or "") if field}
    text = str(kind(**{field: f"<{field}>" for field in wanted}))
    assert all(f"<{field}>" in text for field in wanted)
    assert re.search(r"[.?]$", text), "a whole sentence"
    assert not re.search(r"[{}]", text)


def test_what_somebody_typed_is_never_taken_for_a_placeholder() -> None:
    assert str(NoSuchRequest(request="{0} {standing} %s")) == "There is no {0} {standing} %s that you can see."


# Names of requests


@pytest.mark.parametrize("text", ["REQ-12", "req-12", "12", "#12", " Req-12 ", "req12", "REQ-0012"])
def test_a_request_is_found_however_it_is_written(text: str) -> None:
    assert request_id(text) == 12
    assert request_name(12) == "REQ-12"


@pytest.mark.parametrize(
    "text", ["", "0", "REQ-", "REQ-0", "-12", "1 2", "12.0", "REQ-\N{FULLWIDTH DIGIT ONE}", "1" * 19, "twelve", "##12"]
)
def test_what_is_no_request_is_refused_in_words(text: str) -> None:
    with pytest.raises(NoSuchRequest):
        request_id(text)


@given(st.integers(1, 10**18 - 1))
def test_every_name_leads_back(number: int) -> None:
    assert request_id(request_name(number)) == number


@given(st.text())
def test_any_text_is_a_request_or_refused(text: str) -> None:
    with suppress(NoSuchRequest):
        assert request_id(text) >= 1


# What a button carries


@given(st.integers(1, 10**18 - 1), st.integers(0, 999), st.integers(0, 999))
def test_a_button_leads_back_to_its_step(request: int, gate: int, step: int) -> None:
    ref = StepRef(request=request, gate=gate, step=step)
    assert StepRef.parse(str(ref)) == ref


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "12.0",
        "12.0.0.0",
        "0.0.0",
        "-1.0.0",
        "12.-1.0",
        "12.0.0\n",
        " 12.0.0",
        "\N{FULLWIDTH DIGIT ONE}.0.0",
        "12.0000.0",
        "a.b.c",
    ],
)
def test_a_forged_button_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a step reference"):
        StepRef.parse(text)


# Moments


@pytest.mark.parametrize("hours", [0, 2, -7, 14])
def test_a_moment_in_a_sentence_is_in_utc_whatever_zone_it_came_in(hours: int) -> None:
    assert utc(NOON.astimezone(timezone(timedelta(hours=hours)))) == "21 Nov 2026, 12:00 UTC"


# People


def test_a_person_is_a_team_and_a_user() -> None:
    assert person_id("T024BE7LD", "U0G9QF9C6") == "T024BE7LD/U0G9QF9C6"
    assert team_and_user(person_id("T024BE7LD", "U0G9QF9C6")) == ("T024BE7LD", "U0G9QF9C6")
    assert person_id("T1", "U1") != person_id("T2", "U1")


@pytest.mark.parametrize(
    ("team", "user"), [("", "U1"), ("T1", ""), ("t1", "U1"), ("T1", "U/1"), ("T1/T2", "U1"), ("T1", "U1\n")]
)
def test_an_id_that_slack_never_gives_is_refused(team: str, user: str) -> None:
    with pytest.raises(ValueError, match="not a Slack team and user id"):
        person_id(team, user)


@pytest.mark.parametrize("standing", Standing)
def test_only_active_full_members_take_part(standing: Standing) -> None:
    person = someone("Ann", standing=standing, roles=[ADMINISTRATOR, AUDITOR])
    member = standing is Standing.MEMBER
    assert (person.takes_part, person.is_administrator, person.reads_all) == (member, member, member)


@pytest.mark.parametrize(
    ("roles", "administrator", "reads_all"),
    [([], False, False), ([AUDITOR], False, True), ([ADMINISTRATOR], True, True), (["Administrator"], False, False)],
)
def test_the_built_in_roles(roles: list[str], administrator: bool, reads_all: bool) -> None:
    person = someone("Ann", roles=roles)
    assert (person.is_administrator, person.reads_all) == (administrator, reads_all)


def test_a_group_has_one_source() -> None:
    member = Person(id=person_id("T1", "U1")).id
    assert Group(key="g", name="G", members=(member,)).usergroup is None
    with pytest.raises(ValidationError, match="either follows"):
        Group(key="g", name="G", usergroup="S1", members=(member,))


@pytest.mark.parametrize("key", ["", "A", "-a", "a b", "a" * 64, "ä", "a\n"])
def test_a_key_is_plain(key: str) -> None:
    with pytest.raises(ValidationError, match="is not a key"):
        Group(key=key, name="G")
