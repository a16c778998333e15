"""Tokens: good for a time, known by their hash, shown once."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.audit.entries import Action, Source
from domain.platforms.tokens import Minted, NoSuchToken, Scope, TokenId, TokenOver, TokenTooLong, id_in, mint
from domain.ports import Store
from domain.store import SqlStore
from domain.workflow.platforms import tokens as workflow
from tests.rules.build import HOUR, INSTANT, NOON

ID = TokenId("abcdefgh2345")
SECRET = "x" * 42 + "-"
DAY = timedelta(days=1)


def minted(scopes: frozenset[Scope] = frozenset({Scope.READ}), lives: timedelta = DAY) -> Minted:
    return mint(ID, SECRET, "acme", scopes, NOON, lives)


async def kept(store: Store, at: datetime = NOON, lives: timedelta = DAY) -> Minted:
    return await workflow.create_token(store, ID, SECRET, "acme", frozenset({Scope.READ, Scope.SUBMIT}), lives, at)


def test_what_is_kept_does_not_say_the_token() -> None:
    token, text = minted()
    assert SECRET not in token.model_dump_json()
    assert token.is_shown_by(text)
    assert not token.is_shown_by(text[:-1] + "x")
    assert id_in(text) == ID


@given(st.text())
def test_other_texts_are_no_tokens(text: str) -> None:
    assert id_in(text) is None
    assert not minted().token.is_shown_by(text)


@pytest.mark.parametrize("lives", [timedelta(), timedelta(seconds=59), timedelta(days=367), timedelta(days=-1)])
def test_none_lives_too_long_or_not_at_all(lives: timedelta) -> None:
    with pytest.raises(TokenTooLong):
        minted(lives=lives)


def test_it_is_for_something_and_for_somebody() -> None:
    with pytest.raises(ValidationError):
        minted(scopes=frozenset())
    with pytest.raises(ValidationError):
        mint(ID, SECRET, "Not a key", frozenset({Scope.READ}), NOON, DAY)
    with pytest.raises(ValueError, match="not the id and secret"):
        mint(ID, "short", "acme", frozenset({Scope.READ}), NOON, DAY)


async def test_it_lets_in_until_it_ends(store: SqlStore) -> None:
    made = await kept(store)
    assert await workflow.token_shown(store, made.text, NOON + DAY - INSTANT) is not None
    assert await workflow.token_shown(store, made.text, NOON + DAY) is None
    assert await workflow.token_shown(store, made.text[:-1] + "y", NOON) is None
    assert await workflow.token_shown(store, "csgn_" + "z" * 12 + "_" + SECRET, NOON) is None


async def test_it_lets_in_until_it_is_revoked_and_all_of_it_is_on_the_record(store: SqlStore) -> None:
    made = await kept(store)
    await workflow.revoke_token(store, ID, NOON + HOUR)
    assert await workflow.token_shown(store, made.text, NOON + HOUR) is None
    with pytest.raises(TokenOver):
        await workflow.revoke_token(store, ID, NOON + 2 * HOUR)
    with pytest.raises(NoSuchToken, match="otherotherot"):
        await workflow.revoke_token(store, TokenId("otherotherot"), NOON)
    async with store.reading() as reading:
        entries = await reading.audit.about(f"token:{ID}")
        [token] = await reading.tokens.listed()
    assert [(entry.source, entry.entry.action) for entry in entries] == [
        (Source.CLI, Action.TOKEN_CREATED),
        (Source.CLI, Action.TOKEN_REVOKED),
    ]
    assert token.revoked_at == NOON + HOUR
    assert made.text not in "".join(entry.model_dump_json() for entry in entries)


async def test_when_it_was_last_used_is_kept_to_a_minute(store: SqlStore) -> None:
    made = await kept(store)
    seen = []
    for seconds in (10, 40, 75):
        await workflow.token_shown(store, made.text, NOON + timedelta(seconds=seconds))
        [token] = await workflow.tokens(store)
        assert token.last_used_at is not None
        seen.append((token.last_used_at - NOON).seconds)
    assert seen == [10, 10, 75]
