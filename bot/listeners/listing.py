"""Lists, as answers that only their reader sees: to `/approval`, `/approval list …`, and the buttons that turn their pages."""

from bot.blocks import lists
from bot.blocks.message import Message
from bot.bot import Bot
from bot.payloads.commands import List, Scope
from bot.texts import commands as texts
from domain import workflow
from domain.errors import NoSuchResource
from domain.people import PersonId
from domain.ports import Page
from domain.requests import RequestId
from domain.resources import ResourceId


async def waiting(bot: Bot, who: PersonId, before: int | None = None) -> Message:
    """What waits on *who*, from the request before *before* on. Raises NotAMember."""
    at = bot.clock()
    page = await workflow.waiting_on(bot.store, who, at, before=_request(before))
    here = List(scope=Scope.WAITING, before=before)
    return lists.waiting(page, at, **_turns(here, page))


async def listed(bot: Bot, who: PersonId, asked: List) -> Message:
    """The list that *asked* describes. Raises NotAMember, NotAnAuditor, NoSuchResource."""
    if asked.scope is Scope.WAITING:
        return await waiting(bot, who, asked.before)
    at = bot.clock()
    chosen, before = asked.filter(await _resource(bot, asked.resource)), _request(asked.before)
    look = workflow.requested_by if asked.scope is Scope.MINE else workflow.all_requests
    page = await look(bot.store, who, at, filter=chosen, before=before)
    return lists.requests(
        texts.ALL_REQUESTS if asked.scope is Scope.ALL else texts.YOUR_REQUESTS,
        page,
        requester=asked.scope is Scope.ALL,
        **_turns(asked, page),
    )


def _turns(here: List, page: Page) -> dict[str, str]:
    return {
        "older": str(here.replace(before=page.next)) if page.next is not None else "",
        "newest": str(here.replace(before=None)) if here.before is not None else "",
    }


async def _resource(bot: Bot, named: str | None) -> ResourceId | None:
    """The resource whose key or, without regard to case, name this is."""
    if named is None:
        return None
    async with bot.store.reading() as reading:
        resources = await reading.resources()
    found = next((one.id for one in resources if one.key == named or one.name.casefold() == named.casefold()), None)
    if found is None:
        raise NoSuchResource(resource=named)
    return found


def _request(before: int | None) -> RequestId | None:
    return None if before is None else RequestId(before)
