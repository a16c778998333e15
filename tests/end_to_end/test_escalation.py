"""Nobody decides, so more people are asked, over the real protocol."""

from datetime import timedelta

from tests.end_to_end.company import Company, shown


async def test_who_is_named_for_it_is_asked_when_nobody_decides(company: Company) -> None:
    name = await company.submits(company.nadia, operation="enroll", resource="onboard-devices", cn="gateway-8")
    await company.lucas.gets("Approval needed", name)
    assert not [
        direct_message for direct_message in await company.mei.direct_messages() if name in shown(direct_message)
    ]
    company.clock.ahead = timedelta(hours=8, minutes=1)
    asked = await company.mei.gets("Approval needed", name)
    assert "There was no decision for 8 hours, so you are also asked, as a member of PKI administrators" in shown(asked)
    await company.nadia.gets("There was no decision for 8 hours, so more people were asked", name)
    assert not [
        direct_message for direct_message in await company.kofi.direct_messages() if name in shown(direct_message)
    ], "he asked not to be told"
    await company.mei.presses(asked, "approve")
    await company.nadia.gets("Approved: enroll", name)
    await company.lucas.gets("Approved: enroll", name)
