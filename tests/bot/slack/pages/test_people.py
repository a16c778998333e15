"""Groups, roles and people as administrators see them."""

from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.slack.kit.team_places import TeamPlace, page
from bot.slack.pages.people import blocks as people
from domain.approvals.delegation import Delegation
from domain.configuration.plan import Kind
from domain.people.people import ADMINISTRATOR, Group, Identity, Role, Standing, UserGroup
from domain.workflow.configuration.people_pages import (
    Membership,
    PersonPage,
    Right,
    TeamForm,
    TeamList,
    TeamPage,
    TeamRow,
)
from domain.workflow.configuration.profile_pages import Slice
from tests.bot.slack.cast import HOSTILE, LONG
from tests.bot.slack.limits import elements, faults_of_view, texts
from tests.rules.build import ADMIN, ANN, BOB, DAN, HOUR, NOON, pid

NAMES = ["PKI", HOSTILE[:80], LONG[:80]]
S1 = UserGroup(id="S1", handle="pki-admins", name="PKI administrators")
SEEN = "0123456789abcdef"


def said(view: View) -> str:
    return "\n".join(text for text, _ in texts(view.to_dict()["blocks"]))


def buttons(view: View) -> dict[str, Any]:
    return {element["action_id"]: element.get("value") for element in elements(view.to_dict()["blocks"])}


def belonging(number: int, standing: Standing = Standing.MEMBER, *, through: bool = True) -> Membership:
    return Membership(
        person=pid(f"u{number}"), name=HOSTILE, standing=standing, by_name=not through, through_usergroup=through
    )


def team(name: str = "PKI", *, many: int = 2, may_edit: bool = True, **more: Any) -> TeamPage:
    facts: dict[str, Any] = {
        "kind": Kind.GROUP,
        "team": Group(key="pki", name=name, usergroup="S1"),
        "usergroup": S1,
        "people": tuple(belonging(number, list(Standing)[number % 5]) for number in range(many)),
        "users": tuple(f"the approval profile {name} {number}" for number in range(many)),
        "unsolvable": tuple((name, f"Step 1, {name}, can never be reached.") for _ in range(many)),
        "fingerprint": SEEN,
    }
    return TeamPage(**(facts | more), may_edit=may_edit)


def somebody(name: str = "Ann", many: int = 2) -> PersonPage:
    away = Delegation(number=1, delegator=ANN.id, delegate=DAN.id, starts_at=NOON, ends_at=NOON + HOUR)
    return PersonPage(
        unable={},
        identity=Identity(id=ANN.id, name=name),
        teams=tuple(
            (kind, name, "pki-admins", number % 2 == 0) for kind in (Kind.ROLE, Kind.GROUP) for number in range(many)
        ),
        rights=tuple(Right(profile=name, number=number + 1, step=name) for number in range(many)),
        only=tuple((name, f"Step 1, {name}, can never be reached") for _ in range(many)),
        given=(away,) * min(many, 1),
        received=(),
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("many", [0, 1, 900])
def test_it_keeps_within_slacks_limits(name: str, many: int) -> None:
    rows = tuple(
        TeamRow(kind=Kind.GROUP, key=f"g{number}", name=name, usergroup=name, active=number) for number in range(12)
    )
    groups = tuple(UserGroup(id=f"S{number}", handle=f"h{number}", name=name) for number in range(many))
    for view in (
        people.team_list(TeamList(rows=rows, slice=Slice(page=1, pages=3, total=30), may_edit=True), "*Saved*"),
        people.team_page(team(name, many=many), "*Saved*"),
        people.team_form(
            TeamForm(kind=Kind.GROUP, team=Group(key="pki", name=name), usergroups=groups, fingerprint=SEEN)
        ),
        people.team_form(TeamForm(kind=Kind.ROLE, team=None, usergroups=groups, fingerprint="")),
        people.person_page(somebody(name, many), NOON, reader=ADMIN.id),
    ):
        assert faults_of_view(view.to_dict()) == []
        for text, kind in texts(view.to_dict()["blocks"]):
            assert kind != "mrkdwn" or "<!channel>" not in text


def test_auditors_get_no_buttons_that_change() -> None:
    row = TeamRow(kind=Kind.ROLE, key="officer", name="Officer", usergroup=None, active=1)
    seen = people.team_list(TeamList(rows=(row,), slice=Slice(total=1), may_edit=False))
    assert set(buttons(seen)) == {"person_open", "team_open"}
    assert set(buttons(people.team_page(team(may_edit=False)))) == {"people"}


def test_buttons_carry_a_key_and_what_was_seen() -> None:
    found = buttons(people.team_page(team()))
    assert found == {"team_edit": "group:pki", "people": "people", "team_delete": f"group:pki:{SEEN}"}
    built_in = people.team_page(
        team(kind=Kind.ROLE, team=Role(key=ADMINISTRATOR, name="Administrator"), usergroup=None, people=())
    )
    assert set(buttons(built_in)) == {"team_edit", "people"}


def test_a_page_says_why_somebody_is_in() -> None:
    shown = said(people.team_page(team(people=(belonging(1), belonging(2, Standing.GUEST, through=False)))))
    assert "• <@U1>, through @pki-admins" in shown
    assert "• <@U2>, by name; a guest, so they cannot act" in shown
    assert "Its people are the members of @pki-admins. Membership is checked at every click." in shown
    gone = said(people.team_page(team(usergroup=None, people=())))
    assert "which does not exist in Slack, so it adds nobody" in gone
    assert "Nobody yet." in gone


def test_the_form_of_a_built_in_role_has_no_name() -> None:
    form = TeamForm(
        kind=Kind.ROLE,
        team=Role(key=ADMINISTRATOR, name="Administrator", holders=(BOB.id,), usergroup="S9"),
        usergroups=(S1,),
        fingerprint=SEEN,
    )
    view = people.team_form(form).to_dict()
    fields = [block["block_id"].partition(":")[0] for block in view["blocks"] if block["type"] == "input"]
    assert fields == ["team_usergroup", "team_people"]
    assert view["private_metadata"] == f"role:administrator:{SEEN}"
    menu, picker = (block["element"] for block in view["blocks"] if block["type"] == "input")
    assert menu["initial_option"]["text"]["text"] == "S9 (no longer in Slack)"
    assert picker["initial_users"] == ["BOB"]


def test_a_persons_page_says_what_hangs_on_them() -> None:
    shown = said(people.person_page(somebody(many=1), NOON, reader=ADMIN.id))
    assert "• Ann, by name and through @pki-admins" in shown
    assert "• Ann, step 1, Ann" in shown
    late = somebody().replace(rights=(Right(profile="Web", number=2, step="PKI", once_escalated=True),))
    assert "• Web, step 2, PKI, once it escalates" in said(people.person_page(late, NOON, reader=ADMIN.id))
    assert "without them, step 1, Ann, can never be reached" in shown
    assert "<@DAN> covers for <@ANN>" in shown


@pytest.mark.parametrize("text", ["group:pki", "role:", f"role:key.custodian:{SEEN}"])
def test_a_place_comes_back_as_it_was(text: str) -> None:
    assert str(TeamPlace.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "group", "profile:pki", "group:PKI", "group:pki:xyz", "group:pki\n", "role:a:b:c"]
)
def test_what_is_forged_is_no_place(text: str) -> None:
    with pytest.raises(ValueError, match="not a group or role"):
        TeamPlace.parse(text)
    with pytest.raises(ValueError, match="not a page"):
        page("1x")
