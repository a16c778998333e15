"""The App Home: opened, paged, narrowed."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.answers import show
from bot.slack.context import Bot
from bot.slack.kit import payloads
from bot.slack.kit.ids import Callback
from bot.slack.pages.home import filter_form as home_forms
from bot.slack.pages.home.payloads import filter_form
from domain import workflow


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* draw the Home for whoever opens it."""

    async def opened(body: dict[str, Any]) -> None:
        event = payloads.home_opened(body)
        if event.is_home:
            await bot.directory.be_ready_for(event.who.person)
            await bot.homes.open(event.who.person, event.place)

    async def narrow(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = filter_form(body)
        await bot.directory.be_ready_for(form.who.person)
        await workflow.admit(bot.store, form.who.person, bot.clock())
        await bot.homes.open(form.who.person, form.place)
        await ack()

    app.event("app_home_opened")(opened)
    app.view(Callback.FILTER.value)(narrow)


async def turn(bot: Bot, body: dict[str, Any]) -> None:
    """To another page of one of its lists."""
    click = payloads.home_page_click(body)
    await bot.homes.open(click.who.person, click.place)


async def choose_filter(bot: Bot, body: dict[str, Any]) -> None:
    """The form that says what its lists are narrowed by."""
    click = payloads.click(body)
    resources = await workflow.resources(bot.store, click.who.person, bot.clock())
    await show(bot, click, home_forms.filtering(click.home_place, resources))


async def clear_filter(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.click(body)
    await bot.homes.open(click.who.person)
