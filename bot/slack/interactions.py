"""One table of interactions, and one wrapper around every handler.

A page declares what it answers: each button, menu, form, shortcut or event, with the parser of its payload and the handler of what
the parser returns. `register` is the only place that gives handlers to Bolt. For every interaction it parses the payload once, has the
directory ready for the person (a decision never rests on an old mirror: SPEC.md section 5), runs the handler, and acknowledges after it
returned: an acknowledged click is a recorded one. No handler sees a payload, and none can go round the directory.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot.slack.context import Bot
from bot.slack.kit.ids import COMMAND, Action, Callback, Shortcut
from bot.slack.kit.payloads.clicks import Click
from bot.slack.kit.payloads.suggestions import Suggestion, suggestion
from bot.slack.kit.payloads.who import Who

Answer = Mapping[str, Any]
"""What Slack is told with the acknowledgement."""


class HasWho(Protocol):
    """What every parser returns: who did it, beside what they did."""

    @property
    def who(self) -> Who: ...


T = TypeVar("T", bound=HasWho)


@dataclass(frozen=True)
class Interaction(Generic[T]):
    """A parser, which raises BadInput, FormFaults or Misused, and the handler of what it returns."""

    parse: Callable[[Any], T]
    handle: Callable[[Bot, T], Awaitable[Answer | None]]
    changes: bool = False
    """Whether it changes a request: the messages are updated, and the person's Home is drawn again."""


def on(
    parse: Callable[[Any], T], handle: Callable[[Bot, T], Awaitable[Answer | None]], *, changes: bool = False
) -> Interaction[T]:
    """See `Interaction`."""
    return Interaction(parse, handle, changes)


@dataclass(frozen=True)
class Interactions:
    """What a page answers."""

    actions: Mapping[Action, Interaction[Any]] = field(default_factory=dict)
    """Buttons and menus."""
    choices: tuple[Action, ...] = ()
    """Menus whose choice is read when their form is sent: acknowledged, nothing more."""
    forms: Mapping[Callback, Interaction[Any]] = field(default_factory=dict)
    options: Mapping[Action, Callable[[Bot, Suggestion], Awaitable[list[Option]]]] = field(default_factory=dict)
    """Menus that ask for what they offer while somebody types."""
    shortcuts: Mapping[Shortcut, Interaction[Any]] = field(default_factory=dict)
    events: Mapping[str, Interaction[Any]] = field(default_factory=dict)
    command: Interaction[Any] | None = None


SHORTCUT_TYPES: Mapping[Shortcut, str] = {
    Shortcut.NEW_REQUEST: "shortcut",
    Shortcut.REQUEST_FOR_MESSAGE: "message_action",
}
"""Slack's name for the kind of each shortcut."""
CLOSE_ALL: Answer = {"response_action": "clear"}
"""Close the modal and those below it."""


def replace_with(view: View) -> Answer:
    """Show *view* in place of the form that was sent."""
    return {"response_action": "update", "view": view.to_dict()}


def register(app: AsyncApp, bot: Bot, page: Interactions) -> None:
    """Have *app* answer everything that *page* declares."""
    for action, interaction in page.actions.items():
        app.action(action.value)(_listener(bot, interaction))
    for action in page.choices:
        app.action(action.value)(_acknowledge)
    for callback, interaction in page.forms.items():
        app.view(callback.value)(_listener(bot, interaction))
    for action, suggest in page.options.items():
        app.options(action.value)(_listener(bot, Interaction(suggestion, _offered(suggest))))
    for shortcut, interaction in page.shortcuts.items():
        app.shortcut({"type": SHORTCUT_TYPES[shortcut], "callback_id": shortcut.value})(_listener(bot, interaction))
    for event, interaction in page.events.items():
        app.event(event)(_listener(bot, interaction))
    if page.command is not None:
        app.command(COMMAND)(_listener(bot, page.command))


def _listener(bot: Bot, interaction: Interaction[T]) -> Callable[..., Awaitable[None]]:
    async def listen(ack: AsyncAck, body: dict[str, Any]) -> None:
        parsed = interaction.parse(body)
        person = parsed.who.person
        await bot.directory.be_ready_for(person)
        if isinstance(parsed, Click) and parsed.view is not None and parsed.view.is_home:
            await bot.homes.looks(person, parsed.home_place)
        answer = await interaction.handle(bot, parsed)
        if interaction.changes:
            bot.message_worker.nudge()
            bot.homes.again([person])
        await ack(**(answer or {}))

    return listen


def _offered(
    suggest: Callable[[Bot, Suggestion], Awaitable[list[Option]]],
) -> Callable[[Bot, Suggestion], Awaitable[Answer]]:
    async def answer(bot: Bot, asked: Suggestion) -> Answer:
        return {"options": [option.to_dict() for option in await suggest(bot, asked)]}

    return answer


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()
