"""Tests, in rooms like those of the code; what runs everything together is in `end_to_end`, `faults`, `rules` and `benchmarks`."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
"""The root of the checkout."""
