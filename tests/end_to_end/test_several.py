"""Several requests decided from the Home: each by itself, each with its result, whatever happens to the others and to Slack."""

from typing import Any

import pytest

from bot.slack.pages.bulk_decisions import listener as several
from tests.end_to_end.company import Company, Somebody, shown, until
from tests.end_to_end.test_homes import presses


async def asked(company: Company, number: int) -> list[str]:
    """So many requests of Nadia's that wait on Kofi and Lucas, each the other's alternative."""
    names = [
        await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn=f"gateway-{one}")
        for one in range(number)
    ]
    await company.lucas.gets("Approval needed", names[-1])
    return names


def boxes(view: Any) -> dict[str, str]:
    """The step that each box of the form carries, by its block."""
    return {
        block["block_id"]: block["elements"][0]["options"][0]["value"]
        for block in view["blocks"]
        if block["type"] == "actions" and block["elements"][0]["type"] == "checkboxes"
    }


async def opens(company: Company, who: Somebody) -> Any:
    await presses(company, who, await who.home(), "decide_several")
    return await who.opened()


async def sends(company: Company, who: Somebody, view: Any, verdict: str, comment: str = "") -> Any:
    """Everything ticked; the answer."""
    values: dict[str, Any] = {block: {"several_tick": [step]} for block, step in boxes(view).items()}
    values |= {"verdict": {"verdict": verdict}, "comment": {"comment_text": comment}}
    return await company.post("view_submit", user=who.user, view_id=view["id"], values=values)


async def test_each_is_decided_by_itself_and_none_hides_another(company: Company) -> None:
    first, second, third = await asked(company, 3)
    view = await opens(company, company.lucas)
    assert len(boxes(view)) == 3
    await company.kofi.types(f"/approval show {first}")
    kofis = await company.kofi.opened()
    await presses(company, company.kofi, kofis, "approve")
    await company.nadia.types(f"/approval cancel {second}")
    answer = await sends(company, company.lucas, view, "approve")
    assert answer["acknowledged"], answer
    modal = shown(await company.lucas.modal())
    assert "*1 approved, 1 already decided, 1 cancelled.*" in modal
    assert f"*{third}* enroll end entity gateway-2. You approved it." in modal
    assert f"*{first}* enroll end entity gateway-0. It is already approved." in modal
    await company.nadia.gets("Approved: enroll", third)

    async def is_done() -> bool:
        return "Nothing is waiting for you." in shown(await company.lucas.shown_home())

    await until(is_done)
    again = await sends(company, company.lucas, view, "approve")
    assert not again.get("acknowledged") or "1 approved" in shown(await company.lucas.modal()), "twice is once"


async def test_one_comment_goes_with_each_and_is_asked_for_beside_its_field(company: Company) -> None:
    names = await asked(company, 2)
    view = await opens(company, company.lucas)
    answer = (await sends(company, company.lucas, view, "reject"))["answer"]
    assert answer["response_action"] == "errors"
    assert "requires a comment" in answer["errors"]["comment"]
    await sends(company, company.lucas, view, "reject", "Not these devices.")
    assert "*2 rejected.*" in shown(await company.lucas.modal())
    for name in names:
        await company.nadia.gets("Rejected: enroll", name, "Not these devices.")


async def test_what_takes_longer_is_shown_when_it_is_done(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "AT_ONCE", 0)
    monkeypatch.setattr(several, "SETTLED", 0.3)
    await asked(company, 2)
    answer = await sends(company, company.lucas, await opens(company, company.lucas), "approve")
    assert "Deciding 2 requests…" in shown(answer["answer"]["view"])

    async def is_done() -> bool:
        return "*2 approved.*" in shown(await company.lucas.modal())

    await until(is_done)


async def test_who_closes_it_before_it_is_done_gets_a_message(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "AT_ONCE", 0)
    monkeypatch.setattr(several, "SETTLED", 0.3)
    names = await asked(company, 2)
    view = await opens(company, company.lucas)
    await sends(company, company.lucas, view, "approve")
    await company.post("view_close", user=company.lucas.user, view_id=view["id"])
    message = await company.lucas.gets("2 approved.")
    assert all(name in shown(message) for name in names)
