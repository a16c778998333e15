"""Menus that would have to list hundreds are searched: what they offer, to whom, and that what was found can be saved."""

from typing import Any

from bot.blocks.team_places import TeamPlace
from bot.ids import Action
from bot.listeners.suggestions import SUGGESTED
from domain.audit import Source
from domain.configuration.plan import Kind
from domain.operations import Operation
from domain.people import UserGroup
from domain.profiles import ProfileVersion
from domain.resources import Resource, ResourceId, ResourceKind
from tests.end_to_end.company import Company, Somebody, shown
from tests.rules.build import profile, step

MANY = 300
SECURITY = str(TeamPlace(kind=Kind.GROUP, key="security"))


async def crowd(company: Company) -> None:
    """Hundreds of everything that a menu offers."""
    named = [profile(step(), key=f"p{number:03}").definition for number in range(MANY)]
    async with company.bot.store.transaction(Source.CLI) as tx:
        for number, one in enumerate(named):
            version = ProfileVersion(
                profile=f"p{number:03}", number=1, definition=one.replace(name=f"Policy {number:03}")
            )
            await tx.save_profile(version)
            kind = ResourceKind.CERTIFICATE_AUTHORITY if number % 2 else ResourceKind.RA_PROFILE
            await tx.save_resource(Resource(key=f"r{number:03}", kind=kind, name=f"Place {number:03}"))
        await tx.save_usergroups(
            [UserGroup(id=f"S9{number:03}", handle=f"h{number:03}", name="x") for number in range(MANY)]
        )


async def offered(company: Company, who: Somebody, field: str, typed: str = "") -> list[str]:
    view = await who.opened()
    block = next(one for one in view["blocks"] if one["block_id"].startswith(field))
    assert block["element"]["type"] == "external_select", block
    answer = await company.post(
        "suggest", user=who.user, view_id=view["id"], block_id=block["block_id"], action_id=field, value=typed
    )
    assert answer["acknowledged"], answer
    return [one["text"]["text"] for one in answer["options"]]


async def opens(company: Company, who: Somebody, action: str, value: str) -> Any:
    view = await who.opened()
    return await company.post("click", user=who.user, view_id=view["id"], action_id=action, value=value)


async def test_what_is_found_can_be_saved(company: Company) -> None:
    await crowd(company)
    ingrid = company.ingrid
    await ingrid.types("/approval resources public-web")
    await opens(company, ingrid, "resource_open", "public-web")
    await opens(company, ingrid, "resource_edit", "public-web")
    all_of_them = await offered(company, ingrid, "gate_issue")
    assert (len(all_of_them), all_of_them[0]) == (100, "No gate here")
    assert await offered(company, ingrid, "gate_issue", "y 29") == [
        "No gate here",
        *(f"Policy {n}" for n in range(290, 300)),
    ]
    assert await offered(company, ingrid, "link_certificate_authority", "place 003") == ["None", "Place 003"]
    answer = await ingrid.hands_in(gate_issue="p299", link_certificate_authority="r299")
    assert answer["acknowledged"], answer
    assert "Policy 299" in shown(await ingrid.opened())
    async with company.bot.store.reading() as reading:
        saved = await reading.resource(ResourceId("public-web"))
    assert saved is not None
    gates = saved.approvals[Operation.ISSUE], saved.approvals[Operation.RENEW]
    assert (saved.certificate_authority, *gates) == ("r299", "p299", "web-servers")

    await opens(company, ingrid, "dry_run", "public-web")
    assert "Place 042" in await offered(company, ingrid, "dry_run_entry", "r042")
    await ingrid.types("/approval people")
    await opens(company, ingrid, "team_open", SECURITY)
    await opens(company, ingrid, "team_edit", SECURITY)
    assert await offered(company, ingrid, "team_usergroup", "h007") == ["None", "@h007 (x)"]


async def test_nobody_else_is_offered_anything(company: Company) -> None:
    """Auditors may try an operation out, and are offered where; to forge the question for anything else leads nowhere."""
    may = {("U09ELEANOR", Action.DRY_RUN_ENTRY), *(("U01INGRID", one) for one in SUGGESTED)}
    for user in ("U01INGRID", "U09ELEANOR", "U07NADIA", "U10PAVEL", "U12HENRIK", "U11BUILDS"):
        for action in SUGGESTED:
            payload = {
                "type": "block_suggestion",
                "user": {"id": user, "team_id": "T01HALVORSEN"},
                "team": {"id": "T01HALVORSEN", "domain": "x"},
                "action_id": action.value,
                "block_id": f"{action.value}:issue",
                "value": "",
            }
            receipt = await company.slack.deliveries.deliver("interactive", payload)
            assert receipt.acknowledged
            assert bool(receipt.answer["options"]) == ((user, action) in may), (user, action)
