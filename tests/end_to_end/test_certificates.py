"""From the CSR to the certificate in the requester's hands, through a real CA: what was approved is what is executed."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from sqlalchemy import select

from bot.connectors.local_ca import key_store as keeping
from bot.demo import authority
from domain import workflow
from domain.approvals.decisions import Verdict
from domain.approvals.eligibility import capacity
from domain.approvals.requests import request_id
from domain.people.people import person_id
from domain.store.tables import handovers
from tests.domain.store.build import execute
from tests.end_to_end.company import Company, at_work, shown, until
from tests.material_factory import csr_pem, private_key

TEAM = "T01HALVORSEN"
APPROVERS = [person_id(TEAM, user) for user in ("U05SARA", "U02TOMASZ", "U03MEI", "U04KOFI", "U06DAVID")]


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """The sample company with its issuing CA."""
    authority.ready(tmp_path / "ca", datetime.now(UTC))
    database = f"sqlite:///{tmp_path / 'countersign.db'}"
    async with at_work(database, ca_folder=tmp_path / "ca", ca_passphrase=authority.PASSPHRASE) as company:
        yield company


async def approve(company: Company, name: str) -> None:
    """Everybody who may approves, until it is approved."""
    store, number = company.bot.store, request_id(name)
    for who in (*APPROVERS, *APPROVERS):
        async with store.reading() as reading:
            request = await reading.requests.get(number)
            person = await reading.people.person(who)
        assert request is not None
        assert person is not None
        if request.here is not None and capacity(request, person) is not None:
            await workflow.decide(store, who, request.here, Verdict.APPROVE, company.clock(), comment="Seen")
    company.bot.message_worker.nudge()


async def certificate_of(company: Company, name: str) -> str:
    """The PEM that Nadia sees when she presses *Certificate* on the message that tells her of the end."""
    await company.nadia.gets(f"Certificate for {name},")  # the file; only then is there nothing more to come
    told = await company.nadia.gets("Executed", name, "show_certificate")
    assert (await company.nadia.presses(told, "show_certificate"))["acknowledged"]
    modal = await until(lambda: shown_modal(company, "BEGIN CERTIFICATE"))
    found = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", modal, re.DOTALL)
    await company.post("view_close", user=company.nadia.user, view_id=(await company.nadia.modal())["id"])
    return str(found[0]) + "\n"


async def shown_modal(company: Company, word: str) -> str | None:
    modal = await company.nadia.modal()
    said = "\n".join(block["text"]["text"] for block in modal["blocks"] if "text" in block) if modal else ""
    return said if word in said else None


def openssl(folder: Path, pem: str) -> str:
    """What `openssl verify` says of *pem*, against the CA and its revocation list."""
    ca, leaf = folder / "ca" / authority.NAME, folder / "leaf.pem"
    leaf.write_text(pem)
    program = shutil.which("openssl")
    assert program is not None, "openssl is not installed"
    done = subprocess.run(  # noqa: S603 - the machine's openssl, on files of this test
        [program, "verify", "-x509_strict", "-crl_check", "-CRLfile", str(ca / keeping.CRL), "-CAfile", str(ca / keeping.CERTIFICATE),
         str(leaf)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


async def test_the_whole_way_from_the_csr_to_the_certificate_its_renewal_rekey_and_revocation(
    company: Company, tmp_path: Path
) -> None:
    name = await company.submits(company.nadia)
    await approve(company, name)
    issued = await certificate_of(company, name)
    assert ": OK" in await asyncio.to_thread(openssl, tmp_path, issued)
    message = await company.nadia.gets("Certificate for REQ-1, with its chain")
    [file] = message["files"]
    assert (file["name"], file["title"]) == ("REQ-1.pem", "Certificate of REQ-1")
    kept = company.slack.workspace.uploads.get(file["id"])
    assert kept is not None
    assert (kept.content or b"").decode().startswith(issued.strip())
    made = x509.load_pem_x509_certificate(issued.encode())
    asked = x509.load_pem_x509_csr((await company.csr()).encode())
    assert (made.subject, made.public_key()) == (asked.subject, asked.public_key())
    await company.nadia.gets("Approved", name, "Gate 1 of 2", "show_certificate")  # the message that is kept up to date

    renewal = await company.submits(company.nadia, "renew", certificate=issued)
    await approve(company, renewal)
    renewed = await certificate_of(company, renewal)
    assert x509.load_pem_x509_certificate(renewed.encode()).public_key() == made.public_key()
    assert ": OK" in await asyncio.to_thread(openssl, tmp_path, renewed)

    cn = "portal.halvorsen.example.com"
    rekey = await company.submits(
        company.nadia, "rekey", certificate=renewed, csr=csr_pem(cn, (cn,), private_key("ec", 7))
    )
    await approve(company, rekey)
    rekeyed = await certificate_of(company, rekey)
    assert x509.load_pem_x509_certificate(rekeyed.encode()).public_key() == private_key("ec", 7).public_key()

    revocation = await company.submits(company.nadia, "revoke", certificate=issued, revocation_reason="key_compromise")
    await approve(company, revocation)
    await company.nadia.gets("Executed", revocation)
    assert "certificate revoked" in await asyncio.to_thread(openssl, tmp_path, issued)
    assert ": OK" in await asyncio.to_thread(openssl, tmp_path, renewed)


async def test_what_fails_is_told_with_its_reason_and_tried_again_by_an_administrator(company: Company) -> None:
    name = await company.submits(company.nadia, cn="*.halvorsen.example.com")
    await approve(company, name)
    told = await company.nadia.gets("Failed", name, "no wildcards")
    assert "retry_operation" not in shown(told)
    assert '"resubmit"' in shown(told)
    first = await company.ingrid.gets("Failed", name, "You get this as an administrator", "retry_operation")
    assert (await company.ingrid.presses(first, "retry_operation"))["acknowledged"]

    async def second() -> Any:
        """The message about the second failure: the first one's button is gone by then."""
        found = [
            direct_message
            for direct_message in await company.ingrid.direct_messages()
            if "no wildcards" in shown(direct_message)
        ]
        with_button = [one for one in found if "retry_operation" in shown(one)]
        return with_button and with_button[-1]["ts"] != first["ts"] and len(with_button) == 1

    await until(second)
    async with company.bot.store.reading() as reading:
        assert [one.number for one in await reading.releases.of_request(request_id(name))] == [1, 2]


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("files.completeUploadExternal", {"kind": "lost_answer", "count": 1}),
        ("files.completeUploadExternal", {"kind": "error", "error": "internal_error", "count": 1}),
        ("files.getUploadURLExternal", {"kind": "rate_limit", "seconds": 1, "count": 1}),
    ],
)
async def test_the_file_comes_once_whatever_becomes_of_the_answer(
    company: Company, tmp_path: Path, method: str, fault: dict[str, Any]
) -> None:
    await company.post("faults", method=method, **fault)
    name = await company.submits(company.nadia)
    await approve(company, name)
    await company.nadia.gets(f"Certificate for {name}")

    async def settled() -> bool:
        return execute(f"sqlite:///{tmp_path / 'countersign.db'}", select(handovers.c.due_at)) == [(None,)]

    await until(settled)
    told = [direct_message for direct_message in await company.nadia.direct_messages() if direct_message.get("files")]
    assert len(told) == 1
