"""How fast stale messages are drawn again: what a worker makes of the rate that Slack allows, against devslack with its limits on.

At Slack's own rate 5,000 messages take a hundred minutes, so all rates are multiplied, on both sides; bursts are not. devslack refuses
what comes too fast, whoever is at fault.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import NullPool, create_engine, insert, make_url, text

from bot.devslack import DevSlack
from bot.devslack.web_api.registry import Tier
from bot.slack.platform.rate_limits import RATES
from domain.approvals.requests import Request
from domain.notices.notices import Notice, NoticeKind
from domain.people.people import PersonId, team_and_user
from domain.store import SqlStore, open_store
from domain.store import tables as t
from tests import ROOT
from tests.benchmarks.cast import PATIENCE
from tests.bot.stage import RITA, a_slack, approver, asking
from tests.databases import seed
from tests.domain.store.build import submitted

REDRAW: Final = "chat.update"
_DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
_APPROVERS: Final = 9
EACH: Final = _APPROVERS + 1
"""Messages of one request: to each approver, and the requester's."""


@dataclass(frozen=True)
class Size:
    """How much is drained."""

    messages: int
    scale: float
    """Times Slack's rates."""


FULL: Final = Size(messages=5000, scale=25)
QUICK: Final = Size(messages=60, scale=500)


@dataclass(frozen=True)
class Drained:
    """What it took."""

    drawn: int
    refused: int
    """Answers with 429, of any method."""
    seconds: float
    """From the first call to the last."""

    def share(self, size: Size) -> float:
        """Of what was allowed in that time; the burst that stood ready at the beginning is left out."""
        return (self.drawn - RATES[REDRAW].burst) / (self.seconds * allowed(size))


def allowed(size: Size) -> float:
    """Calls a second."""
    return Tier.THREE.value * size.scale / 60


async def drain(url: str, size: Size) -> Drained:
    """Have a worker in a process of its own draw so many stale messages again, on the migrated, empty database at *url*.

    Raises AssertionError where one was not drawn, or more than once.
    """
    async with a_slack(_APPROVERS, rates="slack", rate_scale=size.scale) as slack:
        store = await open_store(url, deadline=PATIENCE)
        try:
            rows = await _stale(store, slack, size.messages // EACH)
        finally:
            await store.close()
        engine = create_engine(make_url(url).set(drivername=_DRIVERS[url.partition(":")[0]]), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(insert(t.notices), rows)
        await _announced(url, slack, size)
        calls = slack.calls.entries(slack.workspace.credentials)
    drawn = [call for call in calls if call["method"] == REDRAW and call["answer"]["ok"]]
    assert sorted(one["args"]["ts"] for one in drawn) == sorted(row["ts"] for row in rows)
    refused = sum(call["status"] == 429 for call in calls)
    return Drained(len(drawn), refused, drawn[-1]["at"] - drawn[0]["at"])


def row(database: str, drained: Drained, size: Size) -> tuple[str, ...]:
    """A row of the table."""
    return (
        f"{database}: {drained.drawn} stale messages, all rates x {size.scale:g}", "", "",
        f"{drained.drawn / drained.seconds:.1f}/s",
        f"{drained.share(size):.1%} of {allowed(size):.1f}/s, {drained.refused} x 429", "≥ 95 %, none",
    )  # fmt: skip


async def _stale(store: SqlStore, slack: DevSlack, number: int) -> list[dict[str, Any]]:
    """So many requests whose messages stand in Slack and show nothing of them: the rows of these messages."""
    version = asking(_APPROVERS, key="bench", required=_APPROVERS)
    people = [RITA, *(approver(n) for n in range(_APPROVERS))]
    await seed(store, people=people, profiles=[version])
    rows = []
    for _ in range(number):
        request = await submitted(store, version, by=RITA)
        rows += [_posted(slack, request, person.id) for person in people]
    return rows


def _posted(slack: DevSlack, request: Request, person: PersonId) -> dict[str, Any]:
    workspace = slack.workspace
    channel = workspace.im(team_and_user(person)[1])
    message = workspace.post(channel, workspace.bot_message(f"{request.name} as it was"))
    is_ask = person != RITA.id
    notice = Notice(
        kind=NoticeKind.ASK if is_ask else NoticeKind.PROGRESS,
        key=f"ask:0.0:{person}" if is_ask else "progress",
        person=person,
    )
    return {**notice.model_dump(), "request": request.id, "conversation": channel.id, "ts": message["ts"], "shown": 0}


async def _announced(url: str, slack: DevSlack, size: Size) -> None:
    """Return when a worker of its own process has nothing left to do."""
    given = {"url": url, "api": slack.api_url, "token": slack.bot_token, "scale": size.scale}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.announcing", json.dumps(given), cwd=ROOT, stdin=asyncio.subprocess.PIPE
    )
    engine = create_engine(make_url(url).set(drivername=_DRIVERS[url.partition(":")[0]]))
    expected = size.messages / allowed(size)
    until = time.monotonic() + 60 + 5 * expected
    try:
        with engine.connect() as connection:
            while connection.execute(text("SELECT count(*) FROM requests WHERE announced < version")).scalar_one():
                connection.rollback()
                assert time.monotonic() < until, "the messages were not drawn in five times the time they should take"
                assert process.returncode is None, "the message worker ended; it says above why"
                await asyncio.sleep(0.2)
    finally:
        engine.dispose()
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
