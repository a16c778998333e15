"""Resources and the gates they put before an operation: SPEC.md section 2."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Final, NewType, Self

from pydantic import AfterValidator, Field, model_validator

from domain.approvals.profiles import Description, Name, ProfileId, ProfileVersion
from domain.common.errors import OperationNotOffered
from domain.common.frozen import Frozen, whole
from domain.common.operations import Operation
from domain.people.people import Key
from domain.pki import Ruled, Rules

ResourceId = NewType("ResourceId", str)
"""The key of a resource: it stays when the resource is renamed."""


class ResourceKind(StrEnum):
    RA_PROFILE = "ra_profile"
    END_ENTITY_PROFILE = "end_entity_profile"
    CERTIFICATE_PROFILE = "certificate_profile"
    CERTIFICATE_AUTHORITY = "certificate_authority"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


_RA, _EE = ResourceKind.RA_PROFILE, ResourceKind.END_ENTITY_PROFILE
_CP, _CA = ResourceKind.CERTIFICATE_PROFILE, ResourceKind.CERTIFICATE_AUTHORITY

KIND_LABELS: Final = {
    _RA: "RA profile",
    _EE: "end entity profile",
    _CP: "certificate profile",
    _CA: "certificate authority",
}

GATES: Final[Mapping[Operation, tuple[ResourceKind, ...]]] = {
    Operation.ENROLL: (_EE, _CP, _CA),
    Operation.RE_ENROLL: (_EE, _CP, _CA),
    Operation.ISSUE: (_RA, _CP, _CA),
    Operation.RENEW: (_RA, _CP, _CA),
    Operation.REKEY: (_RA, _CP, _CA),
    Operation.REVOKE: (_RA,),
}
"""Which kinds of resource may put a gate before an operation, in the order in which the gates open."""

LINKS: Final[Mapping[ResourceKind, frozenset[ResourceKind]]] = {
    _RA: frozenset({_EE, _CP, _CA}),
    _EE: frozenset({_CP, _CA}),
    _CP: frozenset(),
    _CA: frozenset(),
}
"""Which other resources each kind may name."""


def is_connector(name: str) -> bool:
    """Whether *name* can be that of a connector: its kind, a colon and a key."""
    return re.fullmatch(r"[a-z][a-z0-9-]{0,30}:[a-z0-9][a-z0-9._-]{0,46}", name) is not None


def _connector(value: str) -> str:
    if not is_connector(value):
        raise ValueError("is no connector: write its kind, a colon and its name, as in local-ca:issuing")
    return value


ConnectorName = Annotated[str, AfterValidator(_connector)]


class Resource(Frozen):
    """Something that certificates come from, with at most one approval profile per operation."""

    key: Key
    kind: ResourceKind
    name: Name
    description: Description = ""
    end_entity_profile: Key | None = None
    certificate_profile: Key | None = None
    certificate_authority: Key | None = None
    connector: ConnectorName | None = None
    """What carries out the operations that come to this certificate authority, `local-ca:issuing`; None where people do it by hand."""
    approvals: dict[Operation, Key] = Field(default_factory=dict)
    """The approval profile that gates an operation here."""
    rules: Annotated[Rules, whole(Rules)] = Rules()
    """What may be asked for here."""

    @model_validator(mode="after")
    def _links_and_gates_fit_the_kind(self) -> Self:
        for kind in ResourceKind:
            if self.link(kind) is not None and kind not in LINKS[self.kind]:
                raise ValueError(f"{self.kind.label} names no {kind.label}")
        if self.connector is not None and self.kind is not _CA:
            raise ValueError(f"{self.kind.label} has no connector: that belongs to its certificate authority")
        for operation in self.approvals:
            if self.kind not in GATES[operation]:
                raise ValueError(f"{operation.label} has no gate at {self.kind.label}")
        return self

    @property
    def id(self) -> ResourceId:
        return ResourceId(self.key)

    def link(self, kind: ResourceKind) -> ResourceId | None:
        """The resource of *kind* that this one names, if any."""
        named = {_EE: self.end_entity_profile, _CP: self.certificate_profile, _CA: self.certificate_authority}.get(kind)
        return None if named is None else ResourceId(named)

    def offers(self, operation: Operation) -> bool:
        """Whether a requester may pick this as the entry point of *operation*: it is, or names, what the first gate stands at."""
        first = GATES[operation][0]
        return self.kind is first or self.link(first) is not None


class Gate(Frozen):
    """A gate that stands before an operation: the resource that puts it there, and the profile version that opens it."""

    kind: ResourceKind
    resource: Key
    resource_name: str
    """As it was at submission, for the record."""
    profile: Annotated[ProfileVersion, whole(ProfileVersion)]


def chain(
    operation: Operation,
    entry: Resource,
    resources: Callable[[ResourceId], Resource],
    profiles: Callable[[ProfileId], ProfileVersion],
) -> tuple[Gate, ...]:
    """The gates that *operation* meets when it enters at *entry*, in the order in which they open.

    *resources* and *profiles* give a linked resource and the present version of a bound profile. Empty where nothing gates it.
    Raises OperationNotOffered where *entry* is not where this operation begins.
    """
    if not entry.offers(operation):
        raise OperationNotOffered(operation=operation, resource=entry.name, kind=entry.kind)
    return tuple(
        Gate(kind=resource.kind, resource=resource.key, resource_name=resource.name, profile=profiles(ProfileId(bound)))
        for resource in _along(GATES[operation], entry, resources)
        if (bound := resource.approvals.get(operation)) is not None
    )


def ruling(entry: Resource, resources: Callable[[ResourceId], Resource]) -> tuple[Ruled, ...]:
    """The rules for whatever enters at *entry*: its own and those of every resource that it leads to, whether that has a gate or not."""
    found = _along(ResourceKind, entry, resources)
    return tuple(Ruled(resource=resource.name, rules=resource.rules) for resource in found if resource.rules)


def _along(
    kinds: Iterable[ResourceKind], entry: Resource, resources: Callable[[ResourceId], Resource]
) -> Iterator[Resource]:
    """Those of *kinds* that *entry* leads to. A link that it leaves open may be named by its end entity profile."""
    for kind in kinds:
        if (found := reached(entry, kind, resources)) is not None:
            yield found


def reached(entry: Resource, kind: ResourceKind, resources: Callable[[ResourceId], Resource]) -> Resource | None:
    """The resource of *kind* that whoever enters at *entry* comes to: itself, one it names, or one its end entity profile names."""
    if kind is entry.kind:
        return entry
    linked, end_entity = entry.link(kind), entry.link(_EE)
    if linked is None and end_entity is not None:
        linked = resources(end_entity).link(kind)
    return None if linked is None else resources(linked)
