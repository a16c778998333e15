"""Files: Slack's upload in two steps, who may read what, facts about them, and files in messages and forms."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from bot.devslack.block_kit.inputs import FILE_BYTES, client_errors
from bot.devslack.workspace.manifest import load_manifest
from tests.bot.devslack.conftest import (
    MANIFEST,
    WORKSPACE,
    Control,
    Json,
    connected,
    controlling,
    field,
    modal,
    web_client,
)

BYTES = bytes(range(256)) + b"\r\n--x\r\n\x0b\x0c\x1c\x85\r"
"""Everything that a parser of lines could spoil."""


async def begun(client: AsyncWebClient, name: str = "list.txt", content: bytes = b"one\ntwo\n") -> tuple[str, str]:
    """A file that is uploaded and not yet completed; its id, and the URL it went to."""
    answer = await client.files_getUploadURLExternal(filename=name, length=len(content))
    async with aiohttp.ClientSession() as session, session.post(answer["upload_url"], data=content) as response:
        assert (response.status, await response.text()) == (200, f"OK - {len(content)}")
    return answer["file_id"], answer["upload_url"]


async def fetched(url: str, token: str | None, *, follow: bool = False) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers, allow_redirects=follow) as answer:
        return answer.status, await answer.read()


async def events(control: Control) -> list[Json]:
    deliveries = (await control.get("log", deliveries="1"))["deliveries"]
    return [delivery["payload"]["event"] for delivery in deliveries if delivery["type"] == "events_api"]


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_slack_sdk_uploads_into_a_channel_and_a_thread(
    client: AsyncWebClient, control: Control, slack: DevSlack
) -> None:
    root = (await client.chat_postMessage(channel="C0APP", text="root"))["ts"]
    answer = await client.files_upload_v2(
        channel="C0APP", filename="a.bin", content=BYTES, title="All bytes", initial_comment="Here", thread_ts=root
    )
    [message] = [m for m in await control.messages("U0ANNA", "C0APP") if m.get("thread_ts") == root and m["ts"] != root]
    assert (message["text"], message["user"]) == ("Here", slack.workspace.app.bot_user)
    assert "subtype" not in message, "the history does not call it a file_share"
    [shown] = message["files"]
    assert (shown["id"], shown["title"], shown["size"]) == (answer["file"]["id"], "All bytes", len(BYTES))
    assert (shown["filetype"], shown["mode"], shown["file_access"]) == ("bin", "hosted", "visible")
    assert await fetched(shown["url_private_download"], slack.bot_token) == (200, BYTES)
    info = (await client.files_info(file=shown["id"]))["file"]
    assert info["channels"] == ["C0APP"]
    assert [share["ts"] for share in info["shares"]["public"]["C0APP"]] == [message["ts"]]


async def test_a_form_is_read_byte_for_byte(client: AsyncWebClient, slack: DevSlack) -> None:
    upload = await client.files_getUploadURLExternal(filename="a.dat", length=len(BYTES))
    form = aiohttp.FormData()
    form.add_field("filename", BYTES, filename="a.dat", content_type="application/octet-stream")
    async with aiohttp.ClientSession() as session, session.post(upload["upload_url"], data=form) as response:
        assert response.status == 200
    [file] = (await client.files_completeUploadExternal(files=[{"id": upload["file_id"]}]))["files"]
    assert (await fetched(file["url_private_download"], slack.bot_token))[1] == BYTES


async def test_a_file_goes_nowhere_or_into_a_direct_message(client: AsyncWebClient, control: Control) -> None:
    nowhere, _ = await begun(client)
    [file] = (await client.files_completeUploadExternal(files=[{"id": nowhere, "title": "List"}]))["files"]
    assert (file["title"], file["filetype"], file["mode"]) == ("List", "text", "snippet")
    assert file["shares"] == {}
    there, _ = await begun(client)
    dm = await control.dm("U0ANNA")
    await client.files_completeUploadExternal(files=[{"id": there}], channel_id=dm, initial_comment="For you")
    [message] = await control.messages("U0ANNA", dm)
    assert (message["text"], message["files"][0]["title"]) == ("For you", "list.txt")
    assert (await client.files_info(file=there))["file"]["ims"] == [dm]


async def test_what_slack_refuses_of_an_upload(client: AsyncWebClient, slack: DevSlack) -> None:
    complete = client.files_completeUploadExternal
    waiting = await client.files_getUploadURLExternal(filename="x", length=3)
    assert await refusal(complete(files=[{"id": waiting["file_id"]}])) == "file_not_found"
    async with aiohttp.ClientSession() as session:
        for content, status in ((b"four", 400), (b"abc", 200), (b"abc", 404)):
            async with session.post(waiting["upload_url"], data=content) as response:
                assert response.status == status, content
    assert await refusal(complete(files=[{"id": "F0NONE"}])) == "file_not_found"
    assert await refusal(complete(files=[])) == "invalid_arguments"
    assert await refusal(client.files_getUploadURLExternal(filename="x", length=0)) == "invalid_arguments"
    assert await refusal(client.files_getUploadURLExternal(filename="", length=1)) == "invalid_arguments"
    for channel, error in (
        ("C0NOWHERE", "channel_not_found"),
        ("C0SECRET", "channel_not_found"),
        ("C0GENERAL", "not_in_channel"),
        ("C0OLD", "is_archived"),
        ("U0ANNA", "channel_not_found"),
    ):
        assert await refusal(complete(files=[{"id": waiting["file_id"]}], channel_id=channel)) == error
    threaded = complete(files=[{"id": waiting["file_id"]}], channel_id="C0APP", thread_ts="1.000001")
    assert await refusal(threaded) == "thread_not_found"
    assert slack.workspace.channels["C0APP"].messages == {}, "whatever is refused is refused whole"
    await complete(files=[{"id": waiting["file_id"]}])
    assert await refusal(complete(files=[{"id": waiting["file_id"]}])) == "file_not_found"


async def test_only_the_bots_token_reads_and_everybody_else_is_sent_to_sign_in(
    client: AsyncWebClient, slack: DevSlack
) -> None:
    file_id, _ = await begun(client)
    [file] = (await client.files_completeUploadExternal(files=[{"id": file_id}], channel_id="C0APP"))["files"]
    url = file["url_private_download"]
    for token in (None, slack.app_token, "xoxb-another"):
        assert (await fetched(url, token))[0] == 302
    status, page = await fetched(url, None, follow=True)
    assert status == 200, "as at Slack: whoever follows gets a page instead of the file"
    assert page.startswith(b"<!doctype html>")
    await client.files_delete(file=file_id)
    assert (await fetched(url, slack.bot_token))[0] == 302


async def test_the_app_knows_of_a_persons_file_only_where_it_is_a_member(
    client: AsyncWebClient, control: Control, slack: DevSlack
) -> None:
    async def file_in(channel: str) -> Json:
        given = [{"name": "note.txt", "content": f"in {channel}"}]
        answer = await control.post("message", user="U0ANNA", channel=channel, text="", files=given)
        assert answer["ok"], answer
        message = (await control.messages("U0ANNA", channel))[-1]
        found: Json = message["files"][0]
        return found

    for channel in ("C0SECRET", "C0GENERAL"):
        hidden = await file_in(channel)
        assert await refusal(client.files_info(file=hidden["id"])) == "file_not_found"
        assert (await fetched(hidden["url_private_download"], slack.bot_token))[0] == 302
    seen = await file_in("C0APP")
    assert (await client.files_info(file=seen["id"]))["file"]["user"] == "U0ANNA"
    assert await fetched(seen["url_private_download"], slack.bot_token) == (200, b"in C0APP")
    assert await refusal(client.files_delete(file=seen["id"])) == "cant_delete_file"


async def test_facts_about_files_arrive_as_slack_sends_them(
    app: AsyncApp, client: AsyncWebClient, control: Control, slack: DevSlack
) -> None:
    async def note(**_: Any) -> None:
        """Acknowledged; what came is in the log."""

    for name in ("file_created", "file_shared", "file_deleted", "message"):
        app.event(name)(note)
    async with connected(app, slack):
        await control.post(
            "message", user="U0ANNA", channel="C0APP", text="see", files=[{"name": "a.txt", "content": "a"}]
        )
        own, _ = await begun(client)
        await client.files_completeUploadExternal(files=[{"id": own}])
        await client.files_delete(file=own)
        found = await events(control)
    [shared] = [event for event in found if event["type"] == "file_shared"]
    assert (shared["channel_id"], shared["user_id"]) == ("C0APP", "U0ANNA")
    assert shared["file"] == {"id": shared["file_id"]}
    [message] = [event for event in found if event["type"] == "message"]
    assert (message["subtype"], message["files"][0]["id"]) == ("file_share", shared["file_id"])
    assert [event["file_id"] for event in found if event["type"] == "file_created"] == [shared["file_id"], own]
    assert [event["file_id"] for event in found if event["type"] == "file_deleted"] == [own]


async def test_a_deleted_file_leaves_a_tombstone(client: AsyncWebClient, control: Control) -> None:
    file_id, _ = await begun(client)
    await client.files_completeUploadExternal(files=[{"id": file_id}], channel_id="C0APP")
    await client.files_delete(file=file_id)
    [message] = await control.messages("U0ANNA", "C0APP")
    assert message["files"] == [{"id": file_id, "mode": "tombstone"}]
    assert await refusal(client.files_info(file=file_id)) == "file_deleted"


async def test_the_manifest_must_have_the_scopes() -> None:
    manifest = load_manifest(MANIFEST).model_dump()
    bare = ["chat:write", "commands"]
    manifest["oauth_config"]["scopes"]["bot"] = bare
    async with DevSlack(workspace=WORKSPACE, manifest=manifest, rates="off") as slack, controlling(slack) as control:
        client = web_client(slack)
        assert await refusal(client.files_getUploadURLExternal(filename="x", length=1)) == "missing_scope"
        assert await refusal(client.files_info(file="F1")) == "missing_scope"
        home = {"type": "home", "blocks": []}
        await client.views_publish(user_id="U0ANNA", view=home)
        trigger = slack.workspace.temporary_keys.trigger("U0ANNA")
        form = modal(field("f", {"type": "file_input"}))
        assert await refusal(client.views_open(trigger_id=trigger, view=form)) == "missing_scope"
        await control.post(
            "message", user="U0ANNA", channel="C0APP", text="x", files=[{"name": "a.txt", "content": "a"}]
        )
        file = (await control.messages("U0ANNA", "C0APP"))[0]["files"][0]
        assert (await fetched(file["url_private_download"], slack.bot_token))[0] == 302


async def test_people_see_and_keep_only_files_of_their_conversations(control: Control) -> None:
    await control.post(
        "message", user="U0ANNA", channel="C0SECRET", text="", files=[{"name": "<b>ü.html", "content": "<script>"}]
    )
    file = (await control.messages("U0ANNA", "C0SECRET"))[0]["files"][0]
    async with control.session.get("/_control/file", params={"user": "U0BEN", "file": file["id"]}) as answer:
        assert answer.status == 404
    async with control.session.get("/_control/file", params={"user": "U0ANNA", "file": file["id"]}) as answer:
        assert await answer.text() == "<script>"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Security-Policy"] == "sandbox"


# forms


async def opened(client: AsyncWebClient, slack: DevSlack, **element: Any) -> str:
    trigger = slack.workspace.temporary_keys.trigger("U0ANNA")
    form = modal(field("f", {"type": "file_input", **element}), field("why", optional=True))
    return str((await client.views_open(trigger_id=trigger, view=form))["view"]["id"])


async def test_a_form_hands_over_file_objects_that_the_app_may_read(
    app: AsyncApp, client: AsyncWebClient, control: Control, slack: DevSlack
) -> None:
    seen: list[Json] = []

    async def note(ack: Any, body: Json) -> None:
        seen.append(body["view"]["state"]["values"]["f"]["a"])
        await ack()

    app.view("form")(note)
    async with connected(app, slack):
        picked = (await control.post("upload", user="U0ANNA", name="b.txt", content="b"))["file"]
        assert await refusal(client.files_info(file=picked["id"])) == "file_not_found"
        for given in ([{"name": "a.csr", "base64": "AAE="}], [picked["id"]]):
            view_id = await opened(client, slack, filetypes=["csr", "txt"], max_files=1)
            answer = await control.post("view_submit", user="U0ANNA", view_id=view_id, values={"f": {"a": given}})
            assert answer["acknowledged"], answer
    assert [entry["type"] for entry in seen] == ["file_input", "file_input"]
    [first], [second] = (entry["files"] for entry in seen)
    assert (first["name"], first["user"], first["size"]) == ("a.csr", "U0ANNA", 2)
    assert second["id"] == picked["id"]
    assert await fetched(first["url_private_download"], slack.bot_token) == (200, b"\x00\x01")
    assert (await client.files_info(file=second["id"]))["file"]["name"] == "b.txt"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "Please complete this required field."),
        ([{"name": "a.csr", "content": "a"}] * 2, "at most 1 file"),
        ([{"name": "a.exe", "content": "a"}], "a.exe is not one of the accepted kinds: csr."),
    ],
)
async def test_slacks_client_looks_before_it_sends(
    client: AsyncWebClient, control: Control, slack: DevSlack, given: list[Json], says: str
) -> None:
    view_id = await opened(client, slack, filetypes=["csr"], max_files=1)
    answer = await control.post("view_submit", user="U0ANNA", view_id=view_id, values={"f": {"a": given}})
    assert answer["error"] == "client_validation"
    assert says in answer["errors"]["f"]


def test_a_file_of_a_form_has_at_most_ten_megabytes() -> None:
    block = field("f", {"type": "file_input"})
    for size, errors in ((FILE_BYTES, {}), (FILE_BYTES + 1, {"f": "a.csr is larger than 10 MB."})):
        file = {"id": "F1", "name": "a.csr", "size": size}
        assert client_errors([block], {"f": {"a": {"type": "file_input", "files": [file]}}}) == errors


async def test_nobody_hands_in_what_is_not_theirs(client: AsyncWebClient, control: Control, slack: DevSlack) -> None:
    other = (await control.post("upload", user="U0BEN", name="b.txt", content="b"))["file"]["id"]
    view_id = await opened(client, slack)
    for given, error in (
        ([other], "file_not_found"),
        (["F0NONE"], "file_not_found"),
        ([{"name": "x"}], "bad_file"),
        ([{"name": "x", "content": ""}], "bad_file"),
        ([{"name": "x", "base64": "?"}], "bad_file"),
    ):
        answer = await control.post("view_submit", user="U0ANNA", view_id=view_id, values={"f": {"a": given}})
        assert answer["error"] == error


async def test_files_survive_a_restart(tmp_path: Path) -> None:
    def kept() -> DevSlack:
        return DevSlack(workspace=WORKSPACE, manifest=MANIFEST, data=tmp_path, rates="off")

    async with kept() as slack:
        client = web_client(slack)
        answer = await client.files_upload_v2(channel="C0APP", filename="a.bin", content=BYTES)
        gone = (await client.files_upload_v2(filename="b.bin", content=b"b"))["file"]["id"]
        await slack.saved()
        await client.files_delete(file=gone)
        file_id = answer["file"]["id"]
    assert [path.name for path in (tmp_path / "files").iterdir()] == [file_id]
    async with kept() as slack, controlling(slack) as control:
        [message] = await control.messages("U0ANNA", "C0APP")
        url = message["files"][0]["url_private_download"]
        assert url.startswith(slack.url), "on another port, too"
        assert await fetched(url, slack.bot_token) == (200, BYTES)
        assert await refusal(web_client(slack).files_info(file=gone)) == "file_deleted"


async def test_trouble_befalls_uploads_and_downloads(client: AsyncWebClient, control: Control, slack: DevSlack) -> None:
    await control.post("faults", kind="http_500", method="files.download_url", count=1)
    file = (await client.files_upload_v2(channel="C0APP", filename="a.bin", content=b"a"))["file"]
    assert (await fetched(file["url_private_download"], slack.bot_token))[0] == 500
    assert (await fetched(file["url_private_download"], slack.bot_token))[0] == 200
    calls = [call for call in (await control.get("log"))["calls"] if call["method"] == "files.download_url"]
    assert [(call["status"], call["args"]) for call in calls] == [
        (500, {"file": file["id"]}),
        (200, {"file": file["id"]}),
    ]
