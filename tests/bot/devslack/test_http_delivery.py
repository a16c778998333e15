"""Signed HTTP deliveries to a real Bolt app behind a real server."""

import asyncio
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.devslack import DevSlack
from bot.devslack.workspace.manifest import load_manifest
from tests.bot.devslack.conftest import (
    MANIFEST,
    PATIENCE,
    PATIENT,
    WORKSPACE,
    Json,
    button,
    controlling,
    field,
    free_port,
    modal,
    over_http,
    served,
    text,
    web_client,
)


def slack_to(port: int) -> DevSlack:
    delivery = {"request_url": f"http://127.0.0.1:{port}/slack/events"}
    return DevSlack(workspace=WORKSPACE, manifest=MANIFEST, delivery=delivery, rates="off", timing=PATIENT)


async def test_the_same_app_over_http() -> None:
    port, headers, homes = free_port(), list[dict[str, str]](), list[Json]()
    async with slack_to(port) as slack, controlling(slack) as control:
        client = web_client(slack)
        app = AsyncApp(client=client, signing_secret=slack.signing_secret, process_before_response=True)

        @app.command("/trial")
        async def trial(ack: Any, command: Json) -> None:
            await client.views_open(trigger_id=command["trigger_id"], view=modal(field("b")))
            await ack(f"hello {command['text']}")

        @app.view("form")
        async def form(ack: Any, view: Json) -> None:
            if view["state"]["values"]["b"]["a"]["value"] == "no":
                await ack(response_action="errors", errors={"b": "Not this."})
            else:
                await ack()

        @app.action("press")
        async def press(ack: Any, respond: Any) -> None:
            await ack()
            await respond("pressed")

        @app.options("search")
        async def search(ack: Any) -> None:
            await ack(options=[{"text": text("One"), "value": "1"}])

        @app.event("app_home_opened")
        async def home(event: Json) -> None:
            homes.append(event)

        async with over_http(app, port, headers):
            typed = await control.post("command", user="U0ANNA", channel="C0APP", text="/trial ünïcode & more")
            assert typed["answer"] == {"text": "hello ünïcode &amp; more"}
            view_id = (await control.modal("U0ANNA"))["id"]
            submit = {"user": "U0ANNA", "view_id": view_id}
            wrong = await control.post("view_submit", **submit, values={"b": {"a": "no"}})
            assert wrong["answer"]["errors"] == {"b": "Not this."}
            assert (await control.post("view_submit", **submit, values={"b": {"a": "yes"}}))["answer"] is None
            assert await control.modal("U0ANNA") is None
            elements = [button("press"), {"type": "external_select", "action_id": "search", "min_query_length": 0}]
            block = {"type": "actions", "block_id": "row", "elements": elements}
            ts = (await client.chat_postMessage(channel="C0APP", text="x", blocks=[block]))["ts"]
            where = {"user": "U0ANNA", "channel": "C0APP", "ts": ts}
            assert (await control.post("click", **where, action_id="press"))["acknowledged"]
            assert (await control.messages("U0ANNA", "C0APP"))[-1]["text"] == "pressed"
            found = await control.post("suggest", **where, block_id="row", action_id="search", value="")
            assert found["options"][0]["value"] == "1"
            assert (await control.post("open_home", user="U0ANNA"))["acknowledged"]
    assert len(homes) == 1
    assert all(h["x-slack-signature"].startswith("v0=") for h in headers)
    assert "x-slack-retry-num" not in headers[0]


async def test_bad_old_and_replayed_requests_can_be_sent() -> None:
    port = free_port()
    async with slack_to(port) as slack, controlling(slack) as control:
        app = AsyncApp(client=web_client(slack), signing_secret=slack.signing_secret, process_before_response=True)

        @app.command("/raw")
        async def raw(ack: Any) -> None:
            await ack()

        async with over_http(app, port):
            await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
            sent = slack.deliveries.log.last(1)
            assert sent is not None
            payload = sent["payload"]
            for signature, acknowledged in (("good", True), ("bad", False), ("old", False)):
                forged = await control.post("forge", type="slash_commands", payload=payload, signature=signature)
                assert forged["acknowledged"] is acknowledged, forged
            assert forged["answer"]["status"] == 401
            assert (await control.post("replay", n=1))["acknowledged"]
            assert (await control.post("replay", n=99))["error"] == "bad_request"
            assert (await control.post("forge", type="nonsense", payload={}))["error"] == "bad_request"


async def test_events_are_retried_over_http_with_the_number_and_the_reason() -> None:
    port, seen = free_port(), list[tuple[str | None, str | None]]()
    third, sixth = asyncio.Event(), asyncio.Event()

    async def endpoint(request: Request) -> Response:
        seen.append((request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason")))
        if len(seen) in (3, 6):
            (third if len(seen) == 3 else sixth).set()
        stop = {"X-Slack-No-Retry": "1"} if len(seen) == 6 else {}
        return PlainTextResponse("", 200 if len(seen) == 3 else 500, headers=stop)

    routes = [Route("/slack/events", endpoint, methods=["POST"])]
    async with slack_to(port) as slack, controlling(slack) as control, served(Starlette(routes=routes), port):
        await control.post("open_home", user="U0ANNA")
        await asyncio.wait_for(third.wait(), PATIENCE)
        assert seen == [(None, None), ("1", "http_error"), ("2", "http_error")]
        await control.post("open_home", user="U0ANNA")
        await asyncio.wait_for(sixth.wait(), PATIENCE)
        await asyncio.sleep(0.2)  # time in which a further try would come
        assert [number for number, _ in seen[3:]] == [None, "1", "2"]
        deliveries = (await control.get("log", deliveries="1"))["deliveries"]
        assert [d["acknowledged"] for d in deliveries] == [False, False, True, False, False, False]


async def test_a_manifest_without_socket_mode_names_its_own_addresses() -> None:
    port, paths = free_port(), list[str]()
    manifest = load_manifest(MANIFEST).model_dump()
    manifest["settings"]["socket_mode_enabled"] = False
    base = f"http://127.0.0.1:{port}"
    manifest["settings"]["interactivity"]["request_url"] = f"{base}/clicks"
    manifest["settings"]["event_subscriptions"]["request_url"] = f"{base}/events"
    manifest["features"]["slash_commands"][0]["url"] = f"{base}/trial"

    async def endpoint(request: Request) -> Response:
        paths.append(request.url.path)
        return PlainTextResponse("")

    application = Starlette(routes=[Route("/{path:path}", endpoint, methods=["POST"])])
    slack = DevSlack(workspace=WORKSPACE, manifest=manifest, rates="off", timing=PATIENT)
    async with slack, controlling(slack) as control, served(application, port):
        block = {"type": "actions", "elements": [button("press")]}
        ts = (await web_client(slack).chat_postMessage(channel="C0GENERAL", text="x", blocks=[block]))["ts"]
        await control.post("command", user="U0ANNA", channel="C0APP", text="/trial")
        await control.post("click", user="U0ANNA", channel="C0GENERAL", ts=ts, action_id="press")
        await control.post("open_home", user="U0ANNA")
        nowhere = await control.post("command", user="U0ANNA", channel="C0APP", text="/raw")
        assert nowhere["reason"] == "no_request_url"
    assert paths == ["/trial", "/clicks", "/events"]
