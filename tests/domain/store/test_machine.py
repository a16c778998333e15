"""The world of `tests.rules.world` again, through the use cases and the store, on both databases."""

from hypothesis.stateful import run_state_machine_as_test

from tests.databases import Databases
from tests.rules.store_driver import StoreDriver
from tests.rules.world import World, lives


def test_the_rules_hold_in_the_store(databases: Databases, database_kind: str) -> None:
    class StoreWorld(World):
        def __init__(self) -> None:
            super().__init__(StoreDriver(databases, database_kind))

    run_state_machine_as_test(StoreWorld, settings=lives(4, shrink=False))
