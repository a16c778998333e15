"""Approval profiles in Slack: looking at them, and creating, editing and deleting them. One modal, drawn anew for each of its pages."""

import secrets
from collections.abc import Callable
from typing import Final

from slack_sdk.models.views import View

from bot.slack.answers import in_place, show
from bot.slack.context import Bot
from bot.slack.interactions import Answer, Interactions, on, replace_with
from bot.slack.kit.admin_places import FormPlace, StepPlace
from bot.slack.kit.blocks.inputs import Teams
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.text import inline
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.payloads.admin_forms import ListClick, SearchForm
from bot.slack.kit.payloads.clicks import Click, ViewRef
from bot.slack.kit.payloads.clicks import click as read_click
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts.plan import fate
from bot.slack.pages.profiles import blocks as profiles
from bot.slack.pages.profiles import form_blocks as profile_forms
from bot.slack.pages.profiles import payloads, terms
from domain.approvals.profiles import Definition, ProfileId
from domain.audit.entries import Source
from domain.people.people import GroupId, PersonId, RoleId
from domain.workflow.configuration import configure, profile_pages
from domain.workflow.configuration import profile_drafts as drafting
from domain.workflow.configuration.apply import Applied
from domain.workflow.configuration.profile_drafts import Base, Edited


async def listed(bot: Bot, who: PersonId, search: str = "", page: int = 0, note: str = "") -> View:
    """A page of the list, for somebody who may read it. Raises NotAMember, NotAReader."""
    return profiles.profile_list(await profile_pages.profile_list(bot.store, who, search=search[:80], page=page), note)


async def page_of(bot: Bot, who: PersonId, profile: ProfileId, note: str = "") -> View:
    """One profile. Raises NotAMember, NotAReader, NoSuchProfile."""
    page = await profile_pages.profile_page(bot.store, who, profile, bot.clock())
    return profiles.profile_page(page, await _labels(bot), note)


# looking


async def _list(bot: Bot, click: ListClick) -> None:
    await in_place(bot, click, await listed(bot, click.who.person, click.place.search, click.place.page))


async def _searched(bot: Bot, form: SearchForm) -> Answer:
    return replace_with(await listed(bot, form.who.person, form.search))


async def _search(bot: Bot, form: SearchForm) -> None:
    view = await listed(bot, form.who.person, form.search)
    await bot.client.views_update(view_id=form.view.id, view=view.to_dict())


async def _open(bot: Bot, click: payloads.ProfileClick) -> None:
    await in_place(bot, click, await page_of(bot, click.who.person, click.profile))


async def _history(bot: Bot, click: payloads.VersionClick) -> None:
    profile, page = ProfileId(click.place.key), click.place.number
    history = await profile_pages.profile_history(bot.store, click.who.person, profile, page=page)
    await in_place(bot, click, profiles.profile_history(history))


# the form for a profile


async def _new(bot: Bot, click: Click) -> None:
    await _begin(bot, click, None)


async def _edit(bot: Bot, click: payloads.ProfileClick) -> None:
    await _begin(bot, click, click.profile)


async def _begin(bot: Bot, click: Click, profile: ProfileId | None) -> None:
    edited = await drafting.begin(bot.store, click.who.person, profile)
    place = FormPlace(base=edited.base, nonce=secrets.token_hex(4))
    await in_place(bot, click, await _form(bot, click.who.person, edited, place))


async def _form(bot: Bot, who: PersonId, edited: Edited, place: FormPlace) -> View:
    preview = await profile_pages.preview(
        bot.store, who, edited.base.id, edited.steps, edited.expires_after, bot.clock()
    )
    return profile_forms.profile_form(edited, preview, await _labels(bot), place.replace(base=edited.base))


async def _move_up(bot: Bot, click: payloads.FormClick) -> None:
    await _change(bot, click, drafting.moved(click.step, -1))


async def _move_down(bot: Bot, click: payloads.FormClick) -> None:
    await _change(bot, click, drafting.moved(click.step, 1))


async def _remove(bot: Bot, click: payloads.FormClick) -> None:
    await _change(bot, click, drafting.without(click.step))


async def _change(bot: Bot, click: payloads.FormClick, change: Callable[[drafting.Steps], drafting.Steps]) -> None:
    """The form with other steps; what was typed into its fields stays."""
    who = click.who.person
    edited = await drafting.change_steps(bot.store, who, click.form.base, change, bot.clock())
    await in_place(bot, click, await _form(bot, who, edited, click.form))


async def _expiry(bot: Bot, form: payloads.ExpiryChange) -> None:
    """What the profile would do if it expired like this."""
    who = form.who.person
    edited = await drafting.change_expiry(bot.store, who, form.place.base, form.expires_after, bot.clock())
    view = await _form(bot, who, edited, form.place)
    await bot.client.views_update(view_id=form.view.id, view=view.to_dict())


async def _save(bot: Bot, form: payloads.ProfileForm) -> Answer:
    """The profile as it is after what the form says was saved, with what became of the open requests."""
    who, at, base = form.who.person, bot.clock(), form.place.base
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
    return replace_with(await page_of(bot, who, key, _said(done, base)))


def _said(done: Applied, base: Base) -> str:
    """What saving did, in mrkdwn."""
    if done.plan.is_empty:
        return "*Nothing changed*, so there is no new version."
    [change] = done.plan.changes
    if base.profile is None:
        return (
            f"*Created*, with the key {inline(change.key, 80)}. Bind it to a resource, and it gates what is done there."
        )
    kept, took = done.plan.keeping.get(change.key, 0), done.followed.get(change.key, 0)
    return f"*Saved as version {base.seen + 1}*: {fate(kept, took, done=True)}."


async def _delete(bot: Bot, click: payloads.VersionClick) -> None:
    who, profile = click.who.person, ProfileId(click.place.key)
    done = await configure.delete_profile(
        bot.store, profile, bot.clock(), by=who, source=Source.SLACK, seen=click.place.number
    )
    name = done.plan.changes[0].name
    await in_place(bot, click, await listed(bot, who, note=f"*Deleted*: {inline(name, 80)}."))


# the form for a step


async def _add_step(bot: Bot, click: payloads.FormClick) -> None:
    await _open_step(bot, click, new=True)


async def _edit_step(bot: Bot, click: payloads.FormClick) -> None:
    await _open_step(bot, click, new=False)


async def _open_step(bot: Bot, click: payloads.FormClick, *, new: bool) -> None:
    who = click.who.person
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


async def _preview_step(bot: Bot, form: payloads.StepForm) -> None:
    """What the profile would do with the step as it is filled in now. Without the view's hash: of two, the later is to stay."""
    who, place = form.who.person, form.place
    edited = await drafting.edited(bot.store, who, place.form.base)
    steps = drafting.with_step(place.step, form.step)(edited.steps)
    preview = await profile_pages.preview(bot.store, who, edited.base.id, steps, edited.expires_after, bot.clock())
    was = None if place.step is None else drafting.step_at(edited.steps, place.step)
    view = profile_forms.step_form(was, preview, steps, await _teams(bot), place)
    await bot.client.views_update(view_id=form.view.id, view=view.to_dict())


async def _keep_step(bot: Bot, form: payloads.StepForm) -> None:
    who, place = form.who.person, form.place
    change = drafting.with_step(place.step, form.step)
    edited = await drafting.change_steps(bot.store, who, place.form.base, change, bot.clock())
    view = await _form(bot, who, edited, place.form)
    await bot.client.views_update(view_id=place.view, view=view.to_dict())


async def _labels(bot: Bot) -> Labels:
    async with bot.store.reading() as reading:
        groups, roles = await reading.people.groups(), await reading.people.roles()
    return Labels(
        groups={GroupId(group.key): group.name for group in groups},
        roles={RoleId(role.key): role.name for role in roles},
    )


async def _teams(bot: Bot) -> Teams:
    labels = await _labels(bot)
    return Teams(labels.groups, labels.roles)


INTERACTIONS: Final = Interactions(
    actions={
        Action.PROFILES: on(payloads.profiles_click, _list),
        Action.PROFILES_PREVIOUS: on(payloads.profiles_click, _list),
        Action.PROFILES_NEXT: on(payloads.profiles_click, _list),
        Action.PROFILE_SEARCH: on(payloads.profiles_form, _search),
        Action.PROFILE_OPEN: on(payloads.profile_click, _open),
        Action.PROFILE_HISTORY: on(payloads.version_click, _history),
        Action.PROFILE_HISTORY_PREVIOUS: on(payloads.version_click, _history),
        Action.PROFILE_HISTORY_NEXT: on(payloads.version_click, _history),
        Action.PROFILE_NEW: on(read_click, _new),
        Action.PROFILE_EDIT: on(payloads.profile_click, _edit),
        Action.PROFILE_DELETE: on(payloads.version_click, _delete),
        Action.STEP_ADD: on(payloads.form_click, _add_step),
        Action.STEP_EDIT: on(payloads.form_click, _edit_step),
        Action.STEP_UP: on(payloads.form_click, _move_up),
        Action.STEP_DOWN: on(payloads.form_click, _move_down),
        Action.STEP_REMOVE: on(payloads.form_click, _remove),
        Action.STEP_REQUIRED: on(payloads.step_change, _preview_step),
        Action.STEP_PEOPLE: on(payloads.step_change, _preview_step),
        Action.STEP_TEAMS: on(payloads.step_change, _preview_step),
        Action.STEP_DIRECT: on(payloads.step_change, _preview_step),
        Action.STEP_CHANNEL: on(payloads.step_change, _preview_step),
        Action.STEP_SILENT_PEOPLE: on(payloads.step_change, _preview_step),
        Action.STEP_SILENT_TEAMS: on(payloads.step_change, _preview_step),
        Action.STEP_ESCALATION: on(payloads.step_change, _preview_step),
        Action.STEP_ESCALATION_UNIT: on(payloads.step_change, _preview_step),
        Action.STEP_ESCALATION_PEOPLE: on(payloads.step_change, _preview_step),
        Action.STEP_ESCALATION_TEAMS: on(payloads.step_change, _preview_step),
        Action.PROFILE_EXPIRY: on(payloads.expiry_change, _expiry),
        Action.PROFILE_EXPIRY_UNIT: on(payloads.expiry_change, _expiry),
    },
    choices=terms.CHOICES,
    forms={
        Callback.PROFILES: on(payloads.profiles_form, _searched),
        Callback.PROFILE_FORM: on(payloads.profile_form, _save),
        Callback.STEP_FORM: on(payloads.step_form, _keep_step),
    },
)
