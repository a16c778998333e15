"""What an app may put into a message or view: parsed from the arguments, held against the limits, ids filled in."""

import json
import secrets
from typing import Any

from bot.devslack.block_kit.limits import MESSAGE_CHARACTERS, characters, check_message_blocks, check_view
from bot.devslack.errors import Json, SlackError
from bot.devslack.web_api.arguments import Args, invalid_arguments

POST_TEXT = 40_000
UPDATE_TEXT = 4_000
VIEW_BYTES = 250_000
METADATA_BYTES = 8_000


def read_blocks(args: Args) -> list[Json] | None:
    """The `blocks` argument with ids filled in, None when absent. Raises SlackError invalid_blocks or invalid_blocks_format."""
    blocks = args.structure("blocks", "invalid_blocks_format")
    return None if blocks is None else accepted_blocks(blocks)


def accepted_blocks(blocks: Any) -> list[Json]:
    """Blocks of a message, checked, ids filled in. Raises SlackError as read_blocks does."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    faults = check_message_blocks(blocks)
    if faults:
        raise SlackError(
            "invalid_blocks", errors=faults, response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]}
        )
    if characters(blocks) > MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return fill_ids(blocks)


def accepted_attachments(attachments: Any) -> list[Json] | None:
    """Old-style attachments, kept as they are but for blocks in them. Raises SlackError invalid_attachments or invalid_blocks."""
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(attachment, dict) for attachment in attachments):
        raise SlackError("invalid_attachments")
    return [
        {**attachment, "blocks": accepted_blocks(attachment["blocks"])} if "blocks" in attachment else attachment
        for attachment in attachments
    ]


def read_attachments(args: Args) -> list[Json] | None:
    """The `attachments` argument. Raises SlackError as accepted_attachments does."""
    return accepted_attachments(args.structure("attachments", "invalid_attachments"))


def read_text(args: Args, most: int, *, needed: bool) -> str:
    """The `text` argument. Raises SlackError msg_too_long, or no_text when it is needed and blank."""
    text = args.text("text")
    if len(text) > most:
        raise SlackError("msg_too_long")
    if needed and not text.strip():
        raise SlackError("no_text")
    return text


def read_metadata(args: Args) -> Json | None:
    """The `metadata` argument; an empty object stands for none. Raises SlackError as Slack does."""
    metadata = args.structure("metadata", "invalid_metadata_format")
    if metadata is None or metadata == {}:
        return metadata  # type: ignore[no-any-return]  # None or the empty object
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


def read_view(args: Args, *kinds: str) -> Json:
    """The `view` argument, of one of the kinds. Raises SlackError invalid_arguments with every fault, or view_too_large."""
    view = args.structure("view", "invalid_arguments")
    if view is None:
        raise invalid_arguments("missing required field: view")
    return accepted_view(view, *kinds)


def accepted_view(view: Any, *kinds: str) -> Json:
    """A view as the app gave it, checked, ids filled in. Raises SlackError as read_view does."""
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    faults = check_view(view, kinds)
    if faults:
        raise invalid_arguments(*faults)
    return {**view, "blocks": fill_ids(view["blocks"])}


def _named(part: Json, key: str) -> Json:
    return part if part.get(key) else {**part, key: secrets.token_urlsafe(4)[:5]}


def fill_ids(blocks: list[Json]) -> list[Json]:
    """Blocks and interactive elements without an id get one, as Slack gives them."""
    return [_with_action_ids(_named(block, "block_id")) for block in blocks]


def _with_action_ids(block: Json) -> Json:
    kind = block["type"]
    if kind == "actions":
        return {**block, "elements": [_named(element, "action_id") for element in block["elements"]]}
    if kind == "input":
        return {**block, "element": _named(block["element"], "action_id")}
    if kind == "section" and block.get("accessory", {"type": "image"})["type"] != "image":
        return {**block, "accessory": _named(block["accessory"], "action_id")}
    return block
