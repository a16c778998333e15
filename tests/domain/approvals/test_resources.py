"""SPEC.md section 2: which gates stand before an operation, in which order, and what is fixed at submission."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from pydantic import ValidationError

from domain.approvals.profiles import ProfileId, ProfileVersion
from domain.approvals.resources import Gate, Resource, ResourceId, ResourceKind, chain
from domain.common.errors import OperationNotOffered
from domain.common.operations import Operation
from tests.rules.build import ANN, profile, step

RA, EE, CP, CA = (
    ResourceKind.RA_PROFILE,
    ResourceKind.END_ENTITY_PROFILE,
    ResourceKind.CERTIFICATE_PROFILE,
    ResourceKind.CERTIFICATE_AUTHORITY,
)
ENROLLING = [Operation.ENROLL, Operation.RE_ENROLL]
ISSUING = [Operation.ISSUE, Operation.RENEW, Operation.REKEY]

PROFILES: Mapping[str, ProfileVersion] = {key: profile(step(ANN), key=key) for key in ("p1", "p2", "p3", "p4")}
BOUND = {RA: "p1", EE: "p2", CP: "p3", CA: "p4"}


def resource(kind: ResourceKind, key: str = "", bound: bool = True, **more: Any) -> Resource:
    """A resource of *kind*, gated for every operation that has a gate there where *bound*."""
    gated = {
        RA: [*ISSUING, Operation.REVOKE],
        EE: ENROLLING,
        CP: [*ENROLLING, *ISSUING],
        CA: [*ENROLLING, *ISSUING],
    }[kind]
    approvals = dict.fromkeys(gated, BOUND[kind]) if bound else {}
    return Resource(key=key or kind, kind=kind, name=f"The {kind.label}", **{"approvals": approvals, **more})


def along(operation: Operation, entry: Resource, *others: Resource) -> tuple[Gate, ...]:
    """The chain, with *others* to be found by their keys."""
    known = {other.id: other for other in others}

    def find(id: ResourceId) -> Resource:
        return known[id]

    def version(id: ProfileId) -> ProfileVersion:
        return PROFILES[id]

    return chain(operation, entry, find, version)


WHOLE_RA = resource(RA, end_entity_profile=EE, certificate_profile=CP, certificate_authority=CA)
WHOLE_EE = resource(EE, certificate_profile=CP, certificate_authority=CA)
REST = (resource(EE, certificate_profile=CP, certificate_authority=CA), resource(CP), resource(CA))


@pytest.mark.parametrize(
    ("operation", "entry", "kinds"),
    [
        *((operation, WHOLE_EE, [EE, CP, CA]) for operation in ENROLLING),
        *((operation, WHOLE_RA, [EE, CP, CA]) for operation in ENROLLING),
        *((operation, WHOLE_RA, [RA, CP, CA]) for operation in ISSUING),
        (Operation.REVOKE, WHOLE_RA, [RA]),
    ],
)
def test_the_gates_of_each_operation_stand_in_order(
    operation: Operation, entry: Resource, kinds: list[ResourceKind]
) -> None:
    found = along(operation, entry, *REST)
    assert [gate.kind for gate in found] == kinds
    assert [gate.profile for gate in found] == [PROFILES[BOUND[kind]] for kind in kinds]
    assert [gate.resource for gate in found] == [entry.key if kind is entry.kind else kind.value for kind in kinds]


@pytest.mark.parametrize(("operation", "missing"), list(product([*ENROLLING, *ISSUING], [EE, RA, CP, CA])))
def test_a_gate_exists_only_where_a_profile_is_bound_for_that_operation(
    operation: Operation, missing: ResourceKind
) -> None:
    entry = resource(
        RA, end_entity_profile=EE, certificate_profile=CP, certificate_authority=CA, bound=missing is not RA
    )
    rest = [
        resource(EE, bound=missing is not EE, certificate_profile=CP, certificate_authority=CA),
        resource(CP, bound=missing is not CP),
        resource(CA, bound=missing is not CA),
    ]
    expected = [EE, CP, CA] if operation in ENROLLING else [RA, CP, CA]
    assert [gate.kind for gate in along(operation, entry, *rest)] == [kind for kind in expected if kind is not missing]


def test_another_operations_profile_is_no_gate() -> None:
    entry = resource(RA, approvals={Operation.REVOKE: "p1"})
    assert along(Operation.ISSUE, entry) == ()
    assert len(along(Operation.REVOKE, entry)) == 1


def test_nothing_bound_is_no_gate_at_all() -> None:
    entry = resource(RA, bound=False, certificate_profile=CP, certificate_authority=CA)
    assert along(Operation.ISSUE, entry, resource(CP, bound=False), resource(CA, bound=False)) == ()


def test_what_the_ra_profile_leaves_open_its_end_entity_profile_may_name() -> None:
    entry = resource(RA, end_entity_profile=EE)
    for operation, first in ((Operation.ISSUE, RA), (Operation.ENROLL, EE)):
        assert [gate.kind for gate in along(operation, entry, *REST)] == [first, CP, CA]


def test_the_ra_profiles_own_link_goes_before_its_end_entity_profiles() -> None:
    entry = resource(RA, end_entity_profile=EE, certificate_authority="mine")
    found = along(Operation.ISSUE, entry, *REST, resource(CA, "mine"))
    assert [gate.resource for gate in found] == [RA, CP, "mine"]


def test_the_chain_keeps_the_name_of_each_resource_for_the_record() -> None:
    assert [gate.resource_name for gate in along(Operation.REVOKE, WHOLE_RA, *REST)] == ["The RA profile"]


@pytest.mark.parametrize(
    ("operation", "entry"),
    [
        *product(ENROLLING, [resource(RA), resource(CP), resource(CA)]),
        *product([*ISSUING, Operation.REVOKE], [resource(EE), resource(CP), resource(CA)]),
    ],
)
def test_an_operation_begins_only_where_its_first_gate_can_stand(operation: Operation, entry: Resource) -> None:
    assert not entry.offers(operation)
    with pytest.raises(OperationNotOffered) as refused:
        along(operation, entry, *REST)
    assert str(refused.value) == (
        f"{operation.label.capitalize()} does not begin at The {entry.kind.label}, which is a {entry.kind.label}."
    )


LINK_FIELDS = {EE: "end_entity_profile", CP: "certificate_profile", CA: "certificate_authority"}


@pytest.mark.parametrize(("kind", "linked"), list(product(ResourceKind, LINK_FIELDS)))
def test_each_kind_names_only_what_it_uses(kind: ResourceKind, linked: ResourceKind) -> None:
    allowed = {RA: {EE, CP, CA}, EE: {CP, CA}, CP: set(), CA: set()}[kind]
    if linked in allowed:
        assert resource(kind, "", True, **{LINK_FIELDS[linked]: "other"}).link(linked) == "other"
    else:
        with pytest.raises(ValidationError, match=f"{kind.label} names no {linked.label}"):
            resource(kind, "", True, **{LINK_FIELDS[linked]: "other"})


@pytest.mark.parametrize(("kind", "operation"), list(product(ResourceKind, Operation)))
def test_a_profile_is_bound_only_where_the_operation_has_a_gate(kind: ResourceKind, operation: Operation) -> None:
    stands = {
        Operation.ENROLL: {EE, CP, CA}, Operation.RE_ENROLL: {EE, CP, CA},
        Operation.ISSUE: {RA, CP, CA}, Operation.RENEW: {RA, CP, CA}, Operation.REKEY: {RA, CP, CA},
        Operation.REVOKE: {RA},
    }[operation]  # fmt: skip
    if kind in stands:
        assert resource(kind, approvals={operation: "p1"}).approvals == {operation: "p1"}
    else:
        with pytest.raises(ValidationError, match="has no gate at"):
            resource(kind, approvals={operation: "p1"})
