"""Groups, roles and people to look at and to change: who is in, why, and what hangs on it. All in one modal, which is drawn anew."""

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
from bot.slack.kit.texts import common, terms
from bot.slack.kit.texts import people as texts
from bot.slack.kit.texts.grammar import and_more, capital
from bot.slack.pages.delegations.blocks import sentence
from domain.configuration.plan import Kind
from domain.people.people import Group, PersonId, UserGroup
from domain.workflow.configuration.people_pages import (
    Belonging,
    PersonPage,
    Right,
    TeamForm,
    TeamList,
    TeamPage,
    TeamRow,
)

MOST_PEOPLE: Final = 300
MOST_LINES: Final = 60
MOST_SHORT: Final = 10
NO_USERGROUP: Final = "none"


def team_list(found: TeamList, note: str = "") -> View:
    """A page of all roles and groups, and a field to look somebody up."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        ActionsBlock(block_id="people:who", elements=[_look_up()]),
        *(_row(row) for row in found.rows),
    ]
    new: list[InteractiveElement] = [
        button("New group", Action.TEAM_NEW_GROUP, str(TeamPlace(kind=Kind.GROUP)), "New group: create one"),
        button("New role", Action.TEAM_NEW_ROLE, str(TeamPlace(kind=Kind.ROLE)), "New role: create one"),
    ]
    pages = turns(found.slice, Action.PEOPLE_PREVIOUS, Action.PEOPLE_NEXT, str)
    blocks.extend(actions("people:do", [*(new if found.may_edit else []), *pages]))
    blocks.append(context(f"{texts.ROLES} {texts.GROUPS}", range_of(found.slice, texts.several)))
    return _modal(Callback.PEOPLE, "People", blocks, str(found.slice.page))


def _row(one: TeamRow) -> Block:
    follows = _handle(one.usergroup) if one.usergroup else None
    text = texts.line(one.kind, inline(one.name, 80), one.key, one.active, follows)
    place = str(TeamPlace(kind=one.kind, key=one.key))
    return SectionBlock(
        block_id=f"team:{one.kind}:{one.key}",
        text=mrkdwn(text),
        accessory=button(common.OPEN, Action.TEAM_OPEN, place, f"Open the {terms.team(one.kind)} {one.key}"),
    )


def team_page(page: TeamPage, note: str = "") -> View:
    """One group or role: who is in it and why, and what names it."""
    people = page.people[:MOST_PEOPLE]
    more = len(page.people) - len(people)
    lines = [_member(person, page) for person in people] + ([and_more(more)] if more > 0 else [])
    named = [f"• {inline(capital(user), 200)}" for user in page.users[:MOST_LINES]]
    blocks: list[Block] = [
        *([section(note)] if note else []),
        header(page.team.name),
        section(_how(page)),
        *packed(["*Who*", *(lines or ["Nobody yet."])]),
        *packed(["*What names it*", *(named or ["No approval profile and no open request."]), *_short(page)]),
        *actions("team:do", _team_buttons(page)),
    ]
    place = TeamPlace(kind=page.kind, key=page.team.key)
    return _modal(Callback.TEAM, texts.title(page.kind), blocks, str(place))


def _short(page: TeamPage) -> Iterator[str]:
    """What could never be approved as people are now."""
    for name, why in page.short[:MOST_SHORT]:
        yield f"*Warning*: under {inline(name, 80)} nothing can be approved now. {inline(why, 400)}"
    if len(page.short) > MOST_SHORT:
        yield and_more(len(page.short) - MOST_SHORT)


def _how(page: TeamPage) -> str:
    """How one comes to be in it."""
    kind, team = page.kind, page.team
    if page.usergroup is not None:
        return texts.follows(kind, team.key, _handle(page.usergroup.handle))
    return (
        f"{texts.title(kind)} `{team.key}`. It lists its people by name."
        if team.usergroup is None
        else (
            f"{texts.title(kind)} `{team.key}`. It follows the user group `{team.usergroup}`, which Slack "
            "does not have (any more): so nobody is in it."
        )
    )


def _member(one: Belonging, page: TeamPage) -> str:
    through = _handle(page.usergroup.handle) if one.through_usergroup and page.usergroup else None
    return texts.member(mention(one.person), texts.ways(through, by_name=one.by_name), one.standing)


def _team_buttons(page: TeamPage) -> list[InteractiveElement]:
    back = button(texts.ALL, Action.PEOPLE, "people", texts.ALL_LABEL)
    if not page.may_edit:
        return [back]
    place = TeamPlace(kind=page.kind, key=page.team.key)
    edit = button(
        common.EDIT, Action.TEAM_EDIT, str(place), f"Edit the {terms.team(page.kind)} {page.team.key}", style="primary"
    )
    if page.is_built_in:
        return [edit, back]
    sure = sure_to_delete(
        f"Delete this {terms.team(page.kind)}?", "Whoever is in it loses what it gives at once. The record stays."
    )
    seen = place.replace(seen=page.fingerprint)
    what = f"Delete the {terms.team(page.kind)} {page.team.key}"
    return [edit, back, button(common.DELETE, Action.TEAM_DELETE, str(seen), what, style="danger", confirm=sure)]


def team_form(form: TeamForm) -> View:
    """To create or change a group or role."""
    team, kind = form.team, form.kind
    built_in = team is not None and form.is_built_in
    place = TeamPlace(kind=kind, key=team.key if team is not None else "", seen=form.fingerprint)
    chosen = () if team is None else team.members if isinstance(team, Group) else team.holders
    blocks: list[Block] = [context(texts.GROUPS if kind is Kind.GROUP else texts.ROLES)]
    if built_in and team is not None:
        blocks.insert(0, header(team.name))
    else:
        name = team.name if team is not None else ""
        blocks.append(
            inputs.line_of_text(f"{Field.TEAM_NAME}:{place}", Action.TEAM_NAME, common.NAME, most=80, initial=name)
        )
    blocks.append(_usergroups(form, place))
    label = "Members, where it follows no user group" if kind is Kind.GROUP else "Held by name"
    blocks.append(inputs.people(f"{Field.TEAM_PEOPLE}:{place}", Action.TEAM_PEOPLE, label, chosen, dispatch=False))
    title = f"Edit {terms.team(kind)}" if team is not None else f"New {terms.team(kind)}"
    return View(
        type="modal",
        callback_id=Callback.TEAM_FORM,
        title=title,
        submit=common.SAVE,
        close=common.CLOSE,
        blocks=blocks,
        private_metadata=str(place),
    )


def _usergroups(form: TeamForm, place: TeamPlace) -> Block:
    chosen, where = form.team.usergroup if form.team is not None else None, f"{Field.TEAM_USERGROUP}:{place}"
    options = suggested_usergroups(form.usergroups, "")
    known = next((usergroup for usergroup in form.usergroups if usergroup.id == chosen), None)
    if chosen is not None and known is None:
        options.append(option(f"{chosen} (not in Slack any more)", chosen))
    if len(form.usergroups) >= MENU:
        named = (
            option(texts.usergroup(known.handle, known.name), known.id)
            if known is not None
            else next(option for option in options if option.value == (chosen or NO_USERGROUP))
        )
        return searched(where, Action.TEAM_USERGROUP, texts.USERGROUP, chosen=named, hint=texts.USERGROUP_HINT)
    return menu(
        where,
        Action.TEAM_USERGROUP,
        texts.USERGROUP,
        options,
        chosen=chosen or NO_USERGROUP,
        hint=texts.USERGROUP_HINT,
    )


def suggested_usergroups(usergroups: Sequence[UserGroup], written: str) -> list[Option]:
    """None, and the first user groups with what is *written* in their handle or name: at most a hundred in all."""
    offered = {usergroup.id: texts.usergroup(usergroup.handle, usergroup.name) for usergroup in usergroups}
    return [option(common.NONE, NO_USERGROUP), *matching(offered, written, MENU - 1)]


def person_page(page: PersonPage, at: datetime, *, reader: PersonId) -> View:
    """What somebody belongs to, may approve, and where nobody else could."""
    who = page.identity
    away = [
        f"• {capital(sentence(one, at, reader=reader, unable=page.unable))}" for one in (*page.given, *page.received)
    ]
    rights = [_right(right) for right in page.rights]
    only = [f"• {inline(name, 80)}: without them, {_because(why)}" for name, why in page.only]
    blocks: list[Block] = [
        header(who.name or "Somebody"),
        section(texts.standing(mention(who.id), who.standing)),
        *_part("*Roles*", [_belongs(*team) for team in page.teams if team[0] is Kind.ROLE], texts.NO_TEAMS),
        *_part("*Groups*", [_belongs(*team) for team in page.teams if team[0] is Kind.GROUP], texts.NO_TEAMS),
        *_part("*May approve*", rights, "Nothing, as profiles are now."),
        *(_part("*Nobody else could*", only, "") if only else []),
        *_part("*Out of office*", away, "Nobody stands in for them, and they stand in for nobody."),
        ActionsBlock(
            block_id="person:do",
            elements=[
                button(texts.ALL, Action.PEOPLE, "people", texts.ALL_LABEL),
                _look_up(),
            ],
        ),
    ]
    return _modal(Callback.PERSON, "Person", blocks, "")


def _right(one: Right) -> str:
    return (
        f"• {inline(one.profile, 80)}, step {one.number}, {inline(one.step, 80)}"
        f"{(', once it escalates' if one.once_escalated else '')}"
    )


def _part(title: str, lines: Sequence[str], nothing: str) -> Iterator[Block]:
    shown = [*lines[:MOST_LINES], *([and_more(len(lines) - MOST_LINES)] if len(lines) > MOST_LINES else [])]
    yield from packed([title, *(shown or [nothing])])


def _belongs(_kind: Kind, name: str, handle: str, named: bool) -> str:
    return f"• {inline(name, 80)}, {texts.ways(_handle(handle) if handle else None, by_name=named)}"


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
        type="modal", callback_id=callback, title=title, close=common.CLOSE, blocks=blocks, private_metadata=metadata
    )


def appointed() -> Message:
    """To somebody who is an administrator now, because nobody else was."""
    return Message(texts.APPOINTED, (section(texts.APPOINTED),))


def nobody_administers() -> Message:
    """To an auditor: nobody is an administrator."""
    return Message(texts.NOBODY_ADMINISTERS, (section(texts.NOBODY_ADMINISTERS),))
