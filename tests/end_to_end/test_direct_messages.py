"""Direct messages that are about no request: once each, whatever becomes of the process and of Slack's answers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain import workflow
from domain.approvals.delegation import Day, Days
from domain.people.people import PersonId, person_id
from domain.store.tables import letters
from tests.domain.store.build import execute
from tests.end_to_end.company import Company, Somebody, at_work, shown, until

TEAM = "T01HALVORSEN"
SARA, LUCAS = person_id(TEAM, "U05SARA"), person_id(TEAM, "U08LUCAS")
NAMED = "has named a delegate: you cover for <@U05SARA>"
TAKEN_OVER = "You are now an administrator of Countersign"
NOBODY = "Countersign has no administrator. "


async def count(who: Somebody, word: str) -> int:
    return len([direct_message for direct_message in await who.direct_messages() if word in shown(direct_message)])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again in two seconds: this Slack does nothing after its answer was lost."""
    monkeypatch.setattr("bot.messages.direct_messages.SETTLED", timedelta())


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
@pytest.mark.usefixtures("impatient")
async def test_it_comes_once_whatever_becomes_of_the_answer(
    company: Company, sqlite_url: str, method: str, fault: dict[str, Any]
) -> None:
    await company.post("faults", method=method, **fault)
    await company.sara.types("/approval delegate <@U08LUCAS|lucas> until +1w")
    await settled(sqlite_url)
    assert await count(company.lucas, NAMED) == 1


@pytest.mark.usefixtures("impatient")
async def test_what_is_not_so_any_more_is_not_told(company: Company, sqlite_url: str) -> None:
    await company.post("faults", method="conversations.open", kind="error", error="internal_error", count=1)
    await company.sara.types("/approval delegate <@U08LUCAS|lucas> until +1w")
    await workflow.revoke(company.bot.store, SARA, 1, company.clock())
    await company.lucas.gets("has revoked a delegation: you no longer cover for <@U05SARA>")
    await settled(sqlite_url)
    assert await count(company.lucas, NAMED) == 0


async def administrators(company: Company) -> frozenset[PersonId]:
    async with company.bot.store.reading() as reading:
        return frozenset(await reading.people.administrators())


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
    if "somebody is named" in request.node.callspec.id:
        await named.david.gets(TAKEN_OVER)
        assert await administrators(named) == {person_id(TEAM, "U06DAVID")}
        await named.david.types("/approval people")
        assert "Administrator" in shown(await named.david.opened())
        assert await count(named.eleanor, NOBODY) == 0
    else:
        await named.eleanor.gets(NOBODY)
        assert await administrators(named) == frozenset()
        await named.post("user", id="U08LUCAS", title="Another event")
        await named.eleanor.types("/approval health")
        assert NOBODY in shown(await named.eleanor.opened())
        assert await count(named.eleanor, NOBODY) == 1
