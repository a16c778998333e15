"""Released operations, certificates as files, local CAs."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from domain.approvals.execution import Certificate
from domain.approvals.requests import RequestId
from domain.ports.values import ClaimedCertificateFile, ClaimedRelease, ReleaseState
from domain.releases.local_ca import Crl, IssuedHere
from domain.releases.moves import Deed


class LocalCaReader(Protocol):
    """What local CAs issued and revoked."""

    async def issued_for(self, authority: str, operation_key: str) -> IssuedHere | None:
        """What *authority* issued for this operation."""

    async def crl(self, authority: str) -> Crl | None:
        """Its present revocation list."""


class LocalCaWriter(LocalCaReader, Protocol):
    """What local CAs issued and revoked: saving."""

    async def issued_as(self, authority: str, serial: str) -> IssuedHere | None:
        """What *authority* issued with this serial number, locked until the end of the transaction."""

    async def revoked_by(self, authority: str, since: datetime) -> tuple[IssuedHere, ...]:
        """What *authority* revoked and what had not expired by *since*, the earliest revocation first."""

    async def add(self, issued: IssuedHere) -> None:
        """Raises Conflict where something was issued for the same operation, or with the same serial number."""

    async def revoke(self, issued: IssuedHere) -> None:
        """When, why and for which operation it was revoked."""

    async def lock_crl(self, authority: str) -> Crl | None:
        """Its present revocation list, locked until the end of the transaction."""

    async def save_crl(self, crl: Crl) -> None:
        """A new one in place of the last."""


class ReleaseReader(Protocol):
    """Released operations and how far their delivery has come."""

    async def of_request(self, request: RequestId) -> tuple[ReleaseState, ...]:
        """Each release of the request, the first one first; empty where it was never approved."""

    async def certificate_of(self, request: RequestId) -> Certificate | None:
        """What its operation made, where that was reported."""

    async def executed_on(self, object_keys: Collection[str]) -> tuple[Deed, ...]:
        """What was executed of requests with one of these `object_key`s, by the number of the request."""


class ReleaseWriter(ReleaseReader, Protocol):
    """Released operations and how far their delivery has come: saving."""

    async def claim(self, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedRelease, ...]:
        """Releases that are due and that nobody else holds, earliest first, held until *at* + *lease*."""

    async def finish(
        self,
        claimed: ClaimedRelease,
        *,
        via: str = "",
        accepted_at: datetime | None = None,
        expected_at: datetime | None = None,
    ) -> bool:
        """It is not to be delivered any more; False where another worker has claimed it since, or it has ended: then nothing changes.

        *via* is the connector. Past *expected_at* the result of what was accepted is missing.
        """

    async def retry(
        self,
        claimed: ClaimedRelease,
        due_at: datetime,
        *,
        via: str = "",
        said: str = "",
        begun_at: datetime | None = None,
        expected_at: datetime | None = None,
    ) -> bool:
        """It is to be delivered again from *due_at* on, because of what was *said*; False as for `finish`.

        With *begun_at* it stays unknown what came of the delivery that began then.
        """

    async def deliver_again(self, request: RequestId, at: datetime) -> None:
        """What was accepted is to be delivered again at *at*; what came of it before is not known."""

    async def end(self, request: RequestId) -> None:
        """Nothing more is to be delivered of this request: its operation has ended."""

    async def save_certificate(self, request: RequestId, certificate: Certificate) -> None:
        """What its operation made."""


class CertificateFiles(Protocol):
    """Certificates that their requesters get as a file."""

    async def add(self, request: RequestId, at: datetime) -> None:
        """There is a certificate for the requester, once."""

    async def claim(self, at: datetime, lease: timedelta, limit: int) -> tuple[ClaimedCertificateFile, ...]:
        """Those that are due and that nobody else holds, earliest first, held until *at* + *lease*."""

    async def save_file(self, claimed: ClaimedCertificateFile, file: str | None) -> bool:
        """Slack's id of its file, None where Slack has lost it; False where another worker has claimed it since: then nothing changes."""

    async def finish(self, claimed: ClaimedCertificateFile, failure: str | None = None) -> bool:
        """It is not to be shared any more, because of *failure* where Slack refused it for good; False as for `save_file`."""

    async def retry(self, claimed: ClaimedCertificateFile, due_at: datetime) -> bool:
        """It is to be shared from *due_at* on; False as for `save_file`."""

    async def share_refused(self, request: RequestId | None, at: datetime) -> tuple[RequestId, ...]:
        """Forget that the certificate of *request*, or every one, was refused, and have it shared from *at* on: which ones were."""
