"""What is said beside a field that needs another look, wherever such a field stands."""

from typing import Final

CHOOSE_KIND: Final = "Choose a kind."
CHOOSE_OPERATION: Final = "Choose what you need."
CHOOSE_RESOURCE: Final = "Choose where it is to be done."
CHOOSE_OUTCOME: Final = "Choose the outcome."
NOTHING_OFFERS: Final = "Nothing offers this operation yet. Choose another one."
A_CONNECTOR: Final = "Write its kind, a colon and its name, as in local-ca:issuing."


def from_to(least: int, most: int) -> str:
    """The length of a text."""
    return f"Write {least} to {most} characters."


def at_most(most: int) -> str:
    """The length of a text that may be left out."""
    return f"Write at most {most} characters."


def whole_number(least: int, most: int) -> str:
    return f"Write a whole number from {least} to {most}."
