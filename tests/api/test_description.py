"""The API holds what its description promises: schemathesis makes up calls from it, good and bad, and looks at every answer."""

import asyncio
import sys
from pathlib import Path

from domain.tokens import Scope
from tests.api.platform import platform, served

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 8
"""For each call; more of them find more: `pytest` has to end some time."""


async def test_every_answer_is_as_described(tmp_path: Path) -> None:
    async with (
        served(f"sqlite:///{tmp_path / 'c.db'}", api_rate="1000000/minute") as company,
        platform(company, *Scope) as acme,
    ):
        await acme.submits(resource="lab")
        await acme.submits()
        run = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(CONFIGURATION), "run", f"{acme.url}/v1/openapi.json"),
            *("--header", f"Authorization: {acme.authorization}"),
            *("--checks", "all", "--max-examples", str(EXAMPLES), "--seed", "1"),
            *("--generation-database", "none", "--no-color", "--workers", "1"),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await run.communicate()
    assert run.returncode == 0, said.decode()
    assert b"8/8" in said or b"Tested:" in said, said.decode()
