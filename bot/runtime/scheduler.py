"""Scheduled jobs. They live in memory: every replica runs them, and the database decides who does the work."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.environment.clock import Clock
from bot.environment.settings import Settings
from bot.messages.worker import MessageWorker
from bot.slack.platform.directory import SLACK_FAILED, Directory
from domain import workflow
from domain.common.errors import Busy, Conflict
from domain.ports import Store
from domain.workflow.configuration import configure

log = logging.getLogger(__name__)

Job = Callable[[], Coroutine[Any, Any, object]]
JOB_DEFAULTS: Final = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
TEND_EVERY: Final = timedelta(minutes=10)
"""How often it is looked whether a revocation list runs out."""
UNBLOCK_EVERY: Final = timedelta(minutes=1)
DAILY_EVERY: Final = timedelta(minutes=1)
"""How often it is looked whose morning it is."""
Sweep = Callable[[Store, datetime], Coroutine[Any, Any, int]]
SWEEPS: Final[tuple[Sweep, ...]] = (
    workflow.expire_due,
    workflow.escalate_due,
    workflow.remind_due,
    workflow.look_after_delegations,
)
"""What has become due by the clock, some at a time: each gives how many it found."""
STOPPING: Final = timedelta(seconds=5)
"""How long a job at work is given to end before a stop."""


@asynccontextmanager
async def ticking(
    settings: Settings,
    store: Store,
    clock: Clock,
    directory: Directory,
    message_worker: MessageWorker,
    *,
    outboxes: Mapping[str, Job],
    webhooks: Job,
    tend: Job,
) -> AsyncIterator[None]:
    """Expire, deliver, announce, mirror and send at their intervals while inside; a job at work ends before this does."""

    async def announce() -> None:
        message_worker.nudge()

    async def unblock() -> None:
        """What a crash, or a submission at the same moment as the repair of its profile, left blocked."""
        if await configure.unblock(store, clock()):
            message_worker.nudge()

    async def mirror() -> None:
        try:
            await directory.refresh()
            await directory.keep_administered()
        except SLACK_FAILED as error:
            log.warning("people and user groups could not be mirrored now: %s", error)
        message_worker.nudge()

    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that finds the last one still at work is no news
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=JOB_DEFAULTS)
    working: set[asyncio.Task[Any]] = set()
    jobs: list[tuple[str, Job, timedelta]] = [
        *((sweep.__name__, _sweeping(sweep, store, clock, message_worker), settings.sweep_every) for sweep in SWEEPS),
        *((name, poll, settings.sweep_every) for name, poll in outboxes.items()),
        ("tend", tend, TEND_EVERY),
        ("announce", announce, settings.announce_every),
        ("unblock", unblock, UNBLOCK_EVERY),
        ("daily", _telling(settings, store, clock, message_worker), DAILY_EVERY),
        ("mirror", mirror, settings.mirror_every),
        ("webhooks", webhooks, settings.announce_every),
    ]
    for name, job, every in jobs:
        scheduler.add_job(_kept(calm(name, job), working), "interval", seconds=every.total_seconds(), id=name)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        if working:
            await asyncio.wait(working, timeout=STOPPING.total_seconds())
        scheduler.shutdown(wait=False)


def _sweeping(sweep: Sweep, store: Store, clock: Clock, message_worker: MessageWorker) -> Job:
    """*sweep*, again and again until nothing is due."""

    async def run() -> None:
        while await sweep(store, clock()):
            message_worker.nudge()

    return run


def _telling(settings: Settings, store: Store, clock: Clock, message_worker: MessageWorker) -> Job:
    """Administrators hear in their mornings what there is to look after."""

    async def run() -> None:
        if await workflow.tell_daily(store, clock(), settings.quiet_hours):
            message_worker.nudge()

    return run


def calm(name: str, job: Job) -> Job:
    """*job*, of which a database that did not answer in time is one line in the log: the next tick finds what this one left."""

    async def run() -> None:
        try:
            await job()
        except (Busy, Conflict) as error:
            log.warning(
                "%s waits for its next turn: the database was slow, or another process quicker (%s)",
                name,
                type(error).__name__,
            )

    return run


def _kept(job: Job, working: set[asyncio.Task[Any]]) -> Job:
    """*job*, run so that APScheduler's shutdown, which cancels what it started, cannot cut it off in a transaction."""

    async def run() -> None:
        task = asyncio.create_task(job())
        working.add(task)
        task.add_done_callback(working.discard)
        await asyncio.shield(task)

    return run
