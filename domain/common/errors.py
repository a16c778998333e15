"""Refusals: each one's docstring is what the person reads, with the facts of the case filled in.

A refusal changes nothing. Where one is raised, SPEC.md section 3 names the rule.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from inspect import cleandoc
from typing import ParamSpec

from domain.common.time_text import utc


class Refusal(Exception):
    """This cannot be done."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        written = {name: utc(fact) if isinstance(fact, datetime) else fact for name, fact in facts.items()}
        super().__init__(self.worded(written))

    @classmethod
    def worded(cls, facts: Mapping[str, object]) -> str:
        """What the person reads, with *facts* as they are to be written: moments in the reader's own time, where that can be."""
        return cleandoc(cls.__doc__ or "").format(**facts)


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
    """Only active full members of this workspace can use Countersign, and you are {standing}."""


class NotAnAdministrator(Refusal):
    """Only administrators can do this."""


class NotAnAuditor(Refusal):
    """Only administrators and auditors can list everybody's requests."""


class NoInsight(Refusal):
    """Only administrators and auditors can look at what could not be delivered and what is stuck."""


class NotYours(Refusal):
    """Only the requester or an administrator can cancel {request}."""


class NotTheRequester(Refusal):
    """Only the person who requested {request} can resubmit it."""


class NotYoursToRemind(Refusal):
    """Only the person who requested {request} can have its approvers reminded."""


class RemindedAlready(Refusal):
    """You reminded them {last}. You can again {again}."""


class NotAParticipant(Refusal):
    """Only the requester and the approvers of {request} can comment on it."""


class OnlyParticipants(Refusal):
    """Only the requester and the approvers of {request}, administrators and auditors can see its details."""


class NoSuchRequest(Refusal):
    """There is no {request} that you can see."""


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


class AlreadyDecided(Refusal):
    """You already {decided} this. Each person decides once in a work item."""


class DecidedForYou(Refusal):
    """Your delegate already {decided} this for you. Each person decides once in a work item."""


class AlreadyClosed(Refusal):
    """{request} is already {status}."""


class AlreadyExpired(Refusal):
    """{request} expired {deadline}. Nothing was recorded."""


class NotCommenced(Refusal):
    """{request} is waiting for its approval profile to get approvers. Nobody can decide on it yet."""


class StepMovedOn(Refusal):
    """This changed: {request} is now at step {number}, {step}. The message shows it in a moment."""


class ContentChanged(Refusal):
    """The content of {request} is not what this decision was made on. Nothing was recorded. Tell an administrator."""


class CommentRequired(Refusal):
    """A comment is required to {verdict} this."""


class ReasonRequired(Refusal):
    """A reason is required to {deed}."""


class TextTooLong(Refusal):
    """This text has {length} characters; at most {limit} are kept."""


class UnkeepableText(Refusal):
    """This text has characters that cannot be kept, such as NUL. Take them out."""


class PrivateKeyInText(Refusal):
    """This text holds a private key. Nothing of it was stored, but it has left its place: consider it exposed, and take it out."""


class EmptyComment(Refusal):
    """There is no text in this comment."""


class CannotOverride(Refusal):
    """{request} is {status}, and no override can change that."""


class NothingToRetry(Refusal):
    """Only an operation that failed, or that was accepted and not reported, is tried again, and that of {request} is {status}."""


class ApprovalRanOut(Refusal):
    """The approval of {request} was valid until {until}. Resubmit it to have it approved again."""


class OperationOver(Refusal):
    """The operation of {request} is {status} already."""


class NoCertificate(Refusal):
    """There is no certificate of {request} here."""


# Submitting


class StillOpen(Refusal):
    """{request} is still waiting for approval. Cancel it first, then resubmit it."""


class OpenRequestExists(Refusal):
    """{request} already asks for this and is waiting for approval. Wait for it, or cancel it first."""

    @property
    def seen(self) -> int | None:
        """The number of that request, where whoever is refused may look at it."""
        seen = self.facts.get("seen")
        return seen if isinstance(seen, int) else None


class KeyReused(Refusal):
    """This idempotency key belongs to {request}, which asks for something else. Use a new key for a new submission."""


class NoSuchResource(Refusal):
    """There is no resource {resource} any more. Choose another one."""


class OperationNotOffered(Refusal):
    """{operation} does not begin at {resource}, which is a {kind}."""


# Administering


class ProfileInUse(Refusal):
    """The approval profile {profile} is still used by {users}. Unbind it and wait for those requests first."""


class NoSuchProfile(Refusal):
    """There is no approval profile {profile}."""


class NameTaken(Refusal):
    """Another approval profile is already called {name}."""


# Standing in


class OwnDelegate(Refusal):
    """Nobody can stand in for themselves. Name somebody else."""


class NotADelegate(Refusal):
    """Only active full members of this workspace can stand in for somebody, and whom you named is {standing}."""


class NothingToDelegate(Refusal):
    """Whoever is away has to be an active full member of this workspace, and whom you named is {standing}."""


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
