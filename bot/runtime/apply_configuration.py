"""Applies a configuration file to the store: for `countersign config`, and for COUNTERSIGN_CONFIG at start."""

import logging
from datetime import datetime
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.clock import system_clock
from bot.environment.database import opened
from bot.environment.settings import Settings
from bot.runtime.configuration_file import ConfigurationFile, write
from bot.runtime.plan_text import line
from bot.runtime.startup_errors import asking_slack
from bot.slack.platform.client import slack_session
from bot.slack.platform.directory import Directory
from domain.audit.entries import Source
from domain.configuration.faults import InvalidConfiguration
from domain.configuration.plan import Plan
from domain.ports import Store
from domain.workflow.configuration import configure
from domain.workflow.configuration.apply import Applied

log = logging.getLogger(__name__)


async def plan(settings: Settings, path: Path) -> Plan:
    """What applying the file would change. Raises ConfigurationError, Refusal, SettingsError, SlackUnreachable, DatabaseUnreachable."""
    file = ConfigurationFile.read(path)
    async with opened(settings) as store:
        await meet_workspace(settings, store)
        with file.located():
            return await configure.plan(store, file.configuration)


async def apply(settings: Settings, path: Path, at: datetime, *, fingerprint: str | None = None) -> Applied:
    """Apply the file; with *fingerprint*, only if its plan is still that one. Raises as `plan`, and PlanChanged."""
    file = ConfigurationFile.read(path)
    async with opened(settings) as store:
        await meet_workspace(settings, store)
        with file.located():
            return await configure.apply(store, file.configuration, at, fingerprint=fingerprint)


async def export(settings: Settings) -> str:
    """The text of the file that gives what is configured now. Raises as `plan`."""
    async with opened(settings) as store:
        await meet_workspace(settings, store)
        return write(await configure.export(store))


async def configure_at_start(settings: Settings, store: Store, at: datetime) -> None:
    """Apply COUNTERSIGN_CONFIG, where it is set and says something else than when it was last applied at a start; and appoint the first
    administrators, where nobody is one. The mirror is up to date. Raises ConfigurationError, Refusal.
    """
    if settings.config is not None:
        async with opened(settings) as patient:
            await _apply_once(ConfigurationFile.read(settings.config), patient, at)
    for person in await configure.appoint_first_administrators(store, settings.administrators, at):
        log.info("%s is an administrator now, as COUNTERSIGN_ADMINISTRATORS says", person)


async def _apply_once(file: ConfigurationFile, store: Store, at: datetime) -> None:
    """A file that was applied and has not changed since does not undo what was saved in Slack meanwhile."""
    async with store.reading() as reading:
        known = await reading.profiles.configured_from() == file.digest
    if known:
        await _tell_differences(file, store)
        return
    with file.located():
        applied = await configure.apply(store, file.configuration, at)
    async with store.transaction(Source.CLI) as tx:
        await tx.profiles.mark_configured(file.digest)
    for change in applied.plan.changes:
        log.info("configuration: %s", line(change))
    for warning in applied.plan.warnings:
        log.warning("configuration: %s", warning)


async def _tell_differences(file: ConfigurationFile, store: Store) -> None:
    """What is configured otherwise by now; and what the file says that does not hold any more, which stops no start."""
    try:
        drawn = await configure.plan(store, file.configuration)
    except InvalidConfiguration as error:
        for where in file.where(error.faults):
            log.warning("configuration: %s", where)
        return
    for change in drawn.changes:
        log.info(
            "configuration: %s says otherwise, and has not changed since it was applied: %s", file.name, line(change)
        )


async def meet_workspace(settings: Settings, store: Store) -> None:
    """Mirror the workspace where it never was, or not for long, so that people can be named as they are. Raises SlackUnreachable.

    Without a token nothing is asked: what was mirrored has to do.
    """
    if settings.slack_bot_token is None:
        return
    async with store.reading() as reading:
        mirrored_at = await reading.directory.mirrored_at()
    if mirrored_at is not None and system_clock() - mirrored_at <= settings.mirror_max_age:
        return
    async with slack_session() as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=session,
        )
        directory = Directory(client, store, system_clock, settings.mirror_max_age)
        with asking_slack(settings):
            await directory.introduce()
            await directory.refresh()
