"""Refusals: why something cannot be done. The docstring of each is the sentence that the person reads, with the facts of the case.

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
    """Only administrators and auditors can look at what could not be delivered and what is stuck."""


class NotYours(Refusal):
    """Only the requester or an administrator can cancel REQ-{request}."""

    request: int


class NotTheRequester(Refusal):
    """Only the person who requested REQ-{request} can resubmit it."""

    request: int


class NotYoursToRemind(Refusal):
    """Only the person who requested REQ-{request} can have its approvers reminded."""

    request: int


class RemindedAlready(Refusal):
    """You reminded them {last}. You can again {again}."""

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
    """Slack could not be asked who belongs to which group, and what is known here is too old to rely on.
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
    """You already {verdict.past} this. Each person decides once in a work item."""

    verdict: Decided


class DecidedForYou(Refusal):
    """Your delegate already {verdict.past} this for you. Each person decides once in a work item."""

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
    """REQ-{request} is waiting for its approval profile to get approvers. Nobody can decide on it yet."""

    request: int


class StepMovedOn(Refusal):
    """This changed: REQ-{request} is now at step {number}, {step}. The message shows it in a moment."""

    request: int
    number: int
    """Of the step that is open, counted from 1."""
    step: str
    """Its name."""


class ContentChanged(Refusal):
    """The content of REQ-{request} is not what this decision was made on. Nothing was recorded. Tell an administrator."""

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
    """This text has {length} characters; at most {limit} are kept."""

    length: int
    limit: int


class UnkeepableText(Refusal):
    """This text has characters that cannot be kept, such as NUL. Take them out."""


class PrivateKeyInText(Refusal):
    """This text holds a private key. Nothing of it was stored, but it has left its place: consider it exposed, and take it out."""


class EmptyComment(Refusal):
    """There is no text in this comment."""


class CannotOverride(Refusal):
    """REQ-{request} is {status.label}, and no override can change that."""

    request: int
    status: Labelled
    """A RequestStatus."""


class NothingToRetry(Refusal):
    """Only an operation that failed, or that was accepted and not reported, is tried again, and that of REQ-{request} is {status}."""

    request: int
    status: str
    """An OperationStatus."""


class ApprovalRanOut(Refusal):
    """The approval of REQ-{request} was valid until {until}. Resubmit it to have it approved again."""

    request: int
    until: datetime


class OperationOver(Refusal):
    """The operation of REQ-{request} is {status} already."""

    request: int
    status: str
    """An OperationStatus."""


class NoCertificate(Refusal):
    """There is no certificate of REQ-{request} here."""

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
    """There is no resource {resource} any more. Choose another one."""

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
    """The approval profile {profile} is still used by {users}. Unbind it and wait for those requests first."""

    profile: str
    """Its name."""
    users: str


class NoSuchProfile(Refusal):
    """There is no approval profile {profile}."""

    profile: str
    """Its key."""


class NameTaken(Refusal):
    """Another approval profile is already called {name}."""

    name: str


# Standing in


class OwnDelegate(Refusal):
    """Nobody can stand in for themselves. Name somebody else."""


class NotADelegate(Refusal):
    """Only active full members of this workspace can stand in for somebody, and whom you named is {standing.described}."""

    standing: Described


class NothingToDelegate(Refusal):
    """Whoever is away has to be an active full member of this workspace, and whom you named is {standing.described}."""

    standing: Described


class DelegationInThePast(Refusal):
    """A delegation cannot be for the past. Name a day from today on."""


class DelegationEndsFirst(Refusal):
    """This would end before it begins. Name a last day that is not before the first one."""


class DelegationTooLong(Refusal):
    """A delegation has to end within a year from today. Name an earlier day; it can be made again when the time comes."""


class AlreadyDelegated(Refusal):
    """The same person already stands in for a part of this time. Revoke that delegation first, or name other days."""


class NoSuchDelegation(Refusal):
    """There is no such delegation that you can see."""


class NotYourDelegation(Refusal):
    """Only the person whom you stand in for, or an administrator, can revoke this."""


class DelegationOver(Refusal):
    """This delegation is over already."""


# Two at once


class Conflict(Exception):
    """Somebody else changed this first: reload, decide again. Never shown to a person."""


class Busy(Refusal):
    """Countersign could not record this in time. Nothing was recorded. Try again."""
