"""What local CAs have issued and revoked."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from domain.releases.local_ca import Crl, IssuedHere
from domain.store.repository import Repository, query
from domain.store.session import AnyRow, Session, upsert
from domain.store.tables import ca_certificates, ca_crls

_OF: Final = ca_certificates.c.authority == bindparam("of")
_FOR: Final = select(ca_certificates).where(_OF, ca_certificates.c.operation_key == bindparam("key"))
_AS: Final = select(ca_certificates).where(_OF, ca_certificates.c.serial == bindparam("number")).with_for_update()
_REVOKED: Final = (
    select(ca_certificates)
    .where(_OF, ca_certificates.c.revoked_at.is_not(None), ca_certificates.c.not_after >= bindparam("since"))
    .order_by(ca_certificates.c.revoked_at, ca_certificates.c.serial)
)
_ADD: Final = insert(ca_certificates)
_REVOKE: Final = (
    update(ca_certificates)
    .where(_OF, ca_certificates.c.serial == bindparam("number"))
    .values(revoked_at=bindparam("revoked"), revocation_reason=bindparam("reason"), revoked_for=bindparam("revoked_by"))
)
_CRL: Final = select(ca_crls).where(ca_crls.c.authority == bindparam("of"))
_LOCKED_CRL: Final = _CRL.with_for_update()
_SAVE_CRL: Final = upsert(ca_crls)


def issued_for(session: Session, authority: str, operation_key: str) -> IssuedHere | None:
    return _one(session.execute(_FOR, {"of": authority, "key": operation_key}).one_or_none())


def issued_as(session: Session, authority: str, serial: str) -> IssuedHere | None:
    """The certificate with this serial number, locked."""
    return _one(session.execute(_AS, {"of": authority, "number": serial}).one_or_none())


def revoked_by(session: Session, authority: str, since: datetime) -> tuple[IssuedHere, ...]:
    """What was revoked and had not expired by *since*, the earliest revocation first."""
    return tuple(_read(row) for row in session.execute(_REVOKED, {"of": authority, "since": since}))


def add(session: Session, issued: IssuedHere) -> None:
    session.execute(_ADD, issued.model_dump())


def revoke(session: Session, issued: IssuedHere) -> None:
    """When, why and for which operation *issued* was revoked."""
    session.execute(
        _REVOKE,
        {
            "of": issued.authority,
            "number": issued.serial,
            "revoked": issued.revoked_at,
            "reason": issued.revocation_reason,
            "revoked_by": issued.revoked_for,
        },
    )


def crl(session: Session, authority: str) -> Crl | None:
    """Its present revocation list."""
    return _crl(session.execute(_CRL, {"of": authority}).one_or_none())


def lock_crl(session: Session, authority: str) -> Crl | None:
    """Its present revocation list, locked until the end of the transaction."""
    return _crl(session.execute(_LOCKED_CRL, {"of": authority}).one_or_none())


def _crl(row: AnyRow | None) -> Crl | None:
    return None if row is None else Crl(**dict(zip(row._fields, row, strict=True)))


def save_crl(session: Session, crl: Crl) -> None:
    session.execute(_SAVE_CRL[session.dialect], crl.model_dump())


def _one(row: AnyRow | None) -> IssuedHere | None:
    return None if row is None else _read(row)


def _read(row: AnyRow) -> IssuedHere:
    return IssuedHere(**dict(zip(row._fields, row, strict=True)))


class SqlLocalCaReader(Repository):
    """`domain.ports.releases.LocalCaReader`."""

    issued_for = query(issued_for)
    crl = query(crl)


class SqlLocalCaWriter(SqlLocalCaReader):
    """`domain.ports.releases.LocalCaWriter`."""

    issued_as = query(issued_as)
    revoked_by = query(revoked_by)
    add = query(add)
    revoke = query(revoke)
    lock_crl = query(lock_crl)
    save_crl = query(save_crl)
