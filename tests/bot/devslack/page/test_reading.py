"""How the page shows what it is given: text, blocks, hostile input, light and dark, narrow and wide, by keyboard alone."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.bot.devslack.page.kit import (
    ANNA,
    BEN,
    composer,
    messages,
    modal,
    office,
    order,
    order_message,
    plain,
    send,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("browser")]

RTL = "\u202egnp.exe\u202c and \u2066left\u2069"
HOSTILE = (
    '<img src=x onerror="window.harmed = 1">',
    "<!channel> <!here> <@U02BEN> <#C01LUNCH>",
    "<script>window.harmed = 1</script> &lt;b&gt; &amp;amp;",
    "[a](javascript:window.harmed=1) <javascript:window.harmed=1|click>",
    RTL,
)

# What is hard to see: text whose contrast with what is behind it is below WCAG's AA.
FAINT = """() => {
  const channels = (color) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(channels(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over([layer[0], layer[1], layer[2], layer[3]], below), [255, 255, 255]);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (node.closest('.avatar.app, .visually-hidden, .skip, [inert], noscript')) continue; // the app's mark is on a gradient
    const style = getComputedStyle(node);
    const ground = behind(node);
    const [a, b] = [light(over(channels(style.color), ground)), light(ground)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < needed) faint.push(`${ratio.toFixed(2)} ${node.className || node.tagName}: ${walker.currentNode.data.slice(0, 40)}`);
  }
  return faint;
}"""


async def test_hostile_text_is_shown_exactly_and_does_nothing() -> None:
    async with office() as running:
        anna, ben = await running.page(ANNA), await running.page(BEN)
        for count, text in enumerate(HOSTILE, start=1):
            await send(anna, text)
            await expect(messages(ben)).to_have_count(count)
        await order(anna, HOSTILE[0])
        await expect(messages(ben)).to_have_count(len(HOSTILE) + 1)
        for page in (anna, ben):
            shown = [await text.text_content() for text in await page.locator("main .message .body > .text").all()]
            assert shown[0] == HOSTILE[0]
            assert shown[2] == HOSTILE[2]
            assert shown[3] == HOSTILE[3]
            assert shown[4] == RTL
            await expect(page.locator("main [data-block=dish] .text")).to_have_text(HOSTILE[0])
            await expect(page.locator("main .message [data-broadcast]")).to_have_count(0)
            await expect(page.locator("main .message :is(img, script)")).to_have_count(0)
            await expect(page.locator("main .message a[href^=javascript]")).to_have_count(0)
            assert await page.evaluate("window.harmed") is None
        isolated = (
            await anna.locator("main .message .text").nth(4).evaluate("node => getComputedStyle(node).unicodeBidi")
        )
        assert isolated == "isolate"


async def test_mrkdwn_becomes_what_slack_makes_of_it() -> None:
    text = (
        "*bold* _it_ ~gone~ `a*b*c` snake_case_word 2*3*4 :tada: :no_such:\n"
        "&gt; quoted &lt;b&gt;\n"
        "<@U02BEN> <#C01LUNCH> <!subteam^S01HUNGRY> <!here> <https://example.com/?a=1&amp;b=2|link> https://example.org/x.\n"
        "<!date^1700000000^{date_num} {time}|never> <!date^1700000000^{unknown}|the *fallback*>\n"
        "```one\n*two*```"
    )
    async with office() as running:
        await running.post(text=text)
        page = await running.page(BEN)
        body = messages(page).locator(".text")
        await expect(body.locator("strong")).to_have_text(["bold"])
        await expect(body.locator("em")).to_have_text(["it"])
        await expect(body.locator("s")).to_have_text(["gone"])
        await expect(body.locator("code")).to_have_text(["a*b*c", "one\n*two*"])
        await expect(body.locator("pre")).to_have_text("one\n*two*")
        await expect(body.locator("blockquote")).to_have_text("quoted <b>")
        await expect(body).to_contain_text("snake_case_word 2*3*4 🎉 :no_such:")
        await expect(body.locator(".mention")).to_have_text(["@Ben Ode", "#lunch", "@hungry", "@here"])
        await expect(body.locator(".mention.me")).to_have_text(["@Ben Ode", "@hungry", "@here"])
        await expect(body.locator("a")).to_have_text(["link", "https://example.org/x"])
        await expect(body.locator("a").first).to_have_attribute("href", "https://example.com/?a=1&b=2")
        await expect(body.locator("time")).to_have_text("15/11/2023 07:13")  # 22:13 UTC the day before, in Tokyo
        await expect(body).to_contain_text("the *fallback*")


async def test_every_block_and_element_is_drawn() -> None:
    section = {"type": "section", "text": plain("Choose")}
    kinds = ("users_select", "multi_users_select", "channels_select", "conversations_select")
    options = [{"text": plain(name), "value": name} for name in ("One", "Two")]
    groups = [{"label": plain("Numbers"), "options": options}]
    pickers = [{"type": "datepicker", "action_id": "d"}, {"type": "timepicker", "action_id": "t"}]
    choices = [{"type": kind, "action_id": kind, "options": options} for kind in ("checkboxes", "radio_buttons")]
    rich = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "bold", "style": {"bold": True}}]},
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}],
            },
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "<code>"}]},
        ],
    }
    async with office() as running:
        await running.post(
            blocks=[
                {"type": "header", "text": plain("Head & <shoulders>")},
                {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Left*"}, plain("Right")]},
                {"type": "divider"},
                rich,
                {**section, "accessory": {"type": "static_select", "action_id": "s", "option_groups": groups}},
                {"type": "actions", "elements": [*pickers, *choices]},
                *({**section, "accessory": {"type": kind, "action_id": kind}} for kind in kinds),
            ]
        )
        page = await running.page(ANNA)
        message = messages(page)
        await expect(message.get_by_role("heading", name="Head & <shoulders>")).to_be_visible()
        await expect(message.locator(".fields .text")).to_have_text(["Left", "Right"])
        await expect(message.locator(".rich-text strong")).to_have_text("bold")
        await expect(message.locator(".rich-text ol li")).to_have_text("first")
        await expect(message.locator(".rich-text pre")).to_have_text("<code>")
        await expect(message.locator("input[type=date], input[type=time]")).to_have_count(2)
        await expect(message.get_by_role("checkbox")).to_have_count(2)
        await expect(message.get_by_role("radio")).to_have_count(2)
        await expect(message.locator(".unknown")).to_have_count(0)
        await message.locator("[data-action=s]").click()
        await expect(message.get_by_role("group", name="Numbers").get_by_role("option")).to_have_text(["One", "Two"])
        await page.keyboard.press("Escape")
        await message.locator("[data-action=multi_users_select]").fill("ben")
        await page.keyboard.press("Enter")
        await expect(message.locator(".chip")).to_have_text("Ben Ode")
        await message.get_by_role("button", name="Remove Ben Ode").click()
        await expect(message.locator(".chip")).to_have_count(0)


async def test_the_whole_way_by_keyboard_alone() -> None:
    async with office() as running:
        page = await running.page(ANNA)
        keys = page.keyboard
        await composer(page).focus()
        await keys.type("/lunch order\n")
        form = modal(page)
        await expect(form.locator("[data-action=kind]")).to_be_focused()
        await keys.press("Tab")
        await keys.type("nood")
        await expect(form.get_by_role("option")).to_have_count(2)
        await keys.press("ArrowDown")
        await keys.press("Enter")
        await expect(form.locator("[data-action=place]")).to_have_value("Noodle Bar")
        await keys.press("Tab")
        await keys.type("Soup\n")  # Enter in a single line sends the form
        await expect(form).to_be_hidden()
        await expect(messages(page)).to_have_count(1)

        await expect(page.locator(f"[data-person={BEN}] .badge")).to_have_text("1")
        await keys.press("Control+k")
        await keys.type("ben")
        await keys.press("Enter")
        await expect(page).to_have_url(re.compile(f"as={BEN}"))
        await keys.press("Alt+ArrowDown")
        await expect(page.get_by_role("heading", name="lunch", level=1, exact=True)).to_be_visible()
        join = messages(page).get_by_role("button", name="Join")
        await expect(composer(page)).to_be_focused()
        for _ in range(12):
            await keys.press("Shift+Tab")
            if await join.evaluate("node => node === document.activeElement"):
                break
        await expect(join).to_be_focused()
        await keys.press("Enter")
        await expect(messages(page)).to_contain_text("2 eat")
        await expect(join).to_be_focused()  # drawn anew, and still where the person is
        await keys.press("?")
        await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        await keys.press("Escape")
        await expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
        skip = page.get_by_role("link", name="Skip to the conversation")
        assert (
            await page.evaluate("document.querySelector('a, button, input, textarea, [tabindex]').className") == "skip"
        )
        await skip.focus()
        await keys.press("Enter")
        await expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_text_can_be_read_on_every_surface(dark: bool) -> None:
    async with office() as running:
        await running.post(blocks=order_message("Soup", [ANNA]))
        await running.post(text="`code` <@U01ANNA> <https://example.com|link> *bold*")
        page = await running.page(ANNA, dark=dark)
        ground = await page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
        assert (int(re.findall(r"\d+", ground)[0]) < 80) is dark
        await send(page, "/dinner")
        await expect(page.locator("main .composer-status.bad")).to_be_visible()
        assert await page.evaluate(FAINT) == []
        await page.get_by_role("button", name="Calls").click()
        await expect(page.locator(".calls li")).not_to_have_count(0)
        assert await page.evaluate(FAINT) == []
        await page.get_by_role("button", name="Snippets").click()
        await send(page, "/lunch order")
        await modal(page).get_by_role("button", name="Order", exact=True).click()
        await expect(modal(page).locator(".field-error").first).to_be_visible()
        assert await page.evaluate(FAINT) == []


async def test_everything_that_can_be_used_has_a_name() -> None:
    nameless = re.compile(
        r"- (?:button|link|textbox|combobox|checkbox|radio|tab|searchbox)(?: \[[^]]*\])*:?$", re.MULTILINE
    )
    async with office() as running:
        await running.post(blocks=order_message("Soup", [ANNA]))
        page = await running.page(ANNA)
        for pane in ("Snippets", "Calls"):
            await page.get_by_role("button", name=pane).click()
            assert nameless.findall(await page.locator("body").aria_snapshot()) == []
        await send(page, "/lunch order")
        await expect(modal(page).locator("[data-action=kind]")).to_be_focused()
        assert nameless.findall(await modal(page).aria_snapshot()) == []
        assert nameless.search("- button\n") is not None


async def test_the_appearance_can_be_chosen_and_is_remembered() -> None:
    async with office() as running:
        page = await running.page(ANNA)
        await page.get_by_role("button", name="Appearance: same as the system").click()
        await page.get_by_role("button", name="Appearance: light").click()
        await page.reload()
        await expect(page.get_by_role("button", name="Appearance: dark")).to_be_visible()
        assert await page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


async def overflow(page: Page) -> int:
    """How many pixels stick out to the right."""
    return int(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))


async def test_it_fits_a_phone_and_a_wide_screen() -> None:
    async with office() as running:
        await running.post(blocks=order_message("W" * 300, [ANNA, BEN]))
        narrow = await running.page(ANNA, width=360)
        assert await overflow(narrow) <= 0
        box = await messages(narrow).bounding_box()
        assert box is not None
        assert box["width"] <= 360
        await expect(narrow.locator(f"[data-person={BEN}]")).to_be_hidden()
        await narrow.get_by_role("button", name="People and conversations").click()
        await narrow.locator(f"[data-person={BEN}]").click()
        await expect(narrow).to_have_url(re.compile(f"as={BEN}"))
        await expect(narrow.locator(f"[data-person={BEN}]")).to_be_hidden()
        await send(narrow, "/lunch order")
        form = await modal(narrow).locator("form").bounding_box()
        assert form is not None
        assert form["width"] <= 360
        wide = await running.page(ANNA, width=1920)
        assert await overflow(wide) <= 0
        await expect(wide.locator(f"[data-person={BEN}]")).to_contain_text("Guest of honour")


async def test_nothing_is_fetched_from_anywhere_else() -> None:
    async with office() as running:
        page = await running.page(ANNA)
        await order(page, "Soup")
        await page.get_by_role("button", name="Home", exact=True).click()
        await expect(page.locator(".home")).to_contain_text("orders so far")
        assert running.requested
        assert [url for url in running.requested if not url.startswith(f"{running.slack.url}/")] == []
