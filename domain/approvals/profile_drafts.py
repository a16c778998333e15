"""A draft of an approval profile that somebody is editing. It is kept until it is saved or abandoned.

A form holds less than twenty steps can say, so it carries the id of a draft instead. A draft never changes: each edit makes another one,
whose id follows from what it says. So two clicks at once, or one that is delivered twice, cannot mix two drafts.
"""

import hashlib
from datetime import timedelta
from typing import Annotated, Final, NewType

from pydantic import Field

from domain.approvals.profiles import MOST_STEPS, Clock, Step
from domain.common.frozen import Frozen
from domain.people.people import PersonId

DraftId = NewType("DraftId", str)
"""32 hexadecimal digits."""
KEPT: Final = timedelta(days=2)
"""How long a draft is kept after it was last touched: longer than anybody leaves a form open."""


class Draft(Frozen):
    """Steps in the making, and whose they are."""

    person: PersonId
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]
    expires_after: Clock = None
    """As it was filled in last: an escalation may come too late for it."""

    @property
    def id(self) -> DraftId:
        """The same for the same person and steps."""
        return DraftId(hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32])
