"""Resources in Slack: looking at them, creating, editing, binding and deleting them, and trying out their gates."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.slack.answers import Listener, in_place, on_actions
from bot.slack.context import Bot
from bot.slack.kit.admin_places import ResourcePlace
from bot.slack.kit.blocks.text import inline
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.payloads import click as read_click
from bot.slack.pages.resources import blocks as resources
from bot.slack.pages.resources import form_blocks as resource_forms
from bot.slack.pages.resources import payloads, rule_texts, texts
from bot.slack.pages.resources import rule_blocks as rules
from bot.slack.pages.resources.rule_payloads import rules_form
from domain.approvals.resources import ResourceId
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.workflow.configuration import configure, resource_pages
from domain.workflow.configuration.edit_conflicts import fingerprint
from domain.workflow.configuration.resource_pages import DryRun


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* answer everything in the modals for resources."""

    def drawing(draw: Callable[[Bot, dict[str, Any]], Awaitable[View]]) -> Callable[..., Awaitable[None]]:
        async def on_view(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack(response_action="update", view=(await draw(bot, body)).to_dict())

        return on_view

    on_actions(app, bot, LISTENERS)
    for callback, draw in FORMS.items():
        app.view(callback.value)(drawing(draw))


async def listed(bot: Bot, who: PersonId, search: str = "", page: int = 0, note: str = "") -> View:
    """A page of the list, for somebody who may read it. Raises NotAMember, NotAReader."""
    await bot.directory.be_ready_for(who)
    return resources.resource_list(
        await resource_pages.resource_list(bot.store, who, search=search[:80], page=page), note
    )


async def page_of(bot: Bot, who: PersonId, resource: ResourceId, note: str = "") -> View:
    """One resource. Raises NotAMember, NotAReader, NoSuchResource."""
    await bot.directory.be_ready_for(who)
    return resources.resource_page(await resource_pages.resource_page(bot.store, who, resource), note)


# looking


async def _list(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.resources_click(body)
    await in_place(bot, click, await listed(bot, click.who.person, click.place.search, click.place.page))


async def _searched(bot: Bot, body: dict[str, Any]) -> View:
    form = payloads.resources_form(body)
    return await listed(bot, form.who.person, form.search)


async def _search(bot: Bot, body: dict[str, Any]) -> None:
    view = await _searched(bot, body)
    await bot.client.views_update(view_id=payloads.resources_form(body).view.id, view=view.to_dict())


async def _open(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.resource_click(body)
    await in_place(bot, click, await page_of(bot, click.who.person, click.resource))


# the form


async def _new(bot: Bot, body: dict[str, Any]) -> None:
    click = read_click(body)
    await bot.directory.be_ready_for(click.who.person)
    choices = await resource_pages.choices(bot.store, click.who.person, None)
    place = ResourcePlace(nonce=secrets.token_hex(4))
    await in_place(bot, click, resource_forms.resource_form(None, choices, place))


async def _kind(bot: Bot, body: dict[str, Any]) -> None:
    """Another kind names other things; what was typed stays."""
    change = payloads.kind_change(body)
    await bot.directory.be_ready_for(change.who.person)
    choices = await resource_pages.choices(bot.store, change.who.person, change.place.kind)
    view = resource_forms.resource_form(None, choices, change.place)
    await bot.client.views_update(view_id=change.view.id, view=view.to_dict())


async def _edit(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.resource_click(body)
    await bot.directory.be_ready_for(click.who.person)
    page = await resource_pages.resource_page(bot.store, click.who.person, click.resource)
    choices = await resource_pages.choices(bot.store, click.who.person, page.resource.kind)
    one = page.resource
    place = ResourcePlace(key=one.key, kind=one.kind, seen=fingerprint(one), nonce=secrets.token_hex(4))
    await in_place(bot, click, resource_forms.resource_form(one, choices, place))


async def _save(bot: Bot, body: dict[str, Any]) -> View:
    form = payloads.resource_form(body)
    who, at, place = form.who.person, bot.clock(), form.place
    await bot.directory.be_ready_for(who)
    if place.key is None:
        done = await configure.create_resource(bot.store, form.resource, at, by=who, source=Source.SLACK)
        [created] = done.plan.changes
        note = texts.created(inline(created.key, 80))
        return await page_of(bot, who, ResourceId(created.key), note)
    done = await configure.save_resource(
        bot.store, form.resource, at, by=who, source=Source.SLACK, seen=place.seen or "", keeping=("rules",)
    )
    note = texts.NOTHING_CHANGED if done.plan.is_empty else texts.SAVED
    return await page_of(bot, who, ResourceId(place.key), note)


async def _edit_rules(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.resource_click(body)
    await bot.directory.be_ready_for(click.who.person)
    one = await resource_pages.editable_resource(bot.store, click.who.person, click.resource)
    place = ResourcePlace(key=one.key, kind=one.kind, seen=fingerprint(one), nonce=secrets.token_hex(4))
    await in_place(bot, click, rules.rules_form(one, place))


async def _save_rules(bot: Bot, body: dict[str, Any]) -> View:
    form = rules_form(body)
    who = form.who.person
    await bot.directory.be_ready_for(who)
    done = await configure.save_rules(
        bot.store, form.resource, form.rules, bot.clock(), by=who, source=Source.SLACK, seen=form.place.seen or ""
    )
    note = texts.NOTHING_CHANGED if done.plan.is_empty else rule_texts.SAVED
    return await page_of(bot, who, form.resource, note)


async def _delete(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.seen_click(body)
    who, place = click.who.person, click.place
    await bot.directory.be_ready_for(who)
    done = await configure.delete_resource(
        bot.store, ResourceId(place.key), bot.clock(), by=who, source=Source.SLACK, seen=place.seen
    )
    name = done.plan.changes[0].name
    await in_place(bot, click, await listed(bot, who, note=texts.deleted(inline(name, 80))))


# dry run


async def _dry_run(bot: Bot, body: dict[str, Any]) -> None:
    """At a resource, with the first operation that may begin there."""
    click = payloads.dry_run_click(body)
    who = click.who.person
    await bot.directory.be_ready_for(who)
    operation: Operation | None = None
    if click.resource is not None:
        page = await resource_pages.resource_page(bot.store, who, click.resource)
        operation = next((one for one in _COMMON if page.resource.offers(one)), None)
    await in_place(bot, click, await _dry_view(bot, who, operation, click.resource))


async def _dry_operation(bot: Bot, body: dict[str, Any]) -> None:
    """Another operation, at the same place where it may begin there."""
    form = payloads.dry_run_form(body)
    await bot.directory.be_ready_for(form.who.person)
    there = {one.id for one in await resource_pages.entries(bot.store, form.who.person, form.operation)}
    view = await _dry_view(bot, form.who.person, form.operation, form.entry if form.entry in there else None)
    await bot.client.views_update(view_id=form.view.id, view=view.to_dict())


async def _dry_tried(bot: Bot, body: dict[str, Any]) -> View:
    form = payloads.dry_run_form(body)
    await bot.directory.be_ready_for(form.who.person)
    return await _dry_view(bot, form.who.person, form.operation, form.entry)


async def _dry_view(bot: Bot, who: PersonId, operation: Operation | None, entry: ResourceId | None) -> View:
    entries = await resource_pages.entries(bot.store, who, operation)
    tried: DryRun | None = None
    if operation is not None and entry is not None:
        tried = await resource_pages.dry_run(bot.store, who, operation, entry, bot.clock())
    return resources.dry_run(entries, operation, entry, tried)


async def _chosen(_bot: Bot, _body: dict[str, Any]) -> None:
    """A choice that is read when its form is sent."""


_COMMON: Final = (Operation.ISSUE, *Operation)
"""The operation that is tried first is the one that is asked for most."""

LISTENERS: Final[dict[Action, Listener]] = {
    Action.RESOURCES: _list,
    Action.RESOURCES_PREVIOUS: _list,
    Action.RESOURCES_NEXT: _list,
    Action.RESOURCE_SEARCH: _search,
    Action.RESOURCE_OPEN: _open,
    Action.RESOURCE_NEW: _new,
    Action.RESOURCE_KIND: _kind,
    Action.RESOURCE_EDIT: _edit,
    Action.RESOURCE_DELETE: _delete,
    Action.RULES_EDIT: _edit_rules,
    Action.DRY_RUN: _dry_run,
    Action.DRY_RUN_OPERATION: _dry_operation,
    Action.DRY_RUN_ENTRY: _chosen,
    **{action: _chosen for action in Action if action.value.startswith(("gate_", "link_"))},
}
FORMS: Final[dict[Callback, Callable[[Bot, dict[str, Any]], Awaitable[View]]]] = {
    Callback.RESOURCES: _searched,
    Callback.RESOURCE_FORM: _save,
    Callback.RULES_FORM: _save_rules,
    Callback.DRY_RUN: _dry_tried,
}
