"""The gallery draws what a program supplies, and says what Slack would refuse of it."""

import json
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from bot.devslack import BadFile, DevSlack
from bot.devslack.control.gallery import Gallery, exhibits, gallery_file
from tests.bot.devslack.conftest import MANIFEST, WORKSPACE, Json, button, controlling, field, modal, text
from tests.bot.devslack.page.kit import FLAGS, chromium

SAID: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "For <@U0ANNA>, *soon*"}}
ROW: Json = {"type": "actions", "block_id": "row", "elements": [button("go")]}
EXHIBITS: list[Json] = json.loads(json.dumps([
    {"group": "Asked", "name": "at first", "kind": "message", "text": "Soon", "blocks": [SAID, ROW]},
    {"group": "Asked", "name": "too long", "kind": "message", "text": "x", "blocks": [{"type": "header", "text": text("x" * 151)}]},
    {"group": "Forms", "name": "send", "kind": "view", "view": modal(field("f", {"type": "plain_text_input", "focus_on_load": True}))},
    {"group": "Forms", "name": "home", "kind": "view", "view": {"type": "home", "blocks": [SAID]}},
]))  # fmt: skip


def showing(gallery: Gallery | None) -> DevSlack:
    return DevSlack(workspace=WORKSPACE, manifest=MANIFEST, rates="off", gallery=gallery)


async def test_it_asks_for_the_exhibits_once_and_holds_them_against_slacks_limits() -> None:
    asked = []

    def supply() -> list[Json]:
        asked.append(1)
        return EXHIBITS

    async with showing(Gallery(supply)) as slack, controlling(slack) as control:
        for _ in range(2):
            found = (await control.get("gallery"))["exhibits"]
        assert [bool(one["faults"]) for one in found] == [False, True, False, False]
        assert "must be less than 151 characters" in found[1]["faults"][-1]
    assert asked == [1]


async def test_without_one_it_is_empty() -> None:
    async with showing(None) as slack, controlling(slack) as control:
        assert await control.get("gallery") == {"ok": True, "exhibits": []}


def test_a_file_of_exhibits(tmp_path: Path) -> None:
    path = tmp_path / "gallery.json"
    path.write_text(json.dumps(EXHIBITS))
    assert [one["name"] for one in gallery_file(path).shown()] == ["at first", "too long", "send", "home"]
    path.write_text("[{")
    with pytest.raises(BadFile, match="cannot be read"):
        gallery_file(path)
    with pytest.raises(BadFile, match="kind"):
        exhibits([{"group": "x", "name": "x", "kind": "poem"}])


@pytest.mark.browser
async def test_the_page_draws_a_group_at_a_time() -> None:
    path = chromium()
    async with showing(Gallery(lambda: EXHIBITS)) as slack, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = await browser.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        await page.goto(f"{slack.url}/gallery")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Asked")
        first = page.get_by_role("region", name="at first")
        await expect(first).to_contain_text("For @Anna Berg, soon")
        await first.get_by_role("button", name="Press").click()  # nothing comes of it
        await expect(page.get_by_role("region", name="too long").get_by_role("listitem").last).to_contain_text("151")
        await page.get_by_role("link", name="Forms").click()
        await expect(page.get_by_role("region", name="send").get_by_role("heading", name="Form")).to_be_visible()
        await expect(page.locator(".exhibit :focus")).to_have_count(0)
        await page.get_by_label("Find exhibits").fill("at first")
        await expect(page.get_by_role("link", name="Forms")).to_have_count(0)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Asked")
        await browser.close()
        assert troubles == []
