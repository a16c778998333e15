"""CSRs and certificates out of files: handed in through the form, and out of messages by the shortcut."""

from typing import Any

import pytest

from bot.slack.kit.texts import submitting as texts
from bot.slack.pages.submission import listener as submitting
from domain.approvals.requests import RequestId
from tests.end_to_end.company import Company, Somebody, shown, until
from tests.material_factory import certificate_pem, csr_pem, private_key, private_key_pem

DIRECT = "direct"
"""The conversation with the app, where it reads files."""


def der(pem: str) -> str:
    """The DER inside *pem*, as the control API takes bytes."""
    return "".join(pem.strip().splitlines()[1:-1])


def as_text(pem: str, name: str = "web.csr") -> list[dict[str, str]]:
    return [{"name": name, "content": pem}]


async def filling(who: Somebody, operation: str = "issue") -> None:
    await who.types("/approval submit")
    await who.chooses("operation", operation)


async def hands_in(who: Somebody, **values: Any) -> Any:
    return await who.hands_in(**{"resource": "public-web", "reason": "It runs out."} | values)


async def errors(who: Somebody, **values: Any) -> Any:
    """What is said beside the fields."""
    answer = await hands_in(who, **values)
    assert answer["acknowledged"], answer
    return answer["answer"]["errors"]


async def requests(company: Company) -> int:
    async with company.bot.store.reading() as reading:
        found = 0
        while await reading.requests.get(RequestId(found + 1)) is not None:
            found += 1
        return found


async def test_a_csr_and_a_certificate_are_handed_in_as_files(company: Company) -> None:
    nadia, csr = company.nadia, csr_pem(cn="files.example.com")
    await filling(nadia)
    answer = await hands_in(nadia, csr_file=[{"name": "web.der", "base64": der(csr)}])
    assert answer["acknowledged"], answer
    await nadia.gets("Waiting for approval", "files.example.com")
    await filling(nadia, "rekey")
    old = certificate_pem(cn="files.example.com")
    mixed = {
        "certificate_file": as_text(old, "old.crt"),
        "csr": csr_pem(cn="files.example.com", key=private_key(which=1)),
    }
    assert (await hands_in(nadia, **mixed))["acknowledged"]
    await nadia.gets("Waiting for approval: rekey", "files.example.com")


async def test_what_is_wrong_with_a_file_is_said_beside_it_and_nothing_is_stored(company: Company) -> None:
    nadia, csr = company.nadia, csr_pem()
    await filling(nadia)
    assert await errors(nadia) == {"csr": texts.GIVE_CSR}
    assert await errors(nadia, csr=csr, csr_file=as_text(csr)) == {"csr_file": texts.BOTH_GIVEN}
    nothing: dict[str, Any] = {"csr": ""}
    for content, says in (
        ("a" * (64 * 1024 + 1), "the maximum is 64 KiB"),
        ("Lunch?", "This is not a certificate request"),
        (certificate_pem(), "This is a certificate. Provide a"),
        (private_key_pem(), "This is a private key."),
    ):
        said = await errors(nadia, csr_file=as_text(content), **nothing)
        assert list(said) == ["csr_file"], said
        assert says in said["csr_file"]
    assert (await company.post("faults", kind="http_500", method="files.download_url", count=1))["ok"]
    assert "Slack could not give this file" in (await errors(nadia, csr_file=as_text(csr)))["csr_file"]
    assert await requests(company) == 0
    assert (await hands_in(nadia, csr_file=as_text(csr)))["acknowledged"]
    await nadia.gets("Waiting for approval")


async def test_nobody_hands_in_a_file_of_somebody_else(company: Company) -> None:
    """What the client sends may be forged, but not what Slack knows of the file."""
    nadia, lucas, csr = company.nadia, company.lucas, csr_pem()
    await filling(lucas)
    view = await lucas.opened()
    theirs = await company.post("upload", user=lucas.user, name="web.csr", content=csr)
    file = theirs["file"]["id"]
    held = {"csr_file": {"csr_file": [file]}}
    await company.post("view_submit", user=lucas.user, view_id=view["id"], values=held)  # the app may read it now
    await filling(nadia)
    view = await nadia.opened()
    forged = {**theirs["file"], "user": nadia.user}
    values = view["state"]["values"] | {
        "resource:ra_profile": {"resource": {"type": "static_select", "selected_option": {"value": "public-web"}}},
        "reason": {"reason": {"type": "plain_text_input", "value": "x"}},
    }
    for files in ([forged], [{**forged, "id": "F0NONE"}]):
        state = {"values": values | {"csr_file": {"csr_file": {"type": "file_input", "files": files}}}}
        payload = {
            "type": "view_submission",
            "team": {"id": view["team_id"], "domain": "x"},
            "user": {"id": nadia.user, "team_id": view["team_id"]},
            "view": view | {"state": state},
        }
        answer = (await company.post("forge", type="interactive", payload=payload))["answer"]
        says = "not one that you uploaded" if files == [forged] else "Slack could not give this file"
        assert says in answer["errors"]["csr_file"], answer
    assert await requests(company) == 0


async def test_files_that_take_long_are_waited_for_without_the_form(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "WITHIN", 0.05)
    nadia, csr = company.nadia, csr_pem(cn="slow.example.com")
    slow = {"kind": "delay", "method": "files.download_url", "count": 1, "seconds": 3600}

    async def comes() -> None:
        assert (await company.post("faults", clear=True))["ok"]

    async def says(*words: str) -> Any:
        async def look() -> Any:
            modal = await nadia.modal()
            return modal if modal and all(word in shown(modal) for word in words) else None

        return await until(look)

    await filling(nadia)
    assert (await company.post("faults", **slow))["ok"]
    answer = await hands_in(nadia, csr_file=as_text("Lunch?"))
    assert "Nothing is submitted yet" in shown(answer["answer"]["view"])
    await comes()
    again = await says("Nothing was submitted. This is not a certificate request")
    assert again["callback_id"] == "submit"
    kept = again["state"]["values"]
    assert kept["resource:ra_profile"]["resource"]["selected_option"]["value"] == "public-web"
    assert kept["reason"]["reason"]["value"] == "It runs out."
    assert await requests(company) == 0
    assert (await company.post("faults", **slow))["ok"]
    await hands_in(nadia, csr_file=as_text("Lunch?"))
    closed = await company.post("view_close", user=nadia.user, view_id=again["id"], clear=True)
    assert closed["ok"], closed
    await comes()
    await nadia.gets("Nothing was submitted. This is not a certificate request")
    await filling(nadia)
    assert (await company.post("faults", **slow))["ok"]
    assert (await hands_in(nadia, csr_file=as_text(csr)))["answer"]["response_action"] == "update"
    await comes()
    await says("is submitted. You get a message that always shows its progress")
    await nadia.gets("Waiting for approval", "slow.example.com")
    assert await requests(company) == 1


# shortcuts


async def uses_on_message(company: Company, who: Somebody, text: str, **more: Any) -> Any:
    """*who* says *text* in a channel and uses the shortcut on it; the modal, once nothing is being read any more."""
    channel = more.pop("channel", "C01GENERAL")
    if channel == DIRECT:
        channels = (await company.get("channels", user=who.user))["channels"]
        channel = next(channel["id"] for channel in channels if channel.get("is_im"))
    message = await company.post("message", user=who.user, channel=channel, text=text, **more)
    assert message["ok"], message
    used = {"callback_id": "request_for_message", "channel": channel, "ts": message["ts"]}
    answer = await company.post("shortcut", user=who.user, **used)
    assert answer["acknowledged"], answer

    async def look() -> Any:
        modal = await who.modal()
        return modal if modal and texts.READING_MESSAGE not in shown(modal) else None

    return await until(look)


def initial(view: Any, block: str) -> str:
    element = next(one["element"] for one in view["blocks"] if one.get("block_id") == block)
    chosen = element.get("initial_option")
    return str(chosen["value"] if chosen else element.get("initial_value"))


async def test_the_form_opens_from_anywhere(company: Company) -> None:
    nadia = company.nadia
    assert (await company.post("shortcut", user=nadia.user, callback_id="new_request"))["acknowledged"]
    view = await nadia.opened()
    assert (view["callback_id"], view["title"]["text"]) == ("submit", "New request")


async def test_a_request_for_what_a_message_says(company: Company) -> None:
    nadia, csr = company.nadia, csr_pem(cn="message.example.com")
    view = await uses_on_message(company, nadia, f"For R&D, <soon>: ```{csr}```")
    assert (initial(view, "operation"), initial(view, "csr")) == ("issue", csr.strip())
    await nadia.chooses("operation", "enroll")
    assert initial(await nadia.opened(), "csr") == csr.strip(), "the guess can be changed, and what was found stays"
    await nadia.chooses("operation", "issue")
    assert (await hands_in(nadia))["acknowledged"]
    await nadia.gets("Waiting for approval", "message.example.com")
    view = await uses_on_message(company, nadia, certificate_pem())
    assert initial(view, "operation") == "renew"


async def test_a_request_for_the_file_of_a_message(company: Company) -> None:
    nadia, csr = company.nadia, csr_pem()
    files = [{"name": "notes.txt", "content": "Lunch?"}, {"name": "web.der", "base64": der(csr)}]
    view = await uses_on_message(company, nadia, "Here", channel=DIRECT, files=files)
    assert (initial(view, "operation"), initial(view, "csr")) == ("issue", csr.strip())


@pytest.mark.parametrize(
    ("text", "more", "says"),
    [
        ("Lunch?", {}, texts.NOTHING_IN_MESSAGE),
        ("Here", {"channel": DIRECT, "files": as_text("Lunch?", "menu.txt")}, texts.NOTHING_IN_MESSAGE),
        ("Here", {"channel": DIRECT, "files": as_text(private_key_pem())}, "This is a private key."),
        ("Here", {"channel": "C01GENERAL", "files": as_text(csr_pem())}, "Countersign cannot see this file."),
    ],
)
async def test_where_a_message_holds_nothing_it_says_so(
    company: Company, text: str, more: dict[str, Any], says: str
) -> None:
    view = await uses_on_message(company, company.nadia, text, **more)
    assert says in shown(view)
    assert "submit" not in view or view["submit"] is None


async def test_a_private_key_in_a_message_is_named_to_whoever_pointed_at_it(company: Company) -> None:
    nadia = company.nadia
    message = await company.post("message", user=nadia.user, channel="C01GENERAL", text=f"```{private_key_pem()}```")
    used = {"callback_id": "request_for_message", "channel": "C01GENERAL", "ts": message["ts"]}
    assert (await company.post("shortcut", user=nadia.user, **used))["acknowledged"]
    found = await nadia.gets("This is a private key", channel="C01GENERAL")
    assert found["is_ephemeral"]
