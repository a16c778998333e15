"""The words that people read and write: refusals, names of requests, what buttons carry, moments."""

import re
from contextlib import suppress
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from inspect import getmembers, isclass
from operator import attrgetter
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.approvals.decisions import Verdict
from domain.approvals.requests import StepRef, request_id, request_name
from domain.approvals.status import RequestStatus
from domain.common import errors
from domain.common.errors import (
    AlreadyDecided,
    Decided,
    Described,
    Labelled,
    NoSuchRequest,
    NotAMember,
    Refusal,
    StepMovedOn,
)
from domain.common.operations import Operation
from domain.common.time_text import utc
from domain.configuration import refusals
from domain.configuration.plan import Kind
from domain.people.people import ADMINISTRATOR, AUDITOR, Group, Person, Standing, person_id, team_and_user
from tests.rules.build import NOON, someone

REFUSALS = [
    kind
    for module in (errors, refusals)
    for _, kind in getmembers(module, isclass)
    if issubclass(kind, Refusal) and kind not in {Refusal, refusals.StillUsed}  # whose sentences are given to it
]
SAMPLES: dict[Any, Any] = {
    int: 7,
    str: "pki",
    int | str: 12,
    bool: True,
    datetime: NOON,
    Operation: Operation.RE_ENROLL,
    Kind: Kind.ROLE,
    Labelled: RequestStatus.WAITING,
    Described: Standing.GUEST,
    Decided: Verdict.REJECT,
}
"""A fact of each type."""


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_is_a_sentence_with_the_facts_of_the_case(kind: type[Refusal]) -> None:
    refused = kind(**{field.name: SAMPLES[field.type] for field in fields(kind)})
    assert refused.facts == {field.name: SAMPLES[field.type] for field in fields(kind)}
    wanted = {name for _, name, _, _ in Formatter().parse(kind.__doc__ or "") if name}
    written = {name: attrgetter(name)(refused) for name in wanted}
    text = refused.written(moment=lambda at: f"<{at:%d.%m.}>", text=lambda fact: f"<{fact}>")
    assert all((f"<{fact:%d.%m.}>" if isinstance(fact, datetime) else f"<{fact}>") in text for fact in written.values())
    assert "<domain" not in text, "words and no objects"
    assert re.search(r"[.?]$", text), "a whole sentence"
    assert not re.search(r"[{}]", text)


def test_facts_are_values_and_become_words_in_the_sentence() -> None:
    moved = StepMovedOn(request=12, number=2, step="PKI")
    assert (moved.request, moved.number, moved.step) == (12, 2, "PKI")
    assert str(moved) == "This changed: REQ-12 is now at step 2, PKI. The message shows it in a moment."
    assert str(AlreadyDecided(verdict=Verdict.REJECT)).startswith("You already rejected this.")
    assert str(NotAMember(standing=Standing.GUEST)).endswith("and you are a guest.")
    assert str(NoSuchRequest(request=12)) == "There is no REQ-12 that you can see."


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
