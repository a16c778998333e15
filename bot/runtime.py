"""Wiring only: settings, store, workflow, Slack app, scheduler, servers; start, and a graceful stop."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.announcer import Announcer
from bot.app import build_app
from bot.background import Background
from bot.bot import Bot
from bot.clock import Clock, system_clock
from bot.configuration_file import ConfigurationFile
from bot.directory import Directory
from bot.homes import Homes
from bot.http import http_app, serving
from bot.scheduler import ticking
from bot.settings import Mode, Settings, SettingsError
from bot.sockets import Sockets
from domain.audit import Source
from domain.ports import Store
from domain.store import migrate, open_store, pending
from domain.workflow import configure

log = logging.getLogger(__name__)

SLACK_TIMEOUT: Final = 10
"""Seconds for one call to Slack; shorter than the lease under which a message is posted."""


@asynccontextmanager
async def running(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Bot]:
    """The whole bot, connected to Slack and at work, while inside.

    Raises SettingsError where a setting or the database is not as it must be, slack_sdk.errors.SlackApiError where Slack refuses the token.
    """
    if lacking := settings.lacking():
        raise SettingsError("\n".join(lacking))
    async with AsyncExitStack() as stack:
        url = settings.database_url.get_secret_value()
        await _bring_up(url)
        store = await open_store(url)
        stack.push_async_callback(store.close)
        if url.startswith("sqlite"):
            await _take_over(store)
        client = await stack.enter_async_context(_web_client(settings))
        directory = Directory(client, store, clock, settings.mirror_max_age)
        await directory.introduce()
        await directory.refresh()
        await _configure(settings, store, clock)

        background = Background()
        stack.push_async_callback(background.finish)
        homes = Homes(client, store, clock, background)
        announcer = Announcer(client, store, clock, announced=homes.refresh)
        bot = Bot(
            store=store,
            client=client,
            clock=clock,
            directory=directory,
            announcer=announcer,
            homes=homes,
            background=background,
        )
        secret = settings.slack_signing_secret
        app = build_app(bot, signing_secret=secret.get_secret_value() if secret is not None else "")
        await stack.enter_async_context(_announcing(announcer, settings.announce_every))
        await stack.enter_async_context(ticking(settings, store, clock, directory, announcer))
        if settings.mode is Mode.SOCKET and settings.slack_app_token is not None:
            await stack.enter_async_context(Sockets(app, settings.slack_app_token.get_secret_value()))
        else:
            bot.port = await stack.enter_async_context(serving(http_app(app), settings.http_host, settings.http_port))
        log.info("Countersign is at work in %s", directory.workspace.name or directory.workspace.team)
        yield bot


async def run(settings: Settings, *, ready: Callable[[], None] = lambda: None) -> None:
    """Run until SIGINT or SIGTERM. Raises what `running` raises."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with running(settings):
        ready()
        await stop.wait()
        log.info("stopping")


async def _bring_up(url: str) -> None:
    """SQLite belongs to this process, so its schema is brought up to date here; PostgreSQL may be shared, so somebody decides when."""
    if not await pending(url):
        return
    if not url.startswith("sqlite"):
        raise SettingsError("The database is not up to date. Run `countersign migrate` first.")
    await migrate(url)


async def _configure(settings: Settings, store: Store, clock: Clock) -> None:
    """Apply the configuration file, if one is named, and see that somebody is an administrator."""
    if settings.config is not None:
        file = ConfigurationFile.read(settings.config)
        with file.located():
            await configure.apply(store, file.configuration, clock())
    if settings.administrators:
        await configure.appoint_first_administrators(store, settings.administrators, clock())


async def _take_over(store: Store) -> None:
    """A process that has its database to itself need not wait for what a killed one held."""
    async with store.transaction(Source.CLOCK) as tx:
        await tx.end_leases()


@asynccontextmanager
async def _web_client(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    """One client with one pool of connections. It retries nothing by itself: posting is not idempotent, and the announcer knows when."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token is not None else None
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            token=token,
            base_url=settings.slack_api_url,
            session=session,
            timeout=SLACK_TIMEOUT,
            retry_handlers=[],
            trust_env_in_session=True,
        )


@asynccontextmanager
async def _announcing(announcer: Announcer, every: timedelta) -> AsyncIterator[None]:
    task = asyncio.create_task(announcer.run(every))
    try:
        yield
    finally:
        announcer.stop()
        await asyncio.wait([task], timeout=SLACK_TIMEOUT)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
