"""Handlers of the *Out of office* modal: name a delegate, revoke a delegation; the command `/approval delegate`."""

from typing import Final

from slack_sdk.models.views import View

from bot.slack.answers import show, tell
from bot.slack.context import Bot
from bot.slack.interactions import Answer, Interactions, on, replace_with
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.payloads.clicks import Click
from bot.slack.kit.payloads.clicks import click as read_click
from bot.slack.pages.delegations import blocks
from bot.slack.pages.delegations.command import Delegate
from bot.slack.pages.delegations.payloads import (
    DelegationClick,
    DelegationForm,
    delegation_click,
    delegation_form,
)
from domain import workflow
from domain.approvals.delegation import Delegation
from domain.people.people import PersonId


async def delegate(bot: Bot, person: PersonId, trigger_id: str, asked: Delegate) -> Message | None:
    """`/approval delegate …`: done at once if everything was typed; otherwise the form opens."""
    if asked.delegate is None or asked.days is None:
        await bot.client.views_open(trigger_id=trigger_id, view=(await _page(bot, person)).to_dict())
        return None
    delegation = await workflow.delegate(
        bot.store, person, asked.delegate, asked.days, bot.clock(), delegator=asked.delegator, reason=asked.reason
    )
    _notify(bot, delegation)
    return blocks.recorded(delegation, bot.clock(), reader=person)


async def _page(bot: Bot, person: PersonId, done: str = "") -> View:
    at = bot.clock()
    return blocks.out_of_office(await workflow.standins(bot.store, person, at), at, reader=person, done=done)


async def _open(bot: Bot, click: Click) -> None:
    await show(bot, click, await _page(bot, click.who.person))


async def _save(bot: Bot, form: DelegationForm) -> Answer:
    who = form.who.person
    delegation = await workflow.delegate(
        bot.store, who, form.delegate, form.days, bot.clock(), delegator=form.delegator, reason=form.reason
    )
    _notify(bot, delegation)
    return replace_with(await _page(bot, who, blocks.recorded_text(delegation, bot.clock(), reader=who)))


async def _revoke(bot: Bot, click: DelegationClick) -> None:
    who = click.who.person
    delegation = await workflow.revoke(bot.store, who, click.number, bot.clock())
    _notify(bot, delegation)
    if click.view is None:
        answer = blocks.revoked(delegation, reader=who)
        bot.background.start(tell(bot, click.response_url, answer, replace=True))
    else:
        view = await _page(bot, who, blocks.revoked_text(delegation, reader=who))
        await bot.client.views_update(view_id=click.view.id, view=view.to_dict())


def _notify(bot: Bot, delegation: Delegation) -> None:
    """Ask the delegate, or no longer; redraw both Homes; send a direct message to the person who did not do it."""
    bot.message_worker.nudge()
    bot.homes.again(delegation.people)
    bot.background.start(bot.direct_messages.poll())


INTERACTIONS: Final = Interactions(
    actions={
        Action.DELEGATIONS: on(read_click, _open),
        Action.REVOKE_DELEGATION: on(delegation_click, _revoke),
    },
    forms={Callback.DELEGATION: on(delegation_form, _save)},
)
