from collections.abc import AsyncIterator

import pytest

from tests.end_to_end.company import Company, at_work


@pytest.fixture
async def company(sqlite_url: str) -> AsyncIterator[Company]:
    """The sample company on SQLite, over Socket Mode."""
    async with at_work(sqlite_url) as company:
        yield company
