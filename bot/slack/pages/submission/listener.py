"""The form for a new request was sent: with what was pasted, or with files, which Slack has to give first.

A form is answered within three seconds. Files that come in time are read before that, and what is wrong with one is said beside its
field. For files that take longer the form gives way to a word, and comes back, or is over, once they are there. Nothing is stored before.
"""

import asyncio
from typing import Final

from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot.slack import error_messages
from bot.slack.answers import drawn, show, write_to
from bot.slack.context import Bot
from bot.slack.interactions import CLOSE_ALL, Answer, Interactions, on, replace_with
from bot.slack.kit.blocks import modals as shared_modals
from bot.slack.kit.blocks.fields import matching
from bot.slack.kit.ids import Action, Callback, Field, Shortcut
from bot.slack.kit.payloads.clicks import Click, RequestClick, request_click
from bot.slack.kit.payloads.clicks import click as read_click
from bot.slack.kit.payloads.faults import FormFaults
from bot.slack.kit.payloads.raw import parsed
from bot.slack.kit.payloads.suggestions import Suggestion
from bot.slack.kit.texts import bad_input
from bot.slack.kit.texts import submitting as texts
from bot.slack.kit.texts.refusals import sentence
from bot.slack.pages.submission import blocks, messages, shortcuts
from bot.slack.pages.submission.payloads import FormChange, SubmitForm, form_change, submit_form
from bot.slack.pages.submission.shortcut_payloads import message_shortcut, shortcut
from bot.slack.platform.files import FileNotRead, uploaded_by
from domain import workflow
from domain.approvals.resources import GATES, ResourceKind
from domain.common.errors import OpenRequestExists, Refusal
from domain.common.operations import Operation
from domain.pki import BadMaterial
from domain.workflow import Submission

WITHIN: Final = 1.0
"""Seconds that files may take while Slack waits: of its three, recording the request needs some too."""

PAUSES: Final = (0.0, 0.1, 0.2, 0.4, 0.8)
"""Seconds before each try to draw a view that Slack may not have taken up yet."""


async def _new_request(bot: Bot, click: Click) -> None:
    await workflow.admit(bot.store, click.who.person, bot.clock())
    await show(bot, click, blocks.submit(()))


async def _resubmit(bot: Bot, click: RequestClick) -> None:
    who, at = click.who.person, bot.clock()
    request = await workflow.resubmittable(bot.store, who, click.request, at)
    entries = await workflow.offered(bot.store, who, request.operation, at)
    await show(bot, click, blocks.submit(entries, draft=blocks.Draft.of(request)))


async def _choose_operation(bot: Bot, change: FormChange) -> None:
    """Another operation needs other fields; what was typed into those that stay, stays."""
    entries = await workflow.offered(bot.store, change.who.person, change.operation, bot.clock())
    draft = blocks.Draft.typed(
        resubmission_of=change.resubmission_of, csr=change.csr, certificate=change.certificate, reason=change.reason
    )
    view = blocks.submit(entries, change.operation, draft)
    await bot.client.views_update(view_id=change.view.id, hash=change.view.hash, view=view.to_dict())


async def _suggest_resources(bot: Bot, asked: Suggestion) -> list[Option]:
    """Operations that begin at the same kind of resource may begin at the same resources."""
    kind = parsed(ResourceKind, asked.about, bad_input.NOT_OUR_FORM)
    operation = next((operation for operation in Operation if GATES[operation][0] is kind), None)
    entries = (
        await workflow.offered(bot.store, asked.who.person, operation, bot.clock()) if operation is not None else ()
    )
    return matching({entry.key: entry.name for entry in entries}, asked.written)


async def _submit(bot: Bot, form: SubmitForm) -> Answer:
    await workflow.admit(
        bot.store, form.who.person, bot.clock()
    )  # somebody who may not request has no file read either
    reading = asyncio.ensure_future(_whole(bot, form))
    done, _ = await asyncio.wait({reading}, timeout=WITHIN)
    if done:
        await workflow.submit(bot.store, form.who.person, reading.result(), bot.clock())
        _redraw(bot, form)
        return CLOSE_ALL
    name = f"reading:{form.view.id}"
    bot.background.start(_later(bot, form, reading, name))
    return replace_with(blocks.reading(texts.READING, name))


def _redraw(bot: Bot, form: SubmitForm) -> None:
    bot.message_worker.nudge()
    bot.homes.again([form.who.person])


async def _whole(bot: Bot, form: SubmitForm) -> Submission:
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
        raise FormFaults(faults)
    return form.submission.replace(key=f"slack:{form.view.id}", **given)


async def _later(bot: Bot, form: SubmitForm, reading: asyncio.Future[Submission], name: str) -> None:
    """Submit once the files are there, and say in the modal called *name* what came of it."""
    try:
        request = await workflow.submit(bot.store, form.who.person, await reading, bot.clock())
    except Exception as error:  # noqa: BLE001 - no handler stands behind it: Slack has its answer, the person has none yet
        if isinstance(error, Refusal | BadMaterial):
            view, told = await _again(bot, form, error), messages.not_submitted(error_messages.why(error))
        else:
            told = error_messages.word(error, "view_submission")
            view = shared_modals.changed(told)
        if not await _draw(bot, name, view):
            await write_to(bot, form.who.person, told)
        return
    _redraw(bot, form)
    await _draw(bot, name, blocks.submitted(request))  # where it was closed, the message about the request says it


async def _again(bot: Bot, form: SubmitForm, refused: Refusal | BadMaterial) -> View:
    """The form as it was, without the files, which nobody but the person can choose."""
    asked = form.submission
    entries = await workflow.offered(bot.store, form.who.person, asked.operation, bot.clock())
    draft = blocks.Draft.typed(
        entry=asked.entry,
        reason=asked.reason,
        csr=str(asked.csr or ""),
        certificate=str(asked.certificate or ""),
        revocation_reason=asked.revocation_reason,
        resubmission_of=asked.resubmission_of,
        note=f"{texts.not_submitted(error_messages.why(refused))} {texts.FILE_AGAIN}",
        already=refused.seen if isinstance(refused, OpenRequestExists) else None,
    )
    return blocks.submit(entries, asked.operation, draft)


async def _draw(bot: Bot, name: str, view: View) -> bool:
    """Draw *view* in the modal called *name*: whether it was there. It may not be yet: what puts it there is the answer to the form."""
    for pause in PAUSES:
        await asyncio.sleep(pause)
        if await drawn(bot, view, external_id=name):
            return True
    return False


INTERACTIONS: Final = Interactions(
    actions={
        Action.NEW_REQUEST: on(read_click, _new_request),
        Action.RESUBMIT: on(request_click, _resubmit),
        Action.OPERATION: on(form_change, _choose_operation),
    },
    choices=(Action.RESOURCE, Action.REVOCATION_REASON),
    forms={Callback.SUBMIT: on(submit_form, _submit)},
    options={Action.RESOURCE: _suggest_resources},
    shortcuts={
        Shortcut.NEW_REQUEST: on(shortcut, shortcuts.new_request),
        Shortcut.REQUEST_FOR_MESSAGE: on(message_shortcut, shortcuts.request_for_message),
    },
)
