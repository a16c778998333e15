"""The Slack app: Bolt's AsyncApp, its listeners, and the one error handler."""

import logging
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.bot import Bot
from bot.listeners import actions, commands, events, failures, home, views


def build_app(bot: Bot, *, signing_secret: str = "") -> AsyncApp:
    """Bolt's app with every listener registered.

    Bolt answers Slack when a listener has returned, not before: an acknowledged click is a recorded one. That is also faster than
    its acknowledge-and-poll loop.
    """
    app = AsyncApp(
        name="countersign",
        logger=logging.getLogger("bot.bolt"),
        client=bot.client,
        signing_secret=signing_secret,
        process_before_response=True,
    )
    for room in (commands, actions, views, home, events):
        room.register(app, bot)

    async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
        return await failures.answer(bot, error, body)

    app.error(failed)
    return app
