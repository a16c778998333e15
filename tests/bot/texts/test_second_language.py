"""Ready for a second language: with another in the place of English, everything that is drawn speaks it."""

import json
import subprocess
import sys

import pytest

from tests.bot.texts.second_language import translated


@pytest.fixture(scope="module")
def left() -> dict[str, str]:
    """The English words that are left, by what is drawn with them."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.bot.texts.second_language"],
        capture_output=True,
        check=True,
        text=True,
    )
    found: dict[str, str] = json.loads(run.stdout)
    return found


def test_no_english_is_left_in_what_is_drawn(left: dict[str, str]) -> None:
    assert left == {}


@pytest.mark.parametrize(
    ("said", "wide"),
    [
        ("Edit", "Ｅｄｉｔ"),  # noqa: RUF001 - the made-up language
        ("*Next*: <@U1> `code` it", "*Ｎｅｘｔ*: <@U1> `code` ｉｔ"),  # noqa: RUF001
        ({"a": ("b", ["c"])}, {"a": ("ｂ", ["ｃ"])}),  # noqa: RUF001
        (7, 7),
    ],
)
def test_the_made_up_language_leaves_what_is_for_everybody(said: object, wide: object) -> None:
    assert translated(said) == wide
