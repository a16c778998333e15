from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.company import Company, at_work


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """The sample company on SQLite, over Socket Mode."""
    async with at_work(f"sqlite:///{tmp_path / 'countersign.db'}") as company:
        yield company
