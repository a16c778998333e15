"""A worker alone in its process, until standard input ends. Told what to do by one argument, in JSON."""

import asyncio
import json
import logging
import sys
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.environment.clock import system_clock
from bot.messages.worker import MessageWorker
from bot.slack.platform.rate_limits import Limits
from domain.store import open_store
from tests.benchmarks.cast import PATIENCE


async def main(given: dict[str, Any]) -> None:
    """Announce until standard input ends."""
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    store = await open_store(given["url"], deadline=PATIENCE)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(given["token"], given["api"], timeout=10, session=session, retry_handlers=[])
        message_worker = MessageWorker(client, store, system_clock, limits=Limits(scale=given["scale"]))
        work = asyncio.create_task(message_worker.run(timedelta(seconds=1)))
        await ended
        message_worker.stop()
        await work
    await store.close()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main(json.loads(sys.argv[1])))
