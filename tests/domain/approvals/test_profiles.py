"""SPEC.md section 1: what a profile may say, its versions, and who its approvers are."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.approvals.decisions import Verdict
from domain.approvals.profiles import Approvers, CommentRule, Definition, Escalation, Notify, Step
from domain.people.people import Person
from tests.rules.build import ANN, BOB, HOUR, NOON, approvers, profile, someone, step


@pytest.mark.parametrize("name", ["  abc  ", "a" * 80, f" {'a' * 80} "])
def test_a_name_has_3_to_80_characters_after_trimming(name: str) -> None:
    assert Definition(name=name, steps=(step(ANN),)).name == name.strip()


@pytest.mark.parametrize("name", ["", "ab", " ab ", "a" * 81])
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Definition(name=name, steps=(step(ANN),))


def test_a_description_has_up_to_500_characters() -> None:
    assert profile(step(ANN), description=f" {'a' * 500} ").definition.description == "a" * 500
    with pytest.raises(ValidationError):
        profile(step(ANN), description="a" * 501)


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (20, True), (21, False)])
def test_a_profile_has_1_to_20_steps(count: int, fits: bool) -> None:
    steps = [step(ANN)] * count
    if fits:
        assert len(profile(*steps).steps) == count
    else:
        with pytest.raises(ValidationError):
            profile(*steps)


@pytest.mark.parametrize("required", [0, -1])
def test_a_step_needs_at_least_one_person(required: int) -> None:
    with pytest.raises(ValidationError):
        step(ANN, required=required)


def test_the_defaults_are_those_of_the_table() -> None:
    definition = Definition(name="Web servers", steps=(Step(name="Security"),))
    assert not definition.requester_may_approve
    assert definition.comment_required is CommentRule.REJECT
    assert definition.expires_after is None
    assert definition.remind_every == timedelta(hours=24)
    [only] = definition.steps
    assert (only.required, only.notify) == (1, Notify(direct=True, channel=None, silent=Approvers()))
    assert only.escalation is None


@pytest.mark.parametrize(
    ("expires_after", "usual"),
    [(None, 24 * HOUR), (25 * HOUR, 24 * HOUR), (24 * HOUR, None), (HOUR, None)],
)
def test_who_has_not_decided_is_reminded_daily_where_there_is_time(
    expires_after: timedelta | None, usual: timedelta | None
) -> None:
    version = profile(step(ANN), expires_after=expires_after)
    assert version.definition.remind_every == usual
    assert version.next(version.definition.replace(remind_every=usual)) is None, "to say what is usual is no change"
    never = version.next(version.definition.replace(remind_every=None))
    assert (never is None) == (usual is None)
    assert never is None or type(never).model_validate_json(never.model_dump_json()).definition.remind_every is None


@pytest.mark.parametrize("after", [timedelta(), -HOUR, timedelta(days=3651)])
def test_a_reminder_and_an_escalation_come_after_some_time(after: timedelta) -> None:
    with pytest.raises(ValidationError):
        profile(step(ANN), remind_every=after)
    with pytest.raises(ValidationError):
        Escalation(after=after, approvers=approvers(BOB))


def test_an_escalation_names_somebody() -> None:
    with pytest.raises(ValidationError, match="names nobody"):
        Escalation(after=HOUR, approvers=Approvers())


def test_an_escalation_adds_its_approvers_and_takes_none_away() -> None:
    one = step(ANN, groups=["a"], escalation=Escalation(after=HOUR, approvers=approvers(BOB, groups=["b"])))
    assert one.may_be_decided_by(escalated=False) == approvers(ANN, groups=["a"])
    assert one.may_be_decided_by(escalated=True) == approvers(ANN, BOB, groups=["a", "b"])
    assert step(ANN).may_be_decided_by(escalated=True) == approvers(ANN)


def test_an_escalation_is_no_approver_that_a_step_must_have() -> None:
    assert not profile(step(escalation=Escalation(after=HOUR, approvers=approvers(BOB)))).definition.has_approvers


@pytest.mark.parametrize(
    ("rule", "on_approve", "on_reject"),
    [(CommentRule.REJECT, False, True), (CommentRule.ALWAYS, True, True), (CommentRule.NEVER, False, False)],
)
def test_which_verdicts_need_a_comment(rule: CommentRule, on_approve: bool, on_reject: bool) -> None:
    assert (rule.requires(Verdict.APPROVE), rule.requires(Verdict.REJECT)) == (on_approve, on_reject)


@pytest.mark.parametrize("after", [timedelta(), -HOUR, timedelta(days=3651)])
def test_an_expiry_is_some_time_and_not_for_ever(after: timedelta) -> None:
    with pytest.raises(ValidationError):
        profile(step(ANN), expires_after=after)


def test_the_clock_runs_from_the_moment_of_opening_or_never() -> None:
    assert profile(step(ANN), expires_after=2 * HOUR).deadline(NOON) == NOON + 2 * HOUR
    assert profile(step(ANN)).deadline(NOON) is None


# Versions


def test_an_edit_makes_the_next_version_and_leaves_the_old_as_it_was() -> None:
    first = profile(step(ANN), step(BOB))
    edited = first.definition.replace(description="Now with one")
    second = first.next(edited)
    assert second is not None
    assert (second.profile, second.number, second.definition) == ("web", 2, edited)
    assert first == profile(step(ANN), step(BOB))


def test_an_edit_that_changes_nothing_makes_no_version() -> None:
    first = profile(step(ANN, BOB, groups=["a", "b"]))
    again = profile(step(BOB, ANN, ANN, groups=["b", "a"]))
    assert first.next(again.definition) is None
    assert first.next(first.definition.replace(name=f"  {first.name} ")) is None


def test_the_order_of_steps_is_no_detail() -> None:
    first = profile(step(ANN), step(BOB))
    assert first.next(profile(step(BOB), step(ANN)).definition) is not None


def test_nothing_in_a_version_can_be_changed() -> None:
    version = profile(step(ANN))
    for value, field in ((version, "number"), (version.definition, "steps"), (version.steps[0], "required")):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(value, field, getattr(value, field))


def test_a_version_survives_json() -> None:
    further = Escalation(after=timedelta(minutes=30, microseconds=1), approvers=approvers(BOB))
    version = profile(
        step(ANN, groups=["g"], roles=["r"], escalation=further),
        expires_after=timedelta(hours=1, microseconds=1),
        remind_every=timedelta(minutes=20, microseconds=1),
    )
    assert type(version).model_validate_json(version.model_dump_json()) == version


# Approvers


@pytest.mark.parametrize(
    "person",
    [someone("Ann"), someone("Zoe", groups=["pki", "x"]), someone("Zoe", roles=["officer", "x"])],
    ids=["by name", "by group", "by role"],
)
def test_somebody_is_authorised_who_matches_any_of_the_three(person: Person) -> None:
    assert approvers(ANN, groups=["pki"], roles=["officer"]).include(person)


def test_somebody_is_not_authorised_who_matches_none() -> None:
    """A group and a role of the same key are not one another, and a name is no id."""
    those = approvers(ANN, groups=["pki"], roles=["officer"])
    assert not those.include(someone("Zoe", groups=["officer"], roles=["pki"]))
    assert not those.include(someone("Zoe").replace(name="Ann"))
    assert not Approvers().include(ANN)


# No approvers


def test_a_step_without_approvers_may_be_saved_and_warns_loudly() -> None:
    version = profile(step(ANN), step(name="PKI"), step(name="CISO"))
    assert not version.definition.has_approvers
    assert version.definition.warnings() == tuple(
        f"Step {number}, {name}, has no approvers. Requests under this profile are blocked, "
        "and their deadline does not start, until every step has one."
        for number, name in ((2, "PKI"), (3, "CISO"))
    )


def test_each_of_the_three_makes_approvers() -> None:
    for one in (approvers(ANN), approvers(groups=["g"]), approvers(roles=["r"])):
        assert one
    assert not Approvers()
    assert profile(step(groups=["g"])).definition.warnings() == ()


@pytest.mark.parametrize("channel", ["general", "#pki", "c123", "U123", ""])
def test_a_channel_to_notify_is_given_by_its_id(channel: str) -> None:
    with pytest.raises(ValidationError):
        Notify(channel=channel)
    assert Notify(channel="C0123ABC").channel == "C0123ABC"
