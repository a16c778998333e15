"""The audit."""

from datetime import datetime
from typing import Protocol

from domain.audit.entries import AuditEntry
from domain.ports.values import RecordedEntry


class AuditReader(Protocol):
    """The audit: entries and their hash chains."""

    async def chain(self, chain: str) -> tuple[RecordedEntry, ...]:
        """The entries of one chain, oldest first."""

    async def after(self, id: int, *, until: datetime, limit: int) -> tuple[RecordedEntry, ...]:
        """Entries of every chain with a later id than *id*, in its order, as far as the first that is younger than *until*."""

    async def about(self, subject: str) -> tuple[RecordedEntry, ...]:
        """The entries about *subject* (`profile:web`), which is no request, oldest first."""


class AuditWriter(AuditReader, Protocol):
    """The audit: entries and their hash chains: saving."""

    async def record(self, entry: AuditEntry) -> None:
        """An audit entry of something that is no request; every save of a profile, resource, group or role needs one."""
