"""Whom an override goes past: SPEC.md section 3, "says which steps and approvers were skipped".

Found at the moment of the override and kept with it. Memberships go on changing; who was skipped does not, and nobody is told of an old
override because they joined a group afterwards.
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
"""How many people are named with one override: each has to be told, and the record has to stay readable."""


def skipped(request: Request, people: People, delegates: Delegates) -> tuple[Skipped, ...]:
    """Every step that lacks approvals now, and who could still have decided it.

    Each person is named once, at the first step that was theirs. Where there are too many, steps are served in turn, so that a large group
    does not keep the few people of another step from being told.
    """
    steps = [
        (item, number)
        for item in request.work_items
        for number, step in enumerate(item.profile.steps)
        if request.approvals(item.position, number) < step.required
    ]
    named: dict[PersonId, int] = {}
    candidates = [
        sorted(eligible(request, item.position, number, people, delegates).everybody) for item, number in steps
    ]
    for place, person in _in_turn(candidates):
        if len(named) == MOST:
            break
        named[person] = min(place, named.get(person, place))
    return tuple(
        Skipped(
            gate=item.position,
            step=number,
            approved=request.approvals(item.position, number),
            required=item.profile.steps[number].required,
            people=tuple(sorted(person for person, at in named.items() if at == place)),
        )
        for place, (item, number) in enumerate(steps)
    )


def _in_turn(candidates: list[list[PersonId]]) -> Iterator[tuple[int, PersonId]]:
    """The first of each step, then the second of each, and so on."""
    for row in zip_longest(*candidates):
        for place, person in enumerate(row):
            if person is not None:
                yield place, person
