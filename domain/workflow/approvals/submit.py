"""Submit and resubmit: SPEC.md sections 2 to 4."""

from datetime import datetime

from domain.approvals import moves
from domain.approvals.decisions import clean_text
from domain.approvals.profiles import ProfileId, ProfileVersion
from domain.approvals.requests import Request, RequestId, request_name
from domain.approvals.resources import Gate, Resource, ResourceId, ResourceKind, chain, reached, ruling
from domain.audit.entries import Source
from domain.common.errors import (
    Busy,
    Conflict,
    KeyReused,
    NoSuchRequest,
    NoSuchResource,
    NotTheRequester,
    OpenRequestExists,
    StillOpen,
)
from domain.common.frozen import Frozen
from domain.common.operations import Operation
from domain.people.people import PersonId
from domain.pki import NEEDS, Material, RevocationReason, Ruled, noted, object_key, parse, revocation_key
from domain.ports import Reading, Store, Transaction
from domain.workflow.locking import ATTEMPTS, Somebody, caught_up, somebody


class Submission(Frozen):
    """What a requester hands in; nothing in it has been checked yet."""

    operation: Operation
    entry: ResourceId
    reason: str
    csr: str | bytes | None = None
    certificate: str | bytes | None = None
    """What was pasted, or the bytes of a file."""
    revocation_reason: RevocationReason | None = None
    resubmission_of: RequestId | None = None
    key: str | None = None
    """The same for the same submission, however often it is delivered: of this requester, or of this client where there is one."""
    client: str | None = None
    """The platform that submits it through the HTTP API."""


class Way(Frozen):
    """What an operation would meet at a resource if it were submitted now."""

    entry: Resource
    gates: tuple[Gate, ...]
    ruling: tuple[Ruled, ...]
    """The rules of every resource that it passes, gated or not."""
    certificate_profile: ResourceId | None = None
    certificate_authority: ResourceId | None = None
    """What it comes to, as far as that is named."""


async def submit(
    store: Store, by: PersonId, form: Submission, at: datetime, *, source: Source = Source.SLACK
) -> Request:
    """A new request, its chain of gates fixed as bindings and profiles are now. Gives it with its first gate open.

    The same submission delivered again gives the request that it made.
    Raises domain.pki.BadMaterial (with the field it belongs beside), also where a rule of a resource refuses it, NoSuchResource,
    OperationNotOffered, OpenRequestExists, NotAMember, ReasonRequired, TextTooLong; for a resubmission NoSuchRequest, NotTheRequester and
    StillOpen; for a platform KeyReused. Nothing is stored then.
    """
    async with store.reading() as reading:
        who = await somebody(reading, by, at)  # a guest hears that, and nothing of what they pasted
        if form.resubmission_of is not None:
            origin = await reading.requests.get(form.resubmission_of)
            form = _filled_in(form, _must_be_resubmittable(origin, who, form.resubmission_of).material)
    material = parse(form.operation, csr=form.csr, certificate=form.certificate, reason=form.revocation_reason)
    for _ in range(ATTEMPTS):
        try:
            async with store.transaction(source) as tx:
                return await _submit(tx, by, form, material, at)
        except Conflict:
            continue
        except OpenRequestExists as refused:
            # the open request may be the one that the same submission made, delivered twice at the same moment
            async with store.reading() as reading:
                again = await _delivered_before(reading, by, form)
                if again is None:
                    raise await _to_be_looked_at(reading, by, refused, at) from refused
            return _if_the_same(again, by, form, material)
    raise Busy


async def _to_be_looked_at(
    reading: Reading, by: PersonId, refused: OpenRequestExists, at: datetime
) -> OpenRequestExists:
    """*refused*, with the number of the open request where *by* may see it."""
    first = await reading.requests.get(RequestId(refused.request))
    who = await somebody(reading, by, at)
    if first is None or not first.is_seen_by(who.person, who.delegators):
        return refused
    return OpenRequestExists(request=first.id, visible=True)


def _filled_in(form: Submission, origin: Material) -> Submission:
    """*form* with the CSR and certificate of *origin* where it leaves out what it needs: a field takes less than a CSR may have."""
    needed = NEEDS[form.operation]
    return form.replace(
        csr=form.csr or (origin.csr_pem if "csr" in needed else None),
        certificate=form.certificate or (origin.certificate_pem if "certificate" in needed else None),
    )


async def _submit(tx: Transaction, by: PersonId, form: Submission, material: Material, at: datetime) -> Request:
    who = await somebody(tx, by, at)
    if (again := await _delivered_before(tx, by, form)) is not None:
        return _if_the_same(again, by, form, material)
    if form.resubmission_of is not None:
        _must_be_resubmittable(await tx.requests.get(form.resubmission_of), who, form.resubmission_of)
    if (open_one := await tx.requests.open_for(object_key(material))) is not None:
        raise OpenRequestExists(request=open_one)
    way = await way_of(tx, form.operation, form.entry)
    revocation = revocation_key(material)
    revoked = None if revocation is None else await tx.requests.executed_for(revocation)
    change = moves.submit(
        id=await tx.requests.new_id(),
        by=who.person,
        operation=form.operation,
        entry=way.entry,
        chain=way.gates,
        material=material,
        noted=noted(material, at, way.ruling, None if revoked is None else request_name(revoked)),
        reason=form.reason,
        at=at,
        certificate_profile=way.certificate_profile,
        certificate_authority=way.certificate_authority,
        resubmission_of=form.resubmission_of,
        submission_key=form.key,
        client=form.client,
    )
    return await tx.requests.save(await caught_up(tx, change, at))


async def _delivered_before(reading: Reading, by: PersonId, form: Submission) -> Request | None:
    """The request that the same submission has made already."""
    if form.key is None:
        return None
    if form.client is not None:
        return await reading.requests.submitted_by(form.client, form.key)
    return await reading.requests.submitted_as(by, form.key)


def _if_the_same(again: Request, by: PersonId, form: Submission, material: Material) -> Request:
    """*again*, found under the key of *form*. A platform chooses its keys itself, and may have chosen one twice."""
    made = (again.requester, again.operation, again.entry, again.reason, again.digest, again.resubmission_of)
    asked = (by, form.operation, form.entry, clean_text(form.reason), material.digest, form.resubmission_of)
    if form.client is not None and made != asked:
        raise KeyReused(request=again.id)
    return again


async def way_of(reading: Reading, operation: Operation, entry: ResourceId) -> Way:
    """What *operation* would meet at *entry* now. Raises NoSuchResource, OperationNotOffered."""
    resources = {resource.id: resource for resource in await reading.resources.listed()}
    profiles: dict[ProfileId, ProfileVersion] = {profile.id: profile for profile in await reading.profiles.listed()}

    def resource(id: ResourceId) -> Resource:
        if id not in resources:
            raise NoSuchResource(resource=id)
        return resources[id]

    start = resource(entry)
    gates = chain(operation, start, resource, profiles.__getitem__)
    profile = reached(start, ResourceKind.CERTIFICATE_PROFILE, resource)
    authority = reached(start, ResourceKind.CERTIFICATE_AUTHORITY, resource)
    return Way(
        entry=start,
        gates=gates,
        ruling=ruling(start, resource),
        certificate_profile=profile.id if profile is not None else None,
        certificate_authority=authority.id if authority is not None else None,
    )


async def resubmittable(store: Store, by: PersonId, id: RequestId, at: datetime) -> Request:
    """The closed request that *by* may submit again, to fill the form from.

    Raises NoSuchRequest, NotTheRequester, StillOpen, NotAMember.
    """
    async with store.reading() as reading:
        who = await somebody(reading, by, at)
        request = await reading.requests.get(id)
        return _must_be_resubmittable(request, who, id)


def _must_be_resubmittable(request: Request | None, somebody: Somebody, id: RequestId) -> Request:
    if request is None or not request.is_seen_by(somebody.person, somebody.delegators):
        raise NoSuchRequest(request=id)
    if request.requester != somebody.person.id:
        raise NotTheRequester(request=request.id)
    if not request.status.is_closed:
        raise StillOpen(request=request.id)
    return request
