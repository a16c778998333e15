"""Slack's word for "not so fast": how long to wait, and waiting so long."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeVar

from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)

MOST_WAITS: Final = 5
"""How often one call is put off before its refusal is let through."""
_T = TypeVar("_T")


def is_rate_limited(error: SlackApiError) -> bool:
    """Whether Slack refused only because it was asked too often."""
    return error.response.status_code == HTTPStatus.TOO_MANY_REQUESTS or bool(
        error.response.get("error") == "ratelimited"
    )


def retry_after(error: SlackApiError) -> float:
    """The seconds that Slack asks to wait, at least one."""
    headers = error.response.headers or {}
    value = headers.get("Retry-After") or headers.get("retry-after") or "1"
    return max(1.0, float(value))


async def patiently(call: Callable[[], Awaitable[_T]]) -> _T:
    """What *call* gives, asked again after each wait that Slack wants. For calls that may be made twice, and that nobody waits for.

    Raises slack_sdk.errors.SlackApiError for any other refusal, and for the one after the last wait.
    """
    for _ in range(MOST_WAITS):
        try:
            return await call()
        except SlackApiError as error:
            if not is_rate_limited(error):
                raise
            log.info("Slack asks to wait %.0f seconds", retry_after(error))
            await asyncio.sleep(retry_after(error))
    return await call()
