"""What a person pasted or uploaded, and the DER inside it.

People paste PEM with text around it, PEM whose lines a form joined with spaces, bare base64, and upload files of any
of these, or of DER, or in UTF-16 because a Windows shell wrote them. And now and then they paste a private key.
"""

import base64
import binascii
import re
from typing import Final, Literal, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key

Field = Literal["csr", "certificate", "reason"]

LARGEST: Final = 64 * 1024  # bytes of input; the largest honest CSR (ML-DSA, 500 names) is under a third of it

NAMED: Final[dict[Field, str]] = {"csr": "certificate request (CSR)", "certificate": "certificate"}

PRIVATE_KEY: Final = {
    "csr": "This is a private key. Countersign did not store it, but treat the key as compromised: generate a new one, and paste "
    "only the certificate request (CSR) that you made with that.",
    "certificate": "This is a private key. Countersign did not store it, but treat the key as compromised: have its certificates "
    "revoked, and paste only the certificate.",
}


class BadMaterial(ValueError):
    """What was given cannot be asked for. The message is one sentence for the person, to be shown beside `field`.

    It never repeats the input, which may hold a secret.
    """

    def __init__(self, field: Field, message: str) -> None:
        super().__init__(message)
        self.field: Final = field
        self.message: Final = message


class Der(NamedTuple):
    """DER bytes, and the label of the PEM block they came in (empty for bare DER or base64)."""

    content: bytes
    label: str


_PRIVATE_KEY_BEGINS = re.compile(r"BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY")  # whatever became of its dashes
_BOUNDARY = re.compile(r"-----(BEGIN|END) ([A-Z0-9 ]{1,60})-----")
_PEM_LINE = 64
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
# PFX ::= SEQUENCE { version INTEGER (3), authSafe SEQUENCE … } (RFC 7292 section 4)
_PKCS12 = re.compile(rb"\A\x30.{1,5}\x02\x01\x03\x30", re.DOTALL)
# ContentInfo ::= SEQUENCE { contentType 1.2.840.113549.1.7.n, … } (RFC 5652 section 3)
_CMS = re.compile(rb"\A\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...)\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07(.)", re.DOTALL)
_CMS_LABELS = {"PKCS7", "CMS", "PKCS #7 SIGNED DATA"}
_CMS_ENCRYPTED = {3, 4, 6}
_SEQUENCE = 0x30
_JAVA_KEYSTORE = b"\xfe\xed\xfe\xed"


def der_in(field: Field, given: str | bytes) -> Der:
    """The one DER value inside *given*: PEM, base64 or (as bytes) DER.

    Raises BadMaterial for *field* where there is none, more than one, a private key, or more than 64 KiB.
    """
    if len(given) > LARGEST:
        raise BadMaterial(field, f"This is too long to be a {NAMED[field]}: the maximum is 64 KiB.")
    found = Der(given, "") if isinstance(given, bytes) and _is_der(given) else _in_text(field, _text(field, given))
    _refuse_containers(field, found)
    return found


def _refuse_containers(field: Field, found: Der) -> None:
    """What holds certificates, and perhaps keys, among other things."""
    if _PKCS12.match(found.content):
        raise BadMaterial(
            field, f"This is a PKCS#12 file, which can contain a private key. Provide only the {NAMED[field]}."
        )
    bundle = _CMS.match(found.content)
    if bundle and bundle[1][0] in _CMS_ENCRYPTED:
        raise BadMaterial(field, f"This is encrypted (CMS). Provide the {NAMED[field]} without encryption.")
    if bundle or found.label in _CMS_LABELS:
        raise BadMaterial(
            field, f"This is a PKCS#7 file, which can contain several certificates. Provide only the {NAMED[field]}."
        )


def pem(label: str, der: bytes) -> str:
    """*der* as PEM (RFC 7468) under *label*, the only spelling in which material is kept."""
    text = base64.b64encode(der).decode("ascii")
    lines = [text[at : at + _PEM_LINE] for at in range(0, len(text), _PEM_LINE)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def der(pem_text: str) -> bytes:
    """The DER inside PEM that `pem` wrote. Raises ValueError for anything else."""
    lines = pem_text.splitlines()
    content = base64.b64decode("".join(lines[1:-1]), validate=True)
    if not content or pem(lines[0].removeprefix("-----BEGIN ").removesuffix("-----"), content) != pem_text:
        raise ValueError("not PEM as it is kept here")
    return content


def holds_private_key(text: str) -> bool:
    """Whether there is the beginning of a private key in PEM anywhere in *text*, whatever became of the rest."""
    return _PRIVATE_KEY_BEGINS.search(text) is not None


def is_private_key(content: bytes) -> bool:
    """Whether *content* is a private key in DER, encrypted or not."""
    try:
        # It is only to be recognised: the check of its primes can take seconds, and nobody will use it.
        load_der_private_key(content, password=None, unsafe_skip_rsa_key_validation=True)
    except TypeError:  # it wants a password, so it is one
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _is_der(given: bytes) -> bool:
    """A SEQUENCE with a long-form length, or whose short one fits exactly: no text begins so."""
    return len(given) > 1 and given[0] == _SEQUENCE and (given[1] & 0x80 != 0 or given[1] == len(given) - 2)


def _text(field: Field, given: str | bytes) -> str:
    if isinstance(given, str):
        return given
    if given.startswith(_JAVA_KEYSTORE):
        raise BadMaterial(
            field, f"This is a Java keystore, which can contain a private key. Provide only the {NAMED[field]}."
        )
    encoding = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if given.startswith(mark)), "utf-8")
    # Text around a PEM block (openssl -text) may be in any old encoding; the block itself is ASCII.
    return given.decode(encoding, errors="replace")


def _in_text(field: Field, given: str) -> Der:
    given = given.strip().removeprefix("\ufeff")
    if holds_private_key(given):
        raise BadMaterial(field, PRIVATE_KEY[field])
    boundaries = list(_BOUNDARY.finditer(given))
    return _in_pem(field, given, boundaries) if boundaries else Der(_from_base64(field, given), "")


def _in_pem(field: Field, given: str, boundaries: list[re.Match[str]]) -> Der:
    begins = [found for found in boundaries if found[1] == "BEGIN"]
    if len(begins) > 1:
        raise BadMaterial(field, f"This contains more than one PEM block. Provide only the {NAMED[field]}.")
    if [found[1] for found in boundaries] != ["BEGIN", "END"] or boundaries[0][2] != boundaries[1][2]:
        raise BadMaterial(
            field, "This PEM block is not complete: a part is missing, or its first and last lines do not match."
        )
    begin, end = boundaries
    if begin[2] == "PGP MESSAGE":
        raise BadMaterial(field, f"This is encrypted (PGP). Provide the {NAMED[field]} without encryption.")
    return Der(_from_base64(field, given[begin.end() : end.start()]), begin[2])


def _from_base64(field: Field, text: str) -> bytes:
    if not text.strip():
        raise BadMaterial(field, f"This contains no {NAMED[field]}. Provide it as PEM, with its BEGIN and END lines.")
    try:
        content = binascii.a2b_base64("".join(text.split()).encode("ascii"), strict_mode=True)
    except ValueError:
        raise BadMaterial(
            field, f"This is not a {NAMED[field]} in PEM or base64, or a part was lost or changed when it was copied."
        ) from None
    return content
