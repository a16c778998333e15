"""People whom somebody mentions, as Slack writes it."""

import re
from typing import Final

from domain.people.people import PersonId, person_id

_MENTION: Final = re.compile(r"<@([A-Z0-9]{1,32})(?:\|[^<>]*)?>")


def mentioned(word: str, team: str) -> PersonId | None:
    """Whom *word*, `<@U123|name>`, mentions in the workspace *team*; None where it is no mention."""
    found = _MENTION.fullmatch(word)
    return person_id(team, found[1]) if found is not None else None
