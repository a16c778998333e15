"""What reminders say, for each kind, and that they keep within Slack's limits whatever is in the request."""

from datetime import timedelta

import pytest

from bot.messages import blocks as messages
from bot.messages import reminder_blocks as reminding
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.ids import Action
from domain.approvals.moves import remind
from domain.notices.notices import Notice, NoticeKind
from tests.bot.slack.cast import HOSTILE, materials, profiles, submitted
from tests.bot.slack.limits import elements, faults_of_message, texts
from tests.rules.build import ANN, BOB, CAT, HOUR, NOON, REQUESTER, approve, profile, step, waiting

WEB = profile(step(ANN, BOB, required=2), step(CAT, name="PKI"), expires_after=72 * HOUR)
LABELS = Labels(people={REQUESTER.id: "Jane Doe"})


def under_an_ask(kind: NoticeKind, **more: object) -> Notice:
    return Notice(kind=kind, key="x", **({"person": ANN.id, "under": f"ask:0.0:{ANN.id}"} | more))


def said(message: Message) -> str:
    return "\n".join(text for text, _ in texts(message.arguments()["blocks"]))


def test_by_the_clock_it_says_for_how_long_and_what_is_missing() -> None:
    message = reminding.reminder(
        approve(waiting(WEB), BOB), under_an_ask(NoticeKind.REMINDER), LABELS, NOON + 24 * HOUR
    )
    assert said(message).startswith(
        "*Reminder*: this has been waiting for 1 day at step 1 of 2, Security: 1 of 2 approved. It expires <!date^"
    )
    assert message.text == "Reminder, approval needed: issue certificate for api.example.com (REQ-12)"


def test_by_the_button_it_says_who_asks() -> None:
    message = reminding.reminder(waiting(WEB), under_an_ask(NoticeKind.NUDGE), LABELS, NOON)
    assert said(message).startswith(
        "<@RITA> asks again: this is still waiting for you at step 1 of 2, Security: 0 of 2 approved."
    )
    assert message.text == "Jane Doe asks again: issue certificate for api.example.com (REQ-12)"


def test_a_warning_says_how_much_time_is_left_and_to_the_requester_what_they_can_do() -> None:
    at = NOON + 54 * HOUR + timedelta(seconds=1)
    message = reminding.reminder(waiting(WEB), under_an_ask(NoticeKind.WARNING), LABELS, at)
    assert said(message).startswith("*Expires in 18 hours*, <!date^")
    assert said(message).endswith(". After that nobody can decide it. It is at step 1 of 2, Security: 0 of 2 approved.")
    assert (
        message.text
        == "Expires 24 Nov 12:00 UTC and is not approved yet: issue certificate for api.example.com (REQ-12)"
    )
    theirs = under_an_ask(NoticeKind.WARNING, person=REQUESTER.id, under="progress")
    assert said(reminding.reminder(waiting(WEB), theirs, LABELS, at)).endswith("once more.")


def test_in_a_channel_it_names_those_whom_nothing_else_tells() -> None:
    notice = under_an_ask(NoticeKind.REMINDER, person=None, channel="C1", under="ask:0.0:C1")
    message = reminding.reminder(waiting(WEB), notice, LABELS, NOON, naming=[ANN.id, BOB.id])
    assert said(message).endswith("\nNot decided yet: <@ANN>, <@BOB>")
    many = reminding.reminder(waiting(WEB), notice, LABELS, NOON, naming=[ANN.id] * 30)
    assert said(many).endswith("and 20 more")


def test_no_button_stands_in_a_reply_that_is_never_drawn_again() -> None:
    for kind in (NoticeKind.REMINDER, NoticeKind.NUDGE, NoticeKind.WARNING):
        drawn = reminding.reminder(waiting(WEB), under_an_ask(kind), LABELS, NOON).arguments()
        assert list(elements(drawn["blocks"])) == []


@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.NUDGE, NoticeKind.WARNING])
@pytest.mark.parametrize("of", sorted(materials()))
def test_it_keeps_within_slacks_limits(kind: NoticeKind, of: str) -> None:
    for chain in profiles(HOSTILE).values():
        request = submitted(*chain, text=HOSTILE, of=of)
        labels = Labels(people={REQUESTER.id: HOSTILE})
        drawn = reminding.reminder(request, under_an_ask(kind), labels, NOON, naming=[ANN.id] * 50).arguments()
        assert faults_of_message(drawn["text"], drawn["blocks"]) == []


def test_the_requester_can_remind_while_somebody_can_decide_and_reads_when_they_did() -> None:
    def shows(request: object) -> list[str]:
        blocks = messages.progress(request, LABELS, NOON).arguments()["blocks"]  # type: ignore[arg-type]  # each caller gives a request
        return [element["action_id"] for element in elements(blocks)]

    assert shows(waiting(WEB)) == [Action.DETAILS, Action.REMIND, Action.CANCEL]
    assert Action.REMIND not in shows(waiting(profile(step(ANN), step())))
    assert Action.REMIND not in shows(waiting())
    reminded = remind(waiting(WEB), REQUESTER, NOON).request
    assert "Approvers who have not decided were reminded <!date^" in said(messages.progress(reminded, LABELS, NOON))
    onward = approve(reminded, ANN, BOB, at=NOON + HOUR)
    assert "were reminded" not in said(messages.progress(onward, LABELS, NOON))
