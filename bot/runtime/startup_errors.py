"""Error messages for a start at which Slack refuses or does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from slack_sdk.errors import SlackApiError

from bot.environment.operator_error import Mistake
from bot.environment.settings import Settings
from bot.slack.platform.directory import SLACK_FAILED


class SlackUnreachable(Mistake):
    """Slack refused, or could not be asked. The message says why, and what to do."""


@contextmanager
def asking_slack(settings: Settings) -> Iterator[None]:
    """Within it, a failure of Slack's becomes SlackUnreachable."""
    try:
        yield
    except SlackApiError as error:
        raise SlackUnreachable(
            f"Slack refused: {error.response['error']}. `countersign doctor` says what to do."
        ) from error
    except SLACK_FAILED as error:
        said = str(error) or type(error).__name__
        raise SlackUnreachable(f"Slack cannot be reached at {settings.slack_api_url}: {said}") from error
