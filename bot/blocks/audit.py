"""The audit trail in words: one line for each entry."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.blocks.steps import whose
from bot.blocks.text import code, when
from bot.texts import audit as texts
from domain.ports import RecordedEntry

FACTS: Final = 700
WHY: Final = 300


def entry_line(recorded: RecordedEntry) -> str:
    """What happened, who did it, when, from where, from what to what and why: one line of mrkdwn."""
    entry = recorded.entry
    return texts.entry(
        recorded.number,
        when(entry.at),
        entry.action,
        whose(entry.by, entry.on_behalf_of) if entry.by is not None else "",
        recorded.source,
        texts.from_to(code(_told(entry.before), FACTS), code(_told(entry.after), FACTS))
        if entry.before or entry.after
        else "",
        code(entry.reason, WHY) if entry.reason else "",
    )


def _told(facts: Mapping[str, Any]) -> str:
    """`status: pending, step: 0`; `nothing` where there is nothing."""
    return ", ".join(f"{name}: {_value(value)}" for name, value in facts.items()) or texts.NOTHING


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
