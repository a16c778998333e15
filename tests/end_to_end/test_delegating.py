"""Being away: somebody else is asked, decides for the one who is away, and is asked no more when that is over."""

from datetime import timedelta

from tests.end_to_end.company import Company, shown, until


async def test_a_delegate_is_asked_and_decides_for_the_one_who_is_away(company: Company) -> None:
    name = await company.submits(company.nadia)
    answer = await company.sara.types("/approval delegate <@U08LUCAS|lucas> until +1w Skiing &amp; sleeping")
    assert "<@U08LUCAS> covers for you until" in shown(answer)
    asked = await company.lucas.gets(name, "You are asked for <@U05SARA>, who is away")
    assert name in str(await company.lucas.types("/approval"))
    await company.lucas.presses(asked, "approve")
    await company.nadia.gets(name, "<@U08LUCAS> for <@U05SARA>")
    assert "Your delegate has already approved this for you" not in str(
        await company.sara.types(f"/approval show {name}")
    )


async def test_the_form_and_what_ends_by_itself(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.sara.types("/approval delegate")
    answer = await company.sara.hands_in(delegate="U08LUCAS", delegate_until="2020-01-01")
    assert "cannot be in the past" in shown(answer) or "cannot be in the past" in str(answer)
    tomorrow = (company.clock() + timedelta(days=1)).date().isoformat()
    answer = await company.sara.hands_in(delegate="U08LUCAS", delegate_until=tomorrow, reason="A day off")
    assert answer["acknowledged"], answer
    view = await company.sara.opened()
    assert "*Recorded*" in shown(view)
    assert "<@U08LUCAS> covers for you" in shown(await company.sara.home())
    asked = await company.lucas.gets(name, "You are asked for <@U05SARA>")
    company.clock.ahead = timedelta(hours=50)
    await company.lucas.gets(name, "You no longer need to decide")
    pressed = await company.lucas.presses(asked, "approve")
    assert not pressed.get("ok") or "approved" not in shown(await company.nadia.gets(name))


async def test_whoever_did_not_do_it_is_told(company: Company) -> None:
    await company.ingrid.types("/approval delegate <@U08LUCAS> until +1w for <@U05SARA> In hospital")
    told = await company.sara.gets("<@U01INGRID> has named a delegate: <@U08LUCAS> covers for you until", "In hospital")
    await company.lucas.gets("<@U01INGRID> has named a delegate: you cover for <@U05SARA> until")
    await company.sara.presses(told, "revoke_delegation")
    await company.lucas.gets("<@U05SARA> has revoked a delegation: you no longer cover for <@U05SARA>")
    assert not [
        direct_message
        for direct_message in await company.ingrid.direct_messages()
        if "delegat" in shown(direct_message)
    ]


async def test_it_is_taken_back_with_its_button(company: Company) -> None:
    name = await company.submits(company.nadia)
    await company.sara.types("/approval delegate <@U08LUCAS> until tomorrow")
    await company.lucas.gets(name, "You are asked for <@U05SARA>")
    await company.sara.types("/approval delegate")
    view = await company.sara.opened()
    await company.post("click", user=company.sara.user, view_id=view["id"], action_id="revoke_delegation")

    async def revoked() -> bool:
        return "no longer covers for you" in shown(await company.sara.modal())

    await until(revoked)
    await company.lucas.gets(name, "You no longer need to decide")
