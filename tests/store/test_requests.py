"""Requests are read back as they were saved, whatever happened to them."""

from domain.audit import Source
from domain.decisions import Verdict
from domain.moves import comment, decide
from domain.people import Person
from domain.requests import Request, RequestId
from domain.store import SqlStore
from tests.databases import seed
from tests.rules.build import ANN, BOB, CAT, HOUR, NOON, here, profile, step, submission

TWO_STEPS = profile(step(ANN, BOB, required=2), step(CAT, name="PKI"), expires_after=24 * HOUR)
SECOND_GATE = profile(step(BOB), key="ca")


async def test_a_request_comes_back_as_it_was_saved(store: SqlStore) -> None:
    await seed(store, profiles=[TWO_STEPS, SECOND_GATE])
    change = submission(TWO_STEPS, SECOND_GATE)
    async with store.transaction(Source.SLACK) as tx:
        saved = await tx.save(change)
        assert await tx.request(saved.id) == saved
    assert saved == change.request.replace(version=1)
    async with store.reading() as reading:
        assert await reading.request(saved.id) == saved
        assert await reading.request(RequestId(999)) is None


async def decided(store: SqlStore, request: RequestId, by: Person, verdict: Verdict = Verdict.APPROVE) -> Request:
    """What is saved when *by* decides where *request* stands now."""
    async with store.transaction(Source.SLACK) as tx:
        found = await tx.request_for_update(request)
        assert found is not None
        return await tx.save(decide(found, by, verdict, NOON, on=here(found), comment="Fine"))


async def test_every_move_comes_back(store: SqlStore) -> None:
    await seed(store, profiles=[TWO_STEPS, SECOND_GATE])
    async with store.transaction(Source.SLACK) as tx:
        saved = await tx.save(submission(TWO_STEPS, SECOND_GATE))
    for by in (ANN, BOB, CAT, BOB):
        saved = await decided(store, saved.id, by)
        async with store.transaction(Source.SLACK) as tx:
            saved = await tx.save(comment(saved, by, "Said and done", NOON))
        async with store.reading() as reading:
            assert await reading.request(saved.id) == saved
    assert saved.status.is_closed
    assert saved.version == 9
