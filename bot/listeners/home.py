"""The App Home."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot import payloads
from bot.bot import Bot


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* draw the Home for whoever opens it."""

    async def opened(body: dict[str, Any]) -> None:
        event = payloads.home_opened(body)
        if event.is_home:
            await bot.directory.be_ready_for(event.who.person)
            await bot.homes.open(event.who.person, event.place)

    app.event("app_home_opened")(opened)
