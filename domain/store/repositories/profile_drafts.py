"""Drafts of approval profiles, kept while somebody may be editing them."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select

from domain.approvals.profile_drafts import KEPT, Draft, DraftId
from domain.store.session import Session, upsert
from domain.store.tables import drafts

_ONE: Final = select(drafts.c.content).where(drafts.c.id == bindparam("of"))
_KEEP: Final = upsert(drafts)
_FORGET: Final = delete(drafts).where(drafts.c.kept_at < bindparam("before"))


def get_draft(session: Session, id: DraftId) -> Draft | None:
    content = session.execute(_ONE, {"of": id}).scalar_one_or_none()
    return None if content is None else Draft.model_validate_json(content)


def save_draft(session: Session, draft: Draft, at: datetime) -> None:
    """Keep *draft*, and forget those that nobody touched for long."""
    session.execute(_FORGET, {"before": at - KEPT})
    session.execute(_KEEP[session.dialect], {"id": draft.id, "content": draft.model_dump_json(), "kept_at": at})
