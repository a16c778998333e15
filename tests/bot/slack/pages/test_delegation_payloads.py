"""Naming a delegate: what is typed, the form, and the button."""

from datetime import date
from typing import Any

import pytest

from bot.slack.commands.parser import parse_command
from bot.slack.kit.payloads import faults
from bot.slack.pages.delegations.command import Delegate
from bot.slack.pages.delegations.payloads import delegation_click, delegation_form
from domain.approvals.delegation import Day, Days
from domain.people.people import PersonId

DAN, ANN = PersonId("T1/U2"), PersonId("T1/U3")
CHRISTMAS = Day(on=date(2026, 12, 24))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("delegate", Delegate()),
        ("delegate <@U2|dan> until 2026-12-24", Delegate(delegate=DAN, days=Days(last=CHRISTMAS))),
        (
            "delegate <@U2> until 2026-12-24 from monday skiing &amp; more",
            Delegate(delegate=DAN, days=Days(last=CHRISTMAS, first=Day(weekday=0)), reason="skiing & more"),
        ),
        (
            "DELEGATE <@U2|dan> Until +2w FOR <@U3|ann> for a while",
            Delegate(delegate=DAN, days=Days(last=Day(later=14)), delegator=ANN, reason="for a while"),
        ),
        (
            "delegate until friday <@U2> “out of the country”",
            Delegate(delegate=DAN, days=Days(last=Day(weekday=4)), reason="out of the country"),
        ),
        (
            "delegate <@U2> until today see <@U3|ann> &lt;now&gt;",
            Delegate(delegate=DAN, days=Days(last=Day()), reason="see @ann <now>"),
        ),
    ],
)
def test_what_is_typed_is_understood(text: str, asked: Delegate) -> None:
    assert parse_command(text, "T1") == asked


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("delegate dan until friday", "Name the delegate, beginning with @."),
        ("delegate until friday", "Name the delegate"),
        ("delegate <@U2>", "Say until when"),
        ("delegate <@U2> until soon", "Say until when"),
        ("delegate <@U2> until 2026-02-30", "Say until when"),
        ("delegate <@U2> until friday from 24.12.2026", "Say from when"),
        ("delegate <@u2> until friday", "Name the delegate"),
    ],
)
def test_what_is_misused_is_answered_with_how_to_write_it(text: str, sentence: str) -> None:
    with pytest.raises(faults.Misused) as raised:
        parse_command(text, "T1")
    assert str(raised.value).startswith(sentence)
    assert "/approval delegate [@user until DATE [from DATE] [reason]]" in str(raised.value)


def sent(callback: str = "delegation", **values: Any) -> dict[str, Any]:
    state = {block: {block: entry} for block, entry in values.items()}
    view = {"id": "V1", "type": "modal", "callback_id": callback, "state": {"values": state}}
    return {"type": "view_submission", "user": {"id": "U3"}, "team": {"id": "T1"}, "trigger_id": "1", "view": view}


WHO, UNTIL = {"selected_user": "U2"}, {"selected_date": "2026-12-24"}


def test_the_form() -> None:
    form = delegation_form(sent(delegate=WHO, delegate_until=UNTIL))
    assert (form.who.person, form.delegate, form.days) == (ANN, DAN, Days(last=CHRISTMAS))
    assert (form.delegator, form.reason) == (None, "")
    whole = delegation_form(
        sent(
            delegate=WHO,
            delegate_until=UNTIL,
            delegate_from={"selected_date": "2026-12-01"},
            delegate_for={"selected_user": "U9"},
            reason={"value": " Skiing\n"},
        )
    )
    assert whole.days.first == Day(on=date(2026, 12, 1))
    assert (whole.delegator, whole.reason) == (PersonId("T1/U9"), "Skiing")


def test_what_is_missing_is_told_beside_its_field() -> None:
    with pytest.raises(faults.FormFaults) as raised:
        delegation_form(sent(delegate={"selected_user": None}, delegate_from=UNTIL))
    assert raised.value.errors == {"delegate": "Choose a delegate.", "delegate_until": "Choose the last day."}


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        sent("submit", delegate=WHO, delegate_until=UNTIL),
        sent(delegate={"selected_user": "<@U2>"}, delegate_until=UNTIL),
        sent(delegate=WHO, delegate_until={"selected_date": "soon"}),
        sent(delegate=WHO, delegate_until=UNTIL, reason={"value": 7}),
    ],
)
def test_what_is_forged_gets_nowhere(body: Any) -> None:
    with pytest.raises(faults.BadInput):
        delegation_form(body)


@pytest.mark.parametrize("value", ["", "0", "-1", "1.0.0", "x", "9" * 19, None])
def test_the_button_carries_a_number_and_nothing_else(value: Any) -> None:
    body = {
        "type": "block_actions",
        "user": {"id": "U3"},
        "team": {"id": "T1"},
        "actions": [{"action_id": "revoke_delegation", "value": "7"}],
    }
    assert delegation_click(body).number == 7
    body["actions"] = [{"action_id": "revoke_delegation", "value": value}]
    with pytest.raises(faults.BadInput):
        delegation_click(body)
