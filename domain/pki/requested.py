"""The extensions that a CSR requests or that a certificate has."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509

from domain.pki.content import Extension
from domain.pki.summary import San, sans

_KEY_USAGES: Final = (
    ("digital_signature", "digital signature"),
    ("content_commitment", "non-repudiation"),
    ("key_encipherment", "key encipherment"),
    ("data_encipherment", "data encipherment"),
    ("key_agreement", "key agreement"),
    ("key_cert_sign", "certificate signing"),
    ("crl_sign", "CRL signing"),
)
_AGREEMENT_USAGES: Final = (("encipher_only", "encipher only"), ("decipher_only", "decipher only"))
_EXTENDED_KEY_USAGES: Final = {
    "1.3.6.1.5.5.7.3.1": "TLS server",
    "1.3.6.1.5.5.7.3.2": "TLS client",
    "1.3.6.1.5.5.7.3.3": "code signing",
    "1.3.6.1.5.5.7.3.4": "email protection",
    "1.3.6.1.5.5.7.3.8": "time stamping",
    "1.3.6.1.5.5.7.3.9": "OCSP signing",
    "1.3.6.1.4.1.311.20.2.2": "smart card logon",
    "2.5.29.37.0": "any use",
}
_EXTENSIONS: Final = {
    "2.5.29.14": "subjectKeyIdentifier",
    "2.5.29.15": "keyUsage",
    "2.5.29.16": "privateKeyUsagePeriod",
    "2.5.29.17": "subjectAltName",
    "2.5.29.18": "issuerAltName",
    "2.5.29.19": "basicConstraints",
    "2.5.29.30": "nameConstraints",
    "2.5.29.31": "cRLDistributionPoints",
    "2.5.29.32": "certificatePolicies",
    "2.5.29.33": "policyMappings",
    "2.5.29.35": "authorityKeyIdentifier",
    "2.5.29.36": "policyConstraints",
    "2.5.29.37": "extKeyUsage",
    "2.5.29.46": "freshestCRL",
    "2.5.29.54": "inhibitAnyPolicy",
    "1.3.6.1.5.5.7.1.1": "authorityInfoAccess",
    "1.3.6.1.5.5.7.1.11": "subjectInfoAccess",
    "1.3.6.1.5.5.7.1.24": "tlsFeature",
    "1.3.6.1.5.5.7.48.1.5": "ocspNoCheck",
    "1.3.6.1.4.1.311.20.2": "msCertificateTemplateName",
    "1.3.6.1.4.1.311.21.7": "msCertificateTemplate",
    "1.3.6.1.4.1.11129.2.4.2": "signedCertificateTimestamps",
}
_FEATURES: Final = {
    x509.TLSFeatureType.status_request: "must staple (an OCSP answer)",
    x509.TLSFeatureType.status_request_v2: "must staple (several OCSP answers)",
}
_POLICIES: Final = {
    "2.5.29.32.0": "any policy",
    "2.23.140.1.1": "extended validation",
    "2.23.140.1.2.1": "domain validated",
    "2.23.140.1.2.2": "organization validated",
    "2.23.140.1.2.3": "individual validated",
}
_OCTETS: Final = 32
"""How much is shown of an extension that nobody here can read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The extensions, and those values of theirs that an approver should see."""

    extensions: tuple[Extension, ...]
    sans: tuple[San, ...] = ()
    ca: bool = False
    path_length: int | None = None
    key_usage: tuple[str, ...] = ()
    extended_key_usage: tuple[str, ...] = ()
    validity: str | None = None


def asked(extensions: x509.Extensions) -> Asked:
    """What *extensions* say. Lets `cryptography`'s exceptions through where a value does not parse."""
    values = {type(found.value): found.value for found in extensions}
    san = values.get(x509.SubjectAlternativeName)
    constraints = values.get(x509.BasicConstraints)
    usage = values.get(x509.KeyUsage)
    extended = values.get(x509.ExtendedKeyUsage)
    period = values.get(x509.PrivateKeyUsagePeriod)
    return Asked(
        extensions=tuple(_extension(found) for found in extensions),
        sans=sans(san) if isinstance(san, x509.SubjectAlternativeName) else (),
        ca=isinstance(constraints, x509.BasicConstraints) and constraints.ca,
        path_length=constraints.path_length if isinstance(constraints, x509.BasicConstraints) else None,
        key_usage=_key_usage(usage) if isinstance(usage, x509.KeyUsage) else (),
        extended_key_usage=_extended(extended) if isinstance(extended, x509.ExtendedKeyUsage) else (),
        validity=_period(period) if isinstance(period, x509.PrivateKeyUsagePeriod) else None,
    )


def _extension(found: x509.Extension[x509.ExtensionType]) -> Extension:
    oid = found.oid.dotted_string
    return Extension(oid=oid, name=_EXTENSIONS.get(oid, oid), critical=found.critical, value=_said(found.value))


def _said(value: x509.ExtensionType) -> str:
    match value:
        case x509.TLSFeature():
            return ", ".join(_FEATURES[element] for element in value)
        case x509.CertificatePolicies():
            return ", ".join(
                _POLICIES.get(element.policy_identifier.dotted_string, element.policy_identifier.dotted_string)
                for element in value
            )
        case x509.NameConstraints():
            kept = (("only", value.permitted_subtrees), ("not", value.excluded_subtrees))
            return "; ".join(f"{word} {', '.join(san.text for san in sans(names))}" for word, names in kept if names)
        case x509.MSCertificateTemplate():
            version = (value.major_version, value.minor_version)
            return value.template_id.dotted_string + "".join(f" {part}" for part in version if part is not None)
        case x509.UnrecognizedExtension():
            octets = value.value
            return f"#{octets[:_OCTETS].hex()}" + ("…" if len(octets) > _OCTETS else "")
    return ""


def _key_usage(usage: x509.KeyUsage) -> tuple[str, ...]:
    known = _KEY_USAGES + (_AGREEMENT_USAGES if usage.key_agreement else ())
    return tuple(name for attribute, name in known if getattr(usage, attribute))


def _extended(usage: x509.ExtendedKeyUsage) -> tuple[str, ...]:
    return tuple(_EXTENDED_KEY_USAGES.get(oid.dotted_string, oid.dotted_string) for oid in usage)


def _period(period: x509.PrivateKeyUsagePeriod) -> str | None:
    """The only validity that a PKCS#10 request can ask for: how long the private key is to be used."""
    bounds = (("from", period.not_before), ("until", period.not_after))
    return " ".join(f"{word} {_day(bound)}" for word, bound in bounds if bound is not None) or None


def _day(at: datetime) -> str:
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
