"""The state on disk: one JSON file, written whole and atomically a moment after a change and when devslack stops."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from bot.devslack.channels import Channel, Kind
from bot.devslack.errors import BadFile, Json
from bot.devslack.files import UserEntry, WorkspaceFile
from bot.devslack.workspace import Workspace

NAME = "devslack.json"
VERSION = 1
PAUSE = 0.5  # seconds between a look at whether something changed


class Snapshots:
    def __init__(self, directory: Path | None) -> None:
        """Without a directory nothing is kept."""
        self._path = directory / NAME if directory else None
        self._workspace: Workspace | None = None
        self._task: asyncio.Task[None] | None = None

    def load(self, file: WorkspaceFile) -> Json:
        """What was saved, {} at the first start. Raises BadFile for another workspace's state or a broken file."""
        if self._path is None or not self._path.exists():
            return {}
        try:
            saved = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadFile(f"{self._path}: cannot be read; remove it to start afresh ({error})") from error
        if not isinstance(saved, dict) or saved.get("version") != VERSION:
            raise BadFile(f"{self._path}: is not a state of this version; remove it to start afresh")
        if saved["team"] != file.team.id:
            raise BadFile(f"{self._path}: is the state of workspace {saved['team']}, not of {file.team.id}")
        return saved

    def attach(self, workspace: Workspace, saved: Json) -> None:
        """Watch this workspace, which takes up what was saved."""
        self._workspace = workspace
        if saved:
            _restore(workspace, saved)
        workspace.changed = not saved

    def start(self) -> None:
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._save()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            await self._save()

    async def _save(self) -> None:
        workspace = self._workspace
        if workspace is None or not workspace.changed:
            return
        workspace.changed = False
        # Messages are never changed in place, so a shallow picture taken here can be written elsewhere.
        await asyncio.shield(asyncio.to_thread(self._write, picture(workspace)))

    def _write(self, state: Json) -> None:
        if self._path is None:
            return
        fresh = self._path.with_suffix(".tmp")
        with fresh.open("w", encoding="utf-8") as out:
            json.dump(state, out, separators=(",", ":"))
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._path)


def picture(workspace: Workspace) -> Json:
    """The state that survives: not modals, ephemeral messages, triggers or faults."""
    credentials = workspace.credentials
    return {
        "version": VERSION,
        "team": workspace.file.team.id,
        "tokens": {
            "bot": credentials.bot,
            "app": credentials.app,
            "signing_secret": credentials.signing_secret,
            "verification": credentials.verification,
        },
        "users": [entry.model_dump() for entry in workspace.people.entries.values()],
        "usergroups": list(workspace.people.groups.values()),
        "channels": [_channel_picture(channel) for channel in workspace.channels.values()],
        "homes": {user: opened.view for user, opened in workspace.views.homes.items()},
    }


def _channel_picture(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind.value,
        "members": list(channel.members),
        "is_archived": channel.is_archived,
        "person": channel.person,
        "created": channel.created,
        "messages": list(channel.messages.values()),
        "threads": {root: list(replies) for root, replies in channel.threads.items()},
    }


def _restore(workspace: Workspace, saved: Json) -> None:
    """Saved people, groups and channels over those of the file; new ones of the file stay."""
    for fields in saved["users"]:
        entry = UserEntry.model_validate(fields)
        if entry.id not in (workspace.app.bot_user, "USLACKBOT"):
            workspace.people.put(entry)
    for group in saved["usergroups"]:
        workspace.people.put_group(group)
    for state in saved["channels"]:
        channel = _channel(state)
        workspace.channels[channel.id] = channel
        if channel.kind is Kind.IM:
            workspace.ims[channel.person] = channel.id
        else:
            workspace.channel_names[channel.name] = channel.id
        if channel.order:
            workspace.timestamps.catch_up(channel.order[-1])
    for user, view in saved["homes"].items():
        workspace.views.restore_home(user, view)


def _channel(state: dict[str, Any]) -> Channel:
    messages = {message["ts"]: message for message in state["messages"]}
    return Channel(
        id=state["id"],
        name=state["name"],
        kind=Kind(state["kind"]),
        members=dict.fromkeys(state["members"]),
        is_archived=state["is_archived"],
        person=state["person"],
        created=state["created"],
        messages=messages,
        order=sorted(messages),
        threads=state["threads"],
    )
