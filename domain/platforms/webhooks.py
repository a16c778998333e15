"""Webhook endpoints. Events of a request are delivered in order until the endpoint accepts them: SPEC.md section 6.

A delivery is one entry of the record on its way to one endpoint. What is sent is made when it is sent, from the record and the request,
so a delivery holds no content. Deliveries of one request to one endpoint go one after the other; those of different requests do not wait
for each other.
"""

import re
from datetime import datetime, timedelta
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from domain.audit.entries import Action
from domain.common.backoff import Backoff
from domain.common.errors import Refusal
from domain.common.frozen import Frozen
from domain.people.people import Key

BACKOFF: Final = Backoff.of_seconds(5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, jitter=0.2)
"""How long to wait after each failure of a delivery: docs/webhooks.md."""
PAUSE_AFTER: Final = timedelta(days=1)
"""How long an endpoint fails, without taking anything in between, before it is paused."""
PAUSE_AT_LEAST: Final = 10
"""And how often: a quiet endpoint that was tried twice in a day is not given up."""
OLD_SECRET: Final = timedelta(days=1)
"""How long what is sent carries a signature of the former secret too, after a rotation."""
KEPT: Final = timedelta(days=30)
"""How long a delivery that was taken can be looked at and sent again."""
EVENTS: Final = tuple(
    action
    for action in Action
    if action.partition(".")[0] in {"request", "step", "work_item", "decision", "comment", "operation"}
)
"""What an endpoint can be told of: everything that happens to a request."""
_LONGEST: Final = 500


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.fragment:
        raise ValueError("is not a web address such as https://ra.example.com/countersign")
    if len(value) > _LONGEST or re.search(r"\s", value):
        raise ValueError("is not a web address that can be kept")
    return value


class NoSuchEndpoint(Refusal):
    """There is no webhook {endpoint}. `countersign webhook list` shows those there are."""

    endpoint: str


class EndpointExists(Refusal):
    """There is a webhook {endpoint} already. Remove it first, or choose another name."""

    endpoint: str


class NotPaused(Refusal):
    """The webhook {endpoint} is not paused."""

    endpoint: str


class AlreadyPaused(Refusal):
    """The webhook {endpoint} is paused already."""

    endpoint: str


class NoSuchDelivery(Refusal):
    """There is no delivery {delivery} any more. `countersign webhook deliveries` shows those there are."""

    delivery: int


class Endpoint(Frozen):
    """An address that is told what happens."""

    key: Key
    url: Annotated[str, AfterValidator(_web_address)]
    events: frozenset[Action] = frozenset()
    """What it is told of; nothing here is everything."""
    generation: int = Field(default=1, ge=1)
    """Of its secret: raised by each rotation. The secret itself is made from this and a setting, and stands in no database."""
    rotated_at: AwareDatetime | None = None
    created_at: AwareDatetime
    """It is told of what happens from then on."""
    failures: int = Field(default=0, ge=0)
    """How often in a row it has not taken what was sent."""
    failing_since: AwareDatetime | None = None
    paused_at: AwareDatetime | None = None
    paused_because: str = ""

    @model_validator(mode="after")
    def _is_told_of_what_there_is(self) -> Self:
        if not self.events <= set(EVENTS):
            raise ValueError("is told of what happens to requests, and of nothing else")
        return self

    def wants(self, event: Action) -> bool:
        """Whether it is told of *event*."""
        return event in EVENTS and (not self.events or event in self.events)

    def generations(self, at: datetime) -> tuple[int, ...]:
        """Of the secrets that sign at *at*, the present one first."""
        if self.rotated_at is not None and at < self.rotated_at + OLD_SECRET:
            return self.generation, self.generation - 1
        return (self.generation,)

    @property
    def was_given_up(self) -> bool:
        """Whether it is paused because it kept failing, and not because an administrator wants it so."""
        return self.paused_at is not None and bool(self.paused_because)

    def after_failure(self, at: datetime, why: str) -> Self:
        """It has not taken something at *at*: paused, if that has gone on for too long."""
        since, failures = self.failing_since or at, self.failures + 1
        given_up = self.paused_at is None and failures >= PAUSE_AT_LEAST and at - since >= PAUSE_AFTER
        return self.replace(
            failures=failures,
            failing_since=since,
            paused_at=at if given_up else self.paused_at,
            paused_because=why if given_up else self.paused_because,
        )

    def after_success(self) -> Self:
        """It has taken something."""
        return self.replace(failures=0, failing_since=None)


class Delivery(Frozen):
    """One entry of the record of a request, on its way to one endpoint."""

    id: int
    endpoint: Key
    request: int
    number: int
    """Of the entry, in the chain of the request."""
    event: Action
    attempts: int = 0
    """How often it was sent, or begun to be sent. Only the last attempt can change anything."""
    due_at: AwareDatetime | None
    """From when on it is to be sent; None once it was taken."""
    delivered_at: AwareDatetime | None = None
    status: int | None = None
    """What HTTP status the last attempt was answered with."""
    failure: str = ""
    """Why the last attempt failed, in a few words."""

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that the receiver knows what it has had: the idempotency key of Standard Webhooks."""
        return f"evt_{self.request}_{self.number}"
