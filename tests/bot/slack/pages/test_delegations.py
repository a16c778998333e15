"""Delegations, as people see them."""

from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.messages import blocks as messages
from bot.slack.error_fields import beside
from bot.slack.kit.ids import Callback
from bot.slack.pages.delegations import blocks as delegations
from bot.slack.pages.home import blocks as home
from domain.approvals.delegation import Delegation
from domain.common.errors import (
    AlreadyDelegated,
    DelegationEndsFirst,
    DelegationInThePast,
    DelegationTooLong,
    NotADelegate,
    NothingToDelegate,
    OwnDelegate,
    Refusal,
    TextTooLong,
)
from domain.notices.notices import Notice, NoticeKind
from domain.people.people import Standing
from domain.ports import Page
from domain.workflow import Standins
from tests.bot.slack.cast import HOSTILE, LONG, labels
from tests.bot.slack.limits import Json, elements, faults_of_message, faults_of_view, texts
from tests.rules.build import ADMIN, ANN, BOB, DAN, HOUR, NOON, profile, step, waiting


def one(number: int = 7, *, starts: float = 0, reason: str = "", **people: Any) -> Delegation:
    who = {"delegator": ANN.id, "delegate": DAN.id} | people
    return Delegation(number=number, starts_at=NOON + starts * HOUR, ends_at=NOON + 99 * HOUR, reason=reason, **who)


def said(view: View) -> str:
    return "\n".join(text for text, _ in texts(view.to_dict()["blocks"]))


def fields(view: View) -> list[str]:
    return [block["block_id"] for block in view.to_dict()["blocks"] if block["type"] == "input"]


@pytest.mark.parametrize("reason", ["", "Skiing", HOSTILE, LONG[:2000]])
@pytest.mark.parametrize("many", [0, 1, 60])
def test_it_keeps_within_slacks_limits(reason: str, many: int) -> None:
    some = tuple(one(number, reason=reason) for number in range(1, many + 1))
    others = tuple(one(1000 + number, reason=reason, delegator=BOB.id) for number in range(many))
    found = Standins(given=some, others=others, may_name_others=True)
    for view in (
        delegations.out_of_office(found, NOON, reader=ANN.id),
        delegations.out_of_office(found, NOON, reader=ANN.id, done="*Recorded*: so it is"),
        home.home(ANN, NOON, waiting=Page(requests=()), mine=Page(requests=()), standins=found),
    ):
        assert faults_of_view(view.to_dict()) == []
        for text, kind in texts(view.to_dict()["blocks"]):
            assert kind != "mrkdwn" or "<!channel>" not in text
    for message in (
        delegations.recorded(one(reason=reason), NOON, reader=ANN.id),
        delegations.revoked(one(reason=reason), reader=ANN.id),
        *(
            delegations.recorded_by_another(one(reason=reason), NOON, reader=reader, by=ADMIN.id)
            for reader in (ANN.id, DAN.id)
        ),
        *(
            delegations.revoked_by_another(one(reason=reason), reader=reader, by=ADMIN.id)
            for reader in (ANN.id, DAN.id)
        ),
    ):
        assert faults_of_message(message.text, [block.to_dict() for block in message.blocks]) == []


def test_it_says_where_somebody_can_do_nothing_any_more() -> None:
    found = Standins(given=(one(),), unable={DAN.id: Standing.DEACTIVATED})
    gone = "*It has no effect now*: <@DAN> is deactivated."
    assert gone in said(delegations.out_of_office(found, NOON, reader=ANN.id))
    drawn = home.home(ANN, NOON, waiting=Page(requests=()), mine=Page(requests=()), standins=found)
    assert gone in said(drawn)
    assert "no effect" not in said(delegations.out_of_office(Standins(given=(one(),)), NOON, reader=ANN.id))


def test_the_form_offers_what_its_reader_may() -> None:
    mine = delegations.out_of_office(Standins(), NOON, reader=ANN.id)
    assert fields(mine) == ["delegate", "delegate_until", "delegate_from", "reason"]
    administrators = delegations.out_of_office(Standins(may_name_others=True), NOON, reader=ADMIN.id)
    assert fields(administrators)[-1] == "delegate_for"


def test_what_was_recorded_is_shown_without_a_form() -> None:
    view = delegations.out_of_office(Standins(given=(one(),)), NOON, reader=ANN.id, done="*Recorded*: well")
    assert fields(view) == []
    assert "submit" not in view.to_dict()
    assert "*Recorded*: well" in said(view)


def test_only_those_who_may_get_the_button() -> None:
    def buttons(found: Standins) -> list[str]:
        view = delegations.out_of_office(found, NOON, reader=DAN.id).to_dict()
        return [element["value"] for element in elements(view["blocks"]) if element["type"] == "button"]

    assert buttons(Standins(received=(one(),))) == []
    assert buttons(Standins(received=(one(),), may_name_others=True)) == ["7"]
    assert buttons(Standins(given=(one(8, delegator=DAN.id, delegate=BOB.id),))) == ["8"]


def test_it_is_said_to_each_in_their_own_words() -> None:
    assert delegations.sentence(one(), NOON, reader=ANN.id).startswith("<@DAN> covers for you until <!date^")
    assert delegations.sentence(one(), NOON, reader=DAN.id).startswith("you cover for <@ANN> until ")
    assert delegations.sentence(one(starts=2), NOON, reader=BOB.id).startswith("<@DAN> covers for <@ANN> from ")
    assert "You cover for <@ANN>" in said(
        home.home(DAN, NOON, waiting=Page(requests=()), mine=Page(requests=()), standins=Standins(received=(one(),)))
    )


def test_who_is_asked_for_another_is_told_so_and_told_when_not_any_more() -> None:
    request = waiting(profile(step(ANN, BOB)))
    notice = Notice(kind=NoticeKind.ASK, key=f"ask:0.0:{DAN.id}", person=DAN.id)
    names = labels(request)
    asked = messages.ask(request, notice, names, NOON, asked_as=names.standing_in([ANN.id]))
    blocks: list[Json] = [block.to_dict() for block in asked.blocks]
    assert "You are asked for <@ANN>, who is away" in [text for text, _ in texts(blocks)]
    assert any(element["action_id"] == "approve" for element in elements(blocks))
    no_more: list[Json] = [
        block.to_dict() for block in messages.ask(request, notice, names, NOON, asked_no_more=True).blocks
    ]
    assert list(elements(no_more)) == []
    assert any(text.startswith("You no longer need to decide") for text, _ in texts(no_more))
    assert names.standing_in([ANN.id, BOB.id]) == "for <@ANN> and <@BOB>, who are away"
    assert names.standing_in([]) == ""


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        (OwnDelegate(), "delegate"),
        (NotADelegate(standing=Standing.GUEST), "delegate"),
        (AlreadyDelegated(), "delegate"),
        (NothingToDelegate(standing=Standing.GUEST), "delegate_for"),
        (DelegationInThePast(), "delegate_until"),
        (DelegationEndsFirst(), "delegate_until"),
        (DelegationTooLong(), "delegate_until"),
        (TextTooLong(length=2001, limit=2000), "reason"),
    ],
)
def test_a_refusal_stands_beside_its_field(refusal: Refusal, field: str) -> None:
    assert beside(refusal, Callback.DELEGATION) == {field: str(refusal)}
