"""What became of requests, decisions and messages when all was over."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.devslack import DevSlack
from bot.messages.snapshot import SAID_ONCE
from domain.approvals.requests import Request, RequestId
from domain.approvals.status import RequestStatus
from domain.notices.notices import NoticeKind
from domain.people.people import PersonId
from domain.ports import SentNotice, Store


@dataclass(frozen=True)
class Outcome:
    """What came of it; all but the first three have to be 0."""

    requests: int
    clicks: int
    troubles: int
    """How often something went wrong."""
    lost: int
    """Acknowledged decisions that are not recorded."""
    twice: int
    """Decisions that count twice."""
    wrong: int
    """Requests that did not come to what was decided."""
    old: int
    """Messages that do not show the state."""
    doubled: int
    """Messages that were posted twice."""

    @property
    def held(self) -> bool:
        return not (self.lost or self.twice or self.wrong or self.old or self.doubled)

    @property
    def figures(self) -> tuple[int, ...]:
        return (
            self.requests, self.clicks, self.troubles, self.lost, self.twice, self.wrong, self.old, self.doubled
        )  # fmt: skip


async def state(store: Store, id: RequestId) -> tuple[Request, tuple[SentNotice, ...]]:
    """A request that exists, and its messages."""
    async with store.reading() as reading:
        request = await reading.requests.get(id)
        assert request is not None
        return request, await reading.notices.of_request(id)


async def is_quiet(store: Store, ids: Collection[RequestId]) -> bool:
    """Whether every message shows the state."""
    for one_id in ids:
        request, notices = await state(store, one_id)
        if any(_is_old(request, notice) for notice in notices):
            return False
    return True


async def outcome(
    store: Store, slack: DevSlack, approved_by: Mapping[RequestId, Collection[PersonId]], *, clicks: int, troubles: int
) -> Outcome:
    """What became of requests that whoever *approved_by* names were told to have approved, and nobody else was."""
    lost = twice = wrong = old = 0
    for one_id, people in approved_by.items():
        request, notices = await state(store, one_id)
        by = Counter(decision.by for decision in request.decisions)
        lost += len(set(people) - set(by))
        twice += sum(count - 1 for count in by.values())
        wrong += request.status is not RequestStatus.APPROVED
        old += sum(_is_old(request, notice) for notice in notices)
    posted = Counter(
        message["metadata"]["event_payload"]["notice"]
        for channel in slack.workspace.channels.values()
        for message in channel.messages.values()
        if (message.get("metadata") or {}).get("event_type") == "countersign_notice"
    )
    doubled = sum(count - 1 for count in posted.values())
    return Outcome(len(approved_by), clicks, troubles, lost, twice, wrong, old, doubled)


def _is_old(request: Request, one: SentNotice) -> bool:
    if one.ts is None:
        overtaken = one.notice.kind is NoticeKind.ASK and request.status.is_closed
        return one.failure is None and not overtaken and one.notice.under == ""
    return one.notice.kind not in SAID_ONCE and one.shown < request.version
