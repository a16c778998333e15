"""What must be true of one request at any moment, whatever happened: SPEC.md's laws, each on what is kept and on nothing else."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from domain.approvals.decisions import Verdict
from domain.approvals.profiles import ProfileVersion
from domain.approvals.requests import Request
from domain.approvals.status import MOVES
from domain.audit.entries import Action
from domain.notices.notices import NoticeKind, end_key
from domain.notices.reminders import REMINDERS
from domain.people.people import PersonId
from tests.rules.drivers import Kept
from tests.rules.reference import People, RequestState, can_be_approved

ENDS = frozenset({Action.EXECUTED, Action.FAILED, Action.LAPSED})


def agrees_with_the_reference(kept: Kept, expected: RequestState) -> None:
    """Every status, step, clock and count is what the reference model says."""
    request = kept.request
    assert (request.status.value, request.requester) == (expected.status, expected.requester)
    for item, gate in zip(request.work_items, expected.gates, strict=True):
        assert (item.status.value, item.overridden) == (gate.status, gate.overridden)
        assert item.profile == gate.profile
        assert (item.opened_at, item.deadline) == (gate.opened, gate.deadline)
        assert item.step == gate.step
        assert item.step_opened_at == gate.step_opened
        assert {escalation.step for escalation in item.escalations} == gate.escalated
        assert item.reminded_at == gate.reminded
        for number in range(len(gate.profile.steps)):
            assert request.approvals(item.position, number) == len(gate.approvers.get(number, ()))
    assert [(d.gate, d.step, d.by, d.on_behalf_of, d.verdict, d.at) for d in request.decisions] == [
        (vote.gate, vote.step, vote.by, vote.for_whom, vote.verdict, vote.at) for vote in expected.votes
    ]
    assert len(request.comments) == expected.comments
    assert (request.override is not None) == expected.overridden
    assert (len(kept.releases), request.operation_status.value) == (expected.releases, expected.operation)
    assert request.valid_until == expected.valid_until


def one_current_work_item_while_it_waits(request: Request) -> None:
    current = [item for item in request.work_items if item.status.value in {"pending", "blocked"}]
    assert len(current) == (1 if request.status.value == "waiting_for_approval" else 0)
    if current:
        before, after = request.work_items[: current[0].position], request.work_items[current[0].position + 1 :]
        assert all(item.status.value == "approved" for item in before), "gates open one after the other"
        assert all(item.status.value == "queued" for item in after)
    assert (request.closed_at is None) == bool(current)


def decisions_keep_the_law(request: Request) -> None:
    """One per person and work item; never the requester; in time; in order; on this content; no more than are needed."""
    places = [(decision.gate, decision.step) for decision in request.decisions]
    assert places == sorted(places), "steps and gates in order"
    assert [decision.number for decision in request.decisions] == list(range(1, len(places) + 1))
    used: defaultdict[int, list[PersonId]] = defaultdict(list)
    for decision in request.decisions:
        item = request.work_items[decision.gate]
        used[decision.gate] += [one for one in (decision.by, decision.on_behalf_of) if one is not None]
        assert decision.on_behalf_of != request.requester
        if decision.by == request.requester:
            assert item.profile.definition.requester_may_approve
            assert decision.on_behalf_of is None
        assert item.opened_at is not None
        assert item.opened_at <= decision.at
        assert item.deadline is None or decision.at < item.deadline, "no decision at or after the deadline"
        assert decision.digest == request.digest
    assert all(len(people) == len(set(people)) for people in used.values()), "nobody decides twice in a work item"
    rejections = [decision for decision in request.decisions if decision.verdict is Verdict.REJECT]
    assert rejections in ([], [request.decisions[-1]] if request.decisions else []), "any one rejection ends it"
    for place, count in Counter(places).items():
        step = request.work_items[place[0]].profile.steps[place[1]]
        assert count <= step.required, "a step closes when it has its people"


def what_is_passed_had_its_quorum(request: Request) -> None:
    for item in request.work_items:
        passed = len(item.profile.steps) if item.status.value == "approved" and not item.overridden else item.step
        for number, step in enumerate(item.profile.steps[:passed]):
            people = {d.by for d in request.decisions if (d.gate, d.step) == (item.position, number)}
            assert len(people) == step.required


def nothing_expires_early(request: Request) -> None:
    for item in request.work_items:
        if item.status.value == "expired":
            assert item.deadline is not None
            assert item.closed_at is not None
            assert item.closed_at >= item.deadline
        if item.status.value in {"blocked", "queued"}:
            assert (item.opened_at, item.deadline) == (None, None), "no clock runs"


def released_as_approved(kept: Kept) -> None:
    """With the digest that was approved, once, and once more for each time that an administrator had it tried again."""
    request = kept.request
    assert request.digest == request.material.digest
    assert {release.digest for release in kept.releases} <= {request.digest}
    assert [release.number for release in kept.releases] == list(range(1, len(kept.releases) + 1))
    assert bool(kept.releases) == (request.status.value == "approved") == (request.operation_status.value != "none")
    if request.operation_status.value == "lapsed":
        assert request.execution is not None
        assert request.valid_until is not None
        assert request.execution.at >= request.valid_until


def versions_stay(request: Request, versions: Mapping[tuple[str, int], ProfileVersion]) -> None:
    """Each gate stands under a version exactly as it was saved; one that commenced has approvers in every step."""
    for item in request.work_items:
        assert item.profile == versions[item.profile.profile, item.profile.number]
        if item.status.value == "pending" or item.opened_at is not None:
            assert all(step.approvers for step in item.profile.steps)


def the_record_tells_the_state(kept: Kept) -> None:
    """Replay: each entry begins where the one before it ended, and the last ones end at the state."""
    request = kept.request
    name = f"request:{request.id}"
    state: dict[str, dict[str, Any]] = {name: {"status": "waiting_for_approval", "operation_status": "none"}}
    for item in request.work_items:
        state[f"{name}/{item.position}"] = {
            "status": "queued",
            "step": 0,
            "approved": 0,
            "overridden": False,
            "escalated": False,
        }
    for entry in kept.record:
        known = state[entry.subject]
        if entry.action is Action.PROFILE_FOLLOWED:
            assert entry.after["version"] > entry.before["version"] == known.get("version", entry.before["version"])
        else:
            assert {fact: known[fact] for fact in entry.before} == entry.before
        known.update(entry.after)
        if entry.action is Action.STEP_OPENED:
            known |= {"approved": 0, "escalated": False}
    assert (state[name]["status"], state[name]["operation_status"]) == (request.status, request.operation_status)
    for item in request.work_items:
        told = state[f"{name}/{item.position}"]
        assert (told["status"], told["step"], told["overridden"]) == (item.status, item.step, item.overridden)
        assert told["escalated"] == (item.escalated_at is not None)
    actions = Counter(entry.action for entry in kept.record)
    assert actions[Action.SUBMITTED] == 1
    assert actions[Action.DECIDED] == len(request.decisions)
    assert actions[Action.COMMENTED] == len(request.comments)
    assert actions[Action.RELEASED] + actions[Action.RETRIED] == len(kept.releases)
    assert all(earlier.at <= later.at for earlier, later in pairwise(kept.record))


def one_thing_led_to_another(before: Kept, after: Kept) -> None:
    """Nothing is taken back; a closed request moves by an override of a rejected or expired one, and by nothing else."""
    old, new = before.request, after.request
    assert after.record[: len(before.record)] == before.record
    assert new.decisions[: len(old.decisions)] == old.decisions
    assert new.comments[: len(old.comments)] == old.comments
    assert after.releases[: len(before.releases)] == before.releases
    assert (len(after.record) > len(before.record)) == (new.version > old.version), (
        "no change without its line in the record"
    )
    if new.status is not old.status:
        assert new.status in MOVES[old.status]
        if old.status.is_closed:
            assert new.override is not None
            assert new.override.over == old.status
    elif old.status.is_closed:
        as_before = {"comments", "version", "operation_status", "execution"}
        assert new.replace(**{fact: getattr(old, fact) for fact in as_before}) == old
    if new.operation_status is not old.operation_status:
        assert after.record[len(before.record) :], "no move of the operation without its line"
    for was, is_ in zip(old.work_items, new.work_items, strict=True):
        if was.gate != is_.gate:
            assert was.status.value == "blocked" or (was.status.value == "queued" and is_.opened_at is not None)
            assert not all(step.approvers for step in was.profile.steps), "only a blocked work item follows an edit"


def notices_are_right(before: Kept | None, after: Kept, expected: RequestState, people: People, now: Any) -> None:
    """Each key once; asked are those who may decide themselves, are not silent and have not been asked; one outcome per closing."""
    keys = [notice.key for notice in after.notices]
    assert len(keys) == len(set(keys))
    old = {notice.key for notice in before.notices} if before else set()
    gate, position = expected.gate, expected.position
    asked: set[tuple[int, int, str]] = set()
    for notice in after.notices:
        if notice.kind is NoticeKind.ASK:
            whom = notice.person or notice.channel or ""
            assert (notice.gate, notice.step, whom) not in asked, "nobody is asked twice"
            asked.add((notice.gate, notice.step, whom))
            if notice.key not in old:
                assert gate is not None
                assert (notice.gate, notice.step) == (position, gate.step)
    if gate is not None and position is not None and gate.status == "pending":
        assert {whom for place, step, whom in asked if (place, step) == (position, gate.step)} >= _to_be_asked(
            expected, people, now
        )
        new = {n.person for n in after.notices if n.kind is NoticeKind.ASK and n.person and n.key not in old}
        assert new <= _to_be_asked(expected, people, now)
    outcomes = [key for key in keys if key.startswith("outcome:")]
    closings = expected.closings if expected.gates else []  # what nothing gates is told once
    assert sorted(outcomes) == sorted(f"outcome:{status}" for status in closings)
    assert keys.count("progress") == 1
    asks = {notice.key: notice for notice in after.notices if notice.kind is NoticeKind.ASK}
    reviews = {(n.decision, n.under) for n in after.notices if n.kind is NoticeKind.REVIEW}
    assert reviews == {
        (d.number, key)
        for d in after.request.decisions
        for key, n in asks.items()
        if (n.gate, n.step) == (d.gate, d.step)
    }
    _ends_are_told(after, people)
    _alerts_are_right(old, after, expected, people)
    _reminders_are_right(old, after, expected, people, now)


def _ends_are_told(after: Kept, people: People) -> None:
    """The requester hears how the operation ended, and administrators where it failed; nobody of an end that there was not."""
    told = {notice.key: notice.person for notice in after.notices if notice.kind is NoticeKind.OPERATION}
    assert len([one for one in told if one.count(":") == 2]) <= sum(one.action in ENDS for one in after.record)
    if after.request.execution is None:
        return
    key = f"operation:{end_key(after.request)}"
    assert told[key] == after.request.requester
    if after.request.operation_status.value == "failed":
        others = {who for who in people.standing if people.administers(who)} - {after.request.requester}
        assert all(told.get(f"{key}:{who}") == who for who in others)


def _reminders_are_right(
    old: Collection[str], after: Kept, expected: RequestState, people: People, now: datetime
) -> None:
    """Only of what waits, only to those who could decide it, five by the clock at most, and nobody by the clock at night."""
    gate, position = expected.gate, expected.position
    fresh = [notice for notice in after.notices if notice.kind in REMINDERS and notice.key not in old]
    if gate is None or gate.status != "pending" or gate.expired_at(now):
        assert not fresh, "nothing is reminded of that nobody can decide"
        return
    awake = 7 <= now.hour < 20
    open_to = _to_be_asked(expected, people, now)
    every, opened, warning = gate.profile.definition.remind_every, gate.step_opened, gate.warning
    assert opened is not None
    for notice in fresh:
        assert (notice.gate, notice.step) == (position, gate.step)
        assert notice.under == "progress" or (notice.person or notice.channel) in open_to
        match notice.kind:
            case NoticeKind.NUDGE:
                assert gate.reminded is not None
                assert opened <= gate.reminded <= now
            case NoticeKind.WARNING:
                assert warning is not None
                assert warning <= now
            case _:
                assert every is not None
                assert now >= opened + every
                assert awake
    by_the_clock = Counter(notice.under for notice in after.notices if notice.kind is NoticeKind.REMINDER)
    assert max(by_the_clock.values(), default=0) <= 5
    reminded = {notice.under for notice in after.notices if notice.kind in REMINDERS}
    for ask in after.notices:
        if ask.kind is not NoticeKind.ASK or (ask.gate, ask.step) != (position, gate.step):
            continue
        whom = ask.person or ask.channel
        if awake and ask.since == opened and whom in open_to and gate.first_reminder and now >= gate.first_reminder:
            assert ask.key in reminded, "who was asked long ago was reminded in some way"
        if gate.reminded is not None and gate.reminded == now and whom in open_to and ask.since != now:
            assert f"nudge:{int(now.timestamp())}:{ask.key}" in {notice.key for notice in after.notices}


def _to_be_asked(expected: RequestState, people: People, now: Any) -> set[str]:
    """Who is to be asked about the open step, by the reference."""
    gate = expected.gate
    assert gate is not None
    notify = gate.now_asked.notify
    whom: set[str] = {notify.channel} if notify.channel else set()
    silent = gate.now_asked.replace(approvers=notify.silent)
    return whom | {
        who
        for who in people.standing
        if (
            expected.as_whom(who, people, now) == (who, None) and people.told(who, gate.now_asked, further=gate.further)
        )
        or (not people.listed(who, silent) and _asked_for_others(who, expected, people, now))
    }


def _asked_for_others(who: PersonId, expected: RequestState, people: People, now: Any) -> bool:
    """Whether *who* could decide for somebody who is away and who would be told themselves."""
    gate = expected.gate
    assert gate is not None
    barred = {expected.requester, *gate.used}
    return (
        people.active(who)
        and who not in barred
        and any(
            giver not in barred and people.told(giver, gate.now_asked, further=gate.further)
            for giver in people.away_for(who, now)
        )
    )


def _alerts_are_right(old: Collection[str], after: Kept, expected: RequestState, people: People) -> None:
    told: defaultdict[str, set[PersonId | None]] = defaultdict(set)
    for notice in after.notices:
        if notice.kind is NoticeKind.ALERT:
            told["blocked" if "blocked" in notice.key else "short"].add(notice.person)
    administrators: Collection[PersonId] = {who for who in people.standing if people.administers(who)}
    gate = expected.gate
    if gate is not None and gate.status == "blocked":
        assert told["blocked"] >= set(administrators)
    short = expected.waiting and not can_be_approved(expected, people)
    if short:
        assert told["short"] >= {*administrators, expected.requester}
    assert short or not [n for n in after.notices if n.key.startswith("alert:short") and n.key not in old]


def everything_holds(kept: Kept, versions: Mapping[tuple[str, int], ProfileVersion]) -> None:
    """All the laws that need nothing but the request itself and the versions ever saved."""
    one_current_work_item_while_it_waits(kept.request)
    decisions_keep_the_law(kept.request)
    what_is_passed_had_its_quorum(kept.request)
    nothing_expires_early(kept.request)
    released_as_approved(kept)
    versions_stay(kept.request, versions)
    the_record_tells_the_state(kept)
