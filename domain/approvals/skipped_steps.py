"""Which steps and approvers an override skips: SPEC.md section 3, "says which steps and approvers were skipped".

This is determined at the moment of the override and stored with it. Memberships change afterwards, and nobody is notified of an old
override because they joined a group later.
"""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from domain.approvals.decisions import Skipped
from domain.approvals.delegation import Delegates
from domain.approvals.eligibility import People, eligible
from domain.approvals.requests import Request
from domain.people.people import PersonId

MOST: Final = 1000
"""The most people that are named with one override: each is notified, and the record has to stay readable."""


def skipped(request: Request, people: People, delegates: Delegates) -> tuple[Skipped, ...]:
    """Every step that lacks approvals now, and who could still have decided on it.

    Each person is named once, at the first step that they could have decided on. If there are more than MOST, the steps take turns, so
    that a large group at one step leaves room for the few people of another.
    """
    steps = [
        (item, number)
        for item in request.work_items
        for number, step in enumerate(item.profile.steps)
        if request.approvals(item.position, number) < step.required
    ]
    step_of: dict[PersonId, int] = {}
    candidates = [
        sorted(eligible(request, item.position, number, people, delegates).everybody) for item, number in steps
    ]
    for place, person in _in_turn(candidates):
        if len(step_of) == MOST:
            break
        step_of[person] = min(place, step_of.get(person, place))
    return tuple(
        Skipped(
            gate=item.position,
            step=number,
            approved=request.approvals(item.position, number),
            required=item.profile.steps[number].required,
            people=tuple(sorted(person for person, at in step_of.items() if at == place)),
        )
        for place, (item, number) in enumerate(steps)
    )


def _in_turn(candidates: list[list[PersonId]]) -> Iterator[tuple[int, PersonId]]:
    """Index of the step and person: the first person of each step, then the second of each, and so on."""
    for row in zip_longest(*candidates):
        for place, person in enumerate(row):
            if person is not None:
                yield place, person
