"""A whole approval, as people live it: typed and pressed in devslack, over the real protocol."""

from datetime import timedelta
from typing import Any

from tests.end_to_end.company import Company, shown, until


def buttons(message: dict[str, Any]) -> set[str]:
    return {
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }


async def test_a_request_passes_two_steps_and_two_gates(company: Company) -> None:
    name = await company.submits(company.nadia)

    asked = await company.sara.gets("Approval needed", name)
    assert asked["text"].startswith(
        "Approval needed: issue certificate for portal.halvorsen.example.com, from Nadia Rahman, step 1 of 2"
    )
    assert {"approve", "reject", "details"} <= buttons(asked)
    assert not [
        direct_message
        for direct_message in await company.tomasz.direct_messages()
        if "Approval needed" in shown(direct_message)
    ]

    await company.sara.presses(asked, "approve_with_comment")
    assert (await company.sara.hands_in(comment="Names checked against the inventory."))["acknowledged"]

    first = await company.tomasz.gets("Approval needed", name, "step 2 of 2")
    closed = await company.sara.gets("Step approved", name, "Names checked against the inventory.")
    assert "approve" not in buttons(closed)
    also = await company.david.gets("Step approved", name)
    assert "approve" not in buttons(also)

    await company.tomasz.presses(first, "approve")
    second = await company.mei.gets("Approval needed", name, "1 of 2 approved")
    in_channel = await company.kofi.gets("Approval needed", name, "1 of 2 approved", channel="C03APPROVALS")
    assert "approve" in buttons(in_channel)
    await company.mei.presses(second, "approve")

    gate = await company.david.gets("Approval needed", name, "Halvorsen Issuing CA G2", channel="C03APPROVALS")
    await company.david.presses(gate, "approve")

    outcome = await company.nadia.gets("Approved: issue certificate", name)
    assert "approve" not in buttons(outcome)
    for who in (company.tomasz, company.mei, company.kofi):
        final = await who.gets("Approved: issue certificate", name)
        assert "approve" not in buttons(final)


async def test_the_living_message_of_the_requester_follows(company: Company) -> None:
    name = await company.submits(company.nadia)
    before = await company.nadia.gets(name, "Security")
    asked = await company.sara.gets("Approval needed", name)
    await company.sara.presses(asked, "approve")

    async def followed() -> bool:
        now = next(
            direct_message
            for direct_message in await company.nadia.direct_messages()
            if direct_message["ts"] == before["ts"]
        )
        return "step 2 of 2" in shown(now)

    await until(followed)


async def test_rejecting_asks_for_a_reason_and_closes_everything(company: Company) -> None:
    name = await company.submits(company.nadia)
    asked = await company.david.gets("Approval needed", name)
    await company.david.presses(asked, "reject")
    refused = await company.david.hands_in(comment="")
    assert not refused["ok"] or "errors" in str(refused["answer"])
    assert (await company.david.hands_in(comment="The key is too weak."))["acknowledged"]
    outcome = await company.nadia.gets("Rejected", name, "The key is too weak.")
    assert "resubmit" in buttons(outcome)
    closed = await company.sara.gets("Rejected", name)
    assert "approve" not in buttons(closed)


async def test_the_requester_cancels(company: Company) -> None:
    name = await company.submits(company.lucas, cn="wrong.halvorsen.example.com")
    await company.sara.gets("Approval needed", name)
    answer = await company.lucas.types(f"/approval cancel {name} wrong host name")
    assert "cancelled" in str(answer).lower()
    closed = await company.sara.gets("Cancelled", name, "wrong host name")
    assert "approve" not in buttons(closed)


async def test_one_expires_and_an_administrator_overrides_it(company: Company) -> None:
    name = await company.submits(company.nadia, resource="staging-web", cn="staging.halvorsen.example.com")
    asked = await company.lucas.gets("Approval needed", name)
    company.clock.ahead = timedelta(minutes=3)
    closed = await company.lucas.gets("Expired", name)
    assert "approve" not in buttons(closed)
    late = await company.lucas.presses(asked, "approve")
    assert not late["ok"], "the button is gone"

    await company.ingrid.types(f"/approval override {name} approve")
    assert (await company.ingrid.hands_in(reason="Agreed on the phone with Lucas."))["acknowledged"]
    await company.nadia.gets("Overridden to approved", name, "Agreed on the phone with Lucas.")
    await company.lucas.gets("Overridden to approved", name)


async def test_a_profile_without_approvers_blocks_and_tells_the_administrators(company: Company) -> None:
    name = await company.submits(company.nadia, resource="code-signing", cn="Release signing")
    blocked = await company.ingrid.gets("Blocked", name, "Release engineers")
    assert "override" in buttons(blocked)
    await company.nadia.gets(name, "blocked")


async def test_nobody_approves_what_they_requested(company: Company) -> None:
    name = await company.submits(company.tomasz, cn="own.halvorsen.example.com")
    asked = await company.sara.gets("Approval needed", name)
    await company.sara.presses(asked, "approve")
    in_channel = await company.tomasz.gets("Approval needed", name, channel="C03APPROVALS")
    await company.tomasz.presses(in_channel, "approve")
    await company.tomasz.gets("You requested this", channel="C03APPROVALS")
    still = await company.mei.gets("Approval needed", name)
    assert "0 of 2 approved" in shown(still)


async def test_strangers_to_the_bot_are_told_so(company: Company) -> None:
    for who, words in ((company.pavel, "a guest"), (company.henrik, "deactivated")):
        answer = await who.types("/approval", channel="C02PKI")
        assert words in str(answer), answer
