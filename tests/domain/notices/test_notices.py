"""Who is told what: SPEC.md sections 1 and 3. Asked again after every move, as the message worker does."""

from collections.abc import Collection, Iterable

from domain.approvals.decisions import Verdict
from domain.approvals.delegation import NO_DELEGATES, Delegates
from domain.approvals.moves import cancel, expire, follow, override
from domain.approvals.profiles import Notify
from domain.approvals.requests import Request
from domain.notices.notices import Notice, NoticeKind, is_over, wanted
from domain.people.people import Person
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    CAT,
    DAN,
    HOUR,
    NOBODY,
    NOON,
    OUTSIDERS,
    REQUESTER,
    approve,
    approvers,
    people_among,
    pid,
    profile,
    reject,
    someone,
    step,
    waiting,
)  # fmt: skip

EVERYBODY = (REQUESTER, ANN, BOB, CAT, DAN, NOBODY, ADMIN, *OUTSIDERS)
WEB = profile(step(REQUESTER, ANN, BOB, CAT, *OUTSIDERS, required=2), step(ANN, DAN, name="PKI"), expires_after=HOUR)
CA = profile(step(ANN), key="ca")


def told(
    request: Request,
    existing: Iterable[Notice] = (),
    *,
    cast: Collection[Person] = EVERYBODY,
    administrators: Collection[Person] = (ADMIN,),
    settled: Collection[str] = (),
    mute: Collection[str] = (),
) -> list[Notice]:
    """Every notice that exists once the message worker has looked at *request*, where *existing* did before."""
    known = {notice.key: notice for notice in existing}
    found = wanted(
        request,
        people=people_among(*cast),
        administrators=[person.id for person in administrators],
        asked=list(known.values()),
        settled=settled,
        mute=mute,
    )
    assert len({notice.key for notice in found}) == len(found), "each key once"
    assert all((notice.person is None) != (notice.channel is None) for notice in found), "to a person or to a channel"
    return list(({notice.key: notice for notice in found} | known).values())


def of(kind: NoticeKind, notices: Iterable[Notice]) -> list[str]:
    return sorted(notice.key for notice in notices if notice.kind is kind)


def asked(notices: Iterable[Notice], gate: int = 0, number: int = 0) -> list[str]:
    """To whom the asks for a step went."""
    return sorted(
        notice.person or notice.channel or ""
        for notice in notices
        if notice.kind is NoticeKind.ASK and (notice.gate, notice.step) == (gate, number)
    )


# Asks


def test_the_first_steps_approvers_are_asked_but_neither_the_requester_nor_who_takes_no_part() -> None:
    notices = told(waiting(WEB))
    assert asked(notices) == [ANN.id, BOB.id, CAT.id]
    assert asked(notices, number=1) == []
    assert len({notice.key for notice in notices}) == len(notices)


def test_the_requester_is_asked_where_the_profile_lets_them_approve() -> None:
    assert asked(told(waiting(profile(step(REQUESTER, ANN), requester_may_approve=True)))) == [ANN.id, REQUESTER.id]


def test_looking_twice_asks_nobody_twice() -> None:
    request = waiting(WEB)
    once = told(request)
    assert told(request, once) == once


def test_the_next_steps_approvers_are_asked_when_it_opens_but_not_who_has_decided() -> None:
    request = approve(waiting(WEB), ANN, BOB)
    assert asked(told(request), number=1) == [DAN.id]


def test_nor_who_was_decided_for() -> None:
    request = approve(waiting(WEB), DAN, delegators=[ANN])
    assert asked(told(request)) == [BOB.id, CAT.id]
    assert asked(told(approve(request, BOB)), number=1) == []


def test_in_the_next_gate_everybody_is_asked_afresh() -> None:
    assert asked(told(approve(waiting(WEB, CA), ANN, BOB, DAN)), gate=1) == [ANN.id]


def test_who_joins_while_the_step_is_open_is_asked_then() -> None:
    request = waiting(profile(step(groups=["pki"])))
    first = told(request, cast=[someone("Yan", groups=["pki"])])
    assert asked(first) == [pid("Yan")]
    second = told(request, first, cast=[someone("Yan"), someone("Zoe", groups=["pki"])])
    assert asked(second) == [pid("Yan"), pid("Zoe")], "what was sent stays, to be redrawn"


def test_a_channel_is_asked_as_well_or_instead() -> None:
    def to(notify: Notify) -> list[str]:
        return asked(told(waiting(profile(step(ANN, BOB, notify=notify)))))

    assert to(Notify()) == [ANN.id, BOB.id]
    assert to(Notify(channel="C1")) == ["C1", ANN.id, BOB.id]
    assert to(Notify(direct=False, channel="C1")) == ["C1"]
    assert to(Notify(direct=False)) == []


def test_an_approver_may_be_authorised_without_being_notified() -> None:
    ann = someone("Ann", groups=["quiet"])
    version = profile(step(ann, BOB, CAT, notify=Notify(silent=approvers(BOB, groups=["quiet"]))))
    request = waiting(version)
    assert asked(told(request, cast=[ann, BOB, CAT])) == [CAT.id]
    assert approve(request, BOB).status.is_closed


def test_nobody_is_asked_about_what_is_blocked_queued_or_closed() -> None:
    for request in (
        waiting(profile(step(ANN), step())),
        reject(waiting(WEB), ANN),
        cancel(waiting(WEB), REQUESTER, NOON).request,
        waiting(),
    ):
        assert of(NoticeKind.ASK, told(request)) == []


# The requester


def test_the_requester_has_one_living_message_and_a_new_one_at_the_end() -> None:
    request = waiting(WEB)
    notices = told(request)
    assert of(NoticeKind.PROGRESS, notices) == ["progress"]
    assert of(NoticeKind.OUTCOME, notices) == []
    notices = told(reject(request, ANN), notices)
    assert of(NoticeKind.PROGRESS, notices) == ["progress"]
    assert of(NoticeKind.OUTCOME, notices) == ["outcome:rejected"]
    assert {notice.person for notice in notices if notice.kind is NoticeKind.OUTCOME} == {REQUESTER.id}


def test_there_is_one_outcome_for_each_closing() -> None:
    expired = expire(waiting(WEB), NOON + HOUR)
    assert expired is not None
    for closed in (reject(waiting(WEB), ANN), expired.request):
        notices = told(override(closed, ADMIN, Verdict.APPROVE, NOON, "Outage").request, told(closed))
        assert of(NoticeKind.OUTCOME, notices) == ["outcome:approved", f"outcome:{closed.status}"]
    for closed in (cancel(waiting(WEB), REQUESTER, NOON).request, approve(waiting(CA), ANN)):
        assert of(NoticeKind.OUTCOME, told(closed)) == [f"outcome:{closed.status}"]


def test_what_nothing_gates_is_told_once() -> None:
    assert [one.kind for one in told(waiting()) if one.person == REQUESTER.id] == [NoticeKind.PROGRESS]


# Reviews


def test_each_review_goes_under_each_ask_of_its_step() -> None:
    request = waiting(WEB)
    notices = told(request)
    request = approve(request, ANN)
    notices = told(request, notices)
    reviews = [notice for notice in notices if notice.kind is NoticeKind.REVIEW]
    assert sorted(review.under for review in reviews) == of(NoticeKind.ASK, notices)
    assert {review.person for review in reviews} == {ANN.id, BOB.id, CAT.id}
    assert {review.decision for review in reviews} == {1}
    request = approve(request, BOB)
    notices = told(request, notices)
    assert len(of(NoticeKind.REVIEW, notices)) == 6, "two decisions under three asks of the first step"
    assert asked(notices, number=1) == [DAN.id]
    notices = told(approve(request, DAN), notices)
    assert len(of(NoticeKind.REVIEW, notices)) == 7, "and one under the only ask of the second"


def test_a_review_goes_under_the_ask_in_the_channel_too() -> None:
    request = waiting(profile(step(ANN, notify=Notify(direct=False, channel="C1"))))
    notices = told(approve(request, ANN), told(request))
    [review] = [notice for notice in notices if notice.kind is NoticeKind.REVIEW]
    assert (review.channel, review.person, review.under) == ("C1", None, "ask:0.0:C1")


def test_who_is_asked_late_sees_what_was_decided_before() -> None:
    request = waiting(WEB)
    notices = told(approve(request, ANN), told(request, cast=[ANN]), cast=[ANN, BOB])
    assert of(NoticeKind.REVIEW, notices) == [f"review:1:ask:0.0:{ANN.id}", f"review:1:ask:0.0:{BOB.id}"]


# Administrators


def alerts(notices: Iterable[Notice]) -> list[str]:
    return sorted(notice.person or "" for notice in notices if notice.kind is NoticeKind.ALERT)


def test_administrators_are_told_of_what_is_blocked() -> None:
    eve = someone("Eve")
    request = waiting(profile(step(ANN), step()))
    notices = told(request, administrators=[ADMIN, eve])
    assert alerts(notices) == [ADMIN.id, eve.id]
    assert told(request, notices, administrators=[ADMIN, eve]) == notices


def test_they_are_told_of_each_gate_that_is_blocked() -> None:
    empty = profile(step(), key="cp")
    request = waiting(profile(step()), empty)
    notices = told(request)
    opened = follow(request, profile(step(ANN), number=2), NOON)
    assert opened is not None
    notices = told(approve(opened.request, ANN), notices)
    assert alerts(notices) == [ADMIN.id, ADMIN.id]


def test_administrators_and_the_requester_are_told_when_nobody_is_left() -> None:
    request = waiting(WEB)
    notices = told(request)
    assert alerts(notices) == []
    notices = told(request, notices, cast=[ANN, REQUESTER])
    assert alerts(notices) == [ADMIN.id, REQUESTER.id]
    assert told(request, notices, cast=[ANN]) == notices, "once"


def test_a_later_gates_dead_end_is_told_at_submission() -> None:
    assert alerts(told(waiting(WEB, profile(step(REQUESTER), key="ca")))) == [ADMIN.id, REQUESTER.id]


def test_an_administrator_who_is_the_requester_is_told_once() -> None:
    assert alerts(told(waiting(profile(step(ADMIN)), by=ADMIN))) == [ADMIN.id]


def test_there_is_no_alert_about_what_is_closed() -> None:
    assert alerts(told(reject(waiting(WEB), ANN), cast=[])) == []


def test_what_is_repaired_and_befalls_it_again_is_told_anew() -> None:
    request = waiting(WEB)
    first = told(request, told(request), cast=[ANN, REQUESTER])
    keys = of(NoticeKind.ALERT, first)
    assert told(request, first, cast=[ANN, REQUESTER]) == first, "it is still the same shortage"
    assert told(request, first, settled=keys) == first, "repaired: nobody is told of anything new"
    second = told(request, first, cast=[ANN, REQUESTER], settled=keys)
    again = sorted(set(of(NoticeKind.ALERT, second)) - set(keys))
    assert [key.rpartition(":")[2] for key in again] == ["2", "2"]
    assert alerts(second) == sorted([ADMIN.id, REQUESTER.id] * 2)
    third = told(request, second, cast=[ANN, REQUESTER], settled=[*keys, *again])
    assert len(alerts(third)) == 6


def test_who_became_an_administrator_meanwhile_hears_of_the_second_shortage_once() -> None:
    request, eve = waiting(WEB), someone("Eve")
    first = told(request, cast=[ANN, REQUESTER])
    second = told(
        request, first, cast=[ANN, REQUESTER], administrators=[ADMIN, eve], settled=of(NoticeKind.ALERT, first)
    )
    assert alerts(second).count(eve.id) == 1


def test_an_alert_is_over_when_its_own_trouble_is() -> None:
    request = waiting(profile(step(ANN), step()), CA)
    blocked = next(one for one in told(request) if one.kind is NoticeKind.ALERT)
    assert not is_over(request, blocked, ())
    opened = follow(request, profile(step(ANN), step(BOB), number=2), NOON)
    assert opened is not None
    assert is_over(opened.request, blocked, {0})
    short = next(one for one in told(opened.request, cast=[ANN]) if "short" in one.key)
    assert not is_over(opened.request, short, {0})
    assert is_over(opened.request, short, {1})
    assert is_over(cancel(opened.request, REQUESTER, NOON).request, short, {0})


# Overrides


def past(request: Request, verdict: Verdict = Verdict.APPROVE, away: Delegates = NO_DELEGATES) -> Request:
    """*request*, overridden; whoever is in the cast could have decided."""
    people = people_among(*EVERYBODY)
    return override(request, ADMIN, verdict, NOON, "Outage", people=people, delegates=away).request


def skipped(notices: Iterable[Notice]) -> dict[str, str]:
    """Who is told of an override, and under which ask; nothing where it is a message of its own."""
    return {n.person or n.channel or "": n.under for n in notices if n.kind is NoticeKind.OVERRIDDEN}


def test_everybody_whom_an_override_went_past_is_told_once() -> None:
    request = waiting(WEB, profile(step(CAT, DAN), key="ca"))
    asks = told(request)
    after = told(past(request), asks)
    assert skipped(after) == {
        **{one.id: f"ask:0.0:{one.id}" for one in (ANN, BOB, CAT)},
        DAN.id: "",
    }, "those who were asked under what asked them, and who would have been asked later by a message"
    assert told(past(request), after) == after
    assert told(past(request), after, cast=[*EVERYBODY, someone("Zoe")]) == after, "who joins later was not skipped"


def test_neither_the_requester_nor_who_overrode_it_is_told_that_it_was() -> None:
    request = waiting(profile(step(REQUESTER, ADMIN, ANN), requester_may_approve=True))
    assert set(skipped(told(past(request), told(request)))) == {ANN.id}


def test_an_override_skips_nobody_of_the_steps_that_were_approved() -> None:
    request = approve(waiting(profile(step(ANN), step(BOB))), ANN)
    asks = told(request, told(waiting(profile(step(ANN), step(BOB)))))
    assert set(skipped(told(past(request), asks))) == {BOB.id}


def test_an_override_went_past_nobody_who_had_decided_the_same() -> None:
    both = waiting(profile(step(ANN, BOB, required=2)))
    asks = told(both)
    assert set(skipped(told(past(approve(both, ANN)), asks))) == {BOB.id}
    against = past(approve(both, ANN), Verdict.REJECT)
    assert set(skipped(told(against, asks))) == {ANN.id, BOB.id}, "whose approval it goes against hears of it"
    rejected = past(reject(both, ANN))
    assert set(skipped(told(rejected, asks))) == {ANN.id, BOB.id}, "as does who had rejected"


def test_who_stands_in_for_somebody_away_was_skipped_too() -> None:
    request = waiting(profile(step(ANN), step(BOB, name="Two")))
    assert set(skipped(told(past(request, away={BOB.id: [CAT.id]})))) == {ANN.id, BOB.id, CAT.id}


def test_where_only_a_channel_would_have_been_asked_the_channel_is_told() -> None:
    quiet = Notify(direct=False, channel="C1")
    request = waiting(profile(step(ANN, notify=quiet), step(BOB, CAT, notify=quiet, name="Two")))
    assert skipped(told(past(request), told(request))) == {"C1": "ask:0.0:C1"}, "once, for both steps"
    never_asked = waiting(profile(step(ANN), step(BOB, CAT, notify=quiet, name="Two")))
    assert skipped(told(past(never_asked))) == {ANN.id: "", "C1": ""}
    dead = told(past(never_asked), mute=["C1"])
    assert set(skipped(dead)) == {ANN.id, BOB.id, CAT.id}, "nobody hears less because a channel is gone"


def test_a_second_override_is_told_as_well_as_the_first() -> None:
    request = past(waiting(WEB), Verdict.REJECT)
    first = told(request, told(waiting(WEB)))
    second = told(past(request), first)
    keys = set(of(NoticeKind.OVERRIDDEN, second))
    assert keys - set(of(NoticeKind.OVERRIDDEN, first)) == {
        f"overridden:approve:{one.id}" for one in (ANN, BOB, CAT, DAN)
    }


def test_of_very_many_people_each_step_gets_its_share() -> None:
    crowd = [someone(f"A{number}", groups=["all"]) for number in range(3000)]
    few = someone("Zed", groups=["few"])
    request = waiting(profile(step(groups=["all"]), step(groups=["few"], name="Two")))
    change = override(request, ADMIN, Verdict.APPROVE, NOON, "Outage", people=people_among(*crowd, few))
    assert change.request.override is not None
    all_of_them, others = (one.people for one in change.request.override.skipped)
    assert (len(all_of_them), others) == (999, (few.id,))
