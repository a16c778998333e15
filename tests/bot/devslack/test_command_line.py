"""`python -m bot.devslack`: help, errors, tokens on the screen, a clean stop."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from bot.devslack.workspace.snapshots import NAME
from tests.bot.devslack.conftest import MANIFEST, PATIENCE, WORKSPACE, free_port


async def started(*arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.devslack", *arguments, stdout=pipe, stderr=pipe
    )


async def test_help_explains() -> None:
    process = await started("--help")
    out, _ = await process.communicate()
    for word in (b"--workspace", b"--manifest", b"--port", b"--data", b"--request-url", b"127.0.0.1 only"):
        assert word in out


async def test_a_file_that_is_not_there() -> None:
    process = await started("--workspace", "nowhere.yml", "--manifest", str(MANIFEST))
    _, err = await process.communicate()
    assert process.returncode == 1
    assert b"nowhere.yml: cannot be read" in err
    assert b"Traceback" not in err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_it_prints_the_tokens_and_stops_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    port = free_port()
    process = await started(
        "--workspace", str(WORKSPACE), "--manifest", str(MANIFEST), "--port", str(port), "--data", str(tmp_path)
    )
    assert process.stdout
    assert process.stderr
    lines = [(await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode() for _ in range(6)]
    shown = "".join(lines)
    for word in (f"http://127.0.0.1:{port}/", "xoxb-devslack-test", "xapp-devslack-test", "devslack-signing-secret"):
        assert word in shown
    process.send_signal(how)
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    assert await process.stderr.read() == b""
    assert (tmp_path / NAME).exists()
