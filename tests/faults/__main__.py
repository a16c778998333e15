"""`python -m tests.faults [--requests N]`: prints what became of it all when Slack was at its worst."""

import argparse
import asyncio
import logging
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.databases import KINDS, Databases
from tests.end_to_end.company import at_work
from tests.faults.slack import Outcome, slack_at_its_worst

HEAD = ("database", "requests", "clicks", "troubles", "lost", "twice", "wrong", "old", "doubled")
WORST = (
    "Slack: 5 % 429, 2 % 5xx, 1 % answers lost after the deed, sockets dropped, envelopes one to three times and late"
)


def main() -> None:
    """Try, print, and fail where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=WORST)
    parser.add_argument("--requests", type=int, default=60, help="how many on each database")
    options = parser.parse_args()
    logging.disable(logging.ERROR)  # of what goes wrong on purpose
    say = sys.stdout.write
    say(f"{WORST}\n\n| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}\n")
    held = True
    with ExitStack() as closing:
        databases = Databases(Path(closing.enter_context(tempfile.TemporaryDirectory())), closing)
        for kind in KINDS:
            outcome = asyncio.run(_tried(databases, kind, options.requests))
            held &= outcome.held
            figures = (outcome.requests, outcome.clicks, outcome.troubles, outcome.lost, outcome.twice, outcome.wrong)
            cells = (kind, *map(str, (*figures, outcome.old, outcome.doubled)))
            say(f"| {' | '.join(cells)} |\n")
            sys.stdout.flush()
    sys.exit(not held)


async def _tried(databases: Databases, kind: str, requests: int) -> Outcome:
    async with databases.migrated(kind) as url, at_work(url) as company:
        return await slack_at_its_worst(company, requests)


if __name__ == "__main__":
    main()
