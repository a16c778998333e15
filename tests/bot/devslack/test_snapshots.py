"""What survives a restart, and what is refused to start from."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.devslack import BadFile, DevSlack
from bot.devslack.workspace.snapshots import NAME
from bot.devslack.workspace.workspace_file import load_workspace
from tests.bot.devslack.conftest import MANIFEST, WORKSPACE, controlling, web_client


def kept_in(directory: Path, **more: Any) -> DevSlack:
    file = load_workspace(WORKSPACE).model_dump(exclude={"tokens"})
    return DevSlack(workspace={**file, **more}, manifest=MANIFEST, data=directory, rates="off")


async def test_the_state_survives(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as slack, controlling(slack) as control:
        client = web_client(slack)
        token = slack.bot_token
        first = (await client.chat_postMessage(channel="U0ANNA", text="first"))["ts"]
        dm = await control.dm("U0ANNA")
        reply = (await client.chat_postMessage(channel=dm, text="reply", thread_ts=first))["ts"]
        await client.chat_postEphemeral(channel="C0APP", user="U0ANNA", text="gone tomorrow")
        home = (await client.views_publish(user_id="U0ANNA", view={"type": "home", "blocks": []}))["view"]
        await control.post("user", id="U0BEN", is_restricted=True)
        await control.post("usergroup", id="S0PKI", users=["U0CARO"])
        await control.post("channel", id="C0NEW", name="new", members=["U0ANNA"])
    async with kept_in(tmp_path) as slack, controlling(slack) as control:
        client = web_client(slack)
        assert slack.bot_token == token, "made-up tokens stay, so a configured app still connects"
        assert await control.dm("U0ANNA") == dm
        assert [m["text"] for m in await control.messages("U0ANNA", dm)] == ["first", "reply"]
        assert await control.messages("U0ANNA", "C0APP") == []
        assert (await control.get("views", user="U0ANNA"))["home"] == home
        assert (await client.users_info(user="U0BEN"))["user"]["is_restricted"]
        assert (await client.usergroups_users_list(usergroup="S0PKI"))["users"] == ["U0CARO"]
        later = (await client.chat_postMessage(channel="#new", text="x"))["ts"]
        assert later > reply
        await client.chat_update(channel=dm, ts=first, text="changed")
        again = (await client.views_publish(user_id="U0ANNA", view={"type": "home", "blocks": []}, hash=home["hash"]))[
            "view"
        ]
        assert again["id"] == home["id"]
    assert oct((tmp_path / NAME).stat().st_mode & 0o777) == "0o600"


async def test_it_is_written_while_running(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as slack:
        await web_client(slack).chat_postMessage(channel="C0APP", text="find me")
        await slack.saved()
        assert "find me" in (tmp_path / NAME).read_text()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "start afresh"),
        ("not json\n", "start afresh"),
        (json.dumps({"version": 99}), "not a state of this version"),
        (json.dumps({"version": 1, "team": "T0OTHER"}), "is the state of workspace T0OTHER"),
    ],
)
def test_states_that_cannot_be_taken_up(tmp_path: Path, content: str, fault: str) -> None:
    (tmp_path / NAME).write_text(content)
    with pytest.raises(BadFile, match=fault):
        kept_in(tmp_path)
