"""Slack's rate limits: a bucket per method, and for posting one per channel besides one for the workspace.

A bucket refills at the documented rate; how much it holds is our reading of "occasional bursts".
Source: https://docs.slack.dev/apis/web-api/rate-limits.
"""

import math
import time
from typing import Literal

from bot.devslack.errors import SlackError
from bot.devslack.web_api.registry import Method, Tier

Rates = Literal["slack", "off"]
BURST = {Tier.ONE: 20, Tier.TWO: 20, Tier.THREE: 50, Tier.FOUR: 100, Tier.POSTING: 4}
IDLE = 10_000


OF_WORKSPACE = 300, 60
"""Posting in a whole workspace: "several hundred messages per minute", with generous bursts."""


class Limiter:
    """`scale` multiplies the rates, not the bursts: what takes hours can be tried in minutes."""

    def __init__(self, rates: Rates, scale: float = 1.0) -> None:
        self.rates: Rates = rates
        self.scale = scale
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}  # calls left, time of the count

    def check(self, method: Method, channel: str) -> None:
        """Count one call. Raises SlackError ratelimited (HTTP 429, Retry-After in whole seconds) when the bucket is empty."""
        if self.rates == "off" or method.tier is Tier.FREE:
            return
        if method.tier is Tier.POSTING:
            self._count((method.name, channel), method.tier.value, BURST[method.tier])
            self._count((method.name, ""), *OF_WORKSPACE)
        else:
            self._count((method.name, ""), method.tier.value, BURST[method.tier])

    def _count(self, key: tuple[str, str], per_minute: float, most: float) -> None:
        now = time.monotonic()
        per_second = per_minute * self.scale / 60
        remaining, counted = self._buckets.get(key, (most, now))
        remaining = min(most, remaining + (now - counted) * per_second)
        if remaining < 1:
            self._buckets[key] = (remaining, now)
            raise ratelimited(math.ceil((1 - remaining) / per_second))
        if len(self._buckets) > IDLE:
            self._buckets.clear()
        self._buckets[key] = (remaining - 1, now)

    def reset(self) -> None:
        self._buckets.clear()


def ratelimited(seconds: int) -> SlackError:
    return SlackError("ratelimited", status=429, headers={"Retry-After": str(max(1, seconds))})
