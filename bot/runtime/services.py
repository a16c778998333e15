"""Wiring only: settings, store, workflow, Slack app, scheduler, servers; start, and a graceful stop."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.connectors import dispatcher
from bot.connectors.dispatcher import ReleaseDispatcher
from bot.connectors.registry import by_authority, connectors, local_cas, tend
from bot.connectors.webhook import Webhooks
from bot.environment.background_tasks import Background
from bot.environment.clock import Clock, system_clock
from bot.environment.database import opened
from bot.environment.outbox import OutboxWorker
from bot.environment.settings import Mode, Settings, SettingsError
from bot.messages import certificate_files, direct_messages
from bot.messages.certificate_files import CertificateFiles
from bot.messages.direct_messages import DirectMessages
from bot.messages.worker import MessageWorker
from bot.runtime.apply_configuration import configure_at_start
from bot.runtime.http_server import http_app, serving
from bot.runtime.scheduler import STOPPING, ticking
from bot.slack.app import build_app
from bot.slack.context import Bot
from bot.slack.pages.home.refresher import Homes
from bot.slack.platform.client import CALL, PacedClient, slack_session
from bot.slack.platform.directory import Directory
from bot.slack.platform.rate_limits import Limits
from bot.slack.platform.socket_mode import Sockets
from bot.webhooks.addresses import Guard
from bot.webhooks.posting import Poster
from bot.webhooks.sender import WebhookSender
from domain.audit.entries import Source
from domain.ports import Store
from domain.store import DEADLINE

log = logging.getLogger(__name__)


@asynccontextmanager
async def running(
    settings: Settings, clock: Clock = system_clock, limits: Limits | None = None, *, deadline: timedelta = DEADLINE
) -> AsyncIterator[Bot]:
    """The whole bot, connected to Slack and at work, while inside; *limits* are those of Slack's documentation where none are given.

    *deadline* is how long a click may wait for the database.

    Raises SettingsError where a setting or the database is not as it must be, slack_sdk.errors.SlackApiError where Slack refuses the token.
    """
    if lacking := settings.lacking():
        raise SettingsError("\n".join(lacking))
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(settings, deadline=deadline))
        if settings.database_url.get_secret_value().startswith("sqlite"):
            await _take_over(store)
        limits = limits or Limits()
        session = await stack.enter_async_context(slack_session())
        client = PacedClient(limits, **_client_of(settings, session))
        directory = Directory(client, store, clock, settings.mirror_max_age, settings.administrators)
        stack.push_async_callback(directory.stop)
        await directory.introduce()
        await directory.refresh()
        await configure_at_start(settings, store, clock())

        background = Background()
        stack.push_async_callback(background.finish)
        homes = Homes(client, store, clock, background)
        message_worker = MessageWorker(
            AsyncWebClient(**_client_of(settings, session)),
            store,
            clock,
            limits=limits,
            quiet=settings.quiet_hours,
            announced=homes.refresh,
        )
        poster = await stack.enter_async_context(Poster(settings.webhook_secret, Guard(settings.webhook_allow)))
        cas = local_cas(settings, store, clock)
        await tend(cas)
        releases = OutboxWorker(
            ReleaseDispatcher(
                store,
                clock,
                connectors(cas, Webhooks(store, clock, poster)),
                by_authority(store),
                ready=directory.be_ready_for,
                changed=message_worker.nudge,
                result_within=settings.result_within,
            ),
            dispatcher.AT_ONCE,
        )
        stack.push_async_callback(releases.close, dispatcher.PATIENCE)
        messages = OutboxWorker(DirectMessages(client, store, clock), direct_messages.AT_ONCE)
        files = OutboxWorker(CertificateFiles(client, store, clock), certificate_files.AT_ONCE)
        for worker in (messages, files):
            stack.push_async_callback(worker.close, STOPPING)
        bot = Bot(
            store=store,
            client=client,
            clock=clock,
            directory=directory,
            message_worker=message_worker,
            homes=homes,
            direct_messages=messages,
            background=background,
        )
        secret = settings.slack_signing_secret
        app = build_app(bot, signing_secret=secret.get_secret_value() if secret is not None else "")
        await stack.enter_async_context(_messages_kept_current(message_worker, settings.announce_every))
        webhooks = await stack.enter_async_context(WebhookSender(store, clock, poster))
        await stack.enter_async_context(
            ticking(
                settings,
                store,
                clock,
                directory,
                message_worker,
                outboxes={"releases": releases.poll, "direct_messages": messages.poll, "certificate_files": files.poll},
                webhooks=webhooks.poll,
                tend=partial(tend, cas),
            )
        )
        if settings.mode is Mode.SOCKET and settings.slack_app_token is not None:
            await stack.enter_async_context(Sockets(app, settings.slack_app_token.get_secret_value()))
        bot.port = await stack.enter_async_context(_over_http(settings, bot, app))
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


async def _take_over(store: Store) -> None:
    """A process that has its database to itself need not wait for what a killed one held."""
    async with store.transaction(Source.CLOCK) as tx:
        await tx.end_leases()


def _client_of(settings: Settings, session: aiohttp.ClientSession) -> dict[str, Any]:
    """What a Slack client is made of: one pool of connections for all. None retries by itself: posting is not idempotent."""
    return {
        "token": settings.slack_bot_token.get_secret_value() if settings.slack_bot_token is not None else None,
        "base_url": settings.slack_api_url,
        "session": session,
        "retry_handlers": [],
        "trust_env_in_session": True,
    }


@asynccontextmanager
async def _over_http(settings: Settings, bot: Bot, app: AsyncApp) -> AsyncIterator[int]:
    """Slack's door and the platforms', as far as they are to be open; gives the port, or 0."""
    slack = app if settings.mode is Mode.HTTP else None
    if slack is None and not settings.api:
        yield 0
        return
    api = None
    if settings.api:
        from bot.api.app import api_app  # noqa: PLC0415 - a third of a second at every start, for those who have it on

        api = api_app(bot, rate=settings.api_rate)
    async with AsyncExitStack() as stack:
        try:
            served = serving(http_app(bot.store, slack=slack, api=api), settings.http_host, settings.http_port)
            port = await stack.enter_async_context(served)
        except OSError as error:
            where = f"{settings.http_host}:{settings.http_port}"
            raise SettingsError(
                f"{'COUNTERSIGN_HTTP_PORT'}: {where} cannot be listened on: {error.strerror or ''}"
            ) from error
        yield port


@asynccontextmanager
async def _messages_kept_current(message_worker: MessageWorker, every: timedelta) -> AsyncIterator[None]:
    task = asyncio.create_task(message_worker.run(every))
    try:
        yield
    finally:
        message_worker.stop()
        await asyncio.wait([task], timeout=CALL.total_seconds())
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
