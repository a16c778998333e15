"""Faults on request: what fails, where, and how often (a count, or a share drawn with a seed)."""

import asyncio
import random
from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.devslack.errors import Json, Refused


class FaultKind(StrEnum):
    """The first five affect Web API calls, the next five envelopes on their way to the app."""

    RATE_LIMIT = "rate_limit"
    ERROR = "error"
    HTTP_500 = "http_500"
    DELAY = "delay"
    LOST_ANSWER = "lost_answer"
    DROP_SOCKET = "drop_socket"
    REFRESH_SOCKET = "refresh_socket"
    DUPLICATE = "duplicate"
    LATE = "late"
    WITHHOLD = "withhold"


CALL_FAULTS = {FaultKind.RATE_LIMIT, FaultKind.ERROR, FaultKind.HTTP_500, FaultKind.DELAY, FaultKind.LOST_ANSWER}


class FaultRule(BaseModel):
    """One fault. `method` is a Web API method, an envelope type (interactive, slash_commands, events_api) or `*`.

    Without `count` and `share` it happens every time; `seconds` is the delay, the lateness or the Retry-After; `times`
    how often a duplicated envelope arrives; `reason` what a socket is told when it is refreshed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    method: str = "*"
    count: int | None = Field(default=None, ge=1)
    share: float | None = Field(default=None, gt=0, le=1)
    seed: int = 0
    seconds: float = Field(default=1.0, ge=0, le=3600)
    error: str = "fatal_error"
    times: int = Field(default=2, ge=2, le=10)
    reason: str = "refresh_requested"


class _ActiveRule:
    def __init__(self, rule: FaultRule) -> None:
        self.rule = rule
        self.left = rule.count
        self.happened = 0
        # The seed makes it repeatable; it creates no secret.
        self._random = random.Random(rule.seed)  # noqa: S311

    def takes_effect(self, method: str) -> bool:
        if self.rule.method not in ("*", method) or self.left == 0:
            return False
        if self.rule.share is not None and self._random.random() >= self.rule.share:
            return False
        if self.left is not None:
            self.left -= 1
        self.happened += 1
        return True


class Faults:
    def __init__(self) -> None:
        self._armed: list[_ActiveRule] = []
        self._cleared = asyncio.Event()

    def draw(self, method: str, *, calls: bool) -> dict[FaultKind, FaultRule]:
        """The faults that this call (or envelope) meets, at most one of each kind."""
        if not self._armed:
            return {}
        drawn_faults: dict[FaultKind, FaultRule] = {}
        for armed in self._armed:
            kind = armed.rule.kind
            if (kind in CALL_FAULTS) is calls and kind not in drawn_faults and armed.takes_effect(method):
                drawn_faults[kind] = armed.rule
        return drawn_faults

    async def wait_for_delay(self, drawn_faults: Mapping[FaultKind, FaultRule]) -> None:
        """Return after the delay that applies to a call, if there is one, or as soon as the faults are cleared."""
        if delay := drawn_faults.get(FaultKind.DELAY):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._cleared.wait(), delay.seconds)

    def arm(self, rules: Iterable[Any]) -> None:
        """Add faults; raises Refused `bad_fault` when one is not valid; then none is added."""
        try:
            parsed = [FaultRule.model_validate(rule) for rule in rules]
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise Refused("bad_fault", f"{place}: {first['msg']}") from error
        self._armed += [_ActiveRule(rule) for rule in parsed]

    def clear(self) -> None:
        """End all faults; delayed calls continue at once."""
        self._armed.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()

    def as_json(self) -> list[Json]:
        return [
            {
                **armed.rule.model_dump(mode="json", exclude_defaults=True),
                "left": armed.left,
                "happened": armed.happened,
            }
            for armed in self._armed
        ]
