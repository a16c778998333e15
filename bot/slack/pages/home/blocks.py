"""The App Home: what waits on its reader, what they asked for, what last concerned them, and, for those who read all, everything."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock
from slack_sdk.models.views import View

from bot.slack.kit.blocks.layout import actions, button, context, divider, header, mrkdwn, section
from bot.slack.kit.blocks.rows import filter_line, fitted, row, waiting_row
from bot.slack.kit.blocks.text import when
from bot.slack.kit.ids import COMMAND, Action, Callback
from bot.slack.kit.places import HomePlace
from bot.slack.kit.texts import home as texts
from bot.slack.kit.texts import lists as list_texts
from bot.slack.pages.delegations.blocks import for_home
from bot.slack.pages.health.blocks import health_button
from domain.people.people import Person
from domain.ports import Page
from domain.workflow import Standins

START: Final = HomePlace()
NOTHING: Final = Page(requests=())


def home(
    person: Person,
    at: datetime,
    *,
    waiting: Page,
    mine: Page,
    recent: Page = NOTHING,
    everything: Page | None = None,
    waiting_number: int | None = None,
    mine_number: int | None = None,
    place: HomePlace = START,
    resource: str = "",
    standins: Standins | None = None,
) -> View:
    """The Home of *person*: the page of each list that begins at *place*, narrowed by its filter.

    *everything* is for administrators and auditors; leave it out for others. The numbers say how many there are, up to a hundred.
    *resource* is what the filter's resource is called, *standins* are the delegations that the reader knows of.
    """
    narrowed = place.filter.restricts
    lists = [
        (
            "mine",
            texts.counted("My requests", mine_number),
            mine,
            (
                "You have no requests yet. Press *New request* (have your certificate request or "
                f"certificate ready), or type `{COMMAND} submit` anywhere."
            ),
        ),
        (
            "recent",
            "Recent",
            recent,
            "Nothing yet. Your decisions and your closed requests appear here.",
        ),
    ]
    if everything is not None and person.reads_all:
        lists.append(("everything", "All requests", everything, "No requests yet."))
    blocks: list[Block] = [
        *actions("home:new", [*_for_everybody(), *(_for_readers() if person.reads_all else [])]),
        *(for_home(standins, at, reader=person.id) if standins is not None else []),
        *(_narrowed(place, resource) if narrowed else []),
        *_waiting(waiting, waiting_number, at, place),
    ]
    for name, title, page, nothing in lists:
        blocks.extend(
            _listed(person, name, title, page, "No requests match this filter." if narrowed else nothing, place)
        )
    blocks.extend([divider(), context(f"As of {when(at)}. Type `{COMMAND} help` for all commands.")])
    return View(type="home", callback_id=Callback.HOME, blocks=blocks, private_metadata=str(place))


def closed_home() -> View:
    """The Home of somebody who takes no part: guests, bots, people of other workspaces."""
    blocks = [section("Only active full members of this workspace can use Countersign.")]
    return View(type="home", callback_id=Callback.HOME, blocks=blocks, private_metadata=str(START))


def _for_everybody() -> Sequence[ButtonElement]:
    return [
        button(texts.NEW_REQUEST, Action.NEW_REQUEST, "new", texts.NEW_REQUEST_LABEL, style="primary"),
        button(texts.FILTER, Action.HOME_FILTER, "filter", "Filter all lists here"),
        button("Out of office", Action.DELEGATIONS, "delegations", "Out of office: have somebody decide for me"),
    ]


def _for_readers() -> Sequence[ButtonElement]:
    """For administrators, who manage, and auditors, who read."""
    return [
        button("Profiles", Action.PROFILES, "profiles", "Approval profiles"),
        button("Resources", Action.RESOURCES, "resources", "Resources and their gates"),
        button("People", Action.PEOPLE, "people", "Groups, roles and people"),
        health_button(),
    ]


def _several() -> ButtonElement:
    return button("Decide several", Action.DECIDE_SEVERAL, "several", "Decide several requests at once")


def _narrowed(place: HomePlace, resource: str) -> list[Block]:
    clear = button(list_texts.CLEAR_FILTER, Action.HOME_CLEAR, "clear", list_texts.CLEAR_FILTER_LABEL)
    return [SectionBlock(text=mrkdwn(filter_line(place.filter, resource)), accessory=clear)]


def _waiting(page: Page, number: int | None, at: datetime, place: HomePlace) -> list[Block]:
    page = fitted(page)
    rows = [block for request in page.requests for block in waiting_row(request, at, f"waiting:{request.id}")]
    nothing = (
        "No requests waiting for you match this filter."
        if place.filter.restricts
        else (
            "Nothing is waiting for you. When a request needs your approval, it appears here and I send you a message."
        )
    )
    return [
        header(texts.counted("Waiting for me", number)),
        *(actions("waiting:several", [_several()]) if len(page.requests) > 1 else []),
        *(rows or [section(nothing)]),
        *_turn("waiting", page, place),
    ]


def _listed(person: Person, name: str, title: str, page: Page, nothing: str, place: HomePlace) -> list[Block]:
    page = fitted(page)
    rows = [
        block
        for request in page.requests
        for block in row(
            request,
            requester=name == "everything" or (name == "recent" and request.requester != person.id),
            reader=person.id if name == "recent" else None,
        )
    ]
    return [divider(), header(title), *(rows or [section(nothing)]), *_turn(name, page, place)]


def _turn(name: str, page: Page, place: HomePlace) -> list[Block]:
    """The buttons to older requests and back to the newest; the other lists stay where they are."""
    buttons: list[ButtonElement] = []
    called = texts.CALLED[name]
    if getattr(place, name):
        newest = str(place.replace(**{name: 0}))
        buttons.append(button("Newest", Action.HOME_NEWEST, newest, f"Newest of {called}"))
    if page.next is not None:
        older = str(place.replace(**{name: page.next}))
        buttons.append(button("Older", Action.HOME_OLDER, older, f"Older of {called}"))
    return actions(f"page:{name}", buttons)
