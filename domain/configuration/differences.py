"""Where two contents of the file differ, and the lines that say so: the same in a terminal, in Slack and in a refusal."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from domain.common.frozen import Frozen
from domain.configuration.file_content import USUAL
from domain.configuration.file_model import PEOPLE_FIELDS

ABSENT: Final = None
"""In a difference: there was, or will be, nothing. The file never says null."""
_BINDING: Final = "approvals."

Say = Callable[[str, str], str]
"""From a path of the file and the text that stands there to the text that is shown."""


class Difference(Frozen):
    """One place where what is configured changes."""

    path: str
    """As in `steps[1].required`."""
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Where *after* says something else than *before*, in the order of the file. Lists of names are compared as wholes.

    What one of them leaves out is what is `USUAL`, unless there was nothing before, or will be nothing.
    """
    return tuple(_differences("", before, after, USUAL if before and after else {}))


def _differences(path: str, before: Any, after: Any, usual: Mapping[str, Any]) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in [*before, *(key for key in after if key not in before)]:
            old, new = (side.get(key, usual.get(key, ABSENT)) for side in (before, after))
            yield from _differences(f"{path}.{key}".lstrip("."), old, new, usual)
    elif _is_list_of_parts(before) and _is_list_of_parts(after):
        for index, (old, new) in enumerate(zip_longest(before, after, fillvalue=ABSENT)):
            yield from _differences(f"{path}[{index}]", old, new, usual)
    else:
        yield Difference(path=path, before=before, after=after)


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def visible(_path: str, text: str) -> str:
    """*text* with whatever could move a cursor or change a colour written as its code."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def lines_of(difference: Difference, say: Say = visible, where: Callable[[str], str] = str) -> Iterator[str]:
    """The lines that say *difference*: `steps[0].required: 1 → 2`, `bind issue to web-servers`.

    *say* writes its texts and *where* its paths: `place` writes them for people.
    """
    path, before, after = difference.path, difference.before, difference.after
    if path == "approvals":
        for operation in dict(before or {}) | dict(after or {}):
            yield _binding(operation, (before or {}).get(operation), (after or {}).get(operation))
    elif path.startswith(_BINDING):
        yield _binding(path.removeprefix(_BINDING), before, after)
    elif before is ABSENT:
        for new_path, text in _new_values(path, after, say):
            yield f"{where(new_path)}: {text}"
    else:
        yield f"{where(path)}: {_value(path, before, say)} → {_value(path, after, say)}"


def _binding(operation: str, before: str | None, after: str | None) -> str:
    if before is None:
        return f"bind {operation} to {after}"
    return (
        f"unbind {operation} from {before}" if after is None else f"bind {operation} to {after}, no longer to {before}"
    )


def _new_values(path: str, value: Any, say: Say) -> Iterator[tuple[str, str]]:
    """The path and the text of every single value in *value*, which was not there before."""
    if isinstance(value, dict):
        if not value:
            yield path, "none"
        for key, item in value.items():
            yield from _new_values(f"{path}.{key}", item, say)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            yield from _new_values(f"{path}[{index}]", item, say)
    else:
        yield path, _value(path, value, say)


def _value(path: str, value: Any, say: Say) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(_value(path, item, say) for item in value) or "none"
        case dict():
            items = (f"{key}: {_value(f'{path}.{key}', item, say)}" for key, item in value.items())
            return "; ".join(items) or "none"
        case _:
            return say(path, str(value))


def place(path: str) -> str:
    """A path of the file for people to read: `steps[0].approvers.groups` is `step 1 approvers groups`."""
    words = re.sub(r"steps\[(\d+)\]", lambda match: f"step {int(match[1]) + 1}", path)
    return words.replace(".", " ").replace("_", " ").replace("usergroup", "user group")


def names_people(path: str) -> bool:
    """Whether the values at *path* are people, by their ids."""
    return path.rpartition(".")[2] in PEOPLE_FIELDS


def names_usergroup(path: str) -> bool:
    """Whether the value at *path* is a user group of Slack, by its id."""
    return path == "usergroup"
