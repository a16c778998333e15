"""What a person types, as Slack passes it on: mentions become ids, and `& < >` become entities."""

import re

from bot.devslack.workspace.workspace import Workspace

# A reference that is already one, an @name or #name, a link, or a character that must be escaped.
_PARTS = re.compile(
    r"<[@#][A-Z0-9]+(?:\|[^>]*)?>|(?<![\w@])@[a-z0-9][\w.-]*|(?<![\w#&])#[a-z0-9][\w.-]*|https?://[^\s<>|]+|[&<>]"
)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(workspace: Workspace, text: str, *, references: bool) -> str:
    """The text as the app gets it.

    With `references` (a command's should_escape, and every message) `@jane` becomes `<@U123|jane>`, `#pki` becomes `<#C1|pki>`
    and a link `<https://...>`. Without, Slack leaves them as typed.
    Source: https://docs.slack.dev/interactivity/implementing-slash-commands.
    """
    return _PARTS.sub(lambda part: _escaped(workspace, part[0], references), text)


def _escaped(workspace: Workspace, part: str, references: bool) -> str:
    if part in _ENTITIES:
        return _ENTITIES[part]
    if part.startswith("<"):
        return part if references else part.replace("<", "&lt;").replace(">", "&gt;")
    if not references:
        return part.replace("&", "&amp;")
    if part.startswith("http"):
        return f"<{part.replace('&', '&amp;')}>"
    name = part[1:].rstrip(".-")
    ending = part[1 + len(name) :]
    if part.startswith("@"):
        user = workspace.people.by_name(name)
        return f"<@{user['id']}|{user['name']}>{ending}" if user else part
    channel = workspace.channel_names.get(name)
    return f"<#{channel}|{name}>{ending}" if channel else part
