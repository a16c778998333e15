"""How the commands print tables and times."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

TIME_FORMAT: Final = "%Y-%m-%d %H:%M UTC"


def table(rows: Sequence[Sequence[str]]) -> str:
    """*rows*, the first of which is the heading, in columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def time_or_never(at: datetime | None) -> str:
    """*at* in UTC, or `never`."""
    return "never" if at is None else f"{at:{TIME_FORMAT}}"
