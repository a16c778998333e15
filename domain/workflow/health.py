"""What could not be delivered, what is stuck and what is late: for administrators, who mend it, and auditors, who read all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain.approvals.requests import Request, RequestId, request_name
from domain.approvals.solvability import Shortage, request_shortages
from domain.approvals.status import WorkItemStatus
from domain.audit.entries import Action, AuditEntry, Source
from domain.common.errors import NoInsight, NotAMember
from domain.common.frozen import Frozen
from domain.people.people import Person, PersonId, Standing
from domain.platforms.webhooks import Endpoint
from domain.ports import Reading, ReleaseState, SentNotice, Store, Troubles, UnsharedFile
from domain.workflow.approvals.details import may_retry
from domain.workflow.configuration.profile_pages import administrator

PAGE: Final = 12
"""How many things stand on a page of the health."""
NAMED: Final = 50
"""How many messages an entry of the record names."""


class Stuck(Frozen):
    """A request that nobody can move on."""

    request: Request
    shortages: tuple[Shortage, ...] = ()
    """Who is missing; nothing where it is blocked."""

    @property
    def is_blocked(self) -> bool:
        item = self.request.current
        return item is not None and item.status is WorkItemStatus.BLOCKED


class Unreported(Frozen):
    """A released operation whose result is missing, and what is known of its delivery."""

    request: Request
    release: ReleaseState
    may_retry: bool
    """Whether the reader can have it handed over again."""


class Health(Frozen):
    """How everything is, and a page of what is wrong: what is stuck first, then operations that failed, then messages."""

    troubles: Troubles
    mirrored_at: datetime | None
    database: str
    stuck: tuple[Stuck, ...] = ()
    failed: tuple[Request, ...] = ()
    unreported: tuple[Unreported, ...] = ()
    undelivered: tuple[SentNotice, ...] = ()
    files: tuple[UnsharedFile, ...] = ()
    paused: tuple[Endpoint, ...] = ()
    """Webhooks that kept failing; all of them are on the first page."""
    page: int = 0
    pages: int = 1
    may_try_again: bool = False
    administered: bool = True
    """Whether anybody is an administrator."""


async def health(store: Store, by: PersonId, at: datetime, *, page: int = 0) -> Health:
    """The *page*-th page, or the last there is. Raises NotAMember, NoInsight."""
    async with store.reading() as reading:
        person = await _overseer(reading, by)
        troubles = await reading.health.troubles(at)
        numbers = (troubles.stuck, troubles.failed, troubles.unreported, troubles.undelivered, troubles.files)
        pages = max(1, -(-sum(numbers) // PAGE))
        page = min(page, pages - 1)
        parts = _parts(numbers, page * PAGE)
        stuck = await reading.health.stuck(*parts[0])
        failed = await reading.health.failed_operations(*parts[1])
        unreported = await reading.health.unreported(at, *parts[2])
        return Health(
            troubles=troubles,
            mirrored_at=await reading.directory.mirrored_at(),
            database=await reading.health.database(),
            stuck=tuple([await _stuck(reading, one) for one in await reading.requests.get_many(stuck)]),
            failed=await reading.requests.get_many(failed),
            unreported=tuple(
                [await _unreported(reading, one, person, at) for one in await reading.requests.get_many(unreported)]
            ),
            undelivered=await reading.health.undelivered(*parts[3]),
            files=await reading.health.unshared_files(*parts[4]),
            paused=await given_up(reading) if page == 0 else (),
            page=page,
            pages=pages,
            may_try_again=person.is_administrator,
            administered=bool(await reading.people.administrators()),
        )


async def try_again(
    store: Store, by: PersonId, at: datetime, *, notice: int | None = None, file_of: RequestId | None = None
) -> int:
    """Have everything that Slack refused sent again, or only *notice*, or the certificate *file_of* a request: how many there were.

    Raises NotAMember, NotAnAdministrator.
    """
    async with store.transaction(Source.SLACK) as tx:
        await administrator(tx, by)
        found = await tx.health.retry_notices(notice) if file_of is None else ()
        files = await tx.certificate_files.share_refused(file_of, at) if notice is None else ()
        refused = len(found) + len(files)
        if not refused:
            return 0
        named = [
            *(f"notice {one} of {request_name(request)}" for one, request in found),
            *(f"certificate of {request_name(request)}" for request in files),
        ]
        await tx.audit.record(
            AuditEntry(
                action=Action.TRIED_AGAIN,
                subject=f"notice:{notice}"
                if notice is not None
                else f"file:{file_of}"
                if file_of is not None
                else "notices",
                at=at,
                by=by,
                before={"refused": refused, "messages": named[:NAMED]},
                after={"refused": 0},
            )
        )
        await tx.updates.mark({RequestId(request) for _, request in found})
        return refused


async def given_up(reading: Reading) -> tuple[Endpoint, ...]:
    """Webhooks that are paused because they kept failing, by name."""
    return tuple(endpoint for endpoint in await reading.webhooks.endpoints() if endpoint.was_given_up)


async def _unreported(reading: Reading, request: Request, reader: Person, at: datetime) -> Unreported:
    release = (await reading.releases.of_request(request.id))[-1]
    return Unreported(request=request, release=release, may_retry=may_retry(request, (release,), reader, at))


def _parts(numbers: Sequence[int], start: int) -> list[tuple[int, int]]:
    """How many of each sort stand on the page that begins at *start* of all of them in a row, and how many of it come before."""
    parts, room = [], PAGE
    for number in numbers:
        skipped = min(start, number)
        shown = min(number - skipped, room)
        parts.append((shown, skipped))
        start, room = start - skipped, room - shown
    return parts


async def _stuck(reading: Reading, request: Request) -> Stuck:
    """With who is missing now, which may be another than when it was found."""
    steps = {
        one
        for item in request.work_items
        if not item.status.is_closed
        for step in item.profile.steps
        for one in step.named
    }
    people = {step: await reading.people.matching(step) for step in steps}
    short = request_shortages(request, lambda those: people.get(those, ()))
    return Stuck(request=request, shortages=tuple(one for _, one in short))


async def _overseer(reading: Reading, by: PersonId) -> Person:
    person = await reading.people.person(by) or Person(id=by, standing=Standing.STRANGER)
    if not person.takes_part:
        raise NotAMember(standing=person.standing)
    if not person.reads_all:
        raise NoInsight
    return person
