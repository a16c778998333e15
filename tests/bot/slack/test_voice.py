"""One voice in the whole catalogue, and no button or title that Slack would cut."""

import inspect
import re
from typing import Final

from tests.bot.slack.catalogue import VALUE, Text, areas, catalogue

ALL: Final = list(catalogue())
TITLE: Final = 24
BUTTON: Final = 75
"""Characters: docs.slack.dev/reference/views and …/block-kit/block-elements/button-element."""
NAMES: Final = frozenset(
    {"App", "Manifest", "Mode", "Content", "Countersign", "Details", "Ed", "Home", "Ki", "Length", "None", "Slack"}
)
"""What has a capital letter in the middle of a sentence: names, units, and what stands on a button or in a menu."""
SIGN: Final = re.compile(r"[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]|:[a-z_]+:")


def constants() -> list[Text]:
    """Texts without values."""
    return [
        Text(area.__name__.rpartition(".")[2], name, value)
        for area in areas()
        for name, value in vars(area).items()
        if isinstance(value, str) and name.isupper()
    ]


def test_the_catalogue_is_read() -> None:
    assert len(ALL) > 400
    assert len(constants()) > 200


def test_nobody_is_begged_and_nothing_is_shouted() -> None:
    shouted = re.compile(r"\bplease\b|\w!|\boops\b|\bsorry\b", re.IGNORECASE)
    assert [str(row) for row in ALL if shouted.search(row.said)] == []


def test_no_sign_stands_for_a_word() -> None:
    """A screen reader says nothing of a sign, or something odd. In `words` each stands beside its word, in a part of its own."""
    others = [row for row in ALL if row.area != "words"]
    assert [str(other) for other in others if SIGN.match(other.said.lstrip(" *"))] == []
    assert [str(other) for other in others if re.search(r":[a-z_]+:", other.said)] == []


def test_capitals_begin_sentences_and_names_and_not_every_word() -> None:
    inner = re.compile(r"(?<=[\w,;] )[A-Z][a-z]+")
    found = {
        str(constant): [word for word in inner.findall(constant.said) if word not in NAMES] for constant in constants()
    }
    assert {said: words for said, words in found.items() if words} == {}


def test_titles_fit_and_are_no_sentences() -> None:
    titles = [constant for constant in constants() if constant.name.endswith("TITLE")]
    assert titles
    assert [str(title) for title in titles if not 1 <= len(title.said) <= TITLE or title.said.endswith(".")] == []


def test_buttons_fit_and_begin_with_a_capital() -> None:
    buttons = [constant for constant in constants() if constant.area == "buttons" or constant.name.endswith("_LABEL")]
    assert buttons
    assert [
        str(button)
        for button in buttons
        if len(button.said) > BUTTON or not button.said[:1].isupper() or button.said.endswith(".")
    ] == []


def test_what_a_screen_reader_says_names_the_thing() -> None:
    """`Approve request REQ-12`, not `Approve`: with several of them in a row one has to know which."""
    labels = [row for row in ALL if row.name.endswith("_label")]
    assert labels
    assert [str(label) for label in labels if VALUE not in label.said] == []


def test_every_function_says_what_it_takes() -> None:
    """So that mypy sees what is missing or of another kind, and another language can be held against it."""
    functions = [
        one
        for area in areas()
        for _, one in inspect.getmembers(area, inspect.isfunction)
        if one.__module__ == area.__name__
    ]
    assert len(functions) > 150
    assert [
        function
        for function in functions
        if {*inspect.signature(function).parameters, "return"} - set(function.__annotations__)
    ] == []
