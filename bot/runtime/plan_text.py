"""A configuration plan as text for the terminal."""

from collections.abc import Iterator
from typing import Final

from bot.slack.kit.texts import plan as texts
from domain.approvals.profiles import ProfileVersion
from domain.configuration.differences import lines_of, visible
from domain.configuration.plan import ChangeType, Kind, Plan, PlannedChange
from domain.workflow.configuration.apply import Applied

_SILENT: Final = {"kind", "name"}
"""What the line above says already when something is new."""


def plan_text(plan: Plan) -> str:
    """Every change with what differs, then what the author has to be told, then a count."""
    parts = [*_changes(plan), *_told(plan), _count(plan)]
    return "\n".join(parts).lstrip("\n") + "\n"


def applied_text(applied: Applied) -> str:
    """What was done, and what became of the open requests."""
    if applied.plan.is_empty:
        return f"{texts.NOTHING}\n"
    lines = ["Applied."]
    for key, kept in applied.plan.keeping.items():
        lines.append(f"Profile {key}: {texts.fate(kept, applied.followed.get(key, 0), done=True)}.")
    return "\n".join(lines) + "\n"


def line(change: PlannedChange) -> str:
    """One change in one line: `~ profile web-servers "Web servers", version 3 → 4`."""
    before, after = (
        side.number if isinstance(side, ProfileVersion) else None for side in (change.before, change.after)
    )
    return texts.change(change.type, change.kind, change.key, visible("name", change.name), before, after)


def _changes(plan: Plan) -> Iterator[str]:
    for change in plan.changes:
        yield line(change)
        for difference in change.differences(plan.team):
            if change.type is ChangeType.CREATE and difference.path in _SILENT:
                continue
            if change.type is not ChangeType.DELETE:
                yield from (f"    {line}" for line in lines_of(difference))
        if change.kind is Kind.PROFILE and change.key in plan.keeping:
            yield f"    {texts.fate(plan.keeping[change.key], plan.following.get(change.key, 0), done=False)}"


def _told(plan: Plan) -> Iterator[str]:
    for heading, sentences in (("Warnings:", plan.warnings), ("Refused:", plan.refusals)):
        if sentences:
            yield ""
            yield heading
            yield from ("  ! " + visible("", sentence) for sentence in sentences)


def _count(plan: Plan) -> str:
    if plan.is_empty:
        return ("\n" if plan.warnings else "") + "Nothing to change: what is configured is what the file says."
    numbers = {type_: sum(change.type is type_ for change in plan.changes) for type_ in ChangeType}
    return "\n" + texts.numbers(numbers)
