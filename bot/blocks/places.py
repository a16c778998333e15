"""Where somebody is in something that has pages, and what a form has to bring back: ids only, short, and parsed strictly.

`str` writes them into a button's value or a view's metadata, `parse` reads them back and raises ValueError for anything else.
"""

import re
from typing import Self

from pydantic import Field, ValidationError

from domain.base import Frozen
from domain.requests import StepRef
from domain.workflow import Click

_NUMBER = r"(0|[1-9][0-9]{0,17})"


class DetailsPlace(Frozen):
    """A page of the details of a request: `12/0`."""

    request: int = Field(ge=1)
    page: int = Field(default=0, ge=0)

    def __str__(self) -> str:
        return f"{self.request}/{self.page}"

    @classmethod
    def parse(cls, text: str) -> Self:
        found = re.fullmatch(r"([1-9][0-9]{0,17})/([0-9]{1,3})", text)
        if found is None:
            raise ValueError("not a page of the details")
        return cls(request=int(found[1]), page=int(found[2]))


class HomePlace(Frozen):
    """How far the reader has paged in each list of the Home: the request before which it begins, 0 for the newest."""

    waiting: int = Field(default=0, ge=0)
    mine: int = Field(default=0, ge=0)
    everything: int = Field(default=0, ge=0)

    def __str__(self) -> str:
        return f"{self.waiting}.{self.mine}.{self.everything}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` wrote; the beginning for nothing at all."""
        if not text:
            return cls()
        found = re.fullmatch(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}", text)
        if found is None:
            raise ValueError("not a place in the Home")
        return cls(waiting=int(found[1]), mine=int(found[2]), everything=int(found[3]))


class Origin(Frozen):
    """What a form is about, and the message whose button opened it: that it shows the request is what lets its reader decide."""

    request: int | None = Field(default=None, ge=1)
    step: StepRef | None = None
    pressed: Click | None = None

    def __str__(self) -> str:
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def parse(cls, text: str) -> Self:
        try:
            return cls.model_validate_json(text or "{}")
        except ValidationError:
            raise ValueError("not what a form carries") from None
