"""The one error handler: a refusal becomes a private answer where the person is, anything else an apology whose reference is in the log."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from bot.slack.answers import privately, tell, write_to
from bot.slack.context import Bot
from bot.slack.error_fields import beside
from bot.slack.error_messages import log_failure
from bot.slack.kit.blocks import modals as shared_modals
from bot.slack.kit.blocks import private_answers
from bot.slack.kit.blocks.layout import button
from bot.slack.kit.blocks.message import Message
from bot.slack.kit.ids import Action, Callback, Field
from bot.slack.kit.payloads.faults import FormFaults
from bot.slack.kit.payloads.who import somebody
from bot.slack.kit.team_places import TeamPlace
from bot.slack.kit.texts.refusals import sentence
from domain.common.errors import (
    AlreadyClosed,
    AlreadyExpired,
    Busy,
    CannotOverride,
    MirrorTooOld,
    NothingToRetry,
    OpenRequestExists,
    Refusal,
    StepMovedOn,
)
from domain.common.operations import Operation
from domain.configuration.refusals import ProfileChanged, ResourceChanged, ResourceExists, TeamChanged, TeamExists
from domain.pki import BadMaterial

NOT_NOW: Final = (Busy, MirrorTooOld)
"""What passes: the form stays as it is, with everything in it, to be sent again."""
MOVED_ON: Final = (AlreadyClosed, AlreadyExpired, CannotOverride, NothingToRetry, StepMovedOn)
TOO_LATE: Final = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
DELIVERED_TWICE: Final = "exchanged_trigger_id"
"""What the click or command opens is open: the same delivery came before, and was answered."""
NO_ROOM: Final = TOO_LATE | {"push_limit_reached"}
"""Nothing goes on top of a modal any more; what is said takes its place."""


class TookTooLong(Refusal):
    """This took longer than Slack waits before a form may open. Press it again."""


async def answer(bot: Bot, error: Exception, body: Mapping[str, Any]) -> BoltResponse:
    """What Slack is answered, and the person told, when a listener raised *error* over *body*."""
    if isinstance(error, SlackApiError) and error.response.get("error") == DELIVERED_TWICE:
        return _json(None)
    if isinstance(error, SlackApiError) and error.response.get("error") in TOO_LATE:
        error = TookTooLong()
    refused = error if isinstance(error, Refusal | BadMaterial) else None
    kind = body.get("type")
    if refused is not None:
        said = private_answers.refusal(refused)
    else:
        said = private_answers.apology(log_failure(error, str(kind or body.get("command") or "a listener")))
    if kind == "view_submission":
        return _in_form(refused, said, body)
    if kind == "block_suggestion":  # Slack shows nothing but options here
        return _json({"options": []})
    if kind in ("block_actions", "shortcut", "message_action"):
        telling = _beside_click(bot, error, said, body)
        if refused is None or isinstance(refused, NOT_NOW):
            await (
                telling
            )  # first: to whoever is not told, a click that is acknowledged looks like one that was recorded
        else:
            bot.background.start(telling)
        return _json(None)
    return _json(privately(said) if "command" in body else None)


def _in_form(refused: Refusal | BadMaterial | None, message: Message, body: Mapping[str, Any]) -> BoltResponse:
    """Beside the field where it belongs; otherwise in place of the form, which can no longer be sent as it is."""
    view = body.get("view")
    view = view if isinstance(view, Mapping) else {}
    errors: Mapping[str, str] = {}
    if isinstance(refused, FormFaults):
        errors = refused.errors
    elif refused is not None and view.get("callback_id") in set(Callback):
        errors = beside(refused, Callback(view["callback_id"]), _operation_in(view))
    there = [str(block.get("block_id")) for block in view.get("blocks", []) if isinstance(block, Mapping)]
    placed = {_block(_as_given(field, view), there): told for field, told in errors.items()}
    if isinstance(refused, NOT_NOW) and (last := _last_field(view)):
        placed = {last: sentence(refused)}
    if isinstance(refused, OpenRequestExists) and refused.seen is not None:  # beside a field nothing can be pressed
        return _json({"response_action": "push", "view": _in_its_place(refused, message).to_dict()})
    if placed and set(placed) <= set(there):
        return _json({"response_action": "errors", "errors": placed})
    return _json({"response_action": "update", "view": _in_its_place(refused, message).to_dict()})


def _in_its_place(error: Exception | None, message: Message) -> View:
    """The modal that says why something cannot be done, with the way to what stands against it."""
    return shared_modals.changed(message, moved_on=_moved_on(error), again=_again(error))


def _moved_on(error: Exception | None) -> int | None:
    """The request that is not any more as it was when its button or form was shown."""
    return error.request if isinstance(error, MOVED_ON) else None


def _last_field(view: Mapping[str, Any]) -> str:
    """The block of the field above the button that sends the form; empty where there is none."""
    blocks = [block for block in view.get("blocks", []) if isinstance(block, Mapping) and block.get("type") == "input"]
    return str(blocks[-1].get("block_id") or "") if blocks else ""


def _block(field: str, there: Sequence[str]) -> str:
    """The block of *field*, which may have a suffix."""
    return next((block for block in there if block == field or block.startswith(f"{field}:")), field)


def _as_given(field: str, view: Mapping[str, Any]) -> str:
    """*field*, or the field of the file that was given in place of what would have been pasted into it."""
    uploaded = {Field.CSR: Field.CSR_FILE, Field.CERTIFICATE: Field.CERTIFICATE_FILE}.get(field)  # type: ignore[call-overload]  # a Field is the text of its id
    values = (view.get("state") or {}).get("values") or {}
    given = any((entry or {}).get("files") for entry in (values.get(uploaded) or {}).values())
    return str(uploaded) if given else field


def _again(refused: Exception | None) -> Sequence[ButtonElement]:
    """The button to look again at what somebody else changed, or at what is there already."""
    if isinstance(refused, OpenRequestExists) and refused.seen is not None:
        return [shared_modals.as_it_is_now(refused.seen)]
    if isinstance(refused, ProfileChanged) and refused.key:
        return [_look_again(Action.PROFILE_OPEN, refused.key)]
    if isinstance(refused, TeamChanged | TeamExists) and refused.key:
        place = str(TeamPlace(kind=refused.kind, key=refused.key))
        return [_look_again(Action.TEAM_OPEN, place)]
    if isinstance(refused, ResourceChanged | ResourceExists) and refused.key:
        return [_look_again(Action.RESOURCE_OPEN, refused.key)]
    return []


def _look_again(action: Action, value: str) -> ButtonElement:
    return button("Look again", action, value, "Show the current version")


def _operation_in(view: Mapping[str, Any]) -> Operation | None:
    """What the form for a new request asks for, as far as it says."""
    values = (view.get("state") or {}).get("values") or {}
    for entry in (values.get(Field.OPERATION) or {}).values():
        chosen = (entry or {}).get("selected_option") or {}
        if chosen.get("value") in set(Operation):
            return Operation(chosen["value"])
    return None


async def _beside_click(bot: Bot, error: Exception, message: Message, body: Mapping[str, Any]) -> None:
    """Where a message was pressed, beside it; in a modal or the Home, in a modal; where it is too late for one, in a direct message."""
    if body.get("response_url"):
        await tell(bot, str(body["response_url"]), message)
        return
    view = _in_its_place(error, message).to_dict()
    shown = body.get("view") or {}
    if shown.get("type") == "modal":
        try:
            await bot.client.views_push(trigger_id=str(body.get("trigger_id")), view=view)
        except SlackApiError as failed:
            if failed.response.get("error") not in NO_ROOM:
                raise
            await bot.client.views_update(view_id=str(shown.get("id")), view=view)
        return
    try:
        await bot.client.views_open(trigger_id=str(body.get("trigger_id")), view=view)
    except SlackApiError as failed:
        if failed.response.get("error") == DELIVERED_TWICE:
            return  # the first delivery was answered
        if failed.response.get("error") not in TOO_LATE:
            raise
        await write_to(bot, somebody(body).person, message)


def _json(content: Mapping[str, Any] | None) -> BoltResponse:
    if content is None:
        return BoltResponse(status=200, body="")
    return BoltResponse(status=200, body=json.dumps(content), headers={"content-type": "application/json"})
