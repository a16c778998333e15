"""Everything that a listener works with."""

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.announcer import Announcer
from bot.background import Background
from bot.clock import Clock
from bot.directory import Directory
from bot.homes import Homes
from bot.letters import Letters
from domain.ports import Store


@dataclass
class Bot:
    """The parts of the running bot, wired by `bot.runtime`."""

    store: Store
    client: AsyncWebClient
    clock: Clock
    directory: Directory
    announcer: Announcer
    homes: Homes
    letters: Letters
    background: Background
    port: int = 0
    """Where HTTP is served; 0 where it is not."""
