"""The same job whatever it stands on: both transports, both databases."""

import pytest

from bot.environment.settings import Mode
from tests.databases import Databases
from tests.end_to_end.company import at_work


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_an_approval_and_a_rejection(databases: Databases, kind: str, mode: Mode) -> None:
    async with databases.migrated(kind) as url, at_work(url, mode=mode) as company:
        device = {"operation": "enroll", "resource": "onboard-devices", "cn": "gateway-7"}
        name = await company.submits(company.nadia, **device)
        asked = await company.lucas.gets("Approval needed: enroll", name)
        await company.lucas.presses(asked, "approve")
        gate = await company.nadia.gets(name, "Approved")
        assert gate["text"].startswith("Approved")

        name = await company.submits(company.nadia)
        asked = await company.sara.gets("Approval needed", name)
        await company.sara.presses(asked, "reject")
        assert (await company.sara.hands_in(comment="Not this week."))["acknowledged"]
        await company.nadia.gets("Rejected", name, "Not this week.")


async def test_a_forged_signature_gets_nowhere(databases: Databases) -> None:
    import aiohttp

    async with databases.migrated("sqlite") as url, at_work(url, mode=Mode.HTTP) as company:
        address = f"http://127.0.0.1:{company.bot.port}/slack/events"
        form = {
            "command": "/approval",
            "team_id": "T01HALVORSEN",
            "user_id": "U01INGRID",
            "channel_id": "C01GENERAL",
            "text": "list all",
        }
        headers = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=00"}
        async with aiohttp.ClientSession() as session:
            for sent in ({}, headers):
                async with session.post(address, data=form, headers=sent) as answer:
                    assert answer.status == 401
            async with session.post(address, data=b"x" * 1_000_001) as answer:
                assert answer.status == 413
