"""Slack's rate limits, kept by whoever calls: a budget for each method, and its word for "not so fast", obeyed by everybody.

Source of the figures: https://docs.slack.dev/apis/web-api/rate-limits, and the page of each method there for its tier.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)

MOST_WAITS: Final = 5
"""How often one call is put off before its refusal is let through."""
_T = TypeVar("_T")


class Rate(NamedTuple):
    """So many calls a minute, and so many at once after a rest."""

    per_minute: float
    burst: int


TIER_2: Final = Rate(20, 5)
TIER_3: Final = Rate(50, 12)
TIER_4: Final = Rate(100, 20)
RATES: Final = MappingProxyType(
    {
        # "several hundred messages per minute" for a workspace, besides those of each channel
        "chat.postMessage": Rate(300, 20),
        "chat.update": TIER_3,
        "chat.delete": TIER_3,
        "conversations.history": TIER_3,
        "conversations.join": TIER_3,
        "conversations.open": TIER_3,
        "conversations.replies": TIER_3,
        "usergroups.list": TIER_2,
        "users.info": TIER_4,
        "users.list": TIER_2,
        "views.publish": TIER_4,
    }
)
"""How often each method may be called, in a workspace. What is not here is called as often as somebody clicks.

A burst is our reading of Slack's "occasional bursts": well below a minute's worth.
"""
RATES_OF_A_CHANNEL: Final = MappingProxyType({"chat.postMessage": Rate(60, 3)})
"""How often a method may be called for one channel besides: "one message per second per channel", with short bursts."""
_TURNS: Final = 4
"""While something waits for a method, one turn of so many is kept for it, however much is new."""
_EXACT: Final = 1e-6
"""Seconds below which a wait is the rounding of a sum."""
_IDLE: Final = 1000
"""Budgets of channels that are remembered before the full ones are forgotten."""


@dataclass(slots=True)
class _Budget:
    """What is left at a moment; it fills up again at its rate."""

    rate: Rate
    left: float
    at: float


class Limits:
    """What may be asked of Slack now, by one process that shares the workspace's budget with *workers* others like it.

    `take` says whether a call may be made, and waits for nothing. Those that had to wait come back with *waited*: they leave a part of
    each burst to what is new, so that a change is shown at once while a backlog drains; what is new leaves them a turn in four.
    """

    def __init__(self, *, scale: float = 1.0, now: Callable[[], float] = time.monotonic) -> None:
        """*scale* multiplies every rate, for a stand-in of Slack that does the same; *now* gives seconds."""
        self._scale = scale
        self._now = now
        self._sharing = 1
        self._budgets: dict[tuple[str, str], _Budget] = {}
        self._held_until: dict[str, float] = {}
        self._promised: dict[tuple[str, str], float] = {}
        self._ahead: dict[str, int] = {}

    def share(self, workers: int) -> None:
        """So many processes share the budgets from now on."""
        self._sharing = max(1, workers)

    def take(self, method: str, where: str = "", *, waited: bool = False) -> bool:
        """Whether *method* may be called now, for the channel *where*; then it counts as called."""
        if self.wait(method, where, waited=waited) > 0:
            return False
        for budget in self._of(method, where):
            budget.left -= 1
        if method in self._ahead:
            self._ahead[method] = 0 if waited else self._ahead[method] + 1
        return True

    def give_back(self, method: str, where: str = "") -> None:
        """A call that was taken was not made."""
        for budget in self._of(method, where):
            budget.left = min(budget.left + 1, self._most(budget.rate))

    def wait(self, method: str, where: str = "", *, waited: bool = False) -> float:
        """Seconds until it may be called, as far as can be said now; 0 where it may."""
        now = self._now()
        held = self._held_until.get(method, now) - now
        if not waited:
            if self._ahead.get(method, 0) >= _TURNS - 1:
                held = max(held, self._every(RATES[method]))
            held = max(held, self._promised.get((method, where), now) - now)
        kept = self._kept(method) if waited else 0
        needs = [
            (1 + (0 if number else kept) - budget.left) * self._every(budget.rate)
            for number, budget in enumerate(self._of(method, where))
        ]
        longest = max(0.0, held, *needs)
        return longest if longest > _EXACT else 0.0

    def free(self, method: str) -> int:
        """How many calls of *method* what has waited may make now."""
        if self.wait(method, waited=True) > 0:
            return 0
        budgets = self._of(method, "")
        return math.floor(budgets[0].left - self._kept(method)) if budgets else 1

    def promise(self, method: str, where: str) -> float:
        """Seconds until a turn for *where* that nobody was told of before; who comes back then, having *waited*, finds it free."""
        now = self._now()
        rate = RATES_OF_A_CHANNEL.get(method)
        if rate is None:
            return self.wait(method, where)
        last = self._promised.get((method, where), 0.0)
        turn = max(last + self._every(rate), now + self.wait(method, where, waited=True))
        self._promised[method, where] = turn
        return turn - now

    def queue(self, method: str, *, waiting: bool) -> None:
        """Something waits for *method*, or nothing does any more."""
        if waiting:
            self._ahead.setdefault(method, 0)
        else:
            self._ahead.pop(method, None)

    def is_queued(self, method: str) -> bool:
        """Whether something waits for *method*."""
        return method in self._ahead

    def refused(self, method: str, seconds: float) -> None:
        """Slack wants *method* to be left alone for so long: a 429 counts for the method, whoever calls it and for whatever channel."""
        log.info("Slack asks to leave %s alone for %.0f seconds", method, seconds)
        self._held_until[method] = max(self._held_until.get(method, 0.0), self._now() + seconds)

    def is_refused(self, method: str) -> float:
        """Seconds for which Slack wants *method* to be left alone, 0 where it does not."""
        return max(0.0, self._held_until.get(method, 0.0) - self._now())

    async def quiet(self, method: str) -> None:
        """Return when Slack does not want *method* to be left alone any more."""
        while wait := self.is_refused(method):  # noqa: ASYNC110 - it grows meanwhile, and no event says when it is over
            await asyncio.sleep(wait)

    async def turn(self, method: str, where: str = "") -> None:
        """Wait until *method* may be called, for callers that can wait; then it counts as called."""
        while True:
            if self.take(method, where):
                return
            await asyncio.sleep(self.wait(method, where))

    def _kept(self, method: str) -> float:
        """What those who waited leave to what is new."""
        rate = RATES.get(method)
        if rate is None or self._ahead.get(method, 0) >= _TURNS - 1:
            return 0
        return self._most(rate) // 4

    def _most(self, rate: Rate) -> float:
        return max(1.0, rate.burst / self._sharing)

    def _every(self, rate: Rate) -> float:
        """Seconds from one call to the next."""
        return 60 * self._sharing / (rate.per_minute * self._scale)

    def _of(self, method: str, where: str) -> list[_Budget]:
        """The budget of the method, and of the channel, as they are now."""
        found = []
        if rate := RATES.get(method):
            found.append(self._filled(method, "", rate))
        if where and (rate := RATES_OF_A_CHANNEL.get(method)):
            found.append(self._filled(method, where, rate))
        return found

    def _filled(self, method: str, where: str, rate: Rate) -> _Budget:
        now, most = self._now(), self._most(rate)
        budget = self._budgets.get((method, where))
        if budget is None:
            self._forget()
            budget = self._budgets[method, where] = _Budget(rate, most, now)
        budget.left = min(most, budget.left + (now - budget.at) / self._every(rate))
        budget.at = now
        return budget

    def _forget(self) -> None:
        """Leave budgets of channels that would be full by now, and promises that are over."""
        if len(self._budgets) < _IDLE:
            return
        now = self._now()
        full = [
            key
            for key, budget in self._budgets.items()
            if budget.left + (now - budget.at) / self._every(budget.rate) >= budget.rate.burst
        ]
        for key in full:
            del self._budgets[key]
        self._promised = {key: until for key, until in self._promised.items() if until > now}


def is_rate_limited(error: SlackApiError) -> bool:
    """Whether Slack refused only because it was asked too often."""
    answer = error.response.data
    return error.response.status_code == HTTPStatus.TOO_MANY_REQUESTS or (
        isinstance(answer, dict) and answer.get("error") == "ratelimited"
    )


def method_of(error: SlackApiError) -> str:
    """The method that was called."""
    return str(error.response.api_url).rpartition("/")[2]


def retry_after(error: SlackApiError) -> float:
    """The seconds that Slack asks to wait, at least one."""
    headers = error.response.headers or {}
    value = headers.get("Retry-After") or headers.get("retry-after") or "1"
    return max(1.0, float(value))


async def patiently(call: Callable[[], Awaitable[_T]]) -> _T:
    """What *call* gives, asked again after each wait that Slack wants. For calls that may be made twice, and that nobody waits for.

    Raises slack_sdk.errors.SlackApiError for any other refusal, and for the one after the last wait.
    """
    for _ in range(MOST_WAITS):
        try:
            return await call()
        except SlackApiError as error:
            if not is_rate_limited(error):
                raise
            log.info("Slack asks to wait %.0f seconds", retry_after(error))
            await asyncio.sleep(retry_after(error))
    return await call()
