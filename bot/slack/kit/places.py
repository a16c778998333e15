"""Where somebody is in something that has pages, and what a form has to bring back: ids only, short, and parsed strictly.

`str` writes them into a button's value or a view's metadata, `parse` reads them back and raises ValueError for anything else.
"""

import re
from collections.abc import Iterator
from typing import Self

from pydantic import Field, ValidationError

from bot.slack.kit.list_filter import Filter
from domain.approvals.requests import StepRef
from domain.common.frozen import Frozen
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
    """How far the reader has paged in each list of the Home (the request at which it begins, 0 for the newest), and by what they narrow it.

    `57.0.3.0`, with the filter, as JSON, at its end.
    """

    waiting: int = Field(default=0, ge=0)
    mine: int = Field(default=0, ge=0)
    everything: int = Field(default=0, ge=0)
    recent: int = Field(default=0, ge=0)
    filter: Filter = Filter()

    def __str__(self) -> str:
        narrowed = self.filter.model_dump_json(exclude_none=True) if self.filter.restricts else ""
        return f"{self.waiting}.{self.mine}.{self.everything}.{self.recent}{narrowed}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` wrote, also before there was the last number; the beginning for nothing at all."""
        if not text:
            return cls()
        found = re.fullmatch(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:\.{_NUMBER})?(\{{.*\}})?", text)
        if found is None:
            raise ValueError("not a place in the Home")
        try:
            narrowed = Filter.model_validate_json(found[5] or "{}")
        except ValidationError:
            raise ValueError("not a filter of the Home") from None
        if any(re.fullmatch(shape, given) is None for shape, given in _ids_in(narrowed)):
            raise ValueError("not a filter of the Home")
        return cls(
            waiting=int(found[1]),
            mine=int(found[2]),
            everything=int(found[3]),
            recent=int(found[4] or 0),
            filter=narrowed,
        )


def _ids_in(filter: Filter) -> Iterator[tuple[str, str]]:
    """What shape an id in *filter* must have, and the id. What is typed may be a name; what the form of the Home gives is a key."""
    if filter.resource is not None:
        yield r"[a-z0-9][a-z0-9._-]{0,62}", filter.resource
    if filter.requester is not None:
        yield r"[A-Z0-9]{1,32}/[A-Z0-9]{1,32}", filter.requester


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
