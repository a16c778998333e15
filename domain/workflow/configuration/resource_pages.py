"""Looking at resources, and trying out which gates an operation would meet: for administrators and auditors."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from domain.approvals.profiles import Step
from domain.approvals.resources import LINKS, Gate, Resource, ResourceId, ResourceKind
from domain.common.errors import NoSuchResource
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.pki import Ruled
from domain.ports import Reading, RecordedEntry, Store
from domain.workflow.approvals.submit import way_of
from domain.workflow.configuration.apply import configured
from domain.workflow.configuration.edit_conflicts import fingerprint
from domain.workflow.configuration.profile_pages import PAGE, Slice, administrator, previewed, reader, sliced

NAMED: Final = 30
"""How many people of one step a dry run names."""


class ResourceList(Frozen):
    """A page of the resources whose name or key has what is searched for."""

    resources: tuple[Resource, ...]
    names: Mapping[str, str]
    """What the profiles and resources that these name are called, by key: `profile:KEY`, `resource:KEY`."""
    slice: Slice
    search: str = ""
    may_edit: bool = False


class ResourcePage(Frozen):
    """One resource, what it names, and what names it."""

    resource: Resource
    seen: str
    """Its fingerprint."""
    names: Mapping[str, str]
    named_by: tuple[Resource, ...]
    saved: RecordedEntry | None
    """When it was last saved, and by whom; None where the record does not say."""
    may_edit: bool


class Choices(Frozen):
    """What the form for a resource offers."""

    resources: tuple[Resource, ...]
    profiles: Mapping[str, str]
    """Names by key."""


class StepTried(Frozen):
    """A step of a gate, with who could decide it now."""

    name: str
    required: int
    people: int
    first: tuple[PersonId, ...]
    """Up to `NAMED` of them."""
    escalates_after: timedelta | None = None
    """After how long without a decision more people could decide it; None where that never comes."""
    further: int = 0
    """How many more."""
    others: tuple[PersonId, ...] = ()
    """Up to `NAMED` of those."""


class GateTried(Frozen):
    gate: Gate
    steps: tuple[StepTried, ...]
    warnings: tuple[str, ...]
    """Why a request would be stuck here."""


class DryRun(Frozen):
    """The gates that an operation would meet if it were submitted now."""

    operation: Operation
    entry: Resource
    gates: tuple[GateTried, ...]
    ruling: tuple[Ruled, ...] = ()
    """The rules of every resource that it would pass."""


async def resource_list(store: Store, by: PersonId, *, search: str = "", page: int = 0) -> ResourceList:
    """The *page*-th page of the resources that have *search* in their name or key. Raises NotAMember, NotAReader."""
    async with store.reading() as reading:
        person = await reader(reading, by)
        wanted = search.casefold().strip()
        everything = await reading.resources.listed()
        found = [one for one in everything if wanted in one.name.casefold() or wanted in one.key]
        shown, part = sliced(found, page, PAGE)
        return ResourceList(
            resources=shown,
            names=await _names(reading, everything),
            slice=part,
            search=search.strip(),
            may_edit=person.is_administrator,
        )


async def resource_page(store: Store, by: PersonId, resource: ResourceId) -> ResourcePage:
    """Everything about *resource*. Raises NotAMember, NotAReader, NoSuchResource."""
    async with store.reading() as reading:
        person = await reader(reading, by)
        everything = await reading.resources.listed()
        found = next((one for one in everything if one.key == resource), None)
        if found is None:
            raise NoSuchResource(resource=resource)
        about = await reading.audit.about(f"resource:{resource}")
        return ResourcePage(
            resource=found,
            seen=fingerprint(found),
            names=await _names(reading, everything),
            named_by=tuple(one for one in everything if resource in {one.link(kind) for kind in ResourceKind}),
            saved=about[-1] if about else None,
            may_edit=person.is_administrator,
        )


async def editable_resource(store: Store, by: PersonId, resource: ResourceId) -> Resource:
    """*resource*, for a form. Raises NotAMember, NotAnAdministrator, NoSuchResource."""
    async with store.reading() as reading:
        await administrator(reading, by)
        found = await reading.resources.get(resource)
        if found is None:
            raise NoSuchResource(resource=resource)
        return found


async def choices(store: Store, by: PersonId, kind: ResourceKind | None) -> Choices:
    """What a resource of *kind* may name and be bound to. Raises NotAMember, NotAnAdministrator."""
    async with store.reading() as reading:
        await administrator(reading, by)
        linkable = LINKS[kind] if kind is not None else frozenset[ResourceKind]()
        return Choices(
            resources=tuple(one for one in await reading.resources.listed() if one.kind in linkable),
            profiles={one.profile: one.name for one in await reading.profiles.listed()},
        )


async def entries(store: Store, by: PersonId, operation: Operation | None) -> tuple[Resource, ...]:
    """Where *operation*, once one is chosen, can be tried out. Raises NotAMember, NotAReader."""
    async with store.reading() as reading:
        await reader(reading, by)
        return tuple(one for one in await reading.resources.listed() if operation is not None and one.offers(operation))


async def dry_run(store: Store, by: PersonId, operation: Operation, entry: ResourceId, at: datetime) -> DryRun:
    """What *operation* at *entry* would meet at *at*. Raises NotAMember, NotAReader, NoSuchResource, OperationNotOffered."""
    async with store.reading() as reading:
        await reader(reading, by)
        way = await way_of(reading, operation, entry)
        gates = tuple([await _tried(reading, gate, at) for gate in way.gates])
        return DryRun(operation=operation, entry=way.entry, gates=gates, ruling=way.ruling)


async def _tried(reading: Reading, gate: Gate, at: datetime) -> GateTried:
    expires_after = gate.profile.definition.expires_after
    steps = [await _step_tried(reading, step, expires_after) for step in gate.profile.steps]
    preview = await previewed(reading, await configured(reading), gate.profile, at)
    return GateTried(gate=gate, steps=tuple(steps), warnings=preview.warnings)


async def _step_tried(reading: Reading, step: Step, expires_after: timedelta | None) -> StepTried:
    people = await reading.people.matching(step.approvers)
    further: frozenset[PersonId] = frozenset()
    after = step.escalation.after if step.escalation is not None and step.escalates_within(expires_after) else None
    if step.escalation is not None and after is not None:
        further = await reading.people.matching(step.escalation.approvers) - people
    return StepTried(
        name=step.name,
        required=step.required,
        people=len(people),
        first=tuple(sorted(people)[:NAMED]),
        escalates_after=after,
        further=len(further),
        others=tuple(sorted(further)[:NAMED]),
    )


async def _names(reading: Reading, resources: tuple[Resource, ...]) -> dict[str, str]:
    return {
        **{f"resource:{resource.key}": resource.name for resource in resources},
        **{f"profile:{one.profile}": one.name for one in await reading.profiles.listed()},
    }
