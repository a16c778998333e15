"""Which object a request is about, so that at most one request about it is open (SPEC.md section 3)."""

import hashlib
import json
import unicodedata
from typing import Final

from cryptography import x509

from domain.common.operations import Operation
from domain.pki.content import Material
from domain.pki.facts import unwarned
from domain.pki.pasted import der

_FAMILY: Final = {
    Operation.ENROLL: "enroll",
    Operation.RE_ENROLL: "enroll",  # one key space: a subject that has an open enrollment can neither enroll nor re-enroll
    Operation.ISSUE: "issue",
    Operation.RENEW: "renew",
    Operation.REKEY: "rekey",
    Operation.REVOKE: "revoke",
}


def object_key(material: Material) -> str:
    """The key of "at most one open request per operation and object": the operation's family, a colon, 64 hex digits.

    The object is the certificate (issuer and serial) for renew, rekey and revoke; the key and the subject of the CSR
    for issue; the subject alone for enroll and re-enroll. Where the subject is empty, the alternative names are the
    subject (RFC 5280 section 4.1.2.6). Names are compared as RFC 5280 section 7.1 does, so neither case nor the kind of
    string makes another object.
    """
    return f"{_FAMILY[material.operation]}:{hashlib.sha256(json.dumps(_object(material)).encode('ascii')).hexdigest()}"


def revocation_key(material: Material) -> str | None:
    """The `object_key` that a request to revoke today's certificate has; None where the material has no certificate."""
    if material.certificate_pem is None:
        return None
    return f"{_FAMILY[Operation.REVOKE]}:{object_key(material).partition(':')[2]}"


def keys_on_same_object(material: Material) -> frozenset[str]:
    """The `object_key` of every operation on the same object: what is done to a certificate in one way bears on the others."""
    family, _, thing = object_key(material).partition(":")
    of_a_certificate = {_FAMILY[operation] for operation in (Operation.RENEW, Operation.REKEY, Operation.REVOKE)}
    families = of_a_certificate if family in of_a_certificate else {family}
    return frozenset(f"{family}:{thing}" for family in families)


def _object(material: Material) -> list[object]:
    with unwarned():
        if material.certificate_pem is not None:
            certificate = x509.load_der_x509_certificate(der(material.certificate_pem))
            return [_comparable(certificate.issuer), certificate.serial_number]
        if material.csr_pem is None:
            raise ValueError("material without a CSR or a certificate")  # unreachable: Material does not allow it
        subject = _comparable(x509.load_der_x509_csr(der(material.csr_pem)).subject)
    named: list[object] = [subject] if subject else [[], sorted({san.text.casefold() for san in material.sans})]
    return [*named, material.spki_sha256] if material.operation is Operation.ISSUE else named


def _comparable(name: x509.Name) -> list[list[tuple[str, str]]]:
    return [sorted((part.oid.dotted_string, _prepared(part.value)) for part in rdn) for rdn in name.rdns]


def _prepared(value: str | bytes) -> str:
    """*value* as it is compared: compatible characters one, case and runs of spaces of no account (RFC 4518 section 2)."""
    if isinstance(value, bytes):
        return f"#{value.hex()}"
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return " ".join(folded.split())
