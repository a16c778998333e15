"""chat.*, conversations.*, users.* and usergroups.* through the real client."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack import DevSlack
from tests.bot.devslack.conftest import Control, button

METADATA = {"event_type": "notice", "event_payload": {"id": "n1"}}


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return str(error.value.response["error"])


async def test_post_update_delete_and_what_people_see(client: AsyncWebClient, control: Control) -> None:
    block = {"type": "actions", "elements": [button("go")]}
    posted = await client.chat_postMessage(channel="C0APP", text="one", blocks=[block], metadata=METADATA)
    assert posted["channel"] == "C0APP"
    [seen] = await control.messages("U0ANNA", "C0APP")
    assert (seen["ts"], seen["text"], seen["metadata"]) == (posted["ts"], "one", METADATA)
    assert seen["blocks"][0]["block_id"], "Slack names what the app left nameless"

    updated = await client.chat_update(channel="C0APP", ts=posted["ts"], text="two")
    assert updated["text"] == "two"
    [seen] = await control.messages("U0ANNA", "C0APP")
    assert seen["text"] == "two"
    assert seen["blocks"], "blocks stay when they are not given"
    assert seen["metadata"] == METADATA, "metadata stays when it is not given"
    assert seen["edited"]["user"] == posted["message"]["user"]

    await client.chat_update(channel="C0APP", ts=posted["ts"], text="three", blocks=[], metadata={})
    [seen] = await control.messages("U0ANNA", "C0APP")
    assert "blocks" not in seen
    assert "metadata" not in seen

    await client.chat_delete(channel="C0APP", ts=posted["ts"])
    assert await control.messages("U0ANNA", "C0APP") == []
    assert await refused(client.chat_update(channel="C0APP", ts=posted["ts"], text="x")) == "message_not_found"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
        ({"channel": "U0GONE", "text": "x"}, "channel_not_found"),
        ({"channel": "U0ROBOT", "text": "x"}, "channel_not_found"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": "C0APP", "text": " "}, "no_text"),
        ({"channel": "C0APP", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0APP", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": "C0APP", "text": "x", "blocks": "not json"}, "invalid_blocks_format"),
        ({"channel": "C0APP", "text": "x", "attachments": {"text": "y"}}, "invalid_attachments"),
        ({"channel": "C0APP", "text": "x", "attachments": [{"blocks": [{}]}]}, "invalid_blocks"),
        ({"channel": "C0APP", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        (
            {"channel": "C0APP", "text": "x", "metadata": {"event_type": "x", "event_payload": {"a": "y" * 9000}}},
            "metadata_too_large",
        ),
    ],
)
async def test_posts_that_slack_refuses(client: AsyncWebClient, arguments: dict[str, Any], error: str) -> None:
    assert await refused(client.api_call("chat.postMessage", json=arguments)) == error


async def test_a_channel_without_the_app(slack: DevSlack, client: AsyncWebClient) -> None:
    assert (await client.chat_postMessage(channel="#general", text="public"))["channel"] == "C0GENERAL"
    scopes = slack.workspace.app.manifest.oauth_config.scopes
    object.__setattr__(scopes, "bot", tuple(s for s in scopes.bot if s != "chat:write.public"))
    assert await refused(client.chat_postMessage(channel="C0GENERAL", text="x")) == "not_in_channel"
    assert (await client.conversations_join(channel="C0GENERAL"))["channel"]["is_member"]
    await client.chat_postMessage(channel="C0GENERAL", text="x")


async def test_only_own_messages_can_be_changed(client: AsyncWebClient, control: Control) -> None:
    said = await control.post("message", user="U0ANNA", channel="C0APP", text="mine")
    assert await refused(client.chat_update(channel="C0APP", ts=said["ts"], text="x")) == "cant_update_message"
    assert await refused(client.chat_delete(channel="C0APP", ts=said["ts"])) == "cant_delete_message"
    posted = await client.chat_postMessage(channel="C0APP", text="x")
    assert await refused(client.chat_update(channel="C0APP", ts=posted["ts"], text="y" * 4001)) == "msg_too_long"
    nothing = client.api_call("chat.update", json={"channel": "C0APP", "ts": posted["ts"]})
    assert await refused(nothing) == "no_text"
    await control.post("channel", id="C0APP", is_archived=True)
    assert await refused(client.chat_update(channel="C0APP", ts=posted["ts"], text="y")) == "is_inactive"


async def test_ephemerals_are_for_one_reader_and_no_history(client: AsyncWebClient, control: Control) -> None:
    await client.chat_postEphemeral(channel="C0APP", user="U0ANNA", text="just you")
    [seen] = await control.messages("U0ANNA", "C0APP")
    assert seen["is_ephemeral"]
    assert await control.messages("U0BEN", "C0APP") == []
    assert (await client.conversations_history(channel="C0APP"))["messages"] == []
    assert await refused(client.chat_postEphemeral(channel="C0APP", user="U0CARO", text="x")) == "user_not_in_channel"
    assert await refused(client.chat_update(channel="C0APP", ts=seen["ts"], text="x")) == "message_not_found"


async def test_direct_messages(client: AsyncWebClient, control: Control) -> None:
    opened = await client.conversations_open(users="U0BEN")
    channel = opened["channel"]["id"]
    assert channel.startswith("D")
    assert (await client.conversations_open(users=["U0BEN"]))["already_open"]
    assert (await client.chat_postMessage(channel="U0BEN", text="hi"))["channel"] == channel
    assert await control.dm("U0BEN") == channel
    info = (await client.conversations_info(channel=channel))["channel"]
    assert (info["is_im"], info["user"]) == (True, "U0BEN")
    assert not (await control.get("messages", user="U0ANNA", channel=channel))["ok"]
    assert await refused(client.conversations_open(users="U0GONE")) == "user_disabled"
    assert await refused(client.conversations_open(users="U0ROBOT")) == "cannot_dm_bot"
    assert await refused(client.conversations_open(users="U0NOBODY")) == "user_not_found"
    assert await refused(client.conversations_open(users="")) == "users_list_not_supplied"


async def test_history_pages_back_in_time(client: AsyncWebClient) -> None:
    sent = [(await client.chat_postMessage(channel="C0APP", text=str(n), metadata=METADATA))["ts"] for n in range(7)]
    first = await client.conversations_history(channel="C0APP", limit=3)
    assert [m["text"] for m in first["messages"]] == ["6", "5", "4"]
    assert "metadata" not in first["messages"][0]
    found: list[str] = []
    pages = 0
    async for answer in await client.conversations_history(channel="C0APP", limit=3, include_all_metadata=True):
        pages += 1
        found += [m["ts"] for m in answer["messages"]]
        assert all(m["metadata"] == METADATA for m in answer["messages"])
    assert (found, pages) == (sent[::-1], 3)
    after = await client.conversations_history(channel="C0APP", oldest=sent[4])
    assert [m["ts"] for m in after["messages"]] == [sent[6], sent[5]]
    exact = await client.conversations_history(channel="C0APP", oldest=sent[4], latest=sent[4], inclusive=True)
    assert [m["ts"] for m in exact["messages"]] == [sent[4]]
    assert await refused(client.conversations_history(channel="C0APP", cursor="nonsense")) == "invalid_cursor"
    assert await refused(client.conversations_history(channel="C0GENERAL")) == "not_in_channel"
    assert await refused(client.conversations_history(channel="C0SECRET")) == "channel_not_found"


async def test_threads(client: AsyncWebClient, control: Control) -> None:
    root = (await client.chat_postMessage(channel="C0APP", text="root"))["ts"]
    reply = (await client.chat_postMessage(channel="C0APP", text="reply", thread_ts=root))["ts"]
    deeper = await client.chat_postMessage(channel="C0APP", text="to the reply", thread_ts=reply)
    assert deeper["message"]["thread_ts"] == root, "threads do not nest"
    thread = (await client.conversations_replies(channel="C0APP", ts=root))["messages"]
    assert [m["text"] for m in thread] == ["root", "reply", "to the reply"]
    assert thread[0]["reply_count"] == 2
    assert len((await client.conversations_history(channel="C0APP"))["messages"]) == 1
    await client.chat_delete(channel="C0APP", ts=root)
    assert (await control.messages("U0ANNA", "C0APP"))[0]["subtype"] == "tombstone"
    for ts in (reply, deeper["ts"]):
        await client.chat_delete(channel="C0APP", ts=ts)
    assert "reply_count" not in (await control.messages("U0ANNA", "C0APP"))[0]


async def test_lists_of_conversations_and_members(client: AsyncWebClient) -> None:
    await client.conversations_open(users="U0ANNA")
    found = [c["id"] async for page in await client.conversations_list(limit=2) for c in page["channels"]]
    assert found == ["C0GENERAL", "C0APP", "C0OLD"]
    active = await client.conversations_list(exclude_archived=True, types="public_channel,im")
    assert [c["id"][0] for c in active["channels"]] == ["C", "C", "D"]
    members = [
        m async for page in await client.conversations_members(channel="C0APP", limit=1) for m in page["members"]
    ]
    assert members[:2] == ["U0ANNA", "U0BEN"]
    assert await refused(client.conversations_list(types="mpim")) == "missing_scope"
    assert await refused(client.conversations_list(types="nonsense")) == "invalid_types"


async def test_permalinks_and_reactions(client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C0APP", text="x"))["ts"]
    link = (await client.chat_getPermalink(channel="C0APP", message_ts=ts))["permalink"]
    assert link == f"https://acme.slack.com/archives/C0APP/p{ts.replace('.', '')}"
    await client.reactions_add(channel="C0APP", name="eyes", timestamp=ts)
    assert await refused(client.reactions_add(channel="C0APP", name="eyes", timestamp=ts)) == "already_reacted"
    [message] = (await client.conversations_history(channel="C0APP"))["messages"]
    assert message["reactions"][0]["count"] == 1


async def test_users_as_slack_lists_them(client: AsyncWebClient) -> None:
    users = {u["id"]: u async for page in await client.users_list(limit=3) for u in page["members"]}
    assert users["U0GONE"]["deleted"]
    assert users["U0GUEST"]["is_restricted"]
    assert users["U0ROBOT"]["is_bot"]
    assert users["U0ANNA"]["tz"] == "Europe/Berlin"
    assert users["USLACKBOT"]["is_bot"] is False, "Slack says so of Slackbot"
    assert (await client.users_info(user="U0ANNA"))["user"]["profile"]["email"] == "anna@acme.example"
    assert (await client.users_lookupByEmail(email="BEN@acme.example"))["user"]["id"] == "U0BEN"
    assert await refused(client.users_info(user="U0NOBODY")) == "user_not_found"
    assert await refused(client.users_lookupByEmail(email="gone@acme.example")) == "users_not_found"


async def test_emails_need_their_own_scope(slack: DevSlack, client: AsyncWebClient) -> None:
    scopes = slack.workspace.app.manifest.oauth_config.scopes
    object.__setattr__(scopes, "bot", ("users:read",))
    assert "email" not in (await client.users_info(user="U0ANNA"))["user"]["profile"]
    assert await refused(client.users_lookupByEmail(email="ben@acme.example")) == "missing_scope"


async def test_user_groups(client: AsyncWebClient, control: Control) -> None:
    [group] = (await client.usergroups_list())["usergroups"]
    assert "users" not in group
    assert (await client.usergroups_users_list(usergroup="S0PKI"))["users"] == ["U0ANNA", "U0BEN"]
    await control.post("usergroup", id="S0NEW", handle="new", name="New", users=["U0CARO"])
    await control.post("usergroup", id="S0PKI", disabled=True)
    assert [g["id"] for g in (await client.usergroups_list())["usergroups"]] == ["S0NEW"]
    groups = (await client.usergroups_list(include_disabled=True, include_users=True))["usergroups"]
    assert {g["id"]: g["users"] for g in groups} == {"S0PKI": ["U0ANNA", "U0BEN"], "S0NEW": ["U0CARO"]}
    assert next(g for g in groups if g["id"] == "S0PKI")["date_delete"] > 0
    assert await refused(client.usergroups_users_list(usergroup="S0PKI")) == "no_such_subteam"
