"""What Slack accepts as a message, a modal or a Home tab: the schema of blocks, and the rules that span them.

The answers are Slack's own sentences with JSON pointers, without the `[ERROR]` that the Web API puts before them.
"""

from collections.abc import Iterator
from typing import Any

from bot.devslack.block_kit.blocks import BLOCKS
from bot.devslack.block_kit.elements import OPTION, OPTION_GROUP, plain
from bot.devslack.block_kit.schema import Check, array, boolean, fault, record, string, typed
from bot.devslack.errors import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
# Slack answers msg_blocks_too_long somewhere above this many characters in all blocks together; the exact count is not documented.
MESSAGE_CHARACTERS = 12_000

_EVERYWHERE = ("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video")
_MESSAGE = array(typed({name: BLOCKS[name] for name in (*_EVERYWHERE, "file", "markdown", "table")}), 0, MESSAGE_BLOCKS)
_VIEW = array(typed({name: BLOCKS[name] for name in _EVERYWHERE}), 0, VIEW_BLOCKS)

_NAME = string(255, least=0)
_SHARED: dict[str, Check] = {"private_metadata": string(3000, least=0), "callback_id": _NAME, "external_id": _NAME}
_MODAL = record(
    {"type": string(), "title": plain(24), "blocks": _VIEW},
    {
        **_SHARED,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
)
_HOME = record({"type": string(), "blocks": _VIEW}, _SHARED)
_VIEWS: dict[str, Check] = {"modal": _MODAL, "home": _HOME}
_SUGGESTIONS = record({}, {"options": array(OPTION, 0, 100), "option_groups": array(OPTION_GROUP, 0, 100)})


def check_message_blocks(blocks: Any) -> list[str]:
    """Every fault of a message's blocks; an empty list when Slack would take them."""
    faults: list[str] = []
    _MESSAGE(blocks, "/blocks", faults)
    if not faults:
        _across(blocks, "/blocks", faults)
    if not faults:
        _only_in_modals(blocks, faults)
    return faults


def characters(part: Any) -> int:
    """How many characters of text there are in blocks."""
    if isinstance(part, list):
        return sum(characters(item) for item in part)
    if not isinstance(part, dict):
        return 0
    return sum(len(v) if k == "text" and isinstance(v, str) else characters(v) for k, v in part.items())


def check_view(view: Any, kinds: tuple[str, ...]) -> list[str]:
    """Every fault of a view that must be of one of the kinds (modal, home)."""
    faults: list[str] = []
    typed({kind: _VIEWS[kind] for kind in kinds}, announced=True)(view, "/view", faults)
    if faults:
        return faults
    blocks = view["blocks"]
    _across(blocks, "/view/blocks", faults)
    if view["type"] == "modal" and "submit" not in view:
        for place, block in enumerate(blocks):
            if block["type"] == "input":
                fault(faults, "must define `submit` to use `input` block", f"/view/blocks/{place}/input")
    focused = [element for _, element in _elements(blocks) if element.get("focus_on_load")]
    if len(focused) > 1:
        fault(faults, "only one element may have `focus_on_load`", "/view/blocks")
    if view["type"] == "home":
        _only_in_modals(blocks, faults, "/view/blocks")
    return faults


def check_options(answer: Any) -> list[str]:
    """Every fault of an app's answer to a block_suggestion."""
    faults: list[str] = []
    _SUGGESTIONS(answer, "", faults)
    if not faults and ("options" in answer) == ("option_groups" in answer):
        fault(faults, "must define either `options` or `option_groups`", "/")
    return faults


def _elements(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    for place, block in enumerate(blocks):
        if "element" in block:
            yield f"{place}/element", block["element"]
        if "accessory" in block:
            yield f"{place}/accessory", block["accessory"]
        if block["type"] == "actions":
            for inner, element in enumerate(block["elements"]):
                yield f"{place}/elements/{inner}", element


def _across(blocks: list[Json], at: str, faults: list[str]) -> None:
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            fault(faults, f'`block_id` "{block_id}" already exists', f"{at}/{place}/block_id")
        if block_id:
            seen.add(block_id)
    if sum(block["type"] == "table" for block in blocks) > 1:
        fault(faults, "only one table is allowed", at)


def _only_in_modals(blocks: list[Json], faults: list[str], at: str = "/blocks") -> None:
    for place, element in _elements(blocks):
        if element["type"] == "file_input":
            fault(faults, "unsupported type: file_input", f"{at}/{place}/type")
        if element.get("response_url_enabled"):
            fault(faults, "`response_url_enabled` is for modals only", f"{at}/{place}/response_url_enabled")
