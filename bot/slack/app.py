"""The Slack app: Bolt's AsyncApp, its listeners, and the one error handler."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.slack import commands, events, suggestions
from bot.slack import error_handler as failures
from bot.slack.context import Bot
from bot.slack.pages.bulk_decisions import listener as several
from bot.slack.pages.decisions import form_listener as views
from bot.slack.pages.decisions import listener as actions
from bot.slack.pages.delegations import listener as delegating
from bot.slack.pages.health import listener as health
from bot.slack.pages.home import listener as home
from bot.slack.pages.people import listener as people
from bot.slack.pages.profiles import listener as profiles
from bot.slack.pages.resources import listener as resources
from bot.slack.pages.submission import listener as submitting
from bot.slack.pages.submission import shortcuts

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
