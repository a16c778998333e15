"""What the use cases need from outside: a store that reads and saves in transactions. `domain.store` is one.

Every method is a coroutine, every moment is an aware datetime (the store refuses others with ValueError), and every id may be unknown:
then the answer is None or empty, never an error.
"""

from domain.ports.store import Reading, Store, Transaction
from domain.ports.values import (
    MANY,
    ClaimedCertificateFile,
    ClaimedDirectMessage,
    ClaimedRelease,
    ListFilter,
    Page,
    RecordedEntry,
    ReleaseState,
    SentNotice,
    Troubles,
    UnsharedFile,
    Uses,
    Workspace,
)

__all__ = [
    "MANY",
    "ClaimedCertificateFile",
    "ClaimedDirectMessage",
    "ClaimedRelease",
    "ListFilter",
    "Page",
    "Reading",
    "RecordedEntry",
    "ReleaseState",
    "SentNotice",
    "Store",
    "Transaction",
    "Troubles",
    "UnsharedFile",
    "Uses",
    "Workspace",
]
