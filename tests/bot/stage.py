"""Announcers at work on a store and a Slack, with requests of as many people as wanted, and no listeners."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, text

from bot.devslack import DevSlack
from bot.messages.snapshot import SAID_ONCE
from bot.messages.worker import MessageWorker
from bot.slack.platform import manifest
from bot.slack.platform.client import slack_session
from bot.slack.platform.rate_limits import Limits
from domain.approvals.profiles import Notify, ProfileVersion
from domain.approvals.requests import Request
from domain.notices.notices import NoticeKind
from domain.people.people import Person, PersonId, team_and_user
from domain.ports import SentNotice, Store
from domain.store import SqlStore, open_store
from tests.databases import seed
from tests.domain.store.build import connected, loaded, submitted
from tests.end_to_end.company import Clock, until
from tests.rules.build import profile, someone, step

RITA: Final = someone("Urita")
CHANNEL: Final = "C01APPROVALS"
SOON: Final = timedelta(milliseconds=200)
PATIENCE: Final = timedelta(seconds=20)
"""How long a transaction may take on a machine that has other things to do."""


def approver(number: int) -> Person:
    """One of as many as wanted."""
    return someone(f"U{number:04}")


def asking(number: int, *, key: str, required: int = 1, channel: str | None = None) -> ProfileVersion:
    """A profile that asks so many people directly, or *channel*."""
    notify = Notify(direct=channel is None, channel=channel)
    return profile(
        step(*(approver(n) for n in range(number)), required=required, notify=notify), key=key, name=f"Of {key}"
    )


def a_slack(people: int, **more: Any) -> DevSlack:
    """A workspace with so many approvers, Rita, and a channel that all are in."""
    everybody = [RITA, *(approver(number) for number in range(people))]
    users = [
        {"id": team_and_user(one.id)[1], "name": one.name.lower(), "real_name": one.name.title()} for one in everybody
    ]
    channel = {"id": CHANNEL, "name": "approvals", "members": [user["id"] for user in users], "app_is_member": True}
    file = {"team": {"id": "T1", "name": "Stage", "domain": "stage"}, "users": users, "channels": [channel]}
    return DevSlack(workspace=file, manifest=manifest.path(), **more)


class Stage:
    """A Slack, a database, and workers as they are asked for."""

    def __init__(self, slack: DevSlack, store: SqlStore, session: aiohttp.ClientSession, beside: Connection) -> None:
        """*beside* is a connection to the database past the store."""
        self.slack = slack
        self.store = store
        self.clock = Clock()
        self._session = session
        self._beside = beside

    async def furnish(self, people: int, *profiles: ProfileVersion) -> None:
        await seed(self.store, people=[RITA, *(approver(n) for n in range(people))], profiles=profiles)

    async def submitted(self, version: ProfileVersion) -> Request:
        return await submitted(self.store, version, by=RITA, at=self.clock())

    def message_worker(
        self,
        limits: Limits | None = None,
        store: Store | None = None,
        clock: Clock | None = None,
        session: aiohttp.ClientSession | None = None,
    ) -> MessageWorker:
        client = AsyncWebClient(
            self.slack.bot_token, self.slack.api_url, session=session or self._session, retry_handlers=[]
        )
        return MessageWorker(client, store or self.store, clock or self.clock, limits=limits or Limits(scale=10_000))

    @asynccontextmanager
    async def at_work(self, *workers: MessageWorker) -> AsyncIterator[None]:
        """All of *workers* announce while inside."""
        works = [asyncio.create_task(message_worker.run(SOON)) for message_worker in workers]
        try:
            yield
        finally:
            for one in workers:
                one.stop()
            await asyncio.gather(*works)

    async def settled(self) -> None:
        """Return when nothing is stale."""

        async def nothing_is() -> bool:
            return not self.stale()

        await until(nothing_is)

    def stale(self) -> list[int]:
        """The requests whose messages are not all up to date."""
        rows = self._beside.execute(text("SELECT id FROM requests WHERE announced < version OR marked")).scalars().all()
        self._beside.rollback()
        return list(rows)

    async def notices(self, request: Request) -> tuple[SentNotice, ...]:
        async with self.store.reading() as reading:
            return await reading.notices.of_request(request.id)

    async def control(self, what: str, **body: Any) -> Any:
        found = await self.post(what, **body)
        assert found["ok"], found
        return found

    async def post(self, what: str, **body: Any) -> Any:
        """As `control`, also where it is refused."""
        async with self._session.post(f"{self.slack.url}/_control/{what}", json=body) as answer:
            return await answer.json()

    def calls(self, *methods: str) -> list[dict[str, Any]]:
        """Every call of *methods* and its answer, in order."""
        return [
            entry for entry in self.slack.calls.entries(self.slack.workspace.credentials) if entry["method"] in methods
        ]

    def posted(self) -> list[dict[str, Any]]:
        """Every message of ours that stands in Slack."""
        return [
            message
            for channel in self.slack.workspace.channels.values()
            for message in channel.messages.values()
            if message.get("bot_id")
        ]

    def shown_to(self, person: PersonId) -> list[dict[str, Any]]:
        """The messages directly to *person*."""
        channel = self.slack.workspace.ims.get(team_and_user(person)[1])
        return [] if channel is None else [*self.slack.workspace.channels[channel].messages.values()]

    def notice_ids(self) -> list[int]:
        """Which notice each message is, in the order of Slack's messages: none may be there twice."""
        return [one["metadata"]["event_payload"]["notice"] for one in self.posted()]


@asynccontextmanager
async def stage(url: str, people: int, *profiles: ProfileVersion, **slack: Any) -> AsyncIterator[Stage]:
    """A stage on the empty database at *url*; *slack* as for DevSlack."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(a_slack(people, **slack))
        session = await stack.enter_async_context(slack_session())
        store = await open_store(url, deadline=PATIENCE)
        stack.push_async_callback(store.close)
        beside = stack.enter_context(connected(url))
        found = Stage(running, store, session, beside)
        await found.furnish(people, *profiles)
        yield found


async def all_posted(stage: Stage, requests: Sequence[Request]) -> None:
    """Every message of *requests* is there once, and shows what the request is now; but who was not asked in time is not asked any more."""
    ids = stage.notice_ids()
    assert len(ids) == len(set(ids)), "posted twice"
    for request in requests:
        now = await loaded(stage.store, request.id)
        notices = await stage.notices(request)
        there = {notice.notice.key for notice in notices if notice.ts is not None}
        for notice in notices:
            overtaken = notice.notice.kind is NoticeKind.ASK and now.status.is_closed
            overtaken |= bool(notice.notice.under) and notice.notice.under not in there
            assert notice.ts is not None or notice.failure is not None or overtaken, notice
            assert notice.attempted_at is None, notice
            assert notice.ts is None or notice.notice.kind in SAID_ONCE or notice.shown == now.version, notice
