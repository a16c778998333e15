"""Modals that were sent, or changed while they are open: `view_submission`, and `block_actions` in a form."""

from typing import Any

from bot.slack.kit.ids import Callback
from bot.slack.kit.payloads.clicks import ViewRef, view_of
from bot.slack.kit.payloads.faults import BadInput
from bot.slack.kit.payloads.fields import Fields
from bot.slack.kit.payloads.raw import RawInteraction, parsed, read
from bot.slack.kit.payloads.who import Who, who_of
from bot.slack.kit.places import Origin
from bot.slack.kit.texts import bad_input
from domain.common.frozen import Frozen


class Form(Frozen):
    """A modal that was sent, without what its fields say."""

    who: Who
    view: ViewRef
    trigger_id: str


def form_parts(body: Any, callback: Callback) -> tuple[dict[str, Any], Fields, str]:
    """The facts of a `Form`, its fields and its metadata. Raises BadInput where it is another form than *callback*."""
    raw = read(RawInteraction, body)
    view = view_of(raw)
    if raw.view is None or view is None or view.callback != callback:
        raise BadInput(what="it is another form")
    return {"who": who_of(raw), "view": view, "trigger_id": raw.trigger_id}, Fields(raw.view), view.metadata


def form_about(body: Any, callback: Callback) -> tuple[dict[str, Any], Fields, Origin]:
    """The same of a form that is about a request: which one, and where it was opened. Raises BadInput."""
    form, fields, metadata = form_parts(body, callback)
    return form, fields, parsed(Origin.parse, metadata, bad_input.NOT_OUR_FORM)
