"""Hands released operations over to connectors, at least once, and records what comes of it.

Every replica looks for what is due; a release is held by one at a time, under a lease that is longer than a connector may take. Nothing
between two transactions is relied on: whoever dies there leaves a release that is due again when its lease ends.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import SystemRandom
from typing import Final

from bot.connectors.port import Connector, Connectors, Unclear
from bot.environment.backoff import pause
from bot.environment.clock import Clock
from domain.approvals.execution import ApprovedOperation, Later, Outcome
from domain.approvals.requests import request_name
from domain.common.errors import Busy, Conflict, MirrorTooOld
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


class Deliverer:
    """Claims what is due, a few at a time, and brings each to an answer."""

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
        self._chance = SystemRandom().random
        self._at_work: set[asyncio.Task[None]] = set()

    async def look(self) -> int:
        """Claim what is due, as far as there is room, and begin to deliver it; how many were claimed."""
        room = AT_ONCE - len(self._at_work)
        claimed = await releasing.claim(self._store, self._clock(), LEASE, room) if room > 0 else ()
        for one in claimed:
            task = asyncio.create_task(self._delivered(one))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)
        return len(claimed)

    async def settle(self, within: timedelta = PATIENCE) -> None:
        """Wait until what was begun has ended; what takes longer than *within* is left for its lease to end."""
        if not self._at_work:
            return
        _, late = await asyncio.wait(self._at_work, timeout=within.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _delivered(self, claimed: ClaimedRelease) -> None:
        try:
            await self._deliver(claimed)
        except MirrorTooOld as error:  # before anything was begun
            await releasing.put_off(
                self._store, claimed, self._clock(), self._pause(claimed), str(error), via="", unsure=claimed.unsure
            )
        except (Busy, Conflict) as error:
            log.warning("%s could not be delivered now: %s", request_name(claimed.request), error)
        except Exception:
            log.exception(
                "%s could not be delivered; it is tried again when its lease ends", request_name(claimed.request)
            )
        else:
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
            await self._record(claimed, Later(reason=f"There is no connector {via} here."), via)
        else:
            await self._hand_over(claimed, operation, connector, via)

    async def _hand_over(
        self, claimed: ClaimedRelease, operation: ApprovedOperation, connector: Connector, via: str
    ) -> None:
        try:
            outcome = await asyncio.wait_for(connector.execute(operation), PATIENCE.total_seconds())
        except Unclear as unclear:
            why = str(unclear)
            log.warning(
                "%s: whether %s was carried out is not known: %s", operation.key, request_name(claimed.request), why
            )
        except Exception as error:
            reference = secrets.token_hex(4)
            log.warning(
                "%s: %s gave no answer for %s, reference %s",
                operation.key, via, request_name(claimed.request), reference, exc_info=error,
            )  # fmt: skip
            slow = isinstance(error, TimeoutError)
            why = f"{'It took too long' if slow else 'It failed'} to answer. Reference {reference} in the log."
        else:
            await self._record(claimed, outcome, via)
            return
        await releasing.put_off(
            self._store, claimed, self._clock(), self._pause(claimed), why, via=via, unsure=True, within=self._within
        )

    async def _record(self, claimed: ClaimedRelease, outcome: Outcome, via: str) -> None:
        counted = await releasing.record(
            self._store, claimed, outcome, self._clock(), via=via, again=self._pause(claimed), within=self._within
        )
        if not counted:
            log.info("%s had ended before; this answer of %s came too late", request_name(claimed.request), via)

    def _pause(self, claimed: ClaimedRelease) -> timedelta:
        return pause(claimed.attempt, self._chance)
