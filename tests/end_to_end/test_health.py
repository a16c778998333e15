"""What could not be delivered is seen, and sent again, in Slack."""

from tests.end_to_end.company import Company, shown, until


async def test_a_channel_that_came_back_gets_what_it_missed(company: Company) -> None:
    await company.post("channel", id="C03APPROVALS", is_archived=True)
    name = await company.submits(company.nadia)
    await company.sara.presses(await company.sara.gets("Approval needed", name), "approve")
    await company.mei.gets("Approval needed", name, "step 2 of 2")

    async def failed() -> bool:
        await company.ingrid.types("/approval health")
        return "1 message was not delivered" in shown(await company.ingrid.opened())

    await until(failed)
    page = await company.ingrid.opened()
    assert "the conversation is archived or closed" in shown(page)
    assert "<#C03APPROVALS>" in shown(page)
    await company.post("channel", id="C03APPROVALS", is_archived=False)
    await company.post("click", user=company.ingrid.user, view_id=page["id"], action_id="try_again")
    assert "1 message is on the way again" in shown(await company.ingrid.opened())
    asked = await company.ingrid.gets("Approval needed", name, channel="C03APPROVALS")
    assert "<!subteam^S01PKIADMINS>" in shown(asked)

    home = await company.ingrid.home()
    await company.post("click", user=company.ingrid.user, view_id=home["id"], action_id="health")

    async def well() -> bool:
        return "every message was delivered" in shown(await company.ingrid.opened())

    await until(well)


async def test_who_was_skipped_by_an_override_is_told_why(company: Company) -> None:
    name = await company.submits(company.nadia)
    asked = await company.sara.gets("Approval needed", name)
    await company.ingrid.types(f"/approval override {name} approve The site is down")
    answer = await company.ingrid.hands_in(reason="The site is down")
    assert answer["acknowledged"], answer
    told = await company.sara.gets("The site is down", "You were asked for step 1 of 2")
    assert told["thread_ts"] == asked["ts"]
    assert "Overridden to approved" in told["text"]
    later = await company.mei.gets("You could still have decided", "The site is down")
    assert name in shown(later)
    assert [one for one in await company.ingrid.direct_messages() if "You " in shown(one) and name in shown(one)] == []
