"""What stands in many places: buttons and fields that forms share, pages, and what is said of what is empty or too long."""

from typing import Final

CLOSE: Final = "Close"
SAVE: Final = "Save"
DELETE: Final = "Delete"
EDIT: Final = "Edit"
OPEN: Final = "Open"
KEEP_IT: Final = "Keep it"
SEARCH: Final = "Search"
SEARCH_BY_NAME: Final = "Search by name or key"
NAME: Final = "Name"
DESCRIPTION: Final = "Description"
REASON: Final = "Reason"
COMMENT: Final = "Comment"
NONE: Final = "None"
BACK_WITHOUT_SAVING: Final = "Back without saving"
BACK_TO_LIST: Final = f"{BACK_WITHOUT_SAVING} to the list"
KEY_FOLLOWS: Final = "Its key follows from its name, and never changes after that."
EMPTY: Final = "(empty)"
"""Stands where somebody typed nothing that can be seen."""


def key_stays(key: str) -> str:
    return f"Key {key}: it never changes."


def back_to(key: str) -> str:
    return f"{BACK_WITHOUT_SAVING} to {key}"
