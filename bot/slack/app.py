"""The Slack app: Bolt's AsyncApp with every interaction registered, and the one error handler."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.slack import error_handler, events
from bot.slack.commands import listener as commands
from bot.slack.context import Bot
from bot.slack.interactions import Interactions, register
from bot.slack.pages.bulk_decisions import listener as bulk_decisions
from bot.slack.pages.decisions import listener as decisions
from bot.slack.pages.delegations import listener as delegations
from bot.slack.pages.details import listener as details
from bot.slack.pages.health import listener as health
from bot.slack.pages.home import listener as home
from bot.slack.pages.lists import listener as lists
from bot.slack.pages.people import listener as people
from bot.slack.pages.profiles import listener as profiles
from bot.slack.pages.resources import listener as resources
from bot.slack.pages.submission import listener as submission

ALL: Final[tuple[Interactions, ...]] = (
    commands.INTERACTIONS,
    decisions.INTERACTIONS,
    details.INTERACTIONS,
    submission.INTERACTIONS,
    lists.INTERACTIONS,
    home.INTERACTIONS,
    bulk_decisions.INTERACTIONS,
    profiles.INTERACTIONS,
    resources.INTERACTIONS,
    people.INTERACTIONS,
    delegations.INTERACTIONS,
    health.INTERACTIONS,
)
"""Everything that people can press, type or open."""


@contextmanager
def quiet(log: logging.Logger) -> Iterator[None]:
    """Log nothing below an error inside."""
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def build_app(bot: Bot, *, signing_secret: str = "") -> AsyncApp:
    """Bolt's app with every interaction registered.

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
    for interactions in ALL:
        register(app, bot, interactions)
    events.register(app, bot)

    async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
        return await error_handler.answer(bot, error, body)

    app.error(failed)
    return app
