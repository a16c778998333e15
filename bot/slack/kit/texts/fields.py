"""What is said beside a field that needs another look, wherever such a field stands."""

from typing import Final

CHOOSE_OUTCOME: Final = "Choose the outcome."


def from_to(least: int, most: int) -> str:
    """The length of a text."""
    return f"Write {least} to {most} characters."


def at_most(most: int) -> str:
    """The length of a text that may be left out."""
    return f"Write at most {most} characters."
