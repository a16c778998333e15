"""Files that people keep in Slack: whose they are, and what is in them, never more than a CSR or certificate can have."""

import logging
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.platform.directory import SLACK_FAILED
from domain.common.errors import Refusal
from domain.pki import LARGEST

log = logging.getLogger(__name__)

SECONDS: Final = 10.0
"""How long one file may take: 64 KiB take a fraction of one."""
_SCHEME: Final = "Bearer"
_CHUNK: Final = 16 * 1024


class FileNotRead(Refusal):
    """Slack could not give this file. Upload it again, or paste what is in it."""


class FileOutOfReach(FileNotRead):
    """Countersign cannot see this file. Upload it in the form, or invite Countersign to the channel and try again."""


class FileTooLarge(FileNotRead):
    """This file is too large to be a CSR or a certificate: the maximum is 64 KiB."""


class FileOfSomebodyElse(FileNotRead):
    """This file is not one that you uploaded. Upload it yourself, or paste what is in it."""


async def uploaded_by(client: AsyncWebClient, user: str, file_id: str) -> bytes:
    """What is in a file that Slack says *user* uploaded; whoever the form says it was is not asked.

    Raises FileOfSomebodyElse, FileTooLarge, FileNotRead.
    """
    found = await _info(client, file_id)
    if found.get("user") != user:
        raise FileOfSomebodyElse
    return await _content(client, found)


async def shared_in(client: AsyncWebClient, channel: str, file_id: str) -> bytes:
    """What is in a file that was shared in *channel*. Raises FileOutOfReach, FileTooLarge, FileNotRead."""
    try:
        found = await _info(client, file_id)
    except FileNotRead as error:
        raise FileOutOfReach from error
    if not any(channel in (found.get(places) or ()) for places in ("channels", "groups", "ims")):
        raise FileOutOfReach
    return await _content(client, found)


async def _info(client: AsyncWebClient, file_id: str) -> dict[str, Any]:
    try:
        answer = await client.files_info(file=file_id)
    except SLACK_FAILED as error:
        log.warning("Slack gave no file: %s", error)
        raise FileNotRead from error
    return dict(answer["file"])


async def _content(client: AsyncWebClient, found: dict[str, Any]) -> bytes:
    """Read no further than the limit, whatever Slack said of its size."""
    address, size = str(found.get("url_private_download") or ""), found.get("size")
    if isinstance(size, int) and size > LARGEST:
        raise FileTooLarge
    if not _is_slacks(client, address):
        raise FileNotRead
    session = client.session
    if session is None:
        raise ValueError("a client without a session")
    headers = {"Authorization": f"{_SCHEME} {client.token}"}
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        # Whoever may not read is sent to sign in: that page must not pass for the file.
        async with session.get(address, headers=headers, timeout=timeout, allow_redirects=False) as response:
            if response.status != HTTPStatus.OK:
                raise FileNotRead
            return await _bounded(response.content)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise FileNotRead from error


async def _bounded(stream: aiohttp.StreamReader) -> bytes:
    content = bytearray()
    async for chunk in stream.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise FileTooLarge
    return bytes(content)


def _is_slacks(client: AsyncWebClient, address: str) -> bool:
    """Whether the bot's token may go to *address*: the host of the API, or one below it, by the same scheme and port."""
    to, api = urlsplit(address), urlsplit(client.base_url)
    domain = (api.hostname or "").removeprefix("www.")
    there = to.hostname or ""
    try:
        same = (to.scheme, to.port) == (api.scheme, api.port)
    except ValueError:
        return False
    return bool(domain) and same and (there == domain or there.endswith(f".{domain}")) and to.username is None
