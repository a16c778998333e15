"""What a local CA says: to requesters, why something is not issued; to whoever runs it, what is wrong with its files."""

from collections.abc import Sequence
from typing import Final

NO_CA: Final = "The request asks to be a certificate authority, which is never issued here."
NO_SIGNING: Final = "The request asks to sign certificates or revocation lists, which is never issued here."
CA_EXPIRED: Final = "The certificate authority itself has expired."
NAMELESS: Final = "The request names nobody: it has neither a subject nor an alternative name."
NOTHING_TO_ISSUE: Final = "There is nothing in this request to carry out."
KEY_NOT_ALLOWED: Final = "The kind of key in the request is not allowed by the issuing profile."
NO_NAMES: Final = "The issuing profile requires an alternative name, and the request has none."
NOT_DONE: Final = "This has not been carried out."
RAN_OUT: Final = "The approval ran out before this could be carried out."
REVOKED_ALREADY: Final = "The certificate authority has revoked this certificate before."
EXPIRED: Final = "The certificate has expired."
NOT_OURS: Final = "This certificate authority did not issue the certificate."
PURPOSE: Final = (
    "A local CA is for trying out and for small private PKIs. Its key lies encrypted on this disk, and whoever has the "
    "disk and the passphrase can issue in its name. It has no OCSP, no hardware key and no auditor."
)


def no_profile(certificate_profile: str) -> str:
    of = f" for the certificate profile {certificate_profile}" if certificate_profile else ""
    return f"The certificate authority has no issuing profile{of}."


def rsa_too_short(bits: int, least: int) -> str:
    return f"The RSA key has {bits} bits, and the issuing profile requires at least {least}."


def purposes_not_allowed(purposes: Sequence[str]) -> str:
    return f"The request asks for key purposes that the issuing profile does not allow: {', '.join(purposes)}."


def extension_not_allowed(oid: str) -> str:
    return f"The request asks for the extension {oid}, which the issuing profile does not have."


def too_many_names(number: int, most: int) -> str:
    return f"The request has {number} alternative names, and the issuing profile allows {most}."


def name_not_allowed(name: str) -> str:
    return f"The issuing profile does not allow the alternative name {name}."


def wildcard_not_allowed(name: str) -> str:
    return f"The issuing profile allows no wildcards, and the request has {name}."


# To whoever runs it


def unreadable(path: str, why: str) -> str:
    return f"{path} cannot be read: {why}."


def unwritable(path: str, why: str) -> str:
    return f"{path} cannot be written: {why}."


def no_certificate(path: str) -> str:
    return f"{path} is not a certificate in PEM."


def no_passphrase(name: str) -> str:
    return f"COUNTERSIGN_CA_PASSPHRASE is not set. It opens the key of the local CA {name}."


def no_passphrase_yet() -> str:
    return "COUNTERSIGN_CA_PASSPHRASE is not set, or shorter than 12 characters. The key of the new CA is encrypted with it."


def wrong_passphrase(path: str) -> str:
    return f"{path} does not open with COUNTERSIGN_CA_PASSPHRASE."


def keys_differ(path: str) -> str:
    return f"In {path} the key is not that of the certificate, or of a kind that a local CA does not have."


def no_yaml(path: str, why: str) -> str:
    return f"{path}: is not YAML: {why}"


def wrong_file(path: str, where: str, why: str) -> str:
    return f"{path}: {where}: {why}"


def exists(path: str) -> str:
    return f"{path} exists. A CA is made once; choose another name."


def no_name(name: str) -> str:
    return f"{name!r} cannot be the name of a CA: use a-z, 0-9, dot, dash and underscore, 47 at most."


def no_subject(subject: str) -> str:
    return f"{subject!r} is no name. Write it as in: CN=Example Issuing CA,O=Example"


def unknown(name: str, known: Sequence[str], folder: str) -> str:
    there = ", ".join(known) or "none"
    return f"There is no local CA {name} in {folder}. There: {there}."


def made(subject: str, sha256: str, until: str, folder: str, name: str) -> str:
    """What `ca init` prints."""
    return (
        f"Made {subject}, valid until {until}, in {folder}.\n"
        f"SHA-256 of its certificate: {sha256}\n\n"
        f"{PURPOSE}\n\n"
        f"Have it carry out what is approved: at the resource of kind certificate_authority, write\n"
        f"    connector: local-ca:{name}\n"
        f"What it issues stands in {folder}/ca.yml; clients trust {folder}/ca.pem.\n"
    )


def listed(number: int, revoked: int, until: str, path: str) -> str:
    """What `ca crl` prints."""
    return f"Revocation list {number} with {revoked} {'certificate' if revoked == 1 else 'certificates'}, valid until {until}, in {path}."


FILE: Final = """\
# What this CA issues. Every key is described in docs/local-ca.md.

# profiles:
#   device: {valid_for: 2d, extended_key_usage: [client_auth], names: {kinds: [dns], domains: [example.com]}}

# certificate_profiles:      # which issuing profile belongs to which certificate profile (a resource's key)
#   device-identity: client

otherwise: server            # for all others; null refuses them
crl_for: 7d
"""
