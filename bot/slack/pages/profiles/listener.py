"""Approval profiles in Slack: looking at them, and creating, editing and deleting them. One modal, drawn anew for each of its pages."""

import secrets
from collections.abc import Callable
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.slack.answers import Listener, in_place, on_actions, show
from bot.slack.context import Bot
from bot.slack.kit.admin_places import FormPlace, StepPlace
from bot.slack.kit.blocks.inputs import Teams
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.text import inline
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.payloads import Click, click
from bot.slack.kit.payloads.clicks import ViewRef
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts.plan import fate
from bot.slack.pages.profiles import blocks as profiles
from bot.slack.pages.profiles import form_blocks as profile_forms
from bot.slack.pages.profiles import payloads, texts
from domain.approvals.profiles import Definition, ProfileId
from domain.audit.entries import Source
from domain.people.people import GroupId, PersonId, RoleId
from domain.workflow.configuration import configure, profile_pages
from domain.workflow.configuration import profile_drafts as drafting
from domain.workflow.configuration.apply import Applied
from domain.workflow.configuration.profile_drafts import Base, Edited


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* answer everything in the modals for approval profiles."""

    on_actions(app, bot, LISTENERS)

    async def searched(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = payloads.profiles_form(body)
        await ack(response_action="update", view=(await listed(bot, form.who.person, form.search)).to_dict())

    async def saved(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(response_action="update", view=(await _save(bot, body)).to_dict())

    async def step_done(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _keep_step(bot, body)
        await ack()

    app.view(Callback.PROFILES.value)(searched)
    app.view(Callback.PROFILE_FORM.value)(saved)
    app.view(Callback.STEP_FORM.value)(step_done)


async def listed(bot: Bot, who: PersonId, search: str = "", page: int = 0, note: str = "") -> View:
    """A page of the list, for somebody who may read it. Raises NotAMember, NotAReader."""
    await bot.directory.be_ready_for(who)
    return profiles.profile_list(await profile_pages.profile_list(bot.store, who, search=search[:80], page=page), note)


async def page_of(bot: Bot, who: PersonId, profile: ProfileId, note: str = "") -> View:
    """One profile. Raises NotAMember, NotAReader, NoSuchProfile."""
    await bot.directory.be_ready_for(who)
    page = await profile_pages.profile_page(bot.store, who, profile, bot.clock())
    return profiles.profile_page(page, await _labels(bot), note)


# looking


async def _list(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.profiles_click(body)
    await in_place(bot, click, await listed(bot, click.who.person, click.place.search, click.place.page))


async def _search(bot: Bot, body: dict[str, Any]) -> None:
    form = payloads.profiles_form(body)
    view = await listed(bot, form.who.person, form.search)
    await bot.client.views_update(view_id=form.view.id, view=view.to_dict())


async def _open(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.profile_click(body)
    await in_place(bot, click, await page_of(bot, click.who.person, click.profile))


async def _history(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.version_click(body)
    await bot.directory.be_ready_for(click.who.person)
    profile, page = ProfileId(click.place.key), click.place.number
    history = await profile_pages.profile_history(bot.store, click.who.person, profile, page=page)
    await in_place(bot, click, profiles.profile_history(history))


# the form for a profile


async def _new(bot: Bot, body: dict[str, Any]) -> None:
    await _begin(bot, click(body), None)


async def _edit(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.profile_click(body)
    await _begin(bot, click, click.profile)


async def _begin(bot: Bot, click: Click, profile: ProfileId | None) -> None:
    await bot.directory.be_ready_for(click.who.person)
    edited = await drafting.begin(bot.store, click.who.person, profile)
    place = FormPlace(base=edited.base, nonce=secrets.token_hex(4))
    await in_place(bot, click, await _form(bot, click.who.person, edited, place))


async def _form(bot: Bot, who: PersonId, edited: Edited, place: FormPlace) -> View:
    preview = await profile_pages.preview(
        bot.store, who, edited.base.id, edited.steps, edited.expires_after, bot.clock()
    )
    return profile_forms.profile_form(edited, preview, await _labels(bot), place.replace(base=edited.base))


async def _move_up(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.form_click(body)
    await _change(bot, click, drafting.moved(click.step, -1))


async def _move_down(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.form_click(body)
    await _change(bot, click, drafting.moved(click.step, 1))


async def _remove(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.form_click(body)
    await _change(bot, click, drafting.without(click.step))


async def _change(bot: Bot, click: payloads.FormClick, change: Callable[[drafting.Steps], drafting.Steps]) -> None:
    """The form with other steps; what was typed into its fields stays."""
    who = click.who.person
    await bot.directory.be_ready_for(who)
    edited = await drafting.change_steps(bot.store, who, click.form.base, change, bot.clock())
    await in_place(bot, click, await _form(bot, who, edited, click.form))


async def _expiry(bot: Bot, body: dict[str, Any]) -> None:
    """What the profile would do if it expired like this."""
    form = payloads.expiry_change(body)
    who = form.who.person
    await bot.directory.be_ready_for(who)
    edited = await drafting.change_expiry(bot.store, who, form.place.base, form.expires_after, bot.clock())
    view = await _form(bot, who, edited, form.place)
    await bot.client.views_update(view_id=form.view.id, view=view.to_dict())


async def _save(bot: Bot, body: dict[str, Any]) -> View:
    """The profile as it is after what the form says was saved, with what became of the open requests."""
    form = payloads.profile_form(body)
    who, at, base = form.who.person, bot.clock(), form.place.base
    await bot.directory.be_ready_for(who)
    edited = await drafting.edited(bot.store, who, base)
    definition = Definition(**form.terms, steps=edited.steps)
    if base.id is None:
        done = await configure.create_profile(bot.store, definition, at, by=who, source=Source.SLACK)
    else:
        done = await configure.save_profile(
            bot.store, base.id, definition, at, by=who, source=Source.SLACK, seen=base.seen
        )
    bot.announcer.nudge()
    key = ProfileId(done.plan.changes[0].key) if done.plan.changes else base.id
    if key is None:
        raise BadInput(what=bad_input.NOTHING_CREATED)
    return await page_of(bot, who, key, _said(done, base))


def _said(done: Applied, base: Base) -> str:
    """What saving did, in mrkdwn."""
    if done.plan.is_empty:
        return texts.NOTHING_CHANGED
    [change] = done.plan.changes
    if base.profile is None:
        return texts.created(inline(change.key, 80))
    kept, took = done.plan.keeping.get(change.key, 0), done.followed.get(change.key, 0)
    return texts.saved_as(base.seen + 1, fate(kept, took, done=True))


async def _delete(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.version_click(body)
    who, profile = click.who.person, ProfileId(click.place.key)
    await bot.directory.be_ready_for(who)
    done = await configure.delete_profile(
        bot.store, profile, bot.clock(), by=who, source=Source.SLACK, seen=click.place.number
    )
    name = done.plan.changes[0].name
    await in_place(bot, click, await listed(bot, who, note=texts.deleted(inline(name, 80))))


# the form for a step


async def _add_step(bot: Bot, body: dict[str, Any]) -> None:
    await _open_step(bot, payloads.form_click(body), new=True)


async def _edit_step(bot: Bot, body: dict[str, Any]) -> None:
    await _open_step(bot, payloads.form_click(body), new=False)


async def _open_step(bot: Bot, click: payloads.FormClick, *, new: bool) -> None:
    who = click.who.person
    await bot.directory.be_ready_for(who)
    edited = await drafting.edited(bot.store, who, click.form.base)
    place = None if new else click.step
    team = bot.directory.workspace.team
    step = None if place is None else drafting.editable(drafting.step_at(edited.steps, place), team)
    steps = drafting.with_step(place, step or drafting.FIRST_STEP)(edited.steps)
    preview = await profile_pages.preview(bot.store, who, edited.base.id, steps, edited.expires_after, bot.clock())
    view: ViewRef | None = click.view
    if view is None:
        raise BadInput(what=bad_input.NOT_THE_PROFILE_FORM)
    where = StepPlace(form=click.form, view=view.id, step=place)
    await show(bot, click, profile_forms.step_form(step, preview, steps, await _teams(bot), where))


async def _preview_step(bot: Bot, body: dict[str, Any]) -> None:
    """What the profile would do with the step as it is filled in now. Without the view's hash: of two, the later is to stay."""
    form = payloads.step_change(body)
    who, place = form.who.person, form.place
    await bot.directory.be_ready_for(who)
    edited = await drafting.edited(bot.store, who, place.form.base)
    steps = drafting.with_step(place.step, form.step)(edited.steps)
    preview = await profile_pages.preview(bot.store, who, edited.base.id, steps, edited.expires_after, bot.clock())
    was = None if place.step is None else drafting.step_at(edited.steps, place.step)
    view = profile_forms.step_form(was, preview, steps, await _teams(bot), place)
    await bot.client.views_update(view_id=form.view.id, view=view.to_dict())


async def _keep_step(bot: Bot, body: dict[str, Any]) -> None:
    form = payloads.step_form(body)
    who, place = form.who.person, form.place
    await bot.directory.be_ready_for(who)
    change = drafting.with_step(place.step, form.step)
    edited = await drafting.change_steps(bot.store, who, place.form.base, change, bot.clock())
    view = await _form(bot, who, edited, place.form)
    await bot.client.views_update(view_id=place.view, view=view.to_dict())


async def _chosen(_bot: Bot, _body: dict[str, Any]) -> None:
    """A choice that is read when its form is sent."""


async def _labels(bot: Bot) -> Labels:
    async with bot.store.reading() as reading:
        groups, roles = await reading.people.groups(), await reading.people.roles()
    return Labels(
        groups={GroupId(one.key): one.name for one in groups}, roles={RoleId(one.key): one.name for one in roles}
    )


async def _teams(bot: Bot) -> Teams:
    labels = await _labels(bot)
    return Teams(labels.groups, labels.roles)


LISTENERS: Final[dict[Action, Listener]] = {
    Action.PROFILES: _list,
    Action.PROFILES_PREVIOUS: _list,
    Action.PROFILES_NEXT: _list,
    Action.PROFILE_SEARCH: _search,
    Action.PROFILE_OPEN: _open,
    Action.PROFILE_HISTORY: _history,
    Action.PROFILE_HISTORY_PREVIOUS: _history,
    Action.PROFILE_HISTORY_NEXT: _history,
    Action.PROFILE_NEW: _new,
    Action.PROFILE_EDIT: _edit,
    Action.PROFILE_DELETE: _delete,
    Action.STEP_ADD: _add_step,
    Action.STEP_EDIT: _edit_step,
    Action.STEP_UP: _move_up,
    Action.STEP_DOWN: _move_down,
    Action.STEP_REMOVE: _remove,
    Action.STEP_REQUIRED: _preview_step,
    Action.STEP_PEOPLE: _preview_step,
    Action.STEP_TEAMS: _preview_step,
    Action.STEP_DIRECT: _preview_step,
    Action.STEP_CHANNEL: _preview_step,
    Action.STEP_SILENT_PEOPLE: _preview_step,
    Action.STEP_SILENT_TEAMS: _preview_step,
    Action.STEP_ESCALATION: _preview_step,
    Action.STEP_ESCALATION_UNIT: _preview_step,
    Action.STEP_ESCALATION_PEOPLE: _preview_step,
    Action.STEP_ESCALATION_TEAMS: _preview_step,
    Action.PROFILE_EXPIRY: _expiry,
    Action.PROFILE_EXPIRY_UNIT: _expiry,
    Action.PROFILE_REMINDER_UNIT: _chosen,
    Action.PROFILE_VALIDITY_UNIT: _chosen,
    Action.PROFILE_COMMENT: _chosen,
    Action.PROFILE_REQUESTER: _chosen,
}
