"""`python -m tests.benchmarks.homes [--quick] [--database sqlite|postgresql]`: what a Home costs, with few and many waiting requests.

Its reader has twenty groups and roles, may approve whatever waits, asked for as much, decided on as much, and reads all. Both databases
of a kind are looked at in turn, so that other load on the machine meets both.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, Final

from sqlalchemy import Connection, Table, insert, select, text

from domain import workflow
from domain.approvals.decisions import Verdict
from domain.approvals.profiles import ProfileVersion
from domain.people.people import Group, Role
from domain.store import SqlStore, open_store
from domain.store.tables import decisions, requests, spent, work_items
from tests.benchmarks.cast import PATIENCE
from tests.benchmarks.table import machine
from tests.databases import KINDS, Databases, seed
from tests.domain.store.build import connected, decided, submitted
from tests.rules.build import ANN, BOB, CAT, NOON, REQUESTER, profile, step

FEW: Final = 20
"""One under each of the profiles."""
MANY: Final = 10_000
ROUNDS: Final = 40
_GROUPS: Final = [f"group-{number}" for number in range(10)]
_ROLES: Final = [*(f"role-{number}" for number in range(9)), "auditor"]
_STEP: Final = step(ANN, BOB, groups=_GROUPS, roles=_ROLES[:9], required=2)
PROFILES: Final = [profile(_STEP, key=f"profile-{number}") for number in range(20)]
_BATCH: Final = 2000
Row = dict[str, Any]


async def furnish(url: str, number: int) -> None:
    """Put a reader into the database at *url* on whom *number* requests wait, who decided on as many, and asked for as many that closed."""
    store = await open_store(url, deadline=PATIENCE)
    try:
        members = [ANN.id]
        await seed(
            store,
            people=[ANN, BOB, CAT, REQUESTER],
            groups=[Group(key=group, name=group, members=members) for group in _GROUPS],
            roles=[Role(key=role, name=role, holders=members) for role in _ROLES],
            profiles=PROFILES,
        )
        patterns = [await _patterns(store, profile) for profile in PROFILES]
    finally:
        await store.close()
    await asyncio.to_thread(_multiply, url, patterns, number // len(PROFILES) - 1)


async def _patterns(store: SqlStore, under: ProfileVersion) -> Sequence[int]:
    """One that waits on Ann, one that she decided on and that still waits, one of hers that was rejected."""
    waiting, looked_at = await submitted(store, under), await submitted(store, under, by=CAT)
    await decided(store, looked_at.id, ANN)
    own = await submitted(store, under, by=ANN)
    await decided(store, own.id, BOB, Verdict.REJECT)
    return waiting.id, looked_at.id, own.id


def _multiply(url: str, patterns: Sequence[Sequence[int]], times: int) -> None:
    """Copies of each pattern, each with a number and an object of its own: to submit them all would take longest of all."""
    with connected(url) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "PRAGMA cache_size = -400000"
            )  # kibibytes: else it writes to the disk again and again
        following = 1 + max(one for pattern in patterns for one in pattern)
        for table, key in ((requests, "id"), (work_items, "request"), (decisions, "request"), (spent, "request")):
            rows = _copies(connection, table, key, patterns, times, following)
            while batch := list(islice(rows, _BATCH)):
                connection.execute(insert(table), batch)
        connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()


def _copies(
    connection: Connection, table: Table, key: str, patterns: Sequence[Sequence[int]], times: int, following: int
) -> Iterator[Row]:
    numbers = [one for pattern in patterns for one in pattern]
    found = connection.execute(select(table).where(table.c[key].in_(numbers))).mappings().all()
    for copy in range(times):
        for row in found:
            number = following + copy * len(numbers) + numbers.index(row[key])
            made = {**row, key: number}
            if table is requests:
                made |= {"object_key": f"{row['object_key'][:90]}:{number}", "submission_key": None}
            yield made


async def measure(databases: Databases, kind: str, many: int, rounds: int) -> str:
    """A line that says what a Home costs on *kind*."""
    async with databases.migrated(kind) as small, databases.migrated(kind) as large:
        await furnish(small, FEW)
        await furnish(large, many)
        stores = [await open_store(one, deadline=PATIENCE) for one in (small, large)]
        taken: list[list[float]] = [[], []]
        try:
            for turn in range(rounds + 1):
                for place, store in enumerate(stores):
                    started = time.perf_counter()
                    seen = await workflow.overview(store, ANN.id, NOON)
                    if turn:
                        taken[place].append(time.perf_counter() - started)
                    assert len(seen.waiting.requests) == len(seen.recent.requests) == 10, seen
        finally:
            for store in stores:
                await store.close()
    few, lots = (1000 * median(one) for one in taken)
    ratio = median(large / small for small, large in zip(*taken, strict=True))
    return f"{kind}: a Home with {FEW} waiting {few:.1f} ms, with {many} {lots:.1f} ms: {ratio:.2f} x"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.homes", description="What a Home costs.")
    parser.add_argument("--quick", action="store_true", help="a few only: whether it runs, not how fast it is")
    parser.add_argument("--database", choices=KINDS, help="on this one only")
    options = parser.parse_args()
    say = sys.stdout.write
    say("\n".join(machine()) + "\n")
    with ExitStack() as closing:
        databases = Databases(Path(closing.enter_context(tempfile.TemporaryDirectory())), closing)
        for kind in [options.database] if options.database else KINDS:
            many, rounds = (100, 2) if options.quick else (MANY, ROUNDS)
            say(asyncio.run(measure(databases, kind, many, rounds)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
