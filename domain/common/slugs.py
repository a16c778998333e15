"""Creates keys from names."""

import re
import unicodedata
from collections.abc import Collection
from itertools import count
from typing import Final

_LONGEST: Final = 63


def key_for(name: str, taken: Collection[str], otherwise: str) -> str:
    """A key that reads like *name* and is none of those *taken*: `Web servers (public)` gives `web-servers-public`.

    *otherwise* is used where nothing of *name* can stand in a key.
    """
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].rstrip("-") or otherwise
    if stem not in taken:
        return stem
    for number in count(2):
        key = f"{stem[: _LONGEST - len(str(number)) - 1].rstrip('-')}-{number}"
        if key not in taken:
            break
    return key
