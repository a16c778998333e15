"""Approval profiles: reading, creating, editing and deleting them. One modal, which is redrawn for each of its pages."""

import secrets
from collections.abc import Callable
from typing import Final

from slack_sdk.models.views import View

from bot.slack.answers import in_place, redraw, show
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
from domain.approvals.profiles import Definition, ProfileId, Step
from domain.audit.entries import Source
from domain.people.people import GroupId, PersonId, RoleId
from domain.workflow.configuration import configure, profile_pages
from domain.workflow.configuration import profile_drafts as drafting
from domain.workflow.configuration.apply import Applied
from domain.workflow.configuration.profile_drafts import Base, Edited


async def listed(bot: Bot, person: PersonId, search: str = "", page: int = 0, note: str = "") -> View:
    """A page of the list. Raises NotAMember, NotAReader."""
    return profiles.profile_list(
        await profile_pages.profile_list(bot.store, person, search=search[:80], page=page), note
    )


async def page_of(bot: Bot, person: PersonId, profile: ProfileId, note: str = "") -> View:
    """One profile. Raises NotAMember, NotAReader, NoSuchProfile."""
    page = await profile_pages.profile_page(bot.store, person, profile, bot.clock())
    return profiles.profile_page(page, await _labels(bot), note)


# reading


async def _list(bot: Bot, click: ListClick) -> None:
    await in_place(bot, click, await listed(bot, click.who.person, click.place.search, click.place.page))


async def _searched(bot: Bot, form: SearchForm) -> Answer:
    return replace_with(await listed(bot, form.who.person, form.search))


async def _search(bot: Bot, form: SearchForm) -> None:
    await redraw(bot, form.view.id, await listed(bot, form.who.person, form.search))


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


async def _form(bot: Bot, person: PersonId, edited: Edited, place: FormPlace) -> View:
    preview = await profile_pages.preview(
        bot.store, person, edited.base.id, edited.steps, edited.expires_after, bot.clock()
    )
    return profile_forms.profile_form(edited, preview, await _labels(bot), place.replace(base=edited.base))


async def _move_up(bot: Bot, click: payloads.FormClick) -> None:
    await _change(bot, click, drafting.moved(click.step, -1))


async def _move_down(bot: Bot, click: payloads.FormClick) -> None:
    await _change(bot, click, drafting.moved(click.step, 1))


async def _remove(bot: Bot, click: payloads.FormClick) -> None:
    await _change(bot, click, drafting.without(click.step))


async def _change(bot: Bot, click: payloads.FormClick, change: Callable[[drafting.Steps], drafting.Steps]) -> None:
    """Draw the form with other steps; what was typed into its fields stays."""
    who = click.who.person
    edited = await drafting.change_steps(bot.store, who, click.form.base, change, bot.clock())
    await in_place(bot, click, await _form(bot, who, edited, click.form))


async def _expiry(bot: Bot, form: payloads.ExpiryChange) -> None:
    """Draw the form with what the profile would do with another expiry."""
    who = form.who.person
    edited = await drafting.change_expiry(bot.store, who, form.place.base, form.expires_after, bot.clock())
    await redraw(bot, form.view.id, await _form(bot, who, edited, form.place))


async def _save(bot: Bot, form: payloads.ProfileForm) -> Answer:
    """Save the profile, and show it with what happened to the open requests."""
    who, at, base = form.who.person, bot.clock(), form.place.base
    edited = await drafting.edited(bot.store, who, base)
    definition = Definition(**form.terms, steps=edited.steps)
    if base.id is None:
        applied = await configure.create_profile(bot.store, definition, at, by=who, source=Source.SLACK)
    else:
        applied = await configure.save_profile(
            bot.store, base.id, definition, at, by=who, source=Source.SLACK, seen=base.seen
        )
    bot.message_worker.nudge()
    key = ProfileId(applied.plan.changes[0].key) if applied.plan.changes else base.id
    if key is None:
        raise BadInput(what="nothing was created")
    return replace_with(await page_of(bot, who, key, _saved_note(applied, base)))


def _saved_note(applied: Applied, base: Base) -> str:
    """What saving did, in mrkdwn."""
    if applied.plan.is_empty:
        return "*Nothing changed*, so there is no new version."
    [change] = applied.plan.changes
    if base.profile is None:
        return f"*Created*, with the key {inline(change.key, 80)}. Attach it to a resource to require approval there."
    kept, took = applied.plan.keeping.get(change.key, 0), applied.followed.get(change.key, 0)
    return f"*Saved as version {base.seen + 1}*: {fate(kept, took, done=True)}."


async def _delete(bot: Bot, click: payloads.VersionClick) -> None:
    who, profile = click.who.person, ProfileId(click.place.key)
    applied = await configure.delete_profile(
        bot.store, profile, bot.clock(), by=who, source=Source.SLACK, seen=click.place.number
    )
    name = applied.plan.changes[0].name
    await in_place(bot, click, await listed(bot, who, note=f"*Deleted*: {inline(name, 80)}."))


# the form for a step


async def _add_step(bot: Bot, click: payloads.FormClick) -> None:
    await _open_step(bot, click, new=True)


async def _edit_step(bot: Bot, click: payloads.FormClick) -> None:
    await _open_step(bot, click, new=False)


async def _open_step(bot: Bot, click: payloads.FormClick, *, new: bool) -> None:
    """The form for the step at the place that was clicked, or for a new one, on top of the form for the profile."""
    view: ViewRef | None = click.view
    if view is None:
        raise BadInput(what=bad_input.NOT_THE_PROFILE_FORM)
    place = StepPlace(form=click.form, view=view.id, step=None if new else click.step)
    await show(bot, click, await _step_view(bot, click.who.person, place, None))


async def _preview_step(bot: Bot, form: payloads.StepForm) -> None:
    """What the profile would do with the step as it is filled in now."""
    await redraw(bot, form.view.id, await _step_view(bot, form.who.person, form.place, form.step))


async def _step_view(bot: Bot, person: PersonId, place: StepPlace, filled_in: Step | None) -> View:
    """The form for the step at *place*, with a preview of the step as it is *filled_in*, or as it is in the draft for None."""
    edited = await drafting.edited(bot.store, person, place.form.base)
    step = None if place.step is None else drafting.step_at(edited.steps, place.step)
    if step is not None and filled_in is None:
        step = drafting.editable(step, bot.directory.workspace.team)
    steps = drafting.with_step(place.step, filled_in or step or drafting.FIRST_STEP)(edited.steps)
    preview = await profile_pages.preview(bot.store, person, edited.base.id, steps, edited.expires_after, bot.clock())
    labels = await _labels(bot)
    return profile_forms.step_form(step, preview, steps, Teams(labels.groups, labels.roles), place)


async def _keep_step(bot: Bot, form: payloads.StepForm) -> None:
    who, place = form.who.person, form.place
    change = drafting.with_step(place.step, form.step)
    edited = await drafting.change_steps(bot.store, who, place.form.base, change, bot.clock())
    await redraw(bot, place.view, await _form(bot, who, edited, place.form))


async def _labels(bot: Bot) -> Labels:
    async with bot.store.reading() as reading:
        groups, roles = await reading.people.groups(), await reading.people.roles()
    return Labels(
        groups={GroupId(group.key): group.name for group in groups},
        roles={RoleId(role.key): role.name for role in roles},
    )


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
        **dict.fromkeys(profile_forms.STEP_PREVIEWED, on(payloads.step_change, _preview_step)),
        **dict.fromkeys(terms.PREVIEWED, on(payloads.expiry_change, _expiry)),
    },
    choices=terms.CHOICES,
    forms={
        Callback.PROFILES: on(payloads.profiles_form, _searched),
        Callback.PROFILE_FORM: on(payloads.profile_form, _save),
        Callback.STEP_FORM: on(payloads.step_form, _keep_step),
    },
)
