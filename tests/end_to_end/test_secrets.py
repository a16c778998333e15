"""A private key that somebody pastes by mistake is told to be one, and is nowhere afterwards: not in the database, not in the log."""

import logging
from pathlib import Path
from typing import Any

import pytest

from bot.environment.logs import WIRE, keep_wire_quiet
from tests.end_to_end.company import at_work
from tests.material_factory import private_key_pem

SAID = "This is a private key. Countersign did not store it"


def kept_in(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())


async def test_a_pasted_private_key_is_kept_and_logged_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = private_key_pem()
    levels = {name: logging.getLogger(name).level for name in WIRE}
    caplog.set_level(logging.DEBUG)
    keep_wire_quiet()
    async with at_work(f"sqlite:///{tmp_path / 'countersign.db'}") as company:
        nadia = company.nadia
        await nadia.types("/approval submit")
        await nadia.chooses("operation", "issue")

        async def hands_in(**values: str) -> Any:
            answer = await nadia.hands_in(resource="public-web", **values)
            assert answer["acknowledged"]
            return answer["answer"]["errors"]

        assert SAID in (await hands_in(csr=secret, reason="New"))["csr"]
        errors = await hands_in(csr=await company.csr(), reason=f"With its key: {secret}")
        assert "This text contains a private key" in errors["reason"]
        name = await company.submits(nadia)
        assert "contains a private key" in str(await nadia.types(f"/approval comment {name} {secret}"))
    for one, level in levels.items():
        logging.getLogger(one).setLevel(level)
    lines = secret.splitlines()[1:-1]
    kept = kept_in(tmp_path)
    assert b"portal.halvorsen.example.com" in kept, "this is where a request is kept"
    assert [line for line in lines if line.encode() in kept] == []
    assert [record for record in caplog.records if record.levelno == logging.DEBUG], (
        "it looked at what is logged with DEBUG"
    )
    assert [line for line in lines if line in caplog.text] == []
