"""Two replicas on one database: what one is told while the other asks for everybody is not undone by the older answer."""

import asyncio
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.clock import system_clock
from bot.slack.platform.directory import Directory
from domain.people.people import PersonId, Standing, person_id
from domain.ports import Reading
from tests.databases import opened
from tests.end_to_end.company import RARELY, Company, a_workspace, at_work, until

TEAM = "T01HALVORSEN"
SARA, DAVID, NEW = (person_id(TEAM, user) for user in ("U05SARA", "U06DAVID", "U77NEW"))


class HeldBack(AsyncWebClient):
    """Slack's client, whose last list has been answered but does not arrive until it is let go."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.asked, self.let_go = asyncio.Event(), asyncio.Event()

    async def usergroups_list(self, **more: Any) -> Any:
        answer = await super().usergroups_list(**more)
        self.asked.set()
        await self.let_go.wait()
        return answer


async def standings(reading: Reading) -> dict[PersonId, Standing]:
    return {one: found.standing for one, found in (await reading.people.identities([SARA, DAVID, NEW])).items()}


async def followed(company: Company) -> bool:
    """Whether the replica that was told has taken in all of it."""
    async with company.bot.store.reading() as reading:
        known = await standings(reading)
        security = next(
            usergroup for usergroup in await reading.directory.usergroups() if usergroup.handle == "security"
        )
    left = {SARA: Standing.DEACTIVATED, DAVID: Standing.MEMBER, NEW: Standing.MEMBER}
    return known == left and security.members == (DAVID,)


async def test_an_older_list_does_not_undo_what_the_other_replica_was_told(database_url: str) -> None:
    async with (
        a_workspace() as slack,
        at_work(database_url, slack=slack, sweep_every=RARELY, announce_every=RARELY) as company,
        aiohttp.ClientSession() as session,
        opened(database_url) as store,
    ):
        client = HeldBack(token=slack.bot_token, base_url=slack.api_url, session=session)
        other = Directory(client, store, system_clock, RARELY)
        await other.introduce()
        refreshing = asyncio.create_task(other.refresh())
        await client.asked.wait()

        await company.post("user", id="U05SARA", deleted=True)
        await company.post("user", id="U77NEW", name="nils", real_name="Nils Berg")
        await company.post("usergroup", id="S02SECURITY", users=["U06DAVID"])
        await until(lambda: followed(company))
        client.let_go.set()
        await refreshing
        assert await followed(company)
        async with store.reading() as reading:
            assert len(await reading.audit.about(f"person:{SARA}")) == 1
            assert len(await reading.audit.about("usergroup:S02SECURITY")) == 2  # as it was met, and as it is
