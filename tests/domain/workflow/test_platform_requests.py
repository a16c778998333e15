"""What a platform does through the API, on both databases: one submission is one request, and it sees and moves no more than it may."""

import asyncio
from datetime import timedelta

import pytest

from domain.approvals.execution import Certificate, Executed, Failed
from domain.approvals.requests import RequestId
from domain.approvals.resources import Resource, ResourceId, ResourceKind
from domain.approvals.status import OperationStatus
from domain.audit.entries import Source
from domain.common.errors import KeyReused, NoSuchRequest, OpenRequestExists, OperationOver
from domain.common.operations import Operation
from domain.people.people import Identity
from domain.ports import ListFilter
from domain.store import SqlStore
from domain.workflow import Submission
from domain.workflow import releases as releasing
from domain.workflow.platforms import requests as platforms
from domain.workflow.platforms.requests import (
    SETTLED,
    NoSuchMember,
    NotHandedToYou,
    NotThisClients,
    OtherContent,
    Platform,
)
from tests.databases import seed
from tests.material_factory import certificate_pem, csr_pem, private_key
from tests.rules.build import ANN, HOUR, INSTANT, NOBODY, NOON, REQUESTER, profile, step

ACME, OTHER, WATCH = Platform("acme"), Platform("other"), Platform("watch", reads_all=True)
WEB = profile(step(ANN))
RESOURCES = (
    Resource(key="web", kind=ResourceKind.RA_PROFILE, name="Web", approvals={Operation.ISSUE: WEB.id}),
    Resource(key="lab", kind=ResourceKind.RA_PROFILE, name="Lab"),
    Resource(key="signed", kind=ResourceKind.RA_PROFILE, name="Signed", certificate_authority=ResourceId("ca")),
    Resource(key="ca", kind=ResourceKind.CERTIFICATE_AUTHORITY, name="The CA", connector="webhook:ra"),
)


@pytest.fixture(autouse=True)
async def _company(store: SqlStore) -> None:
    rita = Identity(id=REQUESTER.id, name="Rita", email="Rita@example.com")
    await seed(store, people=[rita, ANN, NOBODY], profiles=[WEB], resources=RESOURCES)


def form(cn: str = "api.example.com", key: str = "1", entry: str = "web") -> Submission:
    return Submission(
        operation=Operation.ISSUE, entry=ResourceId(entry), reason="Because.", csr=csr_pem(cn=cn, sans=(cn,)), key=key
    )


async def test_a_person_is_found_by_address_whatever_its_case(store: SqlStore) -> None:
    assert await platforms.member(store, "RITA@EXAMPLE.COM", "requester") == REQUESTER.id
    with pytest.raises(NoSuchMember, match=r"nobody@example\.com"):
        await platforms.member(store, "nobody@example.com", "requester")


async def test_ten_at_once_are_one_request(store: SqlStore) -> None:
    made = await asyncio.gather(*(platforms.submit_for(store, ACME, REQUESTER.id, form(), NOON) for _ in range(10)))
    assert {one.id for one in made} == {1}
    assert {one.client for one in made} == {"acme"}


async def test_a_key_is_its_clients_and_stands_for_what_was_asked(store: SqlStore) -> None:
    await platforms.submit_for(store, ACME, REQUESTER.id, form(), NOON)
    for changed in (form(cn="other.example.com"), form(entry="lab"), form().replace(reason="Another one.")):
        with pytest.raises(KeyReused, match="REQ-1"):
            await platforms.submit_for(store, ACME, REQUESTER.id, changed, NOON)
    with pytest.raises(KeyReused):
        await platforms.submit_for(store, ACME, NOBODY.id, form(), NOON)
    with pytest.raises(OpenRequestExists):
        await platforms.submit_for(store, OTHER, REQUESTER.id, form(), NOON)
    again = await platforms.submit_for(store, OTHER, REQUESTER.id, form(cn="other.example.com"), NOON)
    assert again.id == 2


async def test_it_sees_and_moves_its_own(store: SqlStore) -> None:
    one = await platforms.submit_for(store, ACME, REQUESTER.id, form(), NOON)
    for deed in (
        platforms.request_for(store, OTHER, one.id),
        platforms.comment_for(store, OTHER, one.id, None, "Hello", NOON),
        platforms.cancel_for(store, OTHER, one.id, "", NOON),
        platforms.report_for(store, OTHER, one.id, Executed(), one.digest, NOON),
        platforms.certificate_for(store, OTHER, one.id),
        platforms.request_for(store, ACME, RequestId(99)),
    ):
        with pytest.raises(NoSuchRequest):
            await deed
    with pytest.raises(NotThisClients):
        await platforms.cancel_for(store, WATCH, one.id, "", NOON)
    listed = [
        [
            found.id
            for found in (await platforms.requests_for(store, who, filter=ListFilter(), limit=9, before=None)).requests
        ]
        for who in (ACME, OTHER, WATCH)
    ]
    assert listed == [[1], [], [1]]


async def test_results_are_bound_to_what_was_approved_and_count_once(store: SqlStore) -> None:
    one = await platforms.submit_for(store, ACME, REQUESTER.id, form(entry="lab"), NOON)
    with pytest.raises(OtherContent):
        await platforms.report_for(store, ACME, one.id, Executed(), "0" * 64, NOON)
    for _ in range(2):
        done = await platforms.report_for(store, ACME, one.id, Failed(reason="No."), one.digest, NOON)
        assert done.operation_status is OperationStatus.FAILED
        done = await platforms.report_for(store, ACME, one.id, Failed(reason="No. "), one.digest, NOON)
        assert done.operation_status is OperationStatus.FAILED
    with pytest.raises(OperationOver):
        await platforms.report_for(store, ACME, one.id, Executed(), one.digest, NOON)
    async with store.reading() as reading:
        record = await reading.audit.chain(f"request:{one.id}")
    assert {entry.source for entry in record} == {Source.API}
    assert len([entry for entry in record if entry.entry.action == "operation.failed"]) == 1


async def test_a_certificate_that_was_not_approved_is_not_approved_when_it_is_reported_again(store: SqlStore) -> None:
    one = await platforms.submit_for(store, ACME, REQUESTER.id, form(entry="lab"), NOON)
    other = Executed(certificate=Certificate(pem=certificate_pem(key=private_key("ec", 9))))
    for _ in range(2):
        done = await platforms.report_for(store, ACME, one.id, other, one.digest, NOON)
        assert done.operation_status is OperationStatus.FAILED


async def test_what_a_connector_is_about_to_be_handed_is_its_own_already(store: SqlStore) -> None:
    one = await platforms.submit_for(store, ACME, REQUESTER.id, form(entry="signed"), NOON)
    with pytest.raises(NotHandedToYou, match="webhook:ra"):
        await platforms.report_for(store, ACME, one.id, Executed(), one.digest, NOON)
    [claimed] = await releasing.claim(store, NOON, HOUR, 8)
    with pytest.raises(NotHandedToYou):
        await platforms.report_for(store, ACME, one.id, Executed(), one.digest, NOON)
    await releasing.leave(store, claimed)  # as if nothing had been configured when it was looked at
    done = await platforms.report_for(store, ACME, one.id, Executed(), one.digest, NOON)
    assert done.operation_status is OperationStatus.EXECUTED


async def test_events_come_when_nothing_can_come_before_them_any_more(store: SqlStore) -> None:
    await platforms.submit_for(store, ACME, REQUESTER.id, form(), NOON)
    await platforms.submit_for(store, OTHER, REQUESTER.id, form(cn="b.example.com"), NOON + HOUR)
    await platforms.submit_for(store, ACME, REQUESTER.id, form(cn="c.example.com", key="2"), NOON + 2 * HOUR)
    early = await platforms.events_for(store, ACME, 0, 99, NOON + SETTLED - INSTANT)
    assert early == ((), 0)

    async def all_of(who: Platform, at: timedelta) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        cursor = 0
        while True:
            page = await platforms.events_for(store, who, cursor, 1, NOON + at)
            assert len(page.entries) <= 1
            if page.next == cursor:
                return found
            found += [(entry.chain, entry.number) for entry in page.entries]
            cursor = page.next

    mine = await all_of(ACME, 3 * HOUR)
    assert {chain for chain, _ in mine} == {"request:1", "request:3"}
    assert mine == sorted(mine)
    assert len(await all_of(WATCH, 3 * HOUR)) > len(mine)
    assert {chain for chain, _ in await all_of(WATCH, HOUR + SETTLED)} == {"request:1", "request:2"}
