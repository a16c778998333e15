"""schemathesis, which makes up calls from the API's own description, good and bad, and holds every answer against it."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple

from domain.platforms.tokens import Scope
from tests.bot.api.platform import platform, served

CONFIGURATION: Final = Path(__file__).with_name("schemathesis.toml")


class Said(NamedTuple):
    good: bool
    report: str


async def asked(database: str, folder: Path, *, examples: int, stateful: bool) -> Said:
    """What schemathesis says of a bot at work on *database*. *examples* is how many calls of each kind it makes up, beside those that stand
    at the limits of every field; *stateful*, it also makes calls with what other calls gave.
    """
    phases = "examples,coverage,fuzzing" + (",stateful" if stateful else "")
    calmly = {"sweep_every": timedelta(seconds=5), "announce_every": timedelta(seconds=5)}
    async with served(database, api_rate="1000000/minute", **calmly) as company, platform(company, *Scope) as acme:
        await acme.submits(resource="lab")
        await acme.submits()
        run = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(CONFIGURATION), "run", f"{acme.url}/v1/openapi.json"),
            *("--header", f"Authorization: {acme.authorization}"),
            *("--checks", "all", "--max-examples", str(examples), "--phases", phases, "--seed", "1"),
            *("--generation-database", "none", "--no-color", "--workers", "1"),
            *("--suppress-health-check", "too_slow", "--request-timeout", "120"),
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await run.communicate()
    return Said(run.returncode == 0, said.decode())
