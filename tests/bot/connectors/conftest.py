"""Something to deliver to, and a request or two."""

import pytest

from domain.store import SqlStore
from tests.bot.connectors.bench import GATE, SHORT, Bench
from tests.databases import seed
from tests.rules.build import ADMIN, ANN, REQUESTER


@pytest.fixture
async def bench(store: SqlStore) -> Bench:
    await seed(store, people=[ANN, REQUESTER, ADMIN], profiles=[GATE, SHORT])
    return Bench(store)
