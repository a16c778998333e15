"""Words that are about no request: once each, whatever becomes of the process and of Slack's answers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.letters import LEASE
from domain import workflow
from domain.delegation import Day, Days
from domain.people import person_id
from domain.store.tables import letters
from tests.end_to_end.company import Company, Somebody, at_work, shown, until
from tests.store.build import execute

TEAM = "T01HALVORSEN"
SARA, LUCAS = person_id(TEAM, "U05SARA"), person_id(TEAM, "U08LUCAS")
NAMED = "has named a delegate: you stand in for <@U05SARA>"
TAKEN_OVER = "You are an administrator of Countersign now"
NOBODY = "Nobody is an administrator of Countersign: "


async def count(who: Somebody, word: str) -> int:
    return len([one for one in await who.direct_messages() if word in shown(one)])


async def failed(database: str) -> None:
    """Until an attempt has failed: its next one is due earlier than if somebody still had it."""
    first = select(letters.c.written_at, letters.c.due_at).where(letters.c.attempts > 0)

    async def look() -> bool:
        found = execute(database, first)
        return any(due is not None and due - written < LEASE - timedelta(seconds=10) for written, due in found)

    await until(look)


async def settled(database: str) -> None:
    """Until nothing is due."""

    async def look() -> bool:
        return {due for (due,) in execute(database, select(letters.c.due_at))} == {None}

    await until(look)


async def test_what_was_recorded_is_told_by_whichever_process_is_there(company: Company) -> None:
    """As if the process that recorded it had died right after."""
    await workflow.delegate(company.bot.store, SARA, LUCAS, Days(last=Day(later=2)), company.clock())
    await company.lucas.gets(NAMED)


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("chat.postMessage", {"kind": "lost_answer", "count": 1}),
        ("chat.postMessage", {"kind": "error", "error": "internal_error", "count": 1}),
    ],
)
async def test_it_comes_once_whatever_becomes_of_the_answer(
    company: Company, sqlite_url: str, method: str, fault: dict[str, Any]
) -> None:
    await company.post("faults", method=method, **fault)
    await company.sara.types("/approval delegate <@U08LUCAS|lucas> until +1w")
    await failed(sqlite_url)
    company.clock.ahead = timedelta(seconds=30)
    await settled(sqlite_url)
    assert await count(company.lucas, NAMED) == 1


async def test_what_is_not_so_any_more_is_not_told(company: Company, sqlite_url: str) -> None:
    await company.post("faults", method="conversations.open", kind="error", error="internal_error", count=1)
    await company.sara.types("/approval delegate <@U08LUCAS|lucas> until +1w")
    await failed(sqlite_url)
    await workflow.revoke(company.bot.store, SARA, 1, company.clock())
    await company.lucas.gets("has revoked a delegation: you do not stand in for <@U05SARA> any more")
    company.clock.ahead = timedelta(seconds=30)
    await settled(sqlite_url)
    assert await count(company.lucas, NAMED) == 0


@pytest.fixture(
    params=[("david@halvorsen.example.com",), ("U12HENRIK",)], ids=["somebody is named", "nobody who is there"]
)
async def named(sqlite_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Company]:
    """The company with these as the first administrators, which others are at first."""
    async with at_work(sqlite_url, administrators=request.param) as company:
        yield company


async def test_when_slack_deactivates_the_last_administrator(named: Company, request: pytest.FixtureRequest) -> None:
    for user in ("U01INGRID", "U02TOMASZ"):
        await named.post("user", id=user, deleted=True)
    async with named.bot.store.reading() as reading:
        administrators = await reading.administrators()
    if "somebody is named" in request.node.callspec.id:
        assert administrators == {person_id(TEAM, "U06DAVID")}
        await named.david.gets(TAKEN_OVER)
        await named.david.types("/approval people")
        assert "Administrator" in shown(await named.david.opened())
        assert await count(named.eleanor, NOBODY) == 0
    else:
        assert administrators == frozenset()
        await named.eleanor.gets(NOBODY)
        await named.post("user", id="U08LUCAS", title="Another event")
        await named.eleanor.types("/approval health")
        assert NOBODY in shown(await named.eleanor.opened())
        assert await count(named.eleanor, NOBODY) == 1
