"""The *People* pages: groups and roles, their form, one person; messages to administrators and auditors."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InteractiveElement,
    Option,
    PlainTextObject,
    SectionBlock,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.slack.kit.blocks import inputs
from bot.slack.kit.blocks.fields import MENU, matching, menu, searched
from bot.slack.kit.blocks.layout import (
    actions,
    button,
    context,
    header,
    mrkdwn,
    option,
    packed,
    section,
    sure_to_delete,
)
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.paging import range_of, turns
from bot.slack.kit.blocks.text import inline, mention
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.team_places import TeamPlace
from bot.slack.kit.texts import common
from bot.slack.kit.texts.grammar import and_more, both, capital, count
from bot.slack.pages.delegations.blocks import sentence
from bot.slack.pages.health.texts import NO_ADMINISTRATOR
from domain.configuration.plan import Kind
from domain.people.people import Group, PersonId, Standing, UserGroup
from domain.workflow.configuration.people_pages import (
    Membership,
    PersonPage,
    TeamForm,
    TeamList,
    TeamPage,
    TeamRow,
)

ROLES: Final = "A role is a right that people hold by name, through a Slack user group, or both."
GROUPS: Final = "A group is a set of approvers. It follows a Slack user group or lists its members."
MOST_PEOPLE: Final = 300
MOST_LINES: Final = 60
MOST_UNSOLVABLE: Final = 10
"""Most profiles that cannot be approved that a group or role names."""
NO_USERGROUP: Final = "none"


def team_list(teams: TeamList, note: str = "") -> View:
    """A page of all groups and roles, and a menu to look up a person."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        ActionsBlock(block_id="people:who", elements=[_look_up()]),
        *(_row(team) for team in teams.rows),
    ]
    new: list[InteractiveElement] = [
        button("New group", Action.TEAM_NEW_GROUP, str(TeamPlace(kind=Kind.GROUP)), "New group: open the form"),
        button("New role", Action.TEAM_NEW_ROLE, str(TeamPlace(kind=Kind.ROLE)), "New role: open the form"),
    ]
    pages = turns(teams.slice, Action.PEOPLE_PREVIOUS, Action.PEOPLE_NEXT, str)
    blocks.extend(actions("people:do", [*(new if teams.may_edit else []), *pages]))
    position = range_of(teams.slice, lambda total: count(total, "role or group", "roles and groups"))
    blocks.append(context(f"{ROLES} {GROUPS}", position))
    return _modal(Callback.PEOPLE, "People", blocks, str(teams.slice.page))


def _row(team: TeamRow) -> Block:
    kind, key = team.kind, team.key
    follows = f", follows {_handle(team.usergroup)}" if team.usergroup else ""
    people = count(team.active, "person", "people")
    return SectionBlock(
        block_id=f"team:{kind}:{key}",
        text=mrkdwn(f"*{inline(team.name, 80)}*\n{capital(kind)} `{key}`{follows}: {people}"),
        accessory=button(common.OPEN, Action.TEAM_OPEN, str(TeamPlace(kind=kind, key=key)), f"Open the {kind} {key}"),
    )


def team_page(page: TeamPage, note: str = "") -> View:
    """One group or role: its people and why they are in it, and what uses it."""
    people = [_member(membership, page) for membership in page.people[:MOST_PEOPLE]]
    if len(page.people) > MOST_PEOPLE:
        people.append(and_more(len(page.people) - MOST_PEOPLE))
    users = [f"• {inline(capital(user), 200)}" for user in page.users[:MOST_LINES]]
    unsolvable = [
        f"*Warning*: requests under {inline(profile, 80)} cannot be approved at the moment. {inline(why, 400)}"
        for profile, why in page.unsolvable[:MOST_UNSOLVABLE]
    ]
    if len(page.unsolvable) > MOST_UNSOLVABLE:
        unsolvable.append(and_more(len(page.unsolvable) - MOST_UNSOLVABLE))
    blocks: list[Block] = [
        *([section(note)] if note else []),
        header(page.team.name),
        section(f"{capital(page.kind)} `{page.team.key}`. {_source(page)}"),
        *packed(["*People*", *(people or ["Nobody yet."])]),
        *packed(["*Used by*", *(users or ["No approval profile and no open request."]), *unsolvable]),
        *actions("team:do", _team_buttons(page)),
    ]
    return _modal(Callback.TEAM, capital(page.kind), blocks, str(TeamPlace(kind=page.kind, key=page.team.key)))


def _source(page: TeamPage) -> str:
    """Where the people of a group or role come from: a user group, or a list."""
    if page.team.usergroup is None:
        return "Its people are listed by name."
    if page.usergroup is None:
        return f"It follows the user group `{page.team.usergroup}`, which does not exist in Slack, so it adds nobody."
    named = " and the people named here" if page.kind is Kind.ROLE else ""
    handle = _handle(page.usergroup.handle)
    return f"Its people are the members of {handle}{named}. Membership is checked at every click."


def _member(membership: Membership, page: TeamPage) -> str:
    handle = page.usergroup.handle if membership.through_usergroup and page.usergroup else ""
    standing = membership.standing
    unable = f"; {standing.described}, so they cannot act" if standing is not Standing.MEMBER else ""
    return f"• {mention(membership.person)}, {_ways(handle, by_name=membership.by_name)}{unable}"


def _ways(handle: str, *, by_name: bool) -> str:
    """Why a person is in a group or role; *handle* is that of the user group they are in it through, or empty."""
    return both([*(["by name"] if by_name else []), *([f"through {_handle(handle)}"] if handle else [])])


def _team_buttons(page: TeamPage) -> list[InteractiveElement]:
    back = _back()
    if not page.may_edit:
        return [back]
    kind, key = page.kind, page.team.key
    place = TeamPlace(kind=kind, key=key)
    edit = button(common.EDIT, Action.TEAM_EDIT, str(place), f"Edit the {kind} {key}", style="primary")
    if page.is_built_in:
        return [edit, back]
    sure = sure_to_delete(
        f"Delete this {kind}?", "Its people lose its permissions immediately. The audit log keeps its history."
    )
    seen, label = str(place.replace(seen=page.fingerprint)), f"Delete the {kind} {key}"
    return [edit, back, button(common.DELETE, Action.TEAM_DELETE, seen, label, style="danger", confirm=sure)]


def team_form(form: TeamForm) -> View:
    """The form to create or change a group or role."""
    team, kind = form.team, form.kind
    place = TeamPlace(kind=kind, key=team.key if team is not None else "", seen=form.fingerprint)
    chosen = () if team is None else team.members if isinstance(team, Group) else team.holders
    blocks: list[Block] = [context(GROUPS if kind is Kind.GROUP else ROLES)]
    if team is not None and form.is_built_in:
        blocks.insert(0, header(team.name))
    else:
        name = team.name if team is not None else ""
        blocks.append(
            inputs.line_of_text(f"{Field.TEAM_NAME}:{place}", Action.TEAM_NAME, common.NAME, most=80, initial=name)
        )
    blocks.append(_usergroups(form, place))
    label = "Members, if it follows no user group" if kind is Kind.GROUP else "People who hold this role by name"
    blocks.append(inputs.people(f"{Field.TEAM_PEOPLE}:{place}", Action.TEAM_PEOPLE, label, chosen, dispatch=False))
    return View(
        type="modal",
        callback_id=Callback.TEAM_FORM,
        title=f"{'Edit' if team is not None else 'New'} {kind}",
        submit=common.SAVE,
        close=common.CLOSE,
        blocks=blocks,
        private_metadata=str(place),
    )


def _usergroups(form: TeamForm, place: TeamPlace) -> Block:
    label, hint = "Slack user group", "Membership is checked when someone decides."
    chosen, block_id = form.team.usergroup if form.team is not None else None, f"{Field.TEAM_USERGROUP}:{place}"
    options = suggested_usergroups(form.usergroups, "")
    known = next((usergroup for usergroup in form.usergroups if usergroup.id == chosen), None)
    if chosen is not None and known is None:
        options.append(option(f"{chosen} (no longer in Slack)", chosen))
    if len(form.usergroups) < MENU:
        return menu(block_id, Action.TEAM_USERGROUP, label, options, chosen=chosen or NO_USERGROUP, hint=hint)
    if known is not None:
        selected = option(_usergroup(known), known.id)
    else:
        selected = next(choice for choice in options if choice.value == (chosen or NO_USERGROUP))
    return searched(block_id, Action.TEAM_USERGROUP, label, chosen=selected, hint=hint)


def suggested_usergroups(usergroups: Sequence[UserGroup], typed: str) -> list[Option]:
    """*None*, and the first user groups with *typed* in their handle or name: at most a hundred options."""
    offered = {usergroup.id: _usergroup(usergroup) for usergroup in usergroups}
    return [option(common.NONE, NO_USERGROUP), *matching(offered, typed, MENU - 1)]


def _usergroup(usergroup: UserGroup) -> str:
    return f"@{usergroup.handle} ({usergroup.name})"


def person_page(page: PersonPage, at: datetime, *, reader: PersonId) -> View:
    """One person: roles, groups, steps they may approve, profiles that depend on them, and delegations."""
    person = page.identity
    active = person.standing is Standing.MEMBER
    standing = "Active full member." if active else f"{capital(person.standing.described)}: cannot act."
    teams: dict[Kind, list[str]] = {Kind.ROLE: [], Kind.GROUP: []}
    for kind, name, handle, by_name in page.teams:
        teams[kind].append(f"• {inline(name, 80)}, {_ways(handle, by_name=by_name)}")
    rights = [
        f"• {inline(right.profile, 80)}, step {right.number}, {inline(right.step, 80)}"
        f"{', once it escalates' if right.once_escalated else ''}"
        for right in page.rights
    ]
    only = [
        f"• {inline(profile, 80)}: without them, {inline(why[:1].lower() + why[1:], 400)}" for profile, why in page.only
    ]
    delegations = [
        f"• {capital(sentence(delegation, at, reader=reader, unable=page.unable))}"
        for delegation in (*page.given, *page.received)
    ]
    blocks: list[Block] = [
        header(person.name or "Unknown person"),
        section(f"{mention(person.id)}. {standing}"),
        *_part("*Roles*", teams[Kind.ROLE], "None."),
        *_part("*Groups*", teams[Kind.GROUP], "None."),
        *_part("*May approve*", rights, "No step of a current profile."),
        *(_part("*Depends on this person*", only, "") if only else []),
        *_part("*Out of office*", delegations, "No delegations."),
        ActionsBlock(block_id="person:do", elements=[_back(), _look_up()]),
    ]
    return _modal(Callback.PERSON, "Person", blocks, "")


def _part(title: str, lines: Sequence[str], nothing: str) -> Iterator[Block]:
    shown = [*lines[:MOST_LINES], *([and_more(len(lines) - MOST_LINES)] if len(lines) > MOST_LINES else [])]
    yield from packed([title, *(shown or [nothing])])


def _back() -> InteractiveElement:
    return button("All groups and roles", Action.PEOPLE, "people", "Back to all groups and roles")


def _look_up() -> InteractiveElement:
    placeholder = PlainTextObject(text="Look up a person", emoji=False)
    return UserSelectElement(action_id=Action.PERSON_OPEN, placeholder=placeholder)


def _handle(handle: str) -> str:
    return inline(f"@{handle}", 60)


def _modal(callback: Callback, title: str, blocks: Sequence[Block], metadata: str) -> View:
    return View(
        type="modal", callback_id=callback, title=title, close=common.CLOSE, blocks=blocks, private_metadata=metadata
    )


def appointed() -> Message:
    """To a person who became an administrator because nobody was one."""
    text = (
        "You are now an administrator of Countersign. There was no administrator, and COUNTERSIGN_ADMINISTRATORS names "
        "you. `/approval help` lists what you can do. To add other administrators, use `/approval people`."
    )
    return Message(text, (section(text),))


def nobody_administers() -> Message:
    """To an auditor: there is no administrator."""
    return Message(NO_ADMINISTRATOR, (section(NO_ADMINISTRATOR),))
