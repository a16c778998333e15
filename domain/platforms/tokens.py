"""API tokens, with which other platforms use the HTTP API: SPEC.md section 6.

A token belongs to a *client*, the platform, which may have several, so that one can be replaced while the other still works. What was
submitted with one of a client's tokens is the client's. The token itself is shown once; kept is its SHA-256: with 256 random bits in it
nothing slower would make it safer.
"""

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, NewType, Self

from pydantic import AwareDatetime, Field, model_validator

from domain.common.errors import Refusal
from domain.common.frozen import Frozen
from domain.people.people import Key

TokenId = NewType("TokenId", str)
"""12 of a-z and 2-7. It stands in the token, so that one can be named and found without being known."""

LONGEST: Final = timedelta(days=366)
"""Nobody looks after a token that lives longer than a year."""
_SHAPE: Final = re.compile(r"csgn_([a-z2-7]{12})_([A-Za-z0-9_-]{43})")


class Scope(StrEnum):
    """What a token lets its client do. Deciding is not among it: people do that, in Slack."""

    SUBMIT = "requests:submit"
    READ = "requests:read"
    READ_ALL = "requests:read-all"
    COMMENT = "requests:comment"
    CANCEL = "requests:cancel"
    REPORT = "operations:report"

    @property
    def allows(self) -> str:
        """In a sentence: what it lets its client do."""
        return _ALLOWS[self]


_ALLOWS: Final = {
    Scope.SUBMIT: "submit requests for people of the workspace",
    Scope.READ: "read what was submitted with this client's tokens, and what happened to it",
    Scope.READ_ALL: "read every request, and what happened to it",
    Scope.COMMENT: "comment on requests that it can read",
    Scope.CANCEL: "cancel what was submitted with this client's tokens",
    Scope.REPORT: "report that an approved operation was executed, or failed",
}


class NoSuchToken(Refusal):
    """The token {token} does not exist. `countersign token list` lists all tokens."""

    token: str


class TokenOver(Refusal):
    """The token {token} is already revoked."""

    token: str


class TokenTooLong(Refusal):
    """A token is valid for at least a minute and at most 366 days. Create a new one before it expires."""


class Token(Frozen):
    """What is kept of a token: all but the token."""

    id: TokenId
    client: Key
    scopes: frozenset[Scope] = Field(min_length=1)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the whole token, in hex."""
    created_at: AwareDatetime
    expires_at: AwareDatetime
    last_used_at: AwareDatetime | None = None
    """To about a minute."""
    revoked_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _lives(self) -> Self:
        if self.created_at >= self.expires_at:
            raise ValueError("a token ends after it begins")
        return self

    def is_good(self, at: datetime) -> bool:
        """Whether it lets anybody in at *at*."""
        return at < self.expires_at and (self.revoked_at is None or at < self.revoked_at)

    def is_shown_by(self, text: str) -> bool:
        """Whether *text* is this token; takes the same time whatever differs."""
        return hmac.compare_digest(self.digest, _digest(text))

    @property
    def reads(self) -> bool:
        """Whether it may read at all."""
        return bool({Scope.READ, Scope.READ_ALL} & self.scopes)


class Minted(NamedTuple):
    """A new token: what is kept of it, and the text that is shown once."""

    token: Token
    text: str


def mint(id: TokenId, secret: str, client: str, scopes: frozenset[Scope], at: datetime, lives: timedelta) -> Minted:
    """A token of *client*, good from *at* for *lives*. *secret* is 43 characters of URL-safe base64: 256 random bits.

    Raises TokenTooLong, pydantic.ValidationError for a client that is no key, and ValueError for a secret that is none.
    """
    if not timedelta(minutes=1) <= lives <= LONGEST:
        raise TokenTooLong
    text = f"csgn_{id}_{secret}"
    if id_in(text) != id:
        raise ValueError("not the id and secret of a token")
    kept = Token(
        id=id, client=client, scopes=scopes, digest=_digest(text), created_at=at, expires_at=at + lives
    )  # fmt: skip
    return Minted(kept, text)


def id_in(text: str) -> TokenId | None:
    """The id of the token that *text* may be; None where it has not the shape of one."""
    found = _SHAPE.fullmatch(text)
    return TokenId(found.group(1)) if found is not None else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
