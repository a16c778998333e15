"""Changing one thing that is configured, on both databases; the first administrators; and requests that were left blocked."""

import pytest

from domain.approvals.profiles import ProfileId
from domain.approvals.resources import Resource, ResourceId, ResourceKind
from domain.approvals.status import WorkItemStatus
from domain.audit.entries import Action, Source
from domain.common.errors import NameTaken, NoSuchProfile, NoSuchResource, ProfileInUse
from domain.configuration.refusals import (
    ProfileChanged,
    ResourceInUse,
    WrongKind,
)
from domain.people.people import ADMINISTRATOR, Role
from domain.store import SqlStore
from domain.workflow.configuration.configure import (
    apply,
    appoint_first_administrators,
    delete_profile,
    delete_resource,
    save_profile,
    save_resource,
    unblock,
)
from tests.databases import seed
from tests.domain.configuration.states import file, pid, profile, step
from tests.domain.configuration.store import (
    ADMIN,
    CLI,
    RA,
    WEB,
    WEB_RESOURCE,
    meet_workspace,
    present,
    recorded,
    status,
    with_web,
)
from tests.domain.store.build import submitted
from tests.rules.build import NOON


@pytest.fixture(autouse=True)
async def _workspace(store: SqlStore) -> None:
    await meet_workspace(store)


# One profile at a time


async def test_a_profile_is_saved_as_versions(store: SqlStore) -> None:
    first, second = profile("web", step("BOB")).definition, profile("web", step("BOB", required=2)).definition
    for number, (definition, made) in enumerate([(first, 1), (second, 2), (second, 2), (first, 3)]):
        done = await save_profile(store, WEB, definition, NOON, by=ADMIN, source=Source.SLACK)
        version = await present(store)
        assert version is not None
        assert (version.number, version.definition) == (made, definition), number
        assert done.plan.is_empty == (number == 2)
    entries = await recorded(store)
    assert [(entry.entry.by, entry.source, entry.entry.after["version"]) for entry in entries] == [
        (ADMIN, Source.SLACK, number) for number in (1, 2, 3)
    ]
    assert entries[1].entry.before["steps"][0]["required"] == 1
    assert entries[1].entry.after["steps"][0]["required"] == 2


async def test_its_author_is_told_what_is_wrong_with_a_profile(store: SqlStore) -> None:
    done = await save_profile(
        store, WEB, profile("web", step("BOB", "GUS", required=2)).definition, NOON, by=None, source=CLI
    )
    assert done.plan.warnings == (
        "Profile web: Step 1, Security, can never be reached: it needs 2 and only one person can decide it.",
    )


async def test_who_began_from_an_older_version_is_told(store: SqlStore) -> None:
    definition = profile("web", step("BOB")).definition
    await save_profile(store, WEB, definition, NOON, by=ADMIN, source=Source.SLACK, seen=0)
    with pytest.raises(ProfileChanged, match="version 1"):
        await save_profile(store, WEB, profile("web").definition, NOON, by=ADMIN, source=Source.SLACK, seen=0)
    await save_profile(store, WEB, profile("web").definition, NOON, by=ADMIN, source=Source.SLACK, seen=1)


async def test_a_name_belongs_to_one_profile(store: SqlStore) -> None:
    await save_profile(store, WEB, profile("web", name="Web").definition, NOON, by=ADMIN, source=Source.SLACK)
    with pytest.raises(NameTaken):
        await save_profile(
            store, ProfileId("b"), profile("b", name="wEB").definition, NOON, by=ADMIN, source=Source.SLACK
        )
    assert len(await recorded(store)) == 1


async def test_saving_a_profile_opens_what_waited_for_it(store: SqlStore) -> None:
    await save_profile(store, WEB, profile("web", step()).definition, NOON, by=ADMIN, source=Source.SLACK)
    version = await present(store)
    assert version is not None
    await submitted(store, version)
    done = await save_profile(store, WEB, profile("web", step("BOB")).definition, NOON, by=ADMIN, source=Source.SLACK)
    assert done.followed == {"web": 1}
    assert await status(store, 1) == (WorkItemStatus.PENDING, 2)


async def test_a_profile_in_use_is_not_deleted_and_the_refusal_lists_what_uses_it(store: SqlStore) -> None:
    await apply(store, with_web("BOB"), NOON)
    await save_resource(store, WEB_RESOURCE, NOON, by=ADMIN, source=Source.SLACK)
    version = await present(store)
    assert version is not None
    await submitted(store, version)
    with pytest.raises(ProfileInUse, match="Web is still used by the RA profile Public and REQ-1"):
        await delete_profile(store, WEB, NOON, by=ADMIN, source=Source.SLACK)


async def test_a_deleted_profile_stays_readable_and_goes_on_counting(store: SqlStore) -> None:
    with pytest.raises(NoSuchProfile):
        await delete_profile(store, WEB, NOON, by=ADMIN, source=Source.SLACK)
    await apply(store, with_web("BOB"), NOON)
    await delete_profile(store, WEB, NOON, by=ADMIN, source=Source.SLACK)
    assert await present(store) is None
    assert (await recorded(store))[-1].entry.action is Action.PROFILE_DELETED
    await apply(store, with_web("BOB"), NOON)
    async with store.reading() as reading:
        assert [version.number for version in await reading.profiles.versions(WEB)] == [2, 1]


# One resource at a time


async def test_a_resource_names_only_what_there_is(store: SqlStore) -> None:
    issuing = Resource(key="ca", kind=ResourceKind.CERTIFICATE_AUTHORITY, name="Issuing")
    linked = Resource(key="public", kind=RA, name="Public", certificate_authority="ca")

    async def save(resource: Resource) -> None:
        await save_resource(store, resource, NOON, by=ADMIN, source=Source.SLACK)

    with pytest.raises(NoSuchResource):
        await save(linked)
    with pytest.raises(NoSuchProfile):
        await save(WEB_RESOURCE)
    await save(Resource(key="ca", kind=RA, name="No authority"))
    with pytest.raises(WrongKind, match="No authority is not a certificate authority"):
        await save(linked)
    await save(issuing)
    await save(linked)
    assert len(await recorded(store)) == 3


async def test_a_resource_that_another_names_is_not_deleted(store: SqlStore) -> None:
    resources = {
        "ca": {"kind": "certificate_authority", "name": "Issuing"},
        "public": {"kind": "ra_profile", "name": "Public", "certificate_authority": "ca"},
    }
    await apply(store, file(resources=resources), NOON)
    with pytest.raises(ResourceInUse, match="Issuing is still named by Public"):
        await delete_resource(store, ResourceId("ca"), NOON, by=ADMIN, source=Source.SLACK)
    await delete_resource(store, ResourceId("public"), NOON, by=ADMIN, source=Source.SLACK)
    await delete_resource(store, ResourceId("ca"), NOON, by=ADMIN, source=Source.SLACK)
    with pytest.raises(NoSuchResource):
        await delete_resource(store, ResourceId("ca"), NOON, by=ADMIN, source=Source.SLACK)


# The first administrators, and what was left behind


async def test_the_first_administrators_are_appointed_only_while_nobody_is_one(store: SqlStore) -> None:
    named = ["UBOB", "CAT@example.com", "UGUS", "old@example.com", "UNEW"]
    assert await appoint_first_administrators(store, named, NOON) == ()
    await seed(store, roles=[Role(key=ADMINISTRATOR, name="Administrator", holders=(pid("GUS"),))])
    assert await appoint_first_administrators(store, named, NOON) == (pid("BOB"), pid("CAT"))
    assert await appoint_first_administrators(store, ["UDAN"], NOON) == ()
    async with store.reading() as reading:
        assert await reading.people.administrators() == {pid("BOB"), pid("CAT")}
    [entry] = await recorded(store)
    assert entry.entry.subject == "role:administrator"


async def test_requests_that_were_left_blocked_are_found_again(store: SqlStore) -> None:
    first = profile("web", step())
    await seed(store, profiles=[first])
    await submitted(store, first)
    assert await unblock(store, NOON) == 0
    await seed(store, profiles=[profile("web", step("BOB"), number=2)])  # saved, and then the process died
    assert await unblock(store, NOON) == 1
    assert await status(store, 1) == (WorkItemStatus.PENDING, 2)
    assert await unblock(store, NOON) == 0
