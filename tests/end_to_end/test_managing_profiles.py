"""Approval profiles managed in Slack, over the real protocol: made, edited step by step, refused, deleted; and the file says the same."""

import json
from typing import Any

from domain.approvals.profiles import Approvers, ProfileId, ProfileVersion
from domain.workflow.configuration.configure import export, plan
from tests.domain.configuration.states import file
from tests.end_to_end.company import Company, Somebody, shown, until


async def in_modal(company: Company, who: Somebody, action: str, value: str | None = None) -> Any:
    """*who* presses a button of the modal they see: the one with this *value*, where there are several."""
    view = await who.opened()
    sent = {"value": value} if value is not None else {}
    answer = await company.post("click", user=who.user, view_id=view["id"], action_id=action, **sent)
    assert answer.get("acknowledged"), answer
    return await who.modal()


async def fills(company: Company, who: Somebody, action: str, value: Any) -> Any:
    """*who* chooses in a field that the app hears of; the modal after that."""
    view = await who.opened()
    block = next(block["block_id"] for block in view["blocks"] if block.get("element", {}).get("action_id") == action)
    await company.post("input", user=who.user, view_id=view["id"], block_id=block, action_id=action, value=value)
    return await who.modal()


async def present(company: Company, key: str) -> ProfileVersion | None:
    async with company.bot.store.reading() as reading:
        return await reading.profiles.get(ProfileId(key))


async def test_a_profile_is_made_edited_step_by_step_and_deleted(company: Company) -> None:
    ingrid = company.ingrid
    await ingrid.types("/approval profiles")
    assert "Web server certificates" in shown(await ingrid.opened())
    await in_modal(company, ingrid, "profile_new")
    assert "no approvers" in shown(await ingrid.modal())

    await in_modal(company, ingrid, "step_edit", "0")
    assert "Approval" in shown(await ingrid.modal())
    await fills(company, ingrid, "step_people", [company.sara.user, company.david.user])
    changed = await fills(company, ingrid, "step_required", "3")
    assert "can never be reached" in shown(changed)
    assert "needs 3 and only 2 people" in shown(changed)
    changed = await fills(company, ingrid, "step_required", "2")
    assert "Will notify 2 people" in shown(changed)
    assert "can never be reached" not in shown(changed)
    assert (await ingrid.hands_in(step_name="Names"))["acknowledged"]

    await in_modal(company, ingrid, "step_add")
    await fills(company, ingrid, "step_teams", ["group:pki-admins", "role:ca-custodian"])
    assert (await ingrid.hands_in(step_name="Keys"))["acknowledged"]
    assert "*2. Keys*" in shown(await ingrid.modal())
    await in_modal(company, ingrid, "step_up", "1")
    form = shown(await ingrid.modal())
    assert form.index("*1. Keys*") < form.index("*2. Names*")

    taken = await ingrid.hands_in(
        profile_name="web SERVER certificates", profile_expiry="36", profile_expiry_unit="hours"
    )
    assert "already called" in str(taken["answer"]["errors"])
    assert (await ingrid.hands_in(profile_name="Mail servers"))["acknowledged"]
    assert "with the key mail-servers" in shown(await ingrid.modal())
    made = await present(company, "mail-servers")
    assert made is not None
    assert [step.name for step in made.steps] == ["Keys", "Names"]
    assert made.steps[1].required == 2
    assert made.steps[0].approvers == Approvers(groups=("pki-admins",), roles=("ca-custodian",))
    assert str(made.definition.expires_after) == "1 day, 12:00:00"

    await in_modal(company, ingrid, "profile_edit")
    assert (await ingrid.hands_in())["acknowledged"]
    assert "Nothing changed" in shown(await ingrid.modal())
    assert await present(company, "mail-servers") == made
    await in_modal(company, ingrid, "profile_edit")
    await in_modal(company, ingrid, "step_remove", "0")
    assert (await ingrid.hands_in(profile_expiry_unit="never"))["acknowledged"]
    assert "Saved as version 2" in shown(await ingrid.modal())
    history = shown(await in_modal(company, ingrid, "profile_history"))
    assert "Expires after: 36h → never" in history
    assert "Step 1 name: Keys → Names" in history

    content = await export(company.bot.store)
    assert content["profiles"]["mail-servers"]["steps"][0]["name"] == "Names"
    assert (await plan(company.bot.store, file(**content))).is_empty

    await in_modal(company, ingrid, "profile_open", "mail-servers")
    await in_modal(company, ingrid, "profile_delete")
    assert "*Deleted*: Mail servers" in shown(await ingrid.modal())
    assert await present(company, "mail-servers") is None


async def test_what_is_used_is_not_deleted_and_nothing_is_overwritten_unseen(company: Company) -> None:
    ingrid, tomasz = company.ingrid, company.tomasz
    await company.submits(company.nadia)
    for who in (ingrid, tomasz):
        await who.types("/approval profiles web server")
        await in_modal(company, who, "profile_open", "web-servers")
        assert "REQ-1" in shown(await who.modal())
    await in_modal(company, ingrid, "profile_delete")

    async def refused() -> bool:
        text = shown(await ingrid.modal())
        return "still used by" in text and "Public web servers" in text and "REQ-1" in text

    await until(refused)
    await company.post("view_close", user=ingrid.user, view_id=(await ingrid.modal())["id"])

    for who in (ingrid, tomasz):
        await in_modal(company, who, "profile_edit")
    assert (await tomasz.hands_in(profile_name="Web servers of ours"))["acknowledged"]
    assert "1 open request kept the version that it was submitted under" in shown(await tomasz.modal())
    await ingrid.hands_in(profile_name="Web servers, mine")
    late = shown(await ingrid.modal())
    assert "Tomasz" in late
    assert "Web server certificates → Web servers of ours" in late
    assert "Web servers of ours" in shown(await in_modal(company, ingrid, "profile_open"))
    version = await present(company, "web-servers")
    assert version is not None
    assert (version.number, version.name) == (2, "Web servers of ours")


async def test_a_blocked_request_takes_the_version_that_names_its_approvers(company: Company) -> None:
    ingrid = company.ingrid
    name = await company.submits(company.nadia, resource="code-signing", cn="releases.halvorsen.example.com")
    await ingrid.types("/approval profiles code")
    assert "blocked" in shown(await in_modal(company, ingrid, "profile_open", "code-signing")).lower()
    await in_modal(company, ingrid, "profile_edit")
    await in_modal(company, ingrid, "step_edit", "1")
    await fills(company, ingrid, "step_teams", ["group:pki-admins"])
    assert (await ingrid.hands_in())["acknowledged"]
    assert (await ingrid.hands_in())["acknowledged"]
    assert "1 open request, blocked until now, took the new one" in shown(await ingrid.modal())
    await company.sara.gets("Approval needed", name)


async def test_who_may_look_and_who_may_change(company: Company) -> None:
    assert "Only administrators and auditors" in str(await company.nadia.types("/approval profiles"))
    eleanor = company.eleanor
    await eleanor.types("/approval profiles")
    await in_modal(company, eleanor, "profile_open", "web-servers")
    assert "profile_edit" not in str(await eleanor.modal())
    view = await eleanor.modal()
    name = {"profile_name:1": {"profile_name": {"type": "plain_text_input", "value": "Eleanor's"}}}
    base = {"profile": "web-servers", "seen": 1}
    payload = {
        "type": "view_submission",
        "user": {"id": eleanor.user, "team_id": view["team_id"]},
        "team": {"id": view["team_id"]},
        "view": {
            **view,
            "callback_id": "profile_form",
            "private_metadata": json.dumps({"base": base, "nonce": "1"}),
            "state": {"values": name},
        },
    }
    forged = await company.post("forge", type="interactive", payload=payload)
    assert "Only administrators can do this" in str(forged["answer"])
    unchanged = await present(company, "web-servers")
    assert unchanged is not None
    assert unchanged.number == 1
    assert "'profiles'" in str(await company.ingrid.home())
    assert "'profiles'" not in str(await company.nadia.home())
