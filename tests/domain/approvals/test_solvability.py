"""SPEC.md section 1, "nobody left": the matching, held against brute force and against clicks on the real core."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import combinations
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from domain.approvals.decisions import Verdict
from domain.approvals.eligibility import capacity
from domain.approvals.moves import decide
from domain.approvals.profiles import Approvers, Escalation, ProfileVersion, Step
from domain.approvals.requests import Request
from domain.approvals.solvability import Need, Shortage, profile_shortage, request_shortages, shortage
from domain.approvals.status import RequestStatus
from domain.common.errors import Refusal
from domain.people.people import Person, PersonId
from tests.rules.build import (
    ANN,
    BOB,
    CAT,
    DAN,
    HOUR,
    NOON,
    OUTSIDERS,
    REQUESTER,
    approve,
    approvers,
    here,
    people_among,
    pid,
    profile,
    reject,
    someone,
    step,
    waiting,
)  # fmt: skip

PEOPLE = [pid(name) for name in ("Ann", "Bob", "Cat", "Dan", "Eve")]

needs_of = st.lists(
    st.tuples(st.integers(1, 3), st.frozensets(st.sampled_from(PEOPLE), max_size=5)), min_size=1, max_size=4
).map(
    lambda rows: [
        Need(step=number, name=f"S{number}", required=required, people=people)
        for number, (required, people) in enumerate(rows)
    ]
)


def can_be_met(needs: list[Need], free: frozenset[PersonId] = frozenset(PEOPLE)) -> bool:
    """By trying every choice of people for every step: no matching here."""
    if not needs:
        return True
    first, *rest = needs
    return any(
        can_be_met(rest, free - set(chosen)) for chosen in combinations(sorted(first.people & free), first.required)
    )


@given(needs_of)
def test_it_agrees_with_trying_everything(needs: list[Need]) -> None:
    assert (shortage(needs) is None) == can_be_met(needs)


@given(needs_of)
def test_it_names_steps_that_together_have_too_few_people(needs: list[Need]) -> None:
    found = shortage(needs)
    if found is None:
        return
    named = [needs[number] for number, _ in found.steps]
    assert [number for number, _ in found.steps] == sorted({number for number, _ in found.steps})
    assert [name for _, name in found.steps] == [need.name for need in named]
    assert found.required == sum(need.required for need in named)
    assert found.available == len(frozenset[PersonId]().union(*(need.people for need in named)))
    assert found.available < found.required
    assert not can_be_met(named)


@given(needs_of, st.permutations(PEOPLE))
def test_whoever_the_people_are_the_answer_is_the_same(needs: list[Need], other: list[PersonId]) -> None:
    """People's ids decide in which order sets are walked; what is said does not hang on it."""
    renamed = dict(zip(PEOPLE, other, strict=True))
    again = [need.replace(people=frozenset(renamed[person] for person in need.people)) for need in needs]
    assert shortage(again) == shortage(needs)


@given(needs_of, st.sampled_from(PEOPLE))
def test_one_more_person_never_hurts(needs: list[Need], person: PersonId) -> None:
    more = [need.replace(people=need.people | {person}) for need in needs]
    if shortage(needs) is None:
        assert shortage(more) is None


@given(st.lists(st.tuples(st.integers(1, 1000), st.sets(st.integers(0, 60))), min_size=1, max_size=20))
def test_it_answers_for_the_largest_profiles_too(rows: list[tuple[int, set[int]]]) -> None:
    needs = [
        Need(step=number, name="S", required=required, people=frozenset(pid(f"U{person}") for person in people))
        for number, (required, people) in enumerate(rows)
    ]
    found = shortage(needs)
    enough_in_all = sum(need.required for need in needs) <= len(frozenset[PersonId]().union(*(n.people for n in needs)))
    assert found is not None or enough_in_all


# What people read


def short(*steps: tuple[int, list[Person]]) -> str:
    version = profile(*(step(*people, required=n, name=f"S{i}") for i, (n, people) in enumerate(steps, 1)))
    return str(profile_shortage(version, everybody))


everybody = people_among(ANN, BOB, CAT, DAN, REQUESTER, *OUTSIDERS)


def test_the_dead_ends_that_others_do_not_notice() -> None:
    assert short((2, [ANN])) == "Step 1, S1, can never be reached: it needs 2 and only one person can decide it."
    assert short((1, [someone("Gone")])) == "Step 1, S1, can never be reached: it needs 1 and nobody can decide it."
    assert short((3, [ANN, BOB])) == "Step 1, S1, can never be reached: it needs 3 and only 2 people can decide it."
    assert short((1, [ANN]), (1, [CAT]), (1, [ANN])) == (
        "Steps 1, S1 and 3, S3 can never all be reached: together they need 2 different people, and only one person can decide them."
    )
    assert short((1, [ANN, BOB]), (1, [ANN]), (1, [BOB])) == (
        "Steps 1, S1; 2, S2 and 3, S3 can never all be reached: together they need 3 different people, and only 2 people can decide them."
    )
    assert short((1, [ANN, BOB]), (1, [ANN])) == "None"


def test_an_empty_group_and_a_deactivated_approver_leave_nobody() -> None:
    assert profile_shortage(profile(step(groups=["nobody"])), everybody) == Shortage(
        steps=((0, "Security"),), required=1, available=0
    )
    assert profile_shortage(profile(step(*OUTSIDERS)), everybody) is not None


def test_a_step_without_approvers_is_said_on_its_own() -> None:
    """It blocks and does not compete; the others are still looked at."""
    assert profile_shortage(profile(step(), step(ANN)), everybody) is None
    assert profile_shortage(profile(step(), step(ANN, required=2)), everybody) is not None


def test_the_requester_as_the_only_approver_is_a_dead_end() -> None:
    request = waiting(profile(step(REQUESTER)))
    [(item, found)] = request_shortages(request, everybody)
    assert (item.position, found.available) == (0, 0)
    assert profile_shortage(profile(step(REQUESTER)), everybody) is None, "somebody else's request could be approved"
    assert request_shortages(waiting(profile(step(REQUESTER), requester_may_approve=True)), everybody) == ()


def test_each_gate_is_looked_at_on_its_own_people_decide_again_there() -> None:
    request = waiting(profile(step(ANN)), profile(step(ANN), key="cp"), profile(step(ANN), step(ANN), key="ca"))
    assert [item.position for item, _ in request_shortages(request, everybody)] == [2]


def test_what_has_been_decided_is_not_asked_for_again() -> None:
    request = approve(waiting(profile(step(ANN, BOB, required=2), step(CAT))), ANN)
    assert request_shortages(request, everybody) == ()
    assert request_shortages(request, people_among(BOB, CAT)) == (), "Ann has approved: she may leave"
    [(_, found)] = request_shortages(request, people_among(ANN, CAT))
    assert (found.required, found.available, found.steps) == (1, 0, ((0, "Security"),))


def test_whose_decision_is_spent_serves_no_later_step() -> None:
    request = approve(waiting(profile(step(ANN, BOB), step(ANN, name="PKI"))), ANN)
    [(_, found)] = request_shortages(request, everybody)
    assert found.steps == ((1, "PKI"),)
    request = approve(waiting(profile(step(ANN, BOB), step(ANN, name="PKI"))), DAN, delegators=[ANN])
    assert len(request_shortages(request, everybody)) == 1, "Dan decided for Ann, which uses up hers"


def test_who_is_asked_by_an_escalation_counts_where_it_comes_in_time() -> None:
    later = Escalation(after=2 * HOUR, approvers=approvers(BOB))

    def dead(expires_after: timedelta | None, *before: Step) -> tuple[bool, bool]:
        version = profile(*before, step(DAN, escalation=later), expires_after=expires_after)
        short = profile_shortage(version, people_among(ANN, BOB))
        return short is not None, bool(request_shortages(waiting(version), people_among(ANN, BOB)))

    assert dead(None) == dead(3 * HOUR) == (False, False)
    assert dead(2 * HOUR) == dead(HOUR) == (True, True), "the deadline goes first where both come at once"
    assert dead(3 * HOUR, step(ANN, name="First")) == (False, False)
    assert dead(3 * HOUR, step(BOB, name="First")) == (True, True), "and they decide once, like everybody"


def test_an_escalation_that_a_late_step_leaves_no_time_for_does_not_count() -> None:
    later = Escalation(after=2 * HOUR, approvers=approvers(BOB))
    request = waiting(profile(step(ANN), step(DAN, escalation=later), expires_after=3 * HOUR))
    here = people_among(ANN, BOB)
    assert not request_shortages(approve(request, ANN, at=NOON + HOUR / 2), here)
    assert request_shortages(approve(request, ANN, at=NOON + HOUR), here)


def test_what_is_closed_lacks_nobody() -> None:
    assert request_shortages(reject(waiting(profile(step(ANN, required=2))), ANN), everybody) == ()


# Against the real core: is there a sequence of clicks that approves the request?

CAST = [REQUESTER, *(someone(name, groups=groups) for name, groups in
        (("Ann", ["a"]), ("Bob", ["a", "b"]), ("Cat", ["b"]), ("Dan", ["c"])))]  # fmt: skip

some_approvers = st.builds(
    lambda users, groups: Approvers(users=tuple(users), groups=tuple(groups)),
    st.lists(st.sampled_from([person.id for person in CAST]), max_size=2),
    st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=2),
).filter(bool)

some_profile = st.builds(
    lambda rows, lenient, key: profile(
        *(step(required=required).replace(approvers=those) for required, those in rows),
        key=key, requester_may_approve=lenient,
    ),
    st.lists(st.tuples(st.integers(1, 2), some_approvers), min_size=1, max_size=3),
    st.booleans(),
    st.just("web"),
)  # fmt: skip


Lent = Mapping[Person, tuple[Person, ...]]
"""For whom each person may stand in."""


def can_be_clicked_through(request: Request, cast: Iterable[Person], lent: Lent = MappingProxyType({})) -> bool:
    """Whether any of *cast*, clicking in any order, can bring the request to approved: depth first, on the real core."""
    if request.status is RequestStatus.APPROVED:
        return True
    for person in cast:
        try:
            after = decide(
                request, person, Verdict.APPROVE, NOON, on=here(request), delegators=lent.get(person, ())
            ).request
        except Refusal:
            continue
        if can_be_clicked_through(after, cast, lent):
            return True
    return False


@given(st.lists(some_profile, min_size=1, max_size=2), st.sets(st.sampled_from(CAST)), st.data())
def test_it_agrees_with_clicking_everything(
    profiles: list[ProfileVersion], gone: set[Person], data: st.DataObject
) -> None:
    """Before the first click, and after some."""
    cast = [person for person in CAST if person not in gone]
    people: Callable[[Approvers], frozenset[PersonId]] = people_among(*cast)
    request = waiting(*(version.replace(profile=f"p{i}") for i, version in enumerate(profiles)))
    for _ in range(3):
        assert (request_shortages(request, people) == ()) == can_be_clicked_through(request, cast)
        able = [person for person in CAST if capacity(request, person)]
        if not able:
            break
        request = approve(request, data.draw(st.sampled_from(able)))
        if request.status.is_closed:
            break


@given(some_profile, st.sets(st.sampled_from(CAST)))
def test_of_a_profile_it_is_said_only_where_nobodys_request_could_be_approved(
    version: ProfileVersion, gone: set[Person]
) -> None:
    cast = [person for person in CAST if person not in gone]
    newcomer = someone("Newcomer")
    request = waiting(version, by=newcomer)
    assert (profile_shortage(version, people_among(*cast)) is None) == can_be_clicked_through(request, cast)


@given(
    some_profile,
    st.sets(st.sampled_from(CAST)),
    st.dictionaries(st.sampled_from(CAST), st.lists(st.sampled_from(CAST))),
)
def test_delegation_makes_nothing_possible_that_was_not(
    version: ProfileVersion, gone: set[Person], lent: dict[Person, list[Person]]
) -> None:
    """A decision of B for A uses up A's, so it adds nobody: the matching may leave delegates out."""
    cast = [person for person in CAST if person not in gone]
    standing_in = {person: tuple(other for other in others if other in cast) for person, others in lent.items()}
    request = waiting(version)
    possible = can_be_clicked_through(request, cast, standing_in)
    assert possible == can_be_clicked_through(request, cast)
    assert possible == (request_shortages(request, people_among(*cast)) == ())
