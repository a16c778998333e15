"""`/approval`: what each subcommand answers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from bot.slack.answers import DELIVERED_TWICE, privately
from bot.slack.commands import blocks as commands_blocks
from bot.slack.commands.parser import (
    Cancel,
    Command,
    Comment,
    Health,
    Help,
    Override,
    Profiles,
    Resources,
    Resubmit,
    Show,
    Submit,
    Unknown,
    Waiting,
    read_command,
)
from bot.slack.context import Bot
from bot.slack.interactions import Answer, Interactions, on
from bot.slack.kit.blocks import private_answers
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.display_names import labels_for
from bot.slack.pages.decisions import blocks as modals
from bot.slack.pages.delegations import listener as delegations
from bot.slack.pages.delegations.command import Delegate
from bot.slack.pages.details import blocks as details_blocks
from bot.slack.pages.details import summary
from bot.slack.pages.health import listener as health
from bot.slack.pages.lists.listener import listed, waiting
from bot.slack.pages.lists.query import List
from bot.slack.pages.people import listener as people
from bot.slack.pages.people.command import People
from bot.slack.pages.profiles import listener as profiles
from bot.slack.pages.resources import listener as resources
from bot.slack.pages.submission import blocks as submission_blocks
from domain import workflow


async def _answer(bot: Bot, command: Command) -> Answer | None:
    message = await ANSWERS[type(command.asked)](bot, command, command.asked)
    return privately(message) if message is not None else None


async def _delegate(bot: Bot, command: Command, asked: Delegate) -> Message | None:
    return await delegations.delegate(bot, command.who.person, command.trigger_id, asked)


async def _waiting(bot: Bot, command: Command, _asked: Waiting) -> Message:
    return await waiting(bot, command.who.person)


async def _list(bot: Bot, command: Command, asked: List) -> Message:
    return await listed(bot, command.who.person, asked)


async def _submit(bot: Bot, command: Command, asked: Submit) -> None:
    who, at = command.who.person, bot.clock()
    await workflow.admit(bot.store, who, at)
    entries = await workflow.offered(bot.store, who, asked.operation, at) if asked.operation is not None else ()
    view = submission_blocks.submit(entries, asked.operation)
    await bot.client.views_open(trigger_id=command.trigger_id, view=view.to_dict())


async def _resubmit(bot: Bot, command: Command, asked: Resubmit) -> None:
    who, at = command.who.person, bot.clock()
    request = await workflow.resubmittable(bot.store, who, asked.request, at)
    entries = await workflow.offered(bot.store, who, request.operation, at)
    view = submission_blocks.submit(entries, draft=submission_blocks.Draft.of(request))
    await bot.client.views_open(trigger_id=command.trigger_id, view=view.to_dict())


async def _show(bot: Bot, command: Command, asked: Show) -> Message | None:
    who, at = command.who.person, bot.clock()
    found = await workflow.details(bot.store, who, asked.request, at)
    async with bot.store.reading() as reading:
        labels = await labels_for(reading, [found.request])
    await bot.client.views_open(
        trigger_id=command.trigger_id, view=details_blocks.details(found, labels, at, reader=who).to_dict()
    )
    return summary.show(found.request, labels, at)


async def _cancel(bot: Bot, command: Command, asked: Cancel) -> Message:
    who, at = command.who.person, bot.clock()
    request = await workflow.cancel(bot.store, who, asked.request, at, reason=asked.reason, once_in=DELIVERED_TWICE)
    bot.message_worker.nudge()
    return private_answers.done(f"{request.name} is cancelled.")


async def _comment(bot: Bot, command: Command, asked: Comment) -> Message:
    request = await workflow.comment(
        bot.store, command.who.person, asked.request, asked.text, bot.clock(), once_in=DELIVERED_TWICE
    )
    bot.message_worker.nudge()
    return private_answers.done(f"Your comment on {request.name} is recorded.")


async def _override(bot: Bot, command: Command, asked: Override) -> None:
    """The form says what would be skipped, and asks to confirm; so it comes even where everything was typed."""
    who, at = command.who.person, bot.clock()
    request = await workflow.overridable(bot.store, who, asked.request, at)
    async with bot.store.reading() as reading:
        labels = await labels_for(reading, [request])
    view = modals.override(request, labels, asked.verdict, asked.reason)
    await bot.client.views_open(trigger_id=command.trigger_id, view=view.to_dict())


async def _profiles(bot: Bot, command: Command, asked: Profiles) -> None:
    view = await profiles.listed(bot, command.who.person, asked.search)
    await bot.client.views_open(trigger_id=command.trigger_id, view=view.to_dict())


async def _resources(bot: Bot, command: Command, asked: Resources) -> None:
    view = await resources.listed(bot, command.who.person, asked.search)
    await bot.client.views_open(trigger_id=command.trigger_id, view=view.to_dict())


async def _people(bot: Bot, command: Command, asked: People) -> None:
    who = command.who.person
    view = await (people.person_page(bot, who, asked.whom) if asked.whom is not None else people.team_list(bot, who))
    await bot.client.views_open(trigger_id=command.trigger_id, view=view.to_dict())


async def _health(bot: Bot, command: Command, _asked: Health) -> None:
    view = await health.page(bot, command.who.person)
    await bot.client.views_open(trigger_id=command.trigger_id, view=view.to_dict())


async def _help(bot: Bot, command: Command, _asked: Help) -> Message:
    person = await workflow.admit(bot.store, command.who.person, bot.clock())
    return commands_blocks.commands(is_administrator=person.is_administrator, reads_all=person.reads_all)


async def _unknown(bot: Bot, command: Command, asked: Unknown) -> Message:
    await workflow.admit(bot.store, command.who.person, bot.clock())
    return commands_blocks.nearest(asked.word, asked.nearest)


ANSWERS: Final[Mapping[type, Callable[[Bot, Command, Any], Awaitable[Message | None]]]] = {
    Waiting: _waiting,
    List: _list,
    Submit: _submit,
    Resubmit: _resubmit,
    Delegate: _delegate,
    People: _people,
    Show: _show,
    Cancel: _cancel,
    Comment: _comment,
    Override: _override,
    Profiles: _profiles,
    Resources: _resources,
    Health: _health,
    Help: _help,
    Unknown: _unknown,
}

INTERACTIONS: Final = Interactions(command=on(read_command, _answer))
