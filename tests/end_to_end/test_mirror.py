"""The mirror of people and user groups: what events tell is never undone by pages that are older, and no click waits for it for long."""

import asyncio
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.slack.platform import directory
from domain.people.people import Person, Standing, person_id
from tests.end_to_end.company import PATIENCE, Company, a_workspace, at_work, shown, until

TEAM = "T01HALVORSEN"


async def person(company: Company, user: str) -> Person | None:
    async with company.bot.store.reading() as reading:
        return await reading.people.person(person_id(TEAM, user))


async def test_who_leaves_or_joins_while_slack_is_asked_has_left_or_joined_after_it(company: Company) -> None:
    assert (await company.post("faults", kind="delay", method="usergroups.list", count=1, seconds=3600))["ok"]
    refreshing = asyncio.create_task(company.bot.directory.refresh())

    async def everybody_is_listed() -> bool:
        calls = (await company.get("log"))["calls"]
        return [call["method"] for call in calls].count("users.list") >= 2

    await until(everybody_is_listed)
    await company.post("user", id="U05SARA", deleted=True)
    await company.post("user", id="U77NEW", name="nils", real_name="Nils Berg")

    async def both_are_heard_of() -> bool:
        gone, new = await person(company, "U05SARA"), await person(company, "U77NEW")
        return gone is not None and not gone.takes_part and new is not None

    await until(both_are_heard_of)
    assert not refreshing.done()
    await company.post("faults", clear=True)
    await refreshing
    gone, new = await person(company, "U05SARA"), await person(company, "U77NEW")
    assert gone is not None
    assert gone.standing is Standing.DEACTIVATED
    assert new is not None
    assert new.takes_part


async def test_slack_is_asked_as_slowly_as_it_wants_from_the_start(tmp_path: Path) -> None:
    async with a_workspace() as slack:
        for method, count in (("users.list", 2), ("usergroups.list", 1)):
            fault = {"kind": "rate_limit", "method": method, "count": count, "seconds": 1}
            async with (
                aiohttp.ClientSession() as session,
                session.post(f"{slack.url}/_control/faults", json=fault) as set_,
            ):
                assert (await set_.json())["ok"]
        async with at_work(f"sqlite:///{tmp_path / 'countersign.db'}", slack=slack) as company:
            assert await person(company, "U05SARA") is not None
            name = await company.submits(company.nadia)
            await company.sara.gets("Approval needed", name)


async def test_a_click_is_answered_though_slack_hangs_and_counts_when_it_is_back(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "PATIENCE", 0.1)
    name = await company.submits(company.nadia)
    asked = await company.sara.gets("Approval needed", name)
    assert (await company.post("faults", kind="delay", method="users.list", count=1, seconds=3600))["ok"]
    company.clock.ahead = timedelta(hours=1)  # by then the mirror is too old to rely on
    assert (await company.sara.presses(asked, "approve"))["acknowledged"]
    await company.sara.gets("Nothing was recorded. Try again")
    await company.post("faults", clear=True)
    monkeypatch.setattr(directory, "PATIENCE", PATIENCE)

    async def counts() -> bool:
        await company.sara.presses(asked, "approve")
        return any("Step approved" in direct_message["text"] for direct_message in await company.sara.direct_messages())

    await until(counts)
    assert "Approved* by <@U05SARA>" in shown(await company.sara.gets("Step approved", name))


async def test_who_is_told_that_nothing_was_recorded_is_told_before_the_click_is_acknowledged(company: Company) -> None:
    """Killed in between, it would leave somebody believing that they had decided."""
    name = await company.submits(company.nadia)
    asked = await company.sara.gets("Approval needed", name)
    for method in ("users.info", "users.list", "usergroups.list", "usergroups.users.list"):
        await company.post("faults", kind="error", method=method, share=1.0, error="fatal_error")
    await company.post("faults", kind="delay", method="response_url", seconds=0.5)
    company.clock.ahead = timedelta(hours=1)  # by then the mirror is too old to rely on
    assert (await company.sara.presses(asked, "approve"))["acknowledged"]
    told = [message for message in await company.sara.messages_in(asked["channel"]) if message.get("is_ephemeral")]
    assert "Nothing was recorded" in shown(told[-1])
