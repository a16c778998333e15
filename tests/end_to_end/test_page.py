"""The main job on the page, in Chromium, as a newcomer would do it: nothing but clicks and typing.

`python -m tests.end_to_end.test_page DIR` writes pictures of it, light and dark, to be looked at; the README's comes from there.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.bot.devslack.page.kit import FLAGS, chromium, messages, modal, send
from tests.end_to_end.company import PATIENCE, Company, Somebody, at_work

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
CSR: Final = "CSR: Many names, one internal, one IP address"


@dataclass
class Window:
    """Browser windows onto the sample company."""

    company: Company
    browser: Browser
    troubles: list[str]

    async def of(
        self, who: Somebody, where: str = "", *, scheme: Scheme = "light", width: int = 1280, height: int = 860
    ) -> Page:
        """The page as *who*, at their messages from the app or *where*."""
        page = await self.browser.new_page(
            color_scheme=scheme, viewport={"width": width, "height": height}, timezone_id="Europe/Oslo"
        )
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        await page.goto(f"{self.company.slack.url.rstrip('/')}/?as={who.user}{where}")
        return page


@asynccontextmanager
async def opened(database: str) -> AsyncIterator[Window]:
    """The company at work with a browser; no script error may have happened when it ends."""
    path = chromium()
    async with at_work(database) as company, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            window = Window(company, browser, [])
            yield window
            assert window.troubles == []
        finally:
            await browser.close()


async def submit(page: Page, resource: str, snippet: str, reason: str) -> None:
    """Fill in the form for a new request, with a text that lies ready beside it."""
    await send(page, "/approval submit")
    form = modal(page)
    await form.locator("[data-action=operation]").click()
    await form.get_by_role("option", name="Issue a certificate").click()
    await form.locator("[data-action=resource]").click()
    await form.get_by_role("option", name=resource).click()
    await form.locator("[data-action=reason]").fill(reason)
    await form.locator("[data-action=csr]").focus()
    card = page.locator("article, li, section").filter(has_text=snippet).last
    await card.get_by_role("button", name="Insert").click()
    await expect(form.locator("[data-action=csr]")).to_have_value(re.compile("^-----BEGIN CERTIFICATE REQUEST-----"))
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_be_hidden()


async def press(page: Page, button: str) -> None:
    """By its accessible name, as a screen reader says it."""
    await messages(page).get_by_role("button", name=button, exact=True).last.click()


async def main_job(window: Window, look: Path | None = None) -> None:
    """A request passes two steps and two gates; one is cancelled, one expires and is overridden."""

    async def picture(page: Page, name: str) -> None:
        if look is not None:
            await page.screenshot(path=look / f"{name}.png")

    company = window.company
    nadia = await window.of(company.nadia)
    await submit(
        nadia, "Public web servers", CSR, "The load balancer gets a new key; the old certificate ends on Friday."
    )
    await expect(messages(nadia)).to_contain_text("Waiting for approval: issue certificate")
    await picture(nadia, "progress")

    sara = await window.of(company.sara)
    await expect(messages(sara)).to_contain_text("Approval needed: issue certificate")
    await expect(messages(sara)).to_contain_text("scheduler.bergen.internal")
    await picture(sara, "approval")
    dark = await window.of(company.david, scheme="dark")
    await expect(messages(dark)).to_contain_text("Approval needed")
    await picture(dark, "approval-dark")
    await press(sara, "Details of request REQ-1")
    await expect(modal(sara)).to_contain_text("What will be signed")
    await picture(sara, "details")
    await modal(sara).get_by_role("button", name="Close", exact=True).last.click()
    await press(sara, "Approve with comment: request REQ-1")
    await modal(sara).locator("textarea").fill("Names checked against the inventory.")
    await modal(sara).get_by_role("button", name="Approve", exact=True).click()
    for page in (sara, dark):
        await expect(messages(page).first).to_contain_text("Step approved")
        await expect(messages(page).first).to_contain_text("Names checked against the inventory.")
        await expect(messages(page).get_by_role("button", name="Approve request REQ-1", exact=True)).to_have_count(0)

    tomasz, mei = await window.of(company.tomasz), await window.of(company.mei, width=400)
    await press(tomasz, "Approve request REQ-1")
    await expect(messages(mei).first).to_contain_text("1 of 2 approved")
    await picture(mei, "narrow")
    await press(mei, "Approve request REQ-1")

    david = await window.of(company.david, "&channel=C03APPROVALS")
    await expect(messages(david).last).to_contain_text("Halvorsen Issuing CA G2")
    await picture(david, "channel")
    await press(david, "Approve request REQ-1")
    await expect(messages(nadia).last).to_contain_text("Approved: issue certificate")
    await picture(nadia, "outcome")

    lucas = await window.of(company.lucas)
    await submit(lucas, "Public web servers", "CSR: Web server", "A second front end.")
    await expect(messages(lucas).first).to_contain_text("REQ-2")
    await send(lucas, "/approval cancel REQ-2 wrong host name")
    await expect(messages(lucas).filter(has_text="Cancelled").first).to_be_visible()

    await submit(nadia, "Staging web servers", "CSR: Wildcard", "For the test bench.")
    await expect(messages(lucas).filter(has_text="Approval needed").first).to_be_visible()
    company.clock.ahead += company.SHORT_EXPIRY
    await expect(messages(lucas).filter(has_text="Expired").first).to_be_visible()
    ingrid = await window.of(company.ingrid, scheme="dark")
    await send(ingrid, "/approval override REQ-3 approve")
    await expect(modal(ingrid)).to_contain_text("permanently recorded")
    await modal(ingrid).locator("textarea").fill("Agreed on the phone with Lucas.")
    await picture(ingrid, "override-dark")
    await modal(ingrid).get_by_role("button", name="Override").click()
    await expect(messages(nadia).filter(has_text="Overridden to approved").first).to_be_visible()

    for who, scheme, name in ((company.kofi, "light", "home"), (company.eleanor, "dark", "home-dark")):
        home = await window.of(who, "&view=home", scheme="dark" if scheme == "dark" else "light")
        await (
            home.get_by_role("button", name="Home")
            .or_(home.get_by_role("link", name="Home"))
            .or_(home.get_by_role("tab", name="Home"))
            .first.click()
        )
        await expect(home.get_by_text("Waiting for me")).to_be_visible()
        await picture(home, name)


async def test_a_newcomer_lives_through_a_whole_approval(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'countersign.db'}") as window:
        await main_job(window)


async def _look(folder: Path) -> None:
    async with opened(f"sqlite:///{folder / 'look.db'}") as window:
        await main_job(window, folder)


if __name__ == "__main__":
    asyncio.run(_look(Path(sys.argv[1])))
