"""`python -m tests.faults [ROW …] [--requests N]`: prints what became of it all at its worst, and fails where something did not hold."""

import argparse
import asyncio
import logging
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from domain.store import migrate
from tests.databases import KINDS, Databases
from tests.end_to_end.company import at_work
from tests.faults.killed import Plan, killed_again_and_again
from tests.faults.outcome import Outcome
from tests.faults.server import a_server
from tests.faults.slack import slack_at_its_worst

HEAD: Final = ("database", "requests", "clicks", "troubles", "lost", "twice", "wrong", "old", "doubled")
ROWS: Final = {
    "slack": "Slack: 5 % 429, 2 % 5xx, 1 % answers lost after the deed, sockets dropped, envelopes one to three times and late",
    "killed": "Killed: a process that was at work for 1 to 3 s (one of two on PostgreSQL), PostgreSQL every 10 s; ten of 200 approve each",
}


def main() -> None:
    """Try, print, and fail where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=" ".join(ROWS.values()))
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], help="slack, killed; both where none is named")
    parser.add_argument("--requests", type=int, default=60, help="how many on each database")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # of what goes wrong on purpose
    tries = {"slack": _slack, "killed": _killed}
    held = True
    for row in options.rows or ROWS:
        _say(f"{ROWS[row]}\n\n| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
        for kind in KINDS:
            outcome = asyncio.run(tries[row](kind, options.requests))
            held &= outcome.held
            _say(f"| {' | '.join([kind, *map(str, outcome.figures)])} |")
        _say("")
    sys.exit(not held)


async def _slack(kind: str, requests: int) -> Outcome:
    with ExitStack() as closing:
        databases = Databases(Path(closing.enter_context(tempfile.TemporaryDirectory())), closing)
        async with databases.migrated(kind) as url, at_work(url) as company:
            return await slack_at_its_worst(company, requests)


async def _killed(kind: str, requests: int) -> Outcome:
    plan = Plan(requests)
    if kind == "postgresql":
        with a_server() as (url, restart):
            await migrate(url)
            return await killed_again_and_again(url, plan, replicas=2, restart=restart)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/countersign.db"
        await migrate(url)
        return await killed_again_and_again(url, plan, replicas=1, restart=None)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
