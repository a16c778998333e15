"""What is asked for already is refused, with the way to it for whoever may see it."""

from bot.slack.kit.texts import common
from tests.end_to_end.company import Company, shown, until


async def test_the_open_request_can_be_looked_at_and_the_form_stays(company: Company) -> None:
    nadia, lucas = company.nadia, company.lucas
    name = await company.submits(nadia, cn="twice.halvorsen.example.com")
    told = f"{name} already asks for this and is waiting for approval."
    for who in (nadia, lucas):
        await who.types("/approval submit")
        await who.chooses("operation", "issue")
        csr = await company.csr("twice.halvorsen.example.com")
        answer = await who.hands_in(resource="public-web", reason="Again.", csr=csr)
        if who is lucas:  # who may not look at it is told which it is, and no more
            assert told in answer["answer"]["errors"]["csr"]
            return
        pushed = await who.opened()
        assert told in shown(pushed)
        await company.post("click", user=who.user, view_id=pushed["id"], action_id="reload")

        async def details() -> bool:
            return "Gates and steps" in shown(await nadia.modal())

        await until(details)
        await company.post("view_close", user=who.user, view_id=pushed["id"])
        assert "Why is this needed?" in shown(await who.opened()), common.CLOSE
