"""What the page's tests share: a workspace with a small lunch app over Socket Mode, and Chromium with a page for each person."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.devslack.server import DevSlack
from bot.devslack.workspace.workspace import Timing

Json = dict[str, Any]

ANNA, BEN, CORA = "U01ANNA", "U02BEN", "U03CORA"
LUNCH, PRIVATE = "C01LUNCH", "C02KITCHEN"
PATIENCE = 60.0
"""Seconds that this Slack waits for an acknowledgement, and a test for the page: a busy machine must not look like one that is asleep."""
IMPATIENT = Timing(acknowledge=0.1)
expect.set_options(timeout=PATIENCE * 1000)

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)

SCOPES = ["chat:write", "chat:write.public", "commands", "files:read", "files:write", "im:write", "users:read"]

MANIFEST: Json = {
    "display_information": {"name": "Lunch", "description": "Orders lunch for everybody."},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Lunch"},
        "slash_commands": [
            {"command": "/lunch", "description": "Order lunch", "usage_hint": "[order | help]", "should_escape": True}
        ],
        "shortcuts": [
            {"name": "Order lunch", "type": "global", "callback_id": "order", "description": "For today"},
            {"name": "Order from this", "type": "message", "callback_id": "from_this", "description": "As written"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

WORKSPACE: Json = {
    "team": {"id": "T01OFFICE", "name": "The Office", "domain": "office"},
    "users": [
        {"id": ANNA, "name": "anna", "real_name": "Anna Berg", "title": "Cook"},
        {"id": BEN, "name": "ben", "real_name": "Ben Ode", "title": "Guest of honour"},
        {"id": CORA, "name": "cora", "real_name": "Cora Lind", "title": "Visitor"},
    ],
    "usergroups": [{"id": "S01HUNGRY", "handle": "hungry", "name": "Hungry", "users": [BEN]}],
    "channels": [
        {"id": LUNCH, "name": "lunch", "members": [ANNA, BEN, CORA], "app_is_member": True},
        {"id": PRIVATE, "name": "kitchen", "is_private": True, "members": [ANNA]},
    ],
    "snippets": [{"label": "Usual order", "text": "Dumplings,\nno onions"}],
}

PLACES = ("Noodle House", "Noodle Bar", "Pizzeria", "Salad Corner")


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text}


def button(action: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action, "text": plain(text), **more}


def order_form(kind: str = "Eat in") -> Json:
    """The form; taking away adds a field, so that the view changes under what was typed."""
    blocks: list[Json] = [
        {
            "type": "input",
            "block_id": "kind",
            "dispatch_action": True,
            "label": plain("How"),
            "element": {
                "type": "static_select",
                "action_id": "kind",
                "options": [option("Eat in"), option("Take away")],
                "initial_option": option(kind),
            },
        },
        {
            "type": "input",
            "block_id": "place",
            "label": plain("Place"),
            "element": {"type": "external_select", "action_id": "place", "min_query_length": 2},
        },
        {
            "type": "input",
            "block_id": "dish",
            "label": plain("Dish"),
            "hint": plain("As on the menu"),
            "element": {"type": "plain_text_input", "action_id": "dish", "max_length": 300},
        },
        {
            "type": "input",
            "block_id": "note",
            "optional": True,
            "label": plain("Note"),
            "element": {"type": "plain_text_input", "action_id": "note", "multiline": True},
        },
    ]
    if kind == "Take away":
        picker = {"type": "timepicker", "action_id": "time", "initial_time": "12:30"}
        blocks.insert(1, {"type": "input", "block_id": "time", "label": plain("When"), "element": picker})
    blocks.append(
        {"type": "actions", "block_id": "more", "elements": [button("menu", "Menu"), button("asleep", "Ask the cook")]}
    )
    return {
        "type": "modal",
        "callback_id": "order",
        "title": plain("Order lunch"),
        "submit": plain("Order"),
        "close": plain("Not today"),
        "blocks": blocks,
    }


def menus_form(title: str) -> Json:
    """A form that takes two text files."""
    menus = {"type": "file_input", "action_id": "menus", "filetypes": ["txt"], "max_files": 2}
    blocks = [
        {"type": "section", "text": plain(title)},
        {"type": "input", "block_id": "menus", "label": plain("Menus"), "element": menus},
    ]
    return {
        "type": "modal",
        "callback_id": "menus",
        "title": plain("Order from this"),
        "submit": plain("Send"),
        "blocks": blocks,
    }


def order_message(dish: str, eaters: list[str], *, called_off: str = "") -> list[Json]:
    """`dish` comes from a person and is drawn as plain text."""
    names = ", ".join(f"<@{eater}>" for eater in eaters)
    blocks: list[Json] = [
        {"type": "header", "text": plain("Lunch")},
        {"type": "section", "block_id": "dish", "text": plain(dish)},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"*{len(eaters)}* eat: {names}"}]},
    ]
    if called_off:
        return [*blocks, {"type": "section", "text": {"type": "mrkdwn", "text": f"Called off by <@{called_off}>"}}]
    sure = {
        "title": plain("Call it off?"),
        "text": plain("Everybody stays hungry."),
        "confirm": plain("Call off"),
        "deny": plain("Keep"),
        "style": "danger",
    }
    elements = [
        button("join", "Join", style="primary", value=",".join(eaters)),
        button("off", "Call off", style="danger", confirm=sure),
        {"type": "overflow", "action_id": "more", "options": [option("Louder"), option("Quieter")]},
    ]
    return [*blocks, {"type": "actions", "block_id": "decide", "elements": elements}]


class LunchApp:
    """A small Slack app that knows nothing of the page."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.orders = 0
        self.heard: list[Any] = []
        self.bolt = AsyncApp(client=client, process_before_response=True)
        bolt = self.bolt
        bolt.command("/lunch")(self.command)
        bolt.action("kind")(self.kind)
        bolt.action("menu")(self.menu)
        bolt.action("join")(self.join)
        bolt.action("off")(self.call_off)
        bolt.action("more")(self.more)
        bolt.action("count")(self.count)
        bolt.action("asleep")(self.asleep)
        bolt.options("place")(self.places)
        bolt.view("order")(self.ordered)
        bolt.shortcut({"type": "shortcut", "callback_id": "order"})(self.anywhere)
        bolt.shortcut({"type": "message_action", "callback_id": "from_this"})(self.from_this)
        bolt.view("menus")(self.handed_in)
        bolt.event("app_home_opened")(self.home)

    async def command(self, ack: Any, body: Json) -> None:
        if body["text"] == "order":
            await self.client.views_open(trigger_id=body["trigger_id"], view=order_form())
            await ack()
        elif body["text"] == "asleep":
            await self.asleep()
        else:
            await ack(text=f"You said: {body['text'] or 'nothing'}")

    async def anywhere(self, ack: Any, body: Json) -> None:
        await self.client.views_open(trigger_id=body["trigger_id"], view=order_form())
        await ack()

    async def from_this(self, ack: Any, body: Json) -> None:
        await self.client.views_open(trigger_id=body["trigger_id"], view=menus_form(body["message"]["text"]))
        await ack()

    async def handed_in(self, ack: Any, body: Json) -> None:
        files = body["view"]["state"]["values"]["menus"]["menus"]["files"]
        self.heard.append(files)
        if len(files) == 1:
            await ack(response_action="errors", errors={"menus": "One menu is not enough."})
            return
        await ack()
        names = ", ".join(file["name"] for file in files)
        await self.client.chat_postMessage(channel=LUNCH, text=f"Menus: {names}")

    async def kind(self, ack: Any, body: Json) -> None:
        await ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        await self.client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=order_form(chosen))

    async def menu(self, ack: Any, body: Json) -> None:
        await ack()
        self.heard.append(body["view"]["state"]["values"])
        text = {"type": "section", "text": plain("Dumplings, noodles")}
        view = {"type": "modal", "title": plain("Menu"), "close": plain("Back to it"), "blocks": [text]}
        await self.client.views_push(trigger_id=body["trigger_id"], view=view)

    async def asleep(self) -> None:
        await asyncio.sleep(10 * IMPATIENT.acknowledge)

    async def places(self, ack: Any, body: Json) -> None:
        wanted = body["value"].casefold()
        await ack(options=[option(place) for place in PLACES if wanted in place.casefold()])

    async def ordered(self, ack: Any, body: Json) -> None:
        values = body["view"]["state"]["values"]
        self.heard.append(values)
        dish = values["dish"]["dish"]["value"]
        if dish == "nothing":
            await ack(response_action="errors", errors={"dish": "Nothing is not a dish."})
            return
        await ack()
        self.orders += 1
        user = body["user"]["id"]
        await self.client.chat_postMessage(channel=LUNCH, text=f"Lunch: {dish}", blocks=order_message(dish, [user]))
        await self.client.chat_postMessage(channel=BEN, text="Lunch was ordered.")

    async def join(self, ack: Any, body: Json, respond: Any) -> None:
        await ack()
        eaters = body["actions"][0]["value"].split(",")
        if body["user"]["id"] in eaters:
            await respond("You eat already.", replace_original=False, response_type="ephemeral")
            return
        await self._redraw(body, [*eaters, body["user"]["id"]])

    async def call_off(self, ack: Any, body: Json) -> None:
        await ack()
        await self._redraw(body, [body["user"]["id"]], called_off=body["user"]["id"])

    async def more(self, ack: Any, body: Json, respond: Any) -> None:
        await ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        await respond(f"{chosen} it is.", replace_original=False, response_type="ephemeral")

    async def _redraw(self, body: Json, eaters: list[str], *, called_off: str = "") -> None:
        message = body["message"]
        dish = message["blocks"][1]["text"]["text"]
        blocks = order_message(dish, eaters, called_off=called_off)
        await self.client.chat_update(
            channel=body["channel"]["id"], ts=message["ts"], text=message["text"], blocks=blocks
        )

    async def home(self, event: Json) -> None:
        await self._publish(event["user"])

    async def count(self, ack: Any, body: Json) -> None:
        await ack()
        self.orders += 1
        await self._publish(body["user"]["id"])

    async def _publish(self, user: str) -> None:
        text = {"type": "section", "text": plain(f"{self.orders} orders so far")}
        blocks = [text, {"type": "actions", "block_id": "b", "elements": [button("count", "One more")]}]
        await self.client.views_publish(user_id=user, view={"type": "home", "blocks": blocks})


def chromium() -> str:
    """The system's Chromium. Without one the test is skipped, except in CI, where a missing browser is a fault."""
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    if not Path(path).exists():
        reason = f"the page's tests need Chromium; there is none at {path} (set CHROMIUM to where it is)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@dataclass
class Office:
    """The running workspace with its app, and a browser to look at it."""

    slack: DevSlack
    app: LunchApp
    browser: Browser
    troubles: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    async def page(self, who: str, where: str = f"channel={LUNCH}", *, width: int = 1440, dark: bool = False) -> Page:
        """A window of this person, in a browser profile of its own, when it is ready to be used."""
        context = await self.browser.new_context(
            viewport=ViewportSize(width=width, height=900),
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE * 1000)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda request: self.requested.append(request.url))
        await page.goto(f"{self.slack.url}/?as={who}&{where}")
        await expect(page.locator("main h1")).to_be_visible()
        return page

    async def post(self, **message: Any) -> str:
        """Have the app write to #lunch, or where it is told; the timestamp of the message."""
        answer = await self.app.client.chat_postMessage(**{"channel": LUNCH, "text": "…", **message})
        return str(answer["ts"])


@asynccontextmanager
async def office(*, data: Path | None = None) -> AsyncIterator[Office]:
    """The workspace, its app connected, and Chromium; no script error may have happened when it ends."""
    [browser] = RUNNING
    timing = Timing(acknowledge=PATIENCE, trigger=PATIENCE)
    slack = DevSlack(workspace=WORKSPACE, manifest=MANIFEST, data=data, rates="off", timing=timing)
    async with slack, connected(slack) as app:
        try:
            running = Office(slack, app, browser)
            yield running
            assert running.troubles == []
        finally:
            for context in browser.contexts:
                await context.close()


RUNNING: list[Browser] = []
"""The one Chromium that all tests of the page share, each in windows of its own: starting it takes longer than most of them."""


@asynccontextmanager
async def chromium_running() -> AsyncIterator[None]:
    """Chromium, for `office`, while inside."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        RUNNING.append(browser)
        try:
            yield
        finally:
            RUNNING.clear()
            await browser.close()


@asynccontextmanager
async def connected(slack: DevSlack) -> AsyncIterator[LunchApp]:
    """The lunch app, connected over Socket Mode for as long as the block lasts."""
    app = LunchApp(AsyncWebClient(token=slack.bot_token, base_url=slack.api_url))
    web = AsyncWebClient(base_url=slack.api_url)
    handler = AsyncSocketModeHandler(app.bolt, slack.app_token, web_client=web)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it without types
    try:
        yield app
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # as above


def composer(page: Page) -> Locator:
    return page.locator("main form.composer textarea")


def messages(page: Page) -> Locator:
    return page.locator("main article.message")


def modal(page: Page) -> Locator:
    return page.locator("dialog.stage[open]")


async def send(page: Page, text: str) -> None:
    """Type into the composer and press Enter."""
    await composer(page).fill(text)
    await composer(page).press("Enter")


async def order(page: Page, dish: str) -> None:
    """Order through the command and its form."""
    await send(page, "/lunch order")
    form = modal(page)
    await form.locator("[data-action=place]").fill("nood")
    await form.get_by_role("option", name="Noodle House").click()
    await form.locator("[data-action=dish]").fill(dish)
    await form.get_by_role("button", name="Order", exact=True).click()
    await expect(form).to_be_hidden()
