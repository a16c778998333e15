"""Several writes in one go: each is made, references among them hold, and the first one's count is told."""

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import IntegrityError

from domain.audit.entries import Source
from domain.store.drivers.batched_writes import Write, write
from domain.store.session import Session
from domain.store.tables import counters, group_members, groups
from tests.domain.store.build import connected

_ADD = insert(counters)
_SET = update(counters).where(counters.c.name == bindparam("named")).values(value=bindparam("now"))


def session(url: str, connection: Connection) -> Session:
    return Session(make_url(url).get_backend_name(), Source.CLI, False, {}, connection)


def test_all_are_made_and_the_first_is_counted(database_url: str) -> None:
    with connected(database_url) as connection:
        here = session(database_url, connection)
        assert write(here, [Write(_ADD, {"name": name, "value": 1}) for name in ("one", "two", "three")]) == 1
        changes = [Write(_SET, {"named": name, "now": now}) for name, now in (("one", 11), ("three", 33))]
        assert write(here, changes) == 1
        assert write(here, [Write(_SET, {"named": "none", "now": 5}), *changes]) == 0
        found = {tuple(row) for row in connection.execute(select(counters.c.name, counters.c.value))}
        assert found == {("one", 11), ("two", 1), ("three", 33)}


def test_a_row_may_refer_to_one_of_the_same_go(database_url: str) -> None:
    member = Write(insert(group_members), {"group": "pki", "person": "T1/ANN", "place": 0})
    with connected(database_url) as connection:
        here = session(database_url, connection)
        assert write(here, [Write(insert(groups), {"key": "pki", "name": "PKI"}), member]) == 1
        with pytest.raises(IntegrityError):
            write(here, [member])
