"""What menus offer that hold more than Slack takes in a view: the first hundred that match what is typed."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.blocks import Option

from bot.slack.context import Bot
from bot.slack.kit.blocks.fields import matching
from bot.slack.kit.ids import Action, Field
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.payloads.suggestions import Suggestion, suggestion
from bot.slack.kit.texts import bad_input
from bot.slack.pages.home import filter_form as home_forms
from bot.slack.pages.people import blocks as people
from bot.slack.pages.resources import form_blocks as resource_forms
from domain import workflow
from domain.approvals.resources import GATES, ResourceKind
from domain.common.operations import Operation
from domain.configuration.plan import Kind
from domain.workflow.configuration import people_pages, resource_pages

Suggest = Callable[[Bot, Suggestion], Awaitable[list[Option]]]


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* offer what menus ask for."""

    async def offered(ack: AsyncAck, body: dict[str, Any]) -> None:
        asked = suggestion(body)
        await bot.directory.be_ready_for(asked.who.person)
        options = await SUGGESTED[asked.action](bot, asked)
        await ack(options=[one.to_dict() for one in options])

    for action in SUGGESTED:
        app.options(action.value)(offered)


async def _resources(bot: Bot, asked: Suggestion) -> list[Option]:
    """For the form of a resource, which only administrators have."""
    field = Field(asked.action.value)
    choices = await resource_pages.choices(
        bot.store, asked.who.person, ResourceKind.RA_PROFILE
    )  # which names all others
    return resource_forms.suggestions(field, choices, asked.written)


async def _entries(bot: Bot, asked: Suggestion) -> list[Option]:
    operation = parsed(Operation, asked.about, bad_input.NOT_OUR_FORM)
    entries = await resource_pages.entries(bot.store, asked.who.person, operation)
    return matching({one.key: one.name for one in entries}, asked.written)


async def _offered(bot: Bot, asked: Suggestion) -> list[Option]:
    """Where something may be asked for: what may begin at the same kind of resource may begin at the same resources."""
    kind = parsed(ResourceKind, asked.about, bad_input.NOT_OUR_FORM)
    begins = next((one for one in Operation if GATES[one][0] is kind), None)
    offered = await workflow.offered(bot.store, asked.who.person, begins, bot.clock()) if begins is not None else ()
    return matching({one.key: one.name for one in offered}, asked.written)


async def _narrowing(bot: Bot, asked: Suggestion) -> list[Option]:
    resources = await workflow.resources(bot.store, asked.who.person, bot.clock())
    return home_forms.suggested_resources(resources, asked.written)


async def _usergroups(bot: Bot, asked: Suggestion) -> list[Option]:
    form = await people_pages.team_form(bot.store, asked.who.person, Kind.GROUP, None)
    return people.suggested_usergroups(form.usergroups, asked.written)


SUGGESTED: Final[dict[Action, Suggest]] = {
    **{Action(field.value): _resources for field in (*resource_forms.LINK_FIELDS, *resource_forms.GATE_FIELDS)},
    Action.RESOURCE: _offered,
    Action.FILTER_RESOURCE: _narrowing,
    Action.DRY_RUN_ENTRY: _entries,
    Action.TEAM_USERGROUP: _usergroups,
}
