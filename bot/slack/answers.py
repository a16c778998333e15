"""How a listener answers: privately, in a modal, or by what everybody sees anyway."""

import logging
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.context import Bot
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.payloads.clicks import Click
from bot.slack.platform.directory import SLACK_FAILED
from bot.slack.platform.rate_limits import patiently
from domain.people.people import PersonId, team_and_user

DELIVERED_TWICE: Final = timedelta(minutes=1)
"""Slack may deliver the same thing again for so long."""

log = logging.getLogger(__name__)


def privately(message: Message) -> dict[str, Any]:
    """An answer to a command that only its author sees."""
    return {"response_type": "ephemeral", **message.arguments()}


async def tell(bot: Bot, response_url: str, message: Message, *, replace: bool = False) -> None:
    """Answer a click beside the message it was made in, so that only the clicker sees it."""
    hook = AsyncWebhookClient(response_url, session=bot.client.session, retry_handlers=[])
    answer = await hook.send_dict({"response_type": "ephemeral", "replace_original": replace, **message.arguments()})
    if answer.status_code != HTTPStatus.OK:
        log.warning("somebody could not be answered: Slack says %d, %s", answer.status_code, answer.body[:100])


async def write_to(bot: Bot, person: PersonId, message: Message) -> None:
    """A word of its own to *person*, once. It is about no request, and nothing brings it up to date: what it says is seen elsewhere too."""
    try:
        opened = await patiently(partial(bot.client.conversations_open, users=[team_and_user(person)[1]]))
        post = partial(bot.client.chat_postMessage, channel=opened["channel"]["id"], **message.arguments())
        await patiently(partial(post, unfurl_links=False, unfurl_media=False))
    except SLACK_FAILED as error:
        log.warning("somebody could not be told: %s", error)


async def drawn(bot: Bot, view: View, **which: str) -> bool:
    """Draw *view* in the modal that *which* names, by `view_id` or `external_id`: whether it is there."""
    try:
        await bot.client.views_update(view=view.to_dict(), **which)
    except SlackApiError as error:
        if error.response.get("error") != "not_found":
            raise
        return False
    return True


async def show(bot: Bot, click: Click, view: View) -> None:
    """Open *view*: on top of the modal that was clicked in, or as a new one."""
    if click.view is not None and not click.view.is_home:
        await bot.client.views_push(trigger_id=click.trigger_id, view=view.to_dict())
    else:
        await bot.client.views_open(trigger_id=click.trigger_id, view=view.to_dict())


async def in_place(bot: Bot, click: Click, view: View) -> None:
    """Draw *view* where the button was pressed; from the Home or a message, open it."""
    if click.view is None or click.view.is_home:
        await show(bot, click, view)
    else:
        await redraw(bot, click.view.id, view)


async def redraw(bot: Bot, view_id: str, view: View) -> None:
    """Draw *view* in the open modal with this id, whatever was drawn there since: of two previews, the later one stays."""
    await bot.client.views_update(view_id=view_id, view=view.to_dict())
