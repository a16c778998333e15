"""Handlers of the *Health* page: one modal, redrawn for each of its pages."""

from importlib.metadata import version
from typing import Final

from slack_sdk.models.views import View

from bot.slack.answers import in_place
from bot.slack.context import Bot
from bot.slack.interactions import Interactions, on
from bot.slack.kit.ids import Action
from bot.slack.kit.texts.grammar import count
from bot.slack.pages.health import blocks, payloads
from domain.people.people import PersonId
from domain.store.schema import HEAD
from domain.workflow import health


async def page(bot: Bot, person: PersonId, number: int = 0, note: str = "") -> View:
    """Page *number*, from 0; *note* says what was just done. Raises NotAMember, NoInsight."""
    at = bot.clock()
    running = blocks.Running(version=version("countersign"), revision=HEAD, mirror_max_age=bot.directory.max_age)
    return blocks.health_page(await health.health(bot.store, person, at, page=number), running, at, note)


async def _show(bot: Bot, click: payloads.HealthClick) -> None:
    await in_place(bot, click, await page(bot, click.who.person, click.page))


async def _send_again(bot: Bot, click: payloads.TryAgainClick) -> None:
    who = click.who.person
    number = await health.try_again(bot.store, who, bot.clock(), notice=click.notice, file_of=click.file_of)
    bot.message_worker.nudge()
    if number:
        messages = count(number, "message is", "messages are")
        note = f"{messages} being sent again. If Slack refuses a message again, it returns to this page."
    else:
        note = "There is nothing to send again: Slack no longer refuses any message."
    await in_place(bot, click, await page(bot, who, click.page, note))


INTERACTIONS: Final = Interactions(
    actions={
        Action.HEALTH: on(payloads.health_click, _show),
        Action.HEALTH_PREVIOUS: on(payloads.health_click, _show),
        Action.HEALTH_NEXT: on(payloads.health_click, _show),
        Action.TRY_AGAIN: on(payloads.try_again_click, _send_again),
        Action.TRY_ALL_AGAIN: on(payloads.try_all_click, _send_again),
    }
)
