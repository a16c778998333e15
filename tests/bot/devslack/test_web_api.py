"""The Web API's doorway: tokens, bodies, scopes, errors as Slack words them."""

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from bot.devslack.workspace.manifest import load_manifest
from bot.devslack.workspace.workspace_file import load_workspace
from tests.bot.devslack.conftest import MANIFEST, WORKSPACE, Control, web_client


async def raw(slack: DevSlack, method: str, **options: Any) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.post(slack.api_url + method, **options) as response:
        answer: dict[str, Any] = await response.json()
        return answer


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_auth_test_names_the_app_and_its_scopes(slack: DevSlack, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["team_id"] == "T0ACME"
    assert answer["user_id"] == slack.workspace.app.bot_user
    assert answer["bot_id"].startswith("B")
    assert answer.headers["x-oauth-scopes"] == ",".join(slack.workspace.app.manifest.scopes)


@pytest.mark.parametrize(
    ("method", "headers", "error"),
    [
        ("auth.test", {}, "not_authed"),
        ("auth.test", bearer("xoxb-someone-else"), "invalid_auth"),
        ("chat.postMessage", bearer("xapp-devslack-test"), "not_allowed_token_type"),
        ("apps.connections.open", bearer("xoxb-devslack-test"), "not_allowed_token_type"),
        ("chat.postMesage", bearer("xoxb-devslack-test"), "unknown_method"),
    ],
)
async def test_callers_are_told_apart(slack: DevSlack, method: str, headers: dict[str, str], error: str) -> None:
    assert (await raw(slack, method, headers=headers))["error"] == error


async def test_an_app_whose_bot_was_deactivated_is_told(slack: DevSlack, control: Control) -> None:
    await control.post("user", id=slack.workspace.app.bot_user, deleted=True)
    assert (await raw(slack, "auth.test", headers=bearer(slack.bot_token)))["error"] == "account_inactive"


@pytest.mark.parametrize("shape", ["form", "json", "multipart", "query"])
async def test_every_kind_of_body_is_read(slack: DevSlack, shape: str) -> None:
    fields = {"channel": "C0APP", "text": "über & <alles>"}
    token = {"token": slack.bot_token}
    if shape == "form":
        answer = await raw(slack, "chat.postMessage", data={**fields, **token})
    elif shape == "json":
        answer = await raw(slack, "chat.postMessage", json=fields, headers=bearer(slack.bot_token))
    elif shape == "multipart":
        with aiohttp.MultipartWriter("form-data") as writer:
            for name, value in {**fields, **token}.items():
                writer.append(value).set_content_disposition("form-data", name=name)
        answer = await raw(slack, "chat.postMessage", data=writer)
    else:
        answer = await raw(slack, "chat.postMessage", params={**fields, **token})
    assert answer["message"]["text"] == "über & <alles>"


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"text=%ff\xff", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"<xml/>", "text/xml", "invalid_post_type"),
    ],
)
async def test_bodies_that_cannot_be_read(slack: DevSlack, body: bytes, content_type: str, error: str) -> None:
    headers = {**bearer(slack.bot_token), "Content-Type": content_type}
    assert (await raw(slack, "chat.postMessage", data=body, headers=headers))["error"] == error


async def test_a_token_inside_json_does_not_count(slack: DevSlack) -> None:
    assert (await raw(slack, "auth.test", json={"token": slack.bot_token}))["error"] == "not_authed"


async def test_a_missing_scope_says_what_is_needed_and_what_there_is() -> None:
    manifest = load_manifest(MANIFEST).model_dump()
    manifest["oauth_config"]["scopes"]["bot"] = ["commands", "im:history"]
    async with DevSlack(workspace=WORKSPACE, manifest=manifest) as slack:
        client = web_client(slack)
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel="C0APP", text="x")
        assert refused.value.response["error"] == "missing_scope"
        assert refused.value.response["needed"] == "chat:write"
        assert refused.value.response["provided"] == "commands,im:history"
        with pytest.raises(SlackApiError, match="channels:history"):
            await client.conversations_history(channel="C0APP")


async def test_missing_and_wrong_arguments_are_named(slack: DevSlack) -> None:
    answer = await raw(slack, "chat.postMessage", data={"token": slack.bot_token})
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    answer = await raw(slack, "users.list", data={"token": slack.bot_token, "limit": "many"})
    assert "json-pointer:/limit" in answer["response_metadata"]["messages"][0]


async def test_every_call_is_on_record_without_tokens(
    slack: DevSlack, client: AsyncWebClient, control: Control
) -> None:
    await client.chat_postMessage(channel="C0APP", text=f"my token is {slack.bot_token}")
    await raw(slack, "chat.update", data={"token": slack.bot_token})
    log = await control.get("log")
    first, second = log["calls"]
    assert (first["method"], first["status"], first["answer"]["ok"]) == ("chat.postMessage", 200, True)
    assert first["args"]["channel"] == "C0APP"
    assert (second["method"], second["answer"]["error"]) == ("chat.update", "invalid_arguments")
    assert slack.bot_token not in json.dumps(log)


async def test_only_loopback_names_are_served(slack: DevSlack) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{slack.url}/_control/workspace", headers={"Host": "evil.example"}) as response:
            assert response.status == 400
        async with session.post(
            f"{slack.url}/_control/reset", data="{}", headers={"Content-Type": "text/plain"}
        ) as response:
            assert response.status == 400
            assert (await response.json())["error"] == "bad_request"


async def test_tokens_are_made_up_when_the_file_has_none() -> None:
    file = load_workspace(WORKSPACE).model_dump(exclude={"tokens"})
    async with DevSlack(workspace=file, manifest=MANIFEST) as one, DevSlack(workspace=file, manifest=MANIFEST) as two:
        assert one.bot_token.startswith("xoxb-")
        assert one.app_token.startswith(f"xapp-1-{one.workspace.app.id}-")
        assert one.bot_token != two.bot_token
        assert (await raw(two, "auth.test", headers=bearer(one.bot_token)))["error"] == "invalid_auth"
        assert (await raw(two, "auth.test", headers=bearer(two.bot_token)))["ok"]
