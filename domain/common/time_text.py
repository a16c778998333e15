"""Writes a time in a sentence."""

from datetime import UTC, datetime


def utc(moment: datetime) -> str:
    """*moment* for a sentence: `21 Nov 2026, 18:00 UTC`. Nothing here knows the reader's own time zone."""
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M} UTC"
