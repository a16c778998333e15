"""The example in the docs does what it says: a script with openssl issues only what was approved in Slack."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from domain.platforms.tokens import Scope
from tests import ROOT
from tests.bot.api.platform import NADIA, platform, served

SCRIPT = ROOT / "docs" / "examples" / "gated-issuance.sh"

lacking = [name for name in ("sh", "curl", "openssl", "python3") if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(
    bool(lacking) and "CI" not in os.environ, reason=f"the example is a script for {', '.join(lacking)}; CI has them"
)


async def openssl(*words: str, cwd: Path) -> str:
    run = await asyncio.create_subprocess_exec(
        "openssl", *words, cwd=cwd, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await run.communicate()
    assert run.returncode == 0, said.decode()
    return said.decode()


async def test_a_script_issues_what_was_approved_and_reports_it(tmp_path: Path) -> None:
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    await openssl(
        "req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Example CA", cwd=tmp_path
    )
    await openssl(
        *("req", "-new", *new_key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=www.example.com"),
        *("-addext", "subjectAltName=DNS:www.example.com"),
        cwd=tmp_path,
    )
    async with (
        served(f"sqlite:///{tmp_path / 'c.db'}") as company,
        platform(company, Scope.SUBMIT, Scope.READ, Scope.REPORT) as acme,
    ):

        async def started(reason: str) -> asyncio.subprocess.Process:
            return await asyncio.create_subprocess_exec(
                *(str(SCRIPT), "server.csr", "ca.pem", "ca.key", "server.pem", reason),
                cwd=tmp_path,
                env={
                    "PATH": os.environ["PATH"],
                    "COUNTERSIGN_URL": acme.url,
                    "COUNTERSIGN_TOKEN": acme.authorization.removeprefix("Bearer "),
                    "REQUESTER": NADIA,
                    "RESOURCE": "staging-web",
                    "POLL_SECONDS": "0.2",
                },
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )

        nothing, _ = await (await started("")).communicate()
        assert b'"pointer":"/reason"' in nothing, nothing.decode()
        run = await started("The old one ends on Friday.")
        asked = await company.tomasz.gets("Approval needed: issue", "www.example.com")
        assert not (tmp_path / "server.pem").exists()
        await company.tomasz.presses(asked, "approve")
        said, _ = await run.communicate()
        assert run.returncode == 0, said.decode()
        assert "Issued: server.pem" in said.decode()
        await company.nadia.gets("REQ-1", "ertificate")
        assert (await acme.calls("GET", "/requests/REQ-1")).body["operation_status"] == "executed"
        issued = (tmp_path / "server.pem").read_bytes()
        again = await started("The old one ends on Friday.")
        refused, _ = await again.communicate()
        assert (again.returncode, refused) == (
            1,
            b"REQ-1 is executed already. Give another reason to ask anew.\n",
        )
        assert (tmp_path / "server.pem").read_bytes() == issued, "one approval, one certificate"
    shown = await openssl("verify", "-CAfile", "ca.pem", "server.pem", cwd=tmp_path)
    assert shown.strip() == "server.pem: OK"
