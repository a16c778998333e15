"""Files that a person attaches to a message or uploads in a form."""

import base64
import binascii
from typing import Any

from bot.devslack.errors import Json, Refused
from bot.devslack.workspace.uploads import Upload
from bot.devslack.workspace.workspace import Workspace

MAX_BYTES = 64 * 1024 * 1024


def uploads_from(workspace: Workspace, user: str, values: Any) -> list[Upload]:
    """The files of a list: each new, `{name, content}` (text) or `{name, base64}`, or one that this person uploaded, by id.

    Raises Refused `bad_file` or `file_not_found`.
    """
    items = values if isinstance(values, list) else [values]
    return [_upload(workspace, user, value) for value in items if value is not None]


def _upload(workspace: Workspace, user: str, value: Any) -> Upload:
    if isinstance(value, dict) and "id" not in value:
        return _new_upload(workspace, user, value)
    file_id = value.get("id") if isinstance(value, dict) else value
    upload = workspace.uploads.get(file_id) if isinstance(file_id, str) else None
    if upload is None or upload.user != user or upload.deleted:
        raise Refused("file_not_found", f"{user} has uploaded no file {file_id}.")
    return upload


def _new_upload(workspace: Workspace, user: str, value: Json) -> Upload:
    name, text, encoded = value.get("name"), value.get("content"), value.get("base64")
    if not isinstance(name, str) or not name or (text is None) == (encoded is None):
        raise Refused("bad_file", "A file is {name, content} or {name, base64}.")
    if not isinstance(text if encoded is None else encoded, str):
        raise Refused("bad_file", "What is in a file is given as text, or as base64.")
    try:
        content = str(text).encode() if encoded is None else base64.b64decode(encoded, validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Refused("bad_file", f"{name} is not base64.") from error
    if len(content) > MAX_BYTES:
        raise Refused("bad_file", f"{name} is larger than 64 MB, which devslack does not store.")
    if not content:
        raise Refused("bad_file", f"{name} is empty, which Slack does not take.")
    upload = workspace.uploads.add(user, name, content)
    workspace.changed = True
    workspace.tell_app_event({"type": "file_created", "file_id": upload.id, "file": {"id": upload.id}})
    return upload
