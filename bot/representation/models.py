"""What goes in and comes out of the HTTP API, as JSON. Moments are RFC 3339, in UTC; names are labels, ids are what to compare."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from domain.approvals.decisions import LONGEST_TEXT, Verdict
from domain.approvals.resources import ResourceKind
from domain.approvals.status import OperationStatus, RequestStatus, WorkItemStatus
from domain.audit.entries import Action, Source
from domain.common.operations import Operation
from domain.pki import RevocationReason

EMAIL = r"^[^@\s\x00]+@[^@\s\x00]+$"
Email = Annotated[str, StringConstraints(max_length=254, pattern=EMAIL)]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Pem = Annotated[str, StringConstraints(max_length=64 * 1024)]


def _written_out(value: object) -> object:
    """RFC 3339 only: pydantic would take seconds since 1970 as well."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", value, re.ASCII):
        raise ValueError("is not a moment as RFC 3339 writes it, with its time zone, as in 2026-11-21T18:00:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]


class Input(BaseModel):
    """What a platform sends: nothing more than is asked for."""

    model_config = ConfigDict(extra="forbid")


class NewRequest(Input):
    """A certificate operation to be approved."""

    operation: Operation
    resource: Annotated[str, StringConstraints(max_length=63)] = Field(
        description="The key of the entry resource.", examples=["public-web"]
    )
    requester: Email = Field(
        description="The e-mail address of an active full member of the workspace, who requests it.",
        examples=["nadia@example.com"],
    )
    reason: Text = Field(description="Why. Approvers read it.", min_length=1, examples=["The old one ends on Friday."])
    csr: Pem | None = Field(
        None,
        description="PKCS#10, PEM or base64 DER: for issue, enroll, re_enroll and rekey.",
        examples=["-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----\n"],
    )
    certificate: Pem | None = Field(
        None, description="Today's certificate, PEM or base64 DER: for renew, rekey and revoke."
    )
    revocation_reason: RevocationReason | None = Field(None, description="RFC 5280: for revoke.")
    resubmission_of: str | None = Field(
        None, max_length=20, description="The closed request, REQ-12, that this asks for again."
    )


class NewComment(Input):
    """Something said beside any decision."""

    text: Text = Field(min_length=1)
    by: Email | None = Field(None, description="Who says it; without it the requester. They have to be a participant.")


class NewCancellation(Input):
    """A request is withdrawn, by its requester."""

    reason: Text = ""


class PersonOut(BaseModel):
    id: str = Field(description="Slack's team and user id: T012AB3CD/U012A3CDE")
    name: str
    email: str


class NamedOut(BaseModel):
    key: str
    name: str


class SanOut(BaseModel):
    kind: str
    value: str


class ContentOut(BaseModel):
    """What is asked for, and what the approval is bound to: what was approved is what is to be executed."""

    digest: str = Field(description="SHA-256 of exactly the content that was approved; send it back when reporting.")
    subject: str
    sans: list[SanOut]
    key: str
    csr: str | None = Field(description="PEM")
    certificate: str | None = Field(description="PEM")
    revocation_reason: RevocationReason | None


class DecisionOut(BaseModel):
    gate: int
    step: int
    verdict: Verdict
    by: PersonOut
    on_behalf_of: PersonOut | None
    comment: str
    at: datetime


class StepOut(BaseModel):
    name: str
    required: int = Field(description="Distinct people.")
    approved: int


class GateOut(BaseModel):
    kind: ResourceKind
    resource: NamedOut
    profile: NamedOut
    version: int
    status: WorkItemStatus
    overridden: bool
    step: int = Field(description="The step that is, or was last, open; from 0.")
    steps: list[StepOut]
    opened_at: datetime | None
    expires_at: datetime | None
    closed_at: datetime | None


class CommentOut(BaseModel):
    by: PersonOut
    text: str
    at: datetime


class OverrideOut(BaseModel):
    by: PersonOut
    verdict: Verdict
    reason: str
    at: datetime


class CancellationOut(BaseModel):
    by: PersonOut
    reason: str
    at: datetime


class ExecutionOut(BaseModel):
    """How the released operation ended."""

    at: datetime
    by: str = Field(description="What carried it out, or refused it.")
    reason: str = Field(description="Why it failed or lapsed; or what is odd about its having been executed.")
    in_doubt: bool = Field(
        description="True where nobody here knows whether it was carried out, or whether that was in time."
    )
    serial: str | None = Field(description="Of the certificate that was issued.")


class CertificateOut(BaseModel):
    """What the operation made."""

    certificate: str = Field(description="PEM")
    chain: str = Field(description="PEM of those above it, nearest first; empty where it is not known.")


class NewResult(Input):
    """What came of an approved operation."""

    status: Literal["executed", "failed"]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="content.digest of the request: says that this is what was carried out."
    )
    certificate: Pem | None = Field(None, description="For executed: the certificate, PEM, where one was made.")
    chain: Pem = Field("", description="Those above it, PEM, nearest first.")
    reason: Annotated[str, StringConstraints(max_length=500)] = Field(
        "", description="For failed: why. The requester reads it."
    )


class RequestOut(BaseModel):
    """A certificate operation that waits, or waited, for approval."""

    id: str = Field(examples=["REQ-12"])
    url: str = Field(description="Where to ask how it stands.")
    status: RequestStatus
    operation: Operation
    operation_status: OperationStatus = Field(
        description="What became of the operation: approved is not the same as done."
    )
    resource: NamedOut
    requester: PersonOut
    client: str | None = Field(description="The platform that submitted it through this API.")
    reason: str
    content: ContentOut
    gates: list[GateOut]
    decisions: list[DecisionOut]
    comments: list[CommentOut]
    execution: ExecutionOut | None
    valid_until: datetime | None = Field(
        description="When the approval runs out; from then on it must not be executed."
    )
    override: OverrideOut | None
    cancellation: CancellationOut | None
    resubmission_of: str | None
    created_at: datetime
    closed_at: datetime | None


class RequestsOut(BaseModel):
    requests: list[RequestOut]
    next: str | None = Field(description="Give this as cursor for the next page; null on the last.")


class EventOut(BaseModel):
    """One entry of the record: SPEC.md section 7."""

    id: int
    type: Action
    request: str
    at: datetime
    by: PersonOut | None = Field(description="null where the clock did it.")
    on_behalf_of: PersonOut | None
    source: Source
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


class EventsOut(BaseModel):
    events: list[EventOut]
    next: str = Field(description="Give this as cursor to go on; also when there are no events now.")


class ResourceOut(BaseModel):
    key: str
    name: str
    kind: ResourceKind
    description: str
    operations: list[Operation] = Field(description="Those that may begin here.")


class ResourcesOut(BaseModel):
    resources: list[ResourceOut]
