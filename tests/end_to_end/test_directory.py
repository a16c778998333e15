"""The mirror over the real protocol: long lists, what events tell, what they did not, and what is refused while nothing can be known."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.demo import workspace
from bot.devslack import DevSlack
from bot.slack.platform import manifest
from domain.approvals.requests import Request, RequestId
from domain.people.people import Person, person_id
from tests.end_to_end.company import RARELY, Company, at_work, shown, until

TEAM = "T01HALVORSEN"
CROWD = 300


def crowded() -> DevSlack:
    """The sample company's workspace with many more in it, who take several pages."""
    file = workspace()
    file["users"] += [
        {"id": f"U9{number:05}", "name": f"u{number}", "real_name": f"Person {number}"} for number in range(CROWD)
    ]
    return DevSlack(workspace=file, manifest=manifest.path(), port=0, rates="off")


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    async with (
        crowded() as slack,
        at_work(f"sqlite:///{tmp_path / 'c.db'}", slack=slack, sweep_every=RARELY) as company,
    ):
        yield company


async def person(company: Company, user: str) -> Person | None:
    async with company.bot.store.reading() as reading:
        return await reading.people.person(person_id(TEAM, user))


async def members(company: Company, group: str) -> tuple[str, ...]:
    async with company.bot.store.reading() as reading:
        return next(
            (usergroup.members for usergroup in await reading.directory.usergroups() if usergroup.id == group), ()
        )


async def calls(company: Company, method: str) -> list[Any]:
    return [one for one in (await company.get("log"))["calls"] if one["method"] == method]


async def request(company: Company) -> Request:
    async with company.bot.store.reading() as reading:
        found = await reading.requests.get(RequestId(1))
    assert found is not None
    return found


async def recorded(company: Company, subject: str) -> int:
    async with company.bot.store.reading() as reading:
        return len(await reading.audit.about(subject))


async def test_everybody_is_known_however_many_pages_it_takes(company: Company) -> None:
    assert len(await calls(company, "users.list")) >= 2
    last = await person(company, f"U9{CROWD - 1:05}")
    assert last is not None
    assert last.takes_part
    assert last.name == f"Person {CROWD - 1}"


async def test_what_events_tell_takes_effect_at_once(company: Company) -> None:
    """A rename changes a label and no right; a disabled user group has nobody; who joins may ask, and who left may not."""
    sara = f"person:{person_id(TEAM, 'U05SARA')}"
    before = await recorded(company, sara)
    await company.post("user", id="U05SARA", real_name="Sara Berg")
    renamed = await person(company, "U05SARA")
    assert renamed is not None
    assert renamed.name == "Sara Berg"
    assert await recorded(company, sara) == before
    await company.post("usergroup", id="S02SECURITY", name="Security and more", handle="sec")
    assert await recorded(company, "usergroup:S02SECURITY") == 1  # as it was first met

    await company.post("usergroup", id="S02SECURITY", disabled=True)
    assert await members(company, "S02SECURITY") == ()
    emptied = await person(company, "U05SARA")
    assert emptied is not None
    assert "security" not in emptied.groups
    assert await recorded(company, "usergroup:S02SECURITY") == 2
    await company.bot.directory.refresh()
    assert await members(company, "S02SECURITY") == ()
    assert await recorded(company, "usergroup:S02SECURITY") == 2

    await company.post("user", id="U77NEW", name="nils", real_name="Nils Berg")
    joined = await person(company, "U77NEW")
    assert joined is not None
    assert joined.takes_part
    await company.post("user", id="U77NEW", is_restricted=True)
    guest = await person(company, "U77NEW")
    assert guest is not None
    assert not guest.takes_part
    assert await recorded(company, f"person:{person_id(TEAM, 'U77NEW')}") == 1


async def types_help(company: Company, user: str) -> str:
    payload = {"team_id": TEAM, "user_id": user, "channel_id": "C01GENERAL", "command": "/approval", "text": "help"}
    return shown((await company.post("forge", type="slash_commands", payload=payload))["answer"])


async def test_who_joined_unheard_is_looked_up_once(company: Company) -> None:
    assert (await company.post("faults", kind="withhold", method="events_api"))["ok"]
    await company.post("user", id="U77NEW", name="nils", real_name="Nils Berg")
    assert await person(company, "U77NEW") is None
    for _ in range(3):
        assert "submit" in await types_help(company, "U77NEW")
    assert len(await calls(company, "users.info")) == 1


async def test_whom_slack_does_not_know_is_not_asked_about_each_time(company: Company) -> None:
    for _ in range(3):
        assert "Only active full members" in await types_help(company, "U66NOBODY")
    assert len(await calls(company, "users.info")) == 1
    await company.post("user", id="U66NOBODY", name="nora", real_name="Nora Berg")
    assert "submit" in await types_help(company, "U66NOBODY")
    assert len(await calls(company, "users.info")) == 1


async def test_who_its_members_are_is_asked_without_listing_everybody(company: Company) -> None:
    lists = len(await calls(company, "users.list"))
    event = {"type": "subteam_members_changed", "subteam_id": "S02SECURITY", "event_ts": "1.5"}
    assert (await company.post("faults", kind="withhold", method="events_api", count=2))["ok"]
    await company.post("usergroup", id="S02SECURITY", users=["U06DAVID"])
    assert len(await members(company, "S02SECURITY")) == 2
    await company.post("forge", type="events_api", payload={"type": "event_callback", "team_id": TEAM, "event": event})

    async def known() -> bool:
        return await members(company, "S02SECURITY") == (person_id(TEAM, "U06DAVID"),)

    await until(known)
    assert len(await calls(company, "users.list")) == lists


async def test_a_missed_event_takes_effect_within_the_limit_and_nothing_is_decided_without_knowing(
    company: Company,
) -> None:
    name = await company.submits(company.nadia)
    asked = await company.sara.gets("Approval needed", name)
    assert (await company.post("faults", kind="withhold", method="events_api"))["ok"]
    await company.post("usergroup", id="S02SECURITY", users=["U06DAVID"])
    assert len(await members(company, "S02SECURITY")) == 2
    assert (await company.post("faults", kind="error", method="users.list", error="internal_error"))["ok"]
    company.clock.ahead = timedelta(minutes=16)

    version = (await request(company)).version
    before = await recorded(company, "request:1")
    await company.sara.presses(asked, "approve")
    await company.sara.gets(
        "Slack did not answer, and the copy of its groups is too old to rely on.", "Nothing was recorded"
    )
    assert ((await request(company)).version, (await request(company)).decisions) == (version, ())
    assert await recorded(company, "request:1") == before

    assert (await company.post("faults", clear=True))["ok"]
    await company.sara.presses(asked, "approve")

    async def known() -> bool:
        return await members(company, "S02SECURITY") == (person_id(TEAM, "U06DAVID"),)

    await until(known)
    await company.sara.gets("You are not an approver of step 1, Security")
    assert (await request(company)).decisions == ()
    assert await recorded(company, "usergroup:S02SECURITY") == 2
