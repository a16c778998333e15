"""Commands, clicks, menus, suggestions, messages and response URLs, with a real Bolt app on Socket Mode."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.devslack import DevSlack
from tests.bot.devslack.conftest import HASTY, Control, Json, button, connected, field, modal, text, until

OPTIONS = [{"text": text(n), "value": n} for n in ("one", "two")]


@pytest.fixture
async def bodies(app: AsyncApp, slack: DevSlack) -> AsyncIterator[list[Json]]:
    """What the app was sent, by listeners that acknowledge everything."""
    seen: list[Json] = []

    async def note(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    app.command("/raw")(note)
    app.action({"action_id": "press"})(note)
    app.action({"action_id": "menu"})(note)
    app.action({"action_id": "a"})(note)
    app.event("user_change")(ignore)
    async with connected(app, slack):
        yield seen


async def ignore() -> None:
    """What is acknowledged and no more."""


async def posted(client: AsyncWebClient, *elements: Json, channel: str = "C0APP") -> str:
    block = {"type": "actions", "block_id": "row", "elements": list(elements)}
    return str((await client.chat_postMessage(channel=channel, text="x", blocks=[block], metadata=NOTE))["ts"])


NOTE = {"event_type": "note", "event_payload": {}}


async def test_a_command_carries_what_bolt_reads(bodies: list[Json], control: Control) -> None:
    answer = await control.post("command", user="U0ANNA", channel="#general", text="  /raw one  two ")
    assert (answer["ok"], answer["acknowledged"], answer["answer"]) == (True, True, None)
    [body] = bodies
    assert body["command"] == "/raw"
    assert body["text"] == "one  two"
    assert (body["channel_id"], body["channel_name"], body["user_id"], body["user_name"]) == (
        "C0GENERAL",
        "general",
        "U0ANNA",
        "anna",
    )
    assert (body["team_id"], body["team_domain"], body["is_enterprise_install"]) == ("T0ACME", "acme", "false")
    assert {"token", "api_app_id", "response_url", "trigger_id"} <= set(body)


@pytest.mark.parametrize(
    ("command", "typed", "arrives"),
    [
        ("/raw", "@ben & <x> #general", "@ben &amp; &lt;x&gt; #general"),
        ("/trial", "@ben, tell #approvals.", "<@U0BEN|ben>, tell <#C0APP|approvals>."),
        ("/trial", "@nobody #nowhere me@acme.example", "@nobody #nowhere me@acme.example"),
        ("/trial", "<@U0BEN> <!channel> a&b", "<@U0BEN> &lt;!channel&gt; a&amp;b"),
        ("/trial", "see https://x.example/?a=1&b=2", "see <https://x.example/?a=1&amp;b=2>"),
    ],
)
async def test_what_is_typed_is_escaped(control: Control, command: str, typed: str, arrives: str) -> None:
    await control.post("command", user="U0ANNA", channel="C0APP", text=f"{command} {typed}")
    delivery = (await control.get("log", deliveries="1"))["deliveries"][-1]
    assert delivery["payload"]["text"] == arrives


async def test_commands_that_the_client_does_not_send(bodies: list[Json], control: Control) -> None:
    async def error(**request: str) -> str:
        return str((await control.post("command", **request))["error"])

    assert await error(user="U0ANNA", channel="C0APP", text="/nothing") == "unknown_command"
    assert await error(user="U0ANNA", channel="C0APP", text="hello") == "unknown_command"
    assert await error(user="U0BEN", channel="C0SECRET", text="/raw") == "channel_not_found"
    assert await error(user="U0GUEST", channel="C0APP", text="/raw") == "channel_not_found"
    assert await error(user="U0NOBODY", channel="C0APP", text="/raw") == "user_not_found"
    assert await error(user="U0ANNA", channel="C0APP", text="/raw", thread_ts="1.0") == "not_in_threads"
    assert await error(user="U0ANNA", channel="C0APP") == "bad_request"
    assert bodies == []


async def test_answers_to_a_command_are_private_unless_they_say_so(
    app: AsyncApp, slack: DevSlack, control: Control
) -> None:
    @app.command("/trial")
    async def trial(ack: Any, command: Json) -> None:
        if command["text"] == "all":
            await ack(text="for all", response_type="in_channel")
        elif command["text"] == "bad":
            await ack(blocks=[{"type": "sektion"}])
        else:
            await ack("for you")

    async with connected(app, slack):
        await control.post("command", user="U0ANNA", channel="C0APP", text="/trial")
        await control.post("command", user="U0ANNA", channel="C0APP", text="/trial all")
        assert [m["text"] for m in await control.messages("U0ANNA", "C0APP")] == ["for you", "for all"]
        assert [m["text"] for m in await control.messages("U0BEN", "C0APP")] == ["for all"]
        bad = await control.post("command", user="U0ANNA", channel="C0APP", text="/trial bad")
    assert (bad["ok"], bad["error"], bad["acknowledged"]) == (False, "invalid_answer", True)
    assert "unsupported type: sektion [json-pointer:/blocks/0/type]" in bad["errors"]


async def test_a_command_nobody_answers(app: AsyncApp, slack: DevSlack, control: Control) -> None:
    gone = await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
    assert (gone["ok"], gone["acknowledged"], gone["reason"]) == (True, False, "no_socket")
    async with connected(app, slack):
        slack.deliveries.timing = HASTY
        unheard = await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
    assert (unheard["acknowledged"], unheard["reason"]) == (False, "timeout")
    words = [m["text"] for m in await control.messages("U0ANNA", "C0APP")]
    assert words == ['/raw failed with the error "dispatch_failed"', '/raw failed with the error "operation_timeout"']


async def test_a_click_carries_what_bolt_reads(bodies: list[Json], client: AsyncWebClient, control: Control) -> None:
    ts = await posted(client, button("press", "v1", style="primary"))
    answer = await control.post("click", user="U0ANNA", channel="C0APP", ts=ts, action_id="press")
    assert answer["acknowledged"]
    [body] = bodies
    assert body["user"] == {"id": "U0ANNA", "username": "anna", "name": "anna", "team_id": "T0ACME"}
    assert body["team"] == {"id": "T0ACME", "domain": "acme"}
    assert body["container"] == {"type": "message", "message_ts": ts, "channel_id": "C0APP", "is_ephemeral": False}
    assert body["channel"] == {"id": "C0APP", "name": "approvals"}
    assert body["message"]["ts"] == ts
    assert "metadata" not in body["message"]
    [action] = body["actions"]
    assert float(action.pop("action_ts")) > float(ts)
    assert action == {
        "action_id": "press",
        "block_id": "row",
        "type": "button",
        "text": text("Press"),
        "value": "v1",
        "style": "primary",
    }
    assert {"api_app_id", "token", "trigger_id", "response_url", "state", "enterprise"} <= set(body)


async def test_only_what_is_there_now_can_be_pressed(
    bodies: list[Json], client: AsyncWebClient, control: Control
) -> None:
    ts = await posted(client, button("press", "v1"), button("other"))
    press = {"user": "U0ANNA", "channel": "C0APP", "ts": ts}
    assert (await control.post("click", **press, action_id="absent"))["error"] == "no_such_element"
    assert (await control.post("click", **press, action_id="press", value="forged"))["error"] == "no_such_element"
    assert (await control.post("click", **press, action_id="press", block_id="elsewhere"))["error"] == "no_such_element"
    assert (await control.post("click", **{**press, "ts": "1.000000"}, action_id="press"))[
        "error"
    ] == "message_not_found"
    assert (await control.post("click", **{**press, "user": "U0GUEST"}, action_id="press"))[
        "error"
    ] == "channel_not_found"
    await client.chat_update(channel="C0APP", ts=ts, text="closed", blocks=[])
    assert (await control.post("click", **press, action_id="press"))["error"] == "no_such_element"
    assert bodies == []


async def test_strangers_and_leavers_can_be_made_to_click(
    bodies: list[Json], client: AsyncWebClient, control: Control
) -> None:
    ts = await posted(client, button("press"))
    click = {"channel": "C0APP", "ts": ts, "action_id": "press"}
    assert (await control.post("click", user="U0ELSE", team="T999", **click))["acknowledged"]
    assert (await control.post("click", user="U0ANNA", team="T999", **click))["acknowledged"]
    assert (bodies[0]["user"]["id"], bodies[0]["user"]["team_id"], bodies[0]["team"]["id"]) == (
        "U0ELSE",
        "T999",
        "T999",
    )
    assert bodies[1]["user"]["team_id"] == "T999"
    await control.post("user", id="U0BEN", deleted=True)
    assert (await control.post("click", user="U0BEN", **click))["acknowledged"]
    assert (await control.post("command", user="U0ELSE", team="T999", channel="C0APP", text="/raw"))["acknowledged"]
    assert bodies[-1]["team_id"] == "T999"


async def test_menus_in_messages_have_a_state_per_person(
    bodies: list[Json], client: AsyncWebClient, control: Control
) -> None:
    ts = await posted(
        client,
        {"type": "static_select", "action_id": "menu", "options": OPTIONS},
        {"type": "overflow", "action_id": "a", "options": OPTIONS},
        button("press"),
    )
    where = {"channel": "C0APP", "ts": ts}
    await control.post("click", user="U0ANNA", **where, action_id="menu", value="two")
    await control.post("click", user="U0ANNA", **where, action_id="a", value="one")
    await control.post("click", user="U0ANNA", **where, action_id="press")
    await control.post("click", user="U0BEN", **where, action_id="press")
    chosen, flowed, anna, ben = bodies
    assert chosen["actions"][0]["selected_option"] == OPTIONS[1]
    assert flowed["actions"][0]["selected_option"] == OPTIONS[0]
    assert anna["state"]["values"] == {"row": {"menu": {"type": "static_select", "selected_option": OPTIONS[1]}}}
    assert ben["state"]["values"]["row"]["menu"]["selected_option"] is None
    wrong = await control.post("click", user="U0ANNA", **where, action_id="menu", value="three")
    assert wrong["error"] == "bad_value"


async def test_inputs_tell_the_app_only_when_they_should(
    bodies: list[Json], client: AsyncWebClient, control: Control
) -> None:
    await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
    view = modal(field("quiet"), field("loud", dispatch_action=True))
    opened = (await client.views_open(trigger_id=bodies[0]["trigger_id"], view=view))["view"]["id"]
    typed = {"user": "U0ANNA", "view_id": opened, "action_id": "a"}
    assert not (await control.post("input", **typed, block_id="quiet", value="x"))["delivered"]
    assert (await control.post("input", **typed, block_id="loud", value="y"))["acknowledged"]
    body = bodies[-1]
    assert body["actions"][0]["value"] == "y"
    assert body["view"]["state"]["values"]["quiet"]["a"]["value"] == "x"
    assert body["container"] == {"type": "view", "view_id": opened}


@pytest.mark.usefixtures("bodies")
async def test_suggestions_come_from_the_app(app: AsyncApp, client: AsyncWebClient, control: Control) -> None:
    @app.options("search")
    async def search(ack: Any, payload: Json) -> None:
        if payload["value"] == "bad":
            await ack(options=[{"text": "not an object", "value": "x"}])
        else:
            await ack(options=[{"text": text(payload["value"]), "value": payload["value"]}])

    ts = await posted(client, {"type": "external_select", "action_id": "search", "min_query_length": 2})
    where = {"user": "U0ANNA", "channel": "C0APP", "ts": ts, "block_id": "row", "action_id": "search"}
    found = await control.post("suggest", **where, value="api")
    assert found["ok"]
    assert found["options"] == [{"text": text("api"), "value": "api"}]
    assert (await control.post("suggest", **where, value="a"))["options"] == []
    assert (await control.post("suggest", **where, value="bad"))["error"] == "invalid_answer"
    wrong = await posted(client, button("press"))
    assert (await control.post("suggest", **{**where, "ts": wrong, "action_id": "press"}, value="x"))[
        "error"
    ] == "bad_value"


async def test_messages_reach_the_app_where_it_listens(app: AsyncApp, slack: DevSlack, control: Control) -> None:
    heard: list[Json] = []

    @app.event("message")
    async def on_message(event: Json) -> None:
        heard.append(event)

    @app.event("app_mention")
    async def on_mention(event: Json) -> None:
        heard.append(event)

    async with connected(app, slack):
        dm = await control.dm("U0ANNA")
        said = await control.post("message", user="U0ANNA", channel=dm, text="hello <app>")
        assert said["acknowledged"]
        assert not (await control.post("message", user="U0ANNA", channel="C0GENERAL", text="not there"))["delivered"]
        await control.post("message", user="U0ANNA", channel="C0APP", text="hey @trial")
        await until(lambda: len(heard) == 3)
    assert (heard[0]["text"], heard[0]["channel_type"], heard[0]["ts"]) == ("hello &lt;app&gt;", "im", said["ts"])
    assert [(e["type"], e["channel"]) for e in heard[1:]] == [("message", "C0APP"), ("app_mention", "C0APP")]
    assert heard[2]["text"].startswith(f"hey <@{slack.workspace.app.bot_user}")
    outside = await control.post("message", user="U0CARO", channel="C0APP", text="x")
    assert outside["error"] == "not_in_channel"
    assert (await control.post("message", user="U0ANNA", channel="C0OLD", text="x"))["error"] == "is_archived"


async def test_response_urls_answer_five_times(bodies: list[Json], control: Control) -> None:
    await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
    webhook = AsyncWebhookClient(bodies[0]["response_url"])
    for n in range(5):
        assert (await webhook.send(text=str(n), response_type="in_channel" if n else "ephemeral")).body == "ok"
    sixth = await webhook.send(text="six")
    assert (sixth.status_code, sixth.body) == (404, '{"ok":false,"error":"used_url"}')
    assert [m["text"] for m in await control.messages("U0BEN", "C0APP")] == ["1", "2", "3", "4"]
    assert (await control.messages("U0ANNA", "C0APP"))[0]["text"] == "0"
    calls = [c for c in (await control.get("log"))["calls"] if c["method"] == "response_url"]
    assert [c["status"] for c in calls] == [200] * 5 + [404]


async def test_response_urls_replace_and_delete(bodies: list[Json], client: AsyncWebClient, control: Control) -> None:
    ts = await posted(client, button("press"))
    await control.post("click", user="U0ANNA", channel="C0APP", ts=ts, action_id="press")
    webhook = AsyncWebhookClient(bodies[-1]["response_url"])
    await webhook.send(text="replaced", replace_original=True)
    [message] = await control.messages("U0ANNA", "C0APP")
    assert (message["ts"], message["text"], "blocks" in message) == (ts, "replaced", False)
    await webhook.send(text="", delete_original=True)
    assert await control.messages("U0ANNA", "C0APP") == []
    assert (await webhook.send(text="x", replace_original=True)).status_code == 404
    refused = await webhook.send(blocks=[{"type": "sektion"}])
    assert refused.status_code == 400
    assert "invalid_blocks" in refused.body
    async with aiohttp.ClientSession() as session, session.post(webhook.url, data="not json") as response:
        assert (await response.json())["error"] == "invalid_payload"


async def test_ephemeral_messages_can_be_pressed_and_replaced(
    bodies: list[Json], client: AsyncWebClient, control: Control
) -> None:
    block = {"type": "actions", "elements": [button("press")]}
    await client.chat_postEphemeral(channel="C0APP", user="U0ANNA", text="sure?", blocks=[block])
    [message] = await control.messages("U0ANNA", "C0APP")
    click = {"channel": "C0APP", "ts": message["ts"], "action_id": "press"}
    assert (await control.post("click", user="U0BEN", **click))["error"] == "message_not_found"
    await control.post("click", user="U0ANNA", **click)
    assert bodies[-1]["container"]["is_ephemeral"]
    assert "message" not in bodies[-1]
    webhook = AsyncWebhookClient(bodies[-1]["response_url"])
    await webhook.send(text="done", replace_original=True)
    assert [m["text"] for m in await control.messages("U0ANNA", "C0APP")] == ["done"]
    await webhook.send(text="", delete_original=True)
    assert await control.messages("U0ANNA", "C0APP") == []
