"""Addresses of databases, as people write them."""

from pathlib import Path

import pytest

from domain.store import open_store
from domain.store.drivers.urls import database_url


@pytest.mark.parametrize(
    "written", ["sqlite:///{}", "sqlite+aiosqlite:///{}", "sqlite+pysqlite:///{}", "  sqlite:///{}\n"]
)
def test_whatever_driver_is_named_the_right_one_is_used(tmp_path: Path, written: str) -> None:
    url = written.format(tmp_path / "some.db")
    assert database_url(url).drivername == "sqlite+pysqlite"
    assert database_url(url).database == str(tmp_path / "some.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+asyncpg"])
def test_postgresql_is_written_in_many_ways(scheme: str) -> None:
    url = database_url(f"{scheme}://ann:p%40ss@db.example.com:5433/countersign?sslmode=require")
    assert url.render_as_string(hide_password=False) == (
        "postgresql+psycopg://ann:p%40ss@db.example.com:5433/countersign?sslmode=require"
    )


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "not the address of a database"),
        ("countersign.db", "not the address of a database"),
        ("postgresql://ann:secret@host:port/db", "not the address of a database"),
        ("mysql://ann:secret@host/db", "SQLite or PostgreSQL, not in mysql"),
        ("postgresql://ann:secret@host", "does not name one"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:///file::memory:?uri=true", "needs a file"),
        ("sqlite:///file:x.db?mode=memory&uri=true", "needs a file"),
        ("sqlite:////no/such/folder/some.db", "The folder /no/such/folder for the database does not exist"),
    ],
)
async def test_what_cannot_be_is_refused_in_words_and_without_the_password(written: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refused:
        await open_store(written)
    assert "secret" not in str(refused.value)
