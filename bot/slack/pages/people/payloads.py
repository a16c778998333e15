"""The modals for groups, roles and people: what was pressed, chosen and sent."""

from typing import Any

from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.payloads.clicks import Click, carried
from bot.slack.kit.payloads.faults import BadInput, FormFaults
from bot.slack.kit.payloads.forms import Form, form_parts
from bot.slack.kit.payloads.raw import RawInteraction, parsed, read
from bot.slack.kit.payloads.who import Who
from bot.slack.kit.team_places import TeamPlace, page
from bot.slack.kit.texts import bad_input
from bot.slack.pages.people.blocks import NO_USERGROUP
from domain.configuration.plan import Kind
from domain.people.people import PersonId, person_id

_LONGEST_NAME = 80


class PeopleClick(Click):
    page: int


class TeamClick(Click):
    team: TeamPlace


class PersonClick(Click):
    whom: PersonId


class TeamForm(Form):
    team: TeamPlace
    name: str | None
    """None where the form has no field for it."""
    usergroup: str | None
    people: tuple[PersonId, ...]


def people_click(body: Any) -> PeopleClick:
    """A button that leads to the list. Raises BadInput."""
    value, facts = carried(body)
    turning = facts["action"] in {Action.PEOPLE_PREVIOUS, Action.PEOPLE_NEXT}
    return PeopleClick(**facts, page=parsed(page, value, bad_input.NO_PAGE) if turning else 0)


def team_click(body: Any) -> TeamClick:
    """A button that carries a group or role. Raises BadInput."""
    value, facts = carried(body)
    return TeamClick(**facts, team=parsed(TeamPlace.parse, value, "the button names no group or role"))


def person_click(body: Any) -> PersonClick:
    """Somebody was looked up. Raises BadInput."""
    _, facts = carried(body)
    chosen = read(RawInteraction, body).actions[0].selected_user
    if chosen is None:
        raise BadInput(what="it names nobody")
    return PersonClick(**facts, whom=person_id(facts["who"].workspace, chosen))


def team_form(body: Any) -> TeamForm:
    """The form for a group or role. Raises BadInput, and FormFaults where a field needs another look."""
    form, fields, metadata = form_parts(body, Callback.TEAM_FORM)
    who: Who = form["who"]
    place = parsed(TeamPlace.parse, metadata, bad_input.NOT_OUR_FORM)
    name = fields.text(Field.TEAM_NAME) if fields.block(Field.TEAM_NAME) is not None else None
    chosen = fields.choice(Field.TEAM_USERGROUP)
    people = tuple(person_id(who.workspace, user) for user in fields.users(Field.TEAM_PEOPLE))
    faults: dict[str, str] = {}
    if name is not None and not 1 <= len(name) <= _LONGEST_NAME:
        faults[Field.TEAM_NAME] = f"Give it a name of at most {_LONGEST_NAME} characters."
    if place.kind is Kind.GROUP and chosen not in {"", NO_USERGROUP} and people:
        faults[Field.TEAM_PEOPLE] = (
            "A group follows a user group or lists its members: choose None above, or nobody here."
        )
    if faults:
        raise FormFaults(faults)
    return TeamForm(
        **form,
        team=place,
        name=name,
        usergroup=None if chosen in {"", NO_USERGROUP} else chosen,
        people=people,
    )
