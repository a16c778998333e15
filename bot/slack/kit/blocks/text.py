"""Text that people typed, and where it may stand.

Three places, three rules. In a `plain_text` object everything is shown as it is. In mrkdwn a value goes through `inline` or `code`, which
show it exactly and keep it from formatting, linking or pinging. In the one-line `text` of a message it goes through `line`. In all of them
characters that cannot be seen, or that move others about, are written as codes such as `\\u202e`; different texts stay different.
"""

import re
from bisect import bisect_right
from datetime import UTC, datetime
from typing import Final

from bot.slack.kit.texts import common, grammar
from domain.common.time_text import utc
from domain.people.people import PersonId, team_and_user
from domain.pki import visible

ELLIPSIS: Final = "…"
_CODE_POINT: Final = re.compile(r"\\(?=u[0-9a-f]{4}|U[0-9a-f]{8})")
_SINGLE_LINE: Final = frozenset(map(chr, range(0x20, 0x7F)))
# and line ends and the spaces of running text, which hide nothing
_SEVERAL_LINES: Final = _SINGLE_LINE | set("\n\t\u00a0\u202f\u3000")
# What mrkdwn would take for bold, italic, strike, code, an emoji, or, at the start of a line, a quote or a list.
_ACTIVE: Final = re.compile(r"[*_~`]|:[^\s:]+:|^\s*(?:>|&gt;|•|-\s|\d+\.\s)")


def escape(text: str) -> str:
    """*text* for mrkdwn, with the three characters that could begin something else written as Slack asks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def reveal(text: str, *, lines: bool = False) -> str:
    """*text* with every character that cannot be seen written as a code; line ends stay where *lines* is true.

    A code that somebody typed gets its backslash written as one, so that no two texts look alike.
    """
    if lines:
        text = text.replace("\r\n", "\n")
    text = _CODE_POINT.sub(r"\\u005c", text)
    kept = _SEVERAL_LINES if lines else _SINGLE_LINE
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char in kept else visible(char) for char in text)


def weight(text: str) -> int:
    """The most that Slack may count *text* as: UTF-16 units, with `& < >` as they are written in mrkdwn."""
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return units + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def cut(text: str, limit: int) -> str:
    """*text*, or as much of its beginning as weighs at most *limit* with the ellipsis that says so."""
    if weight(text) <= limit:
        return text
    return text[: _fitting(text, limit - weight(ELLIPSIS))].rstrip() + ELLIPSIS


def split(text: str, limit: int) -> list[str]:
    """*text* in parts that weigh at most *limit* each, parted at line ends and spaces where that is possible: only those are left out."""
    parts = []
    while weight(text) > limit:
        most = _fitting(text, limit)
        place = max(text.rfind(gap, 0, most + 1) for gap in "\n ")
        end = place if place > most // 2 else max(most, 1)
        parts.append(text[:end])
        text = text[end + (text[end] in "\n ") :]
    return [*parts, text]


def _fitting(text: str, limit: int) -> int:
    """How many characters of *text* weigh at most *limit*."""
    return bisect_right(range(1, len(text) + 1), limit, key=lambda end: weight(text[:end]))


def inline(text: str, limit: int = 100, *, shown: bool = False) -> str:
    """*text* for the middle of a line of mrkdwn, as it is; as code where it would otherwise format something.

    *shown* says that what cannot be seen in it has been made visible before.
    """
    value = cut(_without_backticks(text if shown else reveal(text)), limit)
    return f"`{escape(value)}`" if _ACTIVE.search(value) else escape(value) or common.EMPTY


def code(text: str, limit: int = 300, *, shown: bool = False) -> str:
    """*text* as inline code in mrkdwn, which formats nothing within it."""
    value = cut(_without_backticks(text if shown else reveal(text)), limit)
    return f"`{escape(value)}`" if value.strip() else common.EMPTY


def code_parts(text: str, limit: int = 2500) -> list[str]:
    """All of *text*, made visible before, as inline code: in parts where it is longer than *limit*."""
    return [f"`{escape(part)}`" if part.strip() else common.EMPTY for part in split(_without_backticks(text), limit)]


def _without_backticks(value: str) -> str:
    """A backtick would end the code that it stands in, so it is written as a code itself."""
    return value.replace("`", "\\u0060")


def line(text: str, limit: int = 200) -> str:
    """*text* for the one-line `text` of a message."""
    return escape(cut(reveal(text), limit))


def plain(text: str, limit: int = 2900) -> str:
    """*text* for a `plain_text` object: lines and all."""
    return cut(reveal(text, lines=True), limit)


def mention(person: PersonId) -> str:
    """*person* as Slack shows them to whoever reads."""
    _, user = team_and_user(person)
    return f"<@{user}>" if re.fullmatch(r"[A-Z0-9]{1,32}", user) else code(person, 80)


def usergroup(id: str) -> str:
    """The user group *id* of Slack, mentioned: whoever is in it is called when the message is posted."""
    return f"<!subteam^{id}>" if re.fullmatch(r"[A-Z0-9]{1,32}", id) else code(id, 80)


def when(moment: datetime) -> str:
    """*moment* in the reader's own time zone; where it cannot be, in UTC."""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{utc(moment.astimezone(UTC))}>"


def when_plain(moment: datetime) -> str:
    """*moment* for the one-line text: `21 Nov 18:00 UTC`."""
    return grammar.moment(moment.astimezone(UTC))
