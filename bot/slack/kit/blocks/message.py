"""A message as it is posted: blocks, and the one line that says the whole thing where blocks are not shown."""

from typing import Any, NamedTuple

from slack_sdk.models.blocks import Block


class Message(NamedTuple):
    """What `chat.postMessage`, `chat.update` and an answer take."""

    text: str
    """Escaped for mrkdwn. Notifications on a phone show only this."""
    blocks: tuple[Block, ...]

    def arguments(self) -> dict[str, Any]:
        """`text` and `blocks` as the Web API's JSON."""
        return {"text": self.text, "blocks": [block.to_dict() for block in self.blocks]}
