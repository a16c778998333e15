"""What people read of a refusal."""

from domain.common.errors import Refusal
from domain.pki import BadMaterial


def sentence(refused: Refusal | BadMaterial) -> str:
    """Why something cannot be done, or what is wrong with what was given.

    The docstring of a refusal is its sentence, beside the rule that it speaks for.
    """
    return str(refused)
