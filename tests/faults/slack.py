"""Slack at its worst: calls refused, failing and answered to nobody, sockets dropped, envelopes delivered one to three times and late."""

from typing import Any, Final

from bot.devslack import Timing
from domain.approvals.requests import RequestId
from domain.people.people import person_id
from tests.end_to_end.company import Company, until
from tests.faults.outcome import Outcome, is_quiet, outcome

_CALLS: Final = (
    "chat.postMessage", "chat.update", "conversations.history", "conversations.open", "conversations.replies",
)  # fmt: skip
CALL_FAULTS: Final[tuple[dict[str, Any], ...]] = (
    *({"kind": "rate_limit", "method": call, "share": 0.05, "seed": n} for n, call in enumerate(_CALLS)),
    *({"kind": "http_500", "method": call, "share": 0.02, "seed": 10 + n} for n, call in enumerate(_CALLS)),
    *({"kind": "lost_answer", "method": call, "share": 0.01, "seed": 20 + n} for n, call in enumerate(_CALLS)),
)
"""5 % 429, 2 % 5xx, 1 % answers lost after the deed."""
OF_ENVELOPES: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "drop_socket", "method": "interactive", "share": 0.05, "seed": 30},
    {"kind": "duplicate", "method": "interactive", "share": 0.2, "times": 2, "seed": 31},
    {"kind": "duplicate", "method": "interactive", "share": 0.1, "times": 3, "seed": 32},
    {"kind": "late", "method": "interactive", "share": 0.1, "seconds": 0.5, "seed": 33},
)
"""Sockets dropped; clicks doubled, tripled and late."""


async def slack_at_its_worst(company: Company, requests: int) -> Outcome:
    """Nadia submits so many, Lucas approves each by its button, and again where he was not told.

    Raises AssertionError where it never ends.
    """
    company.slack.deliveries.timing = Timing()  # a click that was lost is clicked again, as soon as Slack says so
    await company.post("faults", faults=list(CALL_FAULTS))
    names = [await _submitted(company, f"gateway-{number}") for number in range(requests)]
    await company.post("faults", faults=list(OF_ENVELOPES))
    clicks = 0
    for name in names:
        asked = await company.lucas.gets("Approval needed", name)
        acknowledged = False
        while not acknowledged:
            clicks += 1
            acknowledged = (await company.lucas.presses(asked, "approve")).get("acknowledged")
    struck = sum(one["happened"] for one in company.slack.faults.as_json())
    await company.post("faults", clear=True)
    found = [RequestId(int(name.removeprefix("REQ-"))) for name in names]
    await until(lambda: is_quiet(company.bot.store, found))
    lucas = person_id("T01HALVORSEN", company.lucas.user)
    return await outcome(
        company.bot.store, company.slack, {one: [lucas] for one in found}, clicks=clicks, troubles=struck
    )


async def _submitted(company: Company, cn: str) -> str:
    """A new request of Nadia's, by name."""
    return await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn=cn)
