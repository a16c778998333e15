"""Keys that an app may use for a limited time: trigger ids (3 s, once) and response URLs (30 minutes, 5 times)."""

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass

from bot.devslack.errors import SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5
MAX_ENTRIES = 20_000


@dataclass(slots=True)
class Trigger:
    """`view_id` is the modal it came from, if any: only then can a view be pushed on top of it."""

    user: str
    view_id: str | None
    made: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an answer goes: to `user` in `channel`; `message_ts` is the message whose button was pressed."""

    user: str
    channel: str
    message_ts: str | None
    is_ephemeral: bool
    made: float
    uses: int = 0


class TemporaryKeys:
    """Both kinds of keys; beyond MAX_ENTRIES the oldest, long expired, are dropped."""

    def __init__(self, trigger_seconds: float = TRIGGER_SECONDS, url_seconds: float = RESPONSE_URL_SECONDS) -> None:
        self.trigger_seconds = trigger_seconds
        self.url_seconds = url_seconds
        self._triggers: OrderedDict[str, Trigger] = OrderedDict()
        self._urls: OrderedDict[str, ResponseUrl] = OrderedDict()

    def trigger(self, user: str, view_id: str | None = None) -> str:
        key = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[key] = Trigger(user, view_id, time.monotonic())
        if len(self._triggers) > MAX_ENTRIES:
            self._triggers.popitem(last=False)
        return key

    def exchange(self, key: str) -> Trigger:
        """The trigger; this uses it up.

        Raises SlackError invalid_trigger_id, expired_trigger_id (older than 3 s) or exchanged_trigger_id (used before).
        """
        trigger = self._triggers.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.made > self.trigger_seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(self, user: str, channel: str, message: dict[str, str | None] | None = None) -> str:
        """The path of a new response URL, e.g. `T1/123/abc`."""
        about = message or {}
        key = f"{secrets.randbelow(10**13)}/{secrets.token_urlsafe(18)}"
        self._urls[key] = ResponseUrl(
            user=user,
            channel=channel,
            message_ts=about.get("ts"),
            is_ephemeral=bool(about.get("is_ephemeral")),
            made=time.monotonic(),
        )
        if len(self._urls) > MAX_ENTRIES:
            self._urls.popitem(last=False)
        return key

    def answer(self, key: str) -> ResponseUrl:
        """The response URL; this counts as one use of it. Raises SlackError used_url or expired_url, with HTTP 404."""
        url = self._urls.get(key)
        if url is None or time.monotonic() - url.made > self.url_seconds:
            raise SlackError("expired_url", status=404)
        if url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url", status=404)
        url.uses += 1
        return url
