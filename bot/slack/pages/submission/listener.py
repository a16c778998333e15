"""The form for a new request was sent: with what was pasted, or with files, which Slack has to give first.

A form is answered within three seconds. Files that come in time are read before that, and what is wrong with one is said beside its
field. For files that take longer the form gives way to a word, and comes back, or is over, once they are there. Nothing is stored before.
"""

import asyncio
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.slack import error_handler as failures
from bot.slack.answers import drawn, write_to
from bot.slack.context import Bot
from bot.slack.kit import payloads
from bot.slack.kit.ids import Callback, Field
from bot.slack.kit.texts import submitting as texts
from bot.slack.kit.texts.refusals import sentence
from bot.slack.pages.decisions import blocks as modals
from bot.slack.pages.lists import blocks as lists
from bot.slack.platform.files import FileNotRead, uploaded_by
from domain import workflow
from domain.common.errors import OpenRequestExists, Refusal
from domain.pki import BadMaterial
from domain.workflow import Submission

WITHIN: Final = 1.0
"""Seconds that files may take while Slack waits: of its three, recording the request needs some too."""

PAUSES: Final = (0.0, 0.1, 0.2, 0.4, 0.8)
"""Seconds before each try to draw a view that Slack may not have taken up yet."""


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* take the form for a new request."""

    async def on_submit(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = payloads.submit_form(body)
        await bot.directory.be_ready_for(form.who.person)
        await workflow.admit(bot.store, form.who.person, bot.clock())  # whoever may not ask has no file read either
        reading = asyncio.ensure_future(_whole(bot, form))
        done, _ = await asyncio.wait({reading}, timeout=WITHIN)
        if done:
            await workflow.submit(bot.store, form.who.person, reading.result(), bot.clock())
            _over(bot, form)
            await ack(response_action="clear")
            return
        name = f"reading:{form.view.id}"
        bot.background.start(_later(bot, form, body, reading, name))
        await ack(response_action="update", view=modals.reading(texts.READING, name).to_dict())

    app.view(Callback.SUBMIT.value)(on_submit)


def _over(bot: Bot, form: payloads.SubmitForm) -> None:
    bot.announcer.nudge()
    bot.homes.again([form.who.person])


async def _whole(bot: Bot, form: payloads.SubmitForm) -> Submission:
    """What was handed in, files and all, under the id of its modal: Slack may deliver it twice.

    Raises FormFaults with a sentence for each file that cannot be taken.
    """
    read = await asyncio.gather(
        *(uploaded_by(bot.client, form.who.user, file) for file in form.files.values()), return_exceptions=True
    )
    faults: dict[str, str] = {}
    given: dict[str, bytes] = {}
    for field, content in zip(form.files, read, strict=True):
        if isinstance(content, FileNotRead):
            faults[field.value] = sentence(content)
        elif isinstance(content, BaseException):
            raise content
        else:
            given["csr" if field is Field.CSR_FILE else "certificate"] = content
    if faults:
        raise payloads.FormFaults(faults)
    return form.submission.replace(key=f"slack:{form.view.id}", **given)


async def _later(
    bot: Bot, form: payloads.SubmitForm, body: dict[str, Any], reading: asyncio.Future[Submission], name: str
) -> None:
    """Submit once the files are there, and say in the modal called *name* what came of it."""
    try:
        request = await workflow.submit(bot.store, form.who.person, await reading, bot.clock())
    except Exception as error:  # noqa: BLE001 - no handler stands behind it: Slack has its answer, the person has none yet
        if isinstance(error, Refusal | BadMaterial):
            view, told = await _again(bot, form, error), lists.not_submitted(failures.why(error))
        else:
            told = failures.word(error, body)
            view = modals.changed(told)
        if not await _draw(bot, name, view):
            await write_to(bot, form.who.person, told)
        return
    _over(bot, form)
    await _draw(bot, name, modals.submitted(request))  # where it was closed, the message about the request says it


async def _again(bot: Bot, form: payloads.SubmitForm, refused: Refusal | BadMaterial) -> View:
    """The form as it was, without the files, which nobody but the person can choose."""
    asked = form.submission
    entries = await workflow.offered(bot.store, form.who.person, asked.operation, bot.clock())
    draft = modals.Draft.typed(
        entry=asked.entry,
        reason=asked.reason,
        csr=str(asked.csr or ""),
        certificate=str(asked.certificate or ""),
        revocation_reason=asked.revocation_reason,
        resubmission_of=asked.resubmission_of,
        note=f"{texts.not_submitted(failures.why(refused))} {texts.FILE_AGAIN}",
        already=refused.seen if isinstance(refused, OpenRequestExists) else None,
    )
    return modals.submit(entries, asked.operation, draft)


async def _draw(bot: Bot, name: str, view: View) -> bool:
    """Draw *view* in the modal called *name*: whether it was there. It may not be yet: what puts it there is the answer to the form."""
    for pause in PAUSES:
        await asyncio.sleep(pause)
        if await drawn(bot, view, external_id=name):
            return True
    return False
