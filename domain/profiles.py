"""Approval profiles: SPEC.md section 1.

A profile is a row of immutable versions. What is edited is a `Definition`; saving one that differs makes the next `ProfileVersion`.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NewType, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from domain.base import Frozen
from domain.decisions import Verdict
from domain.people import GroupId, Key, Person, PersonId, RoleId

ProfileId = NewType("ProfileId", str)
"""The key of a profile: it stays when the profile is renamed."""

MOST_STEPS = 20
LONGEST_EXPIRY = timedelta(days=3650)

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=80)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


_Id = TypeVar("_Id", bound=str)


def _sorted_once(ids: tuple[_Id, ...]) -> tuple[_Id, ...]:
    return tuple(sorted(set(ids)))


class Approvers(Frozen):
    """Any mix of people, groups and roles; somebody is authorised who matches any of the three."""

    users: Annotated[tuple[PersonId, ...], AfterValidator(_sorted_once)] = ()
    groups: Annotated[tuple[GroupId, ...], AfterValidator(_sorted_once)] = ()
    roles: Annotated[tuple[RoleId, ...], AfterValidator(_sorted_once)] = ()

    def __bool__(self) -> bool:
        return bool(self.users or self.groups or self.roles)

    def include(self, person: Person) -> bool:
        """Whether *person*, as they are now, is one of these."""
        return (
            person.id in self.users
            or not person.groups.isdisjoint(self.groups)
            or not person.roles.isdisjoint(self.roles)
        )


class Notify(Frozen):
    """Who is told that a step waits for them."""

    direct: bool = True
    """A direct message to each approver."""
    channel: str | None = Field(default=None, pattern=r"^[CG][A-Z0-9]{1,31}$")
    """The id of a Slack channel that is told too."""
    silent: Approvers = Approvers()
    """These are authorised but get no direct message."""


class Step(Frozen):
    """One step: so many distinct people out of these approvers."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    required: int = Field(default=1, ge=1, le=1000)
    approvers: Approvers = Approvers()
    notify: Notify = Notify()


class CommentRule(StrEnum):
    """On which verdicts a comment is required."""

    REJECT = "reject"
    ALWAYS = "always"
    NEVER = "never"

    def requires(self, verdict: Verdict) -> bool:
        return self is CommentRule.ALWAYS or (self is CommentRule.REJECT and verdict is Verdict.REJECT)


class Definition(Frozen):
    """What an author of a profile decides."""

    name: Name
    description: Description = ""
    steps: tuple[Step, ...] = Field(min_length=1, max_length=MOST_STEPS)
    expires_after: timedelta | None = None
    """How long a work item stays open, from the moment it opens; None is never."""
    requester_may_approve: bool = False
    comment_required: CommentRule = CommentRule.REJECT

    @field_validator("expires_after")
    @classmethod
    def _some_time(cls, value: timedelta | None) -> timedelta | None:
        if value is not None and not timedelta() < value <= LONGEST_EXPIRY:
            raise ValueError("must be more than nothing and at most ten years")
        return value

    @property
    def has_approvers(self) -> bool:
        """Whether every step names at least one approver; a request under a profile that does not is blocked."""
        return all(step.approvers for step in self.steps)

    def warnings(self) -> tuple[str, ...]:
        """What the author has to be told loudly, one sentence each."""
        return tuple(
            f"Step {number}, {step.name}, has no approvers. Requests under this profile will stay Waiting for Approval, "
            "with no clock running, until every step has some."
            for number, step in enumerate(self.steps, 1)
            if not step.approvers
        )


class ProfileVersion(Frozen):
    """One version of a profile, as it was saved. Nothing ever changes it."""

    profile: Key
    number: int = Field(ge=1)
    definition: Definition

    @property
    def id(self) -> ProfileId:
        return ProfileId(self.profile)

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.definition.steps

    def deadline(self, opened: datetime) -> datetime | None:
        """When a work item that opened at *opened* expires, or None for never."""
        return opened + self.definition.expires_after if self.definition.expires_after else None

    def next(self, definition: Definition) -> "ProfileVersion | None":
        """The version that saving *definition* makes, or None where nothing would change."""
        if definition == self.definition:
            return None
        return ProfileVersion(profile=self.profile, number=self.number + 1, definition=definition)
