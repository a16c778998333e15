"""Block Kit's blocks, field by field. Source: https://docs.slack.dev/reference/block-kit/blocks."""

from typing import Any

from bot.devslack.block_kit.elements import (
    ACCESSORIES,
    ACTIONS,
    ELEMENTS,
    ID,
    IMAGE_PARTS,
    INPUT_NAMES,
    URL,
    one_image,
    plain,
    text,
)
from bot.devslack.block_kit.schema import (
    Check,
    anything,
    array,
    boolean,
    choice,
    fault,
    integer,
    pick,
    record,
    string,
    typed,
)
from bot.devslack.errors import Json


def text_or_fields(value: Json, at: str, faults: list[str]) -> None:
    if "text" not in value and "fields" not in value:
        fault(faults, "must define either `text` or `fields`", at)


def action_ids_differ(value: Json, at: str, faults: list[str]) -> None:
    action_ids: set[str] = set()
    for position, element in enumerate(value["elements"]):
        action_id = element.get("action_id")
        if action_id in action_ids:
            fault(faults, f'`action_id` "{action_id}" already exists', f"{at}/elements/{position}/action_id")
        if action_id:
            action_ids.add(action_id)


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None, *also: Check) -> Check:
    return record({"type": string(), **required}, {"block_id": ID, **(optional or {})}, *also)


# Rich text (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block)

_STYLE = record(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)


def _inline(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record({"type": string(), **required}, {"style": _STYLE, **(optional or {})})


_INLINE = typed(
    {
        "text": _inline({"text": string()}),
        "link": _inline({"url": URL}, {"text": string(), "unsafe": boolean}),
        "emoji": _inline({"name": string()}, {"unicode": string(), "skin_tone": integer(1, 6)}),
        "user": _inline({"user_id": string()}),
        "usergroup": _inline({"usergroup_id": string()}),
        "channel": _inline({"channel_id": string()}),
        "broadcast": _inline({"range": choice("here", "channel", "everyone")}),
        "color": _inline({"value": string()}),
        "date": _inline({"timestamp": integer(), "format": string()}, {"url": URL, "fallback": string()}),
    }
)
_INDENT = integer(0, 8)
_BORDER = integer(0, 1)
_SECTION = record({"type": string(), "elements": array(_INLINE)})
_RICH_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": record(
        {
            "type": string(),
            "style": choice("bullet", "ordered"),
            "elements": array(typed({"rich_text_section": _SECTION})),
        },
        {"indent": _INDENT, "offset": integer(0), "border": _BORDER},
    ),
    "rich_text_preformatted": record(
        {"type": string(), "elements": array(_INLINE)}, {"border": _BORDER, "language": string()}
    ),
    "rich_text_quote": record({"type": string(), "elements": array(_INLINE)}, {"border": _BORDER}),
}
RICH_TEXT = _block({"elements": array(typed(_RICH_PARTS), 1)})

ELEMENTS["rich_text_input"] = record(
    {"type": string(), "action_id": ID},
    {
        "initial_value": typed({"rich_text": RICH_TEXT}),
        "placeholder": plain(150),
        "focus_on_load": boolean,
        "dispatch_action_config": anything,
    },
)


def _context_element(value: Any, at: str, faults: list[str]) -> None:
    image = isinstance(value, dict) and value.get("type") == "image"
    (_CONTEXT_IMAGE if image else _CONTEXT_TEXT)(value, at, faults)


_CONTEXT_IMAGE = pick(ELEMENTS, "image")
_CONTEXT_TEXT = text(3000)
_CELL = typed(
    {
        "raw_text": record({"type": string(), "text": string()}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})

BLOCKS: dict[str, Check] = {
    "actions": _block({"elements": array(ACTIONS, 1, 25)}, {}, action_ids_differ),
    "context": _block({"elements": array(_context_element, 1, 10)}),
    "divider": _block({}),
    "file": _block({"external_id": string(), "source": choice("remote")}),
    "header": _block({"text": plain(150)}),
    "image": _block({"alt_text": string(2000)}, {**IMAGE_PARTS, "title": plain(2000)}, one_image),
    "input": _block(
        {"label": plain(2000), "element": pick(ELEMENTS, *INPUT_NAMES, "rich_text_input")},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": _block({"text": string(12_000)}),
    "rich_text": RICH_TEXT,
    "section": _block(
        {},
        {"text": text(3000), "fields": array(text(2000), 1, 10), "accessory": ACCESSORIES, "expand": boolean},
        text_or_fields,
    ),
    "table": _block(
        {"rows": array(array(_CELL, 1, 20), 1, 100)},
        {"column_settings": array(_COLUMN, 0, 20)},
    ),
    "video": _block(
        {"alt_text": string(), "title": plain(200), "thumbnail_url": URL, "video_url": URL},
        {
            "author_name": string(50),
            "description": plain(200),
            "provider_icon_url": URL,
            "provider_name": string(),
            "title_url": URL,
        },
    ),
}
