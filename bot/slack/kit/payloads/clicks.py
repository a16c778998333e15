"""Buttons and menus: `block_actions` → what was pressed, where, by whom."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.slack.kit.ids import Action
from bot.slack.kit.payloads.commands import List, parse_list
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.raw import RawAction, RawInteraction, parsed, read
from bot.slack.kit.payloads.who import Who, who_of
from bot.slack.kit.places import DetailsPlace, HomePlace
from bot.slack.kit.texts import bad_input
from domain import workflow
from domain.approvals.requests import RequestId, StepRef
from domain.common.frozen import Frozen


class ViewRef(Frozen):
    """The modal or Home that something was pressed or sent in."""

    id: str
    hash: str
    callback: str
    metadata: str
    is_home: bool


class Click(Frozen):
    """A button that was pressed, without what it carried."""

    who: Who
    action: Action
    trigger_id: str
    """Opens a modal, once, within three seconds."""
    response_url: str
    channel: str | None
    ts: str | None
    """The message that it stands in; None in a modal or Home."""
    is_ephemeral: bool
    view: ViewRef | None
    at: datetime | None = None
    """When it was pressed, by Slack's clock: the same however often the click is delivered."""

    @property
    def pressed(self) -> workflow.Click | None:
        """The message, as the use cases take it: None in modals, the Home, and answers that only the clicker sees."""
        if self.channel is None or self.ts is None or self.is_ephemeral:
            return None
        return workflow.Click(channel=self.channel, ts=self.ts)

    @property
    def home_place(self) -> HomePlace:
        """Where the reader of the Home has paged to. Raises BadInput."""
        metadata = self.view.metadata if self.view is not None and self.view.is_home else ""
        return parsed(HomePlace.parse, metadata, bad_input.NOT_OUR_HOME)


class StepClick(Click):
    """Approve or reject."""

    step: StepRef


class RequestClick(Click):
    """Details, cancel, override, comment, resubmit, reload."""

    request: RequestId


class DetailsPageClick(Click):
    place: DetailsPlace


class HomePageClick(Click):
    place: HomePlace


class ListPageClick(Click):
    list: List


def click(body: Any) -> Click:
    """A button whose action is all it says. Raises BadInput."""
    _, facts = _read(body)
    return Click(**facts)


def step_click(body: Any) -> StepClick:
    """A button that carries a step. Raises BadInput."""
    action, facts = _read(body)
    return StepClick(**facts, step=_carried(action, StepRef.parse))


def request_click(body: Any) -> RequestClick:
    """A button that carries a request. Raises BadInput."""
    action, facts = _read(body)
    return RequestClick(**facts, request=_carried(action, _request))


def details_page_click(body: Any) -> DetailsPageClick:
    """A button that turns a page of the details. Raises BadInput."""
    action, facts = _read(body)
    return DetailsPageClick(**facts, place=_carried(action, DetailsPlace.parse))


def home_page_click(body: Any) -> HomePageClick:
    """A button that turns a page of the Home. Raises BadInput."""
    action, facts = _read(body)
    return HomePageClick(**facts, place=_carried(action, HomePlace.parse))


def list_page_click(body: Any) -> ListPageClick:
    """A button under a list, which carries the list it leads to as one would type it. Raises BadInput, Misused."""
    action, facts = _read(body)
    who: Who = facts["who"]
    return ListPageClick(**facts, list=parse_list(action.value or "", who.workspace))


def carried(body: Any) -> tuple[str, dict[str, Any]]:
    """What a button carries, and the facts of a `Click`. Raises BadInput."""
    action, facts = _read(body)
    return action.value or "", facts


_T = TypeVar("_T")


def _carried(action: RawAction, parse: Callable[[str], _T]) -> _T:
    return parsed(parse, action.value or "", bad_input.NOT_OUR_BUTTON)


def _request(text: str) -> RequestId:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18 and not text.startswith("0")):
        raise ValueError("not the number of a request")
    return RequestId(int(text))


def _read(body: Any) -> tuple[RawAction, dict[str, Any]]:
    raw = read(RawInteraction, body)
    if len(raw.actions) != 1:
        raise BadInput(what=bad_input.ONE_BUTTON)
    action, container = raw.actions[0], raw.container
    channel = raw.channel.id if raw.channel is not None else container.channel_id if container is not None else None
    return action, {
        "who": who_of(raw),
        "action": parsed(Action, action.action_id, bad_input.NOT_OUR_BUTTON),
        "trigger_id": raw.trigger_id,
        "response_url": raw.response_url,
        "channel": channel,
        "ts": container.message_ts if container is not None else None,
        "is_ephemeral": container is not None and container.is_ephemeral,
        "view": view_of(raw),
        "at": datetime.fromtimestamp(float(action.action_ts), UTC) if action.action_ts is not None else None,
    }


def view_of(raw: RawInteraction) -> ViewRef | None:
    """The view that the payload shows, if any."""
    view = raw.view
    if view is None:
        return None
    return ViewRef(
        id=view.id,
        hash=view.hash,
        callback=view.callback_id,
        metadata=view.private_metadata,
        is_home=view.type == "home",
    )
