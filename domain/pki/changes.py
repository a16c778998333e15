"""The differences between today's certificate and its renewal or rekey (SPEC.md section 4)."""

from datetime import datetime

from domain.pki.content import Change
from domain.pki.facts import Facts
from domain.pki.summary import dn

SAN = "alternative name"
_FROM_THE_CA = "new, from the CA"
_MOMENT = "%Y-%m-%d %H:%M UTC"


def changes_by_the_ca(serial: str, not_before: datetime, not_after: datetime) -> tuple[Change, ...]:
    """What every new certificate gets, and no requester chooses. The times are those of today's certificate, in UTC."""
    validity = f"{not_before.strftime(_MOMENT)} to {not_after.strftime(_MOMENT)}"
    return (
        Change(field="validity", before=validity, after=_FROM_THE_CA),
        Change(field="serial", before=serial, after=_FROM_THE_CA),
    )


def changes_by_csr(today: Facts, wanted: Facts) -> tuple[Change, ...]:
    """Where the CSR *wanted* differs from *today*'s certificate, the weightiest first.

    Key usages are compared only where the CSR names any: most CSRs leave them to the CA.
    """
    found = [
        _change("subject", dn(today.name) or None, dn(wanted.name) or None),
        *_san_changes(today, wanted),
        _change("CA", _yes_or_no(today.asked.ca), _yes_or_no(wanted.asked.ca)),
        _change("key algorithm", today.key.text, wanted.key.text),
        _change("key SHA-256", today.spki_sha256, wanted.spki_sha256),
    ]
    if wanted.asked.key_usage:
        found.append(_listed("key usage", today.asked.key_usage, wanted.asked.key_usage))
    if wanted.asked.extended_key_usage:
        found.append(_listed("extended key usage", today.asked.extended_key_usage, wanted.asked.extended_key_usage))
    return tuple(change for change in found if change is not None)


def _san_changes(today: Facts, wanted: Facts) -> list[Change]:
    before = {_same(san.text): san.text for san in today.asked.sans}
    after = {_same(san.text): san.text for san in wanted.asked.sans}
    added = [Change(field=SAN, before=None, after=text) for same, text in after.items() if same not in before]
    removed = [Change(field=SAN, before=text, after=None) for same, text in before.items() if same not in after]
    return added + removed


def _same(text: str) -> str:
    """DNS names are compared without regard to case (RFC 4343); others nearly always may be, and a second look is cheap."""
    return text.lower() if text.startswith("DNS:") else text


def _listed(field: str, before: tuple[str, ...], after: tuple[str, ...]) -> Change | None:
    if set(before) == set(after):
        return None
    return Change(field=field, before=", ".join(before) or None, after=", ".join(after))


def _change(field: str, before: str | None, after: str | None) -> Change | None:
    return None if before == after else Change(field=field, before=before, after=after)


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
