"""Shortcuts: `shortcut` (from anywhere) and `message_action` (in the menu of a message)."""

import html
from collections.abc import Iterator
from typing import Annotated, Any, Final

from pydantic import StringConstraints

from bot.slack.kit.ids import Shortcut
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.raw import Raw, RawFile, RawId, RawUser, Short, parsed, read
from bot.slack.kit.payloads.who import Who, who_among
from bot.slack.kit.texts import bad_input
from domain.common.frozen import Frozen
from domain.pki import LARGEST

MOST_FILES: Final = 5
"""How many files of a message are looked at."""
_LONGEST: Final = 200_000  # characters of a message, escaped
_DEPTH: Final = 12
_GONE: Final = frozenset({"tombstone", "hidden_by_limit", "external"})


class RawMessage(Raw):
    text: Annotated[str, StringConstraints(max_length=_LONGEST)] | None = ""
    blocks: Any = None
    attachments: Any = None
    files: list[RawFile] | None = None


class RawShortcut(Raw):
    user: RawUser
    team: RawId | None = None
    callback_id: Short
    trigger_id: Short = ""
    channel: RawId | None = None
    message: RawMessage | None = None


class AnyShortcut(Frozen):
    """A shortcut that was used, from anywhere."""

    who: Who
    trigger_id: str
    """Opens a modal, once, within three seconds."""


class MessageShortcut(AnyShortcut):
    """A shortcut that was used on a message."""

    channel: str
    texts: tuple[str, ...]
    """What the message says, as it was typed: first its text, then what only its blocks and attachments say."""
    files: tuple[str, ...]
    """Its files that may be a CSR or a certificate, by Slack's ids, in their order."""


def shortcut(body: Any) -> AnyShortcut:
    """A global shortcut. Raises BadInput."""
    raw = _read(body, Shortcut.NEW_REQUEST)
    return AnyShortcut(who=who_among(raw.user, raw.team), trigger_id=raw.trigger_id)


def message_shortcut(body: Any) -> MessageShortcut:
    """A message shortcut. Raises BadInput."""
    raw = _read(body, Shortcut.REQUEST_FOR_MESSAGE)
    if raw.message is None or raw.channel is None:
        raise BadInput(what="the shortcut names no message")
    return MessageShortcut(
        who=who_among(raw.user, raw.team),
        trigger_id=raw.trigger_id,
        channel=raw.channel.id,
        texts=_texts(raw.message),
        files=tuple(file.id for file in raw.message.files or () if _may_fit(file))[:MOST_FILES],
    )


def _read(body: Any, expected: Shortcut) -> RawShortcut:
    raw = read(RawShortcut, body)
    if parsed(Shortcut, raw.callback_id, bad_input.NOT_OUR_SHORTCUT) is not expected:
        raise BadInput(what=bad_input.NOT_OUR_SHORTCUT)
    return raw


def _texts(message: RawMessage) -> tuple[str, ...]:
    """Slack escapes `& < >` in what somebody typed; PEM stands between no other signs of its markup."""
    first = html.unescape(message.text or "")
    rest = "\n".join(_strings([message.blocks, message.attachments]))[:_LONGEST]
    return tuple(text for text in (first, html.unescape(rest)) if text.strip())


def _strings(part: Any, depth: int = 0) -> Iterator[str]:
    """Every text in blocks and attachments, in order."""
    if depth > _DEPTH:
        return
    if isinstance(part, list):
        for element in part:
            yield from _strings(element, depth + 1)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in ("text", "fallback") and isinstance(value, str):
                yield value
            elif isinstance(value, list | dict):
                yield from _strings(value, depth + 1)


def _may_fit(file: RawFile) -> bool:
    return file.mode not in _GONE and (file.size is None or file.size <= LARGEST)
