"""Resources managed one at a time, on both databases: keys, links, nothing overwritten unseen, and dry runs."""

import pytest

from domain.approvals.profiles import Approvers, Escalation, ProfileId
from domain.approvals.resources import Resource, ResourceId, ResourceKind
from domain.audit.entries import Action, Source
from domain.common.errors import NoSuchProfile, NoSuchResource, NotAnAdministrator, OperationNotOffered
from domain.common.operations import Operation
from domain.configuration.refusals import NotAReader, ResourceChanged, ResourceExists, ResourceInUse
from domain.people.people import AUDITOR, Role
from domain.store import SqlStore
from domain.workflow.configuration.configure import create_resource, delete_resource, export, plan, save_resource
from domain.workflow.configuration.edit_conflicts import fingerprint
from domain.workflow.configuration.resource_pages import choices, dry_run, resource_list, resource_page
from tests.databases import seed
from tests.domain.configuration.states import file, pid, profile, step
from tests.domain.configuration.store import ADMIN, meet_workspace, recorded
from tests.rules.build import HOUR, NOON

RA, CA = ResourceKind.RA_PROFILE, ResourceKind.CERTIFICATE_AUTHORITY
SLACK = Source.SLACK
BOB, CAT = pid("BOB"), pid("CAT")
G2 = Resource(key="new", kind=CA, name="Issuing CA", approvals={Operation.ISSUE: "ca"})
WEB = Resource(
    key="new", kind=RA, name="Web servers", certificate_authority="issuing-ca", approvals={Operation.ISSUE: "web"}
)


@pytest.fixture(autouse=True)
async def _configured(store: SqlStore) -> None:
    await meet_workspace(store)
    await seed(
        store,
        profiles=[
            profile("web", step("BOB", "CAT"), step("CAT", name="Last")),
            profile("ca", step("BOB", required=2), step(name="Nobody yet")),
        ],
        roles=[Role(key="administrator", name="Administrator", holders=(ADMIN, BOB))],
    )
    for resource in (G2, WEB):
        await create_resource(store, resource, NOON, by=ADMIN, source=SLACK)


async def present(store: SqlStore, key: str) -> Resource:
    async with store.reading() as reading:
        resource = await reading.resources.get(ResourceId(key))
    assert resource is not None
    return resource


async def test_a_new_resource_gets_a_key_from_its_name_and_is_on_the_record(store: SqlStore) -> None:
    other = WEB.replace(description="Others")
    await create_resource(store, other, NOON, by=ADMIN, source=SLACK)
    assert (await present(store, "web-servers-2")).replace(key="new") == other
    last = (await recorded(store))[-1]
    assert (last.source, last.entry.by, last.entry.action) == (SLACK, ADMIN, Action.RESOURCE_SAVED)
    assert last.entry.subject == "resource:web-servers-2"
    assert (last.entry.before, last.entry.after["approvals"]) == ({}, {"issue": "web"})
    content = await export(store)
    assert (await plan(store, file(**content))).is_empty


async def test_what_is_named_has_to_be_there(store: SqlStore) -> None:
    with pytest.raises(NoSuchResource):
        await create_resource(store, WEB.replace(certificate_authority="gone"), NOON, by=ADMIN, source=SLACK)
    with pytest.raises(NoSuchProfile):
        await create_resource(store, WEB.replace(approvals={Operation.ISSUE: "gone"}), NOON, by=ADMIN, source=SLACK)
    with pytest.raises(ResourceInUse, match="Web servers"):
        await delete_resource(store, ResourceId("issuing-ca"), NOON, by=ADMIN, source=SLACK)


async def test_who_saves_late_is_told_who_changed_what(store: SqlStore) -> None:
    was = await present(store, "web-servers")
    seen = fingerprint(was)
    await save_resource(store, was.replace(approvals={}), NOON, by=BOB, source=SLACK, seen=seen)
    late = was.replace(name="Web servers, mine")
    with pytest.raises(
        ResourceChanged, match=r"Bob changed the resource Web servers in the meantime: unbind issue from web"
    ) as told:
        await save_resource(store, late, NOON, by=ADMIN, source=SLACK, seen=seen)
    assert told.value.key == "web-servers"
    with pytest.raises(ResourceChanged, match="unbind"):
        await delete_resource(store, was.id, NOON, by=ADMIN, source=SLACK, seen=seen)
    with pytest.raises(ResourceChanged, match="no longer what you saw"):
        await save_resource(store, late, NOON, by=ADMIN, source=SLACK, seen="0" * 16)
    now = await present(store, "web-servers")
    assert (now.name, now.approvals) == ("Web servers", {})
    await delete_resource(store, was.id, NOON, by=ADMIN, source=SLACK, seen=fingerprint(now))
    with pytest.raises(ResourceChanged, match="it is deleted"):
        await save_resource(store, late, NOON, by=ADMIN, source=SLACK, seen=fingerprint(now))


async def test_a_form_that_comes_twice_saves_once(store: SqlStore) -> None:
    before = await recorded(store)
    with pytest.raises(ResourceExists, match="Web servers, with the key web-servers"):
        await create_resource(store, WEB, NOON, by=ADMIN, source=SLACK)
    was = await present(store, "web-servers")
    for _ in range(2):
        renamed = was.replace(name="Web servers, all")
        await save_resource(store, renamed, NOON, by=ADMIN, source=SLACK, seen=fingerprint(was))
    assert len(await recorded(store)) == len(before) + 1


async def test_saving_what_is_there_changes_nothing(store: SqlStore) -> None:
    before = await recorded(store)
    was = await present(store, "web-servers")
    done = await save_resource(store, was, NOON, by=ADMIN, source=SLACK, seen=fingerprint(was))
    assert done.plan.is_empty
    assert await recorded(store) == before


async def test_a_resource_is_shown_with_what_it_names_and_what_names_it(store: SqlStore) -> None:
    page = await resource_page(store, ADMIN, ResourceId("issuing-ca"))
    assert [user.key for user in page.named_by] == ["web-servers"]
    assert page.names["profile:ca"] == "Profile ca"
    assert page.saved is not None
    assert (page.saved.entry.by, page.may_edit, page.seen) == (ADMIN, True, fingerprint(page.resource))
    listed = await resource_list(store, ADMIN, search="ISSUING")
    assert [resource.key for resource in listed.resources] == ["issuing-ca"]
    offered = await choices(store, ADMIN, RA)
    assert [resource.key for resource in offered.resources] == ["issuing-ca"]
    assert set(offered.profiles) == {"web", "ca"}
    with pytest.raises(NoSuchResource):
        await resource_page(store, ADMIN, ResourceId("gone"))


async def test_a_dry_run_gives_gates_steps_people_and_shortages_and_keeps_nothing(store: SqlStore) -> None:
    before = await recorded(store)
    tried = await dry_run(store, ADMIN, Operation.ISSUE, ResourceId("web-servers"), NOON)
    assert [(gate.gate.kind, gate.gate.profile.id) for gate in tried.gates] == [
        (RA, ProfileId("web")),
        (CA, ProfileId("ca")),
    ]
    first, second = tried.gates
    assert [(step.name, step.required, step.people, step.first) for step in first.steps] == [
        ("Security", 1, 2, (BOB, CAT)),
        ("Last", 1, 1, (CAT,)),
    ]
    assert first.warnings == ()
    assert [step.people for step in second.steps] == [1, 0]
    assert any("needs 2 and only one person can decide it" in warning for warning in second.warnings)
    assert any("has no approvers" in warning for warning in second.warnings)
    assert (await dry_run(store, ADMIN, Operation.REVOKE, ResourceId("web-servers"), NOON)).gates == ()
    with pytest.raises(OperationNotOffered):
        await dry_run(store, ADMIN, Operation.ENROLL, ResourceId("web-servers"), NOON)
    assert await recorded(store) == before
    async with store.reading() as reading:
        assert await reading.requests.open() == ()


async def test_a_dry_run_says_who_else_could_decide_once_it_escalates(store: SqlStore) -> None:
    other = Approvers(users=(BOB, ADMIN))
    escalating = [Escalation(after=hours * HOUR, approvers=other) for hours in (8, 72)]
    steps = tuple(step("BOB").replace(escalation=escalation) for escalation in escalating)
    await seed(store, profiles=[profile("web", *steps, number=2, expires_after=72 * HOUR)])
    first = (await dry_run(store, ADMIN, Operation.ISSUE, ResourceId("web-servers"), NOON)).gates[0]
    assert [(step.escalates_after, step.further, step.others) for step in first.steps] == [
        (8 * HOUR, 1, (ADMIN,)),
        (None, 0, ()),
    ]


async def test_auditors_look_and_try_and_nobody_else_does(store: SqlStore) -> None:
    await seed(store, roles=[Role(key=AUDITOR, name="Auditor", holders=(CAT,))])
    key = ResourceId("web-servers")
    assert not (await resource_page(store, CAT, key)).may_edit
    assert (await dry_run(store, CAT, Operation.ISSUE, key, NOON)).gates
    dan = pid("DAN")
    for look in (
        resource_list(store, dan),
        resource_page(store, dan, key),
        dry_run(store, dan, Operation.ISSUE, key, NOON),
    ):
        with pytest.raises(NotAReader):
            await look
    for deed in (
        choices(store, CAT, RA),
        create_resource(store, WEB, NOON, by=CAT, source=SLACK),
        save_resource(store, WEB.replace(key="web-servers"), NOON, by=CAT, source=SLACK),
        delete_resource(store, key, NOON, by=CAT, source=SLACK),
    ):
        with pytest.raises(NotAnAdministrator):
            await deed
