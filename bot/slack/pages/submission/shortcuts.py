"""Shortcuts: the form for a new request from anywhere, and filled in from a message."""

from collections.abc import AsyncIterator

from slack_sdk.models.views import View

from bot.slack import error_messages
from bot.slack.answers import drawn
from bot.slack.context import Bot
from bot.slack.kit.blocks import modals as shared_modals
from bot.slack.kit.texts import submitting as texts
from bot.slack.pages.submission import blocks
from bot.slack.pages.submission.shortcut_payloads import AnyShortcut, MessageShortcut
from bot.slack.platform.files import FileNotRead, shared_in
from domain import workflow
from domain.people.people import PersonId
from domain.pki import Found, recognise


async def new_request(bot: Bot, used: AnyShortcut) -> None:
    """The form for a new request, from anywhere."""
    await workflow.admit(bot.store, used.who.person, bot.clock())
    await bot.client.views_open(trigger_id=used.trigger_id, view=blocks.submit(()).to_dict())


async def request_for_message(bot: Bot, used: MessageShortcut) -> None:
    """The form filled in from a message: from its text at once; from a file once Slack gave it, which may take longer than a form."""
    await workflow.admit(bot.store, used.who.person, bot.clock())
    found = next((material for material in map(recognise, used.texts) if material is not None), None)
    if found is not None or not used.files:
        view = await _form(bot, used.who.person, found)
        await bot.client.views_open(trigger_id=used.trigger_id, view=view.to_dict())
        return
    opened = await bot.client.views_open(
        trigger_id=used.trigger_id, view=blocks.reading(texts.READING_MESSAGE).to_dict()
    )
    bot.background.start(_from_files(bot, used, str(opened["view"]["id"])))


async def _from_files(bot: Bot, used: MessageShortcut, view_id: str) -> None:
    try:
        found = None
        async for content in _contents(bot, used):
            if (found := recognise(content)) is not None:
                break
        view = await _form(bot, used.who.person, found)
    except Exception as error:  # noqa: BLE001 - no handler stands behind it: Slack has its answer, the person has none yet
        view = shared_modals.changed(error_messages.word(error, "message_action"), again=[blocks.new_request()])
    await drawn(bot, view, view_id=view_id)  # whoever closed it has let go of it


async def _contents(bot: Bot, used: MessageShortcut) -> AsyncIterator[bytes]:
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


async def _form(bot: Bot, person: PersonId, found: Found | None) -> View:
    """The form with what was *found* in it, or that there was nothing."""
    if found is None:
        return blocks.nothing_found()
    entries = await workflow.offered(bot.store, person, found.operation, bot.clock())
    draft = blocks.Draft(csr=found.csr or "", certificate=found.certificate or "", note=texts.FROM_MESSAGE)
    return blocks.submit(entries, found.operation, draft)
