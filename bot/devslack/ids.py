"""Identifiers and timestamps in Slack's forms."""

import hashlib
import secrets
import time


def new_id(prefix: str) -> str:
    """A fresh identifier such as `V1A2B3C4D5E`."""
    return prefix + secrets.token_hex(5).upper()


def stable_id(prefix: str, *parts: str) -> str:
    """The same identifier for the same parts, on every start: an app keeps its ids as at Slack."""
    return prefix + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10].upper()


class Timestamps:
    """Message timestamps: seconds with six decimals, never the same twice, always rising."""

    def __init__(self, after: str = "0.000000") -> None:
        self._last = _microseconds(after)

    def next(self) -> str:
        now = time.time_ns() // 1000
        self._last = max(now, self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def catch_up(self, ts: str) -> None:
        """No later timestamp will be at or before `ts`."""
        self._last = max(self._last, _microseconds(ts))


def _microseconds(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int(fraction or "0")
