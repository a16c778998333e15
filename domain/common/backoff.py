"""How long to wait before a failed attempt is repeated."""

from datetime import timedelta
from typing import Self

from pydantic import Field

from domain.common.frozen import Frozen


class Backoff(Frozen):
    """A schedule of pauses. Each is somewhat longer or shorter by chance, so that what failed together does not come back together."""

    pauses: tuple[timedelta, ...] = Field(min_length=1)
    """After the first attempt, the second, and so on; the last one after every further attempt."""
    jitter: float = Field(ge=0, lt=1)
    """By how much a pause is longer or shorter at most, as a share of it."""

    @classmethod
    def of_seconds(cls, *seconds: int, jitter: float) -> Self:
        return cls(pauses=tuple(timedelta(seconds=pause) for pause in seconds), jitter=jitter)

    def after(self, attempt: int, chance: float) -> timedelta:
        """The pause after attempt number *attempt*, from 1. *chance* is a number from 0 to 1, each as likely as any other."""
        usual = self.pauses[min(attempt, len(self.pauses)) - 1]
        return usual * (1 + self.jitter * (2 * chance - 1))
