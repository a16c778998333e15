"""Several requests decided from the Home: each its own decision, in its own transaction, with its own result."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from typing import Final

from slack_sdk.errors import SlackApiError

from bot.slack.answers import DELIVERED_TWICE, show, write_to
from bot.slack.context import Bot
from bot.slack.interactions import Answer, Interactions, on, replace_with
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.list_filter import narrowed
from bot.slack.kit.payloads.clicks import Click
from bot.slack.kit.payloads.clicks import click as read_click
from bot.slack.kit.payloads.faults import FormFaults
from bot.slack.kit.texts import terms
from bot.slack.kit.texts.refusals import sentence
from bot.slack.pages.bulk_decisions import blocks as several
from bot.slack.pages.bulk_decisions.blocks import Came, Result
from bot.slack.pages.bulk_decisions.payloads import SeveralForm, several_form
from domain import workflow
from domain.approvals.requests import RequestId, StepRef
from domain.approvals.status import RequestStatus
from domain.common.errors import (
    AlreadyClosed,
    AlreadyDecided,
    AlreadyExpired,
    Busy,
    CommentRequired,
    DecidedForYou,
    MirrorTooOld,
    Refusal,
    StepMovedOn,
)

log = logging.getLogger(__name__)

AT_ONCE: Final = 1.5
"""Seconds in which the results are the answer to the form. Slack waits three for it, and what comes before us takes its part of them."""
SETTLED: Final = 1.0
"""Seconds after which Slack shows what it was answered, so that the results come after it and not before."""
_ALREADY: Final = (AlreadyDecided, DecidedForYou, StepMovedOn, AlreadyClosed)


async def _choose(bot: Bot, click: Click) -> None:
    """What waits on the person who pressed the button in the Home, from the page on where they are, to be ticked."""
    who, place, at = click.who.person, click.home_place, bot.clock()
    by = await narrowed(bot.store, place.filter, who, gone=True)
    before = RequestId(place.waiting) if place.waiting else None
    page = await workflow.waiting_on(bot.store, who, at, filter=by.filter, limit=several.MOST, before=before)
    await show(bot, click, several.choosing(page, at))


async def _decide_ticked(bot: Bot, form: SeveralForm) -> Answer:
    """The results answer the form if they are there in time; otherwise they follow."""
    await _must_have_comment(bot, form)
    work = bot.background.start(_decide_all(bot, form))
    await asyncio.wait({work}, timeout=AT_ONCE)
    if work.done():
        return replace_with(several.results(form.verdict, work.result()))
    bot.background.start(_show_when_done(bot, form, work))
    return replace_with(several.deciding(len(form.steps)))


async def _must_have_comment(bot: Bot, form: SeveralForm) -> None:
    """Raises FormFaults where nothing of what is ticked could be decided without a comment; else it is for each of them to say."""
    if form.comment:
        return
    ids = [RequestId(step.request) for step in form.steps]
    seen = await workflow.visible(bot.store, form.who.person, ids, bot.clock())
    if seen and all(several.needs_comment(request, form.verdict) for request in seen.values()):
        raise FormFaults({Field.COMMENT.value: "Every ticked request requires a comment for this."})


async def _decide_all(bot: Bot, form: SeveralForm) -> Sequence[Result]:
    """One after the other; nothing that befalls one keeps the next from its turn."""
    found = [await _decide(bot, form, step) for step in form.steps]
    bot.message_worker.nudge()
    bot.homes.again([form.who.person])
    ids = [RequestId(result.on.request) for result in found]
    try:
        seen = await workflow.visible(bot.store, form.who.person, ids, bot.clock())
    except (
        Refusal
    ):  # who has just been deactivated, or a database that is busy: the results are told without what they are about
        return found
    return [result._replace(request=seen.get(RequestId(result.on.request))) for result in found]


async def _decide(bot: Bot, form: SeveralForm, on: StepRef) -> Result:
    try:
        await workflow.decide(
            bot.store,
            form.who.person,
            on,
            form.verdict,
            bot.clock(),
            comment=form.comment,
            once_in=DELIVERED_TWICE,
        )
    except Refusal as refused:
        return refused_result(on, refused)
    except Exception as error:
        reference = secrets.token_hex(4)
        log.error("one of several could not be decided, reference %s", reference, exc_info=error)
        return Result(
            on,
            Came.REFUSED,
            (
                "Something went wrong, and it may not have been recorded. Tell an administrator this reference: "
                f"{reference}"
            ),
        )
    return Result(on, Came.DECIDED, f"You {terms.verdict_past(form.verdict)} it.")


def refused_result(on: StepRef, refused: Refusal) -> Result:
    """What is said of one of several that could not be decided: some refusals speak to whoever has its message before them."""
    match refused:
        case CommentRequired():
            return Result(on, Came.COMMENT, "Not decided: it requires a comment. It is still waiting for you.")
        case StepMovedOn():
            return Result(
                on, Came.ALREADY, f"Others have decided: it is now at step {refused.number!s}, {refused.step}."
            )
        case AlreadyExpired():
            return Result(on, Came.EXPIRED, "It expired before this was recorded.")
        case AlreadyClosed():
            return Result(on, _came(refused), f"It is already {refused.status.label}.")
        case _:
            return Result(on, _came(refused), sentence(refused))


def _came(refused: Refusal) -> Came:
    if isinstance(refused, AlreadyClosed):
        if refused.status is RequestStatus.EXPIRED:
            return Came.EXPIRED
        return Came.CANCELLED if refused.status is RequestStatus.CANCELLED else Came.ALREADY
    if isinstance(refused, _ALREADY):
        return Came.ALREADY
    return Came.NOT_IN_TIME if isinstance(refused, Busy | MirrorTooOld) else Came.REFUSED


async def _show_when_done(bot: Bot, form: SeveralForm, work: asyncio.Task[Sequence[Result]]) -> None:
    """In the modal; in a message where that was closed meanwhile."""
    await asyncio.sleep(SETTLED)
    found = await work
    try:
        await bot.client.views_update(view_id=form.view.id, view=several.results(form.verdict, found).to_dict())
    except SlackApiError as error:
        log.info("the results are told in a message: Slack says %s", error.response.get("error"))
        await write_to(bot, form.who.person, several.results_message(form.verdict, found))


INTERACTIONS: Final = Interactions(
    actions={Action.DECIDE_SEVERAL: on(read_click, _choose)},
    choices=(Action.SEVERAL_TICK,),
    forms={Callback.SEVERAL: on(several_form, _decide_ticked)},
)
