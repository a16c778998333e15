"""What an app answers outside the Web API: the acknowledgement of a command or a form, and response URLs."""

from typing import Any

from bot.devslack.block_kit.inputs import file_inputs
from bot.devslack.errors import Json, Refused, SlackError
from bot.devslack.web_api.content import POST_TEXT, accepted_attachments, accepted_blocks, accepted_view
from bot.devslack.web_api.methods_chat import NO_TEXT
from bot.devslack.web_api.registry import need_scope
from bot.devslack.workspace.channels import Channel
from bot.devslack.workspace.open_views import OpenView
from bot.devslack.workspace.people import SLACKBOT
from bot.devslack.workspace.temporary_keys import ResponseUrl
from bot.devslack.workspace.workspace import Workspace


def reply(workspace: Workspace, answer: Any) -> Json:
    """The message in an answer, checked. Raises SlackError invalid_payload, no_text, msg_too_long or invalid_blocks."""
    if isinstance(answer, str):
        answer = {"text": answer}
    if not isinstance(answer, dict):
        raise SlackError("invalid_payload")
    text = answer.get("text") or ""
    if not isinstance(text, str):
        raise SlackError("invalid_payload")
    if len(text) > POST_TEXT:
        raise SlackError("msg_too_long")
    blocks = accepted_blocks(answer["blocks"]) if answer.get("blocks") is not None else None
    attachments = accepted_attachments(answer.get("attachments"))
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    return workspace.bot_message(text or NO_TEXT, blocks=blocks or None, attachments=attachments or None)


def show_reply(workspace: Workspace, channel: Channel, user: str, answer: Any, thread_ts: str | None = None) -> Json:
    """Post an answer: to everyone with response_type in_channel, else to this person alone."""
    message = reply(workspace, answer)
    if thread_ts:
        message["thread_ts"] = thread_ts
    if isinstance(answer, dict) and answer.get("response_type") == "in_channel":
        return workspace.post(channel, message)
    return workspace.post_ephemeral(channel, user, message)


def report_failed_command(workspace: Workspace, channel: Channel, user: str, command: str, error: str) -> None:
    """Slackbot's message when the app did not answer a command, or answered it wrongly."""
    text = f'{command} failed with the error "{error}"'
    workspace.post_ephemeral(channel, user, {"user": SLACKBOT, "username": "slackbot", "text": text})


def post_response(workspace: Workspace, url: ResponseUrl, body: Any) -> None:
    """A post to a response URL: a new message, or the original replaced or deleted. Raises SlackError with HTTP 4xx."""
    channel = workspace.channels.get(url.channel)
    if channel is None:
        raise SlackError("channel_not_found", status=404)
    if not isinstance(body, dict):
        raise SlackError("invalid_payload", status=400)
    try:
        if body.get("delete_original") is True and url.message_ts:
            _delete_original(workspace, channel, url)
        elif body.get("replace_original") is True and url.message_ts:
            _replace_original(workspace, channel, url, body)
        else:
            # Even for a message in a thread, the answer goes to the channel unless it names the thread.
            show_reply(workspace, channel, url.user, body, body.get("thread_ts"))
    except SlackError as error:
        raise SlackError(error.code, status=error.status if error.status != 200 else 400, **error.extra) from error


def _delete_original(workspace: Workspace, channel: Channel, url: ResponseUrl) -> None:
    ts = url.message_ts or ""
    if url.is_ephemeral:
        workspace.delete_ephemeral(channel, url.user, ts)
    elif ts in channel.messages:
        workspace.delete(channel, ts)
    else:
        raise SlackError("message_not_found", status=404)


def _replace_original(workspace: Workspace, channel: Channel, url: ResponseUrl, body: Json) -> None:
    ts = url.message_ts or ""
    messages = channel.ephemerals.get(url.user, {}) if url.is_ephemeral else channel.messages
    original = messages.get(ts)
    if original is None:
        raise SlackError("message_not_found", status=404)
    unchanged = {k: v for k, v in original.items() if k not in {"text", "blocks", "attachments"}}
    replacement = {**unchanged, **reply(workspace, body), "ts": ts}
    if url.is_ephemeral:
        messages[ts] = replacement
        workspace.watchers.tell([url.user], {"type": "message_changed", "channel": channel.id, "ts": ts})
    else:
        workspace.edit(channel, replacement)


def apply_submission(workspace: Workspace, opened: OpenView, answer: Any) -> None:
    """Do what the acknowledgement of a form says: close it, show errors, update, push or clear.

    Raises Refused `invalid_answer` when Slack could not use it; the modal then stays as it is.
    """
    views = workspace.views
    if opened not in views.stacks.get(opened.user, []):
        return  # the person has closed it, or sent the form twice
    if answer in (None, "", {}):
        views.close(opened)
    elif isinstance(answer, dict) and answer.get("response_action") == "clear":
        views.clear(opened.user)
    elif isinstance(answer, dict) and answer.get("response_action") == "errors":
        _check_errors(opened, answer)
    elif isinstance(answer, dict) and answer.get("response_action") in ("update", "push"):
        _next_view(workspace, opened, answer)
    else:
        raise Refused("invalid_answer", "The app answered the form with something that is no response_action.")
    workspace.watchers.tell([opened.user], {"type": "view", "view_id": opened.view["id"]})


def _check_errors(opened: OpenView, answer: Json) -> None:
    errors = answer.get("errors")
    if not isinstance(errors, dict) or not errors:
        raise Refused("invalid_answer", "The app answered with errors, but named none.")
    inputs = {block["block_id"] for block in opened.view["blocks"] if block["type"] == "input"}
    for block_id, sentence in errors.items():
        if block_id not in inputs:
            raise Refused(
                "invalid_answer", f"The app put an error on {block_id}, which is no input block of this view."
            )
        if not isinstance(sentence, str) or not sentence:
            raise Refused("invalid_answer", f"The error on {block_id} is not a sentence.")


def _next_view(workspace: Workspace, opened: OpenView, answer: Json) -> None:
    try:
        view = accepted_view(answer.get("view"), "modal")
        if file_inputs(view["blocks"]):
            need_scope(workspace, "files:read")
        if answer["response_action"] == "push":
            workspace.views.push(opened.user, view)
        else:
            workspace.views.update(opened, view, None)
    except SlackError as error:
        messages = error.extra.get("response_metadata", {}).get("messages", [])
        detail = f"The app answered with a view that Slack refuses: {error.code}."
        raise Refused("invalid_answer", detail, messages=messages) from error
