"""The store: readings and transactions, with one repository for each concern."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from domain.audit.entries import Source
from domain.ports.audit import AuditReader, AuditWriter
from domain.ports.configuration import ProfileReader, ProfileWriter, ResourceReader, ResourceWriter
from domain.ports.messages import (
    DirectMessages,
    HealthReader,
    HealthWriter,
    HomeReader,
    HomeWriter,
    NoticeReader,
    NoticeWriter,
    UpdateQueue,
)
from domain.ports.people import (
    DelegationReader,
    DelegationWriter,
    DirectoryReader,
    DirectoryWriter,
    PeopleReader,
    PeopleWriter,
)
from domain.ports.platforms import TokenReader, TokenWriter, WebhookReader, WebhookWriter
from domain.ports.releases import CertificateFiles, LocalCaReader, LocalCaWriter, ReleaseReader, ReleaseWriter
from domain.ports.requests import RequestLists, RequestReader, RequestWriter


class Reading(Protocol):
    """Looking things up, all in one snapshot."""

    @property
    def people(self) -> PeopleReader: ...

    @property
    def delegations(self) -> DelegationReader: ...

    @property
    def directory(self) -> DirectoryReader: ...

    @property
    def profiles(self) -> ProfileReader: ...

    @property
    def resources(self) -> ResourceReader: ...

    @property
    def requests(self) -> RequestReader: ...

    @property
    def lists(self) -> RequestLists: ...

    @property
    def homes(self) -> HomeReader: ...

    @property
    def local_cas(self) -> LocalCaReader: ...

    @property
    def releases(self) -> ReleaseReader: ...

    @property
    def audit(self) -> AuditReader: ...

    @property
    def tokens(self) -> TokenReader: ...

    @property
    def webhooks(self) -> WebhookReader: ...

    @property
    def notices(self) -> NoticeReader: ...

    @property
    def health(self) -> HealthReader: ...


class Transaction(Reading, Protocol):
    """Reading and saving; all of it is saved, or nothing. What is saved carries the source of the transaction in the audit."""

    @property
    def people(self) -> PeopleWriter: ...

    @property
    def delegations(self) -> DelegationWriter: ...

    @property
    def directory(self) -> DirectoryWriter: ...

    @property
    def profiles(self) -> ProfileWriter: ...

    @property
    def resources(self) -> ResourceWriter: ...

    @property
    def requests(self) -> RequestWriter: ...

    @property
    def homes(self) -> HomeWriter: ...

    @property
    def local_cas(self) -> LocalCaWriter: ...

    @property
    def releases(self) -> ReleaseWriter: ...

    @property
    def audit(self) -> AuditWriter: ...

    @property
    def tokens(self) -> TokenWriter: ...

    @property
    def webhooks(self) -> WebhookWriter: ...

    @property
    def notices(self) -> NoticeWriter: ...

    @property
    def updates(self) -> UpdateQueue: ...

    @property
    def health(self) -> HealthWriter: ...

    @property
    def certificate_files(self) -> CertificateFiles: ...

    @property
    def direct_messages(self) -> DirectMessages: ...

    async def end_leases(self) -> None:
        """Let go of all that is claimed: for a database that one process has to itself, when that process begins."""


class Store(Protocol):
    """Where everything is kept."""

    def reading(self) -> AbstractAsyncContextManager[Reading]: ...

    def transaction(self, source: Source) -> AbstractAsyncContextManager[Transaction]:
        """Commits when the block ends, rolls back when it raises. Raises Busy past its own deadline: nothing was recorded."""

    async def close(self) -> None: ...
