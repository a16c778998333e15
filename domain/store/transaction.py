"""Readings and transactions: each offers one repository for each concern."""

from domain.store.repositories.audit import SqlAuditReader, SqlAuditWriter
from domain.store.repositories.delegations import SqlDelegationReader, SqlDelegationWriter
from domain.store.repositories.deliveries import certificate_files, releases
from domain.store.repositories.deliveries.certificate_files import SqlCertificateFiles
from domain.store.repositories.deliveries.direct_messages import SqlDirectMessages
from domain.store.repositories.deliveries.releases import SqlReleaseReader, SqlReleaseWriter
from domain.store.repositories.deliveries.webhooks import SqlWebhookReader, SqlWebhookWriter
from domain.store.repositories.directory import SqlDirectoryReader, SqlDirectoryWriter
from domain.store.repositories.local_cas import SqlLocalCaReader, SqlLocalCaWriter
from domain.store.repositories.messages import update_queue
from domain.store.repositories.messages.health import SqlHealthReader, SqlHealthWriter
from domain.store.repositories.messages.homes import SqlHomeReader, SqlHomeWriter
from domain.store.repositories.messages.notices import SqlNoticeReader, SqlNoticeWriter
from domain.store.repositories.messages.update_queue import SqlUpdateQueue
from domain.store.repositories.people import SqlPeopleReader, SqlPeopleWriter
from domain.store.repositories.profiles import SqlProfileReader, SqlProfileWriter
from domain.store.repositories.requests.repository import SqlRequestLists, SqlRequestReader, SqlRequestWriter
from domain.store.repositories.resources import SqlResourceReader, SqlResourceWriter
from domain.store.repositories.tokens import SqlTokenReader, SqlTokenWriter
from domain.store.repository import Repository, Unit, concern


class SqlReading(Unit):
    """`domain.ports.Reading`."""

    people = concern(SqlPeopleReader)
    delegations = concern(SqlDelegationReader)
    directory = concern(SqlDirectoryReader)
    profiles = concern(SqlProfileReader)
    resources = concern(SqlResourceReader)
    requests = concern(SqlRequestReader)
    lists = concern(SqlRequestLists)
    homes = concern(SqlHomeReader)
    local_cas = concern(SqlLocalCaReader)
    releases = concern(SqlReleaseReader)
    audit = concern(SqlAuditReader)
    tokens = concern(SqlTokenReader)
    webhooks = concern(SqlWebhookReader)
    notices = concern(SqlNoticeReader)
    health = concern(SqlHealthReader)


class SqlTransaction(SqlReading):
    """`domain.ports.Transaction`."""

    people = concern(SqlPeopleWriter)
    delegations = concern(SqlDelegationWriter)
    directory = concern(SqlDirectoryWriter)
    profiles = concern(SqlProfileWriter)
    resources = concern(SqlResourceWriter)
    requests = concern(SqlRequestWriter)
    homes = concern(SqlHomeWriter)
    local_cas = concern(SqlLocalCaWriter)
    releases = concern(SqlReleaseWriter)
    audit = concern(SqlAuditWriter)
    tokens = concern(SqlTokenWriter)
    webhooks = concern(SqlWebhookWriter)
    notices = concern(SqlNoticeWriter)
    health = concern(SqlHealthWriter)
    updates = concern(SqlUpdateQueue)
    certificate_files = concern(SqlCertificateFiles)
    direct_messages = concern(SqlDirectMessages)

    async def end_leases(self) -> None:
        """Let go of what is claimed: for a database that one process has to itself, when that process begins.

        Direct messages and webhook deliveries wait for the end of their lease: what the killed process sent may still arrive.
        """
        for end in (update_queue.end_leases, certificate_files.outbox.end_leases, releases.outbox.end_leases):
            await Repository(self.connection, self.session).run(end)
