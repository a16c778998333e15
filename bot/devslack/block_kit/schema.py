"""Small checks that combine into a schema, and speak as Slack's own validator does (slackhq/hack-json-schema).

A check takes a value, its JSON pointer and the list of faults to add to. It never raises.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any, str, list[str]], None]


def fault(faults: list[str], message: str, pointer: str) -> None:
    faults.append(f"{message} [json-pointer:{pointer}]")


def string(most: int | None = None, *, least: int = 1, pattern: str | None = None) -> Check:
    matcher = re.compile(pattern) if pattern else None

    def check(value: Any, at: str, faults: list[str]) -> None:
        if not isinstance(value, str):
            fault(faults, "must provide a string", at)
        elif most is not None and len(value) > most:
            fault(faults, f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            fault(faults, f"must be more than {least - 1} characters", at)
        elif matcher and not matcher.fullmatch(value):
            fault(faults, f"input must match regex pattern: {pattern}", at)

    return check


def boolean(value: Any, at: str, faults: list[str]) -> None:
    if not isinstance(value, bool):
        fault(faults, "must provide a boolean", at)


def anything(_value: Any, _at: str, _faults: list[str]) -> None:
    """Whatever Slack does not look into."""


def integer(least: int | None = None, most: int | None = None) -> Check:
    def check(value: Any, at: str, faults: list[str]) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            fault(faults, "must provide an integer", at)
        elif least is not None and value < least:
            fault(faults, f"must be greater than {least}", at)
        elif most is not None and value > most:
            fault(faults, f"must be less than {most}", at)

    return check


def choice(*values: Any) -> Check:
    def check(value: Any, at: str, faults: list[str]) -> None:
        if not isinstance(value, str | bool) or value not in values:
            fault(faults, "must be a valid enum value", at)

    return check


def array(item: Check, least: int = 0, most: int | None = None) -> Check:
    def check(value: Any, at: str, faults: list[str]) -> None:
        if not isinstance(value, list):
            fault(faults, "must provide an array", at)
            return
        if most is not None and len(value) > most:
            fault(faults, f"no more than {most} items allowed", at)
            return
        if len(value) < least:
            fault(faults, f"must provide at least {least} items", at)
        for position, entry in enumerate(value):
            item(entry, f"{at}/{position}", faults)

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *also: Check) -> Check:
    """An object with these fields and no others; `also` looks at the whole once its parts are sound."""
    checks = {**required, **(optional or {})}

    def check(value: Any, at: str, faults: list[str]) -> None:
        if not isinstance(value, dict):
            fault(faults, "must provide an object", at)
            return
        before = len(faults)
        for name in required:
            if name not in value:
                fault(faults, f"missing required field: {name}", at)
        for name, part in value.items():
            part_check = checks.get(name)
            if part_check is None:
                fault(faults, f"invalid additional property: {name}", at)
            else:
                part_check(part, f"{at}/{name}", faults)
        if len(faults) == before:
            for whole in also:
                whole(value, at, faults)

    return check


def typed(kinds: Mapping[str, Check], *, announced: bool = False) -> Check:
    """An object whose `type` says which of these it must be. Faults in texts and views Slack announces with a line of its own."""

    def check(value: Any, at: str, faults: list[str]) -> None:
        if not isinstance(value, dict):
            fault(faults, "must provide an object", at)
        elif "type" not in value:
            fault(faults, "missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            fault(faults, f"unsupported type: {value['type']}", f"{at}/type")
        else:
            before = len(faults)
            kinds[value["type"]](value, at, faults)
            if announced and len(faults) > before:
                faults.insert(before, f"failed to match all allowed schemas [json-pointer:{at}]")

    return check


def pick(kinds: Mapping[str, Check], *names: str) -> Check:
    return typed({name: kinds[name] for name in names})
