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
TYPE_TO_SEARCH: Final = "Type to search"
CHOOSE_ONE: Final = "Choose one"
CHOOSE_PEOPLE: Final = "Choose people"
CHOOSE_TEAMS: Final = "Choose groups and roles"
NO_CHANNEL: Final = "No channel"
GROUPS: Final = "Groups"
ROLES: Final = "Roles"
BACK_WITHOUT_SAVING: Final = "Back without saving"
BACK_TO_LIST: Final = f"{BACK_WITHOUT_SAVING} to the list"
LOOK_AGAIN: Final = "Look again"
LOOK_AGAIN_LABEL: Final = "Look at it as it is now"
PREVIOUS: Final = "Previous"
PREVIOUS_LABEL: Final = "Previous page"
NEXT: Final = "Next"
NEXT_LABEL: Final = "Next page"
KEY_FOLLOWS: Final = "Its key follows from its name, and never changes after that."
DAYS: Final = "Days"
HOURS: Final = "Hours"
MINUTES: Final = "Minutes"
EMPTY: Final = "(empty)"
"""Stands where somebody typed nothing that can be seen."""


def key_stays(key: str) -> str:
    return f"Key {key}: it never changes."


def back_to(key: str) -> str:
    return f"{BACK_WITHOUT_SAVING} to {key}"


def part_of_options(title: str, part: int) -> str:
    """The heading over a part of many groups, or roles."""
    return f"{title} {part}"


def no_longer_there(key: str) -> str:
    """A group or role that is chosen, and is gone."""
    return f"{key} (no longer there)"


def with_key(name: str, key: str) -> str:
    """One of several of the same name."""
    return f"{name} ({key})"


def unit_of(label: str) -> str:
    """The label of the menu that says what a number counts."""
    return f"{label}: the unit"


def as_it_is(span: str) -> str:
    """The unit of a span that no whole number of days, hours or minutes gives."""
    return f"As it is: {span}"


def on_page(counted: str, page: int, of: int) -> str:
    """`34 approval profiles, page 2 of 5`; *page* counts from 1."""
    return counted + (f", page {page} of {of}" if of > 1 else "")
