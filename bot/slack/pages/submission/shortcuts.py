"""Shortcuts: the form for a new request from anywhere, and filled in from a message."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.slack import error_handler as failures
from bot.slack.answers import drawn
from bot.slack.context import Bot
from bot.slack.kit import payloads
from bot.slack.kit.ids import Shortcut
from bot.slack.kit.texts import submitting as texts
from bot.slack.pages.decisions import blocks as modals
from bot.slack.platform.files import FileNotRead, shared_in
from domain import workflow
from domain.people.people import PersonId
from domain.pki import Found, recognise

Listener = Callable[[Bot, dict[str, Any]], Awaitable[None]]


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* answer every shortcut of the manifest."""

    def answering(listener: Listener) -> Callable[..., Awaitable[None]]:
        async def on_shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
            await listener(bot, body)
            await ack()

        return on_shortcut

    for kind, shortcut, listener in SHORTCUTS:
        app.shortcut({"type": kind, "callback_id": shortcut.value})(answering(listener))


async def _new_request(bot: Bot, body: dict[str, Any]) -> None:
    used = payloads.shortcut(body)
    await _admit(bot, used)
    await bot.client.views_open(trigger_id=used.trigger_id, view=modals.submit(()).to_dict())


async def _request_for_message(bot: Bot, body: dict[str, Any]) -> None:
    """From the words of the message at once; from a file once Slack gave it, which can take longer than a form may wait to open."""
    used = payloads.message_shortcut(body)
    await _admit(bot, used)
    found = next((one for one in map(recognise, used.texts) if one is not None), None)
    if found is not None or not used.files:
        view = await _form(bot, used.who.person, found)
        await bot.client.views_open(trigger_id=used.trigger_id, view=view.to_dict())
        return
    opened = await bot.client.views_open(
        trigger_id=used.trigger_id, view=modals.reading(texts.READING_MESSAGE).to_dict()
    )
    bot.background.start(_from_files(bot, used, body, str(opened["view"]["id"])))


async def _admit(bot: Bot, used: payloads.AnyShortcut) -> None:
    await bot.directory.be_ready_for(used.who.person)
    await workflow.admit(bot.store, used.who.person, bot.clock())


async def _from_files(bot: Bot, used: payloads.MessageShortcut, body: dict[str, Any], view_id: str) -> None:
    try:
        found = None
        async for content in _contents(bot, used):
            if (found := recognise(content)) is not None:
                break
        view = await _form(bot, used.who.person, found)
    except Exception as error:  # noqa: BLE001 - no handler stands behind it: Slack has its answer, the person has none yet
        view = modals.changed(failures.word(error, body), again=[modals.new_request()])
    await drawn(bot, view, view_id=view_id)  # whoever closed it has let go of it


async def _contents(bot: Bot, used: payloads.MessageShortcut) -> AsyncIterator[bytes]:
    """What is in each file. One that cannot be read hides no other: only where none can is that said, by raising FileNotRead."""
    failed: FileNotRead | None = None
    read = False
    for file in used.files:
        try:
            content = await shared_in(bot.client, used.channel, file)
        except FileNotRead as error:
            failed = failed or error
        else:
            read = True
            yield content
    if failed is not None and not read:
        raise failed


async def _form(bot: Bot, who: PersonId, found: Found | None) -> View:
    """The form with what was *found* in it, or that there was nothing."""
    if found is None:
        return modals.nothing_found()
    entries = await workflow.offered(bot.store, who, found.operation, bot.clock())
    draft = modals.Draft(csr=found.csr or "", certificate=found.certificate or "", note=texts.FROM_MESSAGE)
    return modals.submit(entries, found.operation, draft)


SHORTCUTS: tuple[tuple[str, Shortcut, Listener], ...] = (
    ("shortcut", Shortcut.NEW_REQUEST, _new_request),
    ("message_action", Shortcut.REQUEST_FOR_MESSAGE, _request_for_message),
)
"""Slack's word for the kind, the callback id, and what answers."""
