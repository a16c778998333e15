"""The Web API for everybody but the message worker: within Slack's limits, and quiet for as long as Slack wants it to be."""

import math
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.platform.rate_limits import RATES, Limits, is_rate_limited, retry_after

CALL: Final = timedelta(seconds=10)
"""How long a call to Slack may take: much shorter than the hold under which a message is posted."""
PATIENCE: Final = 1.0
"""Seconds for which somebody who has just clicked is kept waiting by what Slack told others."""


def slack_session(call: timedelta = CALL) -> aiohttp.ClientSession:
    """Connections to Slack on which a call that takes longer than *call* ends with TimeoutError.

    slack_sdk keeps the timeout that it is given only on sessions that it opens itself, one for each call.
    """
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=call.total_seconds()))


class PacedClient(AsyncWebClient):
    """Slack's client, whose calls take their turn.

    A method that has a budget waits for its turn. Any other is called at once, because somebody waits for it; where Slack wants it to
    be left alone for longer than a moment, it is refused as Slack would, without asking.
    """

    def __init__(self, limits: Limits, **given: Any) -> None:
        super().__init__(**given)
        self.limits = limits

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        """As AsyncWebClient does. Raises SlackApiError, `ratelimited` also without a call."""
        if api_method in RATES:
            await self.limits.turn(api_method, _channel(given))
        elif (wait := self.limits.is_refused(api_method)) > PATIENCE:
            raise SlackApiError("ratelimited", self._refusal(api_method, wait))  # type: ignore[no-untyped-call]  # slack_sdk annotates no return
        elif wait:
            await self.limits.quiet(api_method)
        try:
            return await super().api_call(api_method, **given)
        except SlackApiError as error:
            if is_rate_limited(error):
                self.limits.refused(api_method, retry_after(error))
            raise

    def _refusal(self, method: str, seconds: float) -> AsyncSlackResponse:
        """What Slack would answer."""
        return AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url=f"{self.base_url}{method}",
            req_args={},
            data={"ok": False, "error": "ratelimited"},
            headers={"Retry-After": str(math.ceil(seconds))},
            status_code=429,
        )


def _channel(given: dict[str, Any]) -> str:
    """The channel that a call is for, where it is for one."""
    bodies = (given.get(name) for name in ("json", "params", "data"))
    return next((str(body["channel"]) for body in bodies if isinstance(body, dict) and body.get("channel")), "")
