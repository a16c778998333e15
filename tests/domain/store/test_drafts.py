"""Drafts of profiles are kept as they are, and forgotten when nobody touches them; and what the record says about one thing."""

from datetime import datetime

from domain.approvals.profile_drafts import KEPT, Draft, DraftId
from domain.audit.entries import Action, AuditEntry, Source
from domain.store import SqlStore
from tests.rules.build import ANN, BOB, INSTANT, NOON, step

MINE = Draft(person=ANN.id, steps=(step(ANN, groups=["security"]), step(name="Later", required=2)))


async def kept(store: SqlStore, draft: Draft, at: datetime = NOON) -> None:
    async with store.transaction(Source.SLACK) as tx:
        await tx.profiles.save_draft(draft, at)


async def found(store: SqlStore, id: DraftId) -> Draft | None:
    async with store.reading() as reading:
        return await reading.profiles.draft(id)


async def test_a_draft_is_found_by_what_it_says(store: SqlStore) -> None:
    await kept(store, MINE)
    await kept(store, MINE)
    assert await found(store, MINE.id) == MINE
    assert await found(store, DraftId("0" * 32)) is None


def test_another_person_or_another_step_is_another_draft() -> None:
    assert len(MINE.id) == 32
    assert MINE.id == MINE.replace().id
    assert len({MINE.id, MINE.replace(person=BOB.id).id, MINE.replace(steps=MINE.steps[::-1]).id}) == 3


async def test_one_that_nobody_touched_for_long_is_forgotten(store: SqlStore) -> None:
    other = MINE.replace(person=BOB.id)
    await kept(store, MINE, NOON)
    await kept(store, other, NOON + KEPT)
    assert await found(store, MINE.id) == MINE
    await kept(store, other, NOON + KEPT + INSTANT)
    assert await found(store, MINE.id) is None
    assert await found(store, other.id) == other


async def test_the_record_about_one_thing(store: SqlStore) -> None:
    entries = [
        AuditEntry(action=Action.PROFILE_SAVED, subject=f"profile:{key}", at=NOON, after={"version": number})
        for number, key in enumerate(["web", "ca", "web"], 1)
    ]
    async with store.transaction(Source.SLACK) as tx:
        for entry in entries:
            await tx.audit.record(entry)
    async with store.reading() as reading:
        about = await reading.audit.about("profile:web")
        assert [one.entry for one in about] == [entries[0], entries[2]]
        assert [one.number for one in about] == [1, 3]
        assert await reading.audit.about("profile:none") == ()
