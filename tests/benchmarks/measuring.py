"""One database's turn: the bot is started on it, clicked on round after round, and everything is compared within its round.

The machine's other load comes and goes, so a figure of one round means nothing beside one of another. Each round measures the floors and
the clicks in turn, beginning with another one each time; a ratio is the median of the rounds' ratios.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from bot.devslack import DevSlack
from bot.slack.platform import manifest
from domain.approvals.requests import RequestId
from domain.approvals.status import OperationStatus, RequestStatus
from domain.store import open_store
from tests import ROOT
from tests.benchmarks import cast
from tests.benchmarks.cast import CLICKERS, Asked
from tests.benchmarks.clicks import envelope, http_request
from tests.benchmarks.load import Caller, Envelopes, Timed, clicking


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    """One more is run first, and not counted."""
    singles: int
    """Clicks of one clicker in a round; the floors get as many."""
    crowd: int
    """Clicks of all clickers together in a round."""


FULL: Final = Size(rounds=8, singles=30, crowd=96)
QUICK: Final = Size(rounds=1, singles=4, crowd=16)


@dataclass
class Figures:
    """What the rounds gave: times in seconds, by what was measured."""

    rounds: list[dict[str, Timed]] = field(default_factory=list)

    def p50(self, what: str) -> float:
        """The median of all of them, in seconds."""
        return median(second for one in self.rounds for second in one[what].each)

    def rate(self, what: str) -> float:
        """So many a second, at the median of the rounds."""
        return median(one[what].rate for one in self.rounds)

    def whole(self, what: str) -> float:
        """Seconds for all clicks of a round together, at the median of the rounds."""
        return median(one[what].whole for one in self.rounds)

    def ratio(self, of: Callable[[dict[str, Timed]], float]) -> float:
        """The median of what *of* makes of each round."""
        return median(of(one) for one in self.rounds)


async def measure(url: str, size: Size) -> Figures:
    """Measure everything on the migrated, empty database at *url*. Raises AssertionError where a click was not recorded as it must be."""
    async with AsyncExitStack() as stack:
        slack = DevSlack(workspace=cast.workspace(), manifest=manifest.path(), rates="off")
        await stack.enter_async_context(slack)
        envelopes = await stack.enter_async_context(Envelopes())
        slack.workspace.socket_url = lambda: envelopes.url
        await cast.furnish(url, slack)
        rounds = size.rounds + 1
        each = rounds * (3 * size.singles + 2 * size.crowd + CLICKERS) + max(size.singles, size.crowd)
        single = iter(await cast.requests(url, cast.ONE, each))
        shared = iter(await cast.requests(url, cast.ALL, rounds))
        bot = await stack.enter_async_context(_at_work(url, slack))
        stage = Stage(slack.signing_secret, bot, envelopes, single, shared)
        figures = Figures()
        for number in range(rounds):
            figures.rounds.append(await stage.round(size, number))
        await _everything_is_recorded(url, stage)
        del figures.rounds[0]
        return figures


class _Measured:
    """The measured process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.click = self.floor = 0

    async def start(self, settings: dict[str, str]) -> None:
        ports = await self.ask(settings)
        self.click, self.floor = ports["click"], ports["floor"]

    async def ask(self, what: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        line = await self._process.stdout.readline()
        assert line, "the measured process ended; it says above why"
        return json.loads(line)


@asynccontextmanager
async def _at_work(url: str, slack: DevSlack) -> AsyncIterator[_Measured]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.server", cwd=ROOT, limit=2**24,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        bot = _Measured(process)
        await bot.start(
            {
                "database_url": url,
                "slack_api_url": slack.api_url,
                "slack_bot_token": slack.bot_token,
                "slack_app_token": slack.app_token,
                "slack_signing_secret": slack.signing_secret,
            }
        )
        yield bot
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


@dataclass
class Stage:
    """Everything that takes part in a round."""

    secret: str
    bot: _Measured
    envelopes: Envelopes
    single: Iterator[list[Asked]]
    shared: Iterator[list[Asked]]
    clicked: list[int] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    together: list[int] = field(default_factory=list)
    _shown: list[Asked] = field(default_factory=list)

    async def round(self, size: Size, number: int) -> dict[str, Timed]:
        """Everything once, in an order that turns from round to round."""
        parts = [
            ("B", self.idle(size.singles, 1)),
            ("S", self.rows(size.singles, 1)),
            ("click", self.click(size.singles, 1)),
            ("socket", self.socket(size.singles)),
            ("B crowd", self.idle(size.crowd, CLICKERS)),
            ("S crowd", self.rows(size.crowd, CLICKERS)),
            ("click crowd", self.click(size.crowd, CLICKERS)),
            ("apart", self.click(CLICKERS, CLICKERS)),
            ("together", self.on_one()),
        ]
        turn = number % len(parts)
        found = {}
        for what, measuring in parts[turn:] + parts[:turn]:
            found[what] = await measuring
        return found

    async def idle(self, number: int, clickers: int) -> Timed:
        """B: as many clicks for the listener that does nothing. It records nothing, so they can be clicked again."""
        requests = [http_request(self._again(n), self.secret) for n in range(number)]
        return await _called(self.bot.floor, clickers, requests)

    def _again(self, number: int) -> Asked:
        if number >= len(self._shown):
            self._shown.append(next(self.single)[0])
        return self._shown[number]

    async def rows(self, number: int, clickers: int) -> Timed:
        """S: the rows of as many decisions."""
        requests = [next(self.single)[0].request for _ in range(number)]
        self.written += requests
        found = await self.bot.ask({"requests": requests, "clickers": clickers})
        return Timed(**found)

    async def click(self, number: int, clickers: int) -> Timed:
        """Clicks on as many requests, over HTTP."""
        asked = [next(self.single)[0] for _ in range(number)]
        self.clicked += [one.request for one in asked]
        requests = [http_request(one, self.secret) for one in asked]
        return await _called(self.bot.click, clickers, requests)

    async def socket(self, number: int) -> Timed:
        """The same clicks, one at a time, over Socket Mode."""
        asked = [next(self.single)[0] for _ in range(number)]
        self.clicked += [one.request for one in asked]
        ids = [f"{one.request:032x}" for one in asked]
        return await clicking(
            [self.envelopes.send], [(named, envelope(one, named)) for named, one in zip(ids, asked, strict=True)]
        )

    async def on_one(self) -> Timed:
        """Everybody's click on one request that needs them all."""
        asked = next(self.shared)
        self.together.append(asked[0].request)
        requests = [http_request(one, self.secret) for one in asked]
        return await _called(self.bot.click, CLICKERS, requests)


async def _called(port: int, clickers: int, requests: list[bytes]) -> Timed:
    """*requests* over so many connections, which are opened before the clock starts: the server closes idle ones after 5 s."""
    callers = [await Caller.to(port) for _ in range(clickers)]
    try:
        return await clicking([caller.call for caller in callers], requests)
    finally:
        for caller in callers:
            caller.close()


async def _everything_is_recorded(url: str, stage: Stage) -> None:
    """Every answered click counts once, and S wrote what a click writes."""
    store = await open_store(url, deadline=cast.PATIENCE)
    try:
        async with store.reading() as reading:
            for number, decisions in (
                *((one, 1) for one in (*stage.clicked, *stage.written)),
                *((one, CLICKERS) for one in stage.together),
            ):
                request = await reading.requests.get(RequestId(number))
                assert request is not None
                entries = await reading.audit.chain(f"request:{number}")
                found = (request.status, request.operation_status, len(request.decisions), len(entries))
                wanted = (RequestStatus.APPROVED, OperationStatus.RELEASED, decisions, decisions + 5)
                assert found == wanted, f"REQ-{number} was answered, and is {found}"
    finally:
        await store.close()
