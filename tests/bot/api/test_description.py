"""The API holds what its description promises. `make faults` asks much more of it."""

import re
from pathlib import Path

from tests.bot.api.describing import asked


async def test_every_answer_is_as_described(tmp_path: Path) -> None:
    good, report = await asked(f"sqlite:///{tmp_path / 'c.db'}", tmp_path, examples=2, stateful=False)
    assert good, report
    calls = re.search(r"Selected: (\d+)/\1\s+Tested: \1\b", report)
    assert calls is not None, report
