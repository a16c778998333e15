"""What `countersign token` prints."""

from collections.abc import Sequence
from datetime import datetime

from domain.platforms.tokens import Minted, Scope, Token

NONE_YET = (
    "There are no tokens. `countersign token create CLIENT --scope requests:submit --scope requests:read` makes one."
)
KEEP_IT = "This is shown once. Keep it where secrets are kept; Countersign keeps only its hash."
_WRITTEN = "%Y-%m-%d %H:%M UTC"


def created(minted: Minted) -> str:
    """The new token, and what it is good for."""
    token = minted.token
    lines = [
        minted.text,
        "",
        KEEP_IT,
        f"Token {token.id} of {token.client}, until {token.expires_at:{_WRITTEN}}. It may:",
        *(f"  {scope.value:<20} {allows(scope)}" for scope in Scope if scope in token.scopes),
    ]
    return "\n".join(lines)


def allows(scope: Scope) -> str:
    return scope.allows


def revoked(token: Token) -> str:
    return f"The token {token.id} of {token.client} lets nobody in any more."


def table(tokens: Sequence[tuple[Token, str]]) -> str:
    """Each token in a line, under a heading; with each, its state in a word."""
    rows = [("token", "client", "state", "expires", "last used", "scopes")]
    rows += [
        (one.id, one.client, state, _moment(one.expires_at), _moment(one.last_used_at), " ".join(sorted(one.scopes)))
        for one, state in tokens
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _moment(at: datetime | None) -> str:
    return "never" if at is None else f"{at:{_WRITTEN}}"
