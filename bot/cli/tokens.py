"""Tokens of the HTTP API, from the command line."""

import base64
import secrets
from datetime import datetime, timedelta

from pydantic import ValidationError

from bot.environment.clock import system_clock
from bot.environment.database import opened
from bot.environment.operator_error import Mistake
from bot.environment.settings import Settings
from domain.platforms.tokens import Minted, Scope, Token, TokenId
from domain.workflow.platforms import tokens as workflow

_ID_OCTETS = 8
_ID_LENGTH = 12
_SECRET_OCTETS = 32


async def create(settings: Settings, client: str, scopes: frozenset[Scope], lives: timedelta) -> Minted:
    """A new token. Raises Mistake for a client that is no key, domain.platforms.tokens.TokenTooLong, and what `opened` raises."""
    async with opened(settings) as store:
        try:
            return await workflow.create_token(
                store, _new_id(), secrets.token_urlsafe(_SECRET_OCTETS), client, scopes, lives, system_clock()
            )
        except ValidationError as error:
            said = "; ".join(fault["msg"].removeprefix("Value error, ") for fault in error.errors(include_input=False))
            raise Mistake(f"The client {client!r} {said}.") from None


async def listed(settings: Settings) -> tuple[Token, ...]:
    """All tokens there ever were. Raises what `bot.environment.database.opened` raises."""
    async with opened(settings) as store:
        return await workflow.tokens(store)


async def revoke(settings: Settings, token: str) -> Token:
    """Revoke it. Raises domain.platforms.tokens.NoSuchToken, TokenOver, and what `bot.environment.database.opened` raises."""
    async with opened(settings) as store:
        return await workflow.revoke_token(store, TokenId(token), system_clock())


def _new_id() -> TokenId:
    """12 of a-z and 2-7, at random."""
    return TokenId(base64.b32encode(secrets.token_bytes(_ID_OCTETS)).decode().lower()[:_ID_LENGTH])


def state(token: Token, at: datetime) -> str:
    """In a word: `good`, `expired` or `revoked`."""
    if token.is_good(at):
        return "good"
    return "revoked" if token.revoked_at is not None else "expired"
