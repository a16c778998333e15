"""Who may decide on a step of a request: SPEC.md section 3. This is the only place with this rule.

The guards in `domain.approvals.moves`, the notices, the reports of missing approvers, the steps that an override skips and what Slack
shows all ask this module.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, NamedTuple

from domain.approvals.delegation import NO_DELEGATES, Capacity, Delegates
from domain.approvals.profiles import Approvers
from domain.approvals.requests import Request
from domain.people.people import Person, PersonId

People = Callable[[Approvers], Collection[PersonId]]
"""The active members who are among these approvers now."""


class Eligible(NamedTuple):
    """Who may decide on a step: as an approver, or as the delegate of one."""

    own: frozenset[PersonId]
    """Those who may decide as approvers themselves."""
    standing_in: Mapping[PersonId, tuple[PersonId, ...]]
    """Each delegate, with the approvers for whom they may decide, ordered by id. A delegate may be in `own` as well."""

    @property
    def everybody(self) -> frozenset[PersonId]:
        """Everybody who may decide, in whatever capacity."""
        return self.own | self.standing_in.keys()

    @property
    def capacities(self) -> tuple[Capacity, ...]:
        """The capacity in which each of them decides: first those who decide for themselves, each group ordered by id."""
        delegates = sorted(self.standing_in.keys() - self.own)
        return (
            *(Capacity(by=person) for person in sorted(self.own)),
            *(Capacity(by=person, on_behalf_of=self.standing_in[person][0]) for person in delegates),
        )

    def capacity(self, person: PersonId) -> Capacity | None:
        """The capacity in which *person* decides: for themselves rather than for somebody else. None if they may not decide."""
        if person in self.own:
            return Capacity(by=person)
        return Capacity(by=person, on_behalf_of=self.standing_in[person][0]) if person in self.standing_in else None


NOBODY: Final = Eligible(frozenset(), {})


def bars_requester(request: Request, gate: int) -> bool:
    """Whether the requester may not decide at *gate*, even as an approver of it: the usual case, unless the profile says otherwise."""
    return not request.work_items[gate].profile.definition.requester_may_approve


def eligible_among(
    request: Request, gate: int, authorised: Collection[PersonId], delegates: Delegates = NO_DELEGATES
) -> Eligible:
    """Who may decide on a step at *gate* if *authorised* are its approvers, all of them active members.

    Each person decides once per gate, and a decision on behalf of somebody uses up both people's. The requester never decides as a
    delegate, and nobody decides on behalf of the requester.
    """
    spent = request.spent(gate)
    barred = spent | {request.requester}
    own = frozenset(authorised) - (barred if bars_requester(request, gate) else spent)
    standing_in: dict[PersonId, tuple[PersonId, ...]] = {}
    for absent in sorted(own - barred):
        for delegate in delegates.get(absent, ()):
            if delegate not in barred:
                standing_in[delegate] = (*standing_in.get(delegate, ()), absent)
    return Eligible(own, standing_in)


def eligible(request: Request, gate: int, step: int, people: People, delegates: Delegates = NO_DELEGATES) -> Eligible:
    """Who may decide on *step* at *gate* while it is open, as approvers are authorised now: also those of an escalation that came."""
    approvers = request.work_items[gate].approvers(step)
    return eligible_among(request, gate, people(approvers) if approvers else (), delegates)


def deciders(request: Request, people: People, delegates: Delegates = NO_DELEGATES) -> Eligible:
    """Who may decide on the step that is open; nobody if none is. The deadline is for the guard: see `moves.admit`."""
    step = request.here
    return NOBODY if step is None else eligible(request, step.gate, step.step, people, delegates)


def capacity(request: Request, person: Person, delegators: Iterable[Person] = ()) -> Capacity | None:
    """The capacity in which *person* may decide on the step that is open; None if they may not.

    *delegators* are the people who have named *person* their delegate for now.
    """
    if not person.takes_part:
        return None
    active = [candidate for candidate in (person, *delegators) if candidate.takes_part]
    return deciders(
        request,
        lambda approvers: [candidate.id for candidate in active if approvers.include(candidate)],
        {delegator.id: (person.id,) for delegator in active if delegator.id != person.id},
    ).capacity(person.id)


def as_approver(person: PersonId, approvers: Approvers, people: People) -> Person:
    """*person* with those groups and roles of *approvers* that they are in now."""
    return Person(
        id=person,
        groups=frozenset(group for group in approvers.groups if person in people(Approvers(groups=(group,)))),
        roles=frozenset(role for role in approvers.roles if person in people(Approvers(roles=(role,)))),
    )
