"""Fixtures that every test may ask for, and how many tests run at once."""

import os

pytest_plugins = ["tests.databases"]


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: half as many again as there are processors; a test waits (for a commit, a page, a clock) about as long as it works."""
    return max(2, (os.cpu_count() or 2) * 3 // 2)
