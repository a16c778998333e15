"""Files and shortcuts on the page, by mouse and by keyboard."""

from pathlib import Path

import pytest
from playwright.async_api import FilePayload, expect

from tests.bot.devslack.page.kit import ANNA, BEN, LUNCH, composer, messages, modal, office

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("browser")]


def text_file(name: str, content: str = "Dumplings") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": content.encode()}


async def test_a_message_with_files_is_sent_seen_and_kept(tmp_path: Path) -> None:
    async with office() as running:
        anna, ben = await running.page(ANNA), await running.page(BEN)
        pick = anna.get_by_label("Attach files").first
        await pick.set_input_files([text_file("menu.txt"), text_file("wrong.txt")])
        await anna.get_by_role("button", name="Remove wrong.txt").click()
        await expect(composer(anna)).to_be_focused()
        await composer(anna).fill("This week")
        await composer(anna).press("Enter")
        await expect(messages(anna)).to_contain_text("This week")
        await expect(anna.get_by_role("button", name="Remove menu.txt")).to_have_count(0)
        link = messages(ben).get_by_role("link", name="Download menu.txt")
        await expect(link).to_contain_text("Plain Text · 9 B")
        async with ben.expect_download() as download:
            await link.click()
        kept = tmp_path / "kept"
        await (await download.value).save_as(kept)
        assert kept.read_text() == "Dumplings"


async def test_a_file_alone_is_a_message_and_one_of_the_app_is_shown_until_it_is_deleted() -> None:
    async with office() as running:
        anna = await running.page(ANNA)
        await anna.get_by_label("Attach files").first.set_input_files([text_file("alone.txt")])
        await expect(anna.get_by_role("button", name="Remove alone.txt")).to_be_visible()
        await composer(anna).press("Enter")
        await expect(messages(anna).get_by_role("link", name="Download alone.txt")).to_be_visible()
        client = running.app.client
        sent = await client.files_upload_v2(channel=LUNCH, filename="bill.txt", content="12", title="The bill")
        await expect(messages(anna).get_by_role("link", name="Download The bill")).to_contain_text("bill.txt")
        await client.files_delete(file=sent["file"]["id"])
        await expect(messages(anna).last).to_contain_text("This file was deleted.")


async def test_a_global_shortcut_by_mouse_and_by_keyboard() -> None:
    async with office() as running:
        anna = await running.page(ANNA)
        button = anna.get_by_role("button", name="Shortcuts")
        await button.click()
        await anna.get_by_role("menuitem", name="Order lunch").click()
        await expect(modal(anna).get_by_role("heading", name="Order lunch")).to_be_visible()
        await modal(anna).get_by_role("button", name="Not today").click()
        await expect(modal(anna)).to_be_hidden()
        await button.focus()
        await anna.keyboard.press("ArrowDown")
        await anna.keyboard.press("Enter")
        await expect(modal(anna).get_by_role("heading", name="Order lunch")).to_be_visible()


async def test_a_message_shortcut_and_the_files_of_its_form() -> None:
    async with office() as running:
        await running.post(text="Two menus")
        anna = await running.page(ANNA)
        await messages(anna).hover()
        await messages(anna).get_by_role("button", name="More message actions").press("Enter")
        await anna.keyboard.press("Enter")  # the first of the menu has the focus
        form = modal(anna)
        await expect(form).to_contain_text("Two menus")
        await form.get_by_role("button", name="Send").click()
        await expect(form.get_by_role("alert").last).to_have_text("Please complete this required field.")
        field = form.locator("input[type=file]")
        await expect(field).to_be_focused()
        await field.set_input_files([text_file("one.txt")])
        await expect(form.get_by_role("button", name="Remove one.txt")).to_be_visible()
        await form.get_by_role("button", name="Send").click()
        await expect(form.get_by_text("One menu is not enough.")).to_be_visible()
        await expect(form.get_by_role("button", name="Remove one.txt")).to_be_visible()
        await field.set_input_files([text_file("two.txt")])
        await expect(form.get_by_role("button", name="Remove two.txt")).to_be_visible()
        await form.get_by_role("button", name="Send").click()
        await expect(messages(anna).last).to_contain_text("Menus: one.txt, two.txt")
        assert [file["user"] for file in list(running.app.heard[-1])] == [ANNA, ANNA]


async def test_a_message_that_only_i_see_has_no_shortcuts() -> None:
    async with office() as running:
        anna = await running.page(ANNA)
        await composer(anna).fill("/lunch hello")
        await composer(anna).press("Enter")
        await expect(messages(anna)).to_contain_text("You said: hello")
        await expect(messages(anna).get_by_role("button", name="More message actions")).to_have_count(0)
