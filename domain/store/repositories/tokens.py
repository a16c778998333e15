"""Tokens of the HTTP API."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, or_, select, update

from domain.platforms.tokens import Scope, Token, TokenId
from domain.store.repository import Repository, query
from domain.store.session import AnyRow, Session
from domain.store.tables import tokens

_ALL: Final = select(tokens).order_by(tokens.c.client, tokens.c.created_at.desc(), tokens.c.id)
_ONE: Final = select(tokens).where(tokens.c.id == bindparam("of"))
_ADD: Final = insert(tokens)
_REVOKE: Final = (
    update(tokens)
    .where(tokens.c.id == bindparam("of"), tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("moment"))
)
_USED: Final = (
    update(tokens)
    .where(
        tokens.c.id == bindparam("of"),
        or_(tokens.c.last_used_at.is_(None), tokens.c.last_used_at < bindparam("moment")),
    )
    .values(last_used_at=bindparam("moment"))
)


def add(session: Session, token: Token) -> None:
    session.execute(_ADD, token.model_dump() | {"scopes": " ".join(sorted(token.scopes))})


def get(session: Session, id: TokenId) -> Token | None:
    row = session.execute(_ONE, {"of": id}).one_or_none()
    return None if row is None else _read(row)


def listed(session: Session) -> tuple[Token, ...]:
    """By client, the newest first."""
    return tuple(map(_read, session.execute(_ALL)))


def revoke(session: Session, id: TokenId, at: datetime) -> bool:
    """Revoke it at *at*; False where it was revoked already, or there is none."""
    return session.execute(_REVOKE, {"of": id, "moment": at}).rowcount == 1


def record_use(session: Session, id: TokenId, at: datetime) -> None:
    session.execute(_USED, {"of": id, "moment": at})


def _read(row: AnyRow) -> Token:
    return Token(
        id=TokenId(row.id),
        client=row.client,
        scopes=frozenset(map(Scope, row.scopes.split())),
        digest=row.digest,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


class SqlTokenReader(Repository):
    """`domain.ports.platforms.TokenReader`."""

    get = query(get)
    listed = query(listed)


class SqlTokenWriter(SqlTokenReader):
    """`domain.ports.platforms.TokenWriter`."""

    add = query(add)
    revoke = query(revoke)
    record_use = query(record_use)
