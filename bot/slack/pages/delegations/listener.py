"""Naming a delegate: the command, the form, and the button that revokes."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.answers import show, tell
from bot.slack.context import Bot
from bot.slack.kit import payloads
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.ids import Action, Callback
from bot.slack.kit.payloads.delegate_command import Delegate
from bot.slack.pages.delegations import blocks as delegations
from bot.slack.pages.delegations.payloads import delegation_click, delegation_form
from domain import workflow
from domain.approvals.delegation import Delegation


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* show who stands in for whom, and take what changes it."""

    async def opened(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = payloads.click(body)
        await bot.directory.be_ready_for(click.who.person)
        at = bot.clock()
        found = await workflow.standins(bot.store, click.who.person, at)
        await show(bot, click, delegations.out_of_office(found, at, reader=click.who.person))
        await ack()

    async def sent(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = delegation_form(body)
        who, at = form.who.person, bot.clock()
        await bot.directory.be_ready_for(who)
        made = await workflow.delegate(
            bot.store, who, form.delegate, form.days, at, delegator=form.delegator, reason=form.reason
        )
        _follow(bot, made)
        found = await workflow.standins(bot.store, who, at)
        done = delegations.made_line(made, at, reader=who)
        view = delegations.out_of_office(found, at, reader=who, done=done)
        await ack(response_action="update", view=view.to_dict())

    async def revoked(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = delegation_click(body)
        who, at = click.who.person, bot.clock()
        await bot.directory.be_ready_for(who)
        over = await workflow.revoke(bot.store, who, click.number, at)
        _follow(bot, over)
        if click.view is None:
            said = delegations.revoked(over, reader=who)
            bot.background.start(tell(bot, click.response_url, said, replace=True))
        else:
            found = await workflow.standins(bot.store, who, at)
            done = delegations.revoked_line(over, reader=who)
            view = delegations.out_of_office(found, at, reader=who, done=done)
            await bot.client.views_update(view_id=click.view.id, view=view.to_dict())
        await ack()

    app.action(Action.DELEGATIONS.value)(opened)
    app.action(Action.REVOKE_DELEGATION.value)(revoked)
    app.view(Callback.DELEGATION.value)(sent)


async def delegate(bot: Bot, command: payloads.Command, asked: Delegate) -> Message | None:
    """`/approval delegate …`: done at once where everything was typed; otherwise the form."""
    who, at = command.who.person, bot.clock()
    if asked.delegate is None or asked.days is None:
        found = await workflow.standins(bot.store, who, at)
        view = delegations.out_of_office(found, at, reader=who)
        await bot.client.views_open(trigger_id=command.trigger_id, view=view.to_dict())
        return None
    made = await workflow.delegate(
        bot.store, who, asked.delegate, asked.days, at, delegator=asked.delegator, reason=asked.reason
    )
    _follow(bot, made)
    return delegations.made(made, at, reader=who)


def _follow(bot: Bot, one: Delegation) -> None:
    """The delegate is asked, or asked no more; both see it in their Home; and who did not do it is told."""
    bot.announcer.nudge()
    bot.homes.again(one.people)
    bot.background.start(bot.direct_messages.poll())
