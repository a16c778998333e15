from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.company import Company, at_work
from tests.end_to_end.rights import Attempts, attempting


@pytest.fixture
async def company(sqlite_url: str) -> AsyncIterator[Company]:
    """The sample company on SQLite, over Socket Mode."""
    async with at_work(sqlite_url) as company:
        yield company


@pytest.fixture
async def attempts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Attempts]:
    async with attempting(tmp_path, monkeypatch) as attempts:
        yield attempts
