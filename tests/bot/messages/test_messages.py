"""What the messages say, state by state."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.messages import blocks as messages
from bot.slack.kit.blocks.labels import Labels
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.ids import Action
from domain.approvals.decisions import Verdict
from domain.approvals.moves import cancel, comment, decide, escalate, expire, follow, override
from domain.approvals.profiles import CommentRule, Escalation
from domain.approvals.requests import Request
from domain.approvals.solvability import request_shortages
from domain.approvals.status import RequestStatus
from domain.common.operations import Operation
from domain.notices.notices import Notice, NoticeKind
from domain.people.people import ADMINISTRATOR, GroupId, RoleId
from domain.pki import parse
from tests.bot.slack.cast import HOSTILE, LATER, materials
from tests.bot.slack.limits import elements, texts
from tests.material_factory import csr_pem
from tests.rules.build import (
    ADMIN,
    ANN,
    BOB,
    CAT,
    HOUR,
    NOON,
    REQUESTER,
    approve,
    approvers,
    here,
    people_among,
    profile,
    reject,
    someone,
    step,
    waiting,
)

SECURITY = step(ANN, name="Security")
PKI = step(BOB, CAT, name="PKI administrators", required=2)
WEB = profile(SECURITY, PKI, expires_after=6 * HOUR)
CA = profile(step(BOB, name="CA officers"), key="ca")
LABELS = Labels(
    people={REQUESTER.id: "Jane Doe", ANN.id: "Ann & Co", ADMIN.id: "Adam"},
    groups={GroupId("pki-admins"): "pki-admins"},
)
WHEN_NOON = "<!date^1795262400^{date_short_pretty} {time}|21 Nov 2026, 12:00 UTC>"


def asking(gate: int = 0, number: int = 0, **more: Any) -> Notice:
    return Notice(kind=NoticeKind.ASK, key=f"ask:{gate}.{number}", gate=gate, step=number, **{"person": ANN.id, **more})


def ask(request: Request, gate: int = 0, number: int = 0, at: Any = NOON) -> Message:
    return messages.ask(request, asking(gate, number), LABELS, at, asked_as="as a member of pki-admins")


def said(message: Message) -> str:
    """Everything that the blocks say, as one text."""
    return "\n".join(text for text, _ in texts(message.arguments()["blocks"]))


def buttons(message: Message) -> dict[str, str]:
    """Action and value of each button."""
    return {element["action_id"]: element["value"] for element in elements(message.arguments()["blocks"])}


def test_an_ask_says_the_whole_thing_in_one_line() -> None:
    assert ask(waiting(WEB)).text == (
        "Approval needed: issue certificate for api.example.com, from Jane Doe, step 1 of 2, expires 21 Nov 18:00 UTC (REQ-12)"
    )
    assert "does not expire" in ask(waiting(CA)).text


LATE = Escalation(after=36 * HOUR, approvers=approvers(BOB, groups=["pki-admins"]))
ESCALATING = profile(step(ANN, CAT, required=2, name="Security", escalation=LATE))


def test_who_is_asked_by_an_escalation_is_told_why() -> None:
    change = escalate(waiting(ESCALATING), NOON + 36 * HOUR)
    assert change is not None
    request = change.request

    def why(request: Request, *, escalated: bool) -> str:
        drawn = messages.ask(request, asking(), LABELS, NOON, asked_as="as a member of pki-admins", escalated=escalated)
        return drawn.arguments()["blocks"][-2]["elements"][0]["text"]  # type: ignore[no-any-return]  # JSON of a message

    assert why(request, escalated=True) == (
        "There was no decision for 1 day 12 hours, so you are also asked, as a member of pki-admins"
    )
    assert why(request, escalated=False) == "You are asked as a member of pki-admins"
    assert why(approve(request, ANN), escalated=True).startswith(
        "This has been waiting for 1 day 12 hours, so you are also asked"
    )


def test_the_requester_reads_when_more_people_will_be_asked_and_when_they_were() -> None:
    request = waiting(ESCALATING)
    assert "will be asked too." in said(messages.progress(request, LABELS, NOON))
    change = escalate(request, NOON + 36 * HOUR)
    assert change is not None
    told = said(messages.progress(change.request, LABELS, NOON))
    assert "There was no decision for 1 day 12 hours, so more people were asked <!date^" in told
    assert "pki-admins" in told, "they are among those it waits for"


def test_an_ask_stands_in_the_order_in_which_one_decides() -> None:
    blocks = ask(waiting(WEB)).arguments()["blocks"]
    assert [block["type"] for block in blocks] == [
        "header",
        "section",
        "section",
        "section",
        "section",
        "context",
        "actions",
    ]
    header, facts, content, heading, reason, context, actions = blocks
    assert header["text"]["text"] == "Approval needed: issue certificate"
    assert [field["text"] for field in facts["fields"]] == [
        f"*Request*\nREQ-12, created {WHEN_NOON}",
        "*Requester*\n<@RITA>",
        "*Resource*\nRA profile At web",
        "*Profile*\nProfile web, version 1",
        "*Step 1 of 2*\nSecurity, 0 of 1 approved",
        "*Expires*\n<!date^1795284000^{date_short_pretty} {time}|21 Nov 2026, 18:00 UTC>",
    ]
    assert content["text"]["text"].startswith("*What will be signed*\n*Subject* `CN=api.example.com`")
    assert heading["text"]["text"] == "*Reason given*"
    assert reason["text"] == {"type": "plain_text", "text": "The old one runs out", "emoji": False}
    assert context["elements"][0]["text"] == "You are asked as a member of pki-admins"
    assert [action["text"]["text"] for action in actions["elements"]] == [
        "Approve",
        "Reject",
        "Details",
        "Approve with comment",
    ]
    assert [action.get("style") for action in actions["elements"]] == ["primary", "danger", None, None]
    assert actions["elements"][0]["accessibility_label"] == "Approve request REQ-12"


def test_buttons_carry_the_step_or_the_request_and_nothing_else() -> None:
    request = approve(waiting(WEB, CA), ANN, BOB, CAT)
    assert buttons(ask(request, gate=1)) == {
        "approve": "12.1.0", "reject": "12.1.0", "approve_with_comment": "12.1.0", "details": "12"
    }  # fmt: skip


def test_where_a_comment_is_a_duty_one_button_approves() -> None:
    always = profile(SECURITY, comment_required=CommentRule.ALWAYS)
    assert set(buttons(ask(waiting(always)))) == {"approve", "reject", "details"}


def test_what_has_been_said_so_far_shows_with_names_times_and_comments() -> None:
    request = approve(waiting(WEB), ANN)
    request = decide(request, BOB, Verdict.APPROVE, NOON, on=here(request), comment="*Fine* by me").request
    request = comment(request, REQUESTER, "Thanks :tada:", NOON).request
    message = ask(request, number=1)
    assert "PKI administrators, 1 of 2 approved" in said(message)
    assert "step 2 of 2, 1 of 2 approved, expires" in message.text
    assert f"*Approved* by <@BOB>, {WHEN_NOON}\n“*Fine* by me”" in said(message)
    assert f"*Comment* by <@RITA>, {WHEN_NOON}\n“Thanks :tada:”" in said(message)
    assert Action.APPROVE in buttons(message)


def test_comments_and_decisions_that_do_not_fit_are_counted() -> None:
    request = waiting(WEB)
    for number in range(30):
        request = comment(request, REQUESTER, f"{number} " + "<" * 1900, NOON).request
    assert "earlier entries in Details" in said(ask(request))


def _cancelled(request: Request) -> Request:
    return cancel(request, REQUESTER, NOON, "Not needed").request


def _expired(request: Request) -> Request:
    change = expire(request, LATER)
    assert change is not None
    return change.request


def _overridden(request: Request) -> Request:
    return override(request, ADMIN, Verdict.APPROVE, NOON, "Outage").request


CLOSED: list[tuple[Callable[[Request], Request], str, str]] = [
    (
        lambda r: reject(r, ANN),
        "Rejected: issue certificate",
        f"*Rejected* by <@ANN>, {WHEN_NOON}, at step 1 of 2, Security.\n“No”",
    ),
    (_cancelled, "Cancelled: issue certificate", f"*Cancelled* by <@RITA>, {WHEN_NOON}.\n“Not needed”"),
    (
        _expired,
        "Expired: issue certificate",
        "*Expired*, <!date^1795284000^{date_short_pretty} {time}|21 Nov 2026, 18:00 UTC>, at step 1",
    ),
    (
        _overridden,
        "Overridden to approved: issue certificate",
        (
            f"*Overridden to approved* by <@ADAM>, {WHEN_NOON}.\n“Outage”\n"
            "Skipped: step 1 of 2, Security (0 of 1); step 2 of 2, PKI administrators (0 of 2)."
        ),
    ),
]


def test_an_override_past_several_gates_names_the_gate_of_each_step() -> None:
    told = said(messages.progress(_overridden(waiting(WEB, CA)), LABELS, NOON))
    assert "Skipped: step 1 of 2, Security, of RA profile At web (0 of 1); " in told
    assert "; step 1 of 1, CA officers, of certificate profile " in told


@pytest.mark.parametrize(("end", "header", "line"), CLOSED, ids=["rejected", "cancelled", "expired", "overridden"])
def test_when_it_closes_details_stay_buttons_go_and_a_line_says_who_when_and_why(
    end: Callable[[Request], Request], header: str, line: str
) -> None:
    request = end(waiting(WEB))
    message = ask(request)
    assert message.arguments()["blocks"][0]["text"]["text"] == header
    assert line in said(message)
    assert set(buttons(message)) == {"details"}
    assert "*Subject* `CN=api.example.com`" in said(message)
    assert "The old one runs out" in said(message)
    assert "You are asked" not in said(message)


def test_what_closed_it_is_told_once() -> None:
    text = said(ask(reject(waiting(WEB), ANN)))
    assert text.count("“No”") == 1
    assert text.count("*Rejected* by") == 1


def test_a_step_that_has_its_approvals_closes_and_says_where_it_goes_on() -> None:
    request = approve(waiting(WEB, CA), ANN)
    assert "*Approved*: step 1 of 2, Security, by <@ANN>. It is now at step 2 of 2, PKI administrators." in said(
        ask(request)
    )
    assert ask(request).text.startswith("Step approved: issue certificate for api.example.com, from Jane Doe")
    assert set(buttons(ask(request))) == {"details"}
    assert set(buttons(ask(request, number=1))) > {"approve", "reject"}
    through = approve(request, BOB, CAT)
    assert "This gate is complete. The next one, certificate profile At ca, is at step 1 of 1, CA officers." in said(
        ask(through, number=1)
    )
    done = approve(through, BOB)
    assert "*Approved* by <@BOB>" in said(ask(done))
    assert set(buttons(ask(done))) == set(buttons(ask(done, gate=1))) == {"details"}


def test_after_the_deadline_nothing_can_be_pressed_even_before_the_clock_comes_by() -> None:
    message = ask(waiting(WEB), at=LATER)
    assert set(buttons(message)) == {"details"}
    assert "The deadline was" in said(message)


def test_a_decision_for_somebody_says_both() -> None:
    request = waiting(WEB)
    request = decide(request, CAT, Verdict.REJECT, NOON, on=here(request), comment="No", delegators=[ANN]).request
    assert "*Rejected* by <@CAT> for <@ANN>" in said(ask(request))
    review = messages.review(request, Notice(kind=NoticeKind.REVIEW, key="r", decision=1), LABELS, NOON)
    assert review.text == "CAT for Ann &amp; Co rejected step 1 of REQ-12: No"


def test_the_content_is_cut_value_by_value_and_the_rest_is_counted() -> None:
    text = said(ask(waiting(WEB, material=materials()["many"])))
    assert "*Alternative names (500)* `DNS:host-0." in text
    assert "+495 more in Details" in text
    assert "*Key* `EC P-256`" in text
    long = parse(Operation.ISSUE, csr=csr_pem("x" * 64, [f"{'y' * 60}.{'z' * 60}.example.com", "last.example.com"]))
    text = said(ask(waiting(WEB, material=long)))
    assert f"`DNS:{'y' * 60}.{'z' * 44}…`, `DNS:last.example.com`" in text


def test_what_deserves_a_second_look_is_shown_as_it_is() -> None:
    text = said(ask(waiting(WEB, material=materials()["hostile"])))
    assert "*Worth a second look*\n• Warning: This requests a CA certificate (CA:TRUE)" in text
    assert "• Warning: Wildcard: *.corp matches" in text


def test_a_rekey_shows_what_changes() -> None:
    text = said(ask(waiting(WEB, operation=Operation.REKEY, material=materials()["changed"])))
    assert "*What changes*\n• subject `CN=api.example.com` → `CN=new.example.com`" in text
    assert "more in Details" in text


def test_hostile_text_stays_text() -> None:
    text = said(ask(waiting(profile(step(ANN, name=HOSTILE[:40])), reason=HOSTILE)))
    assert "<!channel> *b* _i_ ~s~ `c` :tada: &lt; <@U1>" in text  # the reason, in a plain text object
    assert "`&lt;!channel&gt; *b*" in text  # the name of the step, as code


def test_progress_lists_every_gate_and_step_and_what_is_next() -> None:
    message = messages.progress(approve(waiting(WEB, CA), ANN, BOB), LABELS, NOON)
    assert message.text == (
        "Waiting for approval: issue certificate for api.example.com (REQ-12), step 2 of 2 needs 1 more approval from BOB, CAT"
    )
    lines = [line.strip() for line in said(message).splitlines()]
    assert "*Gate 1 of 2, RA profile* At web: Waiting for approval ● (Profile web, version 1)" in lines
    assert "✓ Step 1, Security: approved by <@ANN>" in lines
    assert "● Step 2, PKI administrators: 1 of 2 approved (<@BOB>), waiting for <@BOB>, <@CAT>" in lines
    assert "*Gate 2 of 2, certificate profile* At ca: Not reached yet ○ (Profile ca, version 1)" in lines
    assert "○ Step 1, CA officers: not reached yet, needs 1 of <@BOB>" in lines
    assert any(line.startswith("*Next*: 1 approval from <@BOB>, <@CAT>. Expires") for line in lines)
    assert buttons(message) == {"details": "12", "remind": "12", "cancel": "12"}


def test_progress_of_a_closed_request_offers_to_ask_again() -> None:
    message = messages.progress(reject(waiting(WEB), ANN), LABELS, NOON)
    assert message.text == "Rejected by Ann &amp; Co: issue certificate for api.example.com (REQ-12)"
    assert buttons(message) == {"details": "12", "resubmit": "12"}
    assert "✗ Step 1, Security: rejected" in said(message)


def test_progress_of_what_nothing_gates_says_so() -> None:
    text = said(messages.progress(waiting(), LABELS, NOON))
    assert text.lower().count("no approval is required") == 1
    assert "*Approved*: no approval is required for this operation here" in text


def test_whoever_approved_is_named_at_the_end_and_not_only_the_last() -> None:
    done = approve(waiting(WEB), ANN, BOB, CAT)
    assert done.status is RequestStatus.APPROVED
    outcome = messages.outcome(done, Notice(kind=NoticeKind.OUTCOME, key="outcome:approved"), LABELS, NOON)
    assert f"*Approved* by <@ANN>, <@BOB> and <@CAT>, {WHEN_NOON}." in said(outcome)
    living = said(messages.progress(done, LABELS, NOON))  # names them at their steps
    assert f"*Approved*, {WHEN_NOON}." in living
    assert "✓ Step 2, PKI administrators: approved by <@BOB> and <@CAT>" in living
    assert outcome.text == "Approved by Ann &amp; Co, BOB and CAT: issue certificate for api.example.com (REQ-12)"


def test_the_outcome_says_what_follows() -> None:
    outcome = Notice(kind=NoticeKind.OUTCOME, key="outcome:approved", person=REQUESTER.id)
    approved = messages.outcome(approve(waiting(CA), BOB), outcome, LABELS, NOON)
    assert "*Released*. Waiting for the CA to carry out exactly what was approved." in said(approved)
    assert set(buttons(approved)) == {"details"}
    rejected = reject(waiting(WEB), ANN)
    refused = messages.outcome(rejected, outcome.replace(key="outcome:rejected"), LABELS, NOON)
    assert "Nothing was issued or changed." in said(refused)
    assert "the result has changed since" not in said(refused)
    overridden = override(rejected, ADMIN, Verdict.APPROVE, NOON, "Outage").request
    text = said(messages.outcome(overridden, outcome.replace(key="outcome:rejected"), LABELS, NOON))
    assert "Overridden to approved: issue certificate" in text
    assert "It had been rejected." in text
    assert "the result has changed since" in text


def test_a_review_records_one_decision_and_never_changes() -> None:
    request = approve(waiting(WEB), ANN, BOB)
    notice = Notice(kind=NoticeKind.REVIEW, key="r", decision=2, step=1)
    first = messages.review(request, notice, LABELS, NOON)
    assert first.text == "BOB approved step 2 of REQ-12"
    assert said(first) == f"*Approved* by <@BOB>, {WHEN_NOON}: step 2 of 2, PKI administrators. 1 of 2 approved."
    assert messages.review(approve(request, CAT), notice, LABELS, NOON) == first


def alert(request: Request, person: Any = ADMIN) -> Message:
    short = {item.position: one for item, one in request_shortages(request, people_among(ANN, BOB))}
    notice = Notice(kind=NoticeKind.ALERT, key="alert", person=person.id)
    return messages.alert(request, notice, LABELS, NOON, shortage=short.get(0))


def test_administrators_are_told_what_blocks_and_what_to_do() -> None:
    nobody = profile(SECURITY, step(name="Nobody"))
    request = waiting(nobody)
    message = alert(request)
    assert message.text == "Blocked: issue certificate for api.example.com, requested by Jane Doe (REQ-12)"
    assert "has no approvers in step 2, Nobody." in said(message)
    assert buttons(message) == {"details": "12", "override": "12"}
    opened = follow(request, profile(SECURITY, number=2), NOON)
    assert opened is not None
    assert alert(opened.request).text.startswith("No longer stuck")
    assert buttons(alert(opened.request)) == {"details": "12"}


def test_nobody_left_is_told_to_administrators_and_to_the_requester() -> None:
    request = waiting(WEB)
    assert "Step 2, PKI administrators, can never be reached: it needs 2 and only one person can decide it." in said(
        alert(request)
    )
    assert buttons(alert(request, REQUESTER)) == {"details": "12", "cancel": "12"}
    assert alert(_cancelled(request)).text.startswith("Cancelled")


def test_how_somebody_qualifies() -> None:
    people = approvers(ANN, groups=["pki-admins", "other"], roles=["administrator"])
    assert LABELS.qualification(people, someone("Bob", groups=["pki-admins"])) == "as a member of pki-admins"
    assert LABELS.qualification(people, ANN) == "by name"
    both = someone("Ann", groups=["pki-admins"], roles=[ADMINISTRATOR])
    assert LABELS.qualification(people, both) == "as a member of pki-admins and as Administrator and by name"
    assert LABELS.qualification(people, CAT) == ""
    assert LABELS.role(RoleId("unknown")) == "unknown"


def test_a_channel_is_asked_for_everybody() -> None:
    message = messages.ask(waiting(WEB), asking(person=None, channel="C1"), LABELS, NOON)
    assert "Asked here on behalf of everybody who may approve this step" in said(message)
