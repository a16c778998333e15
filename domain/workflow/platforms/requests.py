"""What other platforms do through the HTTP API: the same moves as in Slack, on behalf of a person, and recorded as such.

A platform acts for somebody of the workspace, named by e-mail address; what that person may not do, it may not do for them. It never
decides.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from domain.approvals import moves
from domain.approvals.changes import Change
from domain.approvals.execution import Certificate, Executed, Failed, shortened
from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import ResourceId
from domain.approvals.status import OperationStatus
from domain.audit.entries import Source
from domain.common.errors import NoCertificate, NoSuchRequest, Refusal
from domain.people.people import PersonId
from domain.ports import ListFilter, Page, Reading, RecordedEntry, Store, Transaction
from domain.releases.moves import refused
from domain.workflow.approvals.submit import Submission, submit
from domain.workflow.locking import move, somebody
from domain.workflow.releases import report

SETTLED: Final = timedelta(seconds=10)
"""How old an event is when it is given out. By then every transaction that was given an earlier number has ended, also where the
clocks of two replicas differ by 5 seconds: a transaction lasts 2.4 seconds at most. So nothing ever appears before a cursor.
"""
LOOKED_AT: Final = 1000
"""How many entries of the record one page of events looks through, whoever's they are."""


class NoSuchMember(Refusal):
    """No active full member of the workspace has the address {email}."""

    email: str
    field: str
    """Of the API, which gave it."""


class NotThisClients(Refusal):
    """Only what was submitted with a token of {client} can be cancelled with one."""

    client: str


class NotHandedToYou(Refusal):
    """The operation of REQ-{request} was handed to {connector}, which says what came of it."""

    request: int
    connector: str


class OtherContent(Refusal):
    """This digest is not that of REQ-{request}: what was carried out is not what was approved. Nothing was recorded."""

    request: int


class Platform(NamedTuple):
    """Who calls: the client that a token belongs to, and whether that token reads everything."""

    client: str
    reads_all: bool = False

    @property
    def connector(self) -> str:
        """What a certificate authority names where operations are to be handed to this platform."""
        return f"webhook:{self.client}"

    def sees(self, request: Request) -> bool:
        """Whether it may know of *request*."""
        return self.reads_all or request.client == self.client


class Events(NamedTuple):
    """Some entries of the record, oldest first, and from where to go on."""

    entries: tuple[RecordedEntry, ...]
    next: int


async def member(store: Store, email: str, field: str) -> PersonId:
    """The active full member with this address, which stands in *field* of what was sent. Raises NoSuchMember."""
    async with store.reading() as reading:
        found = await reading.people.by_email(email)
    if found is None:
        raise NoSuchMember(email=email, field=field)
    return found.id


async def submit_for(store: Store, platform: Platform, requester: PersonId, form: Submission, at: datetime) -> Request:
    """A new request of *requester*, which *platform* hands in under the key of *form*; the same again gives the same request.

    Raises what `domain.workflow.submit` raises.
    """
    # of one requester, too, two platforms may choose the same key
    form = form.replace(client=platform.client, key=f"api:{platform.client}:{form.key}")
    return await submit(store, requester, form, at, source=Source.API)


async def request_for(store: Store, platform: Platform, id: RequestId) -> Request:
    """Raises NoSuchRequest where there is none that *platform* may know of."""
    async with store.reading() as reading:
        return _seen(await reading.requests.get(id), platform, id)


async def requests_for(
    store: Store, platform: Platform, *, filter: ListFilter, limit: int, before: RequestId | None
) -> Page:
    """What *platform* may know of, newest first."""
    mine = filter if platform.reads_all else filter.replace(client=platform.client)
    async with store.reading() as reading:
        return await reading.lists.all(filter=mine, limit=limit, before=before)


async def comment_for(
    store: Store, platform: Platform, id: RequestId, by: PersonId | None, text: str, at: datetime
) -> Request:
    """*by*, or else the requester, says something. Raises NoSuchRequest and the refusals of `domain.approvals.moves.comment`."""

    async def change(tx: Transaction, request: Request) -> Change:
        _seen(request, platform, id)
        who = await somebody(tx, by or request.requester, at)
        return _through(moves.comment(request, who.person, text, at, delegators=who.delegators), platform)

    return await move(store, Source.API, id, at, change)


async def cancel_for(store: Store, platform: Platform, id: RequestId, reason: str, at: datetime) -> Request:
    """The requester withdraws what *platform* submitted for them.

    Raises NoSuchRequest, NotThisClients, and the refusals of `domain.approvals.moves.cancel`.
    """

    async def change(tx: Transaction, request: Request) -> Change:
        _seen(request, platform, id)
        if request.client != platform.client:
            raise NotThisClients(client=platform.client)
        who = await somebody(tx, request.requester, at)
        return _through(moves.cancel(request, who.person, at, reason), platform)

    return await move(store, Source.API, id, at, change)


async def report_for(
    store: Store, platform: Platform, id: RequestId, outcome: Executed | Failed, digest: str, at: datetime
) -> Request:
    """How the released operation ended, from who carried it out. The same report again gives the request as it is.

    Raises NoSuchRequest, NotHandedToYou, OtherContent, and domain.common.errors.OperationOver.
    """
    async with store.reading() as reading:
        request = await reading.requests.get(id)
        handed_to = await _handed_to(reading, request) if request is not None else ""
        known = await reading.releases.certificate_of(id)
    if request is None or not (platform.sees(request) or handed_to == platform.connector):
        raise NoSuchRequest(request=id)
    if handed_to not in {"", platform.connector}:
        raise NotHandedToYou(request=request.id, connector=handed_to)
    if digest != request.digest:
        raise OtherContent(request=request.id)
    if _is_what_was_reported(request, known, outcome):
        return request
    return await report(store, id, outcome, at, via=f"api:{platform.client}")


async def certificate_for(store: Store, platform: Platform, id: RequestId) -> Certificate:
    """What the operation made. Raises NoSuchRequest, domain.common.errors.NoCertificate."""
    async with store.reading() as reading:
        request = _seen(await reading.requests.get(id), platform, id)
        found = await reading.releases.certificate_of(id)
    if found is None:
        raise NoCertificate(request=request.id)
    return found


async def _handed_to(reading: Reading, request: Request) -> str:
    """The connector that the operation was last delivered to, or is about to be; empty where nothing carries it out."""
    releases = await reading.releases.of_request(request.id)
    if not releases:
        return ""
    last = releases[-1]
    left = last.attempts > 0 and last.begun_at is None and last.due_at in {None, request.valid_until}
    if last.connector or left or request.certificate_authority is None:
        return last.connector
    authority = await reading.resources.get(ResourceId(request.certificate_authority))
    return (authority.connector or "") if authority is not None else ""


def _is_what_was_reported(request: Request, known: Certificate | None, outcome: Executed | Failed) -> bool:
    """Whether the operation has ended just so: a receiver may report again what it does not know to have arrived."""
    if request.execution is None:
        return False
    if isinstance(outcome, Executed) and request.operation_status is OperationStatus.EXECUTED:
        return known == outcome.certificate
    why = refused(request, outcome) if isinstance(outcome, Executed) else outcome.reason
    return (
        request.operation_status is OperationStatus.FAILED
        and why is not None
        and request.execution.reason == shortened(why)
    )


async def events_for(store: Store, platform: Platform, after: int, limit: int, at: datetime) -> Events:
    """What happened to the requests that *platform* may know of, from the entry after the one numbered *after*, at most *limit*.

    It can be less, and nothing, before the end; *next* is where to go on.
    """
    async with store.reading() as reading:
        looked_at = await reading.audit.after(after, until=at - SETTLED, limit=LOOKED_AT)
        seen = await _requests_in(reading, looked_at, platform)
    found: list[RecordedEntry] = []
    last = after
    for entry in looked_at:
        if len(found) == limit:
            break
        last = entry.id
        if entry.chain in seen:
            found.append(entry)
    return Events(tuple(found), last)


async def _requests_in(reading: Reading, entries: tuple[RecordedEntry, ...], platform: Platform) -> frozenset[str]:
    """The chains of *entries* that are requests' which *platform* may know of."""
    chains = {entry.chain for entry in entries if entry.chain.startswith("request:")}
    if platform.reads_all:
        return frozenset(chains)
    ids = [RequestId(int(chain.partition(":")[2])) for chain in chains]
    return frozenset(f"request:{request}" for request in await reading.requests.of_client(platform.client, ids))


def _seen(request: Request | None, platform: Platform, id: RequestId) -> Request:
    if request is None or not platform.sees(request):
        raise NoSuchRequest(request=id)
    return request


def _through(change: Change, platform: Platform) -> Change:
    """*change*, whose first entry says through which platform it came."""
    first, *others = change.audit
    return change.replace(audit=(first.replace(after={**first.after, "client": platform.client}), *others))
