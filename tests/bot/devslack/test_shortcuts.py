"""Global and message shortcuts, over a socket and over HTTP, and who is offered which."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import BadFile, DevSlack
from bot.devslack.workspace.manifest import load_manifest
from tests.bot.devslack.conftest import (
    MANIFEST,
    WORKSPACE,
    Control,
    Json,
    connected,
    controlling,
    field,
    free_port,
    modal,
    over_http,
    web_client,
)


def opening(app: AsyncApp) -> list[Json]:
    """Let *app* answer each shortcut with a form; what it was sent."""
    seen: list[Json] = []

    async def show(ack: Any, body: Json, client: AsyncWebClient) -> None:
        seen.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field("f")))

    app.shortcut({"type": "shortcut", "callback_id": "start"})(show)
    app.shortcut({"type": "message_action", "callback_id": "with_this"})(show)
    return seen


async def test_a_global_shortcut_opens_a_form(app: AsyncApp, control: Control, slack: DevSlack) -> None:
    seen = opening(app)
    async with connected(app, slack):
        answer = await control.post("shortcut", user="U0CARO", callback_id="start")
    assert answer["acknowledged"], answer
    [body] = seen
    assert (body["type"], body["callback_id"], body["user"]["id"]) == ("shortcut", "start", "U0CARO")
    assert {"token", "team", "api_app_id", "action_ts"} <= set(body)
    assert not {"channel", "message", "response_url"} & set(body), "Slack does not say where it was used"
    assert (await control.modal("U0CARO"))["callback_id"] == "form"


async def test_a_message_shortcut_carries_the_message_also_where_the_app_is_not(
    app: AsyncApp, control: Control, slack: DevSlack
) -> None:
    seen = opening(app)
    async with connected(app, slack):
        files = [{"name": "a.txt", "content": "a"}]
        said = await control.post("message", user="U0ANNA", channel="C0SECRET", text="a < b", files=files)
        answer = await control.post(
            "shortcut", user="U0ANNA", callback_id="with_this", channel="C0SECRET", ts=said["ts"]
        )
    assert answer["acknowledged"], answer
    [body] = seen
    assert (body["type"], body["message_ts"]) == ("message_action", said["ts"])
    assert body["channel"] == {"id": "C0SECRET", "name": "privategroup"}
    assert (body["message"]["text"], body["message"]["files"][0]["name"]) == ("a &lt; b", "a.txt")
    assert body["response_url"].startswith(slack.url)
    assert (await control.modal("U0ANNA"))["callback_id"] == "form"


async def test_the_same_over_http() -> None:
    port = free_port()
    delivery = {"request_url": f"http://127.0.0.1:{port}/slack/events"}
    async with (
        DevSlack(workspace=WORKSPACE, manifest=MANIFEST, rates="off", delivery=delivery) as slack,
        controlling(slack) as control,
    ):
        app = AsyncApp(client=web_client(slack), signing_secret=slack.signing_secret, process_before_response=True)
        seen = opening(app)
        async with over_http(app, port):
            answer = await control.post("shortcut", user="U0ANNA", callback_id="start")
        assert answer["acknowledged"], answer
        assert [body["callback_id"] for body in seen] == ["start"]


async def test_what_is_not_offered_cannot_be_used(client: AsyncWebClient, control: Control) -> None:
    private = (await control.post("message", user="U0ANNA", channel="C0SECRET", text="x"))["ts"]
    post_ephemeral = (await client.chat_postEphemeral(channel="C0APP", user="U0ANNA", text="x"))["message_ts"]
    for request, error in (
        ({"user": "U0ANNA", "callback_id": "nothing"}, "unknown_shortcut"),
        ({"user": "U0ANNA", "callback_id": "with_this"}, "unknown_shortcut"),
        ({"user": "U0ANNA", "callback_id": "start", "channel": "C0SECRET", "ts": private}, "unknown_shortcut"),
        ({"user": "U0BEN", "callback_id": "with_this", "channel": "C0SECRET", "ts": private}, "channel_not_found"),
        ({"user": "U0ANNA", "callback_id": "with_this", "channel": "C0SECRET", "ts": "1.1"}, "message_not_found"),
        ({"user": "U0ANNA", "callback_id": "with_this", "channel": "C0APP", "ts": post_ephemeral}, "not_offered"),
        ({"user": "U0NOBODY", "callback_id": "start"}, "user_not_found"),
    ):
        assert (await control.post("shortcut", **request))["error"] == error, request


async def test_without_the_scope_there_are_none() -> None:
    manifest = load_manifest(MANIFEST).model_dump()
    manifest["oauth_config"]["scopes"]["bot"] = ["chat:write"]
    async with DevSlack(workspace=WORKSPACE, manifest=manifest, rates="off") as slack, controlling(slack) as control:
        assert (await control.post("shortcut", user="U0ANNA", callback_id="start"))["error"] == "unknown_shortcut"


@pytest.mark.parametrize(
    "change",
    [{"name": "x" * 25}, {"type": "channel"}, {"description": "x" * 151}, {"callback_id": "x" * 256}],
)
def test_a_manifest_that_slack_would_refuse(change: Json) -> None:
    manifest = load_manifest(MANIFEST).model_dump()
    manifest["features"]["shortcuts"] = [{**manifest["features"]["shortcuts"][0], **change}]
    with pytest.raises(BadFile, match=f"shortcuts.0.{next(iter(change))}"):
        load_manifest(manifest)


async def test_a_press_in_a_form_takes_the_other_fields_along(
    app: AsyncApp, client: AsyncWebClient, control: Control, slack: DevSlack
) -> None:
    seen: list[Json] = []

    async def note(ack: Any, body: Json) -> None:
        seen.append(body["view"]["state"]["values"])
        await ack()

    app.action("go")(note)
    press = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    form = modal(field("f"), {"type": "actions", "block_id": "row", "elements": [press]})
    async with connected(app, slack):
        trigger = slack.workspace.temporary_keys.trigger("U0ANNA")
        view_id = (await client.views_open(trigger_id=trigger, view=form))["view"]["id"]
        await control.post("click", user="U0ANNA", view_id=view_id, action_id="go", values={"f": {"a": "typed"}})
    assert seen[0]["f"]["a"]["value"] == "typed"
