"""Files are taken from whom they belong to, from Slack alone, and never further than a CSR or certificate goes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from bot.slack.platform import files as slack_files
from bot.slack.platform.files import (
    FileNotRead,
    FileOfSomebodyElse,
    FileOutOfReach,
    FileTooLarge,
    shared_in,
    uploaded_by,
)
from domain.pki import LARGEST
from tests.bot.devslack.conftest import MANIFEST, WORKSPACE, Control, controlling

LONG = LARGEST + 1


@asynccontextmanager
async def talking(base_url: str, token: str) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[])


@pytest.fixture
async def slack() -> AsyncIterator[DevSlack]:
    async with DevSlack(workspace=WORKSPACE, manifest=MANIFEST, rates="off") as running:
        yield running


@pytest.fixture
async def control(slack: DevSlack) -> AsyncIterator[Control]:
    async with controlling(slack) as hand:
        yield hand


@pytest.fixture
async def client(slack: DevSlack) -> AsyncIterator[AsyncWebClient]:
    async with talking(slack.api_url, slack.bot_token) as client:
        yield client


async def handed_in(slack: DevSlack, control: Control, user: str = "U0ANNA", content: str = "x") -> str:
    """A file that *user* picked in a form of ours."""
    file = (await control.post("upload", user=user, name="a.csr", content=content))["file"]["id"]
    upload = slack.workspace.uploads.get(file)
    assert upload is not None
    upload.in_form = True
    return str(file)


async def said(control: Control, channel: str, content: str = "x") -> str:
    files = [{"name": "a.csr", "content": content}]
    answer = await control.post("message", user="U0ANNA", channel=channel, text="", files=files)
    assert answer["ok"], answer
    return str((await control.messages("U0ANNA", channel))[-1]["files"][0]["id"])


async def test_what_somebody_uploaded_is_read(slack: DevSlack, control: Control, client: AsyncWebClient) -> None:
    full = "a" * LARGEST
    assert await uploaded_by(client, "U0ANNA", await handed_in(slack, control, content=full)) == full.encode()


async def test_what_somebody_else_uploaded_is_not(slack: DevSlack, control: Control, client: AsyncWebClient) -> None:
    with pytest.raises(FileOfSomebodyElse):
        await uploaded_by(client, "U0BEN", await handed_in(slack, control))
    assert "files.download_url" not in [call["method"] for call in (await control.get("log"))["calls"]]


async def test_what_is_too_large_is_not_even_asked_for(
    slack: DevSlack, control: Control, client: AsyncWebClient
) -> None:
    with pytest.raises(FileTooLarge, match="the maximum is 64 KiB"):
        await uploaded_by(client, "U0ANNA", await handed_in(slack, control, content="a" * LONG))
    assert "files.download_url" not in [call["method"] for call in (await control.get("log"))["calls"]]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "http_500", "method": "files.download_url"},
        {"kind": "rate_limit", "method": "files.download_url"},
        {"kind": "lost_answer", "method": "files.download_url"},
        {"kind": "error", "method": "files.info", "error": "missing_scope"},
        {"kind": "lost_answer", "method": "files.info"},
    ],
)
async def test_what_slack_does_not_give_is_said(
    slack: DevSlack, control: Control, client: AsyncWebClient, fault: dict[str, Any]
) -> None:
    file = await handed_in(slack, control)
    assert (await control.post("faults", **fault))["ok"]
    with pytest.raises(FileNotRead, match="Slack could not give this file"):
        await uploaded_by(client, "U0ANNA", file)


async def test_a_file_that_is_gone_or_never_was_is_not_read(
    slack: DevSlack, control: Control, client: AsyncWebClient
) -> None:
    file = await handed_in(slack, control)
    upload = slack.workspace.uploads.get(file)
    assert upload is not None
    slack.workspace.uploads.delete(upload)
    for gone in (file, "F0NONE"):
        with pytest.raises(FileNotRead):
            await uploaded_by(client, "U0ANNA", gone)


async def test_a_file_of_a_message_is_read_where_it_was_shared_and_the_bot_is(
    control: Control, client: AsyncWebClient
) -> None:
    there, hidden = await said(control, "C0APP", "there"), await said(control, "C0SECRET")
    assert await shared_in(client, "C0APP", there) == b"there"
    for channel, file in (("C0SECRET", hidden), ("C0SECRET", there), ("C0GENERAL", there)):
        with pytest.raises(FileOutOfReach, match="invite Countersign"):
            await shared_in(client, channel, file)


async def test_reading_stops_at_the_limit_whatever_slack_said_of_the_size() -> None:
    sent = 0

    async def info(request: web.Request) -> web.Response:
        address = f"http://127.0.0.1:{request.url.port}/endless"
        return web.json_response({"ok": True, "file": {"user": "U1", "size": 3, "url_private_download": address}})

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while sent < 100 * LARGEST:
                await response.write(b"a" * 8192)
                sent += 8192
        except ConnectionError:
            pass
        return response

    app = web.Application()
    app.router.add_route("*", "/api/files.info", info)
    app.router.add_get("/endless", endless)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with talking(f"http://127.0.0.1:{port}/api/", "xoxb-1") as client:
        with pytest.raises(FileTooLarge):
            await uploaded_by(client, "U1", "F1")
    await runner.cleanup()
    assert sent < 100 * LARGEST


@pytest.mark.parametrize(
    ("address", "goes"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.csr", True),
        ("https://slack.com/files-pri/T1-F1/a.csr", True),
        ("http://files.slack.com/files-pri/T1-F1/a.csr", False),
        ("https://files.slack.com.evil.example/a.csr", False),
        ("https://evilslack.com/a.csr", False),
        ("https://files.slack.com:8443/a.csr", False),
        ("https://user@files.slack.com/a.csr", False),
        ("https://files.slack.com:x/a.csr", False),
        ("https://10.0.0.1/a.csr", False),
        ("", False),
    ],
)
async def test_the_token_goes_to_slack_alone(address: str, goes: bool) -> None:
    async with talking("https://www.slack.com/api/", "xoxb-1") as client:
        assert slack_files._is_slacks(client, address) is goes
