"""What is said about webhooks: at the command line, and as the reason of a delivery that failed."""

from collections.abc import Sequence
from datetime import datetime

from domain.platforms.webhooks import Delivery, Endpoint

NONE_YET = "There are no webhooks. `countersign webhook add NAME URL` makes one."
NO_DELIVERIES = "There are no such deliveries."
NOT_SET = (
    "COUNTERSIGN_WEBHOOK_SECRET is not set. Set it to 32 random characters or more, and keep it: "
    "the secret of each webhook is made from it."
)
SIGNS_WITH = "It signs what it sends with this secret, by https://www.standardwebhooks.com. `countersign webhook secret` shows it again:"
OLD_SIGNS_TOO = "The former secret goes on signing for a day."
NO_ANSWER = "no answer in time"
_WRITTEN = "%Y-%m-%d %H:%M UTC"


def private_address(host: str, address: str) -> str:
    what = host if host == address else f"{host} is {address}, which"
    return f"{what} is not on the internet; COUNTERSIGN_WEBHOOK_ALLOW would allow it"


def not_https(host: str) -> str:
    return f"{host} is not called over https; only addresses in COUNTERSIGN_WEBHOOK_ALLOW may be called without"


NO_REASON = "The receiver gave no reason."


def no_webhook(key: str) -> str:
    return f"There is no webhook {key} here."


def is_paused(key: str) -> str:
    return f"The webhook {key} is paused."


def webhook_answered(key: str, status: int) -> str:
    return f"The webhook {key} answered {status}."


def webhook_unreadable(key: str) -> str:
    return f"The webhook {key} answered something that could not be read."


def webhook_silent(key: str) -> str:
    return f"The webhook {key} did not answer in time."


def webhook_hung_up(key: str) -> str:
    return f"The webhook {key} ended the connection without an answer."


def webhook_refused(key: str, why: str) -> str:
    return f"The webhook {key} may not be called: {why}."


def webhook_unreachable(key: str) -> str:
    return f"The webhook {key} could not be reached."


def answered(status: int) -> str:
    return f"it answered {status}"


def unreachable(why: str) -> str:
    return f"it could not be reached: {why}"


def added(endpoint: Endpoint, secret: str) -> str:
    return f"The webhook {endpoint.key} is told of {_events(endpoint)} from now on, at {endpoint.url}.\n{SIGNS_WITH}\n\n{secret}"


def rotated(endpoint: Endpoint, secret: str) -> str:
    return f"The webhook {endpoint.key} has a new secret. {OLD_SIGNS_TOO}\n\n{secret}"


def removed(key: str) -> str:
    return f"The webhook {key} is told nothing more."


def paused(endpoint: Endpoint) -> str:
    return f"The webhook {endpoint.key} is paused. Nothing is lost: what happens meanwhile is sent when it is resumed."


def resumed(endpoint: Endpoint) -> str:
    return f"The webhook {endpoint.key} goes on with what waits for it."


def sent_again(delivery: Delivery) -> str:
    return f"Delivery {delivery.id} ({delivery.message_id}, {delivery.event}) is sent again to {delivery.endpoint}."


def state(endpoint: Endpoint) -> str:
    """In a few words: how it goes."""
    if endpoint.paused_at is not None:
        return f"paused since {endpoint.paused_at:{_WRITTEN}}" + (
            f": {endpoint.paused_because}" if endpoint.paused_because else ""
        )
    if endpoint.failing_since is not None:
        return f"failing since {endpoint.failing_since:{_WRITTEN}}"
    return "good"


def table(endpoints: Sequence[Endpoint]) -> str:
    return _table(
        [
            ("webhook", "address", "told of", "state"),
            *((one.key, one.url, _events(one), state(one)) for one in endpoints),
        ]
    )


def delivery_table(deliveries: Sequence[Delivery]) -> str:
    rows = [("delivery", "message", "event", "attempts", "state", "why")]
    rows += [
        (str(one.id), one.message_id, one.event, str(one.attempts), _state_of(one), one.failure) for one in deliveries
    ]
    return _table(rows)


def _state_of(delivery: Delivery) -> str:
    if delivery.delivered_at is not None:
        return f"taken {_moment(delivery.delivered_at)}"
    return f"due {_moment(delivery.due_at)}"


def _events(endpoint: Endpoint) -> str:
    return ", ".join(sorted(endpoint.events)) or "everything"


def _moment(at: datetime | None) -> str:
    return "never" if at is None else f"{at:{_WRITTEN}}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
