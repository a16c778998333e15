"""What a person does in Slack: sends commands and messages, presses buttons, fills in and submits forms, opens the Home."""

from typing import Any

from bot.devslack.block_kit.inputs import STATELESS, VALUE_KEYS, Entered, client_errors, find, interpret, state_values
from bot.devslack.block_kit.limits import check_options
from bot.devslack.delivery.attachments import uploads_from
from bot.devslack.delivery.deliveries import COMMANDS, INTERACTIVE, Deliveries, Receipt
from bot.devslack.delivery.events import Events
from bot.devslack.delivery.payloads import Actor, Payloads
from bot.devslack.delivery.typed_text import escape
from bot.devslack.errors import Json, Refused, SlackError
from bot.devslack.web_api.responses import apply_submission, report_failed_command, show_reply
from bot.devslack.workspace.channels import Channel, Kind
from bot.devslack.workspace.open_views import OpenView
from bot.devslack.workspace.workspace import Workspace

REMEMBERED = 2_000


class Interactions:
    def __init__(self, workspace: Workspace, deliveries: Deliveries, payloads: Payloads, events: Events) -> None:
        self._workspace = workspace
        self._deliveries = deliveries
        self._payloads = payloads
        self._events = events
        self._chosen: dict[tuple[str, str, str], Entered] = {}  # person, channel, ts: what they chose in a message

    def reset(self) -> None:
        self._chosen.clear()

    # the person, the conversation, the message, the view

    def actor(self, user: str, team: str | None = None) -> Actor:
        """Raises Refused `user_not_found` unless the person is known here or comes from another `team`."""
        people = self._workspace.people
        if user not in people.users and not team:
            raise Refused("user_not_found", f"There is no user {user} in this workspace.")
        home_team = people.users.get(user, {}).get("team_id", people.team_id)
        return Actor(user, team or home_team, skips_visibility=team is not None)

    def channel(self, wanted: str, actor: Actor) -> Channel:
        """A conversation by id or name that this person can see. Raises Refused `channel_not_found`."""
        workspace = self._workspace
        channel = workspace.channels.get(workspace.channel_names.get(wanted.removeprefix("#"), wanted))
        if channel is None or not (actor.skips_visibility or workspace.can_see(actor.user, channel)):
            raise Refused("channel_not_found", f"{actor.user} sees no channel {wanted}.")
        return channel

    def message(self, channel: Channel, ts: str, actor: Actor) -> Json:
        """A message, or an ephemeral one of this person. Raises Refused `message_not_found`."""
        message = channel.messages.get(ts) or channel.ephemerals.get(actor.user, {}).get(ts)
        if message is None:
            raise Refused("message_not_found", f"There is no message {ts} in {channel.id} that {actor.user} can see.")
        return message

    def view(self, view_id: str, actor: Actor) -> OpenView:
        """An open modal or the Home of this person. Raises Refused `view_not_found`."""
        opened = self._workspace.views.get(view_id)
        if opened is None or opened.user != actor.user:
            raise Refused("view_not_found", f"{actor.user} has no view {view_id} open.")
        return opened

    # commands and messages

    async def command(
        self, user: str, channel: str, text: str, team: str | None = None, thread_ts: str | None = None
    ) -> Json:
        """Type a slash command. Raises Refused when Slack's client would not send it."""
        actor = self.actor(user, team)
        place = self.channel(channel, actor)
        name, _, arguments = text.strip().partition(" ")
        command = self._workspace.app.manifest.command(name)
        if command is None:
            raise Refused("unknown_command", f"{name} is not a command of this app.")
        if thread_ts:
            raise Refused("not_in_threads", f"{name} is not supported in threads.")
        escaped = escape(self._workspace, arguments.strip(), references=command.should_escape)
        receipt = await self._deliveries.deliver(COMMANDS, self._payloads.command(actor, place, name, escaped))
        if not receipt.acknowledged:
            error = "operation_timeout" if receipt.reason == "timeout" else "dispatch_failed"
            report_failed_command(self._workspace, place, user, name, error)
            return receipt.as_json()
        if receipt.answer in (None, "", {}):
            return receipt.as_json()
        try:
            show_reply(self._workspace, place, user, receipt.answer)
        except SlackError as error:
            report_failed_command(self._workspace, place, user, name, "invalid_command_response")
            raise _invalid_answer(receipt, f"Slack refuses the answer to the command: {error.code}.", error) from error
        return receipt.as_json()

    async def send_message(
        self, user: str, channel: str, text: str, thread_ts: str | None = None, files: Any = None
    ) -> Json:
        """Write a message, with files or without; the app gets the event if it is subscribed and a member."""
        actor = self.actor(user)
        place = self.channel(channel, actor)
        home = self._workspace.app.manifest.features.app_home
        if place.is_archived:
            raise Refused("is_archived", f"#{place.name} is archived.")
        if user not in place.members:
            raise Refused("not_in_channel", f"{user} is not in #{place.name}.")
        if place.kind is Kind.IM and (home.messages_tab_read_only_enabled or not home.messages_tab_enabled):
            raise Refused("messages_tab_disabled", "Sending messages to this app has been turned off.")
        if not text.strip() and not files:
            raise Refused("no_text", "There is nothing to send.")
        if thread_ts and thread_ts not in place.messages:
            raise Refused("message_not_found", f"There is no message {thread_ts} to reply to.")
        message: Json = {
            "user": user,
            "team": actor.team,
            "text": escape(self._workspace, text, references=True),
            "client_msg_id": f"{self._workspace.timestamps.next()}-{user}",
        }
        if thread_ts:
            message["thread_ts"] = thread_ts
        uploads = uploads_from(self._workspace, user, files)
        posted = (
            self._workspace.post_files(place, message, uploads) if uploads else self._workspace.post(place, message)
        )
        receipt = await self._events.message(place, posted)
        return {**receipt.as_json(), "ts": posted["ts"]}

    async def shortcut(
        self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None, team: str | None = None
    ) -> Json:
        """Use a global shortcut, or with a message one of those in its menu. Raises Refused when it is not offered there."""
        actor = self.actor(user, team)
        self._need_interactivity()
        kind = "global" if channel is None else "message"
        if self._workspace.app.manifest.shortcut(callback_id, kind) is None:
            raise Refused("unknown_shortcut", f"{callback_id} is not a {kind} shortcut of this app.")
        if channel is None:
            payload = self._payloads.shortcut(actor, callback_id)
        else:
            place = self.channel(channel, actor)
            message = self.message(place, ts or "", actor)
            if message.get("is_ephemeral") or message.get("subtype") == "tombstone":
                raise Refused("not_offered", "Messages that only one person sees have no shortcuts.")
            payload = self._payloads.message_action(actor, callback_id, place, message)
        return (await self._deliveries.deliver(INTERACTIVE, payload)).as_json()

    # elements of messages and views

    def _place(self, actor: Actor, where: Json) -> tuple[Json, list[Json], OpenView | None]:
        if where.get("view_id"):
            opened = self.view(where["view_id"], actor)
            return {"view": opened.view}, opened.view["blocks"], opened
        channel = self.channel(where.get("channel") or "", actor)
        message = self.message(channel, where.get("ts") or "", actor)
        return {"channel": channel, "message": message}, message.get("blocks", []), None

    async def click(
        self, user: str, where: Json, action_id: str, block_id: str | None, value: Any, team: str | None = None
    ) -> Json:
        """Press a button or choose in a menu, in the message or view as it is now; `where` has view_id, or channel and ts.

        Raises Refused when the element is not there, the person cannot see it, or it cannot hold the value.
        """
        actor = self.actor(user, team)
        self._need_interactivity()
        place, blocks, opened = self._place(actor, where)
        wanted = value if isinstance(value, str) else None
        block, element = find(blocks, action_id, block_id, wanted)
        if block["type"] == "input":
            return await self._enter(actor, opened, place, block, element, value)
        action = {"action_id": action_id, "block_id": block["block_id"], "type": element["type"]}
        if element["type"] == "button":
            action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        else:
            entry = self._state_entry(actor, element, value)
            action |= {k: v for k, v in entry.items() if k != "type"}
            values = self._remember_value(actor, place, opened, block, element, entry)
            return await self._send_action(actor, place, opened, action, values)
        return await self._send_action(actor, place, opened, action, self._values(actor, place))

    async def enter(self, user: str, view_id: str, block_id: str, action_id: str, value: Any) -> Json:
        """Type or choose in an input of a view; the app is told only if the block has dispatch_action."""
        actor = self.actor(user)
        opened = self.view(view_id, actor)
        block, element = find(opened.view["blocks"], action_id, block_id)
        return await self._enter(actor, opened, {"view": opened.view}, block, element, value)

    async def _enter(
        self, actor: Actor, opened: OpenView | None, place: Json, block: Json, element: Json, value: Any
    ) -> Json:
        if element["type"] not in VALUE_KEYS:
            raise Refused("bad_value", f"{element['action_id']} takes no value.")
        entry = self._state_entry(actor, element, value)
        values = self._remember_value(actor, place, opened, block, element, entry)
        if not block.get("dispatch_action", block["type"] != "input"):
            return Receipt(False, False, reason="no_dispatch_action").as_json()
        action = {"action_id": element["action_id"], "block_id": block["block_id"], **entry}
        return await self._send_action(actor, place, opened, action, values)

    def _remember_value(
        self, actor: Actor, place: Json, opened: OpenView | None, block: Json, element: Json, entry: Json
    ) -> Json:
        if element["type"] in STATELESS:
            return self._values(actor, place)
        if opened:
            opened.enter(block["block_id"], element["action_id"], entry)
            return {}
        if len(self._chosen) > REMEMBERED:
            self._chosen.pop(next(iter(self._chosen)))
        key = (actor.user, place["channel"].id, place["message"]["ts"])
        self._chosen.setdefault(key, {})[block["block_id"], element["action_id"]] = entry
        return self._values(actor, place)

    def _values(self, actor: Actor, place: Json) -> Json:
        if "view" in place:
            return {}
        key = (actor.user, place["channel"].id, place["message"]["ts"])
        return state_values(place["message"].get("blocks", []), self._chosen.get(key, {}))

    async def _send_action(
        self, actor: Actor, place: Json, opened: OpenView | None, action: Json, values: Json
    ) -> Json:
        if opened:
            place = {"view": opened.view}
        payload = self._payloads.block_actions(actor, place, action, values)
        return (await self._deliveries.deliver(INTERACTIVE, payload)).as_json()

    def _state_entry(self, actor: Actor, element: Json, value: Any) -> Json:
        """The state entry for a value. Raises Refused `bad_value` for people or conversations that do not exist, or as
        `uploads_from`."""
        if element["type"] == "file_input":
            return {"type": "file_input", "files": self._files_for_form(actor, value)}
        entry = interpret(element, value)
        for key, existing in (("user", self._workspace.people.users), ("conversation", self._workspace.channels)):
            for chosen in [entry.get(f"selected_{key}"), *entry.get(f"selected_{key}s", ())]:
                if chosen is not None and chosen not in existing:
                    raise Refused("bad_value", f"There is no {key} {chosen} in this workspace.")
        return entry

    def _files_for_form(self, actor: Actor, value: Any) -> list[Json]:
        """Files for a form, which the app may read from now on, whether or not the form is sent."""
        workspace = self._workspace
        files = value["files"] if isinstance(value, dict) and "files" in value else value
        uploads = uploads_from(workspace, actor.user, files)
        for upload in uploads:
            upload.in_form = True
        return [workspace.uploads.described(upload, workspace.channels) for upload in uploads]

    async def suggest(self, user: str, where: Json, block_id: str, action_id: str, value: str) -> Json:
        """Type into an external menu: the options that the app offers for it."""
        actor = self.actor(user)
        self._need_interactivity()
        place, blocks, _ = self._place(actor, where)
        block, element = find(blocks, action_id, block_id)
        if not element["type"].endswith("external_select"):
            raise Refused("bad_value", f"{action_id} does not ask the app for its options.")
        if len(value) < element.get("min_query_length", 3):
            return {**Receipt(False, False, reason="too_short").as_json(), "options": []}
        payload = self._payloads.block_suggestion(actor, place, block["block_id"], action_id, value)
        receipt = await self._deliveries.deliver(INTERACTIVE, payload)
        if not receipt.acknowledged:
            return {**receipt.as_json(), "options": []}
        faults = check_options(receipt.answer)
        if faults:
            raise _invalid_answer(receipt, f"Slack refuses the options: {faults[0]}.")
        return {**receipt.as_json(), **receipt.answer}

    # forms

    def fill(self, user: str, view_id: str, values: Json, team: str | None = None) -> None:
        """Enter values into the fields of a view, without telling the app. Raises Refused as `submit` does."""
        actor = self.actor(user, team)
        opened = self.view(view_id, actor)
        for block_id, actions in values.items():
            for action_id, value in actions.items():
                _, element = find(opened.view["blocks"], action_id, block_id)
                opened.enter(block_id, action_id, self._state_entry(actor, element, value))

    async def submit(self, user: str, view_id: str, values: Json, team: str | None = None) -> Json:
        """Fill in the modal on top and press its submit button.

        Raises Refused `client_validation` (with `errors` by block) when Slack's client would not send it.
        """
        actor = self.actor(user, team)
        opened = self.view(view_id, actor)
        if self._workspace.views.modal(user) is not opened:
            raise Refused("not_on_top", f"View {view_id} is not the modal that {user} sees.")
        if opened.view["submit"] is None:
            raise Refused("no_submit", "This modal has no submit button.")
        self.fill(user, view_id, values, team)
        errors = client_errors(opened.view["blocks"], opened.view["state"]["values"])
        if errors:
            raise Refused(
                "client_validation", "Some fields are not filled in correctly. See the errors.", errors=errors
            )
        receipt = await self._deliveries.deliver(INTERACTIVE, self._payloads.view_submission(actor, opened.view))
        if receipt.acknowledged:
            try:
                apply_submission(self._workspace, opened, receipt.answer)
            except Refused as refusal:
                raise _invalid_answer(receipt, refusal.detail, refusal) from refusal
        return receipt.as_json()

    async def close(self, user: str, view_id: str, *, clear: bool = False, team: str | None = None) -> Json:
        """Close a modal by its cancel button, or the whole stack (`clear`, the cross in the corner)."""
        actor = self.actor(user, team)
        opened = self.view(view_id, actor)
        views = self._workspace.views
        if opened not in views.stacks.get(user, []):
            raise Refused("view_not_found", f"View {view_id} is not a modal.")
        clear = clear or opened.view["clear_on_close"]
        closed = views.clear(user) if clear else views.close(opened)
        self._workspace.watchers.tell([user], {"type": "view", "view_id": view_id})
        receipt = Receipt(False, False, reason="no_notify_on_close")
        for closed_view in closed:
            if closed_view.view["notify_on_close"]:
                payload = self._payloads.view_closed(actor, closed_view.view, cleared=clear)
                receipt = await self._deliveries.deliver(INTERACTIVE, payload)
        return receipt.as_json()

    async def open_home(self, user: str, tab: str = "home") -> Json:
        """Open the app's Home (or its messages tab)."""
        actor = self.actor(user)
        home = self._workspace.views.homes.get(user)
        event: Json = {
            "type": "app_home_opened",
            "user": actor.user,
            "channel": self._workspace.im(user).id,
            "tab": tab,
        }
        if tab == "home" and home:
            event["view"] = home.view
        return (await self._events.send(event)).as_json()

    def _need_interactivity(self) -> None:
        if not self._workspace.app.manifest.settings.interactivity.is_enabled:
            raise Refused("interactivity_disabled", "The manifest does not enable interactivity.")


def _invalid_answer(receipt: Receipt, detail: str, cause: SlackError | Refused | None = None) -> Refused:
    """The app answered in time, but with something that Slack cannot use."""
    extra = {**receipt.as_json(), **(cause.extra if cause else {})}
    extra.pop("ok")
    return Refused("invalid_answer", detail, **extra)
