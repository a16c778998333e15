"""Modals that were sent. Everything in them is checked again; a refusal is shown beside its field, or in place of the form."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.answers import DELIVERED_TWICE
from bot.slack.context import Bot
from bot.slack.kit import payloads
from bot.slack.kit.ids import Callback
from domain import workflow
from domain.approvals.decisions import Verdict


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* take every form about a request that is there."""

    def taking(
        take: Callable[[Bot, Any], Awaitable[None]], parse: Callable[[Any], payloads.Form]
    ) -> Callable[..., Awaitable[None]]:
        async def on_view(ack: AsyncAck, body: dict[str, Any]) -> None:
            form = parse(body)
            await bot.directory.be_ready_for(form.who.person)
            await take(bot, form)
            bot.announcer.nudge()
            bot.homes.again([form.who.person])
            await ack(response_action="clear")

        return on_view

    for callback, parse, take in FORMS:
        app.view(callback.value)(taking(take, parse))


async def _approve(bot: Bot, form: payloads.DecisionForm) -> None:
    await _decide(bot, form, Verdict.APPROVE)


async def _reject(bot: Bot, form: payloads.DecisionForm) -> None:
    await _decide(bot, form, Verdict.REJECT)


async def _decide(bot: Bot, form: payloads.DecisionForm, verdict: Verdict) -> None:
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


async def _override(bot: Bot, form: payloads.OverrideForm) -> None:
    who, at = form.who.person, bot.clock()
    await workflow.override(bot.store, who, form.request, form.verdict, at, reason=form.reason, once_in=DELIVERED_TWICE)


async def _cancel(bot: Bot, form: payloads.CancelForm) -> None:
    who, at = form.who.person, bot.clock()
    await workflow.cancel(bot.store, who, form.request, at, reason=form.reason, once_in=DELIVERED_TWICE)


async def _comment(bot: Bot, form: payloads.CommentForm) -> None:
    await workflow.comment(bot.store, form.who.person, form.request, form.text, bot.clock(), once_in=DELIVERED_TWICE)


FORMS: tuple[tuple[Callback, Callable[[Any], payloads.Form], Callable[[Bot, Any], Awaitable[None]]], ...] = (
    (Callback.APPROVE, payloads.approve_form, _approve),
    (Callback.REJECT, payloads.reject_form, _reject),
    (Callback.OVERRIDE, payloads.override_form, _override),
    (Callback.CANCEL, payloads.cancel_form, _cancel),
    (Callback.COMMENT, payloads.comment_form, _comment),
)
