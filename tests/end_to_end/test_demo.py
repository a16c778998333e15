"""`countersign demo` as a newcomer meets it: a process that says where to look, keeps its state, and stops when asked to."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests import ROOT
from tests.end_to_end.company import PATIENCE, free_port


@asynccontextmanager
async def demo(port: int, data: Path, *more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process, once it has said where its page is; not killed unless something went wrong."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from bot.cli.main import main; main()", "demo", "--port", str(port), "--data", str(data), *more,
        env={"PATH": os.environ["PATH"]}, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while (line := await process.stdout.readline()).strip() != f"http://127.0.0.1:{port}/".encode():
                assert line, "it ended before it said where its page is"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def control(port: int, what: str, **body: Any) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}/_control/{what}", json=body) as answer,
    ):
        return await answer.json()


async def ends(process: asyncio.subprocess.Process, with_signal: signal.Signals) -> int:
    """The exit code after *with_signal*."""
    process.send_signal(with_signal)
    async with asyncio.timeout(PATIENCE):
        await process.communicate()
    assert process.returncode is not None
    return process.returncode


async def test_it_is_ready_when_it_says_so_goes_on_where_it_was_and_begins_anew(tmp_path: Path) -> None:
    port = free_port()
    async with demo(port, tmp_path) as process:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as page:
            assert page.status == 200
        said = await control(port, "message", user="U07NADIA", channel="C01GENERAL", text="Good morning.")
        assert said["ok"]
        assert await ends(process, signal.SIGINT) == 0
    async with demo(port, tmp_path) as process:
        assert await said_before(port)
        assert await ends(process, signal.SIGTERM) == 0
    async with demo(port, tmp_path, "--fresh") as process:
        assert not await said_before(port)
        assert await ends(process, signal.SIGTERM) == 0


async def said_before(port: int) -> bool:
    url = f"http://127.0.0.1:{port}/_control/messages"
    query = {"channel": "C01GENERAL", "user": "U07NADIA"}
    async with aiohttp.ClientSession() as session, session.get(url, params=query) as answer:
        return "Good morning." in str(await answer.json())
