"""The words of the field: what operations, kinds and states of things are called in the middle of a sentence.

English has them beside the terms themselves, in the domain; another language has its tables here.
"""

from domain.approvals.decisions import Verdict
from domain.approvals.resources import ResourceKind
from domain.approvals.solvability import Shortage
from domain.approvals.status import RequestStatus
from domain.common.operations import Operation
from domain.configuration.plan import Kind
from domain.people.people import Standing
from domain.pki import RevocationReason, SanKind


def operation(one: Operation) -> str:
    """`re-enroll`."""
    return one.label


def resource(kind: ResourceKind) -> str:
    """`RA profile`."""
    return kind.label


def team(kind: Kind) -> str:
    """`group` or `role`."""
    return kind.value


def standing(one: Standing) -> str:
    """Whoever cannot do anything, after "is": `a guest`."""
    return one.described


def revocation_reason(reason: RevocationReason) -> str:
    """`key compromise`."""
    return reason.label


def name_kind(kind: SanKind) -> str:
    """A kind of alternative name: `DNS`, `Directory name`."""
    return kind.label


def shortage(one: Shortage) -> str:
    """Why steps cannot be reached, in a sentence."""
    return str(one)


def verdict_past(verdict: Verdict) -> str:
    """`approved`."""
    return verdict.past


def request_status(status: RequestStatus) -> str:
    """After "is": `waiting for approval`."""
    return status.label
