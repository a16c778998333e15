"""What could not be delivered, what is stuck and what is late: one modal, drawn anew for each of its pages."""

from importlib.metadata import version
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_sdk.models.views import View

from bot.slack.answers import Listener, in_place, on_actions
from bot.slack.context import Bot
from bot.slack.kit.ids import Action
from bot.slack.pages.health import blocks, payloads, texts
from domain.people.people import PersonId
from domain.store.schema import HEAD
from domain.workflow import health


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* answer everything on the page."""

    on_actions(app, bot, LISTENERS)


async def page(bot: Bot, who: PersonId, number: int = 0, note: str = "") -> View:
    """The *number*-th page. Raises NotAMember, NoInsight."""
    await bot.directory.be_ready_for(who)
    at = bot.clock()
    running = blocks.Running(version=version("countersign"), revision=HEAD, mirror_max_age=bot.directory.max_age)
    return blocks.health_page(await health.health(bot.store, who, at, page=number), running, at, note)


async def _show(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.health_click(body)
    await in_place(bot, click, await page(bot, click.who.person, click.page))


async def _again(bot: Bot, body: dict[str, Any]) -> None:
    await _send_again(bot, payloads.try_again_click(body))


async def _all_again(bot: Bot, body: dict[str, Any]) -> None:
    await _send_again(bot, payloads.try_all_click(body))


async def _send_again(bot: Bot, click: payloads.TryAgainClick) -> None:
    await bot.directory.be_ready_for(click.who.person)
    found = await health.try_again(bot.store, click.who.person, bot.clock(), notice=click.notice, file_of=click.file_of)
    bot.announcer.nudge()
    await in_place(bot, click, await page(bot, click.who.person, click.page, texts.tried_again(found)))


LISTENERS: Final[dict[Action, Listener]] = {
    Action.HEALTH: _show,
    Action.HEALTH_PREVIOUS: _show,
    Action.HEALTH_NEXT: _show,
    Action.TRY_AGAIN: _again,
    Action.TRY_ALL_AGAIN: _all_again,
}
