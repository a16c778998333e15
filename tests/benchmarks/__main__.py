"""`python -m tests.benchmarks [--quick] [--database sqlite|postgresql] [--only clicks|messages]`: prints docs/performance.md's table."""

import argparse
import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.benchmarks import messages
from tests.benchmarks.measuring import FULL, QUICK, Figures, Size, measure
from tests.benchmarks.table import drawn, machine, rows
from tests.databases import KINDS, Databases

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="What a click costs, against its two floors."
    )
    parser.add_argument("--quick", action="store_true", help="a few clicks only: whether it runs, not how fast it is")
    parser.add_argument("--database", choices=KINDS, help="on this one only")
    parser.add_argument("--only", choices=("clicks", "messages"), help="this section only")
    options = parser.parse_args()
    say = sys.stdout.write
    say("\n".join(machine()) + "\n")
    sys.stdout.flush()
    with ExitStack() as closing:
        databases = Databases(Path(closing.enter_context(tempfile.TemporaryDirectory())), closing)
        body: list[tuple[str, ...]] = []
        for kind in [] if options.only == "messages" else [options.database] if options.database else reversed(KINDS):
            figures, facts = asyncio.run(_measured(databases, kind, QUICK if options.quick else FULL))
            say(facts + "\n")
            body += [(f"{TITLES[kind]}: {what}", *cells) for what, *cells in rows(figures)]
        if options.only != "clicks":
            size = messages.QUICK if options.quick else messages.FULL
            kind = options.database or "postgresql"
            body.append(messages.row(TITLES[kind], asyncio.run(_drained(databases, kind, size)), size))
    say(f"\n{drawn(body)}\n")


async def _measured(databases: Databases, kind: str, size: Size) -> tuple[Figures, str]:
    async with databases.migrated(kind) as url:
        return await measure(url, size), _facts(kind, url)


async def _drained(databases: Databases, kind: str, size: messages.Size) -> messages.Drained:
    async with databases.migrated(kind) as url:
        return await messages.drain(url, size)


def _facts(kind: str, url: str) -> str:
    if kind == "sqlite":
        return "SQLite: WAL, synchronous FULL"
    with psycopg.connect(url) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("server_version", "fsync", "synchronous_commit")
        }
    values = {name: row[0] if row else "?" for name, row in shown.items()}
    return f"PostgreSQL {values['server_version']}: fsync {values['fsync']}, synchronous_commit {values['synchronous_commit']}"


if __name__ == "__main__":
    main()
