"""Everything that can be typed, and what it answers."""

import re
from collections.abc import Iterator
from typing import Any

from domain import workflow
from domain.approvals.requests import RequestId
from domain.approvals.resources import ResourceId
from domain.common.operations import Operation
from domain.people.people import person_id
from domain.workflow import Submission
from tests.end_to_end.company import Company, shown, until
from tests.material_factory import csr_pem


def texts(part: Any) -> Iterator[dict[str, str]]:
    """Every text object in a message."""
    if isinstance(part, dict):
        if part.get("type") in {"mrkdwn", "plain_text"}:
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from texts(one)


async def test_nothing_waits_and_then_something_does(company: Company) -> None:
    assert "Nothing is waiting for you" in str(await company.sara.types("/approval"))
    name = await company.submits(company.nadia)
    answer = await company.sara.types("/approval")
    assert name in str(answer)
    assert "approve" in str(answer)
    assert name not in str(await company.nadia.types("/approval")), "nobody's own request waits on them"


async def test_lists_by_whom_and_status(company: Company) -> None:
    first = await company.submits(company.nadia)
    second = await company.submits(company.lucas, cn="two.halvorsen.example.com")
    await company.lucas.types(f"/approval cancel {second}")
    assert first in str(await company.nadia.types("/approval list mine"))
    assert second not in str(await company.nadia.types("/approval list"))
    everything = str(await company.eleanor.types("/approval list all"))
    assert first in everything
    assert second in everything
    assert second in str(await company.eleanor.types("/approval list all cancelled"))
    assert first not in str(await company.eleanor.types("/approval list all cancelled"))
    assert "Only administrators and auditors" in str(await company.nadia.types("/approval list all"))


async def test_show_opens_the_details_for_those_who_may_know(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.nadia.types(f"/approval show {name}")
    details = await company.nadia.opened()
    for words in (
        "Waiting for approval",
        "portal.halvorsen.example.com",
        "Web server certificates",
        "version 1",
        "The old one ends on Friday.",
    ):
        assert words in shown(details), words
    assert f"There is no {name} that you can see." in str(await company.lucas.types(f"/approval show {name}"))
    assert "There is no REQ-99 that you can see." in str(await company.lucas.types("/approval show REQ-99"))


async def test_a_comment_reaches_every_message(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.sara.gets("Approval needed", name)
    assert "recorded" in str(await company.david.types(f"/approval comment {name} Is the *old* key gone? <!channel>"))
    asked = await company.sara.gets("Approval needed", name, "Is the *old* key gone?")
    assert "<!channel>" not in asked["text"]
    assert not any("<!channel>" in text["text"] for text in texts(asked) if text["type"] == "mrkdwn")
    assert any("<!channel>" in text["text"] for text in texts(asked)), "shown as it was typed"
    assert "Only the requester and the approvers" in str(await company.eleanor.types(f"/approval comment {name} Hello"))


async def test_resubmitting_prefills_and_links_both_ways(company: Company) -> None:
    name = await company.submits(company.nadia)
    assert "Cancel it first" in str(await company.nadia.types(f"/approval resubmit {name}"))
    await company.nadia.types(f"/approval cancel {name} one name is missing")
    await company.nadia.types(f"/approval resubmit {name}")
    form = await company.nadia.opened()
    assert "BEGIN CERTIFICATE REQUEST" in shown(form)
    assert "The old one ends on Friday." in shown(form)
    assert (await company.nadia.hands_in())["acknowledged"]

    async def linked() -> bool:
        await company.nadia.types("/approval show REQ-2")
        new = shown(await company.nadia.modal())
        await company.nadia.types(f"/approval show {name}")
        return name in new and "REQ-2" in shown(await company.nadia.modal())

    await until(linked)


async def test_the_same_twice_is_refused_with_the_first_one_named(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.lucas.types("/approval submit issue")
    csr = next(one for one in [await company.csr()])
    answer = await company.lucas.hands_in(resource="public-web", csr=csr, reason="I need it too.")
    assert name in str(answer["answer"]["errors"]["csr"])


async def test_bad_input_is_refused_beside_its_field_and_nothing_is_stored(company: Company) -> None:
    await company.nadia.types("/approval submit issue")
    answer = await company.nadia.hands_in(
        resource="public-web", csr="-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", reason="x"
    )
    assert "private key" in answer["answer"]["errors"]["csr"]
    assert "MIIE" not in str(answer)
    assert not re.search(r"REQ-\d", str(await company.ingrid.types("/approval list all")))


async def test_a_misspelt_subcommand_gets_the_nearest_one(company: Company) -> None:
    assert "/approval cancel" in str(await company.nadia.types("/approval cancle REQ-1"))
    assert "Which request?" in str(await company.nadia.types("/approval show"))
    assert "/approval override" not in str(await company.nadia.types("/approval help"))
    assert "/approval override" in str(await company.ingrid.types("/approval help"))


async def test_override_is_for_administrators_and_not_for_their_own(company: Company) -> None:
    name = await company.submits(company.tomasz)
    assert "that you can see" in str(await company.lucas.types(f"/approval override {name} approve"))
    assert "Only administrators" in str(await company.sara.types(f"/approval override {name} approve"))
    assert "another administrator" in str(await company.tomasz.types(f"/approval override {name} approve"))
    await company.ingrid.types(f"/approval override {name} reject wrong names")
    form = await company.ingrid.opened()
    assert "wrong names" in shown(form)
    assert (await company.ingrid.hands_in())["acknowledged"]
    await company.tomasz.gets("Overridden to rejected", name, "wrong names")


async def test_an_ungated_operation_is_approved_at_once(company: Company) -> None:
    name = await company.submits(company.nadia, resource="lab", cn="bench.halvorsen.example.com")
    await company.nadia.gets("Approved", name)
    await company.nadia.types(f"/approval show {name}")
    assert "no approval is required" in shown(await company.nadia.opened()).lower()


async def test_what_is_too_long_for_a_field_is_taken_from_the_request_before(company: Company) -> None:
    names = [f"host-{number}.{'long-' * 8}.halvorsen.example.com" for number in range(60)]
    await company.nadia.types("/approval submit issue")
    short = await company.csr("first.halvorsen.example.com")
    assert (await company.nadia.hands_in(resource="public-web", csr=short, reason="x"))["acknowledged"]
    await company.nadia.types("/approval cancel REQ-1")
    long = csr_pem(cn="second.halvorsen.example.com", sans=tuple(names))
    again = Submission(operation=Operation.ISSUE, entry=ResourceId("public-web"), reason="Many names.", csr=long)
    requester = person_id("T01HALVORSEN", company.nadia.user)
    await workflow.submit(company.bot.store, requester, again, company.clock())
    await company.nadia.types("/approval cancel REQ-2")
    await company.nadia.types("/approval resubmit REQ-2")
    assert "Leave this empty" in shown(await company.nadia.opened())
    assert (await company.nadia.hands_in())["answer"]["response_action"] == "clear"
    async with company.bot.store.reading() as reading:
        third = await reading.requests.get(RequestId(3))
    assert third is not None
    assert len(third.material.sans) == len(names)
