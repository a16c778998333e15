"""Slack's limits as its reference writes them down, written anew here: the code under test has its own idea of them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_CHARACTERS = 12_000
VIEW_BYTES = 250_000
FALLBACK = 4_000


def faults_of_message(text: str, blocks: list[Json]) -> list[str]:
    """What Slack would refuse of a message with this fallback *text*; empty where it takes it."""
    found = list(_faults(blocks, MESSAGE_BLOCKS))
    if not 1 <= len(text) <= FALLBACK or "\n" in text:
        found.append(f"fallback text of {len(text)} characters")
    if (size := sum(len(one) for one, _ in texts(blocks))) > MESSAGE_CHARACTERS:
        found.append(f"{size} characters in all blocks")
    if any(block["type"] == "input" for block in blocks):
        found.append("an input block in a message")
    return found


def faults_of_view(shown: Json) -> list[str]:
    """What Slack would refuse of a modal or Home."""
    found = list(_faults(shown["blocks"], VIEW_BLOCKS))
    if len(json.dumps(shown)) > VIEW_BYTES:
        found.append("a view of too many bytes")
    for name, most in {"title": 24, "submit": 24, "close": 24}.items():
        if name in shown and not 1 <= len(shown[name]["text"]) <= most:
            found.append(f"{name} of {len(shown[name]['text'])} characters: {shown[name]['text']}")
    for name, most in {"private_metadata": 3000, "callback_id": 255}.items():
        if len(shown.get(name, "")) > most:
            found.append(f"{name} too long")
    if shown["type"] == "modal" and "title" not in shown:
        found.append("a modal without a title")
    if any(block["type"] == "input" for block in shown["blocks"]) and "submit" not in shown:
        found.append("input blocks without a submit button")
    return found


def texts(part: Any) -> Iterator[tuple[str, str]]:
    """Every text object in *part*: what it says, and its type."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from texts(one)
    elif isinstance(part, Mapping):
        if part.get("type") in {"mrkdwn", "plain_text"}:
            yield part["text"], part["type"]
        else:
            for one in part.values():
                yield from texts(one)


def elements(blocks: list[Json]) -> Iterator[Json]:
    """Every button and field."""
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]
        for name in ("accessory", "element"):
            if name in block:
                yield block[name]


def _faults(blocks: list[Json], most: int) -> Iterator[str]:
    if not 1 <= len(blocks) <= most:
        yield f"{len(blocks)} blocks"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(ids)) != len(ids):
        yield f"block ids that are not unique: {ids}"
    for block_id in ids:
        if not 1 <= len(block_id) <= 255:
            yield f"block id {block_id}"
    for block in blocks:
        yield from _block_faults(block)
    for element in elements(blocks):
        yield from _element_faults(element)
    for block in blocks:
        if block["type"] != "input":  # a field has its label
            yield from (
                f"no name for {element['action_id']}" for element in elements([block]) if not _is_named(element)
            )


def _is_named(element: Json) -> bool:
    """Whether a screen reader has something to say of it: a label, what stands in it while it is empty, or what can be ticked."""
    if element["type"] == "button":
        return bool(element.get("accessibility_label", "").strip())
    return bool(element.get("placeholder", {}).get("text", "").strip()) or element["type"] in {
        "checkboxes",
        "radio_buttons",
    }


def _block_faults(block: Json) -> Iterator[str]:
    check = _BLOCKS.get(block["type"])
    if check is None:
        yield f"a block of type {block['type']}"
    else:
        yield from check(block)


def _header(block: Json) -> Iterator[str]:
    yield from _length(block["text"], 150)
    if block["text"]["type"] != "plain_text":
        yield "a header that is not plain text"


def _section(block: Json) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "a section of nothing"
    if "text" in block:
        yield from _length(block["text"], 3000)
    yield from _number(block.get("fields", [{}]), 10, "fields")
    for field in block.get("fields", []):
        yield from _length(field, 2000)


def _context(block: Json) -> Iterator[str]:
    yield from _number(block["elements"], 10, "context elements")
    for element in block["elements"]:
        yield from _length(element, 2000)


def _actions(block: Json) -> Iterator[str]:
    yield from _number(block["elements"], 25, "actions")
    actions = [element["action_id"] for element in block["elements"]]
    if len(set(actions)) != len(actions):
        yield f"action ids that are not unique in their block: {actions}"


def _input(block: Json) -> Iterator[str]:
    yield from _length(block["label"], 2000)
    if "hint" in block:
        yield from _length(block["hint"], 2000)


_BLOCKS: Mapping[str, Callable[[Json], Iterator[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "divider": lambda _: iter(()),
}


def _element_faults(element: Json) -> Iterator[str]:
    if not 1 <= len(element["action_id"]) <= 255:
        yield f"action id {element['action_id']}"
    yield from _ELEMENTS.get(element["type"], faults_of_menu)(element)


def _button(element: Json) -> Iterator[str]:
    yield from _length(element["text"], 75)
    if not 1 <= len(element["value"]) <= 2000:
        yield "a button's value"
    if not 1 <= len(element["accessibility_label"]) <= 75:
        yield "a button's accessibility label"
    if element["text"]["text"].casefold() not in element["accessibility_label"].casefold():  # WCAG 2.5.3, Label in Name
        yield "a label that does not say what is written on its button"


def _typed(element: Json) -> Iterator[str]:
    if len(element.get("initial_value", "")) > element["max_length"]:
        yield "an initial value that is too long"
    if element["max_length"] > 3000:
        yield "a field that takes too much"
    if "placeholder" in element:
        yield from _length(element["placeholder"], 150)


def faults_of_menu(element: Json) -> Iterator[str]:
    """What Slack would refuse in the options of a menu."""
    groups = element.get("option_groups", [])
    menus = [group["options"] for group in groups] or [element["options"]]
    yield from _number(menus, 100, "groups of options")
    for group in groups:
        yield from _length(group["label"], 75)
    for options in menus:
        yield from _number(options, 100, "options")
        for option in options:
            yield from _length(option["text"], 75)
            if not 1 <= len(option["value"]) <= 150:
                yield "an option's value"
    if "initial_option" in element and element["initial_option"] not in [
        option for options in menus for option in options
    ]:
        yield "an initial option that is not offered"
    offered = [option for options in menus for option in options]
    if any(one not in offered for one in element.get("initial_options", [])):
        yield "initial options that are not offered"


def _picker(element: Json) -> Iterator[str]:
    """People and conversations, whom Slack offers itself."""
    yield from _length(element["placeholder"], 150)


def _searched(element: Json) -> Iterator[str]:
    """A menu that asks for its options."""
    yield from _picker(element)
    if "initial_option" in element:
        yield from faults_of_menu({"options": [element["initial_option"]]})


def _count(element: Json) -> Iterator[str]:
    if not all(
        str(element[name]).isdecimal() for name in ("min_value", "max_value", "initial_value") if name in element
    ):
        yield "a number that is none"


def _file(element: Json) -> Iterator[str]:
    yield from _number(element["filetypes"], 100, "kinds of files")
    if not 1 <= element["max_files"] <= 10:
        yield "a number of files"


_ELEMENTS: Mapping[str, Callable[[Json], Iterator[str]]] = {
    "button": _button,
    "plain_text_input": _typed,
    "number_input": _count,
    "multi_users_select": _picker,
    "users_select": _picker,
    "external_select": _searched,
    "datepicker": _picker,
    "file_input": _file,
    "multi_conversations_select": _picker,
}


def _number(things: Sequence[object], most: int, what: str) -> Iterator[str]:
    if not 1 <= len(things) <= most:
        yield f"{len(things)} {what}"


def _length(text: Json, most: int) -> Iterator[str]:
    """Slack may count UTF-16 units. It links and makes emoji of its own accord where it is not told to leave it."""
    if text.get("verbatim" if text["type"] == "mrkdwn" else "emoji") is not (text["type"] == "mrkdwn"):
        yield f"a text that Slack may change: {text['text'][:60]!r}"
    units = len(text["text"].encode("utf-16-le")) // 2
    if not 1 <= units <= most:
        yield f"{units} characters of at most {most}: {text['text'][:60]!r}"
