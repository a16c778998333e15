"""Menus that would have to list hundreds are searched: what they offer, to whom, and that what was found can be saved."""

from typing import Any

from bot.slack.app import ALL
from bot.slack.kit.ids import Action
from bot.slack.kit.team_places import TeamPlace
from domain.approvals.profiles import ProfileVersion
from domain.approvals.resources import Resource, ResourceId, ResourceKind
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.configuration.plan import Kind
from domain.people.people import UserGroup
from tests.end_to_end.company import Company, Somebody, shown, until
from tests.end_to_end.test_homes import presses
from tests.rules.build import profile, step

SUGGESTED = [action for interactions in ALL for action in interactions.options]
"""Menus that ask what they offer."""

MANY = 300
AT_ONCE = 20
SECURITY = str(TeamPlace(kind=Kind.GROUP, key="security"))


async def crowd(company: Company) -> None:
    """Hundreds of everything that a menu offers: a few at a time, because a transaction may last no longer than a click waits."""
    named = profile(step()).definition
    for first in range(0, MANY, AT_ONCE):
        async with company.bot.store.transaction(Source.CLI) as tx:
            for number in range(first, first + AT_ONCE):
                definition = named.replace(name=f"Policy {number:03}")
                await tx.profiles.save(ProfileVersion(profile=f"p{number:03}", number=1, definition=definition))
                kind = ResourceKind.CERTIFICATE_AUTHORITY if number % 2 else ResourceKind.RA_PROFILE
                await tx.resources.save(Resource(key=f"r{number:03}", kind=kind, name=f"Place {number:03}"))
    async with company.bot.store.transaction(Source.CLI) as tx:
        await tx.directory.save_usergroups(
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
    assert (len(all_of_them), all_of_them[0]) == (100, "No approval profile")
    assert await offered(company, ingrid, "gate_issue", "y 29") == [
        "No approval profile",
        *(f"Policy {n}" for n in range(290, 300)),
    ]
    assert await offered(company, ingrid, "link_certificate_authority", "place 003") == ["None", "Place 003"]
    answer = await ingrid.hands_in(gate_issue="p299", link_certificate_authority="r299")
    assert answer["acknowledged"], answer
    assert "Policy 299" in shown(await ingrid.opened())
    async with company.bot.store.reading() as reading:
        saved = await reading.resources.get(ResourceId("public-web"))
    assert saved is not None
    gates = saved.approvals[Operation.ISSUE], saved.approvals[Operation.RENEW]
    assert (saved.certificate_authority, *gates) == ("r299", "p299", "web-servers")

    await opens(company, ingrid, "dry_run", "public-web")
    assert "Place 042" in await offered(company, ingrid, "dry_run_entry", "r042")
    await ingrid.types("/approval people")
    await opens(company, ingrid, "team_open", SECURITY)
    await opens(company, ingrid, "team_edit", SECURITY)
    assert await offered(company, ingrid, "team_usergroup", "h007") == ["None", "@h007 (x)"]


async def test_a_request_and_the_filter_find_their_resource_among_hundreds(company: Company) -> None:
    await crowd(company)
    nadia = company.nadia
    await nadia.types("/approval submit")
    await nadia.chooses("operation", "issue")
    assert await offered(company, nadia, "resource", "place 03") == [f"Place {n:03}" for n in range(30, 40, 2)]
    await nadia.chooses("operation", "renew")
    assert await offered(company, nadia, "resource", "public") == ["Public web servers"]
    await company.submits(nadia, resource="r298", cn="found.halvorsen.example.com")
    await presses(company, nadia, await nadia.home(), "home_filter")
    assert len(await offered(company, nadia, "filter_resource")) == 100
    assert await offered(company, nadia, "filter_resource", "place 298") == ["Any resource", "Place 298"]
    answer = await nadia.hands_in(filter_resource="r298")
    assert answer["acknowledged"], answer
    await until(lambda: says_found(nadia))


async def says_found(who: Somebody) -> bool:
    home = shown(await who.shown_home())
    return "at Place 298" in home and "found.halvorsen.example.com" in home


async def test_nobody_else_is_offered_anything(company: Company) -> None:
    """Members ask and filter, auditors try an operation out; to forge the question for anything else leads nowhere."""
    members = {
        (user, action) for user in ("U09ELEANOR", "U07NADIA") for action in (Action.RESOURCE, Action.FILTER_RESOURCE)
    }
    may = {("U09ELEANOR", Action.DRY_RUN_ENTRY), *members, *(("U01INGRID", one) for one in SUGGESTED)}
    for user in ("U01INGRID", "U09ELEANOR", "U07NADIA", "U10PAVEL", "U12HENRIK", "U11BUILDS"):
        for action in SUGGESTED:
            payload = {
                "type": "block_suggestion",
                "user": {"id": user, "team_id": "T01HALVORSEN"},
                "team": {"id": "T01HALVORSEN", "domain": "x"},
                "action_id": action.value,
                "block_id": f"{action.value}:{'ra_profile' if action is Action.RESOURCE else 'issue'}",
                "value": "",
            }
            receipt = await company.slack.deliveries.deliver("interactive", payload)
            assert receipt.acknowledged
            assert bool(receipt.answer["options"]) == ((user, action) in may), (user, action)
