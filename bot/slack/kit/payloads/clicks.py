"""Buttons and menus: `block_actions` → what was pressed, where, by whom."""

from datetime import UTC, datetime
from typing import Any

from bot.slack.kit.ids import Action
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.raw import RawInteraction, parsed, read
from bot.slack.kit.payloads.who import Who, who_of
from bot.slack.kit.places import HomePlace
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


def click(body: Any) -> Click:
    """A button whose action is all it says. Raises BadInput."""
    return Click(**carried(body)[1])


def step_click(body: Any) -> StepClick:
    """A button that carries a step. Raises BadInput."""
    value, facts = carried(body)
    return StepClick(**facts, step=parsed(StepRef.parse, value, bad_input.NOT_OUR_BUTTON))


def request_click(body: Any) -> RequestClick:
    """A button that carries a request. Raises BadInput."""
    value, facts = carried(body)
    if not (value.isascii() and value.isdecimal() and len(value) <= 18 and not value.startswith("0")):
        raise BadInput(what=bad_input.NOT_OUR_BUTTON)
    return RequestClick(**facts, request=RequestId(int(value)))


def carried(body: Any) -> tuple[str, dict[str, Any]]:
    """What a button carries, and the facts of a `Click`. Raises BadInput."""
    raw = read(RawInteraction, body)
    if len(raw.actions) != 1:
        raise BadInput(what="it names no button, or several")
    action, container = raw.actions[0], raw.container
    channel = raw.channel.id if raw.channel is not None else container.channel_id if container is not None else None
    return action.value or "", {
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
