"""The Home and the private answers: what they list, what they teach, and where their buttons lead."""

from datetime import date, datetime
from typing import Any

from slack_sdk.models.blocks import Block

from bot.slack.commands import blocks as commands_blocks
from bot.slack.kit.blocks import private_answers
from bot.slack.kit.blocks.rows import PAGE, filter_line, fitted
from bot.slack.kit.blocks.text import when
from bot.slack.kit.list_filter import Filter
from bot.slack.kit.places import HomePlace
from bot.slack.pages.decisions import messages as decision_messages
from bot.slack.pages.details import summary
from bot.slack.pages.home import filter_form as home_forms
from bot.slack.pages.home.blocks import closed_home, home
from bot.slack.pages.lists import blocks as lists
from bot.slack.pages.submission import messages as submission_messages
from domain.approvals.decisions import Verdict
from domain.approvals.moves import decide
from domain.approvals.requests import Request, RequestId
from domain.approvals.resources import Resource, ResourceKind
from domain.approvals.status import RequestStatus
from domain.common.errors import AlreadyExpired, NoSuchRequest, Refusal, RemindedAlready, YouRequestedThis
from domain.common.operations import Operation
from domain.pki import BadMaterial
from domain.ports import Page
from tests.bot.slack.cast import HOSTILE, labels, materials
from tests.bot.slack.limits import elements, texts
from tests.rules.build import ADMIN, ANN, BOB, CAT, HOUR, NOON, approve, here, profile, reject, step, waiting

NOTHING = Page(requests=())
TWO_STEPS = profile(step(ANN, name="Security"), step(BOB, name="PKI"))


def said(blocks: Any) -> str:
    return "\n".join(text for text, _ in texts(_json(blocks)))


def carried(blocks: Any) -> list[tuple[str, str]]:
    return [(element["action_id"], element["value"]) for element in elements(_json(blocks))]


def _json(blocks: Any) -> list[Any]:
    return [block.to_dict() if isinstance(block, Block) else block for block in blocks]


def requests(*numbers: int) -> tuple[Request, ...]:
    return tuple(waiting(TWO_STEPS, id=RequestId(number)) for number in numbers)


def test_an_empty_home_teaches() -> None:
    blocks = home(ANN, NOON, waiting=NOTHING, mine=NOTHING).blocks
    assert "Nothing is waiting for you. When a request needs your approval, it appears here" in said(blocks)
    assert "type `/approval submit` anywhere" in said(blocks)
    assert carried(blocks) == [("new_request", "new"), ("home_filter", "filter"), ("delegations", "delegations")]
    assert "Your decisions and your closed requests appear here." in said(blocks)


def test_what_waits_has_its_buttons_and_what_is_mine_its_details() -> None:
    blocks = home(ANN, NOON, waiting=Page(requests=requests(9, 8)), mine=Page(requests=requests(7))).blocks
    assert carried(blocks)[4:8] == [
        ("approve", "9.0.0"), ("reject", "9.0.0"), ("details", "9"), ("approve", "8.0.0")
    ]  # fmt: skip
    assert carried(blocks)[-1] == ("details", "7")
    assert "*REQ-9* issue certificate for api.example.com, requested by <@RITA>" in said(blocks)
    assert "Step 1 of 2, Security: 0 of 1 approved. Does not expire." in said(blocks)
    assert (
        "*REQ-7* issue certificate for api.example.com\nWaiting for approval: step 1 of 2, Security, 0 of 1 approved."
        in said(blocks)
    )


def test_a_second_look_is_announced() -> None:
    risky = waiting(TWO_STEPS, material=materials()["hostile"])
    text = said(home(ANN, NOON, waiting=Page(requests=(risky,)), mine=NOTHING).blocks)
    assert "notes worth a second look, in Details." in text


def test_only_those_who_read_all_see_all() -> None:
    page = Page(requests=requests(5))
    assert "All requests" in said(home(ADMIN, NOON, waiting=NOTHING, mine=NOTHING, everything=page).blocks)
    assert "All requests" not in said(home(ANN, NOON, waiting=NOTHING, mine=NOTHING, everything=page).blocks)
    assert carried(closed_home().blocks) == []


def test_a_list_turns_its_pages_and_leaves_the_others_where_they_are() -> None:
    place = HomePlace(waiting=50, mine=40)
    page = Page(requests=requests(30), next=30)
    view = home(ADMIN, NOON, waiting=page, mine=page, recent=page, everything=page, place=place)
    turns = [one for one in carried(view.blocks) if one[0] in {"home_newest", "home_older"}]
    assert turns == [
        ("home_newest", "0.40.0.0"), ("home_older", "30.40.0.0"), ("home_newest", "50.0.0.0"), ("home_older", "50.30.0.0"),
        ("home_older", "50.40.0.30"), ("home_older", "50.40.30.0"),
    ]  # fmt: skip
    assert view.private_metadata == "50.40.0.0"


def test_headings_count_up_to_a_hundred() -> None:
    view = home(ANN, NOON, waiting=Page(requests=requests(9)), mine=NOTHING, waiting_number=100, mine_number=0)
    assert [block.to_dict()["text"]["text"] for block in view.blocks or () if block.type == "header"] == [
        "Waiting for me (99+)", "My requests", "Recent",
    ]  # fmt: skip
    assert "Waiting for me (99)" in said(home(ANN, NOON, waiting=NOTHING, mine=NOTHING, waiting_number=99).blocks)


def test_recent_says_what_the_reader_decided() -> None:
    mine, done = approve(requests(9)[0], ANN), reject(requests(8)[0], ANN)
    blocks = home(ANN, NOON, waiting=NOTHING, mine=NOTHING, recent=Page(requests=(mine, done))).blocks
    assert "You approved it <!date^" in said(blocks)
    assert "*Rejected* by <@ANN>" in said(blocks)
    assert "You rejected it" not in said(blocks), "once is enough"
    assert "requested by <@RITA>" in said(blocks)
    one = requests(7)[0]
    stood_in = decide(one, CAT, Verdict.APPROVE, NOON, on=here(one), delegators=[ANN]).request
    for reader, sentence in ((ANN, "<@CAT> approved it for you"), (CAT, ", for <@ANN>.")):
        page = Page(requests=(stood_in,))
        assert sentence in said(home(reader, NOON, waiting=NOTHING, mine=NOTHING, recent=page).blocks)


NARROWED = Filter(
    statuses=frozenset({RequestStatus.APPROVED, RequestStatus.EXPIRED}), operation=Operation.ISSUE, resource="web-servers",
    requester=ANN.id, created_from=date(2026, 11, 1), created_to=date(2026, 11, 30),
)  # fmt: skip
WORDS = (
    "*Filtered*: approved or expired · issue certificate · at Web servers · requested by <@ANN> · from 1 Nov 2026 on "
    "· until 30 Nov 2026"
)


def test_what_a_home_is_narrowed_by_is_said_and_can_be_cleared() -> None:
    place = HomePlace(filter=NARROWED)
    view = home(ANN, NOON, waiting=NOTHING, mine=NOTHING, place=place, resource="Web servers")
    assert WORDS in said(view.blocks)
    assert ("home_clear", "clear") in carried(view.blocks)
    assert "No requests waiting for you match this filter." in said(view.blocks)
    assert "You have no requests yet" not in said(view.blocks)
    assert HomePlace.parse(view.private_metadata or "") == place
    older = Page(requests=requests(30), next=30)
    turned = dict(carried(home(ANN, NOON, waiting=older, mine=NOTHING, place=place).blocks))["home_older"]
    assert HomePlace.parse(turned) == HomePlace(waiting=30, filter=NARROWED)
    closed = Filter(statuses=frozenset(RequestStatus) - {RequestStatus.WAITING})
    assert filter_line(closed, "") == "*Filtered*: closed"


def test_the_filter_shows_what_is_chosen() -> None:
    resources = [Resource(key="web-servers", kind=ResourceKind.RA_PROFILE, name="Web servers")]
    view = home_forms.filtering(HomePlace(filter=NARROWED), resources).to_dict()
    chosen = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert [one["value"] for one in chosen["filter_status"]["initial_options"]] == ["approved", "expired"]
    assert chosen["filter_operation"]["initial_option"]["value"] == "issue"
    assert chosen["filter_resource"]["initial_option"]["value"] == "web-servers"
    assert chosen["filter_requester"]["initial_users"] == ["ANN"]
    assert (chosen["filter_from"]["initial_date"], chosen["filter_to"]["initial_date"]) == ("2026-11-01", "2026-11-30")
    anything = home_forms.filtering(HomePlace(), resources).to_dict()
    chosen = {block["block_id"]: block["element"] for block in anything["blocks"] if block["type"] == "input"}
    assert chosen["filter_operation"]["initial_option"]["value"] == "any"
    assert chosen["filter_resource"]["initial_option"]["value"] == "any:"


def test_a_page_that_is_too_long_goes_on_after_what_is_shown() -> None:
    page = fitted(Page(requests=requests(*range(40, 20, -1)), next=3))
    assert len(page.requests) == PAGE
    assert page.next == 31


def test_lists_say_what_there_is_and_where_to_turn() -> None:
    page = Page(requests=(reject(requests(9)[0], ANN), requests(8)[0]))
    turns = lists.Turns(older="all before:8", newest="all", everything="all")
    message = lists.requests("All requests", page, requester=True, turns=turns)
    assert message.text == "All requests: REQ-9, REQ-8"
    assert "*Rejected* by <@ANN>" in said(message.blocks)
    assert carried(message.blocks)[-2:] == [("list_newest", "all"), ("list_older", "all before:8")]
    narrowed = lists.requests("All requests", page, narrowed=filter_line(NARROWED, "Web servers"), turns=turns)
    assert WORDS in said(narrowed.blocks)
    assert carried(narrowed.blocks)[0] == ("list_clear", "all")
    nothing = lists.requests("Your requests", NOTHING)
    assert "No requests match." in said(nothing.blocks)
    assert nothing.text == "Your requests: none"
    assert "Nothing is waiting for you." in said(lists.waiting(NOTHING, NOON).blocks)
    assert ("approve", "9.0.0") in carried(lists.waiting(Page(requests=requests(9)), NOON).blocks)


def test_help_has_every_subcommand_and_overriding_only_for_those_who_may() -> None:
    text = said(commands_blocks.commands().blocks)
    assert "`/approval cancel REQ-12 [reason]`  Cancel a request of yours" in text
    assert "override" not in text
    assert "`/approval override REQ-12 approve|reject [reason]`" in said(
        commands_blocks.commands(is_administrator=True).blocks
    )


def test_a_step_in_a_list_says_of_which_gate_it_is_where_there_are_several() -> None:
    two = approve(waiting(profile(step(ANN)), profile(step(BOB, name="Custodian"), key="ca")), ANN)
    assert "step 1 of 1, Custodian, of certificate profile At ca" in said(
        lists.requests("All", Page(requests=(two,))).blocks
    )
    assert "Step 1 of 1, Custodian, of certificate profile At ca: " in said(
        lists.waiting(Page(requests=(two,)), NOON).blocks
    )
    closed = reject(two, BOB)
    assert "at step 1 of 1, Custodian, of certificate profile At ca" in said(
        lists.requests("All", Page(requests=(closed,))).blocks
    )


def test_moments_in_a_refusal_are_the_readers_own() -> None:
    told = private_answers.refusal(RemindedAlready(last=NOON, again=NOON + 4 * HOUR))
    assert told.text == "You reminded them 21 Nov 2026, 12:00 UTC. You can remind them again 21 Nov 2026, 16:00 UTC."
    assert said(told.blocks) == f"You reminded them {when(NOON)}. You can remind them again {when(NOON + 4 * HOUR)}."
    expired = said(private_answers.refusal(AlreadyExpired(request=1, deadline=NOON)).blocks)
    assert expired == f"REQ-1 expired {when(NOON)}. Nothing was recorded."


def test_what_somebody_typed_is_escaped_beside_a_moment() -> None:
    class Closed(Refusal):
        """{title} closed {at}."""

        title: str
        at: datetime

    assert (
        said(private_answers.refusal(Closed(title="<!channel>", at=NOON)).blocks)
        == f"&lt;!channel&gt; closed {when(NOON)}."
    )


def test_refusals_are_shown_in_their_own_words_and_as_they_are() -> None:
    assert (
        private_answers.refusal(YouRequestedThis()).text
        == "You requested this, so somebody else has to decide. You can cancel it."
    )
    typed = private_answers.refusal(NoSuchRequest(request="<!channel>"))
    assert typed.text == "There is no &lt;!channel&gt; that you can see."
    assert said(typed.blocks) == "There is no <!channel> that you can see."
    assert said(private_answers.refusal(BadMaterial("csr", "This is no CSR.")).blocks) == "This is no CSR."


def test_an_apology_has_its_reference() -> None:
    message = private_answers.apology("7f3a9c1e")
    assert "Reference: 7f3a9c1e" in message.text
    assert "`7f3a9c1e`" in said(message.blocks)


def test_the_nearest_match() -> None:
    assert (
        commands_blocks.nearest("sumbit", ["submit"]).text
        == "/approval sumbit is not a command. Did you mean /approval submit?"
    )
    assert (
        commands_blocks.nearest("xyzzy", []).text
        == "/approval xyzzy is not a command. /approval help lists all commands."
    )
    assert "&lt;!here&gt;" in commands_blocks.nearest("<!here>", []).text


def test_a_decision_is_confirmed_with_what_it_led_to() -> None:
    one = approve(requests(9)[0], ANN)
    assert (
        decision_messages.recorded(one, Verdict.APPROVE).text
        == "Recorded: you approved REQ-9. It is now at step 2 of 2, PKI: 0 of 1 approved."
    )
    assert (
        decision_messages.recorded(approve(one, BOB), Verdict.APPROVE).text
        == "Recorded: you approved REQ-9. The request is approved."
    )
    assert (
        decision_messages.recorded(reject(one, BOB), Verdict.REJECT).text
        == "Recorded: you rejected REQ-9. The request is rejected."
    )


def test_a_request_in_short() -> None:
    request = waiting(TWO_STEPS, reason=HOSTILE)
    message = summary.show(request, labels(request, "somebody"), NOON)
    assert message.text == "REQ-12: issue certificate for api.example.com, waiting for approval"
    assert "● Step 1, Security: 0 of 1 approved, waiting for <@ANN>" in said(message.blocks)
    assert carried(message.blocks) == [("details", "12")]
    assert submission_messages.submitted(request).text.startswith(
        "REQ-12, issue certificate for api.example.com, was submitted."
    )
    assert "no approval is required" in submission_messages.submitted(waiting()).text
