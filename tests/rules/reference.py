"""SPEC.md sections 1, 3 and 5 once more, in plain sets and counters: what the real thing is held against.

Written from the specification, not from the code. It keeps who belongs to what, and for each request what is counted and where it stands;
it knows nothing of messages, records or versions of rows.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Period
from domain.approvals.profiles import Approvers, CommentRule, ProfileVersion, Step
from domain.approvals.requests import StepRef
from domain.people.people import ADMINISTRATOR, AUDITOR, PersonId, Standing

MEMBER = Standing.MEMBER


@dataclass
class People:
    """Who is what at this moment. Somebody who is not in `standing` is unknown here."""

    standing: dict[PersonId, Standing] = field(default_factory=dict)
    groups: dict[str, set[PersonId]] = field(default_factory=dict)
    roles: dict[str, set[PersonId]] = field(default_factory=dict)
    lent: list[tuple[PersonId, PersonId, datetime, datetime]] = field(default_factory=list)
    """From whom to whom, from when until when."""

    def active(self, who: PersonId) -> bool:
        return self.standing.get(who) == MEMBER

    def administers(self, who: PersonId) -> bool:
        return self.active(who) and who in self.roles[ADMINISTRATOR]

    def reads_all(self, who: PersonId) -> bool:
        return self.administers(who) or (self.active(who) and who in self.roles[AUDITOR])

    def listed(self, who: PersonId, step: Step, *, further: bool = False) -> bool:
        """Whether an active *who* matches the step's users, groups or roles now, or, where it has gone *further*, its escalation's."""
        return self.active(who) and (
            self._among(who, step.approvers)
            or (further and step.escalation is not None and self._among(who, step.escalation.approvers))
        )

    def _among(self, who: PersonId, those: Approvers) -> bool:
        return (
            who in those.users
            or any(who in self.groups[group] for group in those.groups)
            or any(who in self.roles[role] for role in those.roles)
        )

    def told(self, who: PersonId, step: Step, *, further: bool) -> bool:
        """Whether *who* is one of those whom the step, or its escalation, has told directly."""
        if not self.active(who) or self._among(who, step.notify.silent):
            return False
        return (step.notify.direct and self._among(who, step.approvers)) or (
            further and step.escalation is not None and self._among(who, step.escalation.approvers)
        )

    def why_not_lend(self, by: PersonId, giver: PersonId, taker: PersonId, period: Period, now: datetime) -> set[str]:
        start, end = period.starts_at, period.ends_at
        if not self.active(by):
            return {"NotAMember"}
        return true_ones(
            {
                "NotAnAdministrator": by != giver and not self.administers(by),
                "OwnDelegate": giver == taker,
                "NotADelegate": not self.active(taker),
                "NothingToDelegate": not self.active(giver),
                "DelegationInThePast": start < now or end <= now,
                "DelegationEndsFirst": end <= start,
                "AlreadyDelegated": any(
                    (one, other) == (giver, taker) and start < till and since < end and now < till
                    for one, other, since, till in self.lent
                ),
            }
        )

    def why_not_take_back(
        self, by: PersonId, loan: tuple[PersonId, PersonId, datetime, datetime], now: datetime
    ) -> set[str]:
        giver, taker, _, end = loan
        if not self.active(by):
            return {"NotAMember"}
        may = by == giver or self.administers(by)
        return true_ones(
            {
                "NoSuchDelegation": not may and by != taker,
                "NotYourDelegation": not may and by == taker,
                "DelegationOver": now >= end,
            }
        )

    def away_for(self, delegate: PersonId, now: datetime) -> list[PersonId]:
        """Who has lent *delegate* their right to decide, now."""
        return sorted({giver for giver, taker, start, end in self.lent if taker == delegate and start <= now < end})


@dataclass
class Vote:
    """A decision that counted."""

    gate: int
    step: int
    by: PersonId
    for_whom: PersonId | None
    verdict: Verdict
    at: datetime


@dataclass
class GateState:
    """One work item."""

    profile: ProfileVersion
    status: str = "queued"
    step: int = 0
    opened: datetime | None = None
    deadline: datetime | None = None
    step_opened: datetime | None = None
    escalated: set[int] = field(default_factory=set)
    reminded: datetime | None = None
    overridden: bool = False
    approvers: dict[int, set[PersonId]] = field(default_factory=dict)
    """For each step, who has approved it."""
    used: set[PersonId] = field(default_factory=set)
    """Whose one decision is gone."""

    @property
    def lenient(self) -> bool:
        return self.profile.definition.requester_may_approve

    @property
    def now_asked(self) -> Step:
        return self.profile.steps[self.step]

    @property
    def further(self) -> bool:
        """Whether the open step has escalated."""
        return self.step in self.escalated

    @property
    def escalates(self) -> datetime | None:
        """When the open step escalates; None where it has no escalation, or expires first."""
        later = self.now_asked.escalation
        if self.status != "pending" or self.further or later is None or self.step_opened is None:
            return None
        moment = self.step_opened + later.after
        return None if self.expired_at(moment) else moment

    @property
    def first_reminder(self) -> datetime | None:
        """When those who were asked as the step opened are first reminded by the clock, or warned; None for never."""
        every = self.profile.definition.remind_every
        if self.status != "pending" or self.step_opened is None:
            return None
        first = self.step_opened + every if every is not None else None
        warning = self.warning if self.warning is not None and self.step_opened < self.warning else None
        return min((moment for moment in (first, warning) if moment is not None), default=None)

    @property
    def warning(self) -> datetime | None:
        lasts = self.profile.definition.expires_after
        if self.deadline is None or lasts is None or lasts <= timedelta(hours=1):
            return None
        return self.deadline - min(lasts / 4, timedelta(hours=24))

    def comes_in_time(self, number: int) -> bool:
        """Whether the escalation of a step came, or could still come before the end."""
        later = self.profile.steps[number].escalation
        if later is None:
            return False
        left = self.profile.definition.expires_after
        if self.deadline is not None and self.step_opened is not None:
            left = self.deadline - self.step_opened
        return number in self.escalated or left is None or later.after < left

    def expired_at(self, now: datetime) -> bool:
        return self.deadline is not None and now >= self.deadline

    def open(self, now: datetime, present: ProfileVersion) -> None:
        """The gate is reached. Without approvers in some step nothing commences, unless the profile has got them meanwhile."""
        for version in (self.profile, present):
            if all(step.approvers for step in version.steps):
                self.profile, self.status, self.opened = version, "pending", now
                self.step_opened = now
                lasts = version.definition.expires_after
                self.deadline = None if lasts is None else now + lasts
                return
        self.status = "blocked"


def true_ones(reasons: dict[str, bool]) -> set[str]:
    """Those that hold."""
    return {name for name, holds in reasons.items() if holds}


@dataclass
class RequestState:
    """One request."""

    id: int
    requester: PersonId
    about: str
    """Operation and object: at most one open request for each."""
    gates: list[GateState]
    status: str = "waiting_for_approval"
    votes: list[Vote] = field(default_factory=list)
    comments: int = 0
    closings: list[str] = field(default_factory=list)
    overridden: bool = False
    operation: str = "none"
    releases: int = 0
    valid_until: datetime | None = None
    """When the approval runs out."""

    @property
    def waiting(self) -> bool:
        return self.status == "waiting_for_approval"

    @property
    def position(self) -> int | None:
        """Where the work item stands that is reached and open."""
        return next((n for n, gate in enumerate(self.gates) if gate.status in {"pending", "blocked"}), None)

    @property
    def gate(self) -> GateState | None:
        return None if self.position is None else self.gates[self.position]

    # Who

    def as_whom(self, who: PersonId, people: People, now: datetime) -> tuple[PersonId, PersonId | None] | None:
        """As whom *who* may decide at the current step: themselves, or for somebody, or not at all. The clock is another matter."""
        gate = self.gate
        if gate is None or gate.status != "pending" or not people.active(who) or who in gate.used:
            return None
        if who == self.requester and not gate.lenient:
            return None
        if people.listed(who, gate.now_asked, further=gate.further):
            return who, None
        if who == self.requester:
            return None
        for giver in people.away_for(who, now):
            lends = giver != self.requester and giver not in gate.used
            if lends and people.listed(giver, gate.now_asked, further=gate.further):
                return who, giver
        return None

    def takes_part(self, who: PersonId, people: People, now: datetime) -> bool:
        """A participant: the requester, anyone authorised for any of its steps now, or who decided."""
        if not people.active(who):
            return False
        own = {who, *(giver for giver in people.away_for(who, now) if giver != self.requester)}
        return (
            who == self.requester
            or any(who in {vote.by, vote.for_whom} for vote in self.votes)
            or any(
                people.listed(one, step, further=number in gate.escalated)
                for one in own
                for gate in self.gates
                for number, step in enumerate(gate.profile.steps)
            )
        )

    def visible(self, who: PersonId, people: People, now: datetime) -> bool:
        return people.reads_all(who) or self.takes_part(who, people, now)

    def why_not_decide(
        self, who: PersonId, on: StepRef, verdict: Verdict, comment: str, people: People, now: datetime
    ) -> set[str]:
        """Every true reason against this click, by the name of its refusal. None: it has to count."""
        if not people.active(who):
            return {"NotAMember"}
        if not self.visible(who, people, now) or on.gate >= len(self.gates):
            return {"NoSuchRequest"}
        gate = self.gate
        if gate is None:
            return {"AlreadyClosed"}
        if gate.status == "blocked":
            return {"NotCommenced"}
        votes = [vote for vote in self.votes if vote.gate == on.gate]
        stale = (on.gate, on.step) != (self.position, gate.step)
        barred = {
            "AlreadyExpired": gate.expired_at(now),
            "YouRequestedThis": who == self.requester and not gate.lenient,
            "AlreadyDecided": who in {vote.by for vote in votes},
            "DecidedForYou": who in {vote.for_whom for vote in votes},
            "StepMovedOn": stale,
        }
        rule = gate.profile.definition.comment_required
        needed = rule is CommentRule.ALWAYS or (rule is CommentRule.REJECT and verdict is Verdict.REJECT)
        return true_ones(
            {
                **barred,
                "NotAnApprover": not any(barred.values()) and self.as_whom(who, people, now) is None,
                "CommentRequired": needed and not comment.strip(),
            }
        )

    def why_not_cancel(self, who: PersonId, people: People, now: datetime) -> set[str]:
        if not people.active(who):
            return {"NotAMember"}
        if not self.visible(who, people, now):
            return {"NoSuchRequest"}
        return true_ones(
            {
                "NotYours": who != self.requester and not people.administers(who),
                "AlreadyClosed": not self.waiting,
                "AlreadyExpired": self.overdue(now),
            }
        )

    def why_not_remind(self, who: PersonId, people: People, now: datetime) -> set[str]:
        if not people.active(who):
            return {"NotAMember"}
        if not self.visible(who, people, now):
            return {"NoSuchRequest"}
        if who != self.requester:
            return {"NotYoursToRemind"}
        gate = self.gate
        if gate is None:
            return {"AlreadyClosed"}
        last = max((gate.reminded for gate in self.gates if gate.reminded is not None), default=None)
        return true_ones(
            {
                "NotCommenced": gate.status == "blocked",
                "AlreadyExpired": gate.expired_at(now),
                "RemindedAlready": last is not None and now < last + timedelta(hours=4),
            }
        )

    def overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed and the clock has not come by."""
        return self.gate is not None and self.gate.expired_at(now)

    def why_not_override(self, who: PersonId, verdict: Verdict, reason: str, people: People, now: datetime) -> set[str]:
        if not people.active(who):
            return {"NotAMember"}
        if not self.visible(who, people, now):
            return {"NoSuchRequest"}
        status = "expired" if self.overdue(now) else self.status
        can_be = status == "waiting_for_approval" or (status in {"rejected", "expired"} and verdict is Verdict.APPROVE)
        return true_ones(
            {
                "NotAnAdministrator": not people.administers(who),
                "OverridingYourOwn": who == self.requester,
                "CannotOverride": not can_be,
                "ReasonRequired": not reason.strip(),
            }
        )

    def why_not_comment(self, who: PersonId, text: str, people: People, now: datetime) -> set[str]:
        if not people.active(who):
            return {"NotAMember"}
        if not self.visible(who, people, now):
            return {"NoSuchRequest"}
        return true_ones({"NotAParticipant": not self.takes_part(who, people, now), "EmptyComment": not text.strip()})

    def why_not_report(self) -> set[str]:
        return true_ones({"OperationOver": self.operation not in {"released", "lapsed"}})

    def why_not_retry(self, who: PersonId, people: People, now: datetime) -> set[str]:
        if not people.active(who):
            return {"NotAMember"}
        if not self.visible(who, people, now):
            return {"NoSuchRequest"}
        return true_ones(
            {
                "NotAnAdministrator": not people.administers(who),
                "NothingToRetry": self.operation != "failed",
                "ApprovalRanOut": self.ran_out(now),
            }
        )

    # What happens

    def count(self, vote: Vote, present: dict[str, ProfileVersion]) -> None:
        """A decision counts: the counter moves, and perhaps the step, the gate, the request."""
        gate = self.gates[vote.gate]
        self.votes.append(vote)
        gate.used |= {vote.by} | ({vote.for_whom} if vote.for_whom else set())
        if vote.verdict is Verdict.REJECT:
            self.close("rejected", vote.at)
            return
        people = gate.approvers.setdefault(vote.step, set())
        people.add(vote.by)
        if len(people) < gate.now_asked.required:
            return
        if gate.step + 1 < len(gate.profile.steps):
            gate.step += 1
            gate.step_opened = vote.at
            return
        gate.status = "approved"
        if vote.gate + 1 < len(self.gates):
            following = self.gates[vote.gate + 1]
            following.open(vote.at, present[following.profile.profile])
        else:
            self.close("approved", vote.at)

    def close(self, status: str, at: datetime, *, overridden: bool = False) -> None:
        """Close the request: the open work item with it; those never opened are cancelled, or approved by an override."""
        for gate in self.gates:
            if gate.status == "approved":
                continue
            if status == "approved" or gate.status in {"pending", "blocked"}:
                gate.status, gate.overridden = status, overridden
            else:
                gate.status = "cancelled"
        self.status = status
        self.overridden |= overridden
        self.closings.append(status)
        if status == "approved":
            spans = [gate.profile.definition.valid_for for gate in self.gates]
            self.operation, self.releases = "released", 1
            self.valid_until = min((at + span for span in spans if span is not None), default=None)

    def ran_out(self, now: datetime) -> bool:
        return self.valid_until is not None and now >= self.valid_until


def can_be_approved(request: RequestState, people: People) -> bool:
    """Whether the people there are could still approve every gate that is not blocked: by trying every choice."""
    everybody = {who for who in people.standing if people.active(who)}

    def enough(gate: GateState, number: int, free: set[PersonId]) -> bool:
        if number == len(gate.profile.steps):
            return True
        step = gate.profile.steps[number]
        if not step.approvers:
            return enough(gate, number + 1, free)
        missing = step.required - len(gate.approvers.get(number, ()))
        able = sorted(who for who in free if people.listed(who, step, further=gate.comes_in_time(number)))
        return any(enough(gate, number + 1, free - set(chosen)) for chosen in combinations(able, missing))

    return all(
        enough(gate, gate.step, everybody - gate.used - (set() if gate.lenient else {request.requester}))
        for gate in request.gates
        if gate.status in {"queued", "pending"}
    )
