"""The App Home: what waits on its reader, what they asked for, and, for those who read all, everything."""

from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.blocks.delegations import for_home
from bot.blocks.health import health_button
from bot.blocks.layout import actions, button, context, divider, header, section
from bot.blocks.places import HomePlace
from bot.blocks.rows import fitted, row, waiting_row
from bot.blocks.text import when
from bot.ids import COMMAND, Action, Callback
from domain.people import Person
from domain.ports import Page
from domain.workflow import Standins

START: Final = HomePlace()

_NOTHING_WAITS: Final = (
    "Nothing waits on you. When a request reaches a step that you may approve, it appears here, "
    "and I send you a message."
)
_NOTHING_ASKED: Final = (
    "You have not asked for anything yet. Press *New request* with a certificate request (CSR) or a certificate at hand, "
    f"or type `{COMMAND} submit` anywhere."
)
_NOTHING_AT_ALL: Final = "Nobody has asked for anything yet."
_NOT_A_MEMBER: Final = "Only active full members of this workspace can use Countersign."


def home(
    person: Person,
    at: datetime,
    *,
    waiting: Page,
    mine: Page,
    everything: Page | None = None,
    place: HomePlace = START,
    standins: Standins | None = None,
) -> View:
    """The Home of *person*: the page of each list that begins at *place*.

    *everything* is for administrators and auditors; leave it out for others. *standins* are the delegations that the reader knows of.
    """
    blocks: list[Block] = [
        *actions(
            "home:new",
            [
                _new_request(),
                _out_of_office(),
                *([*_managing(), _people(), health_button()] if person.reads_all else []),
            ],
        ),
        *(for_home(standins, at, reader=person.id) if standins is not None else []),
        *_waiting(waiting, at, place),
        *_listed("My requests", "mine", mine, _NOTHING_ASKED, place),
    ]
    if everything is not None and person.reads_all:
        blocks.extend(_listed("All requests", "everything", everything, _NOTHING_AT_ALL, place))
    blocks.extend([divider(), context(f"As of {when(at)}. Type `{COMMAND} help` for everything you can type.")])
    return View(type="home", callback_id=Callback.HOME, blocks=blocks, private_metadata=str(place))


def closed_home() -> View:
    """The Home of somebody who takes no part: guests, bots, people of other workspaces."""
    return View(type="home", callback_id=Callback.HOME, blocks=[section(_NOT_A_MEMBER)], private_metadata=str(START))


def _new_request() -> ButtonElement:
    return button("New request", Action.NEW_REQUEST, "new", "New request for a certificate operation", style="primary")


def _managing() -> list[ButtonElement]:
    """For administrators, who manage, and auditors, who read."""
    return [
        button("Profiles", Action.PROFILES, "profiles", "Approval profiles"),
        button("Resources", Action.RESOURCES, "resources", "Resources, and what gates them"),
    ]


def _people() -> ButtonElement:
    return button("People", Action.PEOPLE, "people", "Groups, roles and people")


def _out_of_office() -> ButtonElement:
    return button("Out of office", Action.DELEGATIONS, "delegations", "Have somebody decide for me while I am away")


def _waiting(page: Page, at: datetime, place: HomePlace) -> list[Block]:
    page = fitted(page)
    rows = [block for one in page.requests for block in waiting_row(one, at, f"waiting:{one.id}")]
    return [header("Waiting on me"), *(rows or [section(_NOTHING_WAITS)]), *_turn("waiting", page, place)]


def _listed(title: str, name: str, page: Page, nothing: str, place: HomePlace) -> list[Block]:
    page = fitted(page)
    rows = [block for one in page.requests for block in row(one, requester=name == "everything")]
    return [divider(), header(title), *(rows or [section(nothing)]), *_turn(name, page, place)]


def _turn(name: str, page: Page, place: HomePlace) -> list[Block]:
    """The buttons to older requests and back to the newest; the other lists stay where they are."""
    buttons: list[ButtonElement] = []
    shown = {"waiting": "what waits on me", "mine": "my requests", "everything": "all requests"}[name]
    if getattr(place, name):
        buttons.append(button("Newest", Action.HOME_NEWEST, str(place.replace(**{name: 0})), f"Newest of {shown}"))
    if page.next is not None:
        older = str(place.replace(**{name: page.next}))
        buttons.append(button("Older", Action.HOME_OLDER, older, f"Older of {shown}"))
    return actions(f"page:{name}", buttons)
