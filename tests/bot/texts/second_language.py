"""Countersign in a made-up language: run by `test_second_language`, in an interpreter of its own.

The language is English in wide letters (those that Unicode has for use among Chinese characters), so that what it says is as long as
before, and what is not said in it can be seen. It is put in the place of English as another language would be: before anything that draws
is imported. What is printed, as JSON, are the words in Latin letters that are left in each thing that is drawn, but for those that stand
in what was drawn: names, reasons, ids.
"""

import functools
import html
import json
import re
import sys
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

_WIDE = {code: code - 0x21 + 0xFF01 for code in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))}
_LEFT = re.compile(r"<[^<>]*>|`[^`]*`")  # mentions, moments and code: for everybody the same
_CODES = re.compile(r"\\u[0-9a-f]{4}|\\U[0-9a-f]{8}")  # what cannot be seen
_WORD = re.compile(r"[A-Za-z]{2,}")


def translated(said: Any) -> Any:
    """*said* in the made-up language, whatever it is made of."""
    match said:
        case str() if type(said) is str:
            parts = re.split(f"({_LEFT.pattern})", said)
            return "".join(part if _LEFT.fullmatch(part) else part.translate(_WIDE) for part in parts)
        case dict():
            return {key: translated(value) for key, value in said.items()}
        case tuple() if hasattr(said, "_make"):
            return type(said)._make(translated(one) for one in said)
        case list() | tuple():
            return type(said)(translated(one) for one in said)
        case FunctionType():
            return _saying(said)
        case _:
            return said


def _saying(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def say(*args: Any, **kwargs: Any) -> Any:
        return translated(function(*args, **kwargs))

    return say


def speak(areas: list[ModuleType]) -> None:
    """Have every area say everything in the made-up language."""
    for area in areas:
        for name, said in list(vars(area).items()):
            if not name.startswith("_") and getattr(said, "__module__", area.__name__).startswith("bot.texts"):
                setattr(area, name, translated(said))


def left() -> dict[str, str]:
    """Everything that is drawn and has words in Latin letters that nobody typed, by its name: those words."""
    # These may be imported only now: what they import binds the texts.
    from slack_sdk.models.views import View

    from bot.texts.commands import Subcommand
    from tests.bot.blocks.cast import HOSTILE, everything
    from tests.bot.blocks.drawn import TYPED, drawn
    from tests.bot.blocks.limits import texts
    from tests.bot.blocks.test_profiles import ALL

    requests = [one.model_dump(mode="json") for name, one in everything() if name.startswith("ordinary")]
    profiles = [one.model_dump(mode="json") for one in ALL.values()]
    typed = set(
        _WORD.findall(
            json.dumps([requests, profiles]) + HOSTILE.replace("\\", " ") + f" {TYPED} " + " ".join(Subcommand)
        )
    )
    found: dict[str, set[str]] = {}
    for name, one in drawn(("ordinary",)):
        shown = one.to_dict() if isinstance(one, View) else one.arguments()
        lines = [text for text, _ in texts(json.loads(json.dumps(shown)))] + (
            [] if isinstance(one, View) else [one.text]
        )
        for line in lines:
            plain = _CODES.sub(" ", html.unescape(_LEFT.sub(" ", line)))
            found.setdefault(name, set()).update(word for word in _WORD.findall(plain) if word not in typed)
    return {name: " ".join(sorted(words)) for name, words in found.items() if words}


def main() -> None:
    from tests.bot.texts.catalogue import areas

    speak(areas())
    json.dump(left(), sys.stdout)


if __name__ == "__main__":
    main()
