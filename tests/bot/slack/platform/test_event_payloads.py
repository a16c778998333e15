"""Who Slack's users and user groups are here, however little Slack says of them, and what is no event at all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.slack.kit.payloads.faults import BadInput
from bot.slack.platform.event_payloads import UserGroupTold, person, person_told, usergroup, usergroup_told
from domain.people.people import Standing


@pytest.mark.parametrize(
    ("more", "standing"),
    [
        ({}, Standing.MEMBER),
        ({"is_restricted": True}, Standing.GUEST),
        ({"is_ultra_restricted": True}, Standing.GUEST),
        ({"is_bot": True}, Standing.BOT),
        ({"is_workflow_bot": True}, Standing.BOT),
        ({"id": "USLACKBOT"}, Standing.BOT),
        ({"deleted": True, "is_bot": True}, Standing.DEACTIVATED),
        ({"is_stranger": True}, Standing.STRANGER),
        ({"team_id": "T2"}, Standing.STRANGER),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T2", "T1"]}}, Standing.MEMBER),
        ({"enterprise_user": {"teams": ["T2"]}}, Standing.STRANGER),
        ({"deleted": None, "is_bot": None, "profile": None, "tz": None, "enterprise_user": None}, Standing.MEMBER),
    ],
)
def test_the_standing_of_a_user(more: dict[str, Any], standing: Standing) -> None:
    assert person({"id": "U1", "team_id": "T1", **more}, "T1").standing is standing


def test_the_name_is_the_fullest_that_there_is() -> None:
    full = {"id": "U1", "name": "ann", "real_name": "Ann", "profile": {"real_name": "Ann Lee", "display_name": "al"}}
    assert person(full, "T1").name == "Ann Lee"
    assert person(full | {"profile": {"display_name": "al"}, "real_name": ""}, "T1").name == "al"
    assert person({"id": "U1"}, "T1").name == "U1"
    assert len(person(full | {"profile": {"real_name": "x" * 999}}, "T1").name) == 200


def test_a_user_group_has_members_until_it_is_disabled() -> None:
    group = {"id": "S1", "handle": "security", "name": "Security", "users": ["U1", "U2"], "date_delete": 0}
    assert usergroup(group, "T1").members == ("T1/U1", "T1/U2")
    assert usergroup(group | {"date_delete": 17}, "T1").members == ()
    told = usergroup_told({"event": {"subteam": group | {"date_delete": 17, "users": None}}}, "T1")
    assert told.usergroup is not None
    assert told.usergroup.members == ()


@pytest.mark.parametrize("event", [{"subteam": {"id": "S1"}}, {"subteam_id": "S1"}])
def test_an_event_that_does_not_say_who_the_members_are(event: dict[str, Any]) -> None:
    assert usergroup_told({"event": event}, "T1") == UserGroupTold(id="S1", usergroup=None, at=None)


def test_an_event_says_when_it_happened() -> None:
    event = {"user": {"id": "U1"}, "event_ts": "1795262400.000200"}
    assert person_told({"event": event}, "T1").at == datetime(2026, 11, 21, 12, 0, 0, 200, tzinfo=UTC)
    with pytest.raises(BadInput):
        person_told({"event": event | {"event_ts": "999999999999999.0"}}, "T1")


@pytest.mark.parametrize(
    "body",
    [
        None, "x", {}, {"event": None}, {"event": {}}, {"event": {"user": "U1"}}, {"event": {"user": {"id": "u; drop"}}},
        {"event": {"user": {"id": "U1", "deleted": "no"}}},
        {"event": {"subteam": None}},
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused(body: Any) -> None:
    with pytest.raises(BadInput):
        person_told(body, "T1")
    with pytest.raises(BadInput):
        usergroup_told({"event": {"subteam": {"id": "S1", "users": [body]}}}, "T1")
    with pytest.raises(BadInput):
        usergroup_told(body, "T1")
