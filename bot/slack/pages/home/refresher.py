"""App Homes: drawn when somebody opens theirs, and again when something that concerns them changes while they have it open.

Who looks at what stands in the database: the replica that announces a change draws the Homes of those it concerns, wherever those
were opened.
"""

import asyncio
import logging
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.background_tasks import Background
from bot.environment.clock import Clock
from bot.slack.kit.blocks.rows import PAGE
from bot.slack.kit.list_filter import narrowed
from bot.slack.kit.places import HomePlace
from bot.slack.pages.home import blocks as home
from bot.slack.platform.directory import SLACK_FAILED
from bot.slack.platform.rate_limits import is_rate_limited, retry_after
from domain import workflow
from domain.approvals.profiles import Approvers
from domain.approvals.requests import Request, RequestId
from domain.audit.entries import Source
from domain.common.errors import Busy, Conflict, NotAMember
from domain.people.people import ADMINISTRATOR, AUDITOR, PersonId, team_and_user
from domain.ports import Store

log = logging.getLogger(__name__)

MOST_VIEWERS: Final = 1000
"""How many open Homes are kept current; of more, those looked at longest ago wait until they are opened again."""
KEPT: Final = timedelta(hours=12)
"""Whoever has not looked for so long has their Home drawn when they open it again. Slack does not say when somebody leaves it."""
FORGET_EVERY: Final = timedelta(hours=1)
TOGETHER: Final = 0.2
"""Seconds in which changes are gathered before Homes are drawn again."""
READERS: Final = Approvers(roles=(ADMINISTRATOR, AUDITOR))
"""Those who read all."""
TRIES: Final = 3
"""How often one Home is drawn again that Slack could not take yet."""


class Homes:
    """Everybody's Home."""

    def __init__(self, client: AsyncWebClient, store: Store, clock: Clock, background: Background) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._background = background
        self._drawing: WeakValueDictionary[PersonId, asyncio.Lock] = WeakValueDictionary()
        self._concerned: set[PersonId] = set()
        self._asked: set[Approvers] = set()
        self._redrawing = False
        self._forgot = datetime.min.replace(tzinfo=UTC)

    async def open(self, person: PersonId, place: HomePlace = home.START) -> None:
        """*person* looks at their Home, at *place* in its lists."""
        await self.looks(person, place)
        await self._draw(person)

    async def looks(self, person: PersonId, place: HomePlace) -> None:
        """*person* is looking at their Home, whoever drew it."""
        at = self._clock()
        async with self._store.transaction(Source.SLACK) as tx:
            await tx.homes.record_view(person, str(place), at)
            if at - self._forgot > FORGET_EVERY:
                await tx.homes.forget_views(at - KEPT)
                self._forgot = at

    def refresh(self, request: Request, people: Collection[PersonId]) -> None:
        """*request* changed, which concerns *people*, whoever may approve a step of it, told or not, and those who read all: draw again
        the Homes of those who look.
        """
        self._asked |= {
            item.approvers(number) for item in request.work_items for number in range(len(item.profile.steps))
        }
        self.again([*people, request.requester])

    def again(self, people: Collection[PersonId]) -> None:
        """Something changed that concerns *people*: draw their Homes again, if they look."""
        self._concerned |= set(people)
        if not self._redrawing:
            self._redrawing = True
            self._background.start(self._redraw())

    async def _redraw(self) -> None:
        """Until nobody is concerned any more; what changes in the same moment makes one picture."""
        try:
            while self._concerned:
                await asyncio.sleep(TOGETHER)
                for person in await self._those_concerned():
                    await self._draw_if_it_can_be(person)
        finally:
            self._redrawing = False

    async def _those_concerned(self) -> list[PersonId]:
        """Who looks at their Home and has to see what changed since this was last asked; nobody where the database cannot say now."""
        (concerned, self._concerned), (asked, self._asked) = (self._concerned, set()), (self._asked, set())
        found, at = set(concerned), self._clock()
        try:
            async with self._store.reading() as reading:
                viewers = await reading.homes.viewers(at - KEPT, MOST_VIEWERS)
                if not viewers:
                    return []
                for approvers in {READERS, *(approvers for approvers in asked if approvers)}:
                    found |= await reading.people.matching(approvers)
                for standins in (await reading.delegations.delegates_of(found, at)).values():
                    found |= standins
        except (Busy, Conflict) as error:
            log.warning("whose Homes are to be drawn again could not be asked, and is asked again: %s", error)
            self._concerned |= concerned
            self._asked |= asked
            return []
        return [viewer for viewer in viewers if viewer in found]

    async def _draw_if_it_can_be(self, person: PersonId) -> None:
        """One Home that cannot be drawn keeps nobody else's from it. Where Slack asks to wait, everybody's waits."""
        for _ in range(TRIES):
            try:
                await self._draw(person)
            except SlackApiError as error:
                if not is_rate_limited(error):
                    log.warning("the Home of %s could not be drawn again: %s", person, error)
                    return
                await asyncio.sleep(retry_after(error))
            except (*SLACK_FAILED, Busy, Conflict) as error:
                log.warning("the Home of %s could not be drawn again: %s", person, error)
                return
            else:
                return
        log.warning("the Home of %s could not be drawn again: Slack has asked to wait %d times", person, TRIES)

    async def _draw(self, person: PersonId) -> None:
        """One at a time for each person, so that an older picture never comes after a newer one."""
        async with self._drawing.setdefault(person, asyncio.Lock()):
            view = await self._view(person)
            await self._client.views_publish(user_id=team_and_user(person)[1], view=view.to_dict())

    async def _view(self, person: PersonId) -> View:
        at = self._clock()
        async with self._store.reading() as reading:
            place = HomePlace.parse(await reading.homes.view_of(person) or "")
        by = await narrowed(self._store, place.filter, person, gone=True)
        starts = workflow.Starts(
            waiting=_before(place.waiting),
            mine=_before(place.mine),
            recent=_before(place.recent),
            everything=_before(place.everything),
        )
        try:
            seen = await workflow.overview(self._store, person, at, starts=starts, filter=by.filter, limit=PAGE)
        except NotAMember:
            return home.closed_home()
        return home.home(
            seen.person,
            at,
            waiting=seen.waiting,
            mine=seen.mine,
            recent=seen.recent,
            everything=seen.everything,
            waiting_number=seen.waiting_number,
            mine_number=seen.mine_number,
            place=place,
            resource=by.resource,
            standins=await workflow.standins(self._store, person, at),
        )


def _before(number: int) -> RequestId | None:
    return RequestId(number) if number else None
