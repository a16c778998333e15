"""Troubles on request, and rate limits as Slack sets them."""

import asyncio
import json
import time
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from bot.devslack.errors import SlackError
from bot.devslack.faults import FaultKind, Faults
from bot.devslack.web_api.rate_limits import BURST, OF_WORKSPACE, Limiter
from bot.devslack.web_api.registry import METHODS, Tier
from tests.bot.devslack.conftest import HASTY, MANIFEST, WORKSPACE, Control, connected, controlling, web_client


async def post(client: AsyncWebClient, channel: str = "C0APP") -> str:
    return str((await client.chat_postMessage(channel=channel, text="x"))["ts"])


async def test_a_rate_limit_says_how_long(client: AsyncWebClient, control: Control) -> None:
    await control.post("faults", kind="rate_limit", method="chat.postMessage", count=1, seconds=7)
    with pytest.raises(SlackApiError) as limited:
        await post(client)
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    assert limited.value.response["error"] == "ratelimited"
    await post(client)
    [first, second] = (await control.get("log"))["calls"]
    assert (first["status"], first["retry_after"], first["faults"]) == (429, 7, ["rate_limit"])
    assert second["status"] == 200


async def test_errors_and_http_500_hit_their_method_only(client: AsyncWebClient, control: Control) -> None:
    await control.post(
        "faults", faults=[{"kind": "error", "method": "chat.update", "error": "fatal_error", "count": 1}]
    )
    ts = await post(client)
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.chat_update(channel="C0APP", ts=ts, text="y")
    await client.chat_update(channel="C0APP", ts=ts, text="y")
    await control.post("faults", kind="http_500", method="chat.update")
    for _ in range(2):
        with pytest.raises(SlackApiError) as broken:
            await client.chat_update(channel="C0APP", ts=ts, text="z")
        assert broken.value.response.status_code == 500
    assert (await control.messages("U0ANNA", "C0APP"))[0]["text"] == "y", "the failed call did nothing"
    assert (await control.post("faults", clear=True))["faults"] == []
    await client.chat_update(channel="C0APP", ts=ts, text="z")


async def test_a_lost_answer_leaves_the_deed_done(client: AsyncWebClient, control: Control) -> None:
    await control.post("faults", kind="lost_answer", method="chat.postMessage", count=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(client)
    assert len(await control.messages("U0ANNA", "C0APP")) == 1
    call = (await control.get("log"))["calls"][-1]
    assert call["answer"]["ok"]
    assert call["faults"] == ["lost_answer"]
    await post(client)


async def test_a_delay_delays(client: AsyncWebClient, control: Control) -> None:
    await control.post("faults", kind="delay", method="auth.test", seconds=0.3, count=1)
    started = time.monotonic()
    await client.auth_test()
    assert time.monotonic() - started >= 0.3
    assert (await control.get("log"))["calls"][-1]["ms"] >= 300


async def test_what_is_delayed_goes_on_when_the_troubles_are_cleared(client: AsyncWebClient, control: Control) -> None:
    await control.post("faults", kind="delay", method="auth.test", seconds=3600)
    asking = asyncio.create_task(client.auth_test())
    while not (await control.get("workspace"))["faults"][0]["happened"]:
        assert not asking.done()
    await control.post("faults", clear=True)
    assert (await asking)["ok"]


async def test_a_share_is_drawn_by_its_seed() -> None:
    def drawn(seed: int) -> list[bool]:
        faults = Faults()
        faults.arm([{"kind": "error", "share": 0.3, "seed": seed}])
        return [bool(faults.draw("chat.update", calls=True)) for _ in range(300)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert 50 < sum(drawn(1)) < 130


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"kind": "earthquake"}, "kind"),
        ({"kind": "error", "share": 2}, "share"),
        ({"kind": "error", "count": 0}, "count"),
        ({"kind": "error", "often": True}, "often"),
        ({"kind": "error", "now": True}, "now"),
    ],
)
async def test_faults_that_are_not_understood(control: Control, rule: dict[str, Any], place: str) -> None:
    answer = await control.post("faults", **rule)
    assert (answer["ok"], answer["error"]) == (False, "bad_fault")
    assert place in answer["detail"]
    assert (await control.get("workspace"))["faults"] == []


async def test_envelopes_doubled_late_withheld_and_dropped(app: AsyncApp, slack: DevSlack, control: Control) -> None:
    heard: list[str] = []

    @app.command("/raw")
    async def raw(ack: Any, command: dict[str, str]) -> None:
        heard.append(command["text"])
        await ack()

    async def typed(words: str) -> dict[str, Any]:
        return await control.post("command", user="U0ANNA", channel="C0APP", text=f"/raw {words}")

    async with connected(app, slack):
        await control.post("faults", kind="duplicate", method="slash_commands", times=3, count=1)
        assert (await typed("tripled"))["acknowledged"]
        assert (await typed("single"))["acknowledged"]
        assert sorted(heard) == ["single", "tripled", "tripled", "tripled"]
        await control.post("faults", kind="withhold", count=1)
        answer = await typed("withheld")
        assert (answer["acknowledged"], answer["delivered"]) == (False, False)
        assert "withheld" not in heard
        await control.post("faults", kind="late", seconds=0.2, count=1)
        assert (await typed("late"))["ms"] >= 200
        slack.deliveries.timing = HASTY
        await control.post("faults", kind="late", seconds=0.6, count=1)
        assert not (await typed("too late"))["acknowledged"]
        await control.post("faults", kind="drop_socket", count=1)
        await typed("dropped")
        assert len(slack.sockets) == 0
    faults = [d.get("faults") for d in (await control.get("log", deliveries="1"))["deliveries"]]
    assert faults == [["duplicate"], None, ["withhold"], ["late"], ["late"], ["drop_socket"]]


async def test_posting_is_limited_by_channel_and_the_rest_by_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "bot.devslack.web_api.rate_limits.time", SimpleNamespace(monotonic=lambda: 1000.0)
    )  # nothing is given back
    async with DevSlack(workspace=WORKSPACE, manifest=MANIFEST) as slack, controlling(slack) as control:
        client = web_client(slack)
        for _ in range(BURST[Tier.POSTING]):
            await post(client)
        for channel in ("C0APP", "#approvals"):
            with pytest.raises(SlackApiError, match="ratelimited") as limited:
                await post(client, channel)
            assert limited.value.response.headers["Retry-After"] == "1"
        await post(client, "C0GENERAL")
        await post(client, "U0ANNA")
        for _ in range(BURST[Tier.TWO]):
            await client.users_list()
        with pytest.raises(SlackApiError, match="ratelimited") as limited:
            await client.users_list()
        assert 1 <= int(limited.value.response.headers["Retry-After"]) <= 3
        await client.usergroups_list()
        assert (await control.post("rates", rates="off"))["ok"]
        await post(client)
        assert (await control.post("rates", rates="fast"))["error"] == "bad_request"
        assert (await control.post("rates", rates="slack", scale=0))["error"] == "bad_request"
        assert (await control.post("rates", rates="slack", scale=2))["scale"] == 2
        await post(client)


def test_a_bucket_refills_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("bot.devslack.web_api.rate_limits.time.monotonic", lambda: now)
    limiter, posting = Limiter("slack"), METHODS["chat.postMessage"]

    def passes() -> bool:
        try:
            limiter.check(posting, "C1")
        except SlackError as error:
            return error.code != "ratelimited"
        return True

    def taken() -> int:
        count = 0
        while passes():
            count += 1
        return count

    assert taken() == BURST[Tier.POSTING]
    now += 2
    assert taken() == 2
    now += 3600
    assert taken() == BURST[Tier.POSTING]


def test_a_workspace_has_a_limit_of_its_own_and_rates_can_be_scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("bot.devslack.web_api.rate_limits.time.monotonic", lambda: now)
    limiter, posting = Limiter("slack", scale=2), METHODS["chat.postMessage"]
    per_minute, burst = OF_WORKSPACE
    for number in range(burst):
        limiter.check(posting, f"C{number}")
    with pytest.raises(SlackError, match="ratelimited"):
        limiter.check(posting, "D0")
    now += 60 * 10 / (per_minute * 2)
    for number in range(10):
        limiter.check(posting, f"D{number}")
    with pytest.raises(SlackError, match="ratelimited"):
        limiter.check(posting, "E1")


def test_every_kind_of_trouble_is_drawn_somewhere() -> None:
    faults = Faults()
    faults.arm([{"kind": kind} for kind in FaultKind])
    drawn = {*faults.draw("x", calls=True), *faults.draw("x", calls=False)}
    assert drawn == set(FaultKind)
    assert json.dumps(faults.as_json())
