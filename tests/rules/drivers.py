"""What the world drives. `Driver` is everything it needs; `CoreDriver` is the pure core with nothing around it but dictionaries."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from domain.approvals import moves
from domain.approvals.changes import Change, Release
from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Delegation, Period, agreed
from domain.approvals.eligibility import capacity
from domain.approvals.execution import Executed, Failed
from domain.approvals.profiles import Approvers, Definition, ProfileId, ProfileVersion
from domain.approvals.requests import Request, RequestId, StepRef
from domain.approvals.resources import Resource, ResourceId, chain
from domain.audit.entries import AuditEntry
from domain.common.errors import (
    AlreadyDelegated,
    DelegationOver,
    NoSuchDelegation,
    NoSuchRequest,
    NotAMember,
    NotAnAdministrator,
    NotTheRequester,
    NotYourDelegation,
    OpenRequestExists,
    StillOpen,
)
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.notices.notices import Notice
from domain.people.people import ADMINISTRATOR, GroupId, Person, PersonId, RoleId, Standing
from domain.pki import object_key
from domain.releases import moves as releasing
from tests.material_factory import material
from tests.rules.announcing import asking


class Kept(Frozen):
    """All that is kept of one request."""

    request: Request
    record: tuple[AuditEntry, ...]
    """Its audit entries, oldest first."""
    releases: tuple[Release, ...]
    notices: tuple[Notice, ...]
    """Every notice that was ever wanted, in no order."""


class Driver(Protocol):
    """A place where the rules are in force. What is refused is raised, as `domain.common.errors.Refusal`."""

    # who and what there is
    def know(self, who: PersonId, standing: Standing) -> None: ...
    def group(self, key: GroupId, members: Collection[PersonId], at: datetime) -> None: ...
    def role(self, key: RoleId, holders: Collection[PersonId], at: datetime) -> None: ...
    def delegate(self, by: PersonId, giver: PersonId, taker: PersonId, period: Period, at: datetime) -> int:
        """The number of the new delegation."""

    def revoke(self, by: PersonId, number: int, at: datetime) -> None: ...
    def profile(self, key: str, definition: Definition, at: datetime) -> ProfileVersion:
        """Save an edit, and give the version that is the present one then."""

    def resource(self, resource: Resource, at: datetime) -> None: ...

    # what people and the clock do
    def submit(
        self,
        by: PersonId,
        operation: Operation,
        entry: ResourceId,
        cn: str,
        reason: str,
        at: datetime,
        again: RequestId | None,
    ) -> RequestId: ...
    def decide(self, by: PersonId, on: StepRef, verdict: Verdict, at: datetime, comment: str) -> None: ...
    def comment(self, by: PersonId, id: RequestId, text: str, at: datetime) -> None: ...
    def cancel(self, by: PersonId, id: RequestId, at: datetime, reason: str) -> None: ...
    def override(self, by: PersonId, id: RequestId, verdict: Verdict, at: datetime, reason: str) -> None: ...
    def remind(self, by: PersonId, id: RequestId, at: datetime) -> None: ...
    def report(self, id: RequestId, executed: bool, at: datetime) -> None:
        """Somebody who carries operations out by hand says that this one was executed, or that it failed."""

    def retry(self, by: PersonId, id: RequestId, at: datetime) -> None: ...
    def sweep(self, at: datetime) -> None:
        """Expire, escalate and lapse whatever is due."""

    def announce(self, at: datetime) -> None:
        """Work out which notices all requests ask for now, and keep them."""

    # what came of it
    def kept(self) -> Mapping[RequestId, Kept]:
        """All there is, of every request."""

    def waiting_on(self, who: PersonId, at: datetime) -> Collection[RequestId]: ...
    def close(self) -> None: ...


class CoreDriver:
    """The pure core. The dictionaries do what the store and the use cases do elsewhere, as plainly as can be."""

    def __init__(self) -> None:
        self.standing: dict[PersonId, Standing] = {}
        self.groups: dict[GroupId, Collection[PersonId]] = {}
        self.roles: dict[RoleId, Collection[PersonId]] = {}
        self.delegations: list[Delegation] = []
        self.profiles: dict[ProfileId, ProfileVersion] = {}
        self.resources: dict[ResourceId, Resource] = {}
        self.shelf: dict[RequestId, Kept] = {}

    def know(self, who: PersonId, standing: Standing) -> None:
        self.standing[who] = standing

    def group(self, key: GroupId, members: Collection[PersonId], at: datetime) -> None:  # noqa: ARG002 - a driver that records needs it
        self.groups[key] = members

    def role(self, key: RoleId, holders: Collection[PersonId], at: datetime) -> None:  # noqa: ARG002 - as above
        self.roles[key] = holders

    def delegate(self, by: PersonId, giver: PersonId, taker: PersonId, period: Period, at: datetime) -> int:
        if not self._taking_part(by).is_administrator and by != giver:
            raise NotAnAdministrator
        new = agreed(self.person(giver), self.person(taker), period, "", at).replace(number=len(self.delegations) + 1)
        for old in self.delegations:
            if (old.delegator, old.delegate) == (giver, taker) and not old.is_over(at) and old.overlaps(new):
                raise AlreadyDelegated
        self.delegations.append(new)
        return new.number

    def revoke(self, by: PersonId, number: int, at: datetime) -> None:
        person, old = self._taking_part(by), self.delegations[number - 1]
        if not person.is_administrator and by != old.delegator:
            raise NotYourDelegation if by == old.delegate else NoSuchDelegation
        if old.is_over(at):
            raise DelegationOver
        self.delegations[number - 1] = old.replace(revoked_at=at)

    def profile(self, key: str, definition: Definition, at: datetime) -> ProfileVersion:
        old = self.profiles.get(ProfileId(key))
        new = ProfileVersion(profile=key, number=1, definition=definition) if old is None else old.next(definition)
        if new is None:
            return self.profiles[ProfileId(key)]
        self.profiles[new.id] = new
        for number in self.shelf:
            self._follow(number, at)
        return new

    def resource(self, resource: Resource, at: datetime) -> None:  # noqa: ARG002 - as above
        self.resources[resource.id] = resource

    def person(self, who: PersonId) -> Person:
        return Person(
            id=who,
            standing=self.standing.get(who, Standing.STRANGER),
            groups=frozenset(key for key, members in self.groups.items() if who in members),
            roles=frozenset(key for key, holders in self.roles.items() if who in holders),
        )

    def delegators(self, who: PersonId, at: datetime) -> tuple[Person, ...]:
        return tuple(
            self.person(delegation.delegator)
            for delegation in self.delegations
            if delegation.delegate == who and delegation.holds(at)
        )

    def submit(
        self,
        by: PersonId,
        operation: Operation,
        entry: ResourceId,
        cn: str,
        reason: str,
        at: datetime,
        again: RequestId | None,
    ) -> RequestId:
        content = material(operation, cn)
        self._taking_part(by)
        if again is not None:
            self._seeing(by, again, at)
            if self.shelf[again].request.requester != by:
                raise NotTheRequester(request=again)
            if not self.shelf[again].request.status.is_closed:
                raise StillOpen(request=again)
        for kept in self.shelf.values():
            if not kept.request.status.is_closed and object_key(kept.request.material) == object_key(content):
                raise OpenRequestExists(request=kept.request.id)
        resource = self.resources[entry]
        number = RequestId(len(self.shelf) + 1)
        self._keep(
            moves.submit(
                id=number,
                by=self.person(by),
                operation=operation,
                entry=resource,
                chain=chain(operation, resource, self.resources.__getitem__, self.profiles.__getitem__),
                material=content,
                reason=reason,
                at=at,
                resubmission_of=again,
            )
        )
        return number

    def decide(self, by: PersonId, on: StepRef, verdict: Verdict, at: datetime, comment: str) -> None:
        who, lent = self._seeing(by, RequestId(on.request), at)
        request = self.shelf[RequestId(on.request)].request
        self._keep(moves.decide(request, who, verdict, at, on=on, comment=comment, delegators=lent))
        self._follow(RequestId(on.request), at)

    def comment(self, by: PersonId, id: RequestId, text: str, at: datetime) -> None:
        who, lent = self._seeing(by, id, at)
        self._keep(moves.comment(self.shelf[id].request, who, text, at, delegators=lent))

    def cancel(self, by: PersonId, id: RequestId, at: datetime, reason: str) -> None:
        who, _ = self._seeing(by, id, at)
        self._keep(moves.cancel(self.shelf[id].request, who, at, reason))

    def override(self, by: PersonId, id: RequestId, verdict: Verdict, at: datetime, reason: str) -> None:
        who, _ = self._seeing(by, id, at)
        self._keep(moves.override(self.shelf[id].request, who, verdict, at, reason))

    def remind(self, by: PersonId, id: RequestId, at: datetime) -> None:
        who, _ = self._seeing(by, id, at)
        self._keep(moves.remind(self.shelf[id].request, who, at))

    def report(self, id: RequestId, executed: bool, at: datetime) -> None:
        outcome = Executed() if executed else Failed(reason="The HSM is on fire.")
        self._keep(releasing.conclude(self.shelf[id].request, outcome, at, via="by hand"))

    def retry(self, by: PersonId, id: RequestId, at: datetime) -> None:
        who, _ = self._seeing(by, id, at)
        kept = self.shelf[id]
        self._keep(releasing.retry(kept.request, who, at, release=len(kept.releases) + 1))

    def sweep(self, at: datetime) -> None:
        for kept in list(self.shelf.values()):
            for due in (moves.expire, moves.escalate, releasing.lapse):
                if (change := due(self.shelf[kept.request.id].request, at)) is not None:
                    self._keep(change)

    def announce(self, at: datetime) -> None:
        def people(approvers: Approvers) -> frozenset[PersonId]:
            everybody = map(self.person, self.standing)
            return frozenset(one.id for one in everybody if one.takes_part and approvers.include(one))

        administrators = people(Approvers(roles=(ADMINISTRATOR,)))
        lent = {
            who: {delegator.id for delegator in self.delegators(who, at)}
            for who in self.standing
            if self.person(who).takes_part
        }
        away = {giver: {who for who, givers in lent.items() if giver in givers} for giver in self.standing}
        for number, kept in self.shelf.items():
            found, due = asking(
                kept.request, kept.notices, at, people=people, administrators=administrators, delegates=away
            )
            known = {notice.key for notice in kept.notices}
            new = tuple(n for n in (*found, *due.now) if n.key not in known)
            self.shelf[number] = kept.replace(notices=kept.notices + new)

    def kept(self) -> Mapping[RequestId, Kept]:
        return dict(self.shelf)

    def waiting_on(self, who: PersonId, at: datetime) -> Collection[RequestId]:
        person, lent = self.person(who), self.delegators(who, at)
        return {number for number, kept in self.shelf.items() if capacity(kept.request, person, lent) is not None}

    def close(self) -> None:
        self.shelf.clear()

    def _taking_part(self, who: PersonId) -> Person:
        person = self.person(who)
        if not person.takes_part:
            raise NotAMember(standing=person.standing)
        return person

    def _seeing(self, who: PersonId, id: RequestId, at: datetime) -> tuple[Person, tuple[Person, ...]]:
        person, lent = self._taking_part(who), self.delegators(who, at)
        if id not in self.shelf or not self.shelf[id].request.is_seen_by(person, lent):
            raise NoSuchRequest(request=id)
        return person, lent

    def _keep(self, change: Change) -> None:
        old = self.shelf.get(change.request.id)
        self.shelf[change.request.id] = Kept(
            request=change.request.replace(version=change.request.version + 1),
            record=(old.record if old else ()) + change.audit,
            releases=(old.releases if old else ()) + change.releases,
            notices=old.notices if old else (),
        )

    def _follow(self, id: RequestId, at: datetime) -> None:
        item = self.shelf[id].request.current
        if item is not None and (change := moves.follow(self.shelf[id].request, self.profiles[item.profile.id], at)):
            self._keep(change)
