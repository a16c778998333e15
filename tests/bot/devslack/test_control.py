"""What the page and the tests rely on: the workspace's description, visibility, the event stream, reset, administration."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from tests.bot.devslack.conftest import PATIENCE, Control, Json, button


async def test_the_workspace_describes_itself(slack: DevSlack, control: Control) -> None:
    about = await control.get("workspace")
    assert about["team"] == {"id": "T0ACME", "name": "Acme", "domain": "acme"}
    assert about["app"]["name"] == "Trial App"
    assert about["app"]["bot_user"] == slack.workspace.app.bot_user
    assert about["commands"][0] == {"command": "/trial", "description": "Try things", "usage_hint": "[anything]"}
    assert about["snippets"] == [{"label": "A text", "text": "some text to paste"}]
    assert about["now"] > 1_700_000_000


async def test_people_and_what_each_sees(slack: DevSlack, control: Control) -> None:
    users = {u["id"]: u for u in (await control.get("users"))["users"]}
    assert users["U0GONE"]["deleted"]
    assert slack.workspace.app.bot_user in users
    assert "USLACKBOT" not in users
    anna = (await control.get("channels", user="U0ANNA"))["channels"]
    assert [c["id"] for c in anna[:-1]] == ["C0GENERAL", "C0APP", "C0SECRET", "C0OLD"]
    assert (anna[-1]["is_im"], anna[-1]["user"]) == (True, slack.workspace.app.bot_user)
    guest = (await control.get("channels", user="U0GUEST"))["channels"]
    assert [c["is_im"] for c in guest] == [True]
    assert (await control.get("channels", user="U0GONE"))["channels"] == []
    assert (await control.get("messages", user="U0CARO", channel="C0APP"))["ok"], "public channels are open to members"
    assert (await control.get("messages", user="U0GUEST", channel="C0APP"))["error"] == "channel_not_found"
    assert (await control.get("messages", user="U0BEN", channel="C0SECRET"))["error"] == "channel_not_found"
    assert (await control.get("channels"))["error"] == "bad_request"


@asynccontextmanager
async def listening(control: Control, user: str) -> AsyncIterator[asyncio.Queue[Json]]:
    """The changes that this person is told of, as they come."""
    changes: asyncio.Queue[Json] = asyncio.Queue()
    async with control.session.get("/_control/events", params={"user": user}) as response:
        assert response.content_type == "text/event-stream"
        assert await response.content.readline() == b": listening\n"

        async def read() -> None:
            async for line in response.content:
                if line.startswith(b"data: "):
                    changes.put_nowait(json.loads(line.removeprefix(b"data: ")))

        reader = asyncio.create_task(read())
        yield changes
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)


async def test_the_stream_tells_each_what_they_could_see(client: AsyncWebClient, control: Control) -> None:
    async with listening(control, "U0ANNA") as anna, listening(control, "U0GUEST") as guest:
        ts = (await client.chat_postMessage(channel="C0APP", text="x"))["ts"]
        await client.chat_update(channel="C0APP", ts=ts, text="y")
        await client.chat_delete(channel="C0APP", ts=ts)
        await client.chat_postEphemeral(channel="C0APP", user="U0ANNA", text="x")
        await client.chat_postEphemeral(channel="C0APP", user="U0BEN", text="x")
        home = (await client.views_publish(user_id="U0ANNA", view={"type": "home", "blocks": []}))["view"]["id"]
        await control.post("channel", id="C0NEW", name="new", members=["U0BEN"])
        told = [await asyncio.wait_for(anna.get(), PATIENCE) for _ in range(6)]
        assert [t["type"] for t in told] == [
            "message",
            "message_changed",
            "message_deleted",
            "ephemeral",
            "home",
            "channel",
        ]
        assert told[0] == {"channel": "C0APP", "type": "message", "ts": ts}
        assert told[4]["view_id"] == home
        await control.post("channel", id="C0NEW", members=["U0GUEST"], is_private=True)
        assert (await asyncio.wait_for(guest.get(), PATIENCE)) == {"type": "channel", "channel": "C0NEW"}, (
            "the first they hear"
        )
        assert (await asyncio.wait_for(anna.get(), PATIENCE))["type"] == "channel", "it is taken from her sight"
        await control.post("channel", id="C0NEW", name="newer")
        assert (await asyncio.wait_for(guest.get(), PATIENCE))["type"] == "channel"
        assert anna.empty()


async def test_reset_takes_everything_back(slack: DevSlack, client: AsyncWebClient, control: Control) -> None:
    block = {"type": "actions", "elements": [button("press")]}
    await client.chat_postMessage(channel="C0APP", text="x", blocks=[block])
    await client.views_publish(user_id="U0ANNA", view={"type": "home", "blocks": []})
    await control.post("user", id="U0BEN", deleted=True)
    await control.post("channel", id="C0NEW", name="new")
    await control.post("faults", kind="error", error="fatal_error")
    assert (await control.post("reset"))["ok"]
    assert await control.messages("U0ANNA", "C0APP") == []
    assert (await control.get("views", user="U0ANNA"))["home"] is None
    assert (await control.get("log"))["calls"] == []
    assert not slack.workspace.people.users["U0BEN"]["deleted"]
    assert "C0NEW" not in slack.workspace.channels
    assert (await client.auth_test())["ok"], "tokens stay, faults are gone"


async def test_channels_come_and_change(client: AsyncWebClient, control: Control) -> None:
    ts = (await client.chat_postMessage(channel="C0APP", text="kept"))["ts"]
    made = await control.post("channel", id="C0NEW", name="new", members=["U0ANNA"], app_is_member=True)
    assert made["channel"]["is_member"]
    await control.post("channel", id="C0APP", name="renamed", is_private=True)
    assert (await client.chat_postMessage(channel="#renamed", text="x"))["channel"] == "C0APP"
    assert (await control.messages("U0ANNA", "C0APP"))[0]["ts"] == ts
    assert (await control.get("messages", user="U0CARO", channel="C0APP"))["error"] == "channel_not_found"
    assert (await control.post("channel", id="C0NEW", name="general"))["error"] == "bad_channel"
    assert (await control.post("channel", id="C0NEW", members=["U0NOBODY"]))["error"] == "bad_channel"
    assert "name" in (await control.post("channel", id="C0MORE"))["detail"]


async def test_people_and_groups_that_cannot_be(control: Control) -> None:
    assert (await control.post("user", id="U0BEN", name="anna"))["detail"] == "The name anna is taken."
    assert "tz" in (await control.post("user", id="U0BEN", tz="Mars/Base"))["detail"]
    assert (await control.post("user", id="U0BEN", rank="chief"))["error"] == "bad_user"
    assert (await control.post("usergroup", id="S0PKI", users=["U0NOBODY"]))["error"] == "bad_usergroup"
    assert (await control.post("usergroup", id="S0X"))["error"] == "bad_usergroup"


async def test_a_message_can_be_taken_away_under_the_app(client: AsyncWebClient, control: Control) -> None:
    ts = (await client.chat_postMessage(channel="C0APP", text="x"))["ts"]
    assert (await control.post("delete_message", channel="C0APP", ts=ts))["ok"]
    assert (await control.post("delete_message", channel="C0APP", ts=ts))["error"] == "message_not_found"


async def test_requests_that_are_none(control: Control) -> None:
    async with control.session.post(
        "/_control/command", data="{", headers={"Content-Type": "application/json"}
    ) as response:
        assert (response.status, (await response.json())["detail"]) == (400, "The body is not JSON.")
    async with control.session.post("/_control/command", json=[]) as response:
        assert (response.status, (await response.json())["error"]) == (400, "bad_request")
    async with control.session.get("/_control/nothing") as response:
        assert response.status == 404
        answer = await response.json()
        assert (answer["ok"], answer["error"]) == (False, "unknown_path")
    bad_values = await control.post("view_submit", user="U0ANNA", view_id="V1", values={"b": "x"})
    assert bad_values["error"] == "bad_request"
    bad_since = await control.get("log", since="yesterday")
    assert bad_since["error"] == "bad_request"


async def test_the_page_is_served_beside_the_apis(control: Control) -> None:
    async with control.session.get("/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
    async with control.session.get("/no-such-thing") as response:
        assert response.status == 404


async def test_a_known_stranger_sees_only_where_they_are_a_member(control: Control) -> None:
    await control.post("user", id="U0FAR", name="far", real_name="Far Away", team_id="T0OTHER")
    assert (await control.get("messages", user="U0FAR", channel="C0APP"))["error"] == "channel_not_found"
    await control.post("channel", id="C0APP", members=["U0FAR"])
    assert (await control.get("messages", user="U0FAR", channel="C0APP"))["ok"]
    typed = await control.post("command", user="U0FAR", channel="C0APP", text="/raw")
    assert typed["ok"]
    delivery = (await control.get("log", deliveries="1"))["deliveries"][-1]
    assert delivery["payload"]["team_id"] == "T0OTHER"


async def test_the_latest_messages_only(client: AsyncWebClient, control: Control) -> None:
    for n in range(4):
        await client.chat_postMessage(channel="C0APP", text=str(n))
    answer = await control.get("messages", user="U0ANNA", channel="C0APP", limit="2")
    assert [m["text"] for m in answer["messages"]] == ["2", "3"]
