"""Slack's users and user groups, mirrored into the store, so that a click needs no call to Slack: SPEC.md section 5."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.clock import Clock
from bot.slack.platform import event_payloads as events
from bot.slack.platform.rate_limits import patiently
from domain import workflow
from domain.common.errors import MirrorTooOld
from domain.people.people import Identity, PersonId, UserGroup, team_and_user
from domain.ports import Store, Workspace
from domain.workflow.configuration.configure import appoint_first_administrators

log = logging.getLogger(__name__)

PAGE: Final = 200
PATIENCE: Final = 1.5
"""Seconds that a click waits for Slack to say who belongs where: Slack waits three for its answer, and the database needs some of them."""
UNKNOWN: Final = frozenset({"user_not_found", "user_not_visible"})
MOST_UNKNOWN: Final = 1000
"""How many of whom Slack does not know are remembered."""
SLACK_FAILED: Final = (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError)


class Directory:
    """Keeps the mirror true, and refuses to let a decision rest on one that is too old."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Store,
        clock: Clock,
        max_age: timedelta,
        first_administrators: Sequence[str] = (),
    ) -> None:
        """*first_administrators*, by user id or address, count while nobody is an administrator."""
        self._first_administrators = first_administrators
        self._client = client
        self._store = store
        self._clock = clock
        self._max_age = max_age
        self._refreshing = asyncio.Lock()
        self._catching_up: asyncio.Task[None] | None = None
        self._asking_usergroups = asyncio.Lock()
        self._usergroups_as_of: tuple[datetime, tuple[UserGroup, ...]] | None = None
        self._mirrored_at: datetime | None = None
        self._known: set[PersonId] = set()
        self._unknown: dict[PersonId, datetime] = {}
        self._workspace: Workspace | None = None

    @property
    def max_age(self) -> timedelta:
        """How old the mirror may be when a decision relies on it."""
        return self._max_age

    @property
    def workspace(self) -> Workspace:
        """The workspace whose token we hold. Raises RuntimeError before `introduce`."""
        if self._workspace is None:
            raise RuntimeError("the directory has not been introduced to Slack yet")
        return self._workspace

    async def introduce(self) -> Workspace:
        """Ask Slack who we are. Raises slack_sdk.errors.SlackApiError where it does not know us."""
        answer = await self._client.auth_test()
        self._workspace = Workspace(
            team=answer["team_id"], name=answer["team"], url=answer.get("url") or "", bot_user=answer["user_id"]
        )
        return self._workspace

    async def refresh(self) -> None:
        """Mirror everybody and every user group.

        Raises one of SLACK_FAILED where Slack cannot be asked; then the mirror stays as it was.
        """
        async with self._refreshing:
            await self._refresh()

    async def _refresh(self) -> None:
        """What is heard of somebody while Slack is asked is newer than the pages that came before it: the store keeps that."""
        at = self._clock()
        people = [user async for user in self._users()]
        groups = await self._list_usergroups()
        await workflow.mirror(self._store, at, workspace=self.workspace, people=people, usergroups=groups)
        self._mirrored_at = at
        self._known |= {person.id for person in people}
        self._unknown.clear()
        log.info("mirrored %d people and %d user groups", len(people), len(groups))

    async def be_ready_for(self, person: PersonId) -> None:
        """Make sure that what the mirror says, of *person* too, is fresh enough to rely on. Raises MirrorTooOld."""
        try:
            async with asyncio.timeout(PATIENCE):
                if self._is_old():
                    await asyncio.shield(self._being_caught_up())
                if person not in self._known:
                    await self._get_to_know(person)
        except TimeoutError:
            log.warning("Slack takes too long to say who belongs where; somebody was asked to try again")
            raise MirrorTooOld from None

    async def keep_administered(self) -> None:
        """Where Slack deactivated the last administrator, or emptied their user group, those take over whom the settings name."""
        async with self._store.reading() as reading:
            if await reading.people.administrators():
                return
        for person in await appoint_first_administrators(self._store, self._first_administrators, self._clock()):
            log.warning("nobody was an administrator: %s is one now, as COUNTERSIGN_ADMINISTRATORS says", person)
        async with self._store.reading() as reading:
            if not await reading.people.administrators():
                log.error(
                    "nobody is an administrator: name an active member in COUNTERSIGN_ADMINISTRATORS and start again"
                )

    async def stop(self) -> None:
        """Leave what nobody waits for any more."""
        if self._catching_up is not None:
            self._catching_up.cancel()
            await asyncio.gather(self._catching_up, return_exceptions=True)

    async def take_in(
        self, identity: Identity, *, told_at: datetime | None = None, asked_at: datetime | None = None
    ) -> None:
        """Somebody new, or changed, as Slack tells of them: *told_at* its own clock says, or when it was asked at *asked_at*."""
        await workflow.mirror_person(self._store, identity, asked_at or self._clock(), told_at=told_at)
        self._known.add(identity.id)
        self._unknown.pop(identity.id, None)

    async def take_in_usergroup(self, id: str, usergroup: UserGroup | None, *, told_at: datetime | None = None) -> None:
        """A user group with its members, as Slack tells of it; None where Slack has to be asked who they are.

        Raises one of SLACK_FAILED where Slack cannot be asked.
        """
        at = self._clock()
        if usergroup is None:
            told_at, (at, usergroup) = None, await self._ask_for(id, at)
        await workflow.mirror_usergroup(self._store, usergroup, at, told_at=told_at)

    async def _ask_for(self, id: str, since: datetime) -> tuple[datetime, UserGroup]:
        """The user group *id* as it was at *since* or later, and when that was. Of many who ask at once, one asks Slack."""
        async with self._asking_usergroups:
            if self._usergroups_as_of is None or self._usergroups_as_of[0] < since:
                at = self._clock()
                self._usergroups_as_of = at, await self._list_usergroups()
            at, listed = self._usergroups_as_of
        found = next((usergroup for usergroup in listed if usergroup.id == id), None)
        if found is None:  # disabled: Slack lists it no more, and nobody is in it
            async with self._store.reading() as reading:
                known = {usergroup.id: usergroup for usergroup in await reading.directory.usergroups()}
            found = known.get(id, UserGroup(id=id, handle=id, name=id)).replace(members=())
        return at, found

    async def _list_usergroups(self) -> tuple[UserGroup, ...]:
        answer = await patiently(partial(self._client.usergroups_list, include_users=True, include_disabled=False))
        return tuple(events.usergroup(usergroup, self.workspace.team) for usergroup in answer["usergroups"])

    def _being_caught_up(self) -> asyncio.Task[None]:
        """One refresh for all who wait for it; it goes on when they have stopped waiting."""
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.create_task(self._catch_up())
            self._catching_up.add_done_callback(lambda task: task.cancelled() or task.exception())
        return self._catching_up

    async def _catch_up(self) -> None:
        """Another replica may have refreshed; otherwise do it now."""
        async with self._refreshing:
            async with self._store.reading() as reading:
                self._mirrored_at = await reading.directory.mirrored_at()
            if not self._is_old():
                return
            try:
                await self._refresh()
            except SLACK_FAILED as error:
                log.warning("the mirror of people and user groups is too old and Slack cannot be asked: %s", error)
                raise MirrorTooOld from error

    async def _get_to_know(self, person: PersonId) -> None:
        """Somebody who joined since the last look. People of other workspaces are never asked about: they stay strangers."""
        team, user = team_and_user(person)
        if team != self.workspace.team:
            return
        async with self._store.reading() as reading:
            known = await reading.people.identities([person])
        if not known and not await self._ask_about(person, user):
            return
        self._known.add(person)

    async def _ask_about(self, person: PersonId, user: str) -> bool:
        """Take in somebody as Slack knows them; False where it does not. Then it is not asked again for a while."""
        at = self._clock()
        refused = self._unknown.get(person)
        if refused is not None and at - refused <= self._max_age:
            return False
        try:
            answer = await self._client.users_info(user=user)
        except SlackApiError as error:
            if error.response.get("error") not in UNKNOWN:
                raise MirrorTooOld from error
            if len(self._unknown) >= MOST_UNKNOWN:
                self._unknown.pop(next(iter(self._unknown)))
            self._unknown[person] = at
            return False
        except SLACK_FAILED as error:
            raise MirrorTooOld from error
        await self.take_in(events.person(answer["user"], self.workspace.team), asked_at=at)
        return True

    def _is_old(self) -> bool:
        return self._mirrored_at is None or self._clock() - self._mirrored_at > self._max_age

    async def _users(self) -> AsyncIterator[Identity]:
        cursor = ""
        while True:
            page = await patiently(partial(self._client.users_list, limit=PAGE, cursor=cursor or None))
            for user in page["members"]:
                yield events.person(user, self.workspace.team)
            if not (cursor := (page.get("response_metadata") or {}).get("next_cursor") or ""):
                return
