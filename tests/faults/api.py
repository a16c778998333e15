"""`python -m tests.faults.api [--examples N]`: calls of the HTTP API made up from its description, and what was wrong with the answers."""

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from tests.bot.api.describing import Said, asked


def main() -> None:
    """Ask, print what schemathesis says, and fail where an answer was not as described."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.api", description=__doc__)
    parser.add_argument("--examples", type=int, default=300, help="of each kind, for each call")
    examples = parser.parse_args().examples
    logging.disable(logging.ERROR)  # of what is wrong on purpose
    good, report = asyncio.run(_asked(examples))
    sys.stdout.write(report)
    sys.exit(not good)


async def _asked(examples: int) -> Said:
    with tempfile.TemporaryDirectory() as folder:
        return await asked(f"sqlite:///{folder}/c.db", Path(folder), examples=examples, stateful=True)


if __name__ == "__main__":
    main()
