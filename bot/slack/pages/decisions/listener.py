"""Buttons and menus."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.slack.answers import show, tell
from bot.slack.context import Bot
from bot.slack.kit import payloads
from bot.slack.kit.blocks import operation
from bot.slack.kit.display_names import labels_for
from bot.slack.kit.ids import Action
from bot.slack.kit.places import DetailsPlace
from bot.slack.pages.bulk_decisions import listener as several
from bot.slack.pages.decisions import blocks as modals
from bot.slack.pages.home import listener as home
from bot.slack.pages.lists import blocks as lists
from bot.slack.pages.lists.listener import listed, waiting
from domain import workflow
from domain.approvals.decisions import Verdict
from domain.approvals.requests import RequestId
from domain.common.errors import CommentRequired
from domain.workflow import releases as releasing

Listener = Callable[[Bot, dict[str, Any]], Awaitable[None]]


def register(app: AsyncApp, bot: Bot) -> None:
    """Have *app* answer every button and menu in messages, modals and the Home."""

    def answering(listener: Listener) -> Callable[..., Awaitable[None]]:
        async def on_action(ack: AsyncAck, body: dict[str, Any]) -> None:
            click = payloads.click(body)
            await bot.directory.be_ready_for(click.who.person)
            if click.view is not None and click.view.is_home:
                await bot.homes.looks(click.who.person, click.home_place)
            await listener(bot, body)
            await ack()

        return on_action

    for action, listener in LISTENERS.items():
        app.action(action.value)(answering(listener))


async def _approve(bot: Bot, body: dict[str, Any]) -> None:
    """At once, where the profile asks no comment. What is delivered twice is answered once."""
    click, at = payloads.step_click(body), bot.clock()
    try:
        request = await workflow.decide(
            bot.store, click.who.person, click.step, Verdict.APPROVE, at, click=click.pressed, pressed_at=click.at
        )
    except CommentRequired:
        await _approve_with_comment(bot, body)
        return
    bot.announcer.nudge()
    bot.homes.again([click.who.person])
    if click.is_ephemeral and any(one.at == at for one in request.decisions):
        bot.background.start(tell(bot, click.response_url, lists.recorded(request, Verdict.APPROVE)))
    elif click.view is not None and not click.view.is_home:
        bot.background.start(_show_details_anew(bot, click, request.id))


async def _show_details_anew(bot: Bot, click: payloads.Click, request: int) -> None:
    """In the modal where the button was pressed: the decision, and no button that cannot count any more."""
    await _in_place(bot, click, await _details_view(bot, click, DetailsPlace(request=request)))


async def _approve_with_comment(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.step_click(body)
    request = await workflow.admitted(bot.store, click.who.person, click.step, bot.clock(), click=click.pressed)
    await show(bot, click, modals.approve(request, click.step, pressed=click.pressed))


async def _reject(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.step_click(body)
    request = await workflow.admitted(bot.store, click.who.person, click.step, bot.clock(), click=click.pressed)
    await show(bot, click, modals.reject(request, click.step, pressed=click.pressed))


async def _details(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.request_click(body)
    await show(bot, click, await _details_view(bot, click, DetailsPlace(request=click.request)))


async def _details_page(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.details_page_click(body)
    await _in_place(bot, click, await _details_view(bot, click, click.place))


async def _reload(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.request_click(body)
    await _in_place(bot, click, await _details_view(bot, click, DetailsPlace(request=click.request)))


async def _details_view(bot: Bot, click: payloads.Click, place: DetailsPlace) -> View:
    at = bot.clock()
    found = await workflow.details(bot.store, click.who.person, RequestId(place.request), at, click=click.pressed)
    async with bot.store.reading() as reading:
        labels = await labels_for(reading, [found.request])
    return modals.details(found, labels, at, reader=click.who.person, place=place)


async def _in_place(bot: Bot, click: payloads.Click, view: View) -> None:
    """Draw *view* where the button was pressed."""
    if click.view is None:
        await show(bot, click, view)
    else:
        await bot.client.views_update(view_id=click.view.id, view=view.to_dict())


async def _cancel(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.request_click(body)
    request = await workflow.cancellable(bot.store, click.who.person, click.request, bot.clock())
    await show(bot, click, modals.cancel(request))


async def _override(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.request_click(body)
    request = await workflow.overridable(bot.store, click.who.person, click.request, bot.clock())
    async with bot.store.reading() as reading:
        labels = await labels_for(reading, [request])
    await show(bot, click, modals.override(request, labels))


async def _remind(bot: Bot, body: dict[str, Any]) -> None:
    """What was pressed is redrawn, and says when it was."""
    click = payloads.request_click(body)
    await workflow.remind(bot.store, click.who.person, click.request, bot.clock(), pressed_at=click.at)
    bot.announcer.nudge()
    if click.view is not None and not click.view.is_home:
        bot.background.start(_show_details_anew(bot, click, click.request))


async def _retry(bot: Bot, body: dict[str, Any]) -> None:
    """Every message of the request is redrawn, and says that it was released again."""
    click = payloads.request_click(body)
    request = await releasing.retry(bot.store, click.who.person, click.request, bot.clock())
    bot.announcer.nudge()
    if click.view is not None and not click.view.is_home:
        bot.background.start(_show_details_anew(bot, click, request.id))


async def _certificate(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.request_click(body)
    found = await releasing.certificate(bot.store, click.who.person, click.request, bot.clock())
    await show(bot, click, operation.certificate_view(*found))


async def _comment(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.request_click(body)
    request = await workflow.commentable(bot.store, click.who.person, click.request, bot.clock())
    await show(bot, click, modals.comment(request))


async def _resubmit(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.request_click(body)
    who, at = click.who.person, bot.clock()
    request = await workflow.resubmittable(bot.store, who, click.request, at)
    entries = await workflow.offered(bot.store, who, request.operation, at)
    await show(bot, click, modals.submit(entries, draft=modals.Draft.of(request)))


async def _new_request(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.click(body)
    await workflow.admit(bot.store, click.who.person, bot.clock())
    await show(bot, click, modals.submit(()))


async def _operation(bot: Bot, body: dict[str, Any]) -> None:
    """Another operation needs other fields; what was typed into those that stay, stays."""
    change = payloads.form_change(body)
    who, at = change.who.person, bot.clock()
    entries = await workflow.offered(bot.store, who, change.operation, at)
    draft = modals.Draft.typed(
        resubmission_of=change.resubmission_of, csr=change.csr, certificate=change.certificate, reason=change.reason
    )
    view = modals.submit(entries, change.operation, draft)
    await bot.client.views_update(view_id=change.view.id, hash=change.view.hash, view=view.to_dict())


async def _show_waiting(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.click(body)
    answer = await waiting(bot, click.who.person)
    bot.background.start(tell(bot, click.response_url, answer))


async def _list_page(bot: Bot, body: dict[str, Any]) -> None:
    click = payloads.list_page_click(body)
    answer = await listed(bot, click.who.person, click.list)
    bot.background.start(tell(bot, click.response_url, answer, replace=True))


async def _chosen(_bot: Bot, _body: dict[str, Any]) -> None:
    """A choice that is read when its form is sent."""


LISTENERS: dict[Action, Listener] = {
    Action.APPROVE: _approve,
    Action.APPROVE_WITH_COMMENT: _approve_with_comment,
    Action.REJECT: _reject,
    Action.DETAILS: _details,
    Action.DETAILS_NEXT: _details_page,
    Action.DETAILS_PREVIOUS: _details_page,
    Action.RELOAD: _reload,
    Action.CANCEL: _cancel,
    Action.OVERRIDE: _override,
    Action.REMIND: _remind,
    Action.RETRY_OPERATION: _retry,
    Action.SHOW_CERTIFICATE: _certificate,
    Action.COMMENT: _comment,
    Action.RESUBMIT: _resubmit,
    Action.NEW_REQUEST: _new_request,
    Action.OPERATION: _operation,
    Action.SHOW_WAITING: _show_waiting,
    Action.LIST_OLDER: _list_page,
    Action.LIST_NEWEST: _list_page,
    Action.LIST_CLEAR: _list_page,
    Action.HOME_OLDER: home.turn,
    Action.HOME_NEWEST: home.turn,
    Action.HOME_FILTER: home.choose_filter,
    Action.HOME_CLEAR: home.clear_filter,
    Action.DECIDE_SEVERAL: several.choose,
    Action.SEVERAL_TICK: _chosen,
    Action.RESOURCE: _chosen,
    Action.REVOCATION_REASON: _chosen,
    Action.VERDICT: _chosen,
    Action.FILTER_STATUS: _chosen,
    Action.FILTER_OPERATION: _chosen,
    Action.FILTER_RESOURCE: _chosen,
    Action.FILTER_REQUESTER: _chosen,
    Action.FILTER_FROM: _chosen,
    Action.FILTER_TO: _chosen,
}
