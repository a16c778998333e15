"""The buttons about a request: what stands on them, and what a screen reader says."""

from typing import Final

DETAILS: Final = "Details"


def details_label(request: str) -> str:
    return f"Details of request {request}"
