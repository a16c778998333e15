"""Groups, roles and people to look at and to change: who is in, why, and what hangs on it. All in one modal, which is drawn anew."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ConfirmObject,
    InteractiveElement,
    PlainTextObject,
    SectionBlock,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.blocks import inputs
from bot.blocks.delegations import sentence
from bot.blocks.fields import menu
from bot.blocks.layout import actions, button, context, header, mrkdwn, option, packed, section
from bot.blocks.paging import range_of, turns
from bot.blocks.team_places import TeamPlace
from bot.blocks.text import count, inline, mention, sentence_case
from bot.ids import Action, Callback, Field
from domain.configuration.plan import Kind
from domain.people import Group, PersonId, Standing
from domain.workflow.people_pages import Belonging, PersonPage, Right, TeamForm, TeamList, TeamPage, TeamRow

MOST_PEOPLE: Final = 300
MOST_LINES: Final = 60
NO_USERGROUP: Final = "none"
_ROLES: Final = "A role is a right that people hold by name, through a user group of Slack, or both."
_GROUPS: Final = "A group approves together: it follows a user group of Slack, or lists its members."


def team_list(found: TeamList, note: str = "") -> View:
    """A page of all roles and groups, and a field to look somebody up."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        ActionsBlock(block_id="people:who", elements=[_look_up()]),
        *(_row(one) for one in found.rows),
    ]
    new: list[InteractiveElement] = [
        button("New group", Action.TEAM_NEW_GROUP, str(TeamPlace(kind=Kind.GROUP)), "Create a group"),
        button("New role", Action.TEAM_NEW_ROLE, str(TeamPlace(kind=Kind.ROLE)), "Create a role"),
    ]
    pages = turns(found.slice, Action.PEOPLE_PREVIOUS, Action.PEOPLE_NEXT, str)
    blocks.extend(actions("people:do", [*(new if found.may_edit else []), *pages]))
    blocks.append(context(f"{_ROLES} {_GROUPS}", range_of(found.slice, "role or group", "roles and groups")))
    return _modal(Callback.PEOPLE, "People", blocks, str(found.slice.page))


def _row(one: TeamRow) -> Block:
    follows = f", follows {_handle(one.usergroup)}" if one.usergroup else ""
    text = f"*{inline(one.name, 80)}*\n{one.kind.capitalize()} `{one.key}`{follows}: {count(one.active, 'person', 'people')}"
    place = str(TeamPlace(kind=one.kind, key=one.key))
    return SectionBlock(
        block_id=f"team:{one.kind}:{one.key}",
        text=mrkdwn(text),
        accessory=button("Open", Action.TEAM_OPEN, place, f"Open the {one.kind} {one.key}"),
    )


def team_page(page: TeamPage, note: str = "") -> View:
    """One group or role: who is in it and why, and what names it."""
    people = page.people[:MOST_PEOPLE]
    more = len(page.people) - len(people)
    lines = [_member(one, page) for one in people] + ([f"• and {more} more"] if more > 0 else [])
    named = [f"• {inline(sentence_case(one), 200)}" for one in page.users[:MOST_LINES]]
    blocks: list[Block] = [
        *([section(note)] if note else []),
        header(page.team.name),
        section(_how(page)),
        *packed(["*Who*", *(lines or ["Nobody yet."])]),
        *packed(["*What names it*", *(named or ["No approval profile and no open request."])]),
        *actions("team:do", _team_buttons(page)),
    ]
    place = TeamPlace(kind=page.kind, key=page.team.key)
    return _modal(Callback.TEAM, page.kind.capitalize(), blocks, str(place))


def _how(page: TeamPage) -> str:
    """How one comes to be in it."""
    team, what = page.team, f"{page.kind.capitalize()} `{page.team.key}`"
    if team.usergroup is not None and page.usergroup is None:
        return f"{what}. It follows the user group `{team.usergroup}`, which Slack does not have (any more): so nobody is in it."
    if page.usergroup is not None:
        also = ", and whoever is named" if page.kind is Kind.ROLE else ""
        return f"{what}. Everybody in {_handle(page.usergroup.handle)} is in it{also}; who that is, is looked up at each click."
    return f"{what}. It lists its people by name."


def _member(one: Belonging, page: TeamPage) -> str:
    ways = [
        *(["by name"] if one.by_name else []),
        *([f"through {_handle(page.usergroup.handle)}"] if one.through_usergroup and page.usergroup else []),
    ]
    lost = f"; {one.standing.described}, so they can do nothing" if one.standing is not Standing.MEMBER else ""
    return f"• {mention(one.person)}, {' and '.join(ways)}{lost}"


def _team_buttons(page: TeamPage) -> list[InteractiveElement]:
    back = button("All groups and roles", Action.PEOPLE, "people", "Back to all groups and roles")
    if not page.may_edit:
        return [back]
    place = TeamPlace(kind=page.kind, key=page.team.key)
    edit = button("Edit", Action.TEAM_EDIT, str(place), f"Edit the {page.kind} {page.team.key}", style="primary")
    if page.is_built_in:
        return [edit, back]
    sure = ConfirmObject(
        title=f"Delete this {page.kind}?",
        text=PlainTextObject(text="Whoever is in it loses what it gives at once. The record stays.", emoji=False),
        confirm="Delete",
        deny="Keep it",
        style="danger",
    )
    seen = place.replace(seen=page.fingerprint)
    what = f"Delete the {page.kind} {page.team.key}"
    return [edit, back, button("Delete", Action.TEAM_DELETE, str(seen), what, style="danger", confirm=sure)]


def team_form(form: TeamForm) -> View:
    """To create or change a group or role."""
    team, kind = form.team, form.kind
    built_in = team is not None and form.is_built_in
    place = TeamPlace(kind=kind, key=team.key if team is not None else "", seen=form.fingerprint)
    chosen = () if team is None else team.members if isinstance(team, Group) else team.holders
    blocks: list[Block] = [context(_GROUPS if kind is Kind.GROUP else _ROLES)]
    if built_in and team is not None:
        blocks.insert(0, header(team.name))
    else:
        name = team.name if team is not None else ""
        blocks.append(
            inputs.line_of_text(f"{Field.TEAM_NAME}:{place}", Action.TEAM_NAME, "Name", most=80, initial=name)
        )
    blocks.append(_usergroups(form, place))
    label = "Members, where it follows no user group" if kind is Kind.GROUP else "Held by name"
    blocks.append(inputs.people(f"{Field.TEAM_PEOPLE}:{place}", Action.TEAM_PEOPLE, label, chosen, dispatch=False))
    title = f"Edit {kind}" if team is not None else f"New {kind}"
    return View(
        type="modal",
        callback_id=Callback.TEAM_FORM,
        title=title,
        submit="Save",
        close="Close",
        blocks=blocks,
        private_metadata=str(place),
    )


def _usergroups(form: TeamForm, place: TeamPlace) -> Block:
    chosen = form.team.usergroup if form.team is not None else None
    options = [option("None", NO_USERGROUP)]
    options += [option(f"@{one.handle} ({one.name})", one.id) for one in form.usergroups]
    if chosen is not None and chosen not in {one.id for one in form.usergroups}:
        options.append(option(f"{chosen} (not in Slack any more)", chosen))
    return menu(
        f"{Field.TEAM_USERGROUP}:{place}",
        Action.TEAM_USERGROUP,
        "User group of Slack",
        options,
        chosen=chosen or NO_USERGROUP,
        hint="Membership is live: who is in it when somebody clicks, may decide.",
    )


def person_page(page: PersonPage, at: datetime, *, reader: PersonId) -> View:
    """What somebody belongs to, may approve, and where nobody else could."""
    who = page.identity
    standing = (
        "Active full member"
        if who.standing is Standing.MEMBER
        else f"{sentence_case(who.standing.described)}: can do nothing"
    )
    away = [f"• {sentence_case(sentence(one, at, reader=reader))}" for one in (*page.given, *page.received)]
    rights = [_right(one) for one in page.rights]
    only = [f"• {inline(name, 80)}: without them, {_because(why)}" for name, why in page.only]
    blocks: list[Block] = [
        header(who.name or "Somebody"),
        section(f"{mention(who.id)}. {standing}."),
        *_part("Roles", [_belongs(*one) for one in page.teams if one[0] is Kind.ROLE], "None."),
        *_part("Groups", [_belongs(*one) for one in page.teams if one[0] is Kind.GROUP], "None."),
        *_part("May approve", rights, "Nothing, as profiles are now."),
        *(_part("Nobody else could", only, "") if only else []),
        *_part("Out of office", away, "Nobody stands in for them, and they stand in for nobody."),
        ActionsBlock(
            block_id="person:do",
            elements=[
                button("All groups and roles", Action.PEOPLE, "people", "Back to all groups and roles"),
                _look_up(),
            ],
        ),
    ]
    return _modal(Callback.PERSON, "Person", blocks, "")


def _right(one: Right) -> str:
    late = ", once it escalates" if one.once_escalated else ""
    return f"• {inline(one.profile, 80)}, step {one.number}, {inline(one.step, 80)}{late}"


def _part(title: str, lines: Sequence[str], nothing: str) -> Iterator[Block]:
    shown = [*lines[:MOST_LINES], *([f"• and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else [])]
    yield from packed([f"*{title}*", *(shown or [nothing])])


def _belongs(_kind: Kind, name: str, handle: str, named: bool) -> str:
    ways = [*(["by name"] if named else []), *([f"through {_handle(handle)}"] if handle else [])]
    return f"• {inline(name, 80)}, {' and '.join(ways)}"


def _because(why: str) -> str:
    return inline(why[:1].lower() + why[1:], 400)


def _look_up() -> InteractiveElement:
    return UserSelectElement(
        action_id=Action.PERSON_OPEN, placeholder=PlainTextObject(text="Look somebody up", emoji=False)
    )


def _handle(handle: str) -> str:
    return inline(f"@{handle}", 60)


def _modal(callback: Callback, title: str, blocks: Sequence[Block], metadata: str) -> View:
    return View(
        type="modal", callback_id=callback, title=title, close="Close", blocks=blocks, private_metadata=metadata
    )
