"""The rules of resources at work, on both databases: noted or refused at submission, and out of reach of whatever is saved later."""

from typing import Any

import pytest
from sqlalchemy import text

from domain import workflow
from domain.approvals.requests import Request
from domain.approvals.resources import Resource, ResourceId, ResourceKind, ruling
from domain.audit.entries import Source
from domain.common.errors import NoSuchResource, NotAnAdministrator
from domain.common.operations import Operation
from domain.configuration.refusals import ResourceChanged
from domain.pki import BadMaterial, NoteKind, RevocationReason, Rules
from domain.store import SqlStore
from domain.workflow import Submission
from domain.workflow.configuration.configure import save_resource, save_rules
from domain.workflow.configuration.edit_conflicts import fingerprint
from domain.workflow.configuration.resource_pages import dry_run, resource_page
from tests.databases import seed
from tests.domain.configuration.states import pid, profile, step
from tests.domain.configuration.store import ADMIN, meet_workspace, recorded
from tests.domain.store.build import execute, loaded
from tests.material_factory import certificate_pem, csr_pem
from tests.rules.build import NOON

BOB, SLACK = pid("BOB"), Source.SLACK


def rules(on_violation: str = "warn", **parts: list[str]) -> Rules:
    return Rules.model_validate({name: {"allow": allow, "on_violation": on_violation} for name, allow in parts.items()})


CA = Resource(key="ca", kind=ResourceKind.CERTIFICATE_AUTHORITY, name="Issuing CA", rules=rules(issuers=["CN=Our CA"]))
WEB = Resource(
    key="web", kind=ResourceKind.RA_PROFILE, name="Public web", certificate_authority="ca",
    approvals={Operation.ISSUE: "web"}, rules=rules(keys=["RSA 3072+"], dns_names=["*.example.com"]),
)  # fmt: skip


@pytest.fixture(autouse=True)
async def _configured(store: SqlStore) -> None:
    await meet_workspace(store)
    await seed(store, profiles=[profile("web", step("CAT"))], resources=[CA, WEB])


async def asked(store: SqlStore, operation: Operation = Operation.ISSUE, at: str = "web", **more: Any) -> Request:
    material: dict[str, Any] = {
        Operation.ISSUE: {"csr": csr_pem("api.example.com", ("api.example.com",))},
        Operation.REVOKE: {"certificate": certificate_pem(), "revocation_reason": RevocationReason.SUPERSEDED},
        Operation.RENEW: {"certificate": certificate_pem()},
    }[operation]
    form = Submission(**{"operation": operation, "entry": ResourceId(at), "reason": "Because"} | material | more)
    return await workflow.submit(store, BOB, form, NOON)


async def make_rules(store: SqlStore, resource: str, new: Rules) -> None:
    await save_rules(store, ResourceId(resource), new, NOON, by=ADMIN, source=SLACK)


def notes(request: Request) -> list[str]:
    return [note.text for note in request.noted]


async def test_a_note_is_kept_with_the_request_and_no_edit_reaches_it(store: SqlStore) -> None:
    first = await asked(store)
    assert notes(first) == ["“Public web” does not allow the key EC P-256, only RSA 3072+."]
    await make_rules(store, "web", Rules())
    assert (await loaded(store, first.id)).noted == first.noted
    async with store.reading() as reading:
        submitted = (await reading.audit.chain(f"request:{first.id}"))[0].entry
    assert submitted.after["noted"] == notes(first)
    other = await asked(store, csr=csr_pem("new.example.com", ("new.example.com",)))
    assert notes(other) == []
    async with store.reading() as reading:
        assert "noted" not in (await reading.audit.chain(f"request:{other.id}"))[0].entry.after


async def test_what_is_refused_is_not_stored(store: SqlStore) -> None:
    await make_rules(store, "ca", rules("refuse", dns_names=["**.example.org"]))
    before = len(await recorded(store))
    with pytest.raises(BadMaterial) as refused:
        await asked(store)
    assert refused.value.field == "csr"
    assert refused.value.message == "“Issuing CA” does not allow the DNS name api.example.com, only **.example.org."
    async with store.reading() as reading:
        assert (await reading.lists.all()).requests == ()
    assert len(await recorded(store)) == before
    assert (await asked(store, csr=csr_pem("a.example.org", ("a.example.org",)))).id == 1, "no number was used up"


async def test_every_resource_that_is_passed_counts_gated_or_not(store: SqlStore) -> None:
    revocation = await asked(store, Operation.REVOKE)
    assert notes(revocation) == [
        "“Issuing CA” does not know the CA that issued this certificate: CN=Example Issuing CA, O=Example."
    ]


def test_the_resources_that_an_entry_leads_to() -> None:
    named = {
        kind: Resource(key=kind.value, kind=kind, name=f"A {kind}", rules=rules(keys=["EC"])) for kind in ResourceKind
    }
    ee = named[ResourceKind.END_ENTITY_PROFILE].replace(
        certificate_profile="certificate_profile", certificate_authority="other"
    )
    ra = named[ResourceKind.RA_PROFILE].replace(
        end_entity_profile=ee.key, certificate_authority="certificate_authority"
    )
    there = {resource.id: resource for resource in (*named.values(), ee, ra)}
    assert [ruled.resource for ruled in ruling(ra, there.__getitem__)] == [
        "A ra_profile", "A end_entity_profile", "A certificate_profile", "A certificate_authority",
    ]  # fmt: skip
    assert [ruled.resource for ruled in ruling(named[ResourceKind.CERTIFICATE_PROFILE], there.__getitem__)] == [
        "A certificate_profile"
    ]
    assert (
        ruling(ra.replace(rules=Rules(), end_entity_profile=None, certificate_authority=None), there.__getitem__) == ()
    )


async def test_a_certificate_that_was_revoked_here_is_noted(store: SqlStore, database_url: str) -> None:
    await make_rules(store, "ca", Rules())
    revocation = await asked(store, Operation.REVOKE)
    assert notes(await asked(store, Operation.RENEW, reason="Not yet")) == [
        "“Public web” does not allow the key EC P-256, only RSA 3072+."
    ]
    execute(database_url, text("UPDATE requests SET operation_status = 'executed', status = 'approved' WHERE id = 1"))
    execute(database_url, text("UPDATE requests SET status = 'cancelled' WHERE id = 2"))
    renewal = await asked(store, Operation.RENEW)
    assert renewal.noted[-1].kind is NoteKind.REVOKED
    assert renewal.noted[-1].text == f"Today's certificate was revoked already, by {revocation.name}."
    async with store.reading() as reading:
        assert await reading.requests.executed_for("revoke:other") is None


async def test_a_form_without_rules_leaves_them_as_they_are(store: SqlStore) -> None:
    form = WEB.replace(name="Renamed", rules=Rules())
    seen = fingerprint(WEB)
    await save_resource(store, form, NOON, by=ADMIN, source=SLACK, seen=seen, keeping=("rules",))
    async with store.reading() as reading:
        assert await reading.resources.get(ResourceId("web")) == WEB.replace(name="Renamed")


async def test_rules_are_saved_on_the_record_and_nothing_is_overwritten_unseen(store: SqlStore) -> None:
    new = rules("refuse", keys=["Ed25519"])
    await make_rules(store, "web", new)
    entry = (await recorded(store))[-1].entry
    assert entry.before["rules"]["keys"] == {"allow": ["RSA 3072+"], "on_violation": "warn"}
    assert entry.after["rules"] == {"keys": {"allow": ["Ed25519"], "on_violation": "refuse"}}
    page = await resource_page(store, ADMIN, ResourceId("web"))
    assert page.resource.rules == new
    again: dict[str, Any] = {"by": ADMIN, "source": SLACK, "seen": page.seen}
    await make_rules(store, "web", rules("refuse", keys=["EC"]))
    done = await save_rules(store, ResourceId("web"), rules("refuse", keys=["EC"]), NOON, **again)
    assert done.plan.is_empty, "the same form, delivered twice"
    with pytest.raises(ResourceChanged, match="rules keys allow"):
        await save_rules(store, ResourceId("web"), Rules(), NOON, **again)
    with pytest.raises(NoSuchResource):
        await make_rules(store, "nowhere", new)
    with pytest.raises(NotAnAdministrator):
        await save_rules(store, ResourceId("web"), Rules(), NOON, by=BOB, source=SLACK)


async def test_a_dry_run_gives_the_rules_that_apply(store: SqlStore) -> None:
    tried = await dry_run(store, ADMIN, Operation.REVOKE, ResourceId("web"), NOON)
    assert [(ruled.resource, ruled.rules) for ruled in tried.ruling] == [
        ("Public web", WEB.rules),
        ("Issuing CA", CA.rules),
    ]
