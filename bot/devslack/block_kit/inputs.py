"""What people enter: the state of a view or message, and what Slack's client checks before it sends a form.

A state entry is Slack's own (`{"type": "plain_text_input", "value": "..."}`); a person may give a plain value instead.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from bot.devslack.errors import Json, Refused

Place = tuple[str, str]  # block_id, action_id
Entered = dict[Place, Json]

# element type: (where its value stands in the state, where the app gives an initial one)
VALUE_KEYS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
MANY = {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
STATELESS = {"overflow"}

FILE_BYTES = 10 * 1024 * 1024

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def elements(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with the block it stands in."""
    for block in blocks:
        kind = block["type"]
        if kind == "actions":
            for element in block["elements"]:
                yield block, element
        elif kind == "input":
            yield block, block["element"]
        elif kind == "section" and "action_id" in block.get("accessory", ()):
            yield block, block["accessory"]


def find(blocks: Iterable[Json], action_id: str, block_id: str | None, value: str | None = None) -> tuple[Json, Json]:
    """The element with this action id (and block id, and button value, where given).

    Raises Refused `no_such_element` when it is not there as the blocks stand now.
    """
    for block, element in elements(blocks):
        if element["action_id"] != action_id or block_id not in (None, block["block_id"]):
            continue
        if element["type"] == "button" and value not in (None, element.get("value")):
            continue
        return block, element
    where = f" in block {block_id}" if block_id else ""
    raise Refused("no_such_element", f"There is no element {action_id}{where} here now.")


def file_inputs(blocks: Iterable[Json]) -> bool:
    """Whether a form takes files."""
    return any(element["type"] == "file_input" for _, element in elements(blocks))


def state_values(blocks: Iterable[Json], entered: Entered) -> Json:
    """The `values` of Slack's state: what was entered, else what the app gave as initial, else empty."""
    values: Json = {}
    for block, element in elements(blocks):
        kind = element["type"]
        if kind not in VALUE_KEYS or kind in STATELESS:
            continue
        entry = entered.get((block["block_id"], element["action_id"]))
        if entry is None or entry["type"] != kind:
            key, initial = VALUE_KEYS[kind]
            entry = {"type": kind, key: element.get(initial, [] if key in MANY else None)}
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def interpret(element: Json, value: Any) -> Json:
    """The state entry for what a person entered: a plain value, a list of them, or Slack's own state entry.

    Raises Refused `bad_value` when this element cannot hold it.
    """
    kind = element["type"]
    key, _ = VALUE_KEYS[kind]
    if isinstance(value, dict) and key in value:
        value = value[key]
    if key in MANY:
        if value is None:
            value = []
        items = value if isinstance(value, list) else [value]
        return {"type": kind, key: [_single_value(element, key, item) for item in items]}
    if value is None or value == "":
        return {"type": kind, key: None}
    return {"type": kind, key: _single_value(element, key, value)}


def _single_value(element: Json, key: str, value: Any) -> Any:
    if key in {"selected_option", "selected_options"}:
        return _option(element, value)
    if key == "selected_date_time":
        return _seconds(element, value)
    if key in {"rich_text_value", "files"}:
        return value
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise Refused("bad_value", f"{element['action_id']} takes text, not {type(value).__name__}.")
    text = str(value)
    if key == "selected_date":
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise Refused("bad_value", f"{element['action_id']} takes a date such as 2026-01-31.") from error
    if key == "selected_time" and not _TIME.fullmatch(text):
        raise Refused("bad_value", f"{element['action_id']} takes a time such as 09:30.")
    return text


def _seconds(element: Json, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise Refused("bad_value", f"{element['action_id']} takes seconds since 1970.") from error


def options(element: Json) -> list[Json]:
    """The options of a menu, in groups or not."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def _option(element: Json, value: Any) -> Json:
    option_value = value.get("value") if isinstance(value, dict) else value
    if not isinstance(option_value, str):
        raise Refused("bad_value", f"{element['action_id']} takes the value of one of its options.")
    for option in options(element):
        if option.get("value") == option_value:
            return option
    if element["type"].endswith("external_select"):
        if isinstance(value, dict) and "text" in value:
            return value
        return {"text": {"type": "plain_text", "text": option_value, "emoji": True}, "value": option_value}
    raise Refused("bad_value", f"{element['action_id']} has no option {option_value!r}.")


def client_errors(blocks: Iterable[Json], values: Json) -> dict[str, str]:
    """What Slack's client says beside the fields before it sends a form: block id to sentence."""
    sentences: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = values[block["block_id"]][element["action_id"]]
        content = entry[VALUE_KEYS[element["type"]][0]]
        if content in (None, "", []):
            if not block.get("optional", False):
                sentences[block["block_id"]] = "Please complete this required field."
            continue
        if sentence := _client_error(element, content):
            sentences[block["block_id"]] = sentence
    return sentences


def _client_error(element: Json, content: Any) -> str | None:
    kind = element["type"]
    if kind == "file_input":
        return _files_error(element, content)
    if isinstance(content, list):
        most = element.get("max_selected_items")
        return f"Please select at most {most} items." if most and len(content) > most else None
    if kind == "email_text_input" and not _EMAIL.fullmatch(content):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _URL.fullmatch(content):
        return "Please enter a valid URL."
    if kind == "number_input":
        return _number_error(element, content)
    if kind == "plain_text_input":
        if len(content) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        if len(content) > element.get("max_length", 3000):
            return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None


def _files_error(element: Json, files: list[Json]) -> str | None:
    """Source: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element."""
    most, endings = element.get("max_files", 10), element.get("filetypes")
    if len(files) > most:
        return f"You can upload at most {most} {'file' if most == 1 else 'files'} here."
    for file in files:
        if file["size"] > FILE_BYTES:
            return f"{file['name']} is larger than 10 MB."
        if endings and file["name"].rpartition(".")[2].casefold() not in [ending.casefold() for ending in endings]:
            return f"{file['name']} is not one of the accepted kinds: {', '.join(endings)}."
    return None


def _number_error(element: Json, content: str) -> str | None:
    try:
        number = float(content)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
