"""Messages come right again: after Slack's troubles, and after the bot was killed while it posted."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo.demo import CONFIGURATION
from bot.devslack import DevSlack
from bot.environment.settings import Mode
from tests import ROOT
from tests.end_to_end.company import Company, Somebody, a_workspace, shown, until


def begins(message: dict[str, Any]) -> bool:
    """Whether this is no reply in a thread."""
    return message.get("thread_ts") in {None, message["ts"]}


async def arms(company: Company, **fault: Any) -> None:
    assert (await company.post("faults", **fault))["ok"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "lost_answer", "method": "chat.postMessage", "count": 2},
        {"kind": "rate_limit", "method": "chat.postMessage", "count": 2, "seconds": 1},
        {"kind": "http_500", "method": "chat.postMessage", "count": 2},
        {"kind": "error", "method": "chat.postMessage", "count": 2, "error": "internal_error"},
        {"kind": "error", "method": "chat.postMessage", "count": 2, "error": "service_unavailable"},
        {"kind": "lost_answer", "method": "chat.update", "count": 2},
        {"kind": "rate_limit", "method": "chat.update", "count": 2, "seconds": 1},
    ],
    ids=lambda fault: f"{fault.get('error', fault['kind'])}-{fault['method']}",
)
async def test_every_message_comes_once_and_shows_the_state(company: Company, fault: dict[str, Any]) -> None:
    await arms(company, **fault)
    name = await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn="gateway-9")
    asked = await company.lucas.gets("Approval needed", name)
    await company.lucas.presses(asked, "approve")
    await company.nadia.gets("Approved: enroll", name)
    await company.lucas.gets("Approved: enroll", name)
    for who, most in ((company.lucas, 1), (company.nadia, 2)):
        texts = [
            direct_message["text"]
            for direct_message in await who.direct_messages()
            if name in shown(direct_message) and begins(direct_message)
        ]
        assert len(texts) <= most, texts


async def test_a_channel_that_is_gone_stops_nobody_else(company: Company) -> None:
    await company.post("channel", id="C03APPROVALS", is_archived=True)
    name = await company.submits(company.nadia)
    await company.sara.presses(await company.sara.gets("Approval needed", name), "approve")
    for who in (company.tomasz, company.mei, company.kofi):
        await who.gets("Approval needed", name, "step 2 of 2")

    async def failed() -> bool:
        async with company.bot.store.reading() as reading:
            return any(one.failure == "is_archived" for one in await reading.health.undelivered(9, 0))

    await until(failed)


async def test_what_slack_refuses_until_somebody_does_something_is_not_asked_for_all_the_time(company: Company) -> None:
    await arms(company, kind="error", method="chat.postMessage", share=1.0, error="missing_scope")
    await company.nadia.types("/approval submit enroll")
    csr = await company.csr("gateway-11")
    await company.nadia.hands_in(resource="onboard-devices", csr=csr, reason="New ship.")

    async def asked() -> int:
        return [one["method"] for one in (await company.get("log"))["calls"]].count("chat.postMessage")

    async def both_are_refused() -> bool:
        return await asked() == 2

    await until(both_are_refused)
    company.clock.ahead = timedelta(seconds=20)
    await asyncio.sleep(0.6)  # time in which the message worker looks several times
    assert await asked() == 2, "the requester's message and Lucas's, once each"
    await company.post("faults", clear=True)
    company.clock.ahead = timedelta(seconds=40)
    await company.lucas.gets("Approval needed", "REQ-1")


async def test_a_channel_that_is_archived_later_is_given_up_at_once(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.sara.presses(await company.sara.gets("Approval needed", name), "approve")
    await company.ingrid.gets("Approval needed", name, channel="C03APPROVALS")
    await company.post("channel", id="C03APPROVALS", is_archived=True)
    await company.nadia.types(f"/approval cancel {name}")
    await company.mei.gets("Cancelled", name)

    async def failed() -> bool:
        async with company.bot.store.reading() as reading:
            return any(one.failure == "is_inactive" for one in await reading.health.undelivered(9, 0))

    await until(failed)


async def test_a_lost_answer_in_a_public_channel_that_the_bot_is_not_in_is_looked_for(company: Company) -> None:
    await company.post("channel", id="C03APPROVALS", app_is_member=False)
    name = await company.submits(company.nadia)
    asked = await company.sara.gets("Approval needed", name)
    await arms(company, kind="lost_answer", method="chat.postMessage", count=20)
    await company.sara.presses(asked, "approve")
    await company.ingrid.gets("Approval needed", name, channel="C03APPROVALS")
    await company.post("faults", clear=True)
    for who in (company.tomasz, company.mei):
        await who.presses(await who.gets("Approval needed", name, "step 2 of 2"), "approve")
    await company.ingrid.gets("Step approved", name, channel="C03APPROVALS")
    posted = [
        message
        for message in await company.ingrid.messages_in("C03APPROVALS")
        if begins(message) and name in shown(message)
    ]
    assert len([one for one in posted if "step 2 of 2" in one["text"]]) == 1


async def test_whom_a_refused_channel_would_have_asked_is_asked_directly(company: Company) -> None:
    await company.post("channel", id="C03APPROVALS", is_archived=True)
    name = await company.submits(company.nadia)
    await company.sara.presses(await company.sara.gets("Approval needed", name), "approve")
    for who in (company.tomasz, company.mei):
        await who.presses(await who.gets("Approval needed", name, "step 2 of 2"), "approve")
    asked = await company.david.gets("Approval needed", name, "Halvorsen Issuing CA G2")
    await company.david.presses(asked, "approve")
    await company.nadia.gets("Approved: issue", name)


@asynccontextmanager
async def a_process(slack: DevSlack, database: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`countersign run` as a process of its own; killed, not stopped, at the end."""
    environment = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "COUNTERSIGN_SLACK_API_URL": slack.api_url,
        "COUNTERSIGN_DATABASE_URL": database,
        "COUNTERSIGN_CONFIG": str(CONFIGURATION),
        "COUNTERSIGN_ANNOUNCE_EVERY": "1s",
    }
    program = "from bot.cli.main import main; main()"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        "run",
        env=environment,
        cwd=ROOT,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Watched(Company):
    """A company whose bot is another process."""

    def __init__(self, slack: DevSlack, session: aiohttp.ClientSession) -> None:
        self.slack = slack
        self.bot_user = slack.workspace.app.bot_user
        self._session = session


async def answered(who: Somebody) -> bool:
    answer = await who._company.post("command", user=who.user, channel="C01GENERAL", text="/approval help")
    return bool(answer.get("acknowledged"))


async def begun(who: Somebody) -> int:
    return len([direct_message for direct_message in await who.direct_messages() if begins(direct_message)])


async def test_killed_while_it_posts_it_posts_nothing_twice(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'countersign.db'}"
    async with a_workspace(Mode.SOCKET) as slack, aiohttp.ClientSession() as session:
        company = Watched(slack, session)
        async with a_process(slack, database) as process:
            await until(lambda: answered(company.nadia))
            await arms(company, kind="delay", method="chat.postMessage", seconds=3600)
            await company.nadia.types("/approval submit enroll")
            csr = await company.csr("gateway-10")
            assert (await company.nadia.hands_in(resource="onboard-devices", csr=csr, reason="New ship."))[
                "acknowledged"
            ]

            async def posting() -> bool:
                return bool((await company.get("workspace"))["faults"][0]["happened"])

            await until(posting)
            process.kill()
            await process.wait()
        await company.post("faults", clear=True)
        async with a_process(slack, database):
            await until(lambda: answered(company.nadia))
            asked = await company.lucas.gets("Approval needed", "REQ-1")
            await company.nadia.gets("REQ-1", "Waiting for approval")
            assert (await company.lucas.presses(asked, "approve"))["acknowledged"]
            await company.nadia.gets("Approved: enroll", "REQ-1")
            await company.lucas.gets("Approved: enroll", "REQ-1")
            assert await begun(company.lucas) == 1

            async def both_came() -> bool:
                return await begun(company.nadia) >= 2

            await until(both_came)
            assert await begun(company.nadia) == 2
