"""The state as the HTTP API shows it."""

from collections.abc import Iterable, Mapping

from bot.representation.models import (
    CancellationOut,
    CommentOut,
    ContentOut,
    DecisionOut,
    EventOut,
    ExecutionOut,
    GateOut,
    NamedOut,
    OverrideOut,
    PersonOut,
    RequestOut,
    ResourceOut,
    SanOut,
    StepOut,
)
from domain.approvals.requests import Request, WorkItem, request_name
from domain.approvals.resources import Resource
from domain.common.operations import Operation
from domain.people.people import Identity, PersonId
from domain.pki import Material
from domain.ports import Reading, RecordedEntry

PREFIX = "/v1"


class People:
    """Names and addresses for the ids in an answer, as the mirror has them."""

    def __init__(self, known: Mapping[PersonId, Identity]) -> None:
        self._known = known

    @classmethod
    async def of(cls, reading: Reading, ids: Iterable[PersonId | None]) -> "People":
        return cls(await reading.people.identities({request_id for request_id in ids if request_id is not None}))

    def __call__(self, id: PersonId) -> PersonOut:
        known = self._known.get(id)
        return PersonOut(id=id, name=known.name if known else "", email=known.email if known else "")

    def maybe(self, id: PersonId | None) -> PersonOut | None:
        return None if id is None else self(id)


async def drawn(reading: Reading, requests: Iterable[Request]) -> list[RequestOut]:
    """*requests*, with everybody named."""
    found = list(requests)
    people = await People.of(reading, (who for request in found for who in _named(request)))
    return [_request(request, people) for request in found]


async def drawn_events(reading: Reading, entries: Iterable[RecordedEntry]) -> list[EventOut]:
    found = list(entries)
    people = await People.of(
        reading, (who for request in found for who in (request.entry.by, request.entry.on_behalf_of))
    )
    return [
        EventOut(
            id=request.id,
            type=request.entry.action,
            request=request_name(int(request.chain.partition(":")[2])),
            at=request.entry.at,
            by=people.maybe(request.entry.by),
            on_behalf_of=people.maybe(request.entry.on_behalf_of),
            source=request.source,
            before=request.entry.before,
            after=request.entry.after,
            reason=request.entry.reason,
        )
        for request in found
    ]


def drawn_resource(resource: Resource) -> ResourceOut:
    return ResourceOut(
        key=resource.key,
        name=resource.name,
        kind=resource.kind,
        description=resource.description,
        operations=[operation for operation in Operation if resource.offers(operation)],
    )


def _named(request: Request) -> Iterable[PersonId | None]:
    yield request.requester
    for decision in request.decisions:
        yield from (decision.by, decision.on_behalf_of)
    yield from (comment.by for comment in request.comments)
    yield from (word.by for word in (request.override, request.cancellation) if word is not None)


def _request(request: Request, people: People) -> RequestOut:
    override, cancellation = request.override, request.cancellation
    return RequestOut(
        id=request.name,
        url=f"{PREFIX}/requests/{request.name}",
        status=request.status,
        operation=request.operation,
        operation_status=request.operation_status,
        resource=NamedOut(key=request.entry, name=request.entry_name),
        requester=people(request.requester),
        client=request.client,
        reason=request.reason,
        content=_content(request.material),
        gates=[_gate(request, item) for item in request.work_items],
        decisions=[
            DecisionOut(
                gate=decision.gate,
                step=decision.step,
                verdict=decision.verdict,
                by=people(decision.by),
                on_behalf_of=people.maybe(decision.on_behalf_of),
                comment=decision.comment,
                at=decision.at,
            )
            for decision in request.decisions
        ],
        comments=[CommentOut(by=people(comment.by), text=comment.text, at=comment.at) for comment in request.comments],
        execution=_execution(request),
        valid_until=request.valid_until,
        override=None
        if override is None
        else OverrideOut(by=people(override.by), verdict=override.verdict, reason=override.reason, at=override.at),
        cancellation=None
        if cancellation is None
        else CancellationOut(by=people(cancellation.by), reason=cancellation.reason, at=cancellation.at),
        resubmission_of=None if request.resubmission_of is None else request_name(request.resubmission_of),
        created_at=request.created_at,
        closed_at=request.closed_at,
    )


def _execution(request: Request) -> ExecutionOut | None:
    done = request.execution
    if done is None:
        return None
    serial = done.certificate.serial if done.certificate is not None else None
    return ExecutionOut(at=done.at, by=done.by, reason=done.reason, in_doubt=done.in_doubt, serial=serial)


def _content(material: Material) -> ContentOut:
    return ContentOut(
        digest=material.digest,
        subject=material.subject,
        sans=[SanOut(kind=san.kind, value=san.value) for san in material.sans],
        key=material.key.text,
        csr=material.csr_pem,
        certificate=material.certificate_pem,
        revocation_reason=material.revocation_reason,
    )


def _gate(request: Request, item: WorkItem) -> GateOut:
    return GateOut(
        kind=item.gate.kind,
        resource=NamedOut(key=item.gate.resource, name=item.gate.resource_name),
        profile=NamedOut(key=item.profile.profile, name=item.profile.definition.name),
        version=item.profile.number,
        status=item.status,
        overridden=item.overridden,
        step=item.step,
        steps=[
            StepOut(name=step.name, required=step.required, approved=request.approvals(item.position, number))
            for number, step in enumerate(item.profile.steps)
        ],
        opened_at=item.opened_at,
        expires_at=item.deadline,
        closed_at=item.closed_at,
    )
