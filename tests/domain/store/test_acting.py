"""Who acts, and for whom: the same in one look as in two."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from domain.people.people import Person, Standing
from domain.store import SqlStore
from domain.store.tables import delegations
from tests.databases import seed
from tests.domain.store.build import execute
from tests.rules.build import ANN, BOB, CAT, DAN, HOUR, NOON, someone

MEMBERS = [ANN, someone("Bob", groups=["pki"], roles=["officer"]), CAT, someone("Dan", standing=Standing.DEACTIVATED)]


@pytest.mark.parametrize("who", [ANN, BOB, CAT, DAN, someone("Zoe")], ids=lambda one: one.name)
@pytest.mark.parametrize("later", [-HOUR, timedelta(), HOUR - timedelta(microseconds=1), HOUR])
async def test_one_look_finds_what_two_find(store: SqlStore, database_url: str, who: Person, later: timedelta) -> None:
    await seed(store, people=MEMBERS)
    lent = [(BOB, ANN), (CAT, ANN), (DAN, ANN), (ANN, CAT)]
    execute(
        database_url,
        insert(delegations),
        [
            {
                "delegator": giver.id, "delegate": taker.id, "starts_at": NOON, "ends_at": NOON + HOUR, "reason": "",
                "revoked_at": None,
            }
            for giver, taker in lent
        ],
    )  # fmt: skip
    async with store.reading() as reading:
        person, delegators = (
            await reading.people.person(who.id),
            await reading.delegations.delegators_of(who.id, NOON + later),
        )
        assert await reading.people.acting(who.id, NOON + later) == (None if person is None else (person, delegators))
