"""Handlers of the *People* pages: show people, groups and roles; create, change and delete groups and roles."""

from typing import Final

from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot.slack.answers import in_place
from bot.slack.context import Bot
from bot.slack.interactions import Answer, Interactions, on, replace_with
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.payloads.suggestions import Suggestion
from bot.slack.kit.texts.grammar import and_more
from bot.slack.pages.people import blocks, payloads
from bot.slack.pages.profiles.descriptions import difference_lines
from domain.audit.entries import Source
from domain.configuration.plan import Kind
from domain.people.people import BUILT_IN_ROLES, Group, GroupId, PersonId, Role, RoleId
from domain.workflow.configuration import groups_and_roles as teams
from domain.workflow.configuration import people_pages
from domain.workflow.configuration.apply import Applied

MOST_LINES: Final = 12
"""Most lines that say what was saved."""


async def team_list(bot: Bot, person: PersonId, page: int = 0, note: str = "") -> View:
    """A page of the list. Raises NotAMember, NotAReader."""
    return blocks.team_list(await people_pages.team_list(bot.store, person, page=page), note)


async def person_page(bot: Bot, person: PersonId, whom: PersonId) -> View:
    """The page of the person *whom*. Raises NotAMember, NotAReader."""
    at = bot.clock()
    return blocks.person_page(await people_pages.person_page(bot.store, person, whom, at), at, reader=person)


async def _list(bot: Bot, click: payloads.PeopleClick) -> None:
    await in_place(bot, click, await team_list(bot, click.who.person, click.page))


async def _look_up(bot: Bot, click: payloads.PersonClick) -> None:
    await in_place(bot, click, await person_page(bot, click.who.person, click.whom))


async def _open(bot: Bot, click: payloads.TeamClick) -> None:
    await in_place(bot, click, await _page(bot, click.who.person, click.team.kind, click.team.key))


async def _page(bot: Bot, person: PersonId, kind: Kind, key: str, note: str = "") -> View:
    return blocks.team_page(await people_pages.team_page(bot.store, person, kind, key), note)


async def _form(bot: Bot, click: payloads.TeamClick) -> None:
    form = await people_pages.team_form(bot.store, click.who.person, click.team.kind, click.team.key or None)
    await in_place(bot, click, blocks.team_form(form))


async def _save(bot: Bot, form: payloads.TeamForm) -> Answer:
    who = form.who.person
    applied = await (_saved(bot, form) if form.team.key else _created(bot, form))
    _follow(bot, applied)
    key = next((change.key for change in applied.plan.changes), form.team.key)
    return replace_with(await _page(bot, who, form.team.kind, key, _note(applied)))


async def _saved(bot: Bot, form: payloads.TeamForm) -> Applied:
    place, at, by = form.team, bot.clock(), form.who.person
    name = form.name or BUILT_IN_ROLES.get(RoleId(place.key), place.key)
    if place.kind is Kind.GROUP:
        group = Group(key=place.key, name=name, usergroup=form.usergroup, members=form.people)
        return await teams.save_group(bot.store, group, at, by=by, source=Source.SLACK, seen=place.seen)
    role = Role(key=place.key, name=name, usergroup=form.usergroup, holders=form.people)
    return await teams.save_role(bot.store, role, at, by=by, source=Source.SLACK, seen=place.seen)


async def _created(bot: Bot, form: payloads.TeamForm) -> Applied:
    at, by, name = bot.clock(), form.who.person, form.name or ""
    if form.team.kind is Kind.GROUP:
        return await teams.create_group(
            bot.store, name, at, usergroup=form.usergroup, members=form.people, by=by, source=Source.SLACK
        )
    return await teams.create_role(
        bot.store, name, at, usergroup=form.usergroup, holders=form.people, by=by, source=Source.SLACK
    )


async def _delete(bot: Bot, click: payloads.TeamClick) -> None:
    place, at, by = click.team, bot.clock(), click.who.person
    if place.kind is Kind.GROUP:
        applied = await teams.delete_group(
            bot.store, GroupId(place.key), at, by=by, source=Source.SLACK, seen=place.seen
        )
    else:
        applied = await teams.delete_role(bot.store, RoleId(place.key), at, by=by, source=Source.SLACK, seen=place.seen)
    _follow(bot, applied)
    await in_place(bot, click, await team_list(bot, by, note=f"Deleted the {place.kind} `{place.key}`."))


def _follow(bot: Bot, applied: Applied) -> None:
    """Update messages and Homes: other people may be asked now."""
    if applied.plan.is_empty:
        return
    bot.message_worker.nudge()
    sides = [side for change in applied.plan.changes for side in (change.before, change.after)]
    bot.homes.again({person for side in sides if isinstance(side, Group | Role) for person in teams.people_in(side)})


def _note(applied: Applied) -> str:
    if applied.plan.is_empty:
        return "Nothing to save: there are no changes."
    lines = [
        line for change in applied.plan.changes for line in difference_lines(change.differences(), applied.plan.team)
    ]
    more = [and_more(len(lines) - MOST_LINES)] if len(lines) > MOST_LINES else []
    return "\n".join(["*Saved*", *lines[:MOST_LINES], *more])


async def _suggest_usergroups(bot: Bot, asked: Suggestion) -> list[Option]:
    form = await people_pages.team_form(bot.store, asked.who.person, Kind.GROUP, None)
    return blocks.suggested_usergroups(form.usergroups, asked.written)


INTERACTIONS: Final = Interactions(
    actions={
        Action.PEOPLE: on(payloads.people_click, _list),
        Action.PEOPLE_PREVIOUS: on(payloads.people_click, _list),
        Action.PEOPLE_NEXT: on(payloads.people_click, _list),
        Action.PERSON_OPEN: on(payloads.person_click, _look_up),
        Action.TEAM_OPEN: on(payloads.team_click, _open),
        Action.TEAM_EDIT: on(payloads.team_click, _form),
        Action.TEAM_NEW_GROUP: on(payloads.team_click, _form),
        Action.TEAM_NEW_ROLE: on(payloads.team_click, _form),
        Action.TEAM_DELETE: on(payloads.team_click, _delete),
    },
    forms={Callback.TEAM_FORM: on(payloads.team_form, _save)},
    options={Action.TEAM_USERGROUP: _suggest_usergroups},
)
