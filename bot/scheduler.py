"""What is looked for by the clock. Jobs live in memory; every replica ticks, and the database decides who does the work."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.announcer import Announcer
from bot.clock import Clock
from bot.directory import SLACK_FAILED, Directory
from bot.settings import Settings
from domain import workflow
from domain.ports import Store

log = logging.getLogger(__name__)


@asynccontextmanager
async def ticking(
    settings: Settings, store: Store, clock: Clock, directory: Directory, announcer: Announcer
) -> AsyncIterator[None]:
    """Expire, announce and mirror at their intervals while inside."""

    async def expire() -> None:
        while await workflow.expire_due(store, clock()):
            announcer.nudge()

    async def mirror() -> None:
        try:
            await directory.refresh()
        except SLACK_FAILED as error:
            log.warning("people and user groups could not be mirrored now: %s", error)
        announcer.nudge()

    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(expire, "interval", seconds=settings.sweep_every.total_seconds(), id="expire")
    scheduler.add_job(_nudge, "interval", [announcer], seconds=settings.announce_every.total_seconds(), id="announce")
    scheduler.add_job(mirror, "interval", seconds=settings.mirror_every.total_seconds(), id="mirror")
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _nudge(announcer: Announcer) -> None:
    announcer.nudge()
