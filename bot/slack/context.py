"""What a listener works with."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.background_tasks import Background
from bot.environment.clock import Clock
from bot.slack.kit.places import HomePlace
from bot.slack.platform.directory import Directory
from domain.people.people import PersonId
from domain.ports import Store


class MessageWorker(Protocol):
    """Brings the messages of requests up to date: `bot.messages.worker`."""

    def nudge(self) -> None:
        """Something changed: look now rather than at the next tick."""

    def stop(self) -> None:
        """Send what is being sent, then end."""


class DirectMessages(Protocol):
    """Sends direct messages that are about no request: the worker of `bot.messages.direct_messages`."""

    async def poll(self) -> int:
        """Begin to send what is due."""


class OpenHomes(Protocol):
    """Draws App Homes, and draws open ones again: `bot.slack.pages.home.refresher`."""

    async def open(self, person: PersonId, place: HomePlace = ...) -> None:
        """*person* looks at their Home, at *place* in its lists."""

    async def looks(self, person: PersonId, place: HomePlace) -> None:
        """*person* is looking at their Home, which somebody else drew."""

    def again(self, people: Collection[PersonId]) -> None:
        """Something changed that concerns *people*: draw their Homes again if they look."""


@dataclass
class Bot:
    """The parts of the running bot, wired by `bot.runtime.services`."""

    store: Store
    client: AsyncWebClient
    clock: Clock
    directory: Directory
    message_worker: MessageWorker
    homes: OpenHomes
    direct_messages: DirectMessages
    background: Background
    port: int = 0
    """Where HTTP is served; 0 where it is not."""
