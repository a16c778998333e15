"""Groups, roles and people: what is typed, pressed and sent."""

from typing import Any

import pytest

from bot.slack.commands.parser import parse_command
from bot.slack.kit.payloads import faults
from bot.slack.pages.people.command import People
from bot.slack.pages.people.payloads import people_click, person_click, team_click, team_form
from domain.configuration.plan import Kind
from domain.people.people import PersonId


def test_what_is_typed() -> None:
    assert parse_command("people", "T1") == People()
    assert parse_command("people <@U2|dan>", "T1") == People(whom=PersonId("T1/U2"))
    for text in ("people dan", "people <@U2> <@U3>", "people <#C1>"):
        with pytest.raises(faults.Misused, match="Name one person, beginning with @"):
            parse_command(text, "T1")


def pressed(action: str, **element: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "actions": [{"action_id": action, **element}],
    }


def test_what_is_pressed() -> None:
    assert team_click(pressed("team_open", value="group:pki")).team.key == "pki"
    assert people_click(pressed("people_next", value="3")).page == 3
    assert people_click(pressed("people", value="people")).page == 0
    assert person_click(pressed("person_open", selected_user="U2")).whom == PersonId("T1/U2")


@pytest.mark.parametrize(
    ("parse", "body"),
    [
        (team_click, pressed("team_open", value="profile:web")),
        (team_click, pressed("team_delete", value="group:pki:seen")),
        (people_click, pressed("people_next", value="-1")),
        (person_click, pressed("person_open")),
        (person_click, pressed("person_open", selected_user="<@U2>")),
        (team_form, {}),
        (team_form, pressed("team_open", value="group:pki")),
    ],
)
def test_what_is_forged_gets_nowhere(parse: Any, body: Any) -> None:
    with pytest.raises(faults.BadInput):
        parse(body)


def sent(metadata: str = "group:pki:0123456789abcdef", **values: Any) -> dict[str, Any]:
    state = {f"{block}:{metadata}": {block: entry} for block, entry in values.items()}
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "team_form",
        "private_metadata": metadata,
        "state": {"values": state},
    }
    return {"type": "view_submission", "user": {"id": "U1"}, "team": {"id": "T1"}, "trigger_id": "1", "view": view}


NAME, NONE = {"value": " PKI "}, {"selected_option": {"value": "none"}}


def test_the_form() -> None:
    form = team_form(sent(team_name=NAME, team_usergroup=NONE, team_people={"selected_users": ["U2", "U3"]}))
    assert (form.team.kind, form.team.key, form.team.seen) == (Kind.GROUP, "pki", "0123456789abcdef")
    assert (form.name, form.usergroup, form.people) == ("PKI", None, (PersonId("T1/U2"), PersonId("T1/U3")))
    follows = team_form(sent("role:", team_name=NAME, team_usergroup={"selected_option": {"value": "S1"}}))
    assert (follows.team.key, follows.usergroup, follows.people) == ("", "S1", ())
    assert team_form(sent("role:administrator", team_usergroup=NONE)).name is None


def test_what_needs_another_look_is_told_beside_its_field() -> None:
    with pytest.raises(faults.FormFaults) as raised:
        team_form(
            sent(
                team_name={"value": " "},
                team_usergroup={"selected_option": {"value": "S1"}},
                team_people={"selected_users": ["U2"]},
            )
        )
    assert set(raised.value.errors) == {"team_name", "team_people"}
    with pytest.raises(faults.BadInput):
        team_form(sent("group:PKI", team_name=NAME))
