"""What Slack tells of people and user groups: the mirror follows at once, and nobody is left without an administrator."""

from typing import Any, Final

from slack_bolt.async_app import AsyncApp

from bot.slack.context import Bot
from bot.slack.platform import event_payloads as payloads

PEOPLE: Final = ("team_join", "user_change")
USERGROUPS: Final = ("subteam_created", "subteam_updated", "subteam_members_changed")


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* follow changes of people and user groups."""

    async def person_changed(body: dict[str, Any]) -> None:
        told = payloads.person_told(body, bot.directory.workspace.team)
        await bot.directory.take_in(told.identity, told_at=told.at)
        await bot.directory.keep_administered()
        bot.message_worker.nudge()

    async def usergroup_changed(body: dict[str, Any]) -> None:
        told = payloads.usergroup_told(body, bot.directory.workspace.team)
        await bot.directory.take_in_usergroup(told.id, told.usergroup, told_at=told.at)
        await bot.directory.keep_administered()
        bot.message_worker.nudge()

    for name in PEOPLE:
        app.event(name)(person_changed)
    for name in USERGROUPS:
        app.event(name)(usergroup_changed)
