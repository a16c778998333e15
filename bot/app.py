"""The Slack app: Bolt's AsyncApp, its listeners, and the one error handler."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.bot import Bot
from bot.listeners import (
    actions,
    commands,
    delegating,
    events,
    failures,
    health,
    home,
    people,
    profiles,
    resources,
    several,
    shortcuts,
    submitting,
    suggestions,
    views,
)

ROOMS = (
    commands,
    shortcuts,
    actions,
    submitting,
    views,
    delegating,
    people,
    profiles,
    resources,
    suggestions,
    health,
    home,
    several,
    events,
)


@contextmanager
def quiet(log: logging.Logger) -> Iterator[None]:
    """Nothing below an error is logged inside."""
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def build_app(bot: Bot, *, signing_secret: str = "") -> AsyncApp:
    """Bolt's app with every listener registered.

    Bolt answers Slack when a listener has returned, not before: an acknowledged click is a recorded one. That is also faster than
    its acknowledge-and-poll loop.
    """
    log = logging.getLogger("bot.bolt")
    with quiet(log):  # Bolt finds the token in the environment as well, and warns that it uses the client's
        app = AsyncApp(
            name="countersign",
            logger=log,
            client=bot.client,
            signing_secret=signing_secret,
            process_before_response=True,
        )
    for room in ROOMS:
        room.register(app, bot)

    async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
        return await failures.answer(bot, error, body)

    app.error(failed)
    return app
