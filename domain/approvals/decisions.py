"""Decisions, comments and overrides on a request. SPEC.md section 3."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import AwareDatetime, Field, StringConstraints

from domain.common.errors import PrivateKeyInText, TextTooLong, UnkeepableText
from domain.common.frozen import Frozen
from domain.people.people import PersonId
from domain.pki.pasted import holds_private_key

LONGEST_TEXT: Final = 2000
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT)]


def clean_text(text: str) -> str:
    """*text* as it is kept: without the white space around it.

    Raises TextTooLong past 2,000 characters, UnkeepableText where it holds what no database keeps: NUL and halves of surrogate pairs;
    PrivateKeyInText where somebody pasted one here by mistake.
    """
    text = text.strip()
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
        raise UnkeepableText
    if holds_private_key(text):
        raise PrivateKeyInText
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(length=len(text), limit=LONGEST_TEXT)
    return text


class Verdict(StrEnum):
    """What an approver says."""

    APPROVE = "approve"
    REJECT = "reject"

    @property
    def past(self) -> str:
        return {"approve": "approved", "reject": "rejected"}[self]


class Decision(Frozen):
    """One person's verdict in one work item. Never changed, never taken back."""

    number: int = Field(ge=1)
    """Counts the decisions of a request, from 1."""
    gate: int = Field(ge=0)
    """The position of the work item."""
    step: int = Field(ge=0)
    """The step it counted for, from 0."""
    by: PersonId
    on_behalf_of: PersonId | None = None
    verdict: Verdict
    comment: Text = ""
    at: AwareDatetime
    digest: str
    """SHA-256 of exactly the content that was decided on: SPEC.md section 4."""

    @property
    def spends(self) -> frozenset[PersonId]:
        """Whose one decision in this work item this was: a decision of B for A uses up both."""
        return frozenset({self.by} if self.on_behalf_of is None else {self.by, self.on_behalf_of})


class Comment(Frozen):
    """Something a participant said on its own, beside any decision."""

    number: int = Field(ge=1)
    by: PersonId
    text: Annotated[Text, StringConstraints(min_length=1)]
    at: AwareDatetime


class Skipped(Frozen):
    """A step that an override went past, and how far it had come."""

    gate: int
    step: int
    approved: int
    required: int
    people: tuple[PersonId, ...] = ()
    """Those who could still have decided it, as far as they are not named at an earlier step; nobody where that was not noted."""


class Override(Frozen):
    """An administrator's word in place of what was missing. It leaves a permanent badge."""

    by: PersonId
    at: AwareDatetime
    verdict: Verdict
    reason: Annotated[Text, StringConstraints(min_length=1)]
    over: str
    """The status it was put over."""
    skipped: tuple[Skipped, ...]


class Cancellation(Frozen):
    """Who withdrew a request, and why."""

    by: PersonId
    at: AwareDatetime
    reason: Text = ""
