"""The state on disk: JSON lines in one file, written whole and atomically a moment after a change and when devslack stops.

The first line holds everything but messages; each further line is one message: `[channel id, message]`. What is in the files
that were uploaded lies beside it, one file each.
"""

import asyncio
import json
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.devslack.errors import BadFile, Json
from bot.devslack.workspace.channels import Channel, Kind
from bot.devslack.workspace.people import SLACKBOT
from bot.devslack.workspace.uploads import Upload
from bot.devslack.workspace.workspace import Workspace
from bot.devslack.workspace.workspace_file import UserEntry, WorkspaceFile

NAME = "devslack.jsonl"
FILES = "files"
VERSION = 1
PAUSE = 0.5  # seconds between a look at whether something changed; more when writing takes long

logger = logging.getLogger(__name__)


class Snapshots:
    def __init__(self, directory: Path | None) -> None:
        """Without a directory nothing is saved."""
        self._path = directory / NAME if directory else None
        self._files = directory / FILES if directory else None
        self._workspace: Workspace | None = None
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def load(self, file: WorkspaceFile) -> Json:
        """What was saved, {} at the first start. Raises BadFile for another workspace's state or a broken file."""
        if self._path is None or not self._path.exists():
            return {}
        try:
            with self._path.open(encoding="utf-8") as lines:
                saved = json.loads(next(lines))
                saved["messages"] = [json.loads(line) for line in lines]
            saved["contents"] = self._contents(saved.get("uploads", []))
        except (OSError, ValueError, StopIteration, TypeError) as error:
            raise BadFile(f"{self._path}: cannot be read; remove it to start afresh ({error})") from error
        if saved.get("version") != VERSION:
            raise BadFile(f"{self._path}: is not a state of this version; remove it to start afresh")
        if saved["team"] != file.team.id:
            raise BadFile(f"{self._path}: is the state of workspace {saved['team']}, not of {file.team.id}")
        return saved  # type: ignore[no-any-return]  # an object, or the line above would have failed

    def _contents(self, uploads: list[Json]) -> dict[str, bytes]:
        """What is in each file that was kept. Raises OSError."""
        if self._files is None:
            return {}
        return {upload["id"]: (self._files / upload["id"]).read_bytes() for upload in uploads if upload["kept"]}

    def attach(self, workspace: Workspace, saved: Json) -> None:
        """Watch this workspace, which takes up what was saved."""
        self._workspace = workspace
        if saved:
            _restore(workspace, saved)
        workspace.changed = True

    def start(self) -> None:
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Save once more what has changed. Raises OSError when it cannot be written."""
        self._stop.set()
        if self._task:
            await self._task
            await self.save()

    async def _keep(self) -> None:
        pause = PAUSE
        while not self._stop.is_set():
            try:
                await asyncio.wait_for(self._stop.wait(), pause)
            except TimeoutError:
                started = time.monotonic()
                try:
                    await self.save()
                except OSError as error:
                    logger.warning("The state was not saved: %s", error)
                pause = max(PAUSE, 10 * (time.monotonic() - started))

    async def save(self) -> None:
        """Write what has changed since the last time. Raises OSError when it cannot be written."""
        workspace = self._workspace
        if workspace is None or not workspace.changed:
            return
        workspace.changed = False
        # Messages are never changed in place, so a shallow picture taken here can be written elsewhere.
        state, messages = picture(workspace)
        contents = {upload.id: upload.content for upload in workspace.uploads.all()}
        try:
            await asyncio.to_thread(self._write, state, messages, contents)
        except OSError:
            workspace.changed = True
            raise

    def _write(self, state: Json, messages: list[tuple[str, Json]], contents: dict[str, bytes | None]) -> None:
        if self._path is None:
            return
        self._write_files(contents)
        fresh = self._path.with_suffix(".tmp")
        # It holds the tokens, so only the owner may read it.
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.writelines(_lines(state, messages))
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._path)

    def _write_files(self, contents: dict[str, bytes | None]) -> None:
        """Write each file once, because its content never changes; remove deleted ones."""
        if self._files is None or not (contents or self._files.exists()):
            return
        self._files.mkdir(mode=0o700, exist_ok=True)
        there = {path.name for path in self._files.iterdir()}
        for gone in there - {name for name, content in contents.items() if content is not None}:
            (self._files / gone).unlink()
        for name, content in contents.items():
            if content is not None and name not in there:
                fresh = self._files / f"{name}.tmp"
                fresh.write_bytes(content)
                fresh.replace(self._files / name)


def _lines(state: Json, messages: list[tuple[str, Json]]) -> Iterator[str]:
    yield json.dumps(state) + "\n"
    for entry in messages:
        yield json.dumps(entry) + "\n"


def picture(workspace: Workspace) -> tuple[Json, list[tuple[str, Json]]]:
    """The state that survives, and every message: not modals, ephemeral messages, triggers or faults."""
    credentials = workspace.credentials
    state = {
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
        "uploads": [_upload_picture(upload) for upload in workspace.uploads.all()],
    }
    return state, [(c.id, message) for c in workspace.channels.values() for message in c.messages.values()]


def _upload_picture(upload: Upload) -> Json:
    fields = asdict(upload) | {"kept": upload.content is not None}
    del fields["content"]
    return fields


def _channel_picture(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind.value,
        "members": list(channel.members),
        "is_archived": channel.is_archived,
        "person": channel.person,
        "created": channel.created,
        "threads": {root: list(replies) for root, replies in channel.threads.items()},
    }


def _restore(workspace: Workspace, saved: Json) -> None:
    """Put saved people, groups and channels in place of those of the file; new ones of the file stay."""
    for fields in saved["users"]:
        entry = UserEntry.model_validate(fields)
        if entry.id not in (workspace.app.bot_user, SLACKBOT):
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
    for channel_id, message in saved["messages"]:
        workspace.channels[channel_id].messages[message["ts"]] = message
    for channel in workspace.channels.values():
        channel.order = sorted(channel.messages)
        if channel.order:
            workspace.timestamps.catch_up(channel.order[-1])
    _restore_uploads(workspace, saved)
    for user, view in saved["homes"].items():
        workspace.views.restore_home(user, view)


def _restore_uploads(workspace: Workspace, saved: Json) -> None:
    for fields in saved.get("uploads", []):
        state = {key: value for key, value in fields.items() if key != "kept"}
        workspace.uploads.put(Upload(**state, content=saved["contents"].get(fields["id"])))


def _channel(state: dict[str, Any]) -> Channel:
    return Channel(
        id=state["id"],
        name=state["name"],
        kind=Kind(state["kind"]),
        members=dict.fromkeys(state["members"]),
        is_archived=state["is_archived"],
        person=state["person"],
        created=state["created"],
        threads=state["threads"],
    )
