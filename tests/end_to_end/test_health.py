"""What could not be delivered is seen, and sent again, in Slack."""

from datetime import UTC, datetime, timedelta

from domain import workflow
from domain.notices.reminders import QuietHours
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
    assert "1 message is being sent again" in shown(await company.ingrid.opened())
    asked = await company.ingrid.gets("Approval needed", name, channel="C03APPROVALS")
    assert "<!subteam^S01PKIADMINS>" in shown(asked)

    home = await company.ingrid.home()
    await company.post("click", user=company.ingrid.user, view_id=home["id"], action_id="health")

    async def well() -> bool:
        return "All clear" in shown(await company.ingrid.opened())

    await until(well)


async def test_who_was_skipped_by_an_override_is_told_why(company: Company) -> None:
    name = await company.submits(company.nadia)
    asked = await company.sara.gets("Approval needed", name)
    await company.ingrid.types(f"/approval override {name} approve The site is down")
    answer = await company.ingrid.hands_in(reason="The site is down")
    assert answer["acknowledged"], answer
    told = await company.sara.gets("The site is down", "skipped step 1 of 2")
    assert told["thread_ts"] == asked["ts"]
    assert "Overridden to approved" in told["text"]
    later = await company.mei.gets("which you could have decided", "The site is down")
    assert name in shown(later)
    in_channel = await company.david.gets("Nobody needs to decide it any more", channel="C03APPROVALS")
    assert f"<@{company.david.user}>" in shown(in_channel), "his step tells only the channel"
    assert "<!subteam^" not in shown(in_channel), "the others are told directly"
    assert [
        direct_message
        for direct_message in await company.ingrid.direct_messages()
        if "You " in shown(direct_message) and name in shown(direct_message)
    ] == []


async def test_somebody_who_is_gone_keeps_nobody_else_from_being_asked(company: Company) -> None:
    company.slack.workspace.people.users[company.sara.user]["deleted"] = True  # and Slack has not told yet
    name = await company.submits(company.nadia)
    asked = await company.david.gets("Approval needed", name)

    async def told() -> bool:
        await company.eleanor.types("/approval health")
        return "the person is deactivated" in shown(await company.eleanor.opened())

    await until(told)
    await company.david.presses(asked, "approve")
    await company.mei.gets("Approval needed", name, "step 2 of 2")


async def test_administrators_hear_in_their_morning_what_is_stuck_once(company: Company) -> None:
    night = datetime.now(UTC).replace(hour=0, minute=0)
    company.clock.ahead = night + timedelta(days=1, hours=9) - datetime.now(UTC)  # wherever they live in Europe
    await company.nadia.types("/approval submit issue")
    csr = await company.csr("signing.halvorsen.example.com")
    await company.nadia.hands_in(resource="code-signing", csr=csr, reason="For the release.")
    await company.ingrid.gets("Blocked", "REQ-1")
    for _ in range(2):
        await workflow.tell_daily(company.bot.store, company.clock(), QuietHours())
        company.bot.message_worker.nudge()
        word = await company.ingrid.gets("Needs attention today", "1 request is stuck", "REQ-1")
    await company.ingrid.presses(word, "health")
    assert "1 request is stuck" in shown(await company.ingrid.opened())
    told = [
        direct_message
        for direct_message in await company.ingrid.direct_messages()
        if "Needs attention today" in shown(direct_message)
    ]
    assert len(told) == 1
