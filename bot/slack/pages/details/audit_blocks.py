"""The audit trail in words: one line for each entry."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.slack.kit.blocks.steps import whose
from bot.slack.kit.blocks.text import code, when
from bot.slack.pages.details import audit_texts as texts
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
        f"{_told(entry.before)} → {_told(_said(entry.before, entry.after))}" if entry.before or entry.after else "",
        code(entry.reason, WHY) if entry.reason else "",
    )


def _said(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, Any]:
    """What *after* says: not what there is none of, where there was none before."""
    return {name: value for name, value in after.items() if value is not None or before.get(name) is not None}


def _told(facts: Mapping[str, Any]) -> str:
    """`status: pending, step: 1`, as mrkdwn; `nothing` where there is nothing. Moments stand in the reader's own time."""
    parts: list[str] = []
    words: list[str] = []
    for name, value in facts.items():
        moment = _moment(value)
        words.append(f"{name}: {_value(name, value)}" if moment is None else f"{name}:")
        if moment is not None:
            parts += [code(", ".join(words), FACTS // 2), when(moment)]
            words = []
    if words or not parts:
        parts.append(code(", ".join(words) or "nothing", FACTS))
    return " ".join(parts)


def _moment(value: Any) -> datetime | None:
    """The moment that *value* is, if it is one: what the record keeps of a deadline."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _value(name: str, value: Any) -> str:
    """As it is shown everywhere: steps are counted from one."""
    if name == "step" and isinstance(value, int):
        return str(value + 1)
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
