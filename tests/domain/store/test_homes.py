"""Who looks at their Home: known to every replica, the last of them first, and forgotten after a while."""

from domain.audit.entries import Source
from domain.store import SqlStore
from tests.rules.build import ANN, BOB, CAT, HOUR, NOON


async def test_the_last_who_looked_and_where(store: SqlStore) -> None:
    async with store.transaction(Source.SLACK) as tx:
        await tx.homes.record_view(ANN.id, "0.0.0", NOON)
        await tx.homes.record_view(BOB.id, "7.0.0", NOON + HOUR)
        await tx.homes.record_view(CAT.id, "0.0.0", NOON + 2 * HOUR)
        await tx.homes.record_view(ANN.id, "9.0.0", NOON + 3 * HOUR)
    async with store.reading() as reading:
        assert list((await reading.homes.viewers(NOON, 2)).items()) == [(ANN.id, "9.0.0"), (CAT.id, "0.0.0")]
        assert set(await reading.homes.viewers(NOON + 2 * HOUR, 10)) == {ANN.id, CAT.id}


async def test_who_has_not_looked_for_long_is_forgotten(store: SqlStore) -> None:
    async with store.transaction(Source.SLACK) as tx:
        await tx.homes.record_view(ANN.id, "0.0.0", NOON)
        await tx.homes.record_view(BOB.id, "0.0.0", NOON + HOUR)
    async with store.transaction(Source.SLACK) as tx:
        await tx.homes.forget_views(NOON + HOUR)
    async with store.reading() as reading:
        assert set(await reading.homes.viewers(NOON, 10)) == {BOB.id}
