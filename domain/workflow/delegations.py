"""Name and revoke delegates, and update messages when a delegation begins or ends: SPEC.md section 3."""

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
from domain.notices.direct_messages import about_delegation
from domain.people.people import Person, PersonId, Standing
from domain.ports import Reading, Store
from domain.workflow.locking import somebody

AT_ONCE: Final = 100
"""Requests that are marked in one transaction."""


class Standins(Frozen):
    """Current and future delegations that a person may see."""

    given: tuple[Delegation, ...] = ()
    received: tuple[Delegation, ...] = ()
    others: tuple[Delegation, ...] = ()
    """Delegations of other people, for administrators."""
    may_name_others: bool = False
    """Whether they may name a delegate for another person."""
    unable: Mapping[PersonId, Standing] = {}
    """Delegators and delegates who cannot act now, so that their delegations have no effect, and why."""


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
    """Let *delegate* decide for *by*, or, if *by* is an administrator, for the absent *delegator*.

    Days are days in the time zone of the delegator. Delegate and delegator get a direct message
    about what they did not do themselves. Raises NotAMember, NotAnAdministrator, OwnDelegate, NotADelegate, NothingToDelegate,
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
        await tx.direct_messages.add(about_delegation(saved, by), at)
        # after the lock that `add` takes: of two equal delegations at the same moment, one is refused
        for other in await tx.delegations.current(at, of=whose):
            if other.number != saved.number and other.people == saved.people and other.overlaps(saved):
                raise AlreadyDelegated
    await look_after_delegations(store, at)
    return saved


async def revoke(store: Store, by: PersonId, number: int, at: datetime, *, source: Source = Source.SLACK) -> Delegation:
    """End a delegation that *by* gave, or, if *by* is an administrator, any. Returns it as revoked.

    Raises NotAMember, NoSuchDelegation (also to people who are not part of it), NotYourDelegation to the delegate,
    DelegationOver.
    """
    async with store.transaction(source) as tx:
        person, _ = await somebody(tx, by, at)
        delegation = await tx.delegations.get(number)
        if delegation is None or (
            by not in {delegation.delegator, delegation.delegate} and not person.is_administrator
        ):
            raise NoSuchDelegation
        if by != delegation.delegator and not person.is_administrator:
            raise NotYourDelegation
        if not await tx.delegations.revoke(number, at):
            raise DelegationOver
        revoked = delegation.replace(revoked_at=at)
        before, after = _recorded(delegation), _recorded(revoked)
        await tx.audit.record(_entry(Action.DELEGATION_REVOKED, revoked, by, at, before=before, after=after))
        await tx.direct_messages.add(about_delegation(revoked, by), at)
    await look_after_delegations(store, at)
    return revoked


async def standins(store: Store, by: PersonId, at: datetime) -> Standins:
    """The delegations that *by* gave and received; for administrators, all. Raises NotAMember."""
    async with store.reading() as reading:
        person, _ = await somebody(reading, by, at)
        delegations = await reading.delegations.current(at, of=None if person.is_administrator else by)
        return Standins(
            given=tuple(delegation for delegation in delegations if delegation.delegator == by),
            received=tuple(delegation for delegation in delegations if delegation.delegate == by),
            others=tuple(delegation for delegation in delegations if by not in delegation.people),
            may_name_others=person.is_administrator,
            unable=await unable(reading, delegations),
        )


async def unable(reading: Reading, delegations: Iterable[Delegation]) -> Mapping[PersonId, Standing]:
    """The people in *delegations* who are not active members, and their standings."""
    people = {person for delegation in delegations for person in delegation.people}
    standings = {identity.id: identity.standing for identity in (await reading.people.identities(people)).values()}
    return {
        person: standing
        for person in people
        if (standing := standings.get(person, Standing.STRANGER)) is not Standing.MEMBER
    }


async def look_after_delegations(store: Store, at: datetime, *, limit: int = 20) -> int:
    """Update the messages of requests that wait on a delegator whose delegation began, ended or was revoked by *at*.

    Returns how many delegations. Every replica may call it, also twice: marking a correct message changes nothing.
    """
    async with store.reading() as reading:
        changed = await reading.delegations.changed(at, limit)
    for delegation in changed:
        await _announce_again(store, delegation.delegator)
        async with store.transaction(Source.CLOCK) as tx:
            await tx.delegations.mark_handled(delegation.number, at)
    return len(changed)


async def _announce_again(store: Store, delegator: PersonId) -> None:
    """Mark the requests that wait on *delegator*, a page per transaction: there may be too many for one."""
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


def _entry(action: Action, of: Delegation, by: PersonId, at: datetime, **more: Any) -> AuditEntry:
    on_behalf_of = of.delegator if by != of.delegator else None
    return AuditEntry(action=action, subject=f"delegation:{of.number}", at=at, by=by, on_behalf_of=on_behalf_of, **more)


def _recorded(delegation: Delegation) -> dict[str, Any]:
    return delegation.model_dump(mode="json", exclude={"number", "reason"}, exclude_none=True)
