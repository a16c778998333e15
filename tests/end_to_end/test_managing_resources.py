"""Resources managed in Slack, over the real protocol: made, bound, tried out, refused, deleted; and the file says the same."""

from domain.approvals.resources import Resource, ResourceId, ResourceKind
from domain.common.operations import Operation
from domain.workflow.configuration.configure import export, plan
from tests.domain.configuration.states import file
from tests.end_to_end.company import Company, shown, until
from tests.end_to_end.test_managing_profiles import fills, in_modal


async def present(company: Company, key: str) -> Resource | None:
    async with company.bot.store.reading() as reading:
        return await reading.resources.get(ResourceId(key))


async def test_a_resource_is_made_bound_tried_out_and_deleted(company: Company) -> None:
    ingrid = company.ingrid
    await ingrid.types("/approval resources")
    assert "Public web servers" in shown(await ingrid.opened())
    await in_modal(company, ingrid, "resource_new")
    assert "resource_name" not in shown(await ingrid.modal())
    form = await fills(company, ingrid, "resource_kind", "ra_profile")
    offered = {block["block_id"].partition(":")[0] for block in form["blocks"] if block["type"] == "input"}
    assert {field for field in offered if field.startswith("gate_")} == {
        "gate_issue",
        "gate_renew",
        "gate_rekey",
        "gate_revoke",
    }
    made = await ingrid.hands_in(
        resource_name="Mail servers", link_certificate_authority="issuing-ca-g2", gate_issue="web-servers"
    )
    assert made["acknowledged"], made
    assert "with the key mail-servers" in shown(await ingrid.modal())
    assert await present(company, "mail-servers") == Resource(
        key="mail-servers", kind=ResourceKind.RA_PROFILE, name="Mail servers", certificate_authority="issuing-ca-g2",
        approvals={Operation.ISSUE: "web-servers"},
    )  # fmt: skip

    tried = shown(await in_modal(company, ingrid, "dry_run"))
    assert "*Issue* at *Mail servers* meets 2 gates" in tried
    assert "Step 1, Security: needs 1; 2 people could decide now: <@" in tried
    assert "certificate authority Halvorsen Issuing CA G2" in tried
    await fills(company, ingrid, "dry_run_operation", "revoke")
    assert "*Revoke* at *Mail servers* meets no gate" in shown(await ingrid.modal())
    await fills(company, ingrid, "dry_run_operation", "enroll")
    assert "meets" not in shown(await ingrid.modal())
    assert (await ingrid.hands_in(dry_run_entry="onboard-devices"))["acknowledged"]
    assert "*Enroll* at *Onboard devices* meets 1 gate:" in shown(await ingrid.modal())

    await in_modal(company, ingrid, "resources")
    await in_modal(company, ingrid, "resource_open", "mail-servers")
    await in_modal(company, ingrid, "resource_edit")
    assert (await ingrid.hands_in())["acknowledged"]
    assert "Nothing changed" in shown(await ingrid.modal())
    await in_modal(company, ingrid, "resource_edit")
    assert (await ingrid.hands_in(gate_issue="-", gate_revoke="revocations"))["acknowledged"]
    bound = await present(company, "mail-servers")
    assert bound is not None
    assert bound.approvals == {Operation.REVOKE: "revocations"}
    content = await export(company.bot.store)
    assert (await plan(company.bot.store, file(**content))).is_empty
    assert "resource: mail-servers" not in shown(await in_modal(company, ingrid, "resource_delete"))
    assert "*Deleted*: Mail servers" in shown(await ingrid.modal())
    assert await present(company, "mail-servers") is None


async def test_a_rule_that_is_made_in_slack_refuses_and_outlives_the_form_without_it(company: Company) -> None:
    ingrid, nadia = company.ingrid, company.nadia
    await ingrid.types("/approval resources lab")
    await in_modal(company, ingrid, "resource_open", "lab")
    assert "No rules: any request" in shown(await ingrid.modal())
    await in_modal(company, ingrid, "rules_edit")
    assert (await ingrid.hands_in(rule_keys="Ed25519\nrsa 3072+", violation_keys="refuse"))["acknowledged"]
    page = shown(await ingrid.modal())
    assert "*Keys*: only `Ed25519`, `RSA 3072+`; anything else is refused" in page
    await in_modal(company, ingrid, "resource_edit")
    assert (await ingrid.hands_in(resource_name="Laboratory"))["acknowledged"]
    resource = await present(company, "lab")
    assert resource is not None
    assert resource.rules.keys is not None

    await nadia.types("/approval submit")
    await nadia.chooses("operation", "issue")
    answer = await nadia.hands_in(resource="lab", reason="New", csr=await company.csr())
    assert answer["answer"]["errors"] == {
        "csr": "“Laboratory” does not allow the key EC P-256, only Ed25519, RSA 3072+."
    }
    content = await export(company.bot.store)
    assert (await plan(company.bot.store, file(**content))).is_empty


async def test_what_is_used_is_not_deleted_and_nothing_is_overwritten_unseen(company: Company) -> None:
    ingrid, tomasz = company.ingrid, company.tomasz
    for who in (ingrid, tomasz):
        await who.types("/approval resources tls")
        await in_modal(company, who, "resource_open", "tls-server")
    await in_modal(company, ingrid, "resource_delete")

    async def refused() -> bool:
        return "still named by Public web servers, Staging" in shown(await ingrid.modal())

    await until(refused)
    await company.post("view_close", user=ingrid.user, view_id=(await ingrid.modal())["id"])
    for who in (ingrid, tomasz):
        await in_modal(company, who, "resource_edit")
    assert (await tomasz.hands_in(resource_name="TLS server, 200 days"))["acknowledged"]
    await ingrid.hands_in(resource_description="Mine.")
    late = shown(await ingrid.modal())
    assert "Tomasz" in late
    assert "TLS server, 398 days → TLS server, 200 days" in late
    assert "TLS server, 200 days" in shown(await in_modal(company, ingrid, "resource_open"))
    resource = await present(company, "tls-server")
    assert resource is not None
    assert resource.description == ""


async def test_auditors_look_and_try_and_others_do_not(company: Company) -> None:
    assert "Only administrators and auditors" in str(await company.nadia.types("/approval resources"))
    eleanor = company.eleanor
    await eleanor.types("/approval resources")
    assert "resource_new" not in str(await eleanor.opened())
    await in_modal(company, eleanor, "resource_open", "code-signing")
    assert "resource_edit" not in str(await eleanor.modal())
    tried = shown(await in_modal(company, eleanor, "dry_run"))
    assert "nobody could decide now" in tried
    assert "has no approvers" in tried
