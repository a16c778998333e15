"""The App Home: opened, paged, filtered."""

from typing import Final

from slack_sdk.models.blocks import Option

from bot.slack.answers import show
from bot.slack.context import Bot
from bot.slack.interactions import Interactions, on
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.payloads.clicks import Click
from bot.slack.kit.payloads.clicks import click as read_click
from bot.slack.kit.payloads.suggestions import Suggestion
from bot.slack.pages.home import filter_form
from bot.slack.pages.home.payloads import FilterForm, HomeOpened, HomePageClick, home_opened, home_page_click
from bot.slack.pages.home.payloads import filter_form as read_filter_form
from domain import workflow


async def _opened(bot: Bot, event: HomeOpened) -> None:
    if event.is_home:
        await bot.homes.open(event.who.person, event.place)


async def _turn_page(bot: Bot, click: HomePageClick) -> None:
    await bot.homes.open(click.who.person, click.place)


async def _open_filter(bot: Bot, click: Click) -> None:
    resources = await workflow.resources(bot.store, click.who.person, bot.clock())
    await show(bot, click, filter_form.filtering(click.home_place, resources))


async def _set_filter(bot: Bot, form: FilterForm) -> None:
    await workflow.admit(bot.store, form.who.person, bot.clock())
    await bot.homes.open(form.who.person, form.place)


async def _clear_filter(bot: Bot, click: Click) -> None:
    await bot.homes.open(click.who.person)


async def _suggest_resources(bot: Bot, asked: Suggestion) -> list[Option]:
    resources = await workflow.resources(bot.store, asked.who.person, bot.clock())
    return filter_form.suggested_resources(resources, asked.written)


INTERACTIONS: Final = Interactions(
    actions={
        Action.HOME_OLDER: on(home_page_click, _turn_page),
        Action.HOME_NEWEST: on(home_page_click, _turn_page),
        Action.HOME_FILTER: on(read_click, _open_filter),
        Action.HOME_CLEAR: on(read_click, _clear_filter),
    },
    choices=(
        Action.FILTER_STATUS,
        Action.FILTER_OPERATION,
        Action.FILTER_RESOURCE,
        Action.FILTER_REQUESTER,
        Action.FILTER_FROM,
        Action.FILTER_TO,
    ),
    forms={Callback.FILTER: on(read_filter_form, _set_filter)},
    options={Action.FILTER_RESOURCE: _suggest_resources},
    events={"app_home_opened": on(home_opened, _opened)},
)
