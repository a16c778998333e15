"""A menu that asks what it is to offer, while somebody types into it."""

from typing import Any

from bot.slack.kit.ids import Action
from bot.slack.kit.payloads.raw import RawSuggestion, parsed, read
from bot.slack.kit.payloads.who import Who, who_of
from bot.slack.kit.texts import bad_input
from domain.common.frozen import Frozen


class Suggestion(Frozen):
    """What somebody has typed so far, and into which menu."""

    who: Who
    action: Action
    about: str
    """What stands behind the colon of its block id: what the menu is about."""
    written: str


def suggestion(body: Any) -> Suggestion:
    """A `block_suggestion`. Raises BadInput."""
    raw = read(RawSuggestion, body)
    return Suggestion(
        who=who_of(raw),
        action=parsed(Action, raw.action_id, bad_input.NOT_OUR_BUTTON),
        about=raw.block_id.partition(":")[2],
        written=raw.value[:80],
    )
