"""The tables of moves, walked whole, against SPEC.md section 3 written down again by hand."""

from itertools import product

import pytest

from domain.approvals.status import MOVES, WORK_ITEM_MOVES, RequestStatus, WorkItemStatus

REQUESTS = {
    "waiting_for_approval": {"approved", "rejected", "expired", "cancelled"},
    "rejected": {"approved"},
    "expired": {"approved"},
    "approved": set(),
    "cancelled": set(),
}

WORK_ITEMS = {
    "queued": {"blocked", "pending", "approved", "cancelled"},
    "blocked": {"pending", "approved", "rejected", "cancelled"},
    "pending": {"approved", "rejected", "expired", "cancelled"},
    "rejected": {"approved"},
    "expired": {"approved"},
    "cancelled": {"approved"},
    "approved": set(),
}


@pytest.mark.parametrize(("before", "after"), list(product(RequestStatus, RequestStatus)))
def test_a_request_makes_exactly_the_moves_of_the_table(before: RequestStatus, after: RequestStatus) -> None:
    assert (after in MOVES[before]) == (after.value in REQUESTS[before.value])


@pytest.mark.parametrize(("before", "after"), list(product(WorkItemStatus, WorkItemStatus)))
def test_a_work_item_makes_exactly_the_moves_of_the_table(before: WorkItemStatus, after: WorkItemStatus) -> None:
    assert (after in WORK_ITEM_MOVES[before]) == (after.value in WORK_ITEMS[before.value])


def test_only_a_waiting_request_is_open() -> None:
    assert [status for status in RequestStatus if not status.is_closed] == [RequestStatus.WAITING]


def test_closed_is_what_only_an_override_leaves() -> None:
    """Derived: a status is closed when it leads nowhere, or nowhere but to approved."""
    assert {status for status in RequestStatus if status.is_closed} == {
        status for status, to in MOVES.items() if to <= {RequestStatus.APPROVED}
    }
    assert {status for status in WorkItemStatus if status.is_closed} == {
        status for status, to in WORK_ITEM_MOVES.items() if to <= {WorkItemStatus.APPROVED}
    }


def test_a_current_work_item_is_one_that_is_reached_and_open() -> None:
    assert {status.value for status in WorkItemStatus if status.is_current} == {"blocked", "pending"}


def test_labels_are_words() -> None:
    assert [status.label for status in RequestStatus] == [
        "waiting for approval", "approved", "rejected", "expired", "cancelled",
    ]  # fmt: skip
