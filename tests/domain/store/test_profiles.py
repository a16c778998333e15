"""Profiles and their versions."""

import asyncio

import pytest

from domain.approvals.profiles import Notify, ProfileId, ProfileVersion
from domain.audit.entries import Source
from domain.common.errors import Conflict, NameTaken
from domain.people.people import RoleId
from domain.store import SqlStore
from tests.databases import seed
from tests.rules.build import ANN, BOB, HOUR, NOON, approvers, profile, step

FIRST = profile(
    step(ANN, groups=["security"], roles=["pki"], notify=Notify(channel="C123", silent=approvers(BOB))),
    step(name="Later", required=2),
    description="For the web",
    expires_after=HOUR,
    comment_required="always",
)


async def saved(store: SqlStore, version: ProfileVersion) -> None:
    async with store.transaction(Source.CLI) as tx:
        await tx.profiles.save(version)


def edited(version: ProfileVersion, **changes: object) -> ProfileVersion:
    after = version.next(version.definition.replace(**changes))
    assert after is not None
    return after


async def test_every_version_stays_readable_and_the_present_one_is_listed(store: SqlStore) -> None:
    second = edited(FIRST, steps=(step(BOB),))
    third = edited(second, name="Another name")
    for version in (FIRST, second, third):
        await saved(store, version)
    async with store.reading() as reading:
        assert await reading.profiles.get(FIRST.id) == third
        assert await reading.profiles.version(FIRST.id, 1) == FIRST
        assert await reading.profiles.version(FIRST.id, 4) is None
        assert await reading.profiles.versions(FIRST.id) == (third, second, FIRST)
        assert await reading.profiles.listed() == (third,)
        assert await reading.profiles.get(ProfileId("none")) is None
        assert await reading.profiles.versions(ProfileId("none")) == ()


async def test_they_are_listed_by_name(store: SqlStore) -> None:
    names = {"one": "beta", "two": "Alpha", "three": "Ärger", "four": "gamma"}
    await seed(store, profiles=[profile(step(ANN), key=key, name=name) for key, name in names.items()])
    async with store.reading() as reading:
        assert [one.name for one in await reading.profiles.listed()][:3] == ["Alpha", "beta", "gamma"]


@pytest.mark.parametrize("number", [1, 3])
async def test_a_number_that_is_not_the_next_is_a_conflict(store: SqlStore, number: int) -> None:
    await saved(store, FIRST)
    with pytest.raises(Conflict):
        await saved(store, FIRST.replace(number=number))
    await saved(store, edited(FIRST, name="Next"))
    with pytest.raises(Conflict):
        await saved(store, edited(FIRST, name="Also next"))


async def test_two_who_save_at_the_same_moment(store: SqlStore) -> None:
    await saved(store, FIRST)
    answers = await asyncio.gather(
        *(saved(store, edited(FIRST, name=f"Name {number}")) for number in range(4)), return_exceptions=True
    )
    assert sorted(map(repr, answers)) == ["Conflict()"] * 3 + ["None"]


@pytest.mark.parametrize("name", ["Profile web", "PROFILE WEB", " profile Web "])
async def test_a_name_is_taken_without_regard_to_case(store: SqlStore, name: str) -> None:
    await saved(store, profile(step(ANN), key="web"))
    with pytest.raises(NameTaken, match="Another approval profile is already called"):
        await saved(store, profile(step(ANN), key="other", name=name))
    await saved(store, profile(step(ANN), key="other", name="Something else"))
    with pytest.raises(NameTaken):
        await saved(store, profile(step(ANN), key="other", number=2, name=name))


async def test_case_is_folded_beyond_ascii(store: SqlStore) -> None:
    await saved(store, profile(step(ANN), key="one", name="Straße"))
    with pytest.raises(NameTaken):
        await saved(store, profile(step(ANN), key="two", name="STRASSE"))


async def test_a_profile_keeps_its_own_name(store: SqlStore) -> None:
    await saved(store, FIRST)
    await saved(store, edited(FIRST, name=FIRST.name.upper()))
    async with store.reading() as reading:
        present = await reading.profiles.get(FIRST.id)
    assert present is not None
    assert present.name == FIRST.name.upper()


async def test_a_deleted_one_is_off_the_list_its_name_is_free_and_its_history_readable(store: SqlStore) -> None:
    await saved(store, FIRST)
    async with store.transaction(Source.CLI) as tx:
        await tx.profiles.delete(FIRST.id, NOON)
        assert await tx.profiles.get(FIRST.id) is None
    async with store.reading() as reading:
        assert await reading.profiles.get(FIRST.id) is None
        assert await reading.profiles.listed() == ()
        assert await reading.profiles.version(FIRST.id, 1) == FIRST
        assert await reading.profiles.versions(FIRST.id) == (FIRST,)
    await saved(store, profile(step(ANN), key="heir", name=FIRST.name))
    with pytest.raises(Conflict):
        await saved(store, FIRST)  # its numbers go on where they ended
    with pytest.raises(NameTaken):
        await saved(store, edited(FIRST, description="Back"))
    back = edited(FIRST, name="Back again")
    await saved(store, back)
    async with store.reading() as reading:
        assert await reading.profiles.get(FIRST.id) == back


async def test_versions_are_read_once_and_shared(store: SqlStore) -> None:
    await saved(store, FIRST)
    async with store.reading() as reading:
        one = await reading.profiles.get(FIRST.id)
    async with store.reading() as reading:
        assert await reading.profiles.version(FIRST.id, 1) is one


async def test_nobody_is_named_twice(store: SqlStore) -> None:
    twice = profile(step(ANN, ANN, roles=["pki", "pki"]))
    assert twice.steps[0].approvers.roles == (RoleId("pki"),)
    await saved(store, twice)
    async with store.reading() as reading:
        assert await reading.profiles.get(twice.id) == twice
