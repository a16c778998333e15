"""Lists, as answers that only their reader sees: to `/approval`, `/approval list …`, and the buttons that turn their pages."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.slack.answers import tell
from bot.slack.context import Bot
from bot.slack.interactions import Interactions, on
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.rows import filter_line
from bot.slack.kit.ids import Action
from bot.slack.kit.list_filter import narrowed
from bot.slack.kit.payloads.clicks import Click
from bot.slack.kit.payloads.clicks import click as read_click
from bot.slack.pages.lists import blocks as lists
from bot.slack.pages.lists.payloads import ListPageClick, list_page_click
from bot.slack.pages.lists.query import List, Scope
from domain import workflow
from domain.approvals.requests import RequestId
from domain.people.people import PersonId
from domain.ports import Page

_TITLES: Final = {Scope.MINE: "Your requests", Scope.RECENT: "Recently decided or closed", Scope.ALL: "All requests"}
_LOOKS: Final[Mapping[Scope, Callable[..., Awaitable[Page]]]] = {
    Scope.WAITING: workflow.waiting_on,
    Scope.MINE: workflow.requested_by,
    Scope.RECENT: workflow.recent,
    Scope.ALL: workflow.all_requests,
}


async def waiting(bot: Bot, person: PersonId) -> Message:
    """What is waiting for *person*. Raises NotAMember."""
    return await listed(bot, person, List(scope=Scope.WAITING))


async def listed(bot: Bot, person: PersonId, asked: List) -> Message:
    """The list that *asked* describes. Raises NotAMember, NotAnAuditor, NoSuchResource."""
    at = bot.clock()
    by = await narrowed(bot.store, asked.only, person)
    before = None if asked.before is None else RequestId(asked.before)
    page = await _LOOKS[asked.scope](bot.store, person, at, filter=by.filter, before=before)
    words = filter_line(asked.only, by.resource) if asked.restricts else ""
    turns = lists.Turns(
        older=str(asked.replace(before=page.next)) if page.next is not None else "",
        newest=str(asked.replace(before=None)) if asked.before is not None else "",
        everything=str(List(scope=asked.scope)),
    )
    if asked.scope is Scope.WAITING:
        return lists.waiting(page, at, narrowed=words, turns=turns)
    return lists.requests(
        _TITLES[asked.scope],
        page,
        requester=asked.scope is not Scope.MINE,
        reader=person if asked.scope is Scope.RECENT else None,
        narrowed=words,
        turns=turns,
    )


async def _show_waiting(bot: Bot, click: Click) -> None:
    bot.background.start(tell(bot, click.response_url, await waiting(bot, click.who.person)))


async def _turn_page(bot: Bot, click: ListPageClick) -> None:
    answer = await listed(bot, click.who.person, click.list)
    bot.background.start(tell(bot, click.response_url, answer, replace=True))


INTERACTIONS: Final = Interactions(
    actions={
        Action.SHOW_WAITING: on(read_click, _show_waiting),
        Action.LIST_OLDER: on(list_page_click, _turn_page),
        Action.LIST_NEWEST: on(list_page_click, _turn_page),
        Action.LIST_CLEAR: on(list_page_click, _turn_page),
    }
)
