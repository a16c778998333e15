"""The world against the pure core: SPEC.md's rules after every step of random lives."""

from hypothesis.stateful import run_state_machine_as_test

from tests.rules.drivers import CoreDriver
from tests.rules.world import World, lives


class CoreWorld(World):
    """The world over the pure core."""

    def __init__(self) -> None:
        super().__init__(CoreDriver())


def test_the_rules_hold_in_the_core() -> None:
    run_state_machine_as_test(CoreWorld, settings=lives(45))
