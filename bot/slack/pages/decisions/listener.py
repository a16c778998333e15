"""What is done to a request: approve, reject, comment, cancel, override, remind, retry. Each rule is checked again in the use case."""

from typing import Final

from bot.slack.answers import DELIVERED_TWICE, show, tell
from bot.slack.context import Bot
from bot.slack.interactions import CLOSE_ALL, Answer, Interactions, on
from bot.slack.kit.display_names import labels_for
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.payloads.clicks import RequestClick, StepClick, request_click, step_click
from bot.slack.pages.decisions import blocks, messages
from bot.slack.pages.decisions.payloads import (
    CancelForm,
    CommentForm,
    DecisionForm,
    OverrideForm,
    approve_form,
    cancel_form,
    comment_form,
    override_form,
    reject_form,
)
from bot.slack.pages.details.listener import redraw_details
from domain import workflow
from domain.approvals.decisions import Verdict
from domain.common.errors import CommentRequired
from domain.workflow import releases


async def _approve(bot: Bot, click: StepClick) -> None:
    """Counted at once unless the profile requires a comment: then the form opens. A click that is delivered twice is answered once."""
    at = bot.clock()
    try:
        request = await workflow.decide(
            bot.store, click.who.person, click.step, Verdict.APPROVE, at, click=click.pressed, pressed_at=click.at
        )
    except CommentRequired:
        await _approve_with_comment(bot, click)
        return
    bot.message_worker.nudge()
    bot.homes.again([click.who.person])
    if click.is_ephemeral and any(decision.at == at for decision in request.decisions):
        bot.background.start(tell(bot, click.response_url, messages.recorded(request, Verdict.APPROVE)))
    else:
        redraw_details(bot, click, request.id)


async def _approve_with_comment(bot: Bot, click: StepClick) -> None:
    request = await workflow.admitted(bot.store, click.who.person, click.step, bot.clock(), click=click.pressed)
    await show(bot, click, blocks.approve(request, click.step, pressed=click.pressed))


async def _reject(bot: Bot, click: StepClick) -> None:
    request = await workflow.admitted(bot.store, click.who.person, click.step, bot.clock(), click=click.pressed)
    await show(bot, click, blocks.reject(request, click.step, pressed=click.pressed))


async def _cancel(bot: Bot, click: RequestClick) -> None:
    request = await workflow.cancellable(bot.store, click.who.person, click.request, bot.clock())
    await show(bot, click, blocks.cancel(request))


async def _override(bot: Bot, click: RequestClick) -> None:
    request = await workflow.overridable(bot.store, click.who.person, click.request, bot.clock())
    async with bot.store.reading() as reading:
        labels = await labels_for(reading, [request])
    await show(bot, click, blocks.override(request, labels))


async def _comment(bot: Bot, click: RequestClick) -> None:
    request = await workflow.commentable(bot.store, click.who.person, click.request, bot.clock())
    await show(bot, click, blocks.comment(request))


async def _remind(bot: Bot, click: RequestClick) -> None:
    await workflow.remind(bot.store, click.who.person, click.request, bot.clock(), pressed_at=click.at)
    bot.message_worker.nudge()
    redraw_details(bot, click, click.request)


async def _retry(bot: Bot, click: RequestClick) -> None:
    request = await releases.retry(bot.store, click.who.person, click.request, bot.clock())
    bot.message_worker.nudge()
    redraw_details(bot, click, request.id)


async def _send_approval(bot: Bot, form: DecisionForm) -> Answer:
    return await _decide(bot, form, Verdict.APPROVE)


async def _send_rejection(bot: Bot, form: DecisionForm) -> Answer:
    return await _decide(bot, form, Verdict.REJECT)


async def _decide(bot: Bot, form: DecisionForm, verdict: Verdict) -> Answer:
    await workflow.decide(
        bot.store,
        form.who.person,
        form.step,
        verdict,
        bot.clock(),
        comment=form.comment,
        click=form.pressed,
        once_in=DELIVERED_TWICE,
    )
    return CLOSE_ALL


async def _send_override(bot: Bot, form: OverrideForm) -> Answer:
    who, at = form.who.person, bot.clock()
    await workflow.override(bot.store, who, form.request, form.verdict, at, reason=form.reason, once_in=DELIVERED_TWICE)
    return CLOSE_ALL


async def _send_cancellation(bot: Bot, form: CancelForm) -> Answer:
    who, at = form.who.person, bot.clock()
    await workflow.cancel(bot.store, who, form.request, at, reason=form.reason, once_in=DELIVERED_TWICE)
    return CLOSE_ALL


async def _send_comment(bot: Bot, form: CommentForm) -> Answer:
    await workflow.comment(bot.store, form.who.person, form.request, form.text, bot.clock(), once_in=DELIVERED_TWICE)
    return CLOSE_ALL


INTERACTIONS: Final = Interactions(
    actions={
        Action.APPROVE: on(step_click, _approve),
        Action.APPROVE_WITH_COMMENT: on(step_click, _approve_with_comment),
        Action.REJECT: on(step_click, _reject),
        Action.CANCEL: on(request_click, _cancel),
        Action.OVERRIDE: on(request_click, _override),
        Action.COMMENT: on(request_click, _comment),
        Action.REMIND: on(request_click, _remind),
        Action.RETRY_OPERATION: on(request_click, _retry),
    },
    choices=(Action.VERDICT,),
    forms={
        Callback.APPROVE: on(approve_form, _send_approval, changes=True),
        Callback.REJECT: on(reject_form, _send_rejection, changes=True),
        Callback.OVERRIDE: on(override_form, _send_override, changes=True),
        Callback.CANCEL: on(cancel_form, _send_cancellation, changes=True),
        Callback.COMMENT: on(comment_form, _send_comment, changes=True),
    },
)
