"""Processes killed and the database restarted, again and again, while hundreds of people click."""

import asyncio
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from domain.approvals.requests import Request, RequestId
from domain.people.people import PersonId, team_and_user
from tests import ROOT
from tests.bot.stage import CHANNEL, Stage, approver, asking, stage
from tests.faults.outcome import Outcome, is_quiet, outcome

SEED: Final = 7
"""Who clicks on what, and when who is killed, comes from it; what it meets then depends on the machine."""


@dataclass(frozen=True)
class Plan:
    """How much of it all, and how bad."""

    requests: int
    people: int = 200
    approvals: int = 10
    """How many different people have to approve each request."""
    clickers: int = 16
    """How many click at the same time."""
    killed_every: tuple[float, float] = (1.0, 3.0)
    """Seconds before one that is at work is killed."""
    restarted_every: float = 10.0
    """Seconds between two restarts of PostgreSQL, without a farewell to anybody."""


class Replica:
    """A process of the bot, begun again as often as it is killed."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = json.dumps(settings)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.replica", self._settings),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def ready(self) -> None:
        """Return once it is at work, or has ended because it could not be."""
        assert self._process is not None
        assert self._process.stdout is not None
        await self._process.stdout.readline()

    async def kill(self) -> None:
        """SIGKILL; it may have ended by itself, where the database was away when it began."""
        if self._process is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._process.wait()


async def killed_again_and_again(url: str, plan: Plan, *, replicas: int, restart: Callable[[], None] | None) -> Outcome:
    """What comes of *plan* with so many *replicas* on the empty database at *url*, which *restart* restarts."""
    version = asking(plan.people, key="many", required=plan.approvals, channel=CHANNEL)
    async with stage(url, plan.people, version, rates="off") as here:
        requests = [await here.submitted(version) for _ in range(plan.requests)]
        settings = {
            "slack_bot_token": here.slack.bot_token,
            "slack_app_token": here.slack.app_token,
            "slack_api_url": here.slack.api_url,
            "database_url": url,
            "announce_every": 1,
            "administrators": "",
        }
        processes = [Replica(settings) for _ in range(replicas)]
        try:
            return await _Killed(here, plan, processes, restart).run(requests)
        finally:
            for process in processes:
                await process.kill()


class _Killed:
    """One run of it."""

    def __init__(self, stage: Stage, plan: Plan, replicas: list[Replica], restart: Callable[[], None] | None) -> None:
        self._stage = stage
        self._plan = plan
        self._replicas = replicas
        self._restart = restart
        self._random = random.Random(SEED)  # noqa: S311 - who is killed is no secret
        self._approved: dict[RequestId, set[PersonId]] = defaultdict(set)
        self._places: dict[str, str] = {}
        self._clicks = 0
        self._troubles = 0

    async def run(self, requests: list[Request]) -> Outcome:
        """Everybody approves what they are to approve, and again for as long as they are not told that it counts."""
        for replica in self._replicas:
            await replica.start()
        troubles = [asyncio.create_task(self._kill())]
        if self._restart is not None:
            troubles.append(asyncio.create_task(self._restart_again(self._restart)))
        try:
            await self._everybody_clicks(requests)
        finally:
            for task in troubles:
                task.cancel()
            ended = await asyncio.gather(*troubles, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        for replica in self._replicas:
            await replica.kill()
            await replica.start()
        ids = [request.id for request in requests]
        while not await is_quiet(self._stage.store, ids):  # noqa: ASYNC110 - it comes true in another process
            await asyncio.sleep(0.5)
        return await outcome(
            self._stage.store, self._stage.slack, self._approved, clicks=self._clicks, troubles=self._troubles
        )

    async def _everybody_clicks(self, requests: list[Request]) -> None:
        everybody = [approver(number).id for number in range(self._plan.people)]
        due = [(request, who) for request in requests for who in self._random.sample(everybody, self._plan.approvals)]
        self._random.shuffle(due)

        async def click() -> None:
            while due:
                await self._approves(*due.pop())

        await asyncio.gather(*(click() for _ in range(self._plan.clickers)))

    async def _approves(self, request: Request, who: PersonId) -> None:
        ts = await self._asked(request)
        while True:
            heard = len(self._heard(who))
            self._clicks += 1
            user = team_and_user(who)[1]
            answer = await self._stage.post("click", user=user, channel=CHANNEL, ts=ts, action_id="approve")
            if not answer["ok"]:
                return  # there is no button any more: it counted, though nobody said so
            told = " ".join(self._heard(who)[heard:])
            if answer["acknowledged"] and (not told or "already" in told):
                self._approved[request.id].add(who)
                return
            await asyncio.sleep(0.2)

    async def _asked(self, request: Request) -> str:
        """The message that asks for *request*, once it is there."""
        while request.name not in self._places:
            for ts, message in self._stage.slack.workspace.channels[CHANNEL].messages.items():
                if message.get("thread_ts") in {None, ts}:
                    self._places |= dict.fromkeys(re.findall(r"REQ-\d+", message["text"]), ts)
            await asyncio.sleep(0.1)
        return self._places[request.name]

    def _heard(self, who: PersonId) -> list[str]:
        """What only *who* was told, in the channel."""
        shelf = self._stage.slack.workspace.channels[CHANNEL].ephemerals.get(team_and_user(who)[1], {})
        return [str(one.get("text")) for one in shelf.values()]

    async def _kill(self) -> None:
        while True:
            one = self._random.choice(self._replicas)
            await one.ready()
            await asyncio.sleep(self._random.uniform(*self._plan.killed_every))
            await one.kill()
            self._troubles += 1
            await one.start()

    async def _restart_again(self, restart: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(self._plan.restarted_every)
            await asyncio.to_thread(restart)
            self._troubles += 1
