"""Deciding on several at once: what there is to tick, and how what came of it is said."""

from typing import Any

import pytest

from bot.slack.pages.bulk_decisions import blocks as several
from bot.slack.pages.bulk_decisions.blocks import Came, Result
from bot.slack.pages.bulk_decisions.listener import refused_result
from domain.approvals.decisions import Verdict
from domain.approvals.profiles import CommentRule
from domain.approvals.requests import Request, RequestId, StepRef
from domain.approvals.status import RequestStatus
from domain.common.errors import AlreadyClosed, AlreadyExpired, StepMovedOn
from domain.ports import Page
from tests.bot.slack.cast import HOSTILE, everything
from tests.bot.slack.limits import elements, texts
from tests.bot.slack.test_limits import check, check_modal
from tests.rules.build import ANN, BOB, NOON, approve, profile, step, waiting

PLAIN = profile(step(ANN), comment_required=CommentRule.NEVER)
STRICT = profile(step(ANN), key="strict", comment_required=CommentRule.ALWAYS)
TWO_STEPS = profile(step(ANN), step(BOB))


def page(*requests: Request, more: bool = False) -> Page:
    return Page(requests=requests, next=1 if more else None)


def request(number: int, *chain: Any) -> Request:
    return waiting(*(chain or (PLAIN,)), id=RequestId(number))


def said(view: Any) -> str:
    return "\n".join(text for text, _ in texts(view["blocks"]))


def test_each_box_carries_the_step_that_was_shown() -> None:
    moved = approve(request(8, TWO_STEPS), ANN)
    view = several.choosing(page(request(9), moved), NOON).to_dict()
    boxes = [element for element in elements(view["blocks"]) if element["type"] == "checkboxes"]
    assert [box["options"][0]["value"] for box in boxes] == ["9.0.0", "8.0.1"]
    assert [box["options"][0]["text"]["text"] for box in boxes] == ["Decide on REQ-9", "Decide on REQ-8"]
    assert [element["value"] for element in elements(view["blocks"]) if element["action_id"] == "details"] == ["9", "8"]
    assert not any("initial_options" in box for box in boxes), "nothing is ticked by itself"


def test_it_says_which_of_them_ask_for_a_comment() -> None:
    one, other = request(9), request(8, STRICT)
    mixed = said(several.choosing(page(one, other), NOON).to_dict())
    assert "A comment is required to approve REQ-8." in mixed
    assert "A comment is required to reject REQ-8." in mixed
    assert "Each of these requires a comment to approve it." in said(several.choosing(page(other), NOON).to_dict())
    assert "requires a comment" not in said(several.choosing(page(one), NOON).to_dict())


def test_it_says_where_there_are_more_and_where_there_is_nothing() -> None:
    assert "These are the first 1. Decide them" in said(several.choosing(page(request(9), more=True), NOON).to_dict())
    assert "These are" not in said(several.choosing(page(request(9)), NOON).to_dict())
    nothing = several.choosing(page(), NOON).to_dict()
    assert "Nothing is waiting for you there any longer." in said(nothing)
    assert "submit" not in nothing


def results(*came: Came) -> list[Result]:
    return [
        Result(StepRef(request=number, gate=0, step=0), one, HOSTILE, request(number))
        for number, one in enumerate(came, 1)
    ]


def test_the_sum_has_everything_that_came_of_it() -> None:
    many = results(*[Came.DECIDED] * 18, Came.ALREADY, Came.EXPIRED)
    assert several.summed_up(Verdict.APPROVE, many) == "18 approved, 1 already decided, 1 expired."
    assert several.summed_up(Verdict.REJECT, results(Came.COMMENT)) == "0 rejected, 1 without the required comment."
    rest = results(Came.CANCELLED, Came.NOT_IN_TIME, Came.REFUSED)
    assert several.summed_up(Verdict.APPROVE, rest) == "0 approved, 1 cancelled, 1 not recorded in time, 1 not decided."


def test_what_the_reader_may_not_see_is_only_named() -> None:
    hidden = Result(StepRef(request=7, gate=0, step=0), Came.REFUSED, "There is no REQ-7 that you can see.")
    text = said(several.results(Verdict.APPROVE, [hidden]).to_dict())
    assert "*REQ-7*. There is no REQ-7 that you can see." in text


@pytest.mark.parametrize("count", [1, 2, 20, 30])
def test_whatever_is_shown_slack_takes(count: int) -> None:
    states = [one for _, one in everything() if one.here is not None]
    for start in range(0, len(states), 17):
        requests = tuple(state.replace(id=100 + at) for at, state in enumerate(states[start : start + count]))
        decided = [
            Result(StepRef(request=request.id, gate=0, step=0), came, HOSTILE * 5, request)
            for request, came in zip(requests, [*Came] * count, strict=False)
        ][: several.MOST]
        for view in (
            several.choosing(page(*requests, more=True), NOON),
            several.deciding(count),
            several.results(Verdict.REJECT, decided),
        ):
            check_modal(view)
        check(several.results_message(Verdict.REJECT, decided))


def test_one_that_moved_on_speaks_of_no_message_where_there_is_none() -> None:
    found = refused_result(StepRef(request=5, gate=0, step=0), StepMovedOn(request=5, number=2, step="PKI"))
    assert found.came is Came.ALREADY
    assert found.sentence == "Others have decided: it is now at step 2, PKI."


def test_the_number_of_the_request_is_said_once() -> None:
    on = StepRef(request=5, gate=0, step=0)
    closed = refused_result(on, AlreadyClosed(request=5, status=RequestStatus.APPROVED))
    late = refused_result(on, AlreadyExpired(request=5, deadline=NOON))
    assert (closed.came, closed.sentence) == (Came.ALREADY, "It is already approved.")
    assert (late.came, late.sentence) == (Came.EXPIRED, "It expired before this was recorded.")
