"""Standing in for somebody who is away: SPEC.md section 3."""

from datetime import datetime
from typing import Self

from pydantic import AwareDatetime, model_validator

from domain.base import Frozen
from domain.decisions import Text
from domain.people import PersonId


class Capacity(Frozen):
    """As whom somebody decides."""

    by: PersonId
    on_behalf_of: PersonId | None = None


class Delegation(Frozen):
    """For a period, the delegate may decide where the delegator may. It does not chain and moves no administrator's rights."""

    number: int
    delegator: PersonId
    delegate: PersonId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: Text = ""
    revoked_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _is_for_somebody_else_and_some_time(self) -> Self:
        if self.delegator == self.delegate:
            raise ValueError("nobody is their own delegate")
        if self.ends_at <= self.starts_at:
            raise ValueError("a delegation ends after it starts")
        return self

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at *at*; its last moment is the one before it ends."""
        return self.starts_at <= at < self.ends_at and (self.revoked_at is None or at < self.revoked_at)
