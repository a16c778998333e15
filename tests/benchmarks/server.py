"""The process that is measured: the wired bot, and both floors beside it, in one event loop. Told what to do by lines of JSON."""

import asyncio
import json
import logging
import sys
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from bot.environment.settings import Mode, Settings
from bot.runtime.http_server import http_app, serving
from bot.runtime.services import running
from bot.slack.app import build_app
from bot.slack.platform.socket_mode import Sockets
from tests.benchmarks.cast import PATIENCE
from tests.benchmarks.floors import idle_app, rows


async def main() -> None:
    """Serve until standard input ends."""
    lines = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    given: dict[str, Any] = json.loads(await lines.readline())
    settings = Settings.given(
        **given, mode=Mode.HTTP, http_port=0, sweep_every=timedelta(minutes=1), announce_every=timedelta(minutes=1)
    )
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(running(settings, deadline=PATIENCE))
        bot.message_worker.stop()  # drawing messages is no part of a click; how much it slows one down is another question
        await stack.enter_async_context(Sockets(build_app(bot), given["slack_app_token"]))
        idle = idle_app(bot.client, given["slack_signing_secret"])
        floor = await stack.enter_async_context(serving(http_app(bot.store, slack=idle), "127.0.0.1", 0))
        written = await rows(given["database_url"])
        stack.push_async_callback(written.close)
        _say({"click": bot.port, "floor": floor})
        while line := await lines.readline():
            asked = json.loads(line)
            _say(asdict(await written.write(asked["requests"], asked["clickers"])))


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main())
