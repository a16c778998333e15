"""The Events API: an event goes to the app if its manifest subscribes to it and it has the scope."""

from bot.devslack.delivery.deliveries import EVENTS, Deliveries, Receipt
from bot.devslack.delivery.payloads import CHANNEL_TYPES, Payloads
from bot.devslack.errors import Json
from bot.devslack.workspace.channels import Channel, Kind
from bot.devslack.workspace.workspace import Workspace

# Subscription and scope of a message event, by the kind of its conversation.
MESSAGE_EVENTS = {
    Kind.PUBLIC: ("message.channels", "channels:history"),
    Kind.PRIVATE: ("message.groups", "groups:history"),
    Kind.IM: ("message.im", "im:history"),
}
SCOPES = {
    "user_change": "users:read",
    "team_join": "users:read",
    "subteam_created": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "app_mention": "app_mentions:read",
    "file_created": "files:read",
    "file_shared": "files:read",
    "file_deleted": "files:read",
}
NOT_SUBSCRIBED = Receipt(False, False, reason="not_subscribed")


class Events:
    def __init__(self, workspace: Workspace, deliveries: Deliveries, payloads: Payloads) -> None:
        self._workspace = workspace
        self._deliveries = deliveries
        self._payloads = payloads

    def _is_subscribed(self, subscription: str, scope: str | None) -> bool:
        manifest = self._workspace.app.manifest
        return manifest.subscribes(subscription) and (scope is None or scope in manifest.scopes)

    async def send(self, event: Json) -> Receipt:
        """Deliver an event other than a message."""
        if not self._is_subscribed(event["type"], SCOPES.get(event["type"])):
            return NOT_SUBSCRIBED
        return await self._deliveries.deliver(EVENTS, self._payloads.event(event))

    def send_later(self, event: Json) -> None:
        """As `send`, without waiting for the delivery."""
        if self._is_subscribed(event["type"], SCOPES.get(event["type"])):
            self._deliveries.in_background(self.send(event))

    def receives_messages_of(self, channel: Channel) -> bool:
        subscription, scope = MESSAGE_EVENTS[channel.kind]
        return self._is_subscribed(subscription, scope) and self._workspace.app.bot_user in channel.members

    async def message(self, channel: Channel, message: Json) -> Receipt:
        """Deliver a message event; a mention of the app goes out as app_mention as well."""
        about = {"channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind], "event_ts": message["ts"]}
        if message.get("files") and "subtype" not in message:
            about["subtype"] = "file_share"  # only the event says so, the history does not
        receipt = NOT_SUBSCRIBED
        if self.receives_messages_of(channel):
            receipt = await self._deliveries.deliver(EVENTS, self._payloads.event({**message, **about}))
        mentioned = f"<@{self._workspace.app.bot_user}" in message.get("text", "")
        if mentioned and channel.kind is not Kind.IM:
            mention = await self.send({**message, "type": "app_mention", "channel": channel.id})
            receipt = receipt if receipt.delivered else mention
        return receipt

    def message_later(self, channel: Channel, message: Json) -> None:
        """As `message`, without waiting: for what the app itself posts, edits and deletes."""
        if self.receives_messages_of(channel):
            self._deliveries.in_background(self.message(channel, message))
