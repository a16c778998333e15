"""Slack at its worst, for a few requests; `make faults` has more of them."""

from pathlib import Path

from tests.end_to_end.company import at_work
from tests.faults.slack import slack_at_its_worst


async def test_nothing_is_lost_doubled_or_left_old(tmp_path: Path) -> None:
    async with at_work(f"sqlite:///{tmp_path / 'countersign.db'}") as company:
        outcome = await slack_at_its_worst(company, 4)
    assert outcome.held, outcome
    assert outcome.troubles, "nothing went wrong: the test proves nothing"
