"""Details of a request: opened, paged, drawn again where something was pressed in them."""

from typing import Final

from slack_sdk.models.views import View

from bot.slack.answers import show
from bot.slack.context import Bot
from bot.slack.interactions import Interactions, on
from bot.slack.kit.blocks import operation
from bot.slack.kit.display_names import labels_for
from bot.slack.kit.ids import Action
from bot.slack.kit.payloads.clicks import Click, RequestClick, request_click
from bot.slack.kit.places import DetailsPlace
from bot.slack.pages.details import blocks
from bot.slack.pages.details.payloads import DetailsPageClick, details_page_click
from domain import workflow
from domain.approvals.requests import RequestId
from domain.workflow import releases


def redraw_details(bot: Bot, click: Click, request: int) -> None:
    """Draw the details of *request* again in the modal where *click* was made, if it was made in one."""
    if click.view is not None and not click.view.is_home:
        bot.background.start(_draw(bot, click, DetailsPlace(request=request)))


async def _open(bot: Bot, click: RequestClick) -> None:
    await show(bot, click, await _view(bot, click, DetailsPlace(request=click.request)))


async def _reload(bot: Bot, click: RequestClick) -> None:
    await _draw(bot, click, DetailsPlace(request=click.request))


async def _turn_page(bot: Bot, click: DetailsPageClick) -> None:
    await _draw(bot, click, click.place)


async def _draw(bot: Bot, click: Click, place: DetailsPlace) -> None:
    view = await _view(bot, click, place)
    if click.view is None:
        await show(bot, click, view)
    else:
        await bot.client.views_update(view_id=click.view.id, view=view.to_dict())


async def _view(bot: Bot, click: Click, place: DetailsPlace) -> View:
    at = bot.clock()
    details = await workflow.details(bot.store, click.who.person, RequestId(place.request), at, click=click.pressed)
    async with bot.store.reading() as reading:
        labels = await labels_for(reading, [details.request])
    return blocks.details(details, labels, at, reader=click.who.person, place=place)


async def _certificate(bot: Bot, click: RequestClick) -> None:
    request, certificate = await releases.certificate(bot.store, click.who.person, click.request, bot.clock())
    await show(bot, click, operation.certificate_view(request, certificate))


INTERACTIONS: Final = Interactions(
    actions={
        Action.DETAILS: on(request_click, _open),
        Action.DETAILS_NEXT: on(details_page_click, _turn_page),
        Action.DETAILS_PREVIOUS: on(details_page_click, _turn_page),
        Action.RELOAD: on(request_click, _reload),
        Action.SHOW_CERTIFICATE: on(request_click, _certificate),
    }
)
