"""A small run of `tests.faults.material`; the long one is made by hand."""

from tests.faults.material import KINDS, fuzz


def test_hostile_input_is_material_or_a_sentence() -> None:
    figures = fuzz(2700, 7)
    assert figures.faults == []
    assert set(figures.tried) == set(KINDS)
    assert figures.accepted["good, badly pasted"] > 20, "otherwise it tries nothing that could be read"
    assert figures.accepted["damaged, then signed"] > 0, "as above, of what gets past the signature"
    assert figures.accepted["odd extensions"] > 0, "and of what extensions say"
    assert figures.accepted["private keys"] == figures.accepted["nonsense"] == 0
