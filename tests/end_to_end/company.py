"""The sample company at work: devslack, the bot, and people who type and press, over the real protocol."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from bot.demo.demo import CONFIGURATION, workspace
from bot.devslack import DevSlack, Timing
from bot.devslack.workspace.manifest import Manifest, load_manifest
from bot.devslack.workspace.workspace_file import WorkspaceFile, load_workspace
from bot.environment.settings import Mode, Settings
from bot.runtime.services import running
from bot.slack.context import Bot
from bot.slack.pages.bulk_decisions import listener as several
from bot.slack.pages.submission import listener as submitting
from bot.slack.platform import directory, manifest
from bot.slack.platform.rate_limits import Limits
from tests.material_factory import csr_pem

RARELY = timedelta(hours=1)
"""How often something happens by itself that a test does not want to happen."""
PATIENCE = 120.0
"""Seconds after which something that should come has not come; they cost nothing where it comes, and a machine may be busy."""


class Clock:
    """A clock that goes on by itself and can be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def until(look: Callable[[], Any]) -> Any:
    """What *look*, a coroutine function, gives once it is true. Raises AssertionError with the last answer when it does not come."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not (found := await look()):
        assert asyncio.get_running_loop().time() < deadline, f"it did not come: {found!r}"
        await asyncio.sleep(0.02)
    return found


class Somebody:
    """One person at their Slack."""

    def __init__(self, company: "Company", user: str) -> None:
        self._company = company
        self.user = user

    async def types(self, text: str, channel: str = "C01GENERAL") -> Any:
        """A slash command; the app's answer."""
        answer = await self._company.post("command", user=self.user, channel=channel, text=text)
        assert answer["acknowledged"], answer
        return answer["answer"]

    async def modal(self) -> Any:
        return (await self._company.get("views", user=self.user))["modal"]

    async def opened(self) -> Any:
        """The modal, once there is one."""
        return await until(self.modal)

    async def chooses(self, action: str, value: Any) -> None:
        """Pick something in the open modal."""
        view = await self.opened()
        answer = await self._company.post(
            "input", user=self.user, view_id=view["id"], block_id=action, action_id=action, value=value
        )
        assert answer.get("acknowledged"), answer

    async def hands_in(self, **values: Any) -> Any:
        """Submit the open modal, each value under its block's id; the app's answer, or what keeps the client from sending it."""
        view = await self.opened()
        fields = {
            block["block_id"]: block["element"]["action_id"] for block in view["blocks"] if block["type"] == "input"
        }
        filled = {}
        for name, value in values.items():
            block = next((field for field in fields if field == name or field.partition(":")[0] == name), None)
            assert block is not None, f"no field {name}: {sorted(fields)}"
            filled[block] = {fields[block]: value}
        return await self._company.post("view_submit", user=self.user, view_id=view["id"], values=filled)

    async def home(self) -> Any:
        await self._company.post("open_home", user=self.user)
        return await until(self.shown_home)

    async def shown_home(self) -> Any:
        """Their Home as it stands, without opening it."""
        return (await self._company.get("views", user=self.user))["home"]

    async def direct_messages(self) -> list[Any]:
        """What the bot wrote to them directly, oldest first."""
        channels = (await self._company.get("channels", user=self.user))["channels"]
        bot = self._company.bot_user
        mine = [
            channel["id"]
            for channel in channels
            if channel.get("is_im") and bot in {channel.get("user"), *channel.get("members", [])}
        ]
        found = []
        for channel in mine:
            found += await self.messages_in(channel)
        return sorted(found, key=lambda message: float(message["ts"]))

    async def messages_in(self, channel: str) -> list[Any]:
        messages = (await self._company.get("messages", channel=channel, user=self.user))["messages"]
        return [{**message, "channel": channel} for message in messages]

    async def gets(self, *words: str, channel: str | None = None) -> Any:
        """The newest message, direct or in *channel*, with all *words* in it, once it is there."""

        async def look() -> Any:
            messages = await (self.direct_messages() if channel is None else self.messages_in(channel))
            return next((message for message in reversed(messages) if all(says(message, word) for word in words)), None)

        return await until(look)

    async def presses(self, message: Any, action: str) -> Any:
        """A button of *message*, as it was when we looked."""
        return await self._company.post(
            "click", user=self.user, channel=message["channel"], ts=message["ts"], action_id=action
        )


class Company:
    """devslack and the bot, with everybody in it by first name."""

    SHORT_EXPIRY = timedelta(minutes=3)
    """More than what requests for staging servers live."""

    def __init__(self, slack: DevSlack, bot: Bot, clock: Clock, session: aiohttp.ClientSession) -> None:
        self.slack = slack
        self.bot = bot
        self.clock = clock
        self.bot_user = bot.directory.workspace.bot_user
        self._session = session

    def __getattr__(self, name: str) -> Somebody:
        user = next((user.id for user in _workspace().users if user.name == name), None)
        if user is None:
            raise AttributeError(name)
        return Somebody(self, user)

    async def post(self, what: str, **body: Any) -> Any:
        async with self._session.post(f"{self.slack.url.rstrip('/')}/_control/{what}", json=body) as answer:
            return await answer.json()

    async def get(self, what: str, **query: str) -> Any:
        async with self._session.get(f"{self.slack.url.rstrip('/')}/_control/{what}", params=query) as answer:
            return await answer.json()

    async def csr(self, cn: str = "portal.halvorsen.example.com") -> str:
        """The CSR that `submits` uses for *cn*."""
        return csr_pem(cn=cn, sans=(cn,))

    async def submits(
        self, who: Somebody, operation: str = "issue", resource: str = "public-web", cn: str = "portal.halvorsen.example.com",
        reason: str = "The old one ends on Friday.", **more: Any,
    ) -> str:  # fmt: skip
        """*who* submits a request through the form; its name."""
        before = {direct_message["text"] for direct_message in await who.direct_messages()}
        await who.types("/approval submit")
        await who.chooses("operation", operation)
        fields = {"csr": csr_pem(cn=cn, sans=(cn,))} if operation in {"issue", "enroll", "re_enroll"} else {}
        answer = await who.hands_in(resource=resource, reason=reason, **(fields | more))
        assert answer["ok"], answer
        assert answer["acknowledged"], answer

        async def named() -> str | None:
            new = [
                direct_message for direct_message in await who.direct_messages() if direct_message["text"] not in before
            ]
            return next(
                (word.strip('.,:"*') for one in new for word in shown(one).split() if word.startswith("REQ-")), None
            )

        return str(await until(named))


def says(message: Any, word: str) -> bool:
    """Whether *message* says *word*; REQ-1 is not said by REQ-12."""
    return re.search(rf"{re.escape(word)}(?!\d)", shown(message)) is not None


def shown(message: Any) -> str:
    """Everything that *message* or view says, in one string."""
    return json.dumps([message.get("text"), message.get("blocks")], ensure_ascii=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


AS_FAST_AS_IT_GOES: Final = 1000
"""By how much Slack's rates are multiplied on our side: this Slack has none, and whoever waits for a message waits for nothing else."""


@asynccontextmanager
async def at_work(
    database: str,
    *,
    mode: Mode = Mode.SOCKET,
    config: Path | None = CONFIGURATION,
    slack: DevSlack | None = None,
    **settings: Any,
) -> AsyncIterator[Company]:
    """The company at work on *database* while inside, in a workspace of its own, or in *slack*."""
    async with AsyncExitStack() as stack:
        port = free_port()
        if slack is None:
            slack = await stack.enter_async_context(a_workspace(mode, port))
        clock = Clock()
        given = Settings.given(
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_signing_secret=slack.signing_secret,
            slack_api_url=slack.api_url,
            database_url=database,
            config=config,
            mode=mode,
            **{
                "http_port": port,
                "sweep_every": timedelta(milliseconds=100),
                "announce_every": timedelta(milliseconds=200),
            }
            | settings,
        )
        stack.enter_context(without_haste())
        limits, deadline = Limits(scale=AS_FAST_AS_IT_GOES), timedelta(seconds=PATIENCE)
        bot = await stack.enter_async_context(running(given, clock, limits, deadline=deadline))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Company(slack, bot, clock, session)


def a_workspace(mode: Mode = Mode.SOCKET, port: int = 0) -> DevSlack:
    """The sample company's workspace; over HTTP it calls the bot at *port*."""
    delivery = {"request_url": f"http://127.0.0.1:{port}/slack/events"} if mode is Mode.HTTP else None
    timing = Timing(acknowledge=PATIENCE, trigger=PATIENCE)
    return DevSlack(workspace=_workspace(), manifest=_manifest(), port=0, rates="off", delivery=delivery, timing=timing)


@contextmanager
def without_haste() -> Iterator[None]:
    """What a listener does otherwise where Slack's three seconds would run out, it does not while inside: a busy machine is no failure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directory, "PATIENCE", PATIENCE)
        patch.setattr(several, "AT_ONCE", PATIENCE)
        patch.setattr(submitting, "WITHIN", PATIENCE)
        yield


@cache
def _workspace() -> WorkspaceFile:
    return load_workspace(workspace())


@cache
def _manifest() -> Manifest:
    return load_manifest(manifest.path())
