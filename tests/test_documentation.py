from pathlib import Path

import pytest

from tests.documentation import DOCS, GENERATED, renewed


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_what_is_written_from_the_code_is_current(path: Path) -> None:
    assert renewed(path.read_text()) == path.read_text(), "run: make docs"


def test_every_generated_part_has_its_place() -> None:
    everything = "".join(path.read_text() for path in DOCS.glob("*.md"))
    assert all(f"<!-- generated: {name} -->" in everything for name in GENERATED)
