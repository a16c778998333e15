"""API tokens: created and revoked on the command line, and checked at every call."""

from datetime import datetime, timedelta

from domain.audit.entries import Action, AuditEntry, Source
from domain.platforms.tokens import Minted, NoSuchToken, Scope, Token, TokenId, TokenOver, id_in, mint
from domain.ports import Store

USED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a token was last used: one write in a minute, not one for every call."""


async def create_token(
    store: Store,
    id: TokenId,
    secret: str,
    client: str,
    scopes: frozenset[Scope],
    lives: timedelta,
    at: datetime,
) -> Minted:
    """A new token for *client*, as `domain.platforms.tokens.mint` makes it, on the record. Raises what that raises."""
    minted = mint(id, secret, client, scopes, at, lives)
    token = minted.token
    after = {"client": token.client, "scopes": sorted(token.scopes), "expires_at": token.expires_at.isoformat()}
    async with store.transaction(Source.CLI) as tx:
        await tx.tokens.add(token)
        await tx.audit.record(AuditEntry(action=Action.TOKEN_CREATED, subject=f"token:{token.id}", at=at, after=after))
    return minted


async def revoke_token(store: Store, id: TokenId, at: datetime) -> Token:
    """Have the token let nobody in from now on. Gives it as it is then. Raises NoSuchToken, TokenOver."""
    async with store.transaction(Source.CLI) as tx:
        found = await tx.tokens.get(id)
        if found is None:
            raise NoSuchToken(token=id)
        if not await tx.tokens.revoke(id, at):
            raise TokenOver(token=id)
        entry = AuditEntry(
            action=Action.TOKEN_REVOKED,
            subject=f"token:{id}",
            at=at,
            before={"revoked": False},
            after={"revoked": True, "client": found.client},
        )
        await tx.audit.record(entry)
        return found.replace(revoked_at=at)


async def tokens(store: Store) -> tuple[Token, ...]:
    """All there ever were, by client, the newest first."""
    async with store.reading() as reading:
        return await reading.tokens.listed()


async def token_shown(store: Store, text: str, at: datetime) -> Token | None:
    """The token that *text* is, if it is good at *at*; that it was used is kept. None tells nothing of why."""
    shown = id_in(text)
    if shown is None:
        return None
    async with store.reading() as reading:
        token = await reading.tokens.get(shown)
    if token is None or not token.is_shown_by(text) or not token.is_good(at):
        return None
    if token.last_used_at is None or at - token.last_used_at >= USED_EVERY:
        async with store.transaction(Source.API) as tx:
            await tx.tokens.record_use(shown, at)
    return token
