"""What people type after `/approval`."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.commands import parser as commands
from bot.slack.commands.parser import (
    Cancel,
    Comment,
    Health,
    Help,
    Override,
    Resubmit,
    Show,
    Submit,
    Unknown,
    Waiting,
    parse_command,
)
from bot.slack.kit.payloads import faults
from bot.slack.kit.payloads.typed_text import unescape, unquote
from bot.slack.pages.lists.query import List, Scope, parse_list
from domain.approvals.decisions import Verdict
from domain.approvals.delegation import time_zone
from domain.approvals.requests import RequestId
from domain.approvals.resources import ResourceId
from domain.approvals.status import RequestStatus
from domain.common.errors import Refusal
from domain.common.operations import Operation
from domain.people.people import PersonId

TWELVE = RequestId(12)

UNDERSTOOD: list[tuple[str, Any]] = [
    ("", Waiting()),
    ("   ", Waiting()),
    ("submit", Submit()),
    ("SUBMIT issue", Submit(operation=Operation.ISSUE)),
    ("submit re-enroll", Submit(operation=Operation.RE_ENROLL)),
    ("show REQ-12", Show(request=TWELVE)),
    ("show #12", Show(request=TWELVE)),
    ("REQ-12", Show(request=TWELVE)),
    ("cancel req-12", Cancel(request=TWELVE)),
    ("cancel 12   not needed any more", Cancel(request=TWELVE, reason="not needed any more")),
    ('cancel 12 "not needed"', Cancel(request=TWELVE, reason="not needed")),
    ("cancel 12 “not needed”", Cancel(request=TWELVE, reason="not needed")),
    ('cancel 12 "a" and "b"', Cancel(request=TWELVE, reason='"a" and "b"')),
    ("resubmit REQ-12", Resubmit(request=TWELVE)),
    ("comment REQ-12 see INC-42: fixed", Comment(request=TWELVE, text="see INC-42: fixed")),
    ("override REQ-12", Override(request=TWELVE)),
    ("override REQ-12 approve", Override(request=TWELVE, verdict=Verdict.APPROVE)),
    ("override REQ-12 Reject outage", Override(request=TWELVE, verdict=Verdict.REJECT, reason="outage")),
    ("health", Health()),
    ("help", Help()),
    ("list", List()),
    ("list mine", List()),
    ("list waiting", List(scope=Scope.WAITING)),
    ("list waiting operation:issue", List(scope=Scope.WAITING, operation=Operation.ISSUE)),
    ("list recent", List(scope=Scope.RECENT)),
    ("list all approved", List(scope=Scope.ALL, statuses=frozenset({RequestStatus.APPROVED}))),
    ("list approved rejected", List(statuses=frozenset({RequestStatus.APPROVED, RequestStatus.REJECTED}))),
    ("list mine waiting", List(statuses=frozenset({RequestStatus.WAITING}))),
    ("list all status:closed", List(scope=Scope.ALL, statuses=frozenset(RequestStatus) - {RequestStatus.WAITING})),
    ('list all resource:"Web servers"', List(scope=Scope.ALL, resource="Web servers")),
    (
        "list all by:<@U2|bob> operation:issue",
        List(scope=Scope.ALL, requester=PersonId("T1/U2"), operation=Operation.ISSUE),
    ),
    ("list from:2026-11-01 to:2026-11-30", List(created_from=date(2026, 11, 1), created_to=date(2026, 11, 30))),
    ("sumbit", Unknown(word="sumbit", nearest=("submit",))),
    ("lst", Unknown(word="lst", nearest=("list",))),
    ("xyzzy", Unknown(word="xyzzy")),
    ("&lt;b&gt;", Unknown(word="<b>")),
]


@pytest.mark.parametrize(("text", "asked"), UNDERSTOOD, ids=[text for text, _ in UNDERSTOOD])
def test_what_is_typed_is_understood(text: str, asked: Any) -> None:
    found = parse_command(text, "T1")
    if isinstance(asked, Unknown) and asked.nearest:
        assert isinstance(found, Unknown)
        assert found.nearest[0] == asked.nearest[0]
    else:
        assert found == asked


MISUSED = [
    ("cancel", "Say which request. Write it like this: /approval cancel REQ-12 [reason]"),
    ("cancel because it is late", "“because” is no request. Write it like this: /approval cancel REQ-12 [reason]"),
    ("comment REQ-12", "Say something. Write it like this: /approval comment REQ-12 text"),
    ("override REQ-12 aprove x", "There is no outcome “aprove”. Did you mean approve?"),
    ("submit isue", "There is no operation “isue”. Did you mean issue?"),
    ("list aproved", "There is no status “aproved”. Did you mean approved?"),
    ("list all sort:date", "There is no filter “sort”."),
    ("list all resorce:web", "There is no filter “resorce”. Did you mean resource?"),
    (
        "list from:yesterday",
        "“yesterday” is no date. Write it like this: /approval list all from:2026-11-01 to:2026-11-30",
    ),
    ("list from:0001-01-01", "That date is too far away."),
    ("list by:bob", "“bob” is nobody here."),
    ("list before:x", "“x” is no number."),
]


@pytest.mark.parametrize(("text", "sentence"), MISUSED, ids=[text for text, _ in MISUSED])
def test_what_is_misused_is_answered_with_how_to_write_it(text: str, sentence: str) -> None:
    with pytest.raises(faults.Misused) as raised:
        parse_command(text, "T1")
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("ask <@U2|bob> in <#C1|pki>", "ask @bob in #pki"),
        ("ask <@U2>", "ask @U2"),
        ("<!channel> <!subteam^S1|@pki> <!here>", "@channel @pki @here"),
        (
            "see <http://example.com|example.com> and <https://example.com/a>",
            "see example.com and https://example.com/a",
        ),
        ("1 < 2", "1 < 2"),
    ],
)
def test_text_is_kept_as_it_was_typed(sent: str, typed: str) -> None:
    assert unescape(sent) == typed


def test_only_the_quotes_around_everything_go() -> None:
    assert unquote(' "x" ') == "x"
    assert unquote("'x'") == "x"
    assert unquote('"x') == '"x'
    assert unquote('"') == '"'
    assert unquote('"a" "b"') == '"a" "b"'


def test_a_list_becomes_a_filter_in_the_reader_s_days_with_the_last_day_included() -> None:
    asked = parse_list("all from:2026-11-01 to:2026-11-30", "T1")
    found = asked.narrowing(ResourceId("web"))
    assert found.created_from == datetime(2026, 11, 1, tzinfo=UTC)
    assert found.created_before == datetime(2026, 12, 1, tzinfo=UTC)
    assert found.resource == "web"
    there = asked.narrowing(place=time_zone("Europe/Oslo"))
    assert there.created_from == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert there.created_before == datetime(2026, 11, 30, 23, tzinfo=UTC)


def test_a_list_that_leaves_nothing_out_restricts_nothing() -> None:
    assert not parse_list("all before:7", "T1").restricts
    assert parse_list("recent closed", "T1").restricts


lists = st.builds(
    List,
    scope=st.sampled_from(Scope),
    statuses=st.none() | st.frozensets(st.sampled_from(RequestStatus), min_size=1),
    operation=st.none() | st.sampled_from(Operation),
    resource=st.none() | st.sampled_from(["web-servers", "Web servers", "it's", "a:b c"]),
    requester=st.none() | st.sampled_from([PersonId("T1/U2"), PersonId("T1/W0")]),
    created_from=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    created_to=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    before=st.none() | st.integers(1, 10**12),
)


@given(lists)
def test_a_list_is_read_as_it_was_written(asked: List) -> None:
    assert parse_list(str(asked), "T1") == asked
    assert len(str(asked)) < 2000


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["list", "cancel", "REQ-12", '"', "“", ":", "by:", "<@U1", ">", "all", " "])).map(
        " ".join
    )
)
def test_nothing_that_is_typed_is_a_traceback(text: str) -> None:
    sentence = ""
    try:
        parse_command(text, "T1")
    except Refusal as refused:
        sentence = str(refused)
    assert len(sentence) < 400


def test_the_command_as_slack_sends_it() -> None:
    body = {
        "token": "x", "team_id": "T1", "team_domain": "h", "channel_id": "C1", "channel_name": "pki", "user_id": "U1", "user_name": "ann",
        "command": "/approval", "text": "cancel 12 late", "response_url": "https://x", "trigger_id": "1.2.3", "api_app_id": "A1",
    }  # fmt: skip
    found = commands.read_command(body)
    assert (found.who.person, found.channel, found.trigger_id) == ("T1/U1", "C1", "1.2.3")
    assert found.asked == Cancel(request=TWELVE, reason="late")
    with pytest.raises(faults.BadInput):
        commands.read_command({**body, "command": "/launch"})
    with pytest.raises(faults.BadInput):
        commands.read_command({**body, "user_id": "<@U1>"})
    with pytest.raises(faults.BadInput):
        commands.read_command({})
