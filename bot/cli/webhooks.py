"""`countersign webhook`. Each command function returns what is printed."""

from collections.abc import Sequence
from typing import Final

from pydantic import SecretStr, ValidationError

from bot.cli.output import TIME_FORMAT, table, time_or_never
from bot.environment.clock import system_clock
from bot.environment.database import opened
from bot.environment.operator_error import Mistake
from bot.environment.settings import Settings
from bot.webhooks.addresses import Guard, NotAllowed
from bot.webhooks.secrets import NOT_CONFIGURED, secret
from domain.audit.entries import Action
from domain.common.validation_sentences import validation_sentence
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
        raise Mistake(f"{what} {validation_sentence(fault)}.") from None
    except NotAllowed as error:
        raise Mistake(f"{error}.") from None
    async with opened(settings) as store:
        made = await workflow.add_endpoint(store, endpoint)
    return (
        f"Webhook {made.key} receives {_events(made)} from now on, at {made.url}.\n"
        "Countersign signs what it sends with this secret (https://www.standardwebhooks.com). "
        "`countersign webhook secret` prints it again:\n\n"
        f"{secret(master, made)}"
    )


async def listed(settings: Settings) -> str:
    async with opened(settings) as store:
        endpoints = await workflow.endpoints(store)
    if not endpoints:
        return "No webhooks yet. Add one: `countersign webhook add NAME URL`"
    rows = [(endpoint.key, endpoint.url, _events(endpoint), _state(endpoint)) for endpoint in endpoints]
    return table([("webhook", "address", "events", "state"), *rows])


async def show_secret(settings: Settings, key: str) -> str:
    """Raises domain.platforms.webhooks.NoSuchEndpoint."""
    master = _master(settings)
    async with opened(settings) as store:
        endpoint = next((endpoint for endpoint in await workflow.endpoints(store) if endpoint.key == key), None)
    if endpoint is None:
        raise NoSuchEndpoint(endpoint=key)
    return secret(master, endpoint)


async def rotate(settings: Settings, key: str) -> str:
    master = _master(settings)
    async with opened(settings) as store:
        endpoint = await workflow.rotate_secret(store, key, system_clock())
    return (
        f"Webhook {endpoint.key} has a new secret. Messages are signed with the old one as well for one day.\n\n"
        f"{secret(master, endpoint)}"
    )


async def pause(settings: Settings, key: str) -> str:
    async with opened(settings) as store:
        endpoint = await workflow.pause(store, key, system_clock(), "")
    return f"Webhook {endpoint.key} is paused. Nothing is lost: events are sent when it is resumed."


async def resume(settings: Settings, key: str) -> str:
    async with opened(settings) as store:
        endpoint = await workflow.resume(store, key, system_clock())
    return f"Webhook {endpoint.key} is resumed. Events that waited for it are sent now."


async def remove(settings: Settings, key: str) -> str:
    async with opened(settings) as store:
        await workflow.remove_endpoint(store, key, system_clock())
    return f"Webhook {key} is removed."


async def delivery_list(settings: Settings, key: str, *, waiting: bool, limit: int) -> str:
    async with opened(settings) as store:
        deliveries = await workflow.deliveries(store, key, waiting=waiting, limit=limit)
    if not deliveries:
        return "No deliveries."
    rows = [("delivery", "message", "event", "attempts", "state", "why")]
    rows += [
        (
            str(delivery.id),
            delivery.message_id,
            delivery.event,
            str(delivery.attempts),
            f"accepted {time_or_never(delivery.delivered_at)}"
            if delivery.delivered_at is not None
            else f"due {time_or_never(delivery.due_at)}",
            delivery.failure,
        )
        for delivery in deliveries
    ]
    return table(rows)


async def resend(settings: Settings, number: int) -> str:
    async with opened(settings) as store:
        delivery = await workflow.send_again(store, number, system_clock())
    return (
        f"Delivery {delivery.id} ({delivery.message_id}, {delivery.event}) will be sent to {delivery.endpoint} again."
    )


def _master(settings: Settings) -> SecretStr:
    if settings.webhook_secret is None:
        raise Mistake(NOT_CONFIGURED)
    return settings.webhook_secret


def _events(endpoint: Endpoint) -> str:
    return ", ".join(sorted(endpoint.events)) or "everything"


def _state(endpoint: Endpoint) -> str:
    if endpoint.paused_at is not None:
        reason = f": {endpoint.paused_because}" if endpoint.paused_because else ""
        return f"paused since {endpoint.paused_at:{TIME_FORMAT}}{reason}"
    if endpoint.failing_since is not None:
        return f"failing since {endpoint.failing_since:{TIME_FORMAT}}"
    return "good"
