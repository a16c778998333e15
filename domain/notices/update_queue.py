"""The queues of requests whose messages are out of date, and the claim of a worker on one."""

from enum import IntEnum

from pydantic import AwareDatetime

from domain.approvals.requests import RequestId
from domain.common.frozen import Frozen


class Queue(IntEnum):
    """What a stale request waits for. Those of each queue are taken in the order in which they joined it."""

    CHANGED = 0
    """It changed: somebody may have to be asked, which nobody knows before it is looked at."""
    MARKED = 1
    """Something around it changed, such as a membership; often for very many requests at once."""
    POSTS = 2
    """It was looked at: messages have to be posted that Slack takes no more of for now."""
    REDRAWS = 3
    """It was looked at: nothing but redrawing is left."""
    COSMETICS = 4
    """It was looked at: nothing is left but what nobody waits for."""


class Claim(Frozen):
    """A request that is held by one message worker."""

    request: RequestId
    lease: int
    """Counts how often it was claimed. Whoever finds another number there has lost it, however short the time."""
    queue: Queue
    since: AwareDatetime
    """When it joined the queue."""
    until: AwareDatetime
    """When others may claim it, unless the hold is prolonged before."""


class Held(Frozen):
    """What has become of a request that is held: whether what was seen of it is still so."""

    version: int
    marked: bool
    """Something around it changed since it was claimed."""
