"""Groups and roles changed in Slack: who may decide follows at once, and nothing is overwritten unseen."""

from typing import Any

from tests.end_to_end.company import Company, Somebody, shown, until


async def presses(company: Company, who: Somebody, action: str, value: str | None = None) -> Any:
    """A button of the open modal."""
    view = await who.opened()
    found = [
        (block["block_id"], element)
        for block in view["blocks"]
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if element.get("action_id") == action and (value is None or element.get("value", "").startswith(value))
    ]
    assert found, f"no {action} in {shown(view)}"
    block_id, element = found[0]
    return await company.post(
        "click", user=who.user, view_id=view["id"], block_id=block_id, action_id=action, value=element.get("value")
    )


async def says(who: Somebody, words: str) -> Any:
    async def look() -> Any:
        view = await who.modal()
        return view if view is not None and words in shown(view) else None

    return await until(look)


async def test_a_group_is_changed_and_its_people_are_asked(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.ingrid.types("/approval people")
    await presses(company, company.ingrid, "team_open", "group:security")
    await says(company.ingrid, "Used by")
    await presses(company, company.ingrid, "team_edit")
    await says(company.ingrid, "Slack user group")
    answer = await company.ingrid.hands_in(team_usergroup="none", team_people=["U08LUCAS", "U05SARA"])
    assert answer["acknowledged"], answer
    assert "*Saved*" in shown(await company.ingrid.opened())
    await company.lucas.gets(name, "Approval needed")
    await presses(company, company.ingrid, "team_delete")
    await says(company.ingrid, "is still named by")


async def test_others_are_refused_and_auditors_read(company: Company) -> None:
    refused = str(await company.nadia.types("/approval people"))
    assert "Only administrators and auditors can look" in refused
    await company.eleanor.types("/approval people <@U05SARA>")
    page = await says(company.eleanor, "May approve")
    assert "Security" in shown(page)
    await presses(company, company.eleanor, "people")
    listed = await says(company.eleanor, "Administrator")
    assert "New group" not in shown(listed)


async def test_the_last_administrator_stays(company: Company) -> None:
    await company.ingrid.types("/approval people")
    await presses(company, company.ingrid, "team_open", "role:administrator")
    await says(company.ingrid, "Used by")
    await presses(company, company.ingrid, "team_edit")
    await says(company.ingrid, "People who hold this role by name")
    answer = await company.ingrid.hands_in(team_usergroup="none", team_people=[])
    assert "This would leave no administrator" in str(answer) or "leave nobody" in shown(await company.ingrid.opened())
