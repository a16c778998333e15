"""Clicks that must not count, and what whoever made them is told; clicks that come twice, or at once."""

import asyncio
from typing import Any

from domain.approvals.requests import RequestId
from tests.end_to_end.company import Company, Somebody, shown, until


def pressed(message: dict[str, Any], action: str, user: str, value: str, team: str = "T01HALVORSEN") -> dict[str, Any]:
    """A click as Slack would deliver it, with whatever *value* somebody likes."""
    return {
        "type": "block_actions",
        "team": {"id": team, "domain": "x"},
        "user": {"id": user, "team_id": team, "username": "x", "name": "x"},
        "api_app_id": "A1",
        "token": "x",
        "trigger_id": "1.1.x",
        "container": {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": message["channel"],
            "is_ephemeral": False,
        },
        "channel": {"id": message["channel"], "name": "directmessage"},
        "message": {"ts": message["ts"], "type": "message"},
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.1"}],
    }


async def version(company: Company, id: int = 1) -> int:
    async with company.bot.store.reading() as reading:
        request = await reading.requests.get(RequestId(id))
    assert request is not None
    return request.version


async def test_forged_foreign_and_stale_clicks_change_nothing(company: Company) -> None:
    name = await company.submits(company.nadia)
    asked = await company.sara.gets("Approval needed", name)
    before = await version(company)
    forged = [
        pressed(asked, "approve", "U05SARA", "1.0.1"),
        pressed(asked, "approve", "U05SARA", "1.7.0"),
        pressed(asked, "approve", "U05SARA", "2.0.0"),
        pressed(asked, "approve", "U05SARA", "1.0.0; drop"),
        pressed(asked, "approve", "U05SARA", ""),
        pressed(asked, "approve", "U07NADIA", "1.0.0"),
        pressed(asked, "approve", "U02TOMASZ", "1.0.0"),
        pressed(asked, "approve", "U08LUCAS", "1.0.0"),
        pressed(asked, "approve", "U10PAVEL", "1.0.0"),
        pressed(asked, "approve", "U11BUILDS", "1.0.0"),
        pressed(asked, "approve", "U12HENRIK", "1.0.0"),
        pressed(asked, "approve", "U05SARA", "1.0.0", team="T99ELSEWHERE"),
        pressed(asked, "approve", "U99UNKNOWN", "1.0.0"),
        {"type": "block_actions", "user": None, "actions": [{"action_id": "approve"}]},
    ]
    for payload in forged:
        await company.post("forge", type="interactive", payload=payload)
    assert await version(company) == before
    await company.sara.presses(asked, "approve")
    await company.sara.gets("Step approved", name)


async def test_the_same_click_twice_counts_once(company: Company) -> None:
    name = await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn="gateway-8")
    asked = await company.lucas.gets("Approval needed", name)
    assert (await company.post("faults", kind="duplicate", method="interactive", count=1, times=3))["ok"]
    await company.lucas.presses(asked, "approve")
    await company.nadia.gets("Approved", name)
    assert await privately_told(company, company.lucas.user) == []
    async with company.bot.store.reading() as reading:
        request = await reading.requests.get(RequestId(1))
    assert request is not None
    assert len(request.decisions) == 1


async def privately_told(company: Company, user: str) -> list[str]:
    """Everything that only *user* was told since it all began."""
    await asyncio.gather(*company.bot.background._tasks)
    found = await Somebody(company, user).direct_messages()
    return [one["text"] for one in found if one.get("is_ephemeral") or one.get("subtype") == "ephemeral"]


async def test_a_rejection_whose_button_and_form_come_twice_counts_once_and_is_answered_once(company: Company) -> None:
    name = await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn="gateway-8")
    asked = await company.lucas.gets("Approval needed", name)
    assert (await company.post("faults", kind="duplicate", method="interactive", count=1, times=3))["ok"]
    await company.lucas.presses(asked, "reject")
    await company.lucas.opened()
    assert (await company.post("faults", kind="duplicate", method="interactive", count=1, times=3))["ok"]
    answer = await company.lucas.hands_in(comment="Not this one.")
    assert answer["acknowledged"]
    await company.nadia.gets("Rejected", name)
    assert await privately_told(company, company.lucas.user) == []
    assert await company.lucas.modal() is None
    async with company.bot.store.reading() as reading:
        request = await reading.requests.get(RequestId(1))
    assert request is not None
    assert [decision.comment for decision in request.decisions] == ["Not this one."]


async def test_many_click_at_once_and_exactly_the_quorum_counts(company: Company) -> None:
    name = await company.submits(company.nadia)
    asked = await company.sara.gets("Approval needed", name)
    await company.sara.presses(asked, "approve")
    administrators = [company.tomasz, company.mei, company.kofi]
    messages = [await who.gets("Approval needed", name, "step 2 of 2") for who in administrators]
    answers = await asyncio.gather(
        *(who.presses(message, "approve") for who, message in zip(administrators, messages, strict=True))
    )
    assert all(answer["acknowledged"] for answer in answers)
    await company.nadia.gets(name, "Halvorsen Issuing CA G2")
    async with company.bot.store.reading() as reading:
        request = await reading.requests.get(RequestId(1))
    assert request is not None
    assert request.approvals(0, 1) == 2
    assert len(request.decisions) == 3


async def test_who_left_the_group_cannot_approve_and_who_joined_can(company: Company) -> None:
    name = await company.submits(company.nadia)
    asked = await company.sara.gets("Approval needed", name)
    await company.post("usergroup", id="S02SECURITY", users=["U06DAVID", "U08LUCAS"])
    new = await company.lucas.gets("Approval needed", name)
    await company.sara.presses(asked, "approve")

    async def told() -> bool:
        return any(
            "You are not an approver of step 1, Security" in shown(direct_message)
            for direct_message in await company.sara.direct_messages()
        ) or any("no REQ-1" in shown(direct_message) for direct_message in await company.sara.direct_messages())

    await until(told)
    await company.lucas.presses(new, "approve")
    await company.nadia.gets(name, "step 2 of 2")


async def test_a_group_that_empties_is_reported_and_nothing_is_approved(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.sara.gets("Approval needed", name)
    await company.post("usergroup", id="S02SECURITY", users=[])
    alert = await company.ingrid.gets("Nobody left to approve", name)
    assert "Step 1, Security, can never be reached" in shown(alert)
    await company.nadia.gets("Nobody left to approve", name)
    await company.post("usergroup", id="S02SECURITY", users=["U05SARA"])
    repaired = await company.ingrid.gets("No longer stuck", name)
    await company.post("usergroup", id="S02SECURITY", users=[])
    again = await company.ingrid.gets("Nobody left to approve", name)
    assert again["ts"] != repaired["ts"], "what befalls it again is told by a new message"
    assert "This was resolved" in shown(await company.ingrid.gets("No longer stuck", name))


async def test_a_comment_that_is_delivered_three_times_is_said_once(company: Company) -> None:
    name = await company.submits(company.nadia)
    assert (await company.post("faults", kind="duplicate", method="slash_commands", count=1, times=3))["ok"]
    await company.david.types(f"/approval comment {name} Is the old key gone?")
    await company.david.types(f"/approval show {name}")
    details = await company.david.opened()
    await company.post("click", user=company.david.user, view_id=details["id"], action_id="comment")
    assert (await company.post("faults", kind="duplicate", method="interactive", count=1, times=3))["ok"]
    await company.david.hands_in(comment="And the certificate?")
    await company.nadia.gets(name, "And the certificate?")
    await company.david.types(f"/approval comment {name} That is all.")
    async with company.bot.store.reading() as reading:
        request = await reading.requests.get(RequestId(1))
    assert request is not None
    said = [comment.text for comment in request.comments]
    assert said == ["Is the old key gone?", "And the certificate?", "That is all."]


async def test_the_same_form_twice_makes_one_request(company: Company) -> None:
    await company.nadia.types("/approval submit issue")
    assert (await company.post("faults", kind="duplicate", method="interactive", count=1, times=3))["ok"]
    csr = await company.csr("bench.halvorsen.example.com")
    await company.nadia.hands_in(resource="lab", csr=csr, reason="For the bench.")
    await company.nadia.gets("Approved", "REQ-1")
    await asyncio.sleep(0.5)
    assert "REQ-2" not in str(await company.ingrid.types("/approval list all"))
