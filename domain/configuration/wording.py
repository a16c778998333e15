"""What differs, in words: from what to what, the same in a terminal, in Slack and in a refusal."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from domain.configuration.document import PEOPLE_FIELDS
from domain.configuration.written import Difference

_BINDING: Final = "approvals."

Say = Callable[[str, str], str]
"""How a text that stands at a path of the file is written."""


def visible(_path: str, text: str) -> str:
    """*text* with whatever could move a cursor or change a colour written as its code."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def in_words(difference: Difference, say: Say = visible, where: Callable[[str], str] = str) -> Iterator[str]:
    """*difference* in one line or several: `steps[0].required: 1 → 2`, `bind issue to web-servers`.

    *say* writes its texts and *where* its places: `place` as people say them.
    """
    path, before, after = difference.path, difference.before, difference.after
    if path == "approvals":
        for operation in dict(before or {}) | dict(after or {}):
            yield _binding(operation, (before or {}).get(operation), (after or {}).get(operation))
    elif path.startswith(_BINDING):
        yield _binding(path.removeprefix(_BINDING), before, after)
    elif before is None:
        for at, text in _flat(path, after, say):
            yield f"{where(at)}: {text}"
    else:
        yield f"{where(path)}: {_value(path, before, say)} → {_value(path, after, say)}"


def _binding(operation: str, before: str | None, after: str | None) -> str:
    if before is None:
        return f"bind {operation} to {after}"
    return (
        f"unbind {operation} from {before}" if after is None else f"bind {operation} to {after}, no longer to {before}"
    )


def _flat(path: str, value: Any, say: Say) -> Iterator[tuple[str, str]]:
    """What is new: each place, and what it says."""
    if isinstance(value, dict):
        if not value:
            yield path, "none"
        for key, one in value.items():
            yield from _flat(f"{path}.{key}", one, say)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for index, one in enumerate(value):
            yield from _flat(f"{path}[{index}]", one, say)
    else:
        yield path, _value(path, value, say)


def _value(path: str, value: Any, say: Say) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(_value(path, one, say) for one in value) or "none"
        case dict():
            return "; ".join(f"{key}: {_value(f'{path}.{key}', one, say)}" for key, one in value.items()) or "none"
        case _:
            return say(path, str(value))


def place(path: str) -> str:
    """A path of the file as people say it: `steps[0].approvers.groups` is `step 1 approvers groups`."""
    words = re.sub(r"steps\[(\d+)\]", lambda found: f"step {int(found[1]) + 1}", path)
    return words.replace(".", " ").replace("_", " ").replace("usergroup", "user group")


def names_people(path: str) -> bool:
    """Whether at *path* stand people, by their ids."""
    return path.rpartition(".")[2] in PEOPLE_FIELDS


def names_usergroup(path: str) -> bool:
    """Whether at *path* stands a user group of Slack, by its id."""
    return path == "usergroup"
