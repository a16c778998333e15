"""What people read stands in the catalogue of texts, and nowhere else."""

from pathlib import Path
from typing import Final

import pytest

import bot
from tests.bot.texts.sentences import sentences, sentences_in

BOT: Final = Path(bot.__file__).parent
ROOMS: Final = ("blocks", "listeners", "payloads")
ELSEWHERE: Final = frozenset({"cli.py", "configuration_file.py", "settings.py", "tokens.py"})
"""Read by those who run Countersign: what commands take, and what is wrong with their files, beside the code that takes and finds it."""

MODULES: Final = sorted([*(path for room in ROOMS for path in (BOT / room).rglob("*.py")), *BOT.glob("*.py")])
HELD: Final = [path for path in MODULES if path.name not in ELSEWHERE]


@pytest.mark.parametrize("path", HELD, ids=[str(path.relative_to(BOT)) for path in HELD])
def test_no_text_stands_outside_of_the_catalogue(path: Path) -> None:
    assert sentences(path) == []


@pytest.mark.parametrize(
    "code",
    [
        'x = "Nobody stands in."',
        'x = f"{count} steps"',
        'x = f"and {count} more"',
        'x = f"version {number}"',
        'header("Steps")',
        'header(f"Steps{more}")',
        'button("Edit", Action.EDIT, "key", LABEL)',
        'x = View(title="Versions")',
        'x = PlainTextObject(text="Approve" if one else "Reject")',
        'raise BadInput(what="nothing there")',
        "def f():\n    x = 'Write at most ten.'",
    ],
)
def test_a_text_in_code_is_found(code: str) -> None:
    assert sentences_in(code)


@pytest.mark.parametrize(
    "code",
    [
        '"""A docstring of several words."""',
        'raise ValueError("not what a form carries")',
        'log.warning("somebody could not be answered: %s", why)',
        'x = re.compile(r"one two")',
        'button(texts.EDIT, Action.EDIT, "people", LABEL)',
        'View(type="modal", private_metadata="key")',
        'x = f"{kind}:{key}"',
        'x = texts.PEOPLE["none"]',
    ],
)
def test_what_people_do_not_read_is_left_alone(code: str) -> None:
    assert sentences_in(code) == []
