"""One process of the bot, as wired, with the settings given as JSON; it says when it is ready, and ends only by being killed."""

import asyncio
import json
import logging
import sys

from bot.environment.settings import Settings
from bot.runtime.services import running
from bot.slack.platform.rate_limits import Limits
from tests.end_to_end.company import AS_FAST_AS_IT_GOES


async def main() -> None:
    async with running(Settings.given(**json.loads(sys.argv[1])), limits=Limits(scale=AS_FAST_AS_IT_GOES)):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.CRITICAL)  # of what goes wrong on purpose
    asyncio.run(main())
