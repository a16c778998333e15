"""The rules of a resource: what they say, and the form for them. Values are mrkdwn of ours."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from bot.slack.kit.texts.grammar import row
from domain.pki import OnViolation
from domain.pki.rules.rules import MOST_PATTERNS

NONE: Final = "There are no rules here: whatever can be read may be asked for."
PATTERNS: Final = "One a line. A star stands for any characters in one label: *.example.com is one level below, **.example.com any depth."

CHOICES: Final[Mapping[OnViolation | None, str]] = {
    None: "No rule",
    OnViolation.WARN: "Warn the approvers",
    OnViolation.REFUSE: "Refuse the request",
}


class Words(NamedTuple):
    """How a rule is called, and how its field is filled in."""

    label: str
    """Of the field, or of the choice where the rule has nothing to fill in."""
    otherwise: str = ""
    """Of the choice of what happens to the rest."""
    hint: str = ""
    placeholder: str = ""


WORDS: Final[Mapping[str, Words]] = {
    "keys": Words(
        "Keys that are allowed",
        "Other keys",
        "One a line: RSA 3072 (exactly), RSA 3072+ (at least), RSA 2048-4096, EC P-256, Ed25519, Ed448.",
        "RSA 3072+",
    ),
    "dns_names": Words("DNS names that are allowed", "Other DNS names", PATTERNS, "**.example.com"),
    "email_addresses": Words(
        "E-mail addresses that are allowed", "Other e-mail addresses", "One a line, with stars as in DNS names.", "*@example.com"
    ),
    "ip_addresses": Words(
        "IP addresses that are allowed", "Other IP addresses", "One network or address a line.", "10.0.0.0/8"
    ),
    "subject": Words(
        "What the subject may say",
        "Other values in the subject",
        "One a line, several for one part allow each of them; a star stands for any characters. Parts that are not named may say anything.",
        "O=Example GmbH",
    ),
    "name_kinds": Words("Kinds of alternative names that are allowed", "Other kinds"),
    "most_names": Words("Most alternative names", "More names"),
    "no_wildcards": Words("Wildcards"),
    "no_ca_certificates": Words("Certificates for CAs (CA:TRUE)"),
    "issuers": Words(
        "CAs whose certificates are renewed, rekeyed or revoked here",
        "Certificates of other CAs",
        "Each CA by its certificate as PEM, which is checked by the signature; or, one a line, by its subject as details show it, or "
        "by key-id: and its key identifier in hex.",
        "CN=Example Issuing CA, O=Example",
    ),
}  # fmt: skip

_SHOWN: Final[Mapping[str, str]] = {
    "keys": "Keys",
    "dns_names": "DNS names",
    "email_addresses": "E-mail addresses",
    "ip_addresses": "IP addresses",
    "subject": "Subject",
    "name_kinds": "Kinds of alternative names",
    "most_names": "Alternative names",
    "no_wildcards": "Wildcards",
    "no_ca_certificates": "Certificates for CAs",
    "issuers": "Issuers of certificates",
}
_OTHERS: Final = {
    OnViolation.WARN: "approvers are warned of anything else",
    OnViolation.REFUSE: "anything else is refused",
}
_ALL: Final = {OnViolation.WARN: "approvers are warned", OnViolation.REFUSE: "refused"}

MISSING_ALLOWED: Final = "Write what is allowed, or choose below that there is no rule."
MISSING_CHOICE: Final = "Choose what happens to the rest, or empty the field above."
NO_SUCH_LINE: Final = "Write each part with its value, as in O=Example."
TOO_MANY: Final = f"At most {MOST_PATTERNS} lines fit here."
NO_NUMBER: Final = "Write a whole number from 0 to 500."


def rule(name: str, allowed: Sequence[str], otherwise: OnViolation) -> str:
    """A rule in a line; one that has nothing to fill in allows nothing."""
    if not allowed:
        return f"*{_SHOWN[name]}*: {_ALL[otherwise]}"
    return f"*{_SHOWN[name]}*: only {row(allowed)}; {_OTHERS[otherwise]}"


def most_names(number: int, otherwise: OnViolation) -> str:
    """How many alternative names there may be."""
    more = {OnViolation.WARN: "approvers are warned of more", OnViolation.REFUSE: "more are refused"}[otherwise]
    return f"*{_SHOWN['most_names']}*: {number} at most; {more}"
