"""Approval profiles: SPEC.md section 1.

A profile is a row of immutable versions. What is edited is a `Definition`; saving one that differs makes the next `ProfileVersion`.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, NewType, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from domain.approvals.decisions import Verdict
from domain.common.frozen import Frozen
from domain.people.people import GroupId, Key, Person, PersonId, RoleId

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

    def __or__(self, others: "Approvers") -> "Approvers":
        """These and *others*."""
        return Approvers(
            users=self.users + others.users, groups=self.groups + others.groups, roles=self.roles + others.roles
        )

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


def _some_time(value: timedelta | None) -> timedelta | None:
    if value is not None and not timedelta() < value <= LONGEST_EXPIRY:
        raise ValueError("must be more than nothing and at most ten years")
    return value


Span = Annotated[timedelta, AfterValidator(_some_time)]
Clock = Annotated[timedelta | None, AfterValidator(_some_time)]


class Escalation(Frozen):
    """Where a step is not decided for so long, these further approvers are authorised and asked too."""

    after: Span
    """From when the step opened."""
    approvers: Approvers

    @field_validator("approvers")
    @classmethod
    def _somebody(cls, value: Approvers) -> Approvers:
        if not value:
            raise ValueError("names nobody: an escalation needs at least one user, group or role")
        return value


class Step(Frozen):
    """One step: so many distinct people out of these approvers."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    required: int = Field(default=1, ge=1, le=1000)
    approvers: Approvers = Approvers()
    notify: Notify = Notify()
    escalation: Escalation | None = None

    @property
    def named(self) -> tuple[Approvers, ...]:
        """Everybody whom the step names, in whatever part."""
        further = (self.escalation.approvers,) if self.escalation is not None else ()
        return tuple(approvers for approvers in (self.approvers, self.notify.silent, *further) if approvers)

    def may_be_decided_by(self, *, escalated: bool) -> Approvers:
        """Who is authorised: the approvers, and once it is *escalated* those of the escalation too."""
        return self.approvers | self.escalation.approvers if escalated and self.escalation else self.approvers

    def escalates_within(self, span: timedelta | None) -> bool:
        """Whether an escalation comes before *span* is over; None is never over. The deadline goes first where both come at once."""
        return self.escalation is not None and (span is None or self.escalation.after < span)


class CommentRule(StrEnum):
    """On which verdicts a comment is required."""

    REJECT = "reject"
    ALWAYS = "always"
    NEVER = "never"

    def requires(self, verdict: Verdict) -> bool:
        return self is CommentRule.ALWAYS or (self is CommentRule.REJECT and verdict is Verdict.REJECT)


REMIND_EVERY: Final = timedelta(hours=24)


def usual_reminder(expires_after: timedelta | None) -> timedelta | None:
    """What `remind_every` is where nothing is said: a day, for what lives longer than that; None is never."""
    return REMIND_EVERY if expires_after is None or expires_after > REMIND_EVERY else None


class ProfileSettings(Frozen):
    """What an author of a profile decides, apart from its steps."""

    name: Name
    description: Description = ""
    expires_after: Clock = None
    """How long a work item stays open, from the moment it opens; None is never."""
    remind_every: Clock = Field(default_factory=lambda facts: usual_reminder(facts.get("expires_after")))
    """After how long those who have not decided are reminded, from when their step opened; None is never, `usual_reminder` where
    nothing is said. It is kept as what it comes to, so that saying what is usual is no change."""
    valid_for: Clock = None
    """How long an approval holds, from the moment the whole request is approved; past it nothing is executed. None is for ever."""
    requester_may_approve: bool = False
    comment_required: CommentRule = CommentRule.REJECT


class Definition(ProfileSettings):
    """Everything that an author of a profile decides."""

    steps: tuple[Step, ...] = Field(min_length=1, max_length=MOST_STEPS)

    @property
    def has_approvers(self) -> bool:
        """Whether every step names at least one approver; a request under a profile that does not is blocked."""
        return all(step.approvers for step in self.steps)

    def warnings(self) -> tuple[str, ...]:
        """Warnings for the author of the profile."""
        return tuple(
            f"Step {number}, {step.name}, has no approvers. Requests under this profile are blocked, "
            "and their deadline does not start, until every step has one."
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
