"""Socket Mode, frame by frame: tickets, hello, turns, acknowledgements, redelivery, refresh."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from tests.bot.devslack.conftest import (
    HASTY,
    MANIFEST,
    PATIENCE,
    PATIENT,
    WORKSPACE,
    Control,
    Json,
    connected,
    controlling,
    until,
    web_client,
)

Socket = aiohttp.ClientWebSocketResponse


async def ticket(slack: DevSlack) -> str:
    return str((await web_client(slack).apps_connections_open(app_token=slack.app_token))["url"])


@asynccontextmanager
async def plugged(slack: DevSlack) -> AsyncIterator[Socket]:
    """A bare socket that has been greeted and acknowledges nothing by itself."""
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket(slack)) as socket:
        hello = await socket.receive_json(timeout=PATIENCE)
        assert hello["type"] == "hello"
        assert hello["connection_info"] == {"app_id": slack.workspace.app.id}
        yield socket


async def acknowledge(socket: Socket, envelope: Json, payload: Any = None) -> None:
    answer = {"envelope_id": envelope["envelope_id"], **({"payload": payload} if payload is not None else {})}
    await socket.send_str(json.dumps(answer))


async def test_a_ticket_is_good_once(slack: DevSlack) -> None:
    url = await ticket(slack)
    assert url.startswith(f"ws://127.0.0.1:{slack.port}/socket/?ticket=")
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json(timeout=PATIENCE))["num_connections"] == 1
        for used in (url, url.replace("ticket=", "ticket=x")):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await session.ws_connect(used)


async def test_envelopes_and_their_answers(slack: DevSlack, control: Control) -> None:
    async with plugged(slack) as socket:
        typed = asyncio.create_task(control.post("command", user="U0ANNA", channel="C0APP", text="/raw x"))
        envelope = await socket.receive_json(timeout=PATIENCE)
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert "retry_attempt" not in envelope
        await acknowledge(socket, {"envelope_id": "somebody-elses"})
        await socket.send_str("not json")
        await acknowledge(socket, envelope, {"text": "hi"})
        answer = await typed
        assert (answer["acknowledged"], answer["answer"]) == (True, {"text": "hi"})
        assert answer["ms"] > 0


async def test_sockets_take_turns(slack: DevSlack, control: Control) -> None:
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(plugged(slack)) for _ in range(3)]
        heard = [0, 0, 0]

        async def listen(place: int) -> None:
            async for message in sockets[place]:
                heard[place] += 1
                await acknowledge(sockets[place], json.loads(message.data))

        tasks = [asyncio.create_task(listen(place)) for place in range(3)]
        for _ in range(9):
            assert (await control.post("command", user="U0ANNA", channel="C0APP", text="/raw"))["acknowledged"]
        assert heard == [3, 3, 3]
        assert (await control.get("workspace"))["app"]["connections"] == 3
        for task in tasks:
            task.cancel()


async def test_ten_sockets_and_no_more(slack: DevSlack) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(plugged(slack))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        eleventh = await stack.enter_async_context(session.ws_connect(await ticket(slack)))
        assert (await eleventh.receive_json(timeout=PATIENCE))["reason"] == "too_many_websockets"
        assert (await eleventh.receive(timeout=PATIENCE)).type is aiohttp.WSMsgType.CLOSE


async def test_an_unacknowledged_event_comes_again_and_a_click_does_not(slack: DevSlack, control: Control) -> None:
    async with plugged(slack) as socket:
        slack.deliveries.timing = HASTY
        opened = asyncio.create_task(control.post("open_home", user="U0ANNA"))
        first = await socket.receive_json(timeout=PATIENCE)
        assert (first["type"], first["retry_attempt"], first["accepts_response_payload"]) == ("events_api", 0, False)
        slack.deliveries.timing = PATIENT
        second = await socket.receive_json(timeout=PATIENCE)
        assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
        assert second["payload"] == first["payload"], "the same event, with the same event_id"
        await acknowledge(socket, second)
        assert not (await opened)["acknowledged"]
        slack.deliveries.timing = HASTY
        typed = await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
        assert (typed["acknowledged"], typed["reason"]) == (False, "timeout")
        assert (await socket.receive_json(timeout=PATIENCE))["type"] == "slash_commands"
        quiet = asyncio.create_task(socket.receive())
        await asyncio.sleep(0.3)
        assert not quiet.done(), "neither the acknowledged event nor the command came again"
        quiet.cancel()


async def test_an_event_is_given_up_after_three_retries(slack: DevSlack, control: Control) -> None:
    async with plugged(slack) as socket:
        slack.deliveries.timing = HASTY
        await control.post("user", id="U0ANNA", title="Chief")
        attempts = [(await socket.receive_json(timeout=PATIENCE))["retry_attempt"] for _ in range(4)]
        assert attempts == [0, 1, 2, 3]


async def test_bolt_reconnects_when_told_to_refresh(app: AsyncApp, slack: DevSlack, control: Control) -> None:
    @app.command("/raw")
    async def raw(ack: Any) -> None:
        await ack("still here")

    async with connected(app, slack):
        slack.sockets.arrived.clear()
        await control.post("faults", kind="refresh_socket", now=True, reason="warning")
        await asyncio.wait_for(slack.sockets.arrived.wait(), PATIENCE)
        answer = await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
        assert answer["answer"] == {"text": "still here"}


async def test_bolt_comes_back_after_its_socket_was_dropped(app: AsyncApp, slack: DevSlack, control: Control) -> None:
    @app.command("/raw")
    async def raw(ack: Any) -> None:
        await ack("back")

    async with connected(app, slack):
        await control.post("faults", kind="drop_socket", now=True)
        assert len(slack.sockets) == 0
        await asyncio.wait_for(slack.sockets.arrived.wait(), PATIENCE)
        answer = await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
        assert answer["answer"] == {"text": "back"}


async def test_an_app_that_is_reached_over_http_gets_no_socket() -> None:
    delivery = {"request_url": "http://127.0.0.1:9/"}
    async with DevSlack(workspace=WORKSPACE, manifest=MANIFEST, delivery=delivery, timing=PATIENT) as slack:
        async with aiohttp.ClientSession() as session, session.ws_connect(await ticket(slack)) as socket:
            assert (await socket.receive_json(timeout=PATIENCE))["reason"] == "link_disabled"
        async with controlling(slack) as control:
            answer = await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
            assert (answer["acknowledged"], answer["reason"]) == (False, "connection_failed")


async def test_what_slack_sends_about_people_and_groups(
    app: AsyncApp, slack: DevSlack, client: AsyncWebClient, control: Control
) -> None:
    heard: list[Json] = []
    for name in ("user_change", "team_join", "subteam_created", "subteam_updated", "subteam_members_changed"):

        @app.event(name)
        async def note(body: Json) -> None:
            heard.append(body)

    async with connected(app, slack):
        await control.post("user", id="U0BEN", is_restricted=True)
        await control.post("user", id="U0NEW", name="new", real_name="New Person")
        await control.post("usergroup", id="S0NEW", handle="new", name="New", users=["U0ANNA"])
        await control.post("usergroup", id="S0NEW", users=["U0BEN"], name="Renamed")
        await until(lambda: len(heard) == 5)
    events = [body["event"] for body in heard]
    assert [e["type"] for e in events] == [
        "user_change",
        "team_join",
        "subteam_created",
        "subteam_updated",
        "subteam_members_changed",
    ]
    assert events[0]["user"]["is_restricted"]
    assert events[0]["user"]["real_name"] == "Ben Ode", "what was not named stays"
    assert events[1]["user"]["id"] == "U0NEW"
    assert events[3]["subteam"]["name"] == "Renamed"
    assert (events[4]["added_users"], events[4]["removed_users"]) == (["U0BEN"], ["U0ANNA"])
    assert heard[0]["authorizations"][0]["user_id"] == slack.workspace.app.bot_user
    assert heard[0]["api_app_id"] == slack.workspace.app.id
    assert (await client.users_info(user="U0NEW"))["user"]["name"] == "new"
