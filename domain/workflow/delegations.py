"""Naming a delegate for the time of an absence, and what follows when it begins and ends: SPEC.md section 3."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from domain.approvals.decisions import clean_text
from domain.approvals.delegation import Days, Delegation, Period, agreed
from domain.audit.entries import Action, AuditEntry, Source
from domain.common.errors import (
    AlreadyDelegated,
    DelegationOver,
    NoSuchDelegation,
    NotAnAdministrator,
    NotYourDelegation,
)
from domain.common.frozen import Frozen
from domain.notices.direct_messages import on_delegation
from domain.people.people import Person, PersonId, Standing
from domain.ports import Reading, Store
from domain.workflow.locking import somebody

AT_ONCE: Final = 100
"""How many requests are marked in one transaction."""


class Standins(Frozen):
    """Who stands in for whom, now or some time, as far as somebody may know."""

    given: tuple[Delegation, ...] = ()
    received: tuple[Delegation, ...] = ()
    others: tuple[Delegation, ...] = ()
    """Everybody else's, for administrators."""
    may_name_others: bool = False
    """Whether they may do it for somebody who is absent."""
    unable: Mapping[PersonId, Standing] = {}
    """Of delegators and delegates those who can do nothing now: with them a delegation has no effect."""


async def delegate(
    store: Store,
    by: PersonId,
    delegate: PersonId,
    days: Days | Period,
    at: datetime,
    *,
    delegator: PersonId | None = None,
    reason: str = "",
    source: Source = Source.SLACK,
) -> Delegation:
    """*delegate* stands in for *by*, or, where an administrator says so, for the absent *delegator*.

    Days are days where the delegator is. Delegate and delegator are told of what they did not do
    themselves. Raises NotAMember, NotAnAdministrator, OwnDelegate, NotADelegate, NothingToDelegate,
    DelegationInThePast, DelegationEndsFirst, DelegationTooLong, AlreadyDelegated, TextTooLong.
    """
    whose = delegator or by
    async with store.transaction(source) as tx:
        person, _ = await somebody(tx, by, at)
        if whose != by and not person.is_administrator:
            raise NotAnAdministrator
        zone = (await tx.people.identities([whose])).get(whose)
        period = days.moments(zone.time_zone if zone is not None else "UTC", at)
        reason = clean_text(reason)
        new = agreed(await _anybody(tx, whose), await _anybody(tx, delegate), period, reason, at)
        saved = await tx.delegations.add(new)
        await tx.audit.record(_entry(Action.DELEGATED, saved, by, at, after=_recorded(saved), reason=reason))
        await tx.direct_messages.add(on_delegation(saved, by), at)
        # looked at behind the lock that recording takes, so that of two at the same moment one is refused
        for other in await tx.delegations.current(at, of=whose):
            if other.number != saved.number and _same_people(other, saved) and other.overlaps(saved):
                raise AlreadyDelegated
    await look_after_delegations(store, at)
    return saved


async def revoke(store: Store, by: PersonId, number: int, at: datetime, *, source: Source = Source.SLACK) -> Delegation:
    """End a delegation of *by*'s own, or, as an administrator, anybody's. Gives it as it is then.

    Raises NotAMember, NoSuchDelegation also to whoever has no part in it, NotYourDelegation to the delegate, DelegationOver.
    """
    async with store.transaction(source) as tx:
        person, _ = await somebody(tx, by, at)
        found = await tx.delegations.get(number)
        if found is None or (by not in {found.delegator, found.delegate} and not person.is_administrator):
            raise NoSuchDelegation
        if by != found.delegator and not person.is_administrator:
            raise NotYourDelegation
        if not await tx.delegations.revoke(number, at):
            raise DelegationOver
        revoked = found.replace(revoked_at=at)
        before, after = _recorded(found), _recorded(revoked)
        await tx.audit.record(_entry(Action.DELEGATION_REVOKED, revoked, by, at, before=before, after=after))
        await tx.direct_messages.add(on_delegation(revoked, by), at)
    await look_after_delegations(store, at)
    return revoked


async def standins(store: Store, by: PersonId, at: datetime) -> Standins:
    """The delegations that *by* gave and received; for administrators everybody's. Raises NotAMember."""
    async with store.reading() as reading:
        person, _ = await somebody(reading, by, at)
        found = await reading.delegations.current(at, of=None if person.is_administrator else by)
        return Standins(
            given=tuple(one for one in found if one.delegator == by),
            received=tuple(one for one in found if one.delegate == by),
            others=tuple(one for one in found if by not in {one.delegator, one.delegate}),
            may_name_others=person.is_administrator,
            unable=await unable(reading, found),
        )


async def unable(reading: Reading, found: Iterable[Delegation]) -> Mapping[PersonId, Standing]:
    """Of everybody in the delegations *found*, those who are no active members, and what they are."""
    named = {person for one in found for person in one.people}
    standings = {identity.id: identity.standing for identity in (await reading.people.identities(named)).values()}
    return {one: now for one in named if (now := standings.get(one, Standing.STRANGER)) is not Standing.MEMBER}


async def look_after_delegations(store: Store, at: datetime, *, limit: int = 20) -> int:
    """Have what waits on the delegators announced again where a delegation began, ended or was revoked by *at*; how many did.

    Every replica may do it, and do it twice: to be announced again changes nothing that is right.
    """
    async with store.reading() as reading:
        turned = await reading.delegations.changed(at, limit)
    for one in turned:
        await _announce_again(store, one.delegator)
        async with store.transaction(Source.CLOCK) as tx:
            await tx.delegations.mark_handled(one.number, at)
    return len(turned)


async def _announce_again(store: Store, delegator: PersonId) -> None:
    """Some at a time: there may be more than fit into the time of one transaction."""
    before = None
    while True:
        async with store.transaction(Source.CLOCK) as tx:
            person = await tx.people.person(delegator)
            if person is None:
                return
            page = await tx.lists.waiting_on(person, limit=AT_ONCE, before=before)
            await tx.updates.mark([request.id for request in page.requests])
        if page.next is None:
            return
        before = page.requests[-1].id


async def _anybody(reading: Reading, id: PersonId) -> Person:
    return await reading.people.person(id) or Person(id=id, standing=Standing.STRANGER)


def _same_people(one: Delegation, other: Delegation) -> bool:
    return (one.delegator, one.delegate) == (other.delegator, other.delegate)


def _entry(action: Action, of: Delegation, by: PersonId, at: datetime, **more: Any) -> AuditEntry:
    on_behalf_of = of.delegator if by != of.delegator else None
    return AuditEntry(action=action, subject=f"delegation:{of.number}", at=at, by=by, on_behalf_of=on_behalf_of, **more)


def _recorded(one: Delegation) -> dict[str, Any]:
    return one.model_dump(mode="json", exclude={"number", "reason"}, exclude_none=True)
