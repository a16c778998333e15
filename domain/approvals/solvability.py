"""Whether enough people exist to give all required approvals: SPEC.md section 1, "nobody left".

Each person decides once per work item and the requester not at all, so the steps of a work item compete for people. That is bipartite
matching, steps to people, not counting: two steps that want one of the same single person each look fine alone and cannot both be done.
"""

from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from domain.approvals.eligibility import People, eligible_among
from domain.approvals.profiles import ProfileVersion, Step
from domain.approvals.requests import Request, WorkItem
from domain.approvals.status import WorkItemStatus
from domain.common.frozen import Frozen
from domain.people.people import PersonId


class Need(Frozen):
    """How many more people one step needs, and who they can be."""

    step: int
    name: str
    required: int
    people: frozenset[PersonId]


class Shortage(Frozen):
    """Steps that together need more different people than there are for them."""

    steps: tuple[tuple[int, str], ...]
    required: int
    available: int

    def __str__(self) -> str:
        people = {0: "nobody", 1: "only one person"}.get(self.available, f"only {self.available} people")
        if len(self.steps) == 1:
            [(number, name)] = self.steps
            return (
                f"Step {number + 1}, {name}, can never be reached: it needs {self.required} and {people} can decide it."
            )
        names = [f"{number + 1}, {name}" for number, name in self.steps]
        return (
            f"Steps {'; '.join(names[:-1])} and {names[-1]} can never all be reached: together they need {self.required} different people, "
            f"and {people} can decide them."
        )


def shortage(needs: Sequence[Need]) -> Shortage | None:
    """Why *needs* cannot all be met, each person serving one of them once; None where they can.

    Augmenting paths (Hopcroft and Karp's are not needed: a work item asks for a handful of people). The steps reached from the one that
    cannot be filled are exactly those that compete for the same too few people (Hall's theorem), so the answer names them.
    """
    serving: dict[PersonId, int] = {}
    for start, need in enumerate(needs):
        for _ in range(need.required):
            competing = _augment(needs, serving, start)
            if competing is not None:
                people = frozenset[PersonId]().union(*(needs[number].people for number in competing))
                return Shortage(
                    steps=tuple((needs[number].step, needs[number].name) for number in sorted(competing)),
                    required=sum(needs[number].required for number in competing),
                    available=len(people),
                )
    return None


def _augment(needs: Sequence[Need], serving: dict[PersonId, int], start: int) -> set[int] | None:
    """Find one more person for *start*, moving others where that helps; None if found, else the needs that compete."""
    found_for: dict[PersonId, int] = {}
    reached_through: dict[int, PersonId] = {}
    queue = deque([start])
    while queue:
        number = queue.popleft()
        for person in needs[number].people:
            if person in found_for:
                continue
            found_for[person] = number
            if person not in serving:
                moving = person
                while (need := found_for[moving]) != start:
                    serving[moving] = need
                    moving = reached_through[need]  # this person moves from *need* to the need they were found for
                serving[moving] = start
                return None
            taken_by = serving[person]
            if taken_by != start and taken_by not in reached_through:
                reached_through[taken_by] = person
                queue.append(taken_by)
    return {start, *reached_through}


def profile_shortage(profile: ProfileVersion, people: People) -> Shortage | None:
    """What would keep any request under *profile* from ever being approved, whoever submits it."""
    return shortage(
        [
            Need(
                step=number,
                name=step.name,
                required=step.required,
                people=_who_could(step, profile.definition.expires_after, people),
            )
            for number, step in enumerate(profile.steps)
            if step.approvers
        ]
    )


def _who_could(step: Step, time_left: timedelta | None, people: People) -> frozenset[PersonId]:
    """The approvers of *step*, including those of its escalation if it escalates within *time_left*; None is without end."""
    approvers = frozenset(people(step.approvers))
    if step.escalation is not None and step.escalates_within(time_left):
        approvers |= frozenset(people(step.escalation.approvers))
    return approvers


def _time_left(item: WorkItem) -> timedelta | None:
    """How long the open step may still take, and any step after it at most; None is without end."""
    if item.deadline is None or item.step_opened_at is None:
        return item.profile.definition.expires_after
    return item.deadline - item.step_opened_at


def request_shortages(request: Request, people: People) -> tuple[tuple[WorkItem, Shortage], ...]:
    """What keeps an open *request* from ever being approved, work item by work item: each person decides once in each."""
    shortages = []
    for item in request.work_items:
        if item.status not in {WorkItemStatus.QUEUED, WorkItemStatus.PENDING}:
            continue  # closed, or blocked, which has an alert of its own
        needs = [
            Need(
                step=number,
                name=step.name,
                required=step.required - request.approvals(item.position, number),
                people=eligible_among(request, item.position, _who_could(step, _time_left(item), people)).own,
            )
            for number, step in enumerate(item.profile.steps)
            if number >= item.step and step.approvers
        ]
        if (short := shortage(needs)) is not None:
            shortages.append((item, short))
    return tuple(shortages)
