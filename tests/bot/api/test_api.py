"""The HTTP API as another platform meets it: the same approvals as in Slack, through another door."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.environment.settings import SettingsError
from bot.runtime.http_server import _listening
from domain.audit.entries import Source
from domain.platforms.tokens import Scope
from tests.bot.api.platform import NADIA, Platform, platform, served
from tests.end_to_end.company import Company, until
from tests.material_factory import csr_pem

LATER = timedelta(seconds=11)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def company(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Company]:
    async with served(f"sqlite:///{tmp_path_factory.mktemp('api') / 'countersign.db'}") as company:
        yield company


pytestmark = pytest.mark.asyncio(loop_scope="module")


def csr(cn: str) -> str:
    return csr_pem(cn=cn, sans=(cn,))


async def test_a_gated_operation_waits_and_its_approval_in_slack_is_read_here(company: Company) -> None:
    async with platform(company) as acme:
        made = await acme.submits()
        assert made.status == 202
        assert made.headers["Location"] == made.body["url"]
        assert (made.body["status"], made.body["client"]) == ("waiting_for_approval", "acme")
        name = made.body["id"]
        asked = await company.sara.gets("Approval needed: issue", name)
        await company.sara.presses(asked, "approve")
        body = (await acme.calls("GET", f"/requests/{name}")).body
        [decision] = body["decisions"]
        assert (decision["by"]["email"], decision["verdict"]) == ("sara@halvorsen.example.com", "approve")
        assert body["gates"][0]["steps"][0] == {"name": "Security", "required": 1, "approved": 1}
        await company.nadia.gets(name)  # the requester is told in Slack, as for a request of their own


async def test_an_ungated_operation_is_approved_at_once(company: Company) -> None:
    async with platform(company) as acme:
        made = await acme.submits(resource="lab", csr=csr("bench.halvorsen.example.com"))
    assert (made.status, made.body["status"], made.body["operation_status"]) == (201, "approved", "released")
    assert made.body["gates"] == []


async def test_the_same_submission_is_one_request_however_often_it_comes(company: Company) -> None:
    same = {"csr": csr("once.halvorsen.example.com"), "key": "once"}
    async with platform(company) as acme, platform(company, client="other") as other:
        answers = await asyncio.gather(*(acme.submits(**same) for _ in range(5)))
        assert {answer.status for answer in answers} == {202}
        assert len({answer.body["id"] for answer in answers}) == 1
        changed = await acme.submits(key="once", csr=csr("twice.halvorsen.example.com"))
        assert (changed.status, changed.body["type"]) == (422, "urn:countersign:problem:key_reused")
        assert changed.body["errors"][0]["pointer"] == "header/Idempotency-Key"
        again = await other.submits(**same)  # a key is its client's; what it asks for is open all the same
        assert (again.status, again.body["type"]) == (409, "urn:countersign:problem:open_request_exists")


async def test_comment_and_cancel_are_the_requesters_through_the_platform_and_on_the_record(company: Company) -> None:
    async with platform(company) as acme:
        name = (await acme.submits(csr=csr("comments.halvorsen.example.com"))).body["id"]
        said = await acme.calls("POST", f"/requests/{name}/comments", json={"text": "The pipeline waits for this."})
        assert [(one["by"]["email"], one["text"]) for one in said.body["comments"]] == [
            (NADIA, "The pipeline waits for this.")
        ]
        outsider = {"text": "I have no part in this.", "by": "lucas@halvorsen.example.com"}
        assert (await acme.calls("POST", f"/requests/{name}/comments", json=outsider)).status == 403
        gone = await acme.calls("POST", f"/requests/{name}/cancellation", json={"reason": "Superseded."})
        assert (gone.status, gone.body["status"], gone.body["cancellation"]["reason"]) == (
            200,
            "cancelled",
            "Superseded.",
        )
        again = await acme.calls("POST", f"/requests/{name}/cancellation", json={})
        assert (again.status, again.body["type"]) == (409, "urn:countersign:problem:already_closed")
    async with company.bot.store.reading() as reading:
        record = await reading.audit.chain(f"request:{name.removeprefix('REQ-')}")
    assert {one.source for one in record} == {Source.API}
    assert [one.entry.after.get("client") for one in record if one.entry.after.get("client")] == ["acme"] * 3
    await company.nadia.gets(name, "Superseded.")


async def test_a_platform_sees_its_own_and_one_that_may_reads_all(company: Company) -> None:
    async with (
        platform(company) as acme,
        platform(company, Scope.READ, Scope.CANCEL, client="other") as other,
        platform(company, Scope.READ_ALL, Scope.CANCEL, client="watch") as watch,
    ):
        name = (await acme.submits(csr=csr("mine.halvorsen.example.com"))).body["id"]
        assert (await other.calls("GET", f"/requests/{name}")).status == 404
        assert (await other.calls("POST", f"/requests/{name}/cancellation", json={})).status == 404
        assert (await other.calls("GET", "/requests")).body == {"requests": [], "next": None}
        assert (await watch.calls("GET", f"/requests/{name}")).status == 200
        assert (await watch.calls("POST", f"/requests/{name}/cancellation", json={})).status == 403


async def test_lists_are_filtered_and_paged(company: Company) -> None:
    async with platform(company, client="pager") as pager:
        names = [(await pager.submits(csr=csr(f"p{n}.halvorsen.example.com"))).body["id"] for n in range(3)]
        first = (await pager.calls("GET", "/requests", params={"limit": 2})).body
        second = (await pager.calls("GET", "/requests", params={"limit": 2, "cursor": first["next"]})).body
        listed = [one["id"] for one in [*first["requests"], *second["requests"]]]
        assert (listed, second["next"]) == (names[::-1], None)
        none = await pager.calls("GET", "/requests", params={"status": "approved"})
        assert none.body["requests"] == []
        some = await pager.calls(
            "GET", "/requests", params=[("status", "approved"), ("status", "waiting_for_approval")]
        )
        assert len(some.body["requests"]) == 3
        naive = await pager.calls("GET", "/requests", params={"created_from": "2026-11-21T12:00:00"})
        assert (naive.status, naive.body["errors"][0]["pointer"]) == (422, "query/created_from")


async def test_events_are_the_record_and_nothing_comes_before_a_cursor(company: Company) -> None:
    async with platform(company, client="events") as mine, platform(company, client="others") as others:
        name = (await mine.submits(resource="lab", csr=csr("events.halvorsen.example.com"))).body["id"]
        early = (await mine.calls("GET", "/events")).body
        assert [one for one in early["events"] if one["request"] == name] == []
        company.clock.ahead += LATER
        seen: list[Any] = []
        cursor = early["next"]
        while True:
            page = (await mine.calls("GET", "/events", params={"cursor": cursor, "limit": 2})).body
            if page["next"] == cursor:
                break
            seen, cursor = [*seen, *page["events"]], page["next"]
        assert {one["request"] for one in seen} == {name}
        assert [one["type"] for one in seen][:2] == ["request.submitted", "request.approved_ungated"]
        assert "operation.released" in {one["type"] for one in seen}
        assert [one["id"] for one in seen] == sorted({one["id"] for one in seen})
        assert (await others.calls("GET", "/events")).body["events"] == []


async def test_what_cannot_be_asked_for_is_said_beside_its_field_and_nothing_is_stored(company: Company) -> None:
    async with platform(company, client="faults") as faults:
        for changes, pointer in (
            ({"csr": "not a CSR"}, "/csr"),
            ({"csr": None}, "/csr"),
            ({"resource": "nowhere"}, "/resource"),
            ({"resource": "onboard-devices"}, "/resource"),
            ({"requester": "nobody@halvorsen.example.com"}, "/requester"),
            ({"reason": "   "}, "/reason"),
            ({"reason": "x" * 2001}, "/reason"),
            ({"operation": "destroy"}, "/operation"),
            ({"surprise": 1}, "/surprise"),
        ):
            refused = await faults.submits(**({"csr": csr("faulty.halvorsen.example.com")} | changes))
            assert refused.status == 422, (changes, refused)
            assert refused.headers["Content-Type"] == "application/problem+json"
            assert pointer in {one["pointer"] for one in refused.body["errors"]}, (changes, refused.body)
        assert (await faults.calls("GET", "/requests")).body["requests"] == []


async def test_a_private_key_is_not_echoed(company: Company) -> None:
    secret = "-----BEGIN PRIVATE KEY-----\nMIIsecretsecret\n-----END PRIVATE KEY-----"
    async with platform(company) as acme:
        refused = await acme.submits(csr=secret)
        broken = await acme.calls("POST", "/requests", json={"csr": {"x": secret}}, headers={"Idempotency-Key": "k"})
    assert "private key" in refused.body["detail"]
    assert "secretsecret" not in str(refused.body) + str(broken.body)


async def test_without_a_good_token_nobody_gets_in(company: Company) -> None:
    async with platform(company, Scope.READ) as acme, aiohttp.ClientSession() as session:
        for bad in (None, "", "csgn_aaaaaaaaaaaa_" + "x" * 43, "x" * 5000):
            refused = await Platform(company, bad, session).calls("GET", "/requests")
            assert (refused.status, refused.body["type"]) == (401, "urn:countersign:problem:unauthorized")
            assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        lacking = await acme.submits()
        assert (lacking.status, lacking.body["type"]) == (403, "urn:countersign:problem:insufficient_scope")
        assert "requests:submit" in lacking.body["detail"]


async def test_what_nobody_asked_for_is_not_passed_over(company: Company) -> None:
    async with platform(company) as acme:
        misspelt = await acme.calls("GET", "/requests?state=approved&limit=5")
        assert (misspelt.status, misspelt.body["errors"]) == (
            422,
            [{"pointer": "query/state", "detail": "There is no such parameter here."}],
        )
        for body in (b"{", b""):
            headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
            broken = await acme.calls("POST", "/requests", headers=headers, data=body)
            assert (broken.status, [one["pointer"] for one in broken.body["errors"]]) == (422, [""])
        keyless = await acme.calls("POST", "/requests", json={})
        assert "header/Idempotency-Key" in [one["pointer"] for one in keyless.body["errors"]]


async def test_a_body_is_bounded_and_wrong_doors_are_problems_too(company: Company) -> None:
    async with platform(company) as acme:
        large = await acme.calls("POST", "/requests", data=b"x" * 1_000_001)
        nowhere = await acme.calls("GET", "/nothing")
        wrong = await acme.calls("DELETE", "/requests")

        async def endless() -> AsyncIterator[bytes]:
            yield b"{}"

        chunked = await acme.calls("POST", "/requests", data=endless())
    assert [one.status for one in (large, nowhere, wrong, chunked)] == [413, 404, 405, 411]
    assert {one.headers["Content-Type"] for one in (large, nowhere, wrong, chunked)} == {"application/problem+json"}


async def test_it_describes_itself_without_the_internet(company: Company) -> None:
    async with platform(company) as acme:
        page = (await acme.calls("GET", "/docs")).body
        described = (await acme.calls("GET", "/openapi.json")).body
        assert "https://" not in page
        [script] = [part.split('"')[0] for part in page.split('src="')[1:]]
        assert (await acme.calls("GET", script.removeprefix("/v1"))).status == 200
    assert set(described["paths"]) >= {"/v1/requests", "/v1/requests/{name}", "/v1/events", "/v1/resources"}
    assert "HTTPValidationError" not in str(described)


async def test_somebody_who_was_deactivated_can_ask_for_nothing_more(tmp_path: Path) -> None:
    async with served(f"sqlite:///{tmp_path / 'c.db'}") as company, platform(company) as acme:
        name = (await acme.submits()).body["id"]
        await company.post("user", id="U07NADIA", deleted=True)

        async def refused() -> Any:
            answer = await acme.submits(csr=csr("late.halvorsen.example.com"))
            return answer if answer.status == 422 else None

        answer = await until(refused)
        assert answer.body["type"] == "urn:countersign:problem:no_such_member"
        cancelled = await acme.calls("POST", f"/requests/{name}/cancellation", json={})
        assert (cancelled.status, cancelled.body["type"]) == (403, "urn:countersign:problem:not_a_member")


async def test_who_calls_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    async with (
        served(f"sqlite:///{tmp_path / 'c.db'}", api_rate="3/minute") as company,
        platform(company) as acme,
        platform(company, client="other") as other,
    ):
        answers = [await acme.calls("GET", "/requests") for _ in range(4)]
        assert [answer.status for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["RateLimit"].partition(";t=")[0] for answer in answers] == [
            f'"token";r={left}' for left in (2, 1, 0, 0)
        ]
        assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"token";q=3;w=60'}
        assert answers[-1].body["type"] == "urn:countersign:problem:too_many_requests"
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        assert (await other.calls("GET", "/requests")).status == 200


async def test_a_port_that_is_taken_is_said_in_a_sentence(company: Company, tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=f"127.0.0.1:{company.bot.port} cannot be listened on: Address already in use"
    ):
        async with served(f"sqlite:///{tmp_path / 'c.db'}", http_port=company.bot.port):
            pass


async def test_what_is_small_is_sent_at_once() -> None:
    """asyncio sets TCP_NODELAY on connections of a socket that says it is TCP's, and on no other."""
    with contextlib.closing(_listening("127.0.0.1", 0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP
