"""The *Health* page for administrators and auditors: stuck requests, failed operations, undelivered messages."""

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
"""Problems on a page."""
NAMED: Final = 50
"""Most messages that an audit entry names."""


class Stuck(Frozen):
    """A request that cannot be approved as people are now."""

    request: Request
    shortages: tuple[Shortage, ...] = ()
    """Which steps lack approvers; empty if the request is blocked."""

    @property
    def is_blocked(self) -> bool:
        item = self.request.current
        return item is not None and item.status is WorkItemStatus.BLOCKED


class Unreported(Frozen):
    """A released operation without a result, and how its delivery went."""

    request: Request
    release: ReleaseState
    may_retry: bool
    """Whether the reader may have it sent to the connector again."""


class Health(Frozen):
    """How many problems there are, and one page of them: stuck requests, then operations, then messages and files."""

    troubles: Troubles
    mirrored_at: datetime | None
    database: str
    stuck: tuple[Stuck, ...] = ()
    failed: tuple[Request, ...] = ()
    unreported: tuple[Unreported, ...] = ()
    undelivered: tuple[SentNotice, ...] = ()
    files: tuple[UnsharedFile, ...] = ()
    paused: tuple[Endpoint, ...] = ()
    """Webhooks that were paused because they kept failing; the first page has all of them."""
    page: int = 0
    pages: int = 1
    may_try_again: bool = False
    administered: bool = True
    """Whether there is an administrator."""


async def health(store: Store, by: PersonId, at: datetime, *, page: int = 0) -> Health:
    """Page *page*, from 0, or the last one if there are fewer. Raises NotAMember, NoInsight."""
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
            stuck=tuple([await _stuck(reading, request) for request in await reading.requests.get_many(stuck)]),
            failed=await reading.requests.get_many(failed),
            unreported=tuple(
                [
                    await _unreported(reading, request, person, at)
                    for request in await reading.requests.get_many(unreported)
                ]
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
    """Have everything that Slack refused sent again, or only *notice*, or the certificate *file_of* a request.

    Returns how many were refused. Raises NotAMember, NotAnAdministrator.
    """
    async with store.transaction(Source.SLACK) as tx:
        await administrator(tx, by)
        notices = await tx.health.retry_notices(notice) if file_of is None else ()
        files = await tx.certificate_files.share_refused(file_of, at) if notice is None else ()
        refused = len(notices) + len(files)
        if not refused:
            return 0
        subject = "notices"
        if notice is not None:
            subject = f"notice:{notice}"
        elif file_of is not None:
            subject = f"file:{file_of}"
        named = [
            *(f"notice {number} of {request_name(request)}" for number, request in notices),
            *(f"certificate of {request_name(request)}" for request in files),
        ]
        await tx.audit.record(
            AuditEntry(
                action=Action.TRIED_AGAIN,
                subject=subject,
                at=at,
                by=by,
                before={"refused": refused, "messages": named[:NAMED]},
                after={"refused": 0},
            )
        )
        await tx.updates.mark({RequestId(request) for _, request in notices})
        return refused


async def given_up(reading: Reading) -> tuple[Endpoint, ...]:
    """Webhooks that are paused because they kept failing, by name."""
    return tuple(endpoint for endpoint in await reading.webhooks.endpoints() if endpoint.was_given_up)


async def _unreported(reading: Reading, request: Request, reader: Person, at: datetime) -> Unreported:
    release = (await reading.releases.of_request(request.id))[-1]
    return Unreported(request=request, release=release, may_retry=may_retry(request, (release,), reader, at))


def _parts(numbers: Sequence[int], start: int) -> list[tuple[int, int]]:
    """How many problems of each kind a page shows and skips; *start* is its first, *numbers* how many there are."""
    parts, room = [], PAGE
    for number in numbers:
        skipped = min(start, number)
        shown = min(number - skipped, room)
        parts.append((shown, skipped))
        start, room = start - skipped, room - shown
    return parts


async def _stuck(reading: Reading, request: Request) -> Stuck:
    """*request* with its shortages as people are now, which may differ from when the sweep found it stuck."""
    named = {
        approvers
        for item in request.work_items
        if not item.status.is_closed
        for step in item.profile.steps
        for approvers in step.named
    }
    people = {approvers: await reading.people.matching(approvers) for approvers in named}
    shortages = request_shortages(request, lambda approvers: people.get(approvers, ()))
    return Stuck(request=request, shortages=tuple(shortage for _, shortage in shortages))


async def _overseer(reading: Reading, by: PersonId) -> Person:
    person = await reading.people.person(by) or Person(id=by, standing=Standing.STRANGER)
    if not person.takes_part:
        raise NotAMember(standing=person.standing)
    if not person.reads_all:
        raise NoInsight
    return person
