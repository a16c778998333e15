"""The connector of a local CA. It records each certificate and revocation before it answers, so each happens once."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bot.connectors.local_ca.authority import Authority
from bot.connectors.local_ca.issuing import NotAllowed, issue
from bot.connectors.local_ca.key_store import put_crl
from bot.connectors.local_ca.profiles import CaFile
from bot.connectors.local_ca.revoking import revocation_list
from bot.environment.clock import Clock
from domain.approvals.execution import ApprovedOperation, Certificate, Executed, Failed, Later, Outcome
from domain.audit.entries import Source
from domain.common.operations import Operation
from domain.pki import RevocationReason
from domain.ports import Store, Transaction
from domain.releases.local_ca import Crl, IssuedHere, serial_key

log = logging.getLogger(__name__)

KIND: Final = "local-ca"
_NOT_DONE: Final = Later(reason="This has not been carried out.")
RAN_OUT: Final = "The approval was no longer valid when this was to be carried out."
REVOKED_ALREADY: Final = "The certificate authority has already revoked this certificate."
EXPIRED: Final = "The certificate has expired."
_ON_A_CERTIFICATE: Final = frozenset({Operation.RENEW, Operation.REKEY})


class LocalCa:
    """One local CA. Every process that has its key may carry out its operations: the database decides who did."""

    def __init__(self, name: str, authority: Authority, file: CaFile, folder: Path, store: Store, clock: Clock) -> None:
        self.name = name
        self._authority = authority
        self._file = file
        self._folder = folder
        self._store = store
        self._clock = clock

    async def execute(self, operation: ApprovedOperation) -> Outcome:
        """See `bot.connectors.port.Connector`."""
        try:
            if operation.operation is Operation.REVOKE:
                return await self._revoke(operation)
            return await self._issue(operation)
        except NotAllowed as refused:
            return Failed(reason=str(refused))

    async def recall(self, operation: ApprovedOperation) -> Outcome | None:
        """See `bot.connectors.port.Connector`."""
        if operation.operation is Operation.REVOKE:
            async with self._store.transaction(Source.CLOCK) as tx:
                known = await tx.local_cas.issued_as(self.name, serial_key(_certificate_of(operation).serial_number))
                return Executed() if known is not None and known.revoked_for == operation.key else _NOT_DONE
        async with self._store.reading() as reading:
            issued = await reading.local_cas.issued_for(self.name, operation.key)
        return self._answer(issued) if issued is not None else _NOT_DONE

    async def renew_crl(self) -> Crl:
        """A new revocation list where there is none yet, or the present one is past half of its time; gives the one that counts."""
        at = self._clock()
        async with self._store.transaction(Source.CLOCK) as tx:
            present = await tx.local_cas.lock_crl(self.name)
            if present is not None and at < present.this_update + self._file.crl_for / 2:
                return present
            crl = await self._list(tx, present, at)
        self._publish(crl)
        return crl

    async def new_crl(self) -> Crl:
        """A new revocation list, whatever the age of the present one."""
        async with self._store.transaction(Source.CLI) as tx:
            crl = await self._list(tx, await tx.local_cas.lock_crl(self.name), self._clock())
        self._publish(crl)
        return crl

    async def _issue(self, operation: ApprovedOperation) -> Outcome:
        profile = self._file.profile_for(operation.certificate_profile)
        if profile is None:
            name = operation.certificate_profile
            suffix = f" for the certificate profile {name}" if name else ""
            raise NotAllowed(f"The certificate authority has no issuing profile{suffix}.")
        async with self._store.transaction(Source.CLOCK) as tx:
            if (known := await tx.local_cas.issued_for(self.name, operation.key)) is not None:
                return self._answer(known)
            at = self._clock()
            if _ran_out(operation, at):
                return Later(reason=RAN_OUT)
            if operation.operation in _ON_A_CERTIFICATE:
                await self._must_count(tx, _certificate_of(operation), at)
            made = issue(operation, self._authority, profile, at, crl_url=self._file.crl_url)
            issued = IssuedHere(
                authority=self.name,
                serial=serial_key(made.serial_number),
                operation_key=operation.key,
                certificate=made.public_bytes(Encoding.PEM).decode("ascii"),
                issued_at=at,
                not_after=made.not_valid_after_utc,
            )
            await tx.local_cas.add(
                issued
            )  # where somebody else was faster, this raises, and what was signed here is forgotten
        return self._answer(issued)

    async def _revoke(self, operation: ApprovedOperation) -> Outcome:
        reason = operation.material.revocation_reason or RevocationReason.UNSPECIFIED
        async with self._store.transaction(Source.CLOCK) as tx:
            present = await tx.local_cas.lock_crl(
                self.name
            )  # first: the list is made of what is committed when its turn comes
            known = await self._must_be_ours(tx, _certificate_of(operation))
            if known.revoked_for == operation.key:
                return Executed()
            at = self._clock()
            if _ran_out(operation, at):
                return Later(reason=RAN_OUT)
            if known.revoked_at is not None and known.revocation_reason is not RevocationReason.CERTIFICATE_HOLD:
                raise NotAllowed(REVOKED_ALREADY)
            if known.not_after <= at:
                raise NotAllowed(EXPIRED)
            await tx.local_cas.revoke(known.replace(revoked_at=at, revocation_reason=reason, revoked_for=operation.key))
            crl = await self._list(tx, present, at)
        self._publish(crl)
        return Executed()

    async def _list(self, tx: Transaction, present: Crl | None, at: datetime) -> Crl:
        number = present.number + 1 if present is not None else 1
        since = present.this_update if present is not None else at  # what expired since then stands in one list more
        revoked = await tx.local_cas.revoked_by(self.name, since)
        crl = revocation_list(self._authority, self.name, revoked, number, at, self._file.crl_for)
        await tx.local_cas.save_crl(crl)
        return crl

    async def _must_count(self, tx: Transaction, certificate: x509.Certificate, at: datetime) -> None:
        """Raises NotAllowed where *certificate* is not one of ours that is valid."""
        known = await self._must_be_ours(tx, certificate)
        if known.revoked_at is not None:
            raise NotAllowed(REVOKED_ALREADY)
        if known.not_after <= at:
            raise NotAllowed(EXPIRED)

    async def _must_be_ours(self, tx: Transaction, certificate: x509.Certificate) -> IssuedHere:
        known = None
        if self._authority.issued(certificate):
            known = await tx.local_cas.issued_as(self.name, serial_key(certificate.serial_number))
        if known is None:
            raise NotAllowed("This certificate authority did not issue the certificate.")
        return known

    def _answer(self, issued: IssuedHere) -> Executed:
        return Executed(certificate=Certificate(pem=issued.certificate, chain_pem=self._authority.pem))

    def _publish(self, crl: Crl) -> None:
        """The file is a copy for a web server: where it cannot be written, the list in the database counts all the same."""
        try:
            put_crl(self._folder, self.name, crl.pem)
        except OSError as error:
            log.warning("the revocation list of %s could not be written to its folder: %s", self.name, error)


def _ran_out(operation: ApprovedOperation, at: datetime) -> bool:
    """Whether the approval has run out while its turn came, or while this process stood still: it lapses at the next look."""
    return operation.valid_until is not None and at >= operation.valid_until


def _certificate_of(operation: ApprovedOperation) -> x509.Certificate:
    if operation.material.certificate_pem is None:
        raise NotAllowed("There is nothing to carry out in this request.")
    return x509.load_pem_x509_certificate(operation.material.certificate_pem.encode("ascii"))
