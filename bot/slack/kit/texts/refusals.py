"""What people read of a refusal."""

from collections.abc import Mapping

from domain.common.errors import Refusal
from domain.pki import BadMaterial


def sentence(refused: Refusal | BadMaterial) -> str:
    """Why something cannot be done, or what is wrong with what was given.

    In English a refusal's docstring is its sentence, beside the rule that it speaks for. Another language has a table here, from the
    class of the refusal to its sentence, to be filled with the same `facts`.
    """
    return str(refused)


def written(refused: Refusal, facts: Mapping[str, str]) -> str:
    """The same, with *facts* as they are shown where the sentence goes."""
    return refused.worded(facts)
