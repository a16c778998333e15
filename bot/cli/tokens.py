"""`countersign token`: tokens of the HTTP API. Each command function returns what is printed."""

import base64
import secrets
from datetime import timedelta

from pydantic import ValidationError

from bot.cli.output import table, time_or_never
from bot.environment.clock import system_clock
from bot.environment.database import opened
from bot.environment.operator_error import Mistake
from bot.environment.settings import Settings
from domain.common.validation_sentences import validation_sentence
from domain.platforms.tokens import Scope, TokenId
from domain.workflow.platforms import tokens as workflow

_ID_OCTETS = 8
_ID_LENGTH = 12
_SECRET_OCTETS = 32


async def create(settings: Settings, client: str, scopes: frozenset[Scope], lifetime: timedelta) -> str:
    """A new token and what it may do. Raises Mistake for an invalid client name, TokenTooLong, and what `opened` raises."""
    async with opened(settings) as store:
        try:
            minted = await workflow.create_token(
                store, _new_id(), secrets.token_urlsafe(_SECRET_OCTETS), client, scopes, lifetime, system_clock()
            )
        except ValidationError as error:
            faults = "; ".join(validation_sentence(fault) for fault in error.errors(include_input=False))
            raise Mistake(f"The client {client!r} {faults}.") from None
    token = minted.token
    lines = [
        minted.text,
        "",
        "The token is shown only once. Store it as a secret: Countersign keeps only its hash.",
        f"Token {token.id} of {token.client}, valid until {time_or_never(token.expires_at)}. It may:",
        *(f"  {scope.value:<20} {scope.allows}" for scope in Scope if scope in token.scopes),
    ]
    return "\n".join(lines)


async def listed(settings: Settings) -> str:
    """Every token there ever was. Raises what `opened` raises."""
    async with opened(settings) as store:
        tokens = await workflow.tokens(store)
    if not tokens:
        return (
            "No tokens yet. Create one: `countersign token create CLIENT --scope requests:submit --scope requests:read`"
        )
    at = system_clock()
    rows = [("token", "client", "state", "expires", "last used", "scopes")]
    rows += [
        (
            token.id,
            token.client,
            "good" if token.is_good(at) else "revoked" if token.revoked_at is not None else "expired",
            time_or_never(token.expires_at),
            time_or_never(token.last_used_at),
            " ".join(sorted(token.scopes)),
        )
        for token in tokens
    ]
    return table(rows)


async def revoke(settings: Settings, token_id: str) -> str:
    """Revoke it. Raises NoSuchToken, TokenOver, and what `opened` raises."""
    async with opened(settings) as store:
        token = await workflow.revoke_token(store, TokenId(token_id), system_clock())
    return f"Token {token.id} of {token.client} is revoked and can no longer be used."


def _new_id() -> TokenId:
    """12 of a-z and 2-7, at random."""
    return TokenId(base64.b32encode(secrets.token_bytes(_ID_OCTETS)).decode().lower()[:_ID_LENGTH])
