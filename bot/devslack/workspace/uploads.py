"""Files: what was uploaded, by whom, and who may read it. Source: https://docs.slack.dev/reference/objects/file-object."""

import mimetypes
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Final

from bot.devslack.errors import Json
from bot.devslack.ids import new_id
from bot.devslack.workspace.channels import Channel, Kind

TEXT: Final = ("text", "text/plain", "Plain Text")
BINARY: Final = ("binary", "application/octet-stream", "Binary")
TITLE: Final = 255


@dataclass(slots=True)
class Upload:
    """One file. `key` is the secret of its upload URL; there is no `content` before it was used, and none once deleted.

    `in_form`: it was handed in through a file input of the app, which may read it from then on.
    """

    id: str
    user: str
    name: str
    length: int
    title: str = ""
    key: str = ""
    created: int = field(default_factory=lambda: int(time.time()))
    content: bytes | None = None
    completed: bool = False
    deleted: bool = False
    in_form: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)

    @property
    def address_name(self) -> str:
        """The name as it is written in a URL."""
        return re.sub(r"[^a-z0-9._-]+", "_", self.name.casefold()) or "file"

    @property
    def kinds(self) -> tuple[str, str, str]:
        """Slack's filetype, the MIME type, and what it is called."""
        guessed = mimetypes.guess_type(self.name)[0]
        if guessed and not guessed.startswith("text/"):
            extension = self.name.rpartition(".")[2].casefold()
            return extension, guessed, extension.upper()
        try:
            text = (self.content or b"").decode()
        except UnicodeDecodeError:
            return BINARY
        return BINARY if "\0" in text else TEXT


class Uploads:
    def __init__(self, team: str, domain: str) -> None:
        self._team = team
        self._domain = domain
        self.base_url = ""  # set by the server
        self._files: dict[str, Upload] = {}
        self._keys: dict[str, str] = {}

    def all(self) -> list[Upload]:
        return list(self._files.values())

    def put(self, upload: Upload) -> Upload:
        self._files[upload.id] = upload
        if upload.key:
            self._keys[upload.key] = upload.id
        return upload

    def get(self, file_id: str) -> Upload | None:
        """A completely uploaded file, deleted ones included."""
        upload = self._files.get(file_id)
        return upload if upload and upload.completed else None

    def begun(self, file_id: str) -> Upload | None:
        """A file in any state: begun, complete or deleted."""
        return self._files.get(file_id)

    def expected(self, key: str) -> Upload | None:
        """The file that this upload URL waits for; each URL takes one upload."""
        upload = self._files.get(self._keys.get(key, ""))
        return upload if upload and upload.content is None and not upload.deleted else None

    def begin(self, user: str, name: str, length: int) -> Upload:
        """A file that has an address to be uploaded to, and nothing else yet."""
        return self.put(Upload(new_id("F"), user, name, length, key=secrets.token_urlsafe(24)))

    def add(self, user: str, name: str, content: bytes, title: str = "") -> Upload:
        """A whole file, as a person's client uploads it."""
        upload = Upload(new_id("F"), user, name, len(content), title or name, content=content, completed=True)
        return self.put(upload)

    def upload_url(self, upload: Upload) -> str:
        return f"{self.base_url}/upload/v1/{upload.key}"

    def described(self, upload: Upload, channels: dict[str, Channel], *, shares: bool = True) -> Json:
        """Slack's file object; with `shares`, also where it was shared (messages leave that out)."""
        if upload.deleted:
            return {"id": upload.id, "mode": "tombstone"}
        filetype, mimetype, pretty = upload.kinds
        address = f"{self.base_url}/files-pri/{self._team}-{upload.id}"
        link = f"https://{self._domain}.slack.com/files/{upload.user}/{upload.id}/{upload.address_name}"
        described: Json = {
            "id": upload.id,
            "created": upload.created,
            "timestamp": upload.created,
            "name": upload.name,
            "title": upload.title,
            "mimetype": mimetype,
            "filetype": filetype,
            "pretty_type": pretty,
            "user": upload.user,
            "user_team": self._team,
            "editable": filetype == TEXT[0],
            "size": len(upload.content or b""),
            "mode": "snippet" if filetype == TEXT[0] else "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": any(channels[c].kind is Kind.PUBLIC for c in upload.shares if c in channels),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{address}/{upload.address_name}",
            "url_private_download": f"{address}/download/{upload.address_name}",
            "permalink": link,
            "has_rich_preview": False,
            "file_access": "visible",
        }
        return described | (_shared(upload, channels) if shares else {})

    def share(self, upload: Upload, channel: Channel, ts: str) -> None:
        upload.shares.setdefault(channel.id, []).append(ts)

    def delete(self, upload: Upload) -> None:
        upload.deleted, upload.content = True, None


def _shared(upload: Upload, channels: dict[str, Channel]) -> Json:
    """Where a file was shared, as files.info says it."""
    places: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    shares: dict[str, dict[str, list[Json]]] = {}
    for channel_id, stamps in upload.shares.items():
        channel = channels.get(channel_id)
        if channel is None:
            continue
        places[channel.kind].append(channel_id)
        entries = [
            {"ts": ts, "share_user_id": upload.user, "source": "UNKNOWN"} for ts in stamps if ts in channel.messages
        ]
        if entries:
            side = "public" if channel.kind is Kind.PUBLIC else "private"
            shares.setdefault(side, {})[channel_id] = entries
    return {
        "channels": places[Kind.PUBLIC],
        "groups": places[Kind.PRIVATE],
        "ims": places[Kind.IM],
        "shares": shares,
        "comments_count": 0,
    }
