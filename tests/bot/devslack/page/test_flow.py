"""What people do on the page, in Chromium, with a real app behind it: command, form, message, buttons, Home, threads."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.devslack.server import DevSlack
from tests.bot.devslack.page.kit import (
    ANNA,
    BEN,
    CORA,
    IMPATIENT,
    LUNCH,
    MANIFEST,
    PRIVATE,
    WORKSPACE,
    composer,
    messages,
    modal,
    office,
    order,
    order_message,
    send,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("browser")]


async def test_an_order_goes_from_the_command_to_a_message_that_two_people_see_and_change() -> None:
    async with office() as running:
        anna, ben = await running.page(ANNA), await running.page(BEN)
        await composer(anna).press_sequentially("/lu")
        await expect(anna.get_by_role("option", name="/lunch")).to_contain_text("[order | help]")
        await composer(anna).press("Enter")
        await expect(composer(anna)).to_have_value("/lunch ")
        await composer(anna).press_sequentially("order")
        await composer(anna).press("Enter")

        form = modal(anna)
        await expect(form.get_by_role("heading", name="Order lunch")).to_be_visible()
        await expect(form.get_by_text("As on the menu")).to_be_visible()
        await form.get_by_role("button", name="Order", exact=True).click()
        dish = form.locator("[data-block=dish]")
        await expect(dish.get_by_role("alert")).to_have_text("Please complete this required field.")
        await expect(form.locator("[data-action=place]")).to_be_focused()

        await form.locator("[data-action=place]").fill("nood")
        await expect(form.get_by_role("option")).to_have_text(["Noodle House", "Noodle Bar"])
        await form.get_by_role("option", name="Noodle Bar").click()
        await form.locator("[data-action=dish]").fill("nothing")
        await form.get_by_role("button", name="Order", exact=True).click()
        await expect(dish.get_by_role("alert")).to_have_text("Nothing is not a dish.")
        await expect(form.locator("[data-action=dish]")).to_have_value("nothing")
        await expect(form.locator("[data-action=place]")).to_have_value("Noodle Bar")

        await form.locator("[data-action=dish]").fill("Dan dan noodles")
        await form.get_by_role("button", name="Order", exact=True).click()
        await expect(form).to_be_hidden()
        for page in (anna, ben):
            await expect(messages(page)).to_have_count(1)
            await expect(messages(page)).to_contain_text("Dan dan noodles")
            await expect(messages(page)).to_contain_text("1 eat: @Anna Berg")

        await messages(ben).get_by_role("button", name="Join").click()
        for page in (anna, ben):
            await expect(messages(page)).to_contain_text("2 eat: @Anna Berg, @Ben Ode")
            await expect(messages(page)).to_contain_text("(edited)")


async def test_a_button_that_asks_acts_only_on_yes_and_then_for_everybody() -> None:
    async with office() as running:
        await running.post(blocks=order_message("Soup", [ANNA]))
        anna, ben = await running.page(ANNA), await running.page(BEN)
        await messages(anna).get_by_role("button", name="Call off").click()
        question = anna.get_by_role("alertdialog", name="Call it off?")
        await expect(question).to_contain_text("Everybody stays hungry.")
        await question.get_by_role("button", name="Keep").click()
        await expect(question).to_be_hidden()
        await expect(messages(anna).get_by_role("button", name="Call off")).to_be_focused()
        assert not [
            c for c in running.slack.calls.entries(running.slack.workspace.credentials) if c["method"] == "chat.update"
        ]
        await messages(anna).get_by_role("button", name="Call off").click()
        await question.get_by_role("button", name="Call off").click()
        for page in (anna, ben):
            await expect(messages(page)).to_contain_text("Called off by @Anna Berg")
            await expect(messages(page).get_by_role("button", name="Join")).to_have_count(0)


async def test_a_private_answer_is_seen_by_one_person_only() -> None:
    async with office() as running:
        await running.post(blocks=order_message("Soup", [ANNA]))
        anna, ben = await running.page(ANNA), await running.page(BEN)
        await messages(anna).get_by_role("button", name="Join").click()
        await expect(messages(anna)).to_have_count(2)
        await expect(messages(anna).last).to_contain_text("Only visible to you")
        await expect(messages(anna).last).to_contain_text("You eat already.")
        await messages(anna).get_by_role("button", name="More actions").click()
        await anna.get_by_role("menuitem", name="Louder").click()
        await expect(messages(anna).last).to_contain_text("Louder it is.")
        await send(ben, "I heard nothing")
        await expect(messages(ben)).to_have_count(2)
        await expect(messages(ben).filter(has_text="Only visible to you")).to_have_count(0)


async def test_what_was_typed_outlives_a_changed_view_and_a_view_on_top() -> None:
    async with office() as running:
        anna = await running.page(ANNA)
        await send(anna, "/lunch order")
        form = modal(anna)
        await form.locator("[data-action=dish]").fill("Half a dish")
        await form.locator("[data-action=note]").fill("two\nlines")
        await form.locator("[data-action=kind]").click()
        await form.get_by_role("option", name="Take away").click()
        await expect(form.locator("[data-action=time]")).to_have_value("12:30")
        await expect(form.locator("[data-action=dish]")).to_have_value("Half a dish")
        await expect(form.locator("[data-action=kind]")).to_have_value("Take away")

        await form.get_by_role("button", name="Menu").click()
        await expect(form.get_by_role("heading", name="Menu")).to_be_visible()
        assert running.app.heard[-1]["dish"]["dish"]["value"] == "Half a dish"
        assert running.app.heard[-1]["note"]["note"]["value"] == "two\nlines"
        await form.get_by_role("button", name="Back to it").click()
        await expect(form.get_by_role("heading", name="Order lunch")).to_be_visible()
        await expect(form.locator("[data-action=dish]")).to_have_value("Half a dish")
        await expect(form.locator("[data-action=note]")).to_have_value("two\nlines")

        await anna.keyboard.press("Escape")
        await expect(form).to_be_hidden()


async def test_a_snippet_goes_into_the_field_one_was_in() -> None:
    async with office() as running:
        anna = await running.page(ANNA)
        await send(anna, "/lunch order")
        form = modal(anna)
        await form.locator("[data-action=note]").fill("Please: ")
        await form.get_by_role("button", name="Insert Usual order").click()
        await expect(form.locator("[data-action=note]")).to_have_value("Please: Dumplings,\nno onions")
        await expect(form.locator("[data-action=note]")).to_be_focused()


async def test_the_home_tab_is_drawn_by_the_app_and_its_buttons_work() -> None:
    async with office() as running:
        anna = await running.page(ANNA)
        await anna.get_by_role("button", name="Home", exact=True).click()
        await expect(anna.locator(".home")).to_contain_text("0 orders so far")
        await anna.locator(".home").get_by_role("button", name="One more").click()
        await expect(anna.locator(".home")).to_contain_text("1 orders so far")
        await expect(anna).to_have_url(re.compile("tab=home"))


async def test_a_thread_is_counted_read_and_answered() -> None:
    async with office() as running:
        root = await running.post(blocks=order_message("Soup", [ANNA]))
        await running.post(text="First", thread_ts=root)
        anna, ben = await running.page(ANNA), await running.page(BEN)
        await expect(messages(anna)).to_have_count(1)
        await messages(anna).get_by_role("button", name="1 reply").click()
        thread = anna.get_by_role("complementary", name="Thread")
        await expect(thread.locator("article.message")).to_have_count(2)
        await expect(thread.get_by_role("textbox", name="Reply")).to_be_focused()
        await thread.get_by_role("textbox", name="Reply").fill("/lunch help")
        await anna.keyboard.press("Enter")
        await expect(thread).to_contain_text("Slash commands do not work in threads")
        await thread.get_by_role("textbox", name="Reply").fill("Second")
        await anna.keyboard.press("Enter")
        await expect(thread.locator("article.message")).to_have_count(3)
        await expect(messages(ben).get_by_role("button", name="2 replies")).to_be_visible()
        await anna.reload()
        await expect(thread.locator("article.message").last).to_contain_text("Second")


async def test_one_sees_who_was_just_asked_and_becomes_them_with_one_press() -> None:
    async with office() as running:
        anna = await running.page(ANNA)
        ben = anna.locator(f"[data-person={BEN}]")
        await expect(ben.locator(".badge")).to_have_count(0)
        await order(anna, "Soup")
        await expect(ben.locator(".badge")).to_have_text("1")
        await expect(anna.locator(f"[data-person={CORA}] .badge")).to_have_count(0)
        await expect(anna).to_have_title("(1) Anna Berg · The Office")
        await anna.keyboard.press("Alt+Digit2")
        await expect(anna).to_have_url(re.compile(f"as={BEN}"))
        await expect(messages(anna)).to_contain_text("Lunch was ordered.")
        await expect(ben.locator(".badge")).to_have_count(0)
        await anna.go_back()
        await expect(anna).to_have_url(re.compile(f"as={ANNA}.*{LUNCH}"))


async def test_a_person_sees_only_their_conversations() -> None:
    async with office() as running:
        anna = await running.page(ANNA, f"channel={PRIVATE}")
        await expect(anna.get_by_role("heading", name="kitchen", level=1)).to_be_visible()
        ben = await running.page(BEN, f"channel={PRIVATE}")
        await expect(ben.get_by_role("button", name="lunch", exact=True)).to_be_visible()
        await expect(ben.get_by_text("kitchen")).to_have_count(0)


async def test_an_app_that_does_not_answer_is_said_so_and_nothing_typed_is_lost() -> None:
    async with office() as running:
        anna = await running.page(ANNA)
        patient, running.slack.deliveries.timing = running.slack.deliveries.timing, IMPATIENT
        await send(anna, "/lunch asleep")
        status = anna.locator("main .composer-status")
        await expect(status).to_contain_text("Lunch did not answer within three seconds")
        await expect(composer(anna)).to_have_value("/lunch asleep")
        await expect(messages(anna)).to_contain_text("operation_timeout")
        running.slack.deliveries.timing = patient
        await send(anna, "/lunch order")
        form = modal(anna)
        await form.locator("[data-action=dish]").fill("Soup")
        running.slack.deliveries.timing = IMPATIENT
        await form.get_by_role("button", name="Ask the cook").click()
        await expect(form.locator(".banner")).to_contain_text("did not answer")
        await expect(form.locator("[data-action=dish]")).to_have_value("Soup")


async def test_a_command_that_is_none_and_an_unknown_person_are_put_right() -> None:
    async with office() as running:
        page = await running.page("U0NOBODY", "channel=C0NOWHERE")
        await expect(page).to_have_url(re.compile(f"as={ANNA}"))
        await send(page, "/dinner now")
        await expect(page.locator("main .composer-status")).to_contain_text(
            "/dinner is not a command here. There is /lunch."
        )
        await expect(composer(page)).to_have_value("/dinner now")
        await composer(page).fill("")
        await send(page, "/lunch help")
        await expect(messages(page).last).to_contain_text("You said: help")
        await composer(page).press("ArrowUp")
        await expect(composer(page)).to_have_value("/lunch help")
        await composer(page).press("ArrowUp")
        await expect(composer(page)).to_have_value("/dinner now")


async def test_the_page_outlives_the_server_and_catches_up(tmp_path: Path) -> None:
    async with office(data=tmp_path) as running:
        anna = await running.page(ANNA)
        await send(anna, "Before")
        await expect(messages(anna)).to_have_count(1)
        await composer(anna).fill("half a sentence")
        await running.slack.stop()
        lost = anna.get_by_text("The workspace is not answering")
        await expect(lost).to_be_visible()
        await composer(anna).press("Enter")
        await expect(anna.locator("main .composer-status")).to_contain_text("cannot be reached")
        await expect(composer(anna)).to_have_value("half a sentence")

        async with DevSlack(workspace=WORKSPACE, manifest=MANIFEST, port=running.slack.port, data=tmp_path):
            await expect(lost).to_be_hidden()
            await composer(anna).press("Enter")
            await expect(messages(anna)).to_have_count(2)
            await expect(messages(anna).first).to_contain_text("Before")
