"""The pages of resources, and the dry run of an operation: for administrators and auditors."""

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
    """A page of the resources that match a search by name or key."""

    resources: tuple[Resource, ...]
    names: Mapping[str, str]
    """The names of profiles and resources by key: `profile:KEY`, `resource:KEY`."""
    slice: Slice
    search: str = ""
    may_edit: bool = False


class ResourcePage(Frozen):
    """One resource, what it uses, and what uses it."""

    resource: Resource
    seen: str
    """Its fingerprint."""
    names: Mapping[str, str]
    named_by: tuple[Resource, ...]
    saved: RecordedEntry | None
    """When it was last saved, and by whom; None if the audit log does not say."""
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
    """After how long without a decision more people could decide it; None for never."""
    further: int = 0
    """How many more people could decide it then."""
    others: tuple[PersonId, ...] = ()
    """Up to `NAMED` of these."""


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
    """The rules of every resource that the operation involves."""


async def resource_list(store: Store, by: PersonId, *, search: str = "", page: int = 0) -> ResourceList:
    """The *page*-th page of the resources that have *search* in their name or key. Raises NotAMember, NotAReader."""
    async with store.reading() as reading:
        person = await reader(reading, by)
        wanted = search.casefold().strip()
        everything = await reading.resources.listed()
        matching = [resource for resource in everything if wanted in resource.name.casefold() or wanted in resource.key]
        shown, part = sliced(matching, page, PAGE)
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
        shown = next((candidate for candidate in everything if candidate.key == resource), None)
        if shown is None:
            raise NoSuchResource(resource=resource)
        about = await reading.audit.about(f"resource:{resource}")
        return ResourcePage(
            resource=shown,
            seen=fingerprint(shown),
            names=await _names(reading, everything),
            named_by=tuple(user for user in everything if resource in {user.link(kind) for kind in ResourceKind}),
            saved=about[-1] if about else None,
            may_edit=person.is_administrator,
        )


async def editable_resource(store: Store, by: PersonId, resource: ResourceId) -> Resource:
    """*resource* for the form of its rules. Raises NotAMember, NotAnAdministrator, NoSuchResource."""
    async with store.reading() as reading:
        await administrator(reading, by)
        present = await reading.resources.get(resource)
        if present is None:
            raise NoSuchResource(resource=resource)
        return present


async def choices(store: Store, by: PersonId, kind: ResourceKind | None) -> Choices:
    """What a resource of *kind* may use, and the profiles for its operations. Raises NotAMember, NotAnAdministrator."""
    async with store.reading() as reading:
        await administrator(reading, by)
        linkable = LINKS[kind] if kind is not None else frozenset[ResourceKind]()
        return Choices(
            resources=tuple(resource for resource in await reading.resources.listed() if resource.kind in linkable),
            profiles={version.profile: version.name for version in await reading.profiles.listed()},
        )


async def entries(store: Store, by: PersonId, operation: Operation | None) -> tuple[Resource, ...]:
    """The resources where *operation* can start; none without an operation. Raises NotAMember, NotAReader."""
    async with store.reading() as reading:
        await reader(reading, by)
        resources = await reading.resources.listed()
        return tuple(resource for resource in resources if operation is not None and resource.offers(operation))


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
        **{f"profile:{version.profile}": version.name for version in await reading.profiles.listed()},
    }
