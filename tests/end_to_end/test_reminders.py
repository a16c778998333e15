"""Reminders over the real protocol: by the clock, by the requester's button, and before it expires; each once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.company import Company, Somebody, at_work, shown, until


@pytest.fixture
async def awake(tmp_path: Path) -> AsyncIterator[Company]:
    """The company at work, whatever the time of day."""
    async with at_work(f"sqlite:///{tmp_path / 'countersign.db'}", quiet_hours=None) as company:
        yield company


async def on_top(who: Somebody, words: str) -> Any:
    """The modal of *who*, once it says *words*."""
    view = await who.modal()
    return view if view is not None and words in shown(view) else None


async def replies(who: Somebody, parent: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        message
        for message in await who.messages_in(parent["channel"])
        if message.get("thread_ts") == parent["ts"] and message["ts"] != parent["ts"]
    ]


async def test_who_has_not_decided_is_reminded_and_warned_in_the_thread_of_their_ask(awake: Company) -> None:
    name = await awake.submits(awake.nadia, operation="enroll", resource="onboard-devices", cn="gateway-7")
    asked = await awake.lucas.gets("Approval needed", name)

    async def told(words: str) -> list[dict[str, Any]]:
        return [reply for reply in await replies(awake.lucas, asked) if words in shown(reply)]

    living = await awake.nadia.gets("Waiting for approval", name)
    await awake.nadia.types(f"/approval show {name}")
    details = await awake.nadia.opened()
    await awake.post("click", user=awake.nadia.user, view_id=details["id"], action_id="remind")
    [nudge] = await until(lambda: told("asks again"))
    assert "<@U07NADIA> asks again: this is still waiting for you" in shown(nudge)
    await awake.nadia.gets("Approvers who have not decided were reminded", name)

    async def redrawn() -> bool:
        return "Approvers who have not decided were reminded" in shown(await awake.nadia.modal())

    await until(redrawn)
    await awake.post("click", user=awake.nadia.user, view_id=details["id"], action_id="remind")
    refused = await until(lambda: on_top(awake.nadia, "You reminded them <!date^"))
    await awake.post("view_close", user=awake.nadia.user, view_id=refused["id"])
    await awake.nadia.presses(living, "remind")
    await awake.nadia.gets("You reminded them", "You can remind them again")

    awake.clock.ahead = timedelta(hours=25)
    [reminder] = await until(lambda: told("Reminder"))
    assert "this has been waiting for 1 day" in shown(reminder)
    awake.clock.ahead = timedelta(hours=28)
    assert len(await until(lambda: told("Expires in"))) == 1
    await awake.nadia.gets("Expires in", "asks the approvers who have not decided once more")

    await awake.lucas.presses(asked, "approve")
    await awake.nadia.gets("Approved: enroll", name)
    awake.clock.ahead = timedelta(hours=35)
    await awake.submits(awake.nadia, operation="enroll", resource="onboard-devices", cn="gateway-6")
    texts = [shown(reply) for reply in await replies(awake.lucas, asked)]
    assert len([text for text in texts if "asks again" in text]) == 1
    assert len([text for text in texts if "Reminder" in text]) == 1
    assert len([text for text in texts if "Expires in" in text]) == 1
