"""How much there is in blocks, for the limits that Slack puts on a whole message or view."""

from collections.abc import Iterable

from slack_sdk.models.blocks import Block

from bot.slack.kit.blocks.text import weight


def weigh(blocks: Iterable[Block]) -> int:
    """What all the text in *blocks* weighs."""
    return sum(_weigh(block.to_dict()) for block in blocks)


def _weigh(part: object) -> int:
    if isinstance(part, dict):
        return sum(weight(v) if k == "text" and isinstance(v, str) else _weigh(v) for k, v in part.items())
    return sum(_weigh(element) for element in part) if isinstance(part, list) else 0
