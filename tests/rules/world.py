"""A world of random people, groups, profiles, clicks and clocks, held against the reference model after every step.

It drives a `Driver` and knows nothing behind it, so that the core and the store on each database meet the very same trials.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.approvals.decisions import Verdict
from domain.approvals.delegation import Period
from domain.approvals.profiles import Approvers, Definition, ProfileVersion
from domain.approvals.requests import RequestId, StepRef
from domain.approvals.resources import Resource, ResourceId
from domain.common.errors import Refusal
from domain.common.operations import Operation
from domain.people.people import GroupId, PersonId, RoleId, Standing
from tests.rules.build import HOUR, INSTANT, NOON
from tests.rules.cast import (
    BYSTANDER,
    CAST,
    GROUPS,
    KINDS,
    MOST_REQUESTS,
    PROFILES,
    ROLES,
    ROOT,
    SITES,
    TLS,
    WEB,
    anyone,
    definitions,
    several,
    takers,
    verdicts,
    words,
)  # fmt: skip
from tests.rules.checks import agrees_with_the_reference, everything_holds, notices_are_right, one_thing_led_to_another
from tests.rules.drivers import Driver, Kept
from tests.rules.reference import GateState, People, RequestState, Vote, true_ones

T = TypeVar("T")


def lives(how_many: int, *, shrink: bool = True) -> settings:
    """So many random lives of forty steps. Shrinking one takes minutes over a database."""
    phases = [phase for phase in Phase if shrink or phase not in {Phase.shrink, Phase.explain}]
    return settings(
        max_examples=how_many,
        stateful_step_count=40,
        phases=phases,
    )


class World(RuleBasedStateMachine):
    """Everything that people, administrators and the clock can do, rightly and wrongly."""

    def __init__(self, driver: Driver) -> None:
        super().__init__()
        self.driver = driver
        self.now = NOON
        self.people = People()
        self.present: dict[str, ProfileVersion] = {}
        self.versions: dict[tuple[str, int], ProfileVersion] = {}
        self.bound: dict[tuple[ResourceId, Operation], str] = {}
        self.requests: dict[RequestId, RequestState] = {}
        self.seen: Mapping[RequestId, Kept] = {}
        self.last_click: tuple[PersonId, StepRef, Verdict, str] | None = None
        self.turn = 0
        self.loans: list[int] = []
        """The numbers of the delegations in `people.lent`, in the same order."""

    def teardown(self) -> None:
        self.driver.close()

    # What there is

    @initialize(
        first=st.tuples(definitions, definitions, definitions),
        requesters=st.lists(st.sampled_from(CAST), min_size=1, max_size=2),
    )
    def begin(self, first: tuple[Definition, Definition, Definition], requesters: list[PersonId]) -> None:
        for who in (*CAST, BYSTANDER):
            self.stand(who, Standing.MEMBER)
        for group, members in zip(GROUPS, (CAST[:3], CAST[2:4]), strict=True):
            self.regroup(group, members)
        for role, holders in zip(ROLES, (CAST[3:5], CAST[4:6], CAST[5:]), strict=True):
            self.recast(role, holders)
        for key, definition in zip(PROFILES, first, strict=True):
            self.edit(key, definition)
        for resource, key in ((TLS, "tls"), (ROOT, "root"), (WEB, "web")):
            self.bound[resource, Operation.ISSUE] = key
            self.furnish(resource)
        self.bound[WEB, Operation.REVOKE] = "web"
        self.furnish(WEB)
        for site, by in zip(SITES, requesters, strict=False):
            self.hand_in(by, site, Operation.ISSUE, "The old one runs out", None)

    @rule(data=st.data(), some=several)
    def people_change(self, data: st.DataObject, some: list[PersonId]) -> None:
        """Somebody comes, goes or changes sides."""
        match data.draw(st.sampled_from(["standing", "group", "role"])):
            case "standing":
                leave = st.sampled_from([standing for standing in Standing if standing is not Standing.MEMBER])
                away = [who for who in CAST if not self.people.active(who)]
                if away and data.draw(st.sampled_from([True, False])):
                    self.stand(data.draw(st.sampled_from(away)), Standing.MEMBER)
                else:
                    self.stand(data.draw(st.sampled_from(CAST)), data.draw(leave))
            case "group":
                self.regroup(data.draw(st.sampled_from(GROUPS)), some)
            case _:
                self.recast(data.draw(st.sampled_from(ROLES)), some)

    def stand(self, who: PersonId, standing: Standing) -> None:
        self.driver.know(who, standing)
        self.people.standing[who] = standing

    def regroup(self, group: GroupId, members: list[PersonId]) -> None:
        self.driver.group(group, members, self.now)
        self.people.groups[group] = set(members)

    def recast(self, role: RoleId, holders: list[PersonId]) -> None:
        self.driver.role(role, holders, self.now)
        self.people.roles[role] = set(holders)

    @rule(giver=st.sampled_from(CAST), taker=takers, hours=st.integers(-1, 2), lasting=st.integers(0, 8))
    def lend(self, giver: PersonId, taker: PersonId, hours: int, lasting: int, by: PersonId | None = None) -> None:
        start = self.now + hours * HOUR
        end = start + lasting * HOUR
        period = Period(starts_at=start, ends_at=end)
        why = self.people.why_not_lend(by or giver, giver, taker, period, self.now)
        made = self.attempt(why, lambda: self.driver.delegate(by or giver, giver, taker, period, self.now))
        if made is not None:
            self.people.lent.append((giver, taker, start, end))
            self.loans.append(made)

    @rule(by=anyone, giver=st.sampled_from(CAST), taker=takers)
    def lend_for_somebody(self, by: PersonId, giver: PersonId, taker: PersonId) -> None:
        """Administrators do it for those who are absent; nobody else."""
        self.lend(giver, taker, 0, 2, by)

    @precondition(lambda self: self.loans)
    @rule(by=anyone | st.none(), data=st.data())
    def take_back(self, by: PersonId | None, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(range(len(self.loans))))
        giver, taker, start, end = self.people.lent[place]
        by = by or giver
        why = self.people.why_not_take_back(by, self.people.lent[place], self.now)
        self.attempt(why, lambda: self.driver.revoke(by, self.loans[place], self.now))
        if not why:
            self.people.lent[place] = (giver, taker, start, min(end, self.now))

    @rule(key=st.sampled_from(PROFILES), definition=definitions)
    def edit(self, key: str, definition: Definition) -> None:
        old = self.present.get(key)
        definition = definition.replace(name=f"Profile {key}")
        new = self.driver.profile(key, definition, self.now)
        assert (new.profile, new.definition) == (key, definition)
        assert new.number == (1 if old is None else old.number + (old.definition != definition)), "a no-op makes none"
        self.present[key] = self.versions[key, new.number] = new
        for request in self.requests.values():
            gate = request.gate
            if gate is not None and gate.status == "blocked" and gate.profile.profile == key:
                gate.open(self.now, new)

    @precondition(lambda self: self.empty_ones())
    @rule(data=st.data(), definition=definitions)
    def put_right(self, data: st.DataObject, definition: Definition) -> None:
        """A profile that blocks something, or will when its gate is reached, gets approvers in every step."""
        whole = tuple(
            step if step.approvers else step.replace(approvers=Approvers(groups=(GROUPS[0],)))
            for step in definition.steps
        )
        self.edit(data.draw(st.sampled_from(self.empty_ones())), definition.replace(steps=whole))

    def empty_ones(self) -> list[str]:
        gates = [
            gate for request in self.requests.values() for gate in request.gates if gate.status in {"blocked", "queued"}
        ]
        return sorted(
            {gate.profile.profile for gate in gates if not all(step.approvers for step in gate.profile.steps)}
        )

    @rule(resource=st.sampled_from([WEB, TLS, ROOT]), key=st.sampled_from([None, *PROFILES]))
    def bind(self, resource: ResourceId, key: str | None) -> None:
        """Bind, rebind or unbind: nothing that was submitted changes."""
        if key is None:
            self.bound.pop((resource, Operation.ISSUE), None)
        else:
            self.bound[resource, Operation.ISSUE] = key
        self.furnish(resource)

    def furnish(self, which: ResourceId) -> None:
        approvals = {operation: key for (resource, operation), key in self.bound.items() if resource == which}
        links = {"certificate_profile": TLS, "certificate_authority": ROOT} if which == WEB else {}
        resource = Resource(key=which, kind=KINDS[which], name=f"The {which}", **links, approvals=approvals)
        self.driver.resource(resource, self.now)

    # What people do

    def attempt(self, why: set[str], act: Callable[[], T]) -> T | None:
        """Do it. It has to be refused for one of the true reasons in *why*, changing nothing; or to be done where there are none."""
        refused, done = "", None
        try:
            done = act()
        except Refusal as refusal:
            refused = type(refusal).__name__
        if not refused:
            assert not why, f"this should have been refused: {sorted(why)}"
            return done
        assert refused in why, f"{refused} is not among {sorted(why)}"
        assert self.driver.kept() == self.seen, "a refused move changes nothing"
        return None

    @precondition(lambda self: len(self.requests) < MOST_REQUESTS)
    @rule(by=anyone, site=st.sampled_from(SITES), reason=words, again=st.booleans(), data=st.data())
    def submit(self, by: PersonId, site: str, reason: str, again: bool, data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from([Operation.ISSUE, Operation.REVOKE]))
        origin = data.draw(st.sampled_from(sorted(self.requests))) if again and self.requests else None
        self.hand_in(by, site, operation, reason, origin)

    @precondition(lambda self: len(self.requests) < MOST_REQUESTS)
    @rule(data=st.data())
    def submit_rightly(self, data: st.DataObject) -> None:
        """Somebody who may asks for something that nobody asks for yet; again, where theirs was closed."""
        able = [who for who in CAST if self.people.active(who)]
        busy = {request.about for request in self.requests.values() if request.waiting}
        free = [site for site in SITES if f"{Operation.ISSUE}:{site}" not in busy]
        if able and free:
            by = data.draw(st.sampled_from(able))
            closed = [
                number for number, request in self.requests.items() if request.requester == by and not request.waiting
            ]
            self.hand_in(by, free[0], Operation.ISSUE, "Needed", closed[-1] if closed else None)

    def hand_in(self, by: PersonId, site: str, operation: Operation, reason: str, origin: RequestId | None) -> None:
        about = f"{operation}:{site}"
        first = None if origin is None else self.requests[origin]
        seen = first is not None and first.visible(by, self.people, self.now)
        why = true_ones(
            {
                "NotAMember": not self.people.active(by),
                "ReasonRequired": not reason.strip(),
                "OpenRequestExists": any(
                    request.waiting and request.about == about for request in self.requests.values()
                ),
                "NotTheRequester": first is not None and seen and first.requester != by,
                "NoSuchRequest": first is not None and not seen,
                "StillOpen": first is not None and seen and first.waiting,
            }
        )
        made = self.attempt(why, lambda: self.driver.submit(by, operation, WEB, site, reason, self.now, origin))
        if made is None:
            return
        assert made not in self.requests
        stops = (WEB, TLS, ROOT) if operation is Operation.ISSUE else (WEB,)
        chain = [self.present[self.bound[stop, operation]] for stop in stops if (stop, operation) in self.bound]
        request = RequestState(id=made, requester=by, about=about, gates=[GateState(profile=one) for one in chain])
        if chain:
            request.gates[0].open(self.now, chain[0])
        else:
            request.close("approved", self.now)
        self.requests[made] = request

    def open_ones(self) -> list[RequestId]:
        return [
            number
            for number, request in self.requests.items()
            if request.gate is not None and request.gate.status == "pending"
        ]

    @precondition(lambda self: self.requests)
    @rule(by=anyone, verdict=verdicts, comment=words, data=st.data())
    def click(self, by: PersonId, verdict: Verdict, comment: str, data: st.DataObject) -> None:
        """Anyone, on any button there ever was, and on some that there never was."""
        request = self.requests[data.draw(st.sampled_from(sorted(self.requests)))]
        places = [(n, step) for n, gate in enumerate(request.gates) for step in range(len(gate.profile.steps))]
        gate, step = data.draw(st.sampled_from([*places, (0, 19), (7, 0)]))
        self.decide(by, StepRef(request=request.id, gate=gate, step=step), verdict, comment)

    @precondition(lambda self: self.open_ones())
    @rule(by=anyone, verdict=verdicts, comment=words, data=st.data())
    def click_here(self, by: PersonId, verdict: Verdict, comment: str, data: st.DataObject) -> None:
        """Anyone, on the live button."""
        request = self.requests[data.draw(st.sampled_from(self.open_ones()))]
        self.decide(by, self.live_button(request), verdict, comment)

    @precondition(lambda self: self.open_ones())
    @rule(data=st.data())
    def approve_rightly(self, data: st.DataObject) -> None:
        self.approve(data, 1)

    @precondition(lambda self: self.open_ones())
    @rule(data=st.data())
    def carry_through(self, data: st.DataObject) -> None:
        """Those who may, one after the other, as far as it goes."""
        self.approve(data, 20)

    def approve(self, data: st.DataObject, most: int) -> None:
        request = self.requests[data.draw(st.sampled_from(self.open_ones()))]
        for _ in range(most):
            able = [who for who in (*CAST, BYSTANDER) if request.as_whom(who, self.people, self.now)]
            if not able or self.late(request):
                return
            self.decide(data.draw(st.sampled_from(able)), self.live_button(request), Verdict.APPROVE, "Seen")
            self.look()

    @precondition(lambda self: self.open_ones())
    @rule(data=st.data())
    def reject_rightly(self, data: st.DataObject) -> None:
        request = self.requests[data.draw(st.sampled_from(self.open_ones()))]
        able = [who for who in (*CAST, BYSTANDER) if request.as_whom(who, self.people, self.now)]
        if able and not self.late(request):
            self.decide(data.draw(st.sampled_from(able)), self.live_button(request), Verdict.REJECT, "No")

    @precondition(lambda self: self.open_ones())
    @rule(data=st.data(), verdict=verdicts, leaves=st.sampled_from([False, False, True]))
    def stand_in(self, data: st.DataObject, verdict: Verdict, leaves: bool) -> None:
        """An approver leaves it to somebody else, who decides; one who leaves for good has nothing left to lend."""
        request = self.requests[data.draw(st.sampled_from(self.open_ones()))]
        away = [who for who in CAST if request.as_whom(who, self.people, self.now) == (who, None)]
        if away:
            giver, taker = data.draw(st.sampled_from(away)), data.draw(takers)
            self.lend(giver, taker, 0, 1)
            if leaves:
                self.stand(giver, Standing.DEACTIVATED)
            self.look()
            self.decide(taker, self.live_button(request), verdict, "For somebody else")

    @precondition(lambda self: self.last_click is not None)
    @rule()
    def click_again(self) -> None:
        """The same click once more: Slack delivers twice, and people press twice."""
        if self.last_click is not None:
            self.decide(*self.last_click)

    def late(self, request: RequestState) -> bool:
        return request.gate is not None and request.gate.expired_at(self.now)

    def live_button(self, request: RequestState) -> StepRef:
        gate, position = request.gate, request.position
        assert gate is not None
        assert position is not None
        return StepRef(request=request.id, gate=position, step=gate.step)

    def decide(self, by: PersonId, on: StepRef, verdict: Verdict, comment: str) -> None:
        request = self.requests[RequestId(on.request)]
        why = request.why_not_decide(by, on, verdict, comment, self.people, self.now)
        whom = request.as_whom(by, self.people, self.now)
        self.last_click = (by, on, verdict, comment)
        self.attempt(why, lambda: self.driver.decide(by, on, verdict, self.now, comment))
        if not why:
            assert whom is not None
            vote = Vote(on.gate, on.step, whom[0], whom[1], verdict, self.now)
            request.count(vote, self.present)

    @precondition(lambda self: self.requests)
    @rule(by=anyone, text=words, data=st.data())
    def comment(self, by: PersonId, text: str, data: st.DataObject) -> None:
        request = self.requests[data.draw(st.sampled_from(sorted(self.requests)))]
        why = request.why_not_comment(by, text, self.people, self.now)
        self.attempt(why, lambda: self.driver.comment(by, RequestId(request.id), text, self.now))
        request.comments += not why

    @precondition(lambda self: self.requests)
    @rule(by=anyone, reason=words, data=st.data())
    def cancel(self, by: PersonId, reason: str, data: st.DataObject) -> None:
        request = self.requests[data.draw(st.sampled_from(sorted(self.requests)))]
        why = request.why_not_cancel(by, self.people, self.now)
        self.attempt(why, lambda: self.driver.cancel(by, RequestId(request.id), self.now, reason))
        if not why:
            request.close("cancelled", self.now)

    @precondition(lambda self: self.requests)
    @rule(by=st.none() | anyone, data=st.data())
    def remind(self, by: PersonId | None, data: st.DataObject) -> None:
        """The requester presses *Remind*, or somebody who must not."""
        request = self.requests[data.draw(st.sampled_from(sorted(self.requests)))]
        who = by or request.requester
        why = request.why_not_remind(who, self.people, self.now)
        self.attempt(why, lambda: self.driver.remind(who, RequestId(request.id), self.now))
        if not why:
            assert request.gate is not None
            request.gate.reminded = self.now

    @precondition(lambda self: self.requests)
    @rule(by=anyone, verdict=verdicts, reason=words, data=st.data())
    def override(self, by: PersonId, verdict: Verdict, reason: str, data: st.DataObject) -> None:
        self.overrule(data.draw(st.sampled_from(sorted(self.requests))), by, verdict, reason)

    @precondition(lambda self: self.requests)
    @rule(verdict=verdicts, data=st.data())
    def override_rightly(self, verdict: Verdict, data: st.DataObject) -> None:
        able = [who for who in CAST if self.people.administers(who)]
        if able:
            by = data.draw(st.sampled_from(able))
            self.overrule(data.draw(st.sampled_from(sorted(self.requests))), by, verdict, "Outage")

    def overrule(self, number: RequestId, by: PersonId, verdict: Verdict, reason: str) -> None:
        request = self.requests[number]
        why = request.why_not_override(by, verdict, reason, self.people, self.now)
        self.attempt(why, lambda: self.driver.override(by, number, verdict, self.now, reason))
        if not why:
            if request.overdue(self.now):
                request.close("expired", self.now)
                request.closings.pop()  # both at once: of the first of them nobody is told
            request.close("approved" if verdict is Verdict.APPROVE else "rejected", self.now, overridden=True)

    # What becomes of the operation

    @precondition(lambda self: self.requests)
    @rule(by=anyone, executed=st.booleans(), data=st.data())
    def report_or_retry(self, by: PersonId, executed: bool, data: st.DataObject) -> None:
        """Of any request, also of one that nobody has approved; by anyone, also by those who must not."""
        request = self.requests[data.draw(st.sampled_from(sorted(self.requests)))]
        self.report(request, executed)
        self.look()
        self.retry(request, by)

    @precondition(lambda self: self.approved_ones())
    @rule(
        moves=st.lists(st.sampled_from(["executed", "failed", "retry", "runs out", "sweep"]), min_size=2, max_size=6),
        data=st.data(),
    )
    def what_becomes_of_it(self, moves: list[str], data: st.DataObject) -> None:
        """One operation through its ends, and through an administrator's retries, late or in time."""
        request = self.requests[data.draw(st.sampled_from(self.approved_ones()))]
        for move in moves:
            match move:
                case "retry":
                    self.retry(request, next((one for one in CAST if self.people.administers(one)), CAST[0]))
                case "runs out":
                    self.now = max(self.now, request.valid_until or self.now)
                case "sweep":
                    self.sweep()
                case _:
                    self.report(request, move == "executed")
            self.look()

    def approved_ones(self) -> list[RequestId]:
        return [number for number, request in self.requests.items() if request.status == "approved"]

    def report(self, request: RequestState, executed: bool) -> None:
        why = request.why_not_report()
        self.attempt(why, lambda: self.driver.report(RequestId(request.id), executed, self.now))
        if not why:
            request.operation = "executed" if executed else "failed"

    def retry(self, request: RequestState, by: PersonId) -> None:
        why = request.why_not_retry(by, self.people, self.now)
        self.attempt(why, lambda: self.driver.retry(by, RequestId(request.id), self.now))
        if not why:
            request.operation = "released"
            request.releases += 1

    # What the clock does

    @rule(minutes=st.sampled_from([1, 30, 60, 200]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.moments())
    @rule(off=st.sampled_from([-INSTANT, timedelta(), INSTANT]), data=st.data())
    def wait_for_a_moment(self, off: timedelta, data: st.DataObject) -> None:
        """To a very moment, or the instant before or after it."""
        self.now = max(self.now, data.draw(st.sampled_from(self.moments())) + off)

    def moments(self) -> list[datetime]:
        """Deadlines, escalations, first reminders, when approvals run out, and when delegations begin and end, that are still to come."""
        deadlines = [request.gate.deadline for request in self.requests.values() if request.gate is not None]
        escalations = [request.gate.escalates for request in self.requests.values() if request.gate is not None]
        reminding = [request.gate.first_reminder for request in self.requests.values() if request.gate is not None]
        running_out = [request.valid_until for request in self.requests.values() if request.operation == "released"]
        edges = [moment for _, _, start, end in self.people.lent for moment in (start, end)]
        return sorted(
            {
                moment
                for moment in (*deadlines, *escalations, *reminding, *running_out, *edges)
                if moment is not None and moment >= self.now
            }
        )

    @rule()
    def sweep(self) -> None:
        """Late or not: nothing else than this rule, and an override that comes before it, ever expires a request; and none but it
        escalates one, or lets an operation lapse."""
        self.driver.sweep(self.now)
        for request in self.requests.values():
            if request.gate is not None and request.gate.expired_at(self.now):
                request.close("expired", self.now)
            if request.operation == "released" and request.ran_out(self.now):
                request.operation = "lapsed"
            gate = request.gate
            if gate is not None and gate.escalates is not None and self.now >= gate.escalates:
                gate.escalated.add(gate.step)

    # What must hold after every step

    @invariant()
    def look(self) -> None:
        self.driver.announce(self.now)
        kept = self.driver.kept()
        assert kept.keys() == self.requests.keys()
        for number, one in kept.items():
            expected = self.requests[number]
            agrees_with_the_reference(one, expected)
            everything_holds(one, self.versions)
            notices_are_right(self.seen.get(number), one, expected, self.people, self.now)
            if number in self.seen:
                one_thing_led_to_another(self.seen[number], one)
        self.seen = kept
        self.turn += 1
        who = CAST[self.turn % len(CAST)]
        able = {
            number
            for number, request in self.requests.items()
            if request.as_whom(who, self.people, self.now) is not None
        }
        if self.people.active(who):
            assert set(self.driver.waiting_on(who, self.now)) == able
