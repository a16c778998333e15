"""Resources: reading, creating, editing and deleting them, their rules, and the dry run of an operation."""

import secrets
from typing import Any, Final

from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot.slack.answers import in_place, redraw
from bot.slack.context import Bot
from bot.slack.interactions import Answer, Interactions, on, replace_with
from bot.slack.kit.admin_places import ResourcePlace
from bot.slack.kit.blocks.fields import matching
from bot.slack.kit.blocks.text import inline
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.payloads.admin_forms import ListClick, SearchForm
from bot.slack.kit.payloads.clicks import click as read_click
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.payloads.suggestions import Suggestion
from bot.slack.kit.texts import bad_input
from bot.slack.pages.resources import blocks as resources
from bot.slack.pages.resources import form_blocks as resource_forms
from bot.slack.pages.resources import payloads
from bot.slack.pages.resources import rule_blocks as rules
from bot.slack.pages.resources.rule_payloads import RulesForm, rules_form
from domain.approvals.resources import Resource, ResourceId, ResourceKind
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.workflow.configuration import configure, resource_pages
from domain.workflow.configuration.edit_conflicts import fingerprint
from domain.workflow.configuration.resource_pages import DryRun


async def listed(bot: Bot, person: PersonId, search: str = "", page: int = 0, note: str = "") -> View:
    """A page of the list. Raises NotAMember, NotAReader."""
    return resources.resource_list(
        await resource_pages.resource_list(bot.store, person, search=search[:80], page=page), note
    )


async def page_of(bot: Bot, person: PersonId, resource: ResourceId, note: str = "") -> View:
    """One resource. Raises NotAMember, NotAReader, NoSuchResource."""
    return resources.resource_page(await resource_pages.resource_page(bot.store, person, resource), note)


# reading


async def _list(bot: Bot, click: ListClick) -> None:
    await in_place(bot, click, await listed(bot, click.who.person, click.place.search, click.place.page))


async def _searched(bot: Bot, form: SearchForm) -> Answer:
    return replace_with(await listed(bot, form.who.person, form.search))


async def _search(bot: Bot, form: SearchForm) -> None:
    await redraw(bot, form.view.id, await listed(bot, form.who.person, form.search))


async def _open(bot: Bot, click: payloads.ResourceClick) -> None:
    await in_place(bot, click, await page_of(bot, click.who.person, click.resource))


# the form


async def _new(bot: Bot, click: Any) -> None:
    choices = await resource_pages.choices(bot.store, click.who.person, None)
    place = ResourcePlace(nonce=secrets.token_hex(4))
    await in_place(bot, click, resource_forms.resource_form(None, choices, place))


async def _kind(bot: Bot, change: payloads.KindChange) -> None:
    """The fields of another kind; what was typed stays."""
    choices = await resource_pages.choices(bot.store, change.who.person, change.place.kind)
    await redraw(bot, change.view.id, resource_forms.resource_form(None, choices, change.place))


async def _edit(bot: Bot, click: payloads.ResourceClick) -> None:
    page = await resource_pages.resource_page(bot.store, click.who.person, click.resource)
    choices = await resource_pages.choices(bot.store, click.who.person, page.resource.kind)
    await in_place(bot, click, resource_forms.resource_form(page.resource, choices, _place(page.resource)))


async def _save(bot: Bot, form: payloads.ResourceForm) -> Answer:
    who, at, place = form.who.person, bot.clock(), form.place
    if place.key is None:
        applied = await configure.create_resource(bot.store, form.resource, at, by=who, source=Source.SLACK)
        [created] = applied.plan.changes
        note = f"*Created*, with the key {inline(created.key, 80)}."
        return replace_with(await page_of(bot, who, ResourceId(created.key), note))
    applied = await configure.save_resource(
        bot.store, form.resource, at, by=who, source=Source.SLACK, seen=place.seen or "", keeping=("rules",)
    )
    note = NOTHING_CHANGED if applied.plan.is_empty else "*Saved.* Submitted requests keep their gates."
    return replace_with(await page_of(bot, who, ResourceId(place.key), note))


async def _edit_rules(bot: Bot, click: payloads.ResourceClick) -> None:
    resource = await resource_pages.editable_resource(bot.store, click.who.person, click.resource)
    await in_place(bot, click, rules.rules_form(resource, _place(resource)))


def _place(resource: Resource) -> ResourcePlace:
    return ResourcePlace(key=resource.key, kind=resource.kind, seen=fingerprint(resource), nonce=secrets.token_hex(4))


async def _save_rules(bot: Bot, form: RulesForm) -> Answer:
    who = form.who.person
    applied = await configure.save_rules(
        bot.store, form.resource, form.rules, bot.clock(), by=who, source=Source.SLACK, seen=form.place.seen or ""
    )
    note = NOTHING_CHANGED if applied.plan.is_empty else "*Saved.* Submitted requests keep their notes."
    return replace_with(await page_of(bot, who, form.resource, note))


async def _delete(bot: Bot, click: payloads.SeenClick) -> None:
    who, place = click.who.person, click.place
    applied = await configure.delete_resource(
        bot.store, ResourceId(place.key), bot.clock(), by=who, source=Source.SLACK, seen=place.seen
    )
    name = applied.plan.changes[0].name
    await in_place(bot, click, await listed(bot, who, note=f"*Deleted*: {inline(name, 80)}."))


# dry run


async def _dry_run(bot: Bot, click: payloads.DryRunClick) -> None:
    """At a resource, with the first operation that may begin there."""
    who = click.who.person
    operation: Operation | None = None
    if click.resource is not None:
        page = await resource_pages.resource_page(bot.store, who, click.resource)
        operation = next((common for common in _COMMON if page.resource.offers(common)), None)
    await in_place(bot, click, await _dry_view(bot, who, operation, click.resource))


async def _dry_operation(bot: Bot, form: payloads.DryRunForm) -> None:
    """Another operation, at the same resource if the operation can start there."""
    offered = {entry.id for entry in await resource_pages.entries(bot.store, form.who.person, form.operation)}
    entry = form.entry if form.entry in offered else None
    await redraw(bot, form.view.id, await _dry_view(bot, form.who.person, form.operation, entry))


async def _dry_tried(bot: Bot, form: payloads.DryRunForm) -> Answer:
    return replace_with(await _dry_view(bot, form.who.person, form.operation, form.entry))


async def _dry_view(bot: Bot, person: PersonId, operation: Operation | None, entry: ResourceId | None) -> View:
    entries = await resource_pages.entries(bot.store, person, operation)
    tried: DryRun | None = None
    if operation is not None and entry is not None:
        tried = await resource_pages.dry_run(bot.store, person, operation, entry, bot.clock())
    return resources.dry_run(entries, operation, entry, tried)


async def _suggest_resources(bot: Bot, search: Suggestion) -> list[Option]:
    """For the form of a resource, which only administrators can open."""
    # an RA profile can use resources of all other kinds
    choices = await resource_pages.choices(bot.store, search.who.person, ResourceKind.RA_PROFILE)
    return resource_forms.suggestions(Field(search.action.value), choices, search.written)


async def _suggest_entries(bot: Bot, search: Suggestion) -> list[Option]:
    operation = parsed(Operation, search.about, bad_input.NOT_OUR_FORM)
    entries = await resource_pages.entries(bot.store, search.who.person, operation)
    return matching({entry.key: entry.name for entry in entries}, search.written)


_COMMON: Final = (Operation.ISSUE, *Operation)
"""A dry run starts with the operation that people request most."""

NOTHING_CHANGED: Final = "*Nothing changed.*"

INTERACTIONS: Final = Interactions(
    actions={
        Action.RESOURCES: on(payloads.resources_click, _list),
        Action.RESOURCES_PREVIOUS: on(payloads.resources_click, _list),
        Action.RESOURCES_NEXT: on(payloads.resources_click, _list),
        Action.RESOURCE_SEARCH: on(payloads.resources_form, _search),
        Action.RESOURCE_OPEN: on(payloads.resource_click, _open),
        Action.RESOURCE_NEW: on(read_click, _new),
        Action.RESOURCE_KIND: on(payloads.kind_change, _kind),
        Action.RESOURCE_EDIT: on(payloads.resource_click, _edit),
        Action.RESOURCE_DELETE: on(payloads.seen_click, _delete),
        Action.RULES_EDIT: on(payloads.resource_click, _edit_rules),
        Action.DRY_RUN: on(payloads.dry_run_click, _dry_run),
        Action.DRY_RUN_OPERATION: on(payloads.dry_run_form, _dry_operation),
    },
    choices=(
        Action.DRY_RUN_ENTRY,
        *(action for action in Action if action.value.startswith(("gate_", "link_"))),
    ),
    forms={
        Callback.RESOURCES: on(payloads.resources_form, _searched),
        Callback.RESOURCE_FORM: on(payloads.resource_form, _save),
        Callback.RULES_FORM: on(rules_form, _save_rules),
        Callback.DRY_RUN: on(payloads.dry_run_form, _dry_tried),
    },
    options={
        **{
            Action(field.value): _suggest_resources
            for field in (*resource_forms.LINK_FIELDS, *resource_forms.GATE_FIELDS)
        },
        Action.DRY_RUN_ENTRY: _suggest_entries,
    },
)
