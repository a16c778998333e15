"""What came of an operation, reported by the platform that carried it out; and operations that are handed to a webhook."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import SecretStr
from standardwebhooks import Webhook

from bot.webhooks.secrets import secret
from domain.approvals.requests import request_id
from domain.platforms.tokens import Scope
from domain.platforms.webhooks import Endpoint
from domain.workflow.platforms import webhooks
from tests.bot.api.platform import Platform, platform, served
from tests.end_to_end.company import Company, until
from tests.material_factory import csr_pem, private_key

MASTER = SecretStr("a secret of at least thirty-two characters")


class Authority:
    """A platform that carries operations out: it verifies, and answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.answers: list[tuple[int, Any]] = []
        self.endpoint: Endpoint | None = None
        self.port = 0

    async def take(self, request: web.Request) -> web.Response:
        body = await request.text()
        assert self.endpoint is not None
        Webhook(secret(MASTER, self.endpoint)).verify(body, dict(request.headers))
        content = json.loads(body)
        if content["type"] != "operation.execute":
            return web.Response(status=204)
        self.heard.append({"id": request.headers["webhook-id"], **content})
        status, said = self.answers.pop(0) if self.answers else (202, None)
        if callable(said):
            said = said(content["data"]["request"]["content"]["csr"])
        return web.Response(status=status, text=json.dumps(said) if said is not None else "")


@asynccontextmanager
async def authority(company: Company, key: str = "ra") -> AsyncIterator[Authority]:
    """It, as the webhook *key*, to which the resource `lab-ca` hands what is issued at `lab`."""
    ca = Authority()
    app = web.Application()
    app.router.add_post("/hook", ca.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    ca.endpoint = await webhooks.add_endpoint(company.bot.store, Endpoint(key=key, url=url, created_at=company.clock()))
    try:
        yield ca
    finally:
        await runner.cleanup()


CONFIGURATION = """\
administrators: [U01INGRID]
resources:
  lab: {kind: ra_profile, name: Lab, certificate_authority: lab-ca}
  lab-ca: {kind: certificate_authority, name: Lab CA, connector: "webhook:ra"}
  by-hand: {kind: ra_profile, name: By hand}
"""


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    config = tmp_path / "countersign.yml"
    config.write_text(CONFIGURATION)
    async with served(
        f"sqlite:///{tmp_path / 'c.db'}", config=config, webhook_secret=MASTER, webhook_allow=(ip_network("127.0.0.1"),)
    ) as company:
        yield company


def certificate(csr: str) -> str:
    """A certificate for the key of *csr*, as somebody's CA may issue it."""
    asked = x509.load_pem_x509_csr(csr.encode())
    made = (
        x509.CertificateBuilder()
        .subject_name(asked.subject)
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Somebody's CA")]))
        .public_key(asked.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=30))
    )
    key = private_key("ec", 1)
    assert isinstance(key, EllipticCurvePrivateKey)
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


async def submitted(acme: Platform, resource: str) -> Any:
    made = await acme.submits(resource=resource, csr=csr_pem(cn="api.example.com", sans=("api.example.com",)))
    assert made.status == 201, made
    return made.body


async def came(acme: Platform, name: str, status: str) -> Any:
    async def look() -> Any:
        body = (await acme.calls("GET", f"/requests/{name}")).body
        return body if body["operation_status"] == status else None

    return await until(look)


async def test_a_platform_does_it_by_hand_and_reports(company: Company) -> None:
    async with platform(company) as acme, platform(company, client="other") as other:
        made = await submitted(acme, "by-hand")
        pem = certificate(made["content"]["csr"])
        result = {"status": "executed", "digest": made["content"]["digest"], "certificate": pem}
        where = f"/requests/{made['id']}"
        assert (await other.calls("POST", f"{where}/result", json=result)).status == 404
        assert (await acme.calls("GET", f"{where}/certificate")).status == 404
        wrong = await acme.calls("POST", f"{where}/result", json={**result, "digest": "0" * 64})
        assert (wrong.status, wrong.body["type"]) == (422, "urn:countersign:problem:other_content")
        bad = await acme.calls("POST", f"{where}/result", json={**result, "certificate": "nothing"})
        assert (bad.status, bad.body["errors"][0]["pointer"]) == (422, "/certificate")
        done = await acme.calls("POST", f"{where}/result", json=result)
        assert (done.status, done.body["operation_status"]) == (200, "executed")
        serial = x509.load_pem_x509_certificate(pem.encode()).serial_number
        assert int(done.body["execution"]["serial"].replace(":", ""), 16) == serial
        assert (await acme.calls("POST", f"{where}/result", json=result)).status == 200
        other_word = {"status": "failed", "digest": result["digest"], "reason": "It was not."}
        over = await acme.calls("POST", f"{where}/result", json=other_word)
        assert (over.status, over.body["type"]) == (409, "urn:countersign:problem:operation_over")
        assert (await acme.calls("GET", f"{where}/certificate")).body == {"certificate": pem, "chain": ""}
    await company.nadia.gets(made["id"], "ertificate")


async def test_a_certificate_for_another_key_is_not_what_was_approved(company: Company) -> None:
    async with platform(company) as acme:
        made = await submitted(acme, "by-hand")
        pem = certificate(csr_pem(cn="api.example.com", sans=("api.example.com",), key=private_key("ec", 1)))
        result = {"status": "executed", "digest": made["content"]["digest"], "certificate": pem}
        done = await acme.calls("POST", f"/requests/{made['id']}/result", json=result)
        assert done.body["operation_status"] == "failed"
        assert "a different key" in done.body["execution"]["reason"]


async def test_a_webhook_carries_it_out_at_once_or_says_so_later(company: Company) -> None:
    async with authority(company) as ca, platform(company) as acme, platform(company, Scope.REPORT, client="ra") as ra:
        ca.answers = [(200, lambda csr: {"status": "executed", "certificate": certificate(csr)})]
        made = await submitted(acme, "lab")
        await came(acme, made["id"], "executed")
        [heard] = ca.heard
        assert heard["data"]["operation"]["digest"] == made["content"]["digest"]
        assert heard["id"] == heard["data"]["operation"]["key"]

        made = await submitted(acme, "lab")  # accepted, reported later by the platform of the same name

        async def handed() -> bool:
            async with company.bot.store.reading() as reading:
                [release] = await reading.releases.of_request(request_id(made["id"]))
            return release.accepted_at is not None

        await until(handed)
        result = {"status": "failed", "digest": made["content"]["digest"], "reason": "The HSM is on fire."}
        where = f"/requests/{made['id']}/result"
        mine = await acme.calls("POST", where, json=result)
        assert (mine.status, mine.body["type"]) == (403, "urn:countersign:problem:not_handed_to_you")
        done = await ra.calls("POST", where, json=result)
        assert (done.status, done.body["operation_status"]) == (200, "failed"), done
    await company.nadia.gets(made["id"], "The HSM is on fire.")


async def test_whatever_a_webhook_answers_it_is_asked_under_the_same_key(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    async with authority(company) as ca, platform(company) as acme:
        ca.answers = [
            (500, None),
            (200, {"status": "executed", "certificate": "not one"}),
            (429, None),
            (200, {"status": "failed", "reason": "No."}),
        ]
        made = await submitted(acme, "lab")

        async def ended() -> Any:
            company.clock.ahead += timedelta(seconds=1)  # the pauses between two attempts pass quickly
            body = (await acme.calls("GET", f"/requests/{made['id']}")).body
            return body if body["operation_status"] == "failed" else None

        body = await until(ended)
        assert body["execution"]["reason"] == "No."
        assert len(ca.heard) == 4
        assert len({one["id"] for one in ca.heard}) == 1
    said = [record for record in caplog.records if record.name == "bot.environment.outbox"]
    assert [one.exc_info for one in said] == [None, None], "no answer of a receiver's looks like a crash"
    assert "Webhook ra answered 500." in said[0].message
    assert "The answer of webhook ra could not be read." in said[1].message
