"""Homes and open modals show what changed: whoever pressed, whoever was told, and whichever process drew them."""

from datetime import timedelta
from typing import Any

from domain.people.people import person_id
from tests.databases import Databases
from tests.end_to_end.company import Company, Somebody, a_workspace, at_work, shown, until


def buttons(view: Any) -> list[str]:
    """What can be pressed in *view*, by action."""
    return [one["action_id"] for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]


async def presses(company: Company, who: Somebody, view: Any, action: str) -> None:
    """A button of a modal or Home."""
    answer = await company.post("click", user=who.user, view_id=view["id"], action_id=action)
    assert answer["acknowledged"], answer


async def test_approving_in_the_details_shows_what_came_of_it(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.sara.presses(await company.sara.gets("Approval needed", name), "details")
    details = await company.sara.opened()
    assert "approve" in buttons(details)
    await presses(company, company.sara, details, "approve")

    async def decided() -> bool:
        modal = await company.sara.modal()
        return "approve" not in buttons(modal) and "*Approved* by <@U05SARA>" in shown(modal)

    await until(decided)


async def test_a_refusal_that_finds_no_room_on_top_takes_the_place_of_the_modal(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.sara.presses(await company.sara.gets("Approval needed", name), "details")
    details = await company.sara.opened()
    await company.post("usergroup", id="S02SECURITY", users=["U06DAVID"])
    assert (await company.post("faults", kind="error", method="views.push", count=1, error="expired_trigger_id"))["ok"]
    await presses(company, company.sara, details, "approve")

    async def refused() -> bool:
        return f"There is no {name} that you can see" in shown(await company.sara.modal())

    await until(refused)


async def test_a_form_that_cannot_be_taken_now_keeps_what_was_typed(company: Company) -> None:
    await company.nadia.types("/approval submit issue")
    csr = await company.csr()
    assert (await company.post("faults", kind="error", method="users.list", count=9, error="internal_error"))["ok"]
    company.clock.ahead = timedelta(hours=1)  # by then the mirror is too old to rely on
    answer = (await company.nadia.hands_in(resource="public-web", csr=csr, reason="For the portal."))["answer"]
    assert answer["response_action"] == "errors"
    assert "Try again" in answer["errors"]["reason"]
    await company.post("faults", clear=True)
    await company.nadia.hands_in(resource="public-web", csr=csr, reason="For the portal.")
    await company.nadia.gets("REQ-1", "Waiting for approval")


async def test_a_home_shows_what_its_reader_may_approve_and_was_not_told_of(company: Company) -> None:
    await company.kofi.home()
    name = await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn="gateway-9")

    async def shows_it() -> Any:
        home = await company.kofi.shown_home()
        return home if name in shown(home) else None

    await presses(company, company.kofi, await until(shows_it), "approve")

    async def is_done() -> bool:
        home = await company.kofi.shown_home()
        return "approve" not in buttons(home) and "*Approved* by <@U04KOFI>" in shown(home)

    await until(is_done)
    assert not [
        direct_message
        for direct_message in await company.kofi.direct_messages()
        if "Approval needed" in direct_message["text"]
    ]


async def test_a_home_is_narrowed_by_its_filter_until_that_is_cleared(company: Company) -> None:
    nadia = company.nadia
    name = await company.submits(nadia)
    await presses(company, nadia, await nadia.home(), "home_filter")
    assert (await nadia.hands_in(filter_status=["rejected", "cancelled"]))["acknowledged"]

    async def says(*words: str) -> Any:
        home = await nadia.shown_home()
        return home if all(word in shown(home) for word in words) else None

    home = await until(lambda: says("*Filtered*: cancelled or rejected", "No requests match this filter."))
    assert name not in shown(home)
    await nadia.types(f"/approval cancel {name} Not needed")
    home = await until(lambda: says("*Filtered*", f"*{name}*", "*Cancelled*"))  # in My requests and in Recent
    assert shown(home).count(f"*{name}*") == 2
    await presses(company, nadia, home, "home_clear")
    assert "*Filtered*" not in shown(await until(lambda: says("Nothing is waiting for you.")))


async def test_a_list_has_the_same_filters_as_the_home(company: Company) -> None:
    name = await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn="gateway-9")
    await company.lucas.gets("Approval needed", name)
    for words, there in (
        ("waiting", True), ("waiting operation:enroll by:<@U07NADIA>", True), ("waiting operation:issue", False), ("recent", False),
    ):  # fmt: skip
        answer = await company.lucas.types(f"/approval list {words}")
        assert (f"*{name}*" in shown(answer)) == there, words
        assert ("*Filtered*" in shown(answer)) == (":" in words)
    await company.lucas.presses(await company.lucas.gets("Approval needed", name), "approve")
    answer = await company.lucas.types("/approval list recent")
    assert f"*{name}*" in shown(answer)
    assert "*Approved* by <@U08LUCAS>" in shown(answer)


async def test_a_home_opened_through_one_replica_is_drawn_by_the_one_that_announces(databases: Databases) -> None:
    async with (
        databases.migrated("postgresql") as url,
        a_workspace() as slack,
        at_work(url, slack=slack) as company,
        at_work(url, slack=slack, announce_every=timedelta(hours=1)) as other,
    ):
        other.bot.message_worker.stop()  # whatever is announced, the first one announces
        await other.bot.homes.open(person_id("T01HALVORSEN", company.kofi.user))
        name = await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn="gateway-9")

        async def shows_it() -> bool:
            return name in shown(await company.kofi.shown_home())

        await until(shows_it)


async def test_a_refusal_that_comes_too_late_for_a_modal_over_the_home_comes_as_a_message(company: Company) -> None:
    name = await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn="gateway-9")
    await company.lucas.gets("Approval needed", name)
    home = await company.lucas.home()
    await company.post("faults", kind="error", method="views.publish", error="internal_error")  # it keeps its buttons
    await company.nadia.types(f"/approval cancel {name}")
    await company.post("faults", kind="error", method="views.open", count=1, error="expired_trigger_id")
    await presses(company, company.lucas, home, "approve")
    await company.lucas.gets(f"{name} is already cancelled.")
