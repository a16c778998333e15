"""Slack at its worst: calls refused, failing and answered to nobody, sockets dropped, envelopes delivered one to three times and late."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from bot.picture import SAID_ONCE
from domain.notices import NoticeKind
from domain.ports import SentNotice
from domain.requests import Request, RequestId
from domain.status import RequestStatus
from tests.end_to_end.company import Company, until

_CALLS: Final = (
    "chat.postMessage", "chat.update", "conversations.history", "conversations.open", "conversations.replies",
)  # fmt: skip
OF_CALLS: Final[tuple[dict[str, Any], ...]] = (
    *({"kind": "rate_limit", "method": one, "share": 0.05, "seed": n} for n, one in enumerate(_CALLS)),
    *({"kind": "http_500", "method": one, "share": 0.02, "seed": 10 + n} for n, one in enumerate(_CALLS)),
    *({"kind": "lost_answer", "method": one, "share": 0.01, "seed": 20 + n} for n, one in enumerate(_CALLS)),
)
"""5 % 429, 2 % 5xx, 1 % answers lost after the deed."""
OF_ENVELOPES: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "drop_socket", "method": "interactive", "share": 0.05, "seed": 30},
    {"kind": "duplicate", "method": "interactive", "share": 0.2, "times": 2, "seed": 31},
    {"kind": "duplicate", "method": "interactive", "share": 0.1, "times": 3, "seed": 32},
    {"kind": "late", "method": "interactive", "share": 0.1, "seconds": 0.5, "seed": 33},
)
"""Sockets dropped; clicks doubled, tripled and late."""


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


async def slack_at_its_worst(company: Company, requests: int) -> Outcome:
    """Nadia submits so many, Lucas approves each by its button, and again where he was not told.

    Raises AssertionError where it never ends.
    """
    await company.post("faults", faults=list(OF_CALLS))
    names = [await _submitted(company, f"gateway-{number}") for number in range(requests)]
    await company.post("faults", faults=list(OF_ENVELOPES))
    clicks = 0
    for name in names:
        asked = await company.lucas.gets("Approval needed", name)
        acknowledged = False
        while not acknowledged:
            clicks += 1
            acknowledged = (await company.lucas.presses(asked, "approve")).get("acknowledged")
    struck = sum(one["happened"] for one in company.slack.faults.shown())
    await company.post("faults", clear=True)
    found = [RequestId(int(name.removeprefix("REQ-"))) for name in names]
    await until(lambda: _is_quiet(company, found))
    return await _outcome(company, found, clicks, struck)


async def _submitted(company: Company, cn: str) -> str:
    """A new request of Nadia's, by name."""
    return await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn=cn)


async def _state(company: Company, id: RequestId) -> tuple[Request, tuple[SentNotice, ...]]:
    async with company.bot.store.reading() as reading:
        request = await reading.request(id)
        assert request is not None
        return request, await reading.notices_of(id)


def _is_old(request: Request, one: SentNotice) -> bool:
    if one.ts is None:
        overtaken = one.notice.kind is NoticeKind.ASK and request.status.is_closed
        return one.failure is None and not overtaken and one.notice.under == ""
    return one.notice.kind not in SAID_ONCE and one.shown < request.version


async def _is_quiet(company: Company, ids: list[RequestId]) -> bool:
    """Whether every message shows the state."""
    for one_id in ids:
        request, notices = await _state(company, one_id)
        if any(_is_old(request, one) for one in notices):
            return False
    return True


async def _outcome(company: Company, ids: list[RequestId], clicks: int, struck: int) -> Outcome:
    lost = twice = wrong = old = 0
    for one_id in ids:
        request, notices = await _state(company, one_id)
        lost += not request.decisions
        twice += max(0, len(request.decisions) - 1)
        wrong += request.status is not RequestStatus.APPROVED
        old += sum(_is_old(request, one) for one in notices)
    posted = Counter(
        message["metadata"]["event_payload"]["notice"]
        for channel in company.slack.workspace.channels.values()
        for message in channel.messages.values()
        if (message.get("metadata") or {}).get("event_type") == "countersign_notice"
    )
    doubled = sum(count - 1 for count in posted.values())
    return Outcome(len(ids), clicks, struck, lost, twice, wrong, old, doubled)
