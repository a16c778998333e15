"""The page about what is wrong: everything in its place, within Slack's limits, and nothing that hides anything else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.devslack.block_kit.limits import check_view
from bot.messages.sender import FOR_GOOD
from bot.slack.kit.ids import Action
from bot.slack.pages.health import texts
from bot.slack.pages.health.blocks import Running, daily, health_page
from domain.approvals.execution import Failed
from domain.approvals.requests import RequestId
from domain.approvals.solvability import Shortage
from domain.notices.notices import Notice, NoticeKind
from domain.platforms.webhooks import Endpoint
from domain.ports import ReleaseState, SentNotice, Troubles, UnsharedFile
from domain.releases.moves import conclude
from domain.workflow.health import PAGE, Health, Stuck, Unreported
from tests.bot.slack.cast import HOSTILE, LONG, submitted
from tests.bot.slack.limits import elements, faults_of_message, faults_of_view
from tests.bot.slack.limits import texts as texts_in
from tests.rules.build import ANN, HOUR, NOON, approve, profile, step, waiting

RUNNING = Running(version="1.2", revision="2026_11_21_tables", mirror_max_age=timedelta(minutes=15))
ASK = "Ask the people who run the connected system."
FINE = Health(troubles=Troubles(), mirrored_at=NOON, database="SQLite 3.40.1")


def page(note: str = "", at: datetime = NOON + timedelta(minutes=1), **facts: Any) -> View:
    view = health_page(FINE.replace(**facts), RUNNING, at, note)
    shown = view.to_dict()
    assert faults_of_view(shown) == []
    assert check_view(shown, ("modal",)) == []
    return view


def said(view: View) -> str:
    return "\n".join(text for text, _ in texts_in(view.to_dict()["blocks"]))


def buttons(view: View) -> list[tuple[str, str | None]]:
    return [(element["action_id"], element.get("value")) for element in elements(view.to_dict()["blocks"])]


def refused(number: int, error: str, **more: Any) -> SentNotice:
    notice = Notice(kind=NoticeKind.ASK, key=f"ask:{number}", **(more or {"person": ANN.id}))
    return SentNotice(id=number, request=12, notice=notice, failure=error, failed_at=NOON)


def paused(key: str) -> Endpoint:
    """A webhook that was given up."""
    return Endpoint(
        key=key,
        url="https://ra.example.com/?token=secret",
        created_at=NOON,
        paused_at=NOON,
        paused_because="It answered 500.",
    )


def test_a_webhook_that_was_given_up_is_told_with_what_to_do() -> None:
    view = page(troubles=Troubles(paused=12), paused=tuple(paused(f"ra{number}") for number in range(12)))
    told = said(view)
    assert "12 webhooks keep failing and are paused." in told
    assert "`ra0` kept failing and has been paused since" in told
    assert (
        ": It answered 500. No event is lost. Run `countersign webhook resume ra0` to send the waiting events." in told
    )
    assert "And 2 more" in told
    assert "secret" not in told, "what stands in an address may be one"
    assert daily(Troubles(paused=1), []).text == "Needs attention today: 1 webhook keeps failing and is paused."


def test_where_nothing_is_wrong_it_says_so_of_each() -> None:
    told = said(page())
    for sentence in (
        "All clear: no stuck requests, failed or unreported operations, undelivered messages or paused webhooks.",
        "No request is past its deadline.",
        "Every message shows the current state of its request.",
        "Decisions are paused if this is more than 15 minutes old.",
    ):
        assert sentence in told
    assert "Countersign 1.2 on SQLite 3.40.1" in told
    assert buttons(page()) == [(Action.HEALTH, "0")]


def test_each_thing_that_is_wrong_is_told_beside_the_others() -> None:
    wrong = Troubles(
        undelivered=1, stuck=1, failed=1, unannounced=1000, unannounced_since=NOON, oldest_due=NOON - 2 * HOUR
    )
    blocked = submitted(profile(step()), id=1)
    broken = submitted(id=2)
    view = page(
        troubles=wrong,
        mirrored_at=NOON - HOUR,
        stuck=(Stuck(request=blocked),),
        failed=(broken,),
        undelivered=(refused(5, "is_archived", channel="C0PKI"),),
        may_try_again=True,
    )
    told = said(view)
    for sentence in (
        "1 request is stuck; 1 operation failed; 1 message was not delivered.",
        "more than 15 minutes ago. Decisions are paused until the next sync.",
        "passed its deadline 2 hours 1 minute ago",
        "More than 999 requests have messages that do not show the current state yet",
        "approval profile has no approvers. The request continues automatically when every step has one.",
        "The request was approved, but the operation failed.",
        "*Approval request* for REQ-12 to <#C0PKI>: the conversation is archived or closed, since <!date^",
    ):
        assert sentence in told, sentence
    assert buttons(view) == [
        (Action.DETAILS, "1"),
        (Action.DETAILS, "2"),
        (Action.RETRY_OPERATION, "2"),
        (Action.TRY_AGAIN, "5"),
        (Action.HEALTH, "0"),
    ]


def test_an_operation_that_failed_says_why_and_only_administrators_retry_it() -> None:
    approved = approve(waiting(profile(step(ANN))), ANN)
    request = conclude(approved, Failed(reason="The HSM is on fire."), NOON, via="webhook:ra").request
    view = page(troubles=Troubles(failed=1), failed=(request,))
    assert "The HSM is on fire." in said(view)
    assert buttons(view) == [(Action.DETAILS, str(request.id)), (Action.HEALTH, "0")]


def missing(valid_for: timedelta | None = None, **facts: Any) -> Unreported:
    """An operation that was accepted at noon, or what *facts* say of it."""
    request = approve(waiting(profile(step(ANN), valid_for=valid_for)), ANN)
    may_retry = facts.pop("may_retry", True)
    said = {"number": 1, "at": NOON, "attempts": 1, "connector": "webhook:ra", "accepted_at": NOON, **facts}
    return Unreported(request=request, release=ReleaseState(**said), may_retry=may_retry)


def test_an_operation_without_a_result_says_since_when_and_what_can_be_done() -> None:
    later = NOON + timedelta(days=3)

    def seen(one: Unreported) -> View:
        return page(at=later, troubles=Troubles(unreported=1), unreported=(one,))

    view = seen(missing())
    assert "1 operation has no result." in said(view)
    assert "`webhook:ra` accepted the operation 3 days ago and has not reported a result." in said(view)
    assert f"{ASK} *Retry* sends the operation again with the same key, so that it is not carried out twice." in said(
        view
    )
    assert (Action.RETRY_OPERATION, "12") in buttons(view)
    auditors = seen(missing(may_retry=False))
    assert f"{ASK} It can still report a result." in said(auditors)
    assert Action.RETRY_OPERATION not in [action for action, _ in buttons(auditors)]
    over = said(seen(missing(valid_for=HOUR, may_retry=False)))
    assert f"{ASK} It can still report a result. The approval is no longer valid, so the operation is not sent" in over
    trying = seen(missing(accepted_at=None, due_at=later, attempts=40, said="It answered <503>.", may_retry=False))
    assert "sent to `webhook:ra` 40 times without a result. Countersign tries again automatically. It answered" in said(
        trying
    )
    assert daily(Troubles(unreported=2), []).text == "Needs attention today: 2 operations have no result."


def test_a_certificate_that_slack_would_not_share_can_be_sent_again() -> None:
    lost = UnsharedFile(request=RequestId(12), person=ANN.id, failure="messages_tab_disabled")
    view = page(troubles=Troubles(files=1), files=(lost,), may_try_again=True)
    assert "1 certificate was not sent as a file." in said(view)
    assert "*Certificate* for REQ-12 to <@ANN>: the Messages tab of the app is off" in said(view)
    assert (Action.TRY_AGAIN, "file:12") in buttons(view)
    assert Action.TRY_AGAIN not in [action for action, _ in buttons(page(troubles=Troubles(files=1), files=(lost,)))]


def test_an_auditor_reads_and_sends_nothing_again() -> None:
    view = page(troubles=Troubles(undelivered=2), undelivered=(refused(5, "is_archived"), refused(6, "is_archived")))
    assert buttons(view) == [(Action.HEALTH, "0")]
    assert "Only administrators can send undelivered messages and files again." in said(view)


def test_who_is_missing_is_said() -> None:
    short = Shortage(steps=((0, HOSTILE[:80]),), required=2, available=1)
    told = said(page(stuck=(Stuck(request=submitted(profile(step(ANN))), shortages=(short,)),)))
    assert "it needs 2 and only one person can decide it" in told
    repaired = said(page(stuck=(Stuck(request=submitted(profile(step(ANN)))),)))
    assert "This request is no longer stuck. Its messages will be updated soon." in repaired


@pytest.mark.parametrize("text", ["ordinary", HOSTILE, LONG[:60]])
def test_a_full_page_is_one_that_slack_takes(text: str) -> None:
    short = Shortage(steps=tuple((number, text) for number in range(20)), required=2, available=1)
    chain = profile(step(ANN), name=(text * 4)[:60])
    stuck = tuple(
        Stuck(request=submitted(chain, id=number + 1, text=text), shortages=(short,) * 3) for number in range(PAGE)
    )
    view = page(
        "5 messages are being sent again.",
        troubles=Troubles(stuck=5000, undelivered=5000),
        stuck=stuck,
        pages=9,
        may_try_again=True,
    )
    assert (Action.HEALTH_NEXT, "1") in buttons(view)
    later = page(
        undelivered=tuple(refused(number, text) for number in range(PAGE)), page=8, pages=9, may_try_again=True
    )
    assert (Action.HEALTH_PREVIOUS, "7") in buttons(later)


def test_every_reason_for_which_slack_refuses_for_good_is_said_in_words() -> None:
    assert set(texts.WHY) >= FOR_GOOD
    assert {str(kind) for kind in NoticeKind} <= set(texts.KINDS)
    assert texts.why("some_new_error") == "Slack says some new error"


def test_the_daily_word_says_how_much_and_names_the_first() -> None:
    stuck = [submitted(profile(step(ANN)), id=number + 1, text=HOSTILE) for number in range(10)]
    message = daily(Troubles(stuck=12, undelivered=1), stuck)
    blocks = message.arguments()["blocks"]
    assert faults_of_message(message.text, blocks) == []
    assert message.text == "Needs attention today: 12 requests are stuck; 1 message was not delivered."
    told = "\n".join(text for text, _ in texts_in(blocks))
    assert "*REQ-1*: issue certificate" in told
    assert "And 2 more" in told
    assert [element["action_id"] for element in elements(blocks)] == [Action.HEALTH]
    assert "more" not in daily(Troubles(undelivered=1), []).text
