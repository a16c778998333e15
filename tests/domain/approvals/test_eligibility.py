"""Who may decide is one rule: the guards, the yes or no for an interface, and everybody who asks for a list agree on it."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import product

from hypothesis import event, given
from hypothesis import strategies as st

from domain.approvals import moves
from domain.approvals.decisions import Verdict
from domain.approvals.eligibility import People, capacity, deciders
from domain.approvals.profiles import Definition, Notify, ProfileVersion
from domain.approvals.requests import Request, StepRef
from domain.approvals.skipped_steps import skipped
from domain.common.errors import allows
from domain.notices.mentions import Teams, mentions_for
from domain.notices.notices import open_asks
from domain.people.people import Person, PersonId, Standing
from tests.rules.build import HOUR, NOON, people_among, waiting
from tests.rules.cast import BYSTANDER, CAST, GROUPS, ROLES, definitions

REASON = "It is due"
persons = st.builds(
    Person,
    standing=st.sampled_from([Standing.MEMBER, Standing.MEMBER, Standing.MEMBER, Standing.GUEST, Standing.DEACTIVATED]),
    groups=st.frozensets(st.sampled_from(GROUPS)),
    roles=st.frozensets(st.sampled_from(ROLES), max_size=1),
    id=st.just(BYSTANDER),
)
delegations = st.sets(
    st.tuples(st.sampled_from(CAST), st.sampled_from([*CAST, BYSTANDER])).filter(lambda d: d[0] != d[1])
)


class Scene:
    """A request in some state, the people of this moment, and who stands in for whom: delegator and delegate."""

    def __init__(
        self, request: Request, people: dict[PersonId, Person], delegations: Iterable[tuple[PersonId, PersonId]]
    ) -> None:
        self.request = request
        self.everybody = people
        self.delegations = sorted(delegations)

    @property
    def people(self) -> People:
        return people_among(*self.everybody.values())

    def delegators(self, person: PersonId) -> list[Person]:
        return [self.everybody[delegator] for delegator, delegate in self.delegations if delegate == person]

    @property
    def delegates(self) -> dict[PersonId, set[PersonId]]:
        """As the store gives it: active members only."""
        active = [(absent, delegate) for absent, delegate in self.delegations if self.everybody[delegate].takes_part]
        return {absent: {delegate for away, delegate in active if away == absent} for absent, _ in active}


def without_silent_steps(definition: Definition) -> Definition:
    """*definition* with every approver told directly, and nobody else."""
    return definition.replace(steps=tuple(step.replace(notify=Notify()) for step in definition.steps))


@st.composite
def scenes(draw: st.DrawFn, definitions: st.SearchStrategy[Definition] = definitions) -> Scene:
    """A request after some decisions, a cancellation or an expiry, with people whose groups may have changed since."""
    requester = Person(id=draw(st.sampled_from(CAST)))
    versions = [
        ProfileVersion(profile=key, number=1, definition=definition)
        for key, definition in zip(("web", "tls"), draw(st.lists(definitions, min_size=1, max_size=2)), strict=False)
    ]
    request = waiting(*versions, by=requester)
    for _ in range(draw(st.integers(0, 4))):
        people = {person: draw(persons).replace(id=person) for person in [*CAST, BYSTANDER]}
        scene = Scene(request, people, draw(delegations))
        able = sorted(deciders(request, scene.people, scene.delegates).everybody)
        if not able or request.here is None:
            break
        by = draw(st.sampled_from(able))
        verdict = draw(st.sampled_from([Verdict.APPROVE] * 5 + [Verdict.REJECT]))
        request = moves.decide(
            request, people[by], verdict, NOON, on=request.here, comment=REASON, delegators=scene.delegators(by)
        ).request
    ending = draw(st.sampled_from([None, None, None, "cancel", "expire", "escalate"]))
    if ending == "cancel" and not request.status.is_closed:
        request = moves.cancel(request, requester, NOON).request
    if ending == "expire" and (expired := moves.expire(request, NOON + 9 * HOUR)) is not None:
        request = expired.request
    if ending == "escalate" and request.current is not None and request.current.escalates_at is not None:
        escalated = moves.escalate(request, request.current.escalates_at)
        request = request if escalated is None else escalated.request
    people = {person: draw(persons).replace(id=person) for person in [*CAST, BYSTANDER]}
    return Scene(request, people, draw(delegations))


@given(scenes(), st.sampled_from([timedelta(), 9 * HOUR]), st.integers(0, 1), st.integers(0, 2))
def test_a_guard_says_yes_exactly_if_its_move_goes_through(
    scene: Scene, later: timedelta, gate: int, step: int
) -> None:
    request, at = scene.request, NOON + later
    steps = {StepRef(request=request.id, gate=gate, step=step), request.here}
    for key, person in scene.everybody.items():
        delegators = scene.delegators(key)
        for on, verdict in product(filter(None, steps), Verdict):
            may_decide = allows(moves.admit, request, person, at, on=on, delegators=delegators)
            event(f"may decide: {may_decide}")
            decides = allows(moves.decide, request, person, verdict, at, on=on, comment=REASON, delegators=delegators)
            assert may_decide == decides
        may_cancel = allows(moves.may_cancel, request, person, at)
        assert may_cancel == allows(moves.cancel, request, person, at)
        event(f"may cancel: {may_cancel}")
        may_override = allows(moves.may_override, request, person)
        assert may_override == allows(moves.override, request, person, Verdict.APPROVE, at, REASON)
        event(f"may override: {may_override}")
        may_comment = allows(moves.may_comment, request, person, delegators)
        assert may_comment == allows(moves.comment, request, person, REASON, at, delegators=delegators)


@given(scenes())
def test_the_guard_admits_exactly_those_who_are_listed(scene: Scene) -> None:
    request, eligible = scene.request, deciders(scene.request, scene.people, scene.delegates)
    admitted = {
        key
        for key, person in scene.everybody.items()
        if request.here is not None
        and allows(moves.admit, request, person, NOON, on=request.here, delegators=scene.delegators(key))
    }
    event(f"deciders: {len(admitted)}")
    assert eligible.everybody == admitted
    assert {found.by for found in eligible.capacities} == admitted
    assert len(eligible.capacities) == len(admitted), "each person once"
    for key, person in scene.everybody.items():
        decides_as = capacity(request, person, scene.delegators(key))
        assert eligible.capacity(key) == decides_as
        assert decides_as is None or decides_as in eligible.capacities
        event(f"stands in: {decides_as is not None and decides_as.on_behalf_of is not None}")


@given(scenes(definitions.map(without_silent_steps)))
def test_exactly_those_who_may_decide_are_asked(scene: Scene) -> None:
    asked = {notice.person for notice in open_asks(scene.request, scene.people, scene.delegates)}
    assert asked == deciders(scene.request, scene.people, scene.delegates).everybody


@given(scenes(definitions.map(without_silent_steps)))
def test_an_override_skips_those_who_may_decide_and_a_channel_mentions_only_them(scene: Scene) -> None:
    request, here = scene.request, scene.request.here
    if here is None:
        return
    eligible = deciders(request, scene.people, scene.delegates)
    passed = skipped(request, scene.people, scene.delegates)
    named = {person for step in passed for person in step.people if (step.gate, step.step) <= (here.gate, here.step)}
    assert named == eligible.everybody
    assert set(mentions_for(request, here.gate, here.step, Teams(), scene.people).people) == eligible.own
