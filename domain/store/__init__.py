"""Storage: implements `domain.ports` on SQLite and PostgreSQL."""

from domain.store.schema import migrate, pending
from domain.store.store import DEADLINE, SqlStore, open_store

__all__ = ["DEADLINE", "SqlStore", "migrate", "open_store", "pending"]
