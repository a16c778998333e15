"""Every state of every message, modal and Home, with ordinary and with hostile text, held against Slack's limits: twice."""

import json
import re
from datetime import date
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.devslack.block_kit.limits import check_message_blocks, check_view
from bot.messages import blocks as messages
from bot.messages import reminder_blocks as reminding
from bot.slack.commands import blocks as commands_blocks
from bot.slack.kit.blocks import modals as shared_modals
from bot.slack.kit.blocks import operation, private_answers
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.blocks.rows import filter_line
from bot.slack.kit.ids import Action
from bot.slack.kit.list_filter import Filter
from bot.slack.kit.places import DetailsPlace, HomePlace
from bot.slack.kit.texts import submitting
from bot.slack.pages.decisions import blocks as modals
from bot.slack.pages.decisions import messages as decision_messages
from bot.slack.pages.details import blocks as details_blocks
from bot.slack.pages.details import summary
from bot.slack.pages.health import blocks as health
from bot.slack.pages.home import filter_form as home_forms
from bot.slack.pages.home.blocks import closed_home, home
from bot.slack.pages.lists import blocks as lists
from bot.slack.pages.submission import blocks as submission_blocks
from bot.slack.pages.submission import messages as submission_messages
from domain.approvals.decisions import Verdict
from domain.approvals.execution import Certificate
from domain.approvals.requests import Request, StepRef
from domain.approvals.resources import Resource, ResourceKind
from domain.approvals.solvability import request_shortages
from domain.approvals.status import RequestStatus
from domain.common.errors import NoSuchResource
from domain.common.operations import Operation
from domain.notices.mentions import NOBODY, Mentions
from domain.notices.notices import Notice, NoticeKind
from domain.people.people import Person
from domain.ports import Page, Troubles
from tests.bot.slack.cast import HOSTILE, LATER, LONG, details_of, everything, issued, labels, notices
from tests.bot.slack.limits import elements, faults_of_message, faults_of_view, texts
from tests.rules.build import ADMIN, ANN, NOON, REQUESTER, people_among

ALL = everything()
MENTIONS = Mentions(usergroups=("S0PKI",) * 10, people=(ANN.id,) * 20, more=480)


def draw(request: Request, notice: Notice, at: Any = NOON) -> Message:
    names = labels(request)
    match notice.kind:
        case NoticeKind.ASK:
            approvers = request.work_items[notice.gate].profile.steps[notice.step].approvers
            asked_as = names.qualification(approvers, ANN)
            mentioned = MENTIONS if notice.channel is not None else NOBODY
            return messages.ask(request, notice, names, at, asked_as=asked_as, mentioned=mentioned)
        case NoticeKind.PROGRESS:
            return messages.progress(request, names, at)
        case NoticeKind.OUTCOME:
            return messages.outcome(request, notice, names, at)
        case NoticeKind.REVIEW:
            return messages.review(request, notice, names, at)
        case NoticeKind.REMINDER | NoticeKind.NUDGE | NoticeKind.WARNING:
            return reminding.reminder(request, notice, names, at, naming=[ANN.id] * 20)
        case NoticeKind.ALERT:
            short = {item.position: one for item, one in request_shortages(request, people_among(ANN))}
            over = at if notice.key.endswith(":over") else None
            return messages.alert(request, notice, names, at, shortage=short.get(notice.gate), settled_at=over)
        case NoticeKind.OVERRIDDEN:
            return messages.overridden(
                request, notice, names, mentioned=MENTIONS if notice.channel is not None else NOBODY
            )
        case NoticeKind.DAILY:
            return health.daily(Troubles(stuck=1000, undelivered=5), [request] * 10)
        case NoticeKind.OPERATION:
            return operation.ended(request, notice, administers=notice.person == ADMIN.id)


def check(message: Message) -> None:
    blocks = message.arguments()["blocks"]
    assert faults_of_message(message.text, blocks) == []
    assert check_message_blocks(blocks) == []
    _check_texts([message.text], blocks)


def check_modal(view: View) -> None:
    shown = json.loads(json.dumps(view.to_dict()))
    assert faults_of_view(shown) == []
    assert check_view(shown, (view.type,)) == []
    _check_texts([], shown["blocks"])


_OURS = re.compile(
    r"<(@(?!U1>)[A-Z][A-Z0-9]{1,3}|!subteam\^S0PKI|!date\^[0-9]+\^\{date_short_pretty\} \{time\}\|[0-9A-Za-z ,:]+ UTC)>"
)


def _check_texts(fallback: list[str], blocks: list[Any]) -> None:
    """Nothing pings or links but what we wrote, and nothing is invisible."""
    for text in [*fallback, *(text for text, kind in texts(blocks) if kind == "mrkdwn")]:
        assert not {"<", ">"} & set(_OURS.sub("", text)), text
        assert re.search(r"&(?!amp;|lt;|gt;)", text) is None
    for text in [*fallback, *(text for text, _ in texts(blocks))]:
        assert not set("\u202e\u202c\u200b\x07") & set(text)


every_state = pytest.mark.parametrize("case", [one for _, one in ALL], ids=[name for name, _ in ALL])


@every_state
def test_every_message_of_every_state_is_one_that_slack_takes(case: Request) -> None:
    for notice in notices(case):
        for at in (NOON,) if case.status.is_closed else (NOON, LATER):  # only what waits can be late
            check(draw(case, notice, at))
    check(summary.show(case, labels(case), NOON))
    check(submission_messages.submitted(case))


@every_state
def test_every_modal_of_every_state_is_one_that_slack_takes(case: Request) -> None:
    check_modal(modals.override(case, labels(case)))
    check_modal(modals.cancel(case))
    check_modal(modals.comment(case))
    check_modal(shared_modals.changed(private_answers.in_words("x" * 5000), moved_on=case.id))
    check_modal(submission_blocks.submit([], draft=submission_blocks.Draft.of(case)))
    check_modal(submission_blocks.submitted(case))
    for item in case.work_items:
        step = StepRef(request=case.id, gate=item.position, step=len(item.profile.steps) - 1)
        check_modal(modals.approve(case, step))
        check_modal(modals.reject(case, step))
    for page in pages_of(case):
        check_modal(page)
    if case.execution is not None:
        check_modal(operation.certificate_view(case, issued()))
        longest = Certificate(pem=issued().pem, chain_pem=issued().chain_pem * 60)
        check_modal(operation.certificate_view(case, longest))


def pages_of(request: Request) -> list[View]:
    """Every page of the details, reached as a reader reaches them: by the buttons."""
    found = details_of(request, decide=request.here is not None, cancel=True, override=True, comment=True, retry=True)
    pages = [details_blocks.details(found, labels(request), NOON, reader=REQUESTER.id)]
    while (following := _following(pages[-1])) is not None:
        pages.append(details_blocks.details(found, labels(request), NOON, reader=REQUESTER.id, place=following))
    return pages


def _following(view: View) -> DetailsPlace | None:
    values = [
        element["value"]
        for element in elements(view.to_dict()["blocks"])
        if element["action_id"] == Action.DETAILS_NEXT
    ]
    return DetailsPlace.parse(values[0]) if values else None


@pytest.mark.parametrize("operation", [None, *Operation])
@pytest.mark.parametrize("count", [0, 1, 100, 101, 2500])
def test_the_form_for_a_new_request_is_one_that_slack_takes(operation: Operation | None, count: int) -> None:
    entries = [
        Resource(
            key=f"r{number}",
            kind=ResourceKind.RA_PROFILE,
            name=f"{number % 50} {HOSTILE}"[:80].strip(),
            description=HOSTILE,
        )
        for number in range(count)
    ]
    check_modal(submission_blocks.submit(entries, operation))
    check_modal(submission_blocks.submit(entries, operation, submission_blocks.Draft(reason=HOSTILE, note=HOSTILE * 9)))


def test_what_stands_in_its_place_is_one_that_slack_takes() -> None:
    check_modal(submission_blocks.reading(submitting.READING, "reading:V0123456789"))
    check_modal(submission_blocks.reading(submitting.READING_MESSAGE))
    check_modal(submission_blocks.nothing_found())


NARROWED = Filter(
    statuses=frozenset({RequestStatus.WAITING, RequestStatus.EXPIRED}), operation=Operation.RE_ENROLL, resource="r1",
    requester=ANN.id, created_from=date(2026, 11, 1), created_to=date(2026, 11, 30),
)  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 10, 40])
@pytest.mark.parametrize("person", [ANN, ADMIN], ids=["approver", "administrator"])
def test_every_home_is_one_that_slack_takes(count: int, person: Person) -> None:
    pages = [
        Page(requests=tuple(one for _, one in ALL[start : start + count]), next=3 if count else None)
        for start in range(0, len(ALL), 23)
    ]
    for page in pages:
        unique = Page(
            requests=tuple(request.replace(id=100 + at) for at, request in enumerate(page.requests)), next=page.next
        )
        for place in (HomePlace(), HomePlace(waiting=9, mine=8, everything=7, recent=6, filter=NARROWED)):
            check_modal(
                home(
                    person, NOON, waiting=unique, mine=unique, recent=unique, everything=unique, waiting_number=100,
                    mine_number=count, place=place, resource=HOSTILE,
                )
            )  # fmt: skip
    check_modal(closed_home())


@pytest.mark.parametrize("count", [0, 1, 99, 100, 3000])
def test_the_filter_is_one_that_slack_takes(count: int) -> None:
    resources = [
        Resource(key=f"r{number}", kind=ResourceKind.RA_PROFILE, name=f"{number} {HOSTILE}"[:80].strip())
        for number in range(count)
    ]
    for place in (HomePlace(), HomePlace(filter=NARROWED), HomePlace(filter=NARROWED.replace(resource="gone"))):
        check_modal(home_forms.filtering(place, resources))


@pytest.mark.parametrize("count", [0, 1, 10, 40])
def test_every_list_is_one_that_slack_takes(count: int) -> None:
    for start in range(0, len(ALL), 23):
        requests = tuple(one.replace(id=100 + at) for at, (_, one) in enumerate(ALL[start : start + count]))
        page = Page(requests=requests, next=3)
        turns = lists.Turns(older="all before:3", newest="all", everything="all")
        narrowed = filter_line(NARROWED, HOSTILE)
        check(lists.waiting(page, NOON, narrowed=narrowed, turns=turns))
        check(lists.requests("All requests", page, requester=True, reader=ANN.id, narrowed=narrowed, turns=turns))


def test_every_answer_is_one_that_slack_takes() -> None:
    check(commands_blocks.commands())
    check(commands_blocks.commands(is_administrator=True))
    check(private_answers.refusal(NoSuchResource(resource=HOSTILE)))
    check(private_answers.refusal(NoSuchResource(resource=LONG)))
    check(private_answers.apology("7f3a"))
    check(commands_blocks.nearest(HOSTILE, []))
    check(commands_blocks.nearest(LONG, ["submit"]))
    check(private_answers.done("Done."))
    for _, request in ALL:
        for verdict in Verdict:
            check(decision_messages.recorded(request, verdict))
