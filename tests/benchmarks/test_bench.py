"""The benchmark runs from end to end, and records every click that it makes. How fast it was, no test says."""

import asyncio
import re
import sys

from tests import ROOT


async def test_a_quick_run_prints_the_table() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks", "--quick", "--database", "postgresql",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    table = [[cell.strip() for cell in line.split("|")[1:-1]] for line in printed.decode().splitlines() if "|" in line]
    head, _, *body = table
    assert head == ["what", "floor B", "floor S", "click", "ratio", "goal"]
    assert len(body) == 5
    for what, floor_b, floor_s, click, ratio, goal in body:
        assert all((click, ratio, goal)), what
        floors = all(word not in what for word in ("Socket", "one request", "messages"))
        assert bool(floor_b) == bool(floor_s) == floors, what


async def test_a_quick_look_at_homes_prints_a_ratio() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.homes", "--quick", "--database", "sqlite",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    assert re.search(r"^sqlite: a Home with 20 waiting .* ms, with 100 .* ms: .* x$", printed.decode(), re.MULTILINE)
