"""Fixtures that every test may ask for, how many tests run at once, and how hypothesis runs."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.databases"]
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # a slow moment of the machine is no failure


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: half as many again as there are processors; a test waits (for a commit, a page, a clock) about as long as it works."""
    return max(2, (os.cpu_count() or 2) * 3 // 2)
