"""What people type into a command: Slack's escapes, quotes, and words of a fixed list."""

import re
from difflib import get_close_matches
from typing import Final

from bot.slack.kit.payloads.faults import Misused
from bot.slack.kit.texts import commands as texts
from bot.slack.kit.texts.commands import Argument, Subcommand, usage

_MARKUP: Final = re.compile(r"<([^<>|\s]{1,2000})(?:\|([^<>]*))?>")


def unescape(text: str) -> str:
    """*text* as it was typed, before Slack escaped it."""
    text = _MARKUP.sub(_as_typed, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _as_typed(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if target.startswith(("@", "#")):
        return target[0] + (label or target[1:])
    if target.startswith("!"):
        name = label or target[1:].partition("^")[0]
        return name if name.startswith("@") else f"@{name}"
    return label or target


_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»"}


def unquote(text: str) -> str:
    """*text* without the one pair of quotes around all of it."""
    text = text.strip()
    if len(text) >= 2 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        return text[1:-1].strip()
    return text


def one_of(word: str, names: list[str], what: Argument, subcommand: Subcommand) -> str:
    """*word* if it is one of *names*. Raises Misused with the nearest one."""
    if word in names:
        return word
    near = get_close_matches(word[:40], names, n=1, cutoff=0.5)
    problem = texts.there_is_no(what, unescape(word)[:40], near[0] if near else None, names)
    raise Misused(problem=problem, usage=usage(subcommand))
