"""The figures as a table, and the machine they were taken on."""

import os
import platform
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.floors import disk
from tests.benchmarks.measuring import Figures

HEAD = ("what", "floor B", "floor S", "click", "ratio", "goal")


def rows(figures: Figures) -> list[tuple[str, ...]]:
    """The four rows, for one database."""
    one = figures.ratio(lambda r: _p50(r["click"].each) / (_p50(r["B"].each) + _p50(r["S"].each)))
    crowd = figures.ratio(lambda r: r["click crowd"].rate / min(r["B crowd"].rate, r["S crowd"].rate))
    together = figures.ratio(lambda r: r["together"].whole / r["apart"].whole)
    socket = figures.ratio(lambda r: _p50(r["socket"].each) / _p50(r["click"].each))
    return [
        ("one click at a time, p50", _ms(figures.p50("B")), _ms(figures.p50("S")), _ms(figures.p50("click")),
         f"{one:.2f} x (B + S)", "≤ 1.5"),
        ("16 clickers, different requests", _rate(figures.rate("B crowd")), _rate(figures.rate("S crowd")),
         _rate(figures.rate("click crowd")), f"{crowd:.2f} x the lower", "≥ 0.6"),
        ("16 clickers, one request", "", "", _ms(figures.whole("together")),
         f"{together:.2f} x 16 apart ({_ms(figures.whole('apart'))})", "≤ 3"),
        ("Socket Mode, one at a time, p50", "", "", _ms(figures.p50("socket")), f"{socket:.2f} x HTTP", "≤ 1"),
    ]  # fmt: skip


def _p50(seconds: Iterable[float]) -> float:
    ordered = sorted(seconds)
    return ordered[len(ordered) // 2]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def _rate(rate: float) -> str:
    return f"{rate:.0f}/s"


def drawn(body: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table under HEAD, its columns in line."""
    table = [HEAD, *body]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in table
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def machine() -> list[str]:
    """What it was measured on, one fact a line."""
    with tempfile.NamedTemporaryFile() as file:
        sync = disk(file, 200)
    load, *_ = os.getloadavg()
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_processor()}, {os.cpu_count()} cores, load {load:.1f} before we began",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, a write made durable in {sync * 1000:.2f} ms",
    ]


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
