"""What it means for a delivery through Slack that Slack refuses a call or does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.environment.outbox import TryAgain
from bot.messages.sender import FOR_GOOD
from bot.slack.platform.rate_limits import is_rate_limited, retry_after


class RefusedForGood(Exception):
    """Slack would give the same answer next time; the message is Slack's own name for the reason."""


def error_code(error: SlackApiError) -> str:
    """Slack's own name for why it refused a call; empty where it gave none."""
    return str(error.response.get("error", "")) if isinstance(error.response.data, dict) else ""


@contextmanager
def slack_refusals() -> Iterator[None]:
    """Raises RefusedForGood or TryAgain for what the calls inside raise."""
    try:
        yield
    except SlackApiError as error:
        code = error_code(error)
        if is_rate_limited(error):
            raise TryAgain("Slack was asked too often.", after=timedelta(seconds=retry_after(error))) from error
        if code in FOR_GOOD:
            raise RefusedForGood(code) from error
        raise TryAgain(f"Slack refused it: {code or error}") from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        raise TryAgain(f"Slack could not be reached: {str(error) or type(error).__name__}") from error
