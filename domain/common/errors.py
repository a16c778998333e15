"""Refusals: why something is not possible. The docstring of each is the sentence that the person reads, with the facts filled in.

A refusal changes nothing. SPEC.md section 3 names the rules. The facts are values of the domain, declared with their types, for whoever
handles the refusal; they become words only when the sentence is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from inspect import cleandoc
from operator import attrgetter
from string import Formatter
from typing import ParamSpec, Protocol, dataclass_transform

from domain.common.operations import Operation
from domain.common.time_text import utc


@dataclass_transform(kw_only_default=True, eq_default=False)
@dataclass(kw_only=True, eq=False)
class Refusal(Exception):
    """This cannot be done."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclass(kw_only=True, eq=False)(cls)

    @property
    def facts(self) -> Mapping[str, object]:
        """The facts of the case by name, as they are typed."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def written(self, moment: Callable[[datetime], str] = utc, text: Callable[[str], str] = str) -> str:
        """The sentence: `{deadline}` is an attribute of the refusal, `{status.label}` an attribute of that.

        *moment* writes a date and time, *text* every other fact, so that it can be escaped.
        """
        parts = []
        for words, name, _, _ in Formatter().parse(cleandoc(self.__doc__ or "")):
            parts.append(words)
            if name is not None:
                fact = attrgetter(name)(self)
                parts.append(moment(fact) if isinstance(fact, datetime) else text(str(fact)))
        return "".join(parts)

    def __str__(self) -> str:
        return self.written()


class Labelled(Protocol):
    """A status or a kind, which has a name in sentences."""

    @property
    def label(self) -> str: ...


class Described(Protocol):
    """What somebody is in the workspace: `domain.people.people.Standing`."""

    @property
    def described(self) -> str: ...


class Decided(Protocol):
    """A verdict: `domain.approvals.decisions.Verdict`."""

    @property
    def past(self) -> str: ...


Arguments = ParamSpec("Arguments")


def allows(guard: Callable[Arguments, object], *args: Arguments.args, **kwargs: Arguments.kwargs) -> bool:
    """Whether *guard*, called with these arguments, raises no refusal: the same rule as a yes or no, for what an interface offers."""
    try:
        guard(*args, **kwargs)
    except Refusal:
        return False
    return True


# Who somebody is


class NotAMember(Refusal):
    """Only active full members of this workspace can use Countersign, and you are {standing.described}."""

    standing: Described


class NotAnAdministrator(Refusal):
    """Only administrators can do this."""


class NotAnAuditor(Refusal):
    """Only administrators and auditors can list everybody's requests."""


class NoInsight(Refusal):
    """Only administrators and auditors can see undelivered messages and stuck requests."""


class NotYours(Refusal):
    """Only the requester or an administrator can cancel REQ-{request}."""

    request: int


class NotTheRequester(Refusal):
    """Only the person who requested REQ-{request} can resubmit it."""

    request: int


class NotYoursToRemind(Refusal):
    """Only the person who requested REQ-{request} can remind its approvers."""

    request: int


class RemindedAlready(Refusal):
    """You reminded them {last}. You can remind them again {again}."""

    last: datetime
    again: datetime


class NotAParticipant(Refusal):
    """Only the requester and the approvers of REQ-{request} can comment on it."""

    request: int


class OnlyParticipants(Refusal):
    """Only the requester and the approvers of REQ-{request}, administrators and auditors can see its details."""

    request: int


class NoSuchRequest(Refusal):
    """There is no {named} that you can see."""

    request: int | str
    """Its number, or what somebody typed that is not one."""

    @property
    def named(self) -> str:
        """What it is called."""
        return f"REQ-{self.request}" if isinstance(self.request, int) else self.request


class MirrorTooOld(Refusal):
    """Slack did not answer, and the copy of its groups is too old to rely on.
    Nothing was recorded. Try again in a minute."""


# Deciding


class YouRequestedThis(Refusal):
    """You requested this, so somebody else has to decide. You can cancel it."""


class OverridingYourOwn(Refusal):
    """You requested this, so another administrator has to override it."""


class NotAnApprover(Refusal):
    """You are not an approver of step {number}, {step}."""

    number: int
    """Of the step, counted from 1."""
    step: str
    """Its name."""


class AlreadyDecided(Refusal):
    """You already {verdict.past} this. You can decide only once per gate."""

    verdict: Decided


class DecidedForYou(Refusal):
    """Your delegate has already {verdict.past} this for you. You can decide only once per gate."""

    verdict: Decided


class AlreadyClosed(Refusal):
    """REQ-{request} is already {status.label}."""

    request: int
    status: Labelled
    """A RequestStatus."""


class AlreadyExpired(Refusal):
    """REQ-{request} expired {deadline}. Nothing was recorded."""

    request: int
    deadline: datetime


class NotCommenced(Refusal):
    """REQ-{request} is on hold: its approval profile has a step without approvers. Nobody can decide it yet."""

    request: int


class StepMovedOn(Refusal):
    """This changed: REQ-{request} is now at step {number}, {step}. The message shows it in a moment."""

    request: int
    number: int
    """Of the step that is open, counted from 1."""
    step: str
    """Its name."""


class ContentChanged(Refusal):
    """The content of REQ-{request} has changed since you opened it. Nothing was recorded. Tell an administrator."""

    request: int


class CommentRequired(Refusal):
    """A comment is required to {verdict} this."""

    verdict: str
    """A Verdict."""


class ReasonRequired(Refusal):
    """A reason is required to {action}."""

    action: str
    """For example "submit a request"."""


class TextTooLong(Refusal):
    """This text has {length} characters; at most {limit} are allowed."""

    length: int
    limit: int


class UnkeepableText(Refusal):
    """This text contains characters that cannot be stored, such as NUL. Remove them."""


class PrivateKeyInText(Refusal):
    """This text contains a private key. Countersign did not store it, but treat the key as compromised: remove it, make a new one."""


class EmptyComment(Refusal):
    """This comment is empty."""


class CannotOverride(Refusal):
    """REQ-{request} is {status.label}. An override cannot change that."""

    request: int
    status: Labelled
    """A RequestStatus."""


class NothingToRetry(Refusal):
    """Only operations that failed or never reported a result can be retried; the operation of REQ-{request} is {status}."""

    request: int
    status: str
    """An OperationStatus."""


class ApprovalRanOut(Refusal):
    """The approval of REQ-{request} was valid until {until}. Resubmit it to get a new approval."""

    request: int
    until: datetime


class OperationOver(Refusal):
    """The operation of REQ-{request} is already {status}."""

    request: int
    status: str
    """An OperationStatus."""


class NoCertificate(Refusal):
    """There is no certificate for REQ-{request}."""

    request: int


# Submitting


class StillOpen(Refusal):
    """REQ-{request} is still waiting for approval. Cancel it first, then resubmit it."""

    request: int


class OpenRequestExists(Refusal):
    """REQ-{request} already asks for this and is waiting for approval. Wait for it, or cancel it first."""

    request: int
    visible: bool = False
    """Whether the person who is refused may look at it."""

    @property
    def seen(self) -> int | None:
        """The number of that request, if the person who is refused may look at it."""
        return self.request if self.visible else None


class KeyReused(Refusal):
    """This idempotency key belongs to REQ-{request}, which asks for something else. Use a new key for a new submission."""

    request: int


class NoSuchResource(Refusal):
    """The resource {resource} no longer exists. Choose another one."""

    resource: str
    """Its key."""


class OperationNotOffered(Refusal):
    """{beginning} does not begin at {resource}, which is a {kind.label}."""

    operation: Operation
    resource: str
    """Its name."""
    kind: Labelled
    """A ResourceKind."""

    @property
    def beginning(self) -> str:
        """The operation, as a sentence begins with it."""
        return self.operation.label.capitalize()


# Administering


class ProfileInUse(Refusal):
    """The approval profile {profile} is still used by {users}. First unbind it and wait until those requests are closed."""

    profile: str
    """Its name."""
    users: str


class NoSuchProfile(Refusal):
    """The approval profile {profile} does not exist."""

    profile: str
    """Its key."""


class NameTaken(Refusal):
    """Another approval profile is already called {name}."""

    name: str


# Standing in


class OwnDelegate(Refusal):
    """You cannot be your own delegate. Choose somebody else."""


class NotADelegate(Refusal):
    """Only active full members of this workspace can be a delegate, and the person you chose is {standing.described}."""

    standing: Described


class NothingToDelegate(Refusal):
    """The absent person must be an active full member of this workspace, and the person you chose is {standing.described}."""

    standing: Described


class DelegationInThePast(Refusal):
    """A delegation cannot be in the past. Choose today or a later day."""


class DelegationEndsFirst(Refusal):
    """The last day is before the first day. Choose a later last day."""


class DelegationTooLong(Refusal):
    """A delegation must end within a year from today. Choose an earlier day; you can renew it later."""


class AlreadyDelegated(Refusal):
    """The same person is already the delegate for part of this time. Revoke that delegation first, or choose other days."""


class NoSuchDelegation(Refusal):
    """This delegation does not exist, or you cannot see it."""


class NotYourDelegation(Refusal):
    """Only the person you cover for, or an administrator, can revoke this."""


class DelegationOver(Refusal):
    """This delegation has already ended."""


# Two at once


class Conflict(Exception):
    """Somebody else changed this first: reload, decide again. Never shown to a person."""


class Busy(Refusal):
    """Countersign could not record this in time. Nothing was recorded. Try again."""
