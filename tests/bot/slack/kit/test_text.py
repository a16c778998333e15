"""What people type is shown exactly, pings nobody, hides nothing, and can be told from everything else."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.kit.blocks.layout import plain_text, said_whole
from bot.slack.kit.blocks.text import (
    ELLIPSIS,
    code,
    code_parts,
    cut,
    escape,
    inline,
    line,
    mention,
    plain,
    reveal,
    split,
    weight,
    when,
    when_plain,
)
from domain.people.people import PersonId, person_id

_SPECIAL = [
    "<!channel>",
    "<@U123>",
    "&lt;",
    "*b*",
    "_i_",
    "~s~",
    "`c`",
    ":tada:",
    "\u202e",
    "\u200b",
    "\\u202e",
    "\\",
    "\n",
    "\r\n",
    "> q",
    "\ud800",
]
hostile = st.lists(st.sampled_from(_SPECIAL) | st.text(max_size=12), max_size=12).map("".join)

_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def typed(shown: str) -> str:
    """What was typed, from what `reveal` made of it."""
    return re.sub(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})", lambda found: chr(int(found[1] or found[2], 16)), shown)


def unescaped(shown: str) -> str:
    return re.sub(r"&(?:lt|gt|amp);", lambda found: _ENTITIES[found[0]], shown)


@given(hostile)
def test_what_was_typed_can_be_recovered_from_what_is_shown(text: str) -> None:
    assert typed(reveal(text)) == text
    assert typed(reveal(text, lines=True)) == text.replace("\r\n", "\n")


@given(hostile, hostile)
def test_different_texts_look_different(one: str, other: str) -> None:
    assert (reveal(one) == reveal(other)) == (one == other)


@given(hostile)
@example("a`b")
@example("*.example.com")
def test_inline_text_is_exact_and_formats_nothing(text: str) -> None:
    shown = inline(text, 100_000)
    if not text:
        assert shown == "(empty)"
        return
    coded = shown.startswith("`")
    inside = shown[1:-1] if coded else shown
    assert typed(unescaped(inside)) == text
    assert not {"<", ">", "`", "\n"} & set(inside)
    assert coded or not re.search(r"[*_~]|:[^\s:]+:", inside)


@given(hostile)
def test_code_is_exact(text: str) -> None:
    shown = code(text, 100_000)
    assert shown == "(empty)" if not reveal(text).strip() else typed(unescaped(shown[1:-1])) == text


@given(hostile)
def test_the_fallback_line_is_one_escaped_line(text: str) -> None:
    shown = line(text, 100_000)
    assert typed(unescaped(shown)) == text
    assert not {"<", ">", "\n"} & set(shown)


@given(hostile)
def test_plain_text_is_exact_and_is_no_emoji(text: str) -> None:
    shown = plain_text(text, 100_000).to_dict()
    assert shown["emoji"] is False
    assert typed(shown["text"]) == (text.replace("\r\n", "\n") or "(empty)")


@given(hostile, st.integers(min_value=1, max_value=60))
def test_what_is_cut_says_so_and_fits(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert weight(shown) <= limit
    assert len(escape(shown)) <= limit
    assert shown == text or (shown.endswith(ELLIPSIS) and text.startswith(shown[:-1]))


@given(st.text(alphabet="ab <&\n", max_size=400), st.integers(min_value=10, max_value=60))
def test_what_is_split_loses_only_the_spaces_it_is_split_at(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(weight(part) <= limit for part in parts)
    assert "".join(parts).replace(" ", "").replace("\n", "") == text.replace(" ", "").replace("\n", "")
    assert len(text) - len("".join(parts)) <= len(parts) - 1


@given(st.text(alphabet="<&`*x ", max_size=300))
def test_long_values_come_back_whole_from_their_parts(text: str) -> None:
    parts = code_parts(text, 50)
    assert all(len(part) <= 52 for part in parts)
    shown = "".join("" if part == "(empty)" else part[1:-1] for part in parts)
    assert typed(unescaped(shown)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("length", [3001, 20_000])
@pytest.mark.parametrize("char", ["x", "<", "&", "\u202e", "🎉", "`", "\n"])
def test_a_text_that_is_too_long_fits_and_is_whole_in_details(char: str, length: int) -> None:
    text = char * length
    assert weight(plain(text)) <= 2900
    blocks = [block.to_dict() for block in said_whole(f"a{text}z")]
    assert all(len(escape(block["text"]["text"])) <= 3000 for block in blocks)
    whole = "".join(block["text"]["text"] for block in blocks)
    assert typed(whole).replace("\n", "").replace("(empty)", "") == f"a{text}z".replace("\n", "")


def test_a_mention_holds_nothing_but_an_id() -> None:
    assert mention(person_id("T1", "U123")) == "<@U123>"
    assert mention(PersonId("T1/U1> <!channel")) == "`T1/U1&gt; &lt;!channel`"


def test_a_moment_is_shown_in_the_readers_zone_with_a_fallback_in_utc() -> None:
    moment = datetime(2026, 11, 21, 19, 0, tzinfo=timezone(timedelta(hours=1)))
    assert when(moment) == "<!date^1795284000^{date_short_pretty} {time}|21 Nov 2026, 18:00 UTC>"
    assert when_plain(moment) == "21 Nov 18:00 UTC"
    assert when(moment) == when(moment.astimezone(UTC))
