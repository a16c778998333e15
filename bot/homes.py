"""App Homes: drawn when somebody opens theirs, and again when something that concerns them changes while they have it open."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.background import Background
from bot.blocks import home
from bot.blocks.places import HomePlace
from bot.blocks.rows import PAGE
from bot.clock import Clock
from bot.directory import SLACK_FAILED
from domain import workflow
from domain.errors import Busy, Conflict, NotAMember
from domain.people import ADMINISTRATOR, AUDITOR, PersonId, team_and_user
from domain.ports import Store
from domain.profiles import Approvers
from domain.requests import Request, RequestId

log = logging.getLogger(__name__)

MOST_VIEWERS: Final = 1000
"""How many open Homes are kept current; of more, those opened longest ago wait until they are opened again."""


TOGETHER: Final = 0.2
"""Seconds in which changes are gathered before Homes are drawn again."""
READERS: Final = Approvers(roles=(ADMINISTRATOR, AUDITOR))
"""Those who read all."""


class Homes:
    """Everybody's Home, as far as they have looked at it through this process."""

    def __init__(self, client: AsyncWebClient, store: Store, clock: Clock, background: Background) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._background = background
        self._viewers: OrderedDict[PersonId, HomePlace] = OrderedDict()
        self._drawing: dict[PersonId, asyncio.Lock] = {}
        self._concerned: set[PersonId] = set()
        self._asked: set[Approvers] = set()
        self._redrawing = False

    async def open(self, person: PersonId, place: HomePlace = home.START) -> None:
        """*person* looks at their Home, at *place* in its lists."""
        self.looks(person, place)
        await self._draw(person)

    def looks(self, person: PersonId, place: HomePlace) -> None:
        """*person* is looking at their Home, which another process, or this one before a restart, may have drawn."""
        self._viewers[person] = place
        self._viewers.move_to_end(person)
        while len(self._viewers) > MOST_VIEWERS:
            gone, _ = self._viewers.popitem(last=False)
            self._drawing.pop(gone, None)

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
        if not self._viewers:
            return []
        found = set(concerned)
        try:
            async with self._store.reading() as reading:
                for approvers in {READERS, *(one for one in asked if one)}:
                    found |= await reading.people_of(approvers)
                for standins in (await reading.delegates_of(found, self._clock())).values():
                    found |= standins
        except (Busy, Conflict) as error:
            log.warning("whose Homes are to be drawn again could not be asked, and is asked again: %s", error)
            self._concerned |= concerned
            self._asked |= asked
            return []
        return [one for one in self._viewers if one in found]

    async def _draw_if_it_can_be(self, person: PersonId) -> None:
        """One Home that cannot be drawn keeps nobody else's from it."""
        try:
            await self._draw(person)
        except (*SLACK_FAILED, Busy, Conflict) as error:
            log.warning("the Home of %s could not be drawn again: %s", person, error)

    async def _draw(self, person: PersonId) -> None:
        """One at a time for each person, so that an older picture never comes after a newer one."""
        async with self._drawing.setdefault(person, asyncio.Lock()):
            view = await self._view(person, self._viewers.get(person, home.START))
            await self._client.views_publish(user_id=team_and_user(person)[1], view=view.to_dict())

    async def _view(self, person: PersonId, place: HomePlace) -> View:
        at = self._clock()
        try:
            who = await workflow.admit(self._store, person, at)
        except NotAMember:
            return home.closed_home()
        waiting = await workflow.waiting_on(self._store, person, at, limit=PAGE, before=_before(place.waiting))
        mine = await workflow.requested_by(self._store, person, at, limit=PAGE, before=_before(place.mine))
        everything = None
        if who.reads_all:
            everything = await workflow.all_requests(
                self._store, person, at, limit=PAGE, before=_before(place.everything)
            )
        away = await workflow.standins(self._store, person, at)
        return home.home(who, at, waiting=waiting, mine=mine, everything=everything, place=place, standins=away)


def _before(number: int) -> RequestId | None:
    return RequestId(number) if number else None
