"""Webhooks from the command line: each gives what is printed."""

from collections.abc import Sequence
from typing import Final

from pydantic import SecretStr, ValidationError

from bot.environment.clock import system_clock
from bot.environment.database import opened
from bot.environment.operator_error import Mistake
from bot.environment.settings import Settings
from bot.webhooks import texts
from bot.webhooks.addresses import Guard, NotAllowed
from bot.webhooks.secrets import secret
from domain.audit.entries import Action
from domain.platforms.webhooks import EVENTS, Endpoint, NoSuchEndpoint
from domain.workflow.platforms import webhooks as workflow

EVENT_NAMES: Final = [event.value for event in EVENTS]


async def add(settings: Settings, key: str, url: str, events: Sequence[str]) -> str:
    """Raises Mistake for an address that is none or may not be sent to, EndpointExists, and what `opened` raises."""
    master = _master(settings)
    try:
        endpoint = Endpoint(key=key, url=url, events=frozenset(map(Action, events)), created_at=system_clock())
        Guard(settings.webhook_allow).check_url(url)
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
        what = {"key": "The name", "url": "The address"}.get(str(fault["loc"][0]) if fault["loc"] else "", "It")
        raise Mistake(f"{what} {fault['msg'].removeprefix('Value error, ')}.") from None
    except NotAllowed as error:
        raise Mistake(f"{error}.") from None
    async with opened(settings) as store:
        made = await workflow.add_endpoint(store, endpoint)
    return texts.added(made, secret(master, made))


async def listed(settings: Settings) -> str:
    async with opened(settings) as store:
        found = await workflow.endpoints(store)
    return texts.table(found) if found else texts.NONE_YET


async def show_secret(settings: Settings, key: str) -> str:
    """Raises domain.platforms.webhooks.NoSuchEndpoint."""
    master = _master(settings)
    async with opened(settings) as store:
        found = next((one for one in await workflow.endpoints(store) if one.key == key), None)
    if found is None:
        raise NoSuchEndpoint(endpoint=key)
    return secret(master, found)


async def rotate(settings: Settings, key: str) -> str:
    master = _master(settings)
    async with opened(settings) as store:
        after = await workflow.rotate_secret(store, key, system_clock())
    return texts.rotated(after, secret(master, after))


async def pause(settings: Settings, key: str) -> str:
    async with opened(settings) as store:
        return texts.paused(await workflow.pause(store, key, system_clock(), ""))


async def resume(settings: Settings, key: str) -> str:
    async with opened(settings) as store:
        return texts.resumed(await workflow.resume(store, key, system_clock()))


async def remove(settings: Settings, key: str) -> str:
    async with opened(settings) as store:
        await workflow.remove_endpoint(store, key, system_clock())
    return texts.removed(key)


async def deliveries(settings: Settings, key: str, *, waiting: bool, limit: int) -> str:
    async with opened(settings) as store:
        found = await workflow.deliveries(store, key, waiting=waiting, limit=limit)
    return texts.delivery_table(found) if found else texts.NO_DELIVERIES


async def resend(settings: Settings, number: int) -> str:
    async with opened(settings) as store:
        return texts.sent_again(await workflow.send_again(store, number, system_clock()))


def _master(settings: Settings) -> SecretStr:
    if settings.webhook_secret is None:
        raise Mistake(texts.NOT_SET)
    return settings.webhook_secret
