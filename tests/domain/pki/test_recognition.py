"""What is found in a message or a file that somebody points at."""

import base64

import pytest

from domain.common.operations import Operation
from domain.pki import LARGEST, BadMaterial, recognise
from domain.pki.pasted import der
from tests.material_factory import certificate_pem, csr_pem, private_key_pem

CSR, CERTIFICATE = csr_pem(), certificate_pem()


def spelled(pem: str) -> str:
    """As it is kept."""
    return pem.strip() + "\n"


@pytest.mark.parametrize(
    "given",
    [
        CSR,
        f"Can you sign this?\n```{CSR}```\nThanks",
        f"```\n{CSR.replace(chr(10), ' ')}\n```",
        CSR.encode(),
        CSR.encode("utf-16"),
        b"\xef\xbb\xbf" + CSR.encode(),
        der(spelled(CSR)),
        base64.b64encode(der(spelled(CSR))).decode(),
        f"`{base64.b64encode(der(spelled(CSR))).decode()}`",
        CSR.replace("BEGIN CERTIFICATE", "BEGIN NEW CERTIFICATE").replace("END CERTIFICATE", "END NEW CERTIFICATE"),
    ],
)
def test_a_csr_is_found_however_it_was_given(given: str | bytes) -> None:
    found = recognise(given)
    assert found is not None
    assert (found.csr, found.certificate) == (spelled(CSR), None)
    assert found.operation is Operation.ISSUE


@pytest.mark.parametrize(
    "given", [CERTIFICATE, der(spelled(CERTIFICATE)), f"see {CERTIFICATE}{certificate_pem(cn='ca')}"]
)
def test_a_certificate_is_to_be_renewed_and_the_first_of_a_chain_counts(given: str | bytes) -> None:
    found = recognise(given)
    assert found is not None
    assert (found.csr, found.certificate) == (None, spelled(CERTIFICATE))
    assert found.operation is Operation.RENEW


def test_both_are_to_be_rekeyed() -> None:
    found = recognise(f"old:\n{CERTIFICATE}\nnew:\n{CSR}")
    assert found is not None
    assert (found.csr, found.certificate) == (spelled(CSR), spelled(CERTIFICATE))
    assert found.operation is Operation.REKEY


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Lunch?",
        b"",
        b"\x00\x01\x02",
        b"\x30\x03\x02\x01\x05",
        CSR[:200],
        "-----BEGIN CERTIFICATE-----\n?!\n-----END CERTIFICATE-----",
        CSR.replace("BEGIN CERTIFICATE REQUEST", "BEGIN PGP MESSAGE").replace("END CERTIFICATE REQUEST", "END PGP MESSAGE")[:120],
        "x" * (LARGEST + 1),
    ],
)  # fmt: skip
def test_what_is_neither_is_not_found(given: str | bytes) -> None:
    assert recognise(given) is None


@pytest.mark.parametrize("given", [private_key_pem(), f"{CSR}\n{private_key_pem()}", private_key_pem().encode()])
def test_a_private_key_is_named_and_nothing_else_is_looked_at(given: str | bytes) -> None:
    with pytest.raises(BadMaterial, match="This is a private key") as caught:
        recognise(given)
    assert "MII" not in caught.value.message
