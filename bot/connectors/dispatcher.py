"""Delivers released operations to connectors at least once, and records the results.

A lease is longer than a connector may take. A process that dies between two transactions leaves a release that is due again when its lease
ends.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.connectors.port import Connector, Connectors, Unclear
from bot.environment.clock import Clock
from bot.environment.outbox import TryAgain
from domain.approvals.execution import Accepted, ApprovedOperation, Executed, Failed, Later
from domain.approvals.requests import request_name
from domain.common.errors import MirrorTooOld
from domain.notices.daily_digest import RESULT_WITHIN
from domain.people.people import PersonId
from domain.ports import ClaimedRelease, Store
from domain.workflow import releases as releasing

log = logging.getLogger(__name__)

AT_ONCE: Final = 8
"""Operations that one process hands over at the same time."""
PATIENCE: Final = timedelta(seconds=30)
"""How long a connector may take for one operation."""
LEASE: Final = timedelta(seconds=90)
"""More than a delivery takes with all its transactions."""

Route = Callable[[ApprovedOperation], Awaitable[str | None]]
"""Gives the name of the connector that carries an operation out; None where none is configured for it."""


class NotDelivered(TryAgain):
    """The connector *via* has not ended the operation. *unsure* says that it may have carried it out."""

    def __init__(
        self, why: str, *, via: str, unsure: bool, cause: Exception | None = None, level: int = logging.WARNING
    ) -> None:
        super().__init__(why, cause=cause, level=level)
        self.via = via
        self.unsure = unsure


class ReleaseDispatcher:
    """Brings each release that is due to an answer of its connector: the handler of an `OutboxWorker`."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        connectors: Connectors,
        route: Route,
        *,
        ready: Callable[[PersonId], Awaitable[None]],
        changed: Callable[[], None] = lambda: None,
        result_within: timedelta = RESULT_WITHIN,
    ) -> None:
        """*ready* makes sure that what is known of a person may be relied on, or raises MirrorTooOld. *changed* hears of each end.

        *result_within* is how long a result may be missing before administrators hear of that.
        """
        self._store = store
        self._clock = clock
        self._connectors = connectors
        self._route = route
        self._ready = ready
        self._changed = changed
        self._within = result_within

    def name(self, item: ClaimedRelease) -> str:
        return f"the operation of {request_name(item.request)}"

    async def claim(self, limit: int) -> Sequence[ClaimedRelease]:
        return await releasing.claim(self._store, self._clock(), LEASE, limit)

    async def perform(self, item: ClaimedRelease) -> None:
        try:
            await self._deliver(item)
        except MirrorTooOld as error:  # before anything was begun
            raise TryAgain(str(error), level=logging.DEBUG) from error
        self._changed()

    async def retry(self, item: ClaimedRelease, error: TryAgain, after: timedelta) -> None:
        via, unsure = (error.via, error.unsure) if isinstance(error, NotDelivered) else ("", item.unsure)
        await releasing.postpone(
            self._store, item, self._clock(), after, str(error), via=via, unsure=unsure, within=self._within
        )
        if isinstance(error, NotDelivered):
            self._changed()

    async def _deliver(self, claimed: ClaimedRelease) -> None:
        operation = await releasing.operation(self._store, claimed)
        via = await self._route(operation) if operation is not None else None
        connector = self._connectors.get(via) if via is not None else None
        if operation is not None and connector is not None and via is not None and claimed.unsure:
            known = await asyncio.wait_for(connector.recall(operation), PATIENCE.total_seconds())
            if isinstance(known, Later):  # it is certain now that it was not done
                claimed = claimed.replace(unsure=False)
            elif known is not None:
                await self._record(claimed, known, via)
                return
        if operation is not None:
            await self._ready(operation.requester)
        if not await releasing.check(self._store, claimed, self._clock()) or operation is None:
            return
        if via is None:
            await releasing.leave(self._store, claimed)
        elif connector is None:
            why = f"There is no connector {via} here."
            raise NotDelivered(why, via=via, unsure=claimed.unsure, level=logging.DEBUG)
        else:
            await self._hand_over(claimed, operation, connector, via)

    async def _hand_over(
        self, claimed: ClaimedRelease, operation: ApprovedOperation, connector: Connector, via: str
    ) -> None:
        """Raises NotDelivered where that does not end the operation."""
        try:
            outcome = await asyncio.wait_for(connector.execute(operation), PATIENCE.total_seconds())
        except Unclear as unclear:
            raise NotDelivered(str(unclear), via=via, unsure=True) from unclear
        except Exception as error:
            verb = "It took too long" if isinstance(error, TimeoutError) else "It failed"
            why = f"{verb} to answer. Reference {secrets.token_hex(4)} in the log."
            raise NotDelivered(why, via=via, unsure=True, cause=error) from error
        if isinstance(outcome, Later):  # that it was not done now does not say what came of the last time
            raise NotDelivered(outcome.reason, via=via, unsure=claimed.unsure, level=logging.DEBUG)
        await self._record(claimed, outcome, via)

    async def _record(self, claimed: ClaimedRelease, outcome: Executed | Failed | Accepted, via: str) -> None:
        if not await releasing.record(self._store, claimed, outcome, self._clock(), via=via, within=self._within):
            log.info("%s had ended before; this answer of %s came too late", request_name(claimed.request), via)
