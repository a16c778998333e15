"""Which group or role a button or a form is about: its kind and key, and what its author saw. Never data."""

import re
from typing import Self

from domain.common.frozen import Frozen
from domain.configuration.plan import Kind


class TeamPlace(Frozen):
    """`group:security`, `role:` for a new role, `group:security:0123456789abcdef` with what was seen of it."""

    kind: Kind
    key: str = ""
    """Empty for one that there is not yet."""
    seen: str = ""
    """Its fingerprint when it was shown."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}" + (f":{self.seen}" if self.seen else "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` wrote. Raises ValueError."""
        found = re.fullmatch(r"(group|role):([a-z0-9][a-z0-9._-]{0,62})?(?::([0-9a-f]{16}))?", text)
        if found is None:
            raise ValueError("not a group or role")
        return cls(kind=Kind(found[1]), key=found[2] or "", seen=found[3] or "")


def page(text: str) -> int:
    """A page of the list of groups and roles, from 0; the first for nothing at all. Raises ValueError."""
    if re.fullmatch(r"[0-9]{0,5}", text) is None:
        raise ValueError("not a page")
    return int(text or 0)
