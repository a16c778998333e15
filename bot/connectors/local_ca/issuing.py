"""Issues certificates for approved operations, as an issuing profile allows (RFC 5280 section 4)."""

from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from bot.connectors.local_ca.authority import BACKDATED, Authority
from bot.connectors.local_ca.profiles import IssuingProfile, NameKind, Purpose, Usage
from domain.approvals.execution import ApprovedOperation
from domain.common.operations import Operation

Holder = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey

_CURVES: Final = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_PURPOSES: Final = {
    Purpose.SERVER_AUTH: ExtendedKeyUsageOID.SERVER_AUTH,
    Purpose.CLIENT_AUTH: ExtendedKeyUsageOID.CLIENT_AUTH,
    Purpose.CODE_SIGNING: ExtendedKeyUsageOID.CODE_SIGNING,
    Purpose.EMAIL_PROTECTION: ExtendedKeyUsageOID.EMAIL_PROTECTION,
}
_UNDERSTOOD: Final = frozenset(
    {
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.SUBJECT_KEY_IDENTIFIER,
    }
)  # fmt: skip
"""Extensions that a request may ask for; what is issued has the profile's own, and the names that were asked for."""
_NAMES: Final[dict[type[x509.GeneralName], NameKind]] = {
    x509.DNSName: NameKind.DNS,
    x509.IPAddress: NameKind.IP,
    x509.RFC822Name: NameKind.EMAIL,
    x509.UniformResourceIdentifier: NameKind.URI,
}


class NotAllowed(Exception):
    """This is not issued: the message says why, to the requester and administrators."""


def issue(
    operation: ApprovedOperation, authority: Authority, profile: IssuingProfile, at: datetime, *, crl_url: str | None
) -> x509.Certificate:
    """The certificate that *operation* asks for, with a random serial number. Raises NotAllowed where *profile* does not allow it."""
    subject, key, asked = _content(operation)
    _must_be_understood(asked, profile)
    holder = _strong_enough(key, profile)
    names = _names(asked, profile)
    begins = at.replace(microsecond=0) - BACKDATED
    ends = min(begins + profile.valid_for, authority.certificate.not_valid_after_utc)
    if ends <= at:
        raise NotAllowed("The certificate authority itself has expired.")
    if not names and not list(subject):
        raise NotAllowed("The request names nobody: it has neither a subject nor an alternative name.")
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.certificate.subject)
        .public_key(holder)
        .serial_number(x509.random_serial_number())  # 159 random bits, at most 20 octets
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(profile, holder), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(holder), critical=False)
        .add_extension(authority.key_identifier, critical=False)
    )
    if profile.extended_key_usage:
        purposes = x509.ExtendedKeyUsage([_PURPOSES[usage] for usage in profile.extended_key_usage])
        builder = builder.add_extension(purposes, critical=False)
    if names:
        alternative = x509.SubjectAlternativeName(names)
        builder = builder.add_extension(alternative, critical=not list(subject))  # RFC 5280 section 4.2.1.6
    if crl_url is not None:
        where = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([where]), critical=False)
    return builder.sign(authority.key, authority.hash)


def _content(operation: ApprovedOperation) -> tuple[x509.Name, object, x509.Extensions]:
    """Whose certificate it will be, for which key, and what is asked for: by the CSR; for a renewal by today's certificate."""
    material = operation.material
    if operation.operation is Operation.RENEW and material.certificate_pem is not None:
        old = x509.load_pem_x509_certificate(material.certificate_pem.encode("ascii"))
        return old.subject, old.public_key(), old.extensions
    if material.csr_pem is None:
        raise NotAllowed("There is nothing to carry out in this request.")
    csr = x509.load_pem_x509_csr(material.csr_pem.encode("ascii"))
    return csr.subject, csr.public_key(), csr.extensions


def _must_be_understood(asked: x509.Extensions, profile: IssuingProfile) -> None:
    """What a request asks for and would not get, an approver may have approved for its own sake: it is refused, not left out."""
    ours = {
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
    }  # of the certificate that is renewed
    for extension in asked:
        if isinstance(extension.value, x509.BasicConstraints) and extension.value.ca:
            raise NotAllowed("The request is for a CA certificate. This CA never issues those.")
        if isinstance(extension.value, x509.KeyUsage) and (extension.value.key_cert_sign or extension.value.crl_sign):
            raise NotAllowed(
                "The request is for a key that signs certificates or revocation lists. This CA never issues those."
            )
        if isinstance(extension.value, x509.ExtendedKeyUsage):
            allowed = {_PURPOSES[purpose] for purpose in profile.extended_key_usage}
            if more := sorted(oid.dotted_string for oid in extension.value if oid not in allowed):
                raise NotAllowed(
                    f"The request asks for key purposes that the issuing profile does not allow: {', '.join(more)}."
                )
        if extension.oid not in _UNDERSTOOD and extension.oid not in ours:
            raise NotAllowed(
                f"The request asks for the extension {extension.oid.dotted_string}, which the issuing profile does not have."
            )


def _strong_enough(key: object, profile: IssuingProfile) -> Holder:
    match key:
        case rsa.RSAPublicKey():
            if key.key_size < profile.least_rsa:
                raise NotAllowed(
                    f"The RSA key has {key.key_size} bits, and the issuing profile requires at least "
                    f"{profile.least_rsa}."
                )
            return key
        case ec.EllipticCurvePublicKey() if isinstance(key.curve, _CURVES):
            return key
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            return key
        case _:
            raise NotAllowed("The kind of key in the request is not allowed by the issuing profile.")


def _names(asked: x509.Extensions, profile: IssuingProfile) -> list[x509.GeneralName]:
    """The alternative names, all of those that were asked for and no others."""
    found: list[x509.GeneralName] = []
    for extension in asked:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            found = list(extension.value)
    if profile.names.required and not found:
        raise NotAllowed("The issuing profile requires an alternative name, and the request has none.")
    if len(found) > profile.names.most:
        raise NotAllowed(
            f"The request has {len(found)} alternative names, and the issuing profile allows {profile.names.most}."
        )
    for name in found:
        kind = _NAMES.get(type(name))
        if kind is None or kind not in profile.names.kinds:
            raise NotAllowed(f"The issuing profile does not allow the alternative name {_shown(name)}.")
        _must_be_within(name, profile)
    return found


def _must_be_within(name: x509.GeneralName, profile: IssuingProfile) -> None:
    """Raises NotAllowed for a wildcard where none is allowed, and for what is under none of the domains."""
    if isinstance(name, x509.IPAddress):
        return
    value = _shown(name).lower()
    if "*" in value and not profile.names.wildcards:
        raise NotAllowed(f"The issuing profile allows no wildcards, and the request has {value}.")
    if isinstance(name, x509.UniformResourceIdentifier):
        host = value.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    else:
        host = value.rpartition("@")[2]
    domains = profile.names.domains
    if domains and not any(host == domain or host.endswith(f".{domain}") for domain in domains):
        raise NotAllowed(f"The issuing profile does not allow the alternative name {value}.")


def _shown(name: x509.GeneralName) -> str:
    value = name.value
    return value if isinstance(value, str) else str(value)


def _usage(profile: IssuingProfile, holder: Holder) -> x509.KeyUsage:
    """What the profile says, as far as the key can do it (RFC 3279 section 2.3.1, RFC 5480 section 3, RFC 8410 section 5)."""
    used = set(profile.key_usage)
    if not isinstance(holder, rsa.RSAPublicKey):
        used -= {Usage.KEY_ENCIPHERMENT, Usage.DATA_ENCIPHERMENT}
    if not isinstance(holder, ec.EllipticCurvePublicKey):
        used -= {Usage.KEY_AGREEMENT}
    return x509.KeyUsage(
        digital_signature=Usage.DIGITAL_SIGNATURE in used or not used,
        content_commitment=Usage.CONTENT_COMMITMENT in used,
        key_encipherment=Usage.KEY_ENCIPHERMENT in used,
        data_encipherment=Usage.DATA_ENCIPHERMENT in used,
        key_agreement=Usage.KEY_AGREEMENT in used,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
