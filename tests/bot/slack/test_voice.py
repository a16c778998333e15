"""One voice in everything that people see in Slack: messages, modals, Homes, drawn with ordinary content."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pytest
from slack_sdk.models.views import View

from tests.bot.slack.drawn import drawn
from tests.bot.slack.limits import elements, texts

SIGN: Final = re.compile(r"^[\s*]*[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


class Shown(NamedTuple):
    """A text, and in which drawing it is."""

    drawing: str
    text: str


@pytest.fixture(scope="module")
def drawings() -> dict[str, Any]:
    """Each drawing by its name, as Slack gets it."""
    return {
        name: json.loads(json.dumps(shown.to_dict() if isinstance(shown, View) else shown.arguments()))
        for name, shown in drawn(("ordinary",))
    }


def every_text(drawings: dict[str, Any]) -> Iterator[Shown]:
    for name, shown in drawings.items():
        yield from (Shown(name, text) for text, _ in texts(shown.get("blocks") or []))


def every_button(drawings: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, shown in drawings.items():
        for element in elements(shown.get("blocks") or []):
            if element["type"] == "button":
                yield name, element


def test_nobody_is_begged_and_nothing_is_shouted(drawings: dict[str, Any]) -> None:
    shouted = re.compile(r"\bplease\b|\w!(?!\w)|\boops\b|\bsorry\b", re.IGNORECASE)
    assert [shown for shown in every_text(drawings) if shouted.search(shown.text)] == []


def test_no_sign_stands_for_a_word(drawings: dict[str, Any]) -> None:
    """A screen reader says nothing of a sign, or something odd: a text has words beside it."""
    bare = [shown for shown in every_text(drawings) if SIGN.match(shown.text) and not re.search(r"\w", shown.text)]
    assert bare == []


def test_titles_fit_and_are_no_sentences(drawings: dict[str, Any]) -> None:
    titles = {name: shown["title"]["text"] for name, shown in drawings.items() if "title" in shown}
    assert len(titles) > 20
    assert {name: title for name, title in titles.items() if not 1 <= len(title) <= 24 or title.endswith(".")} == {}


def test_buttons_begin_with_a_capital_and_are_no_sentences(drawings: dict[str, Any]) -> None:
    buttons = {button["text"]["text"] for _, button in every_button(drawings)}
    assert len(buttons) > 40
    assert [text for text in buttons if len(text) > 75 or not text[:1].isupper() or text.endswith(".")] == []


def test_a_screen_reader_hears_what_a_button_is_about(drawings: dict[str, Any]) -> None:
    """`Approve request REQ-12`, not `Approve`: several buttons are read in a row."""
    decisions = [
        button for _, button in every_button(drawings) if button["action_id"] in {"approve", "reject", "details"}
    ]
    assert len(decisions) > 20
    assert [button for button in decisions if not re.search(r"REQ-\d+", button.get("accessibility_label", ""))] == []
