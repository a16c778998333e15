"""Where somebody is while they manage profiles and resources, and what their forms carry: ids and versions only.

`str` writes them into a button's value or a view's metadata, `parse` reads them back and raises ValueError for anything else.
"""

import re
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from domain.approvals.resources import ResourceKind
from domain.common.frozen import Frozen
from domain.people.people import Key
from domain.workflow.configuration.profile_drafts import Base

Nonce = Annotated[str, StringConstraints(pattern=r"\A[0-9a-f]{1,16}\z")]
"""Tells one opening of a form from the next in the same modal: what was typed into the last one must not come back."""


_Place = TypeVar("_Place", bound=Frozen)

Fingerprint = Annotated[str, StringConstraints(pattern=r"\A[0-9a-f]{16}\z")]


class ListPlace(Frozen):
    """A page of a list, and what was searched for: `2/web`."""

    page: int = Field(default=0, ge=0, lt=100_000)
    search: str = Field(default="", max_length=80)

    def __str__(self) -> str:
        return f"{self.page}/{self.search}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` wrote; the beginning for nothing at all."""
        if not text:
            return cls()
        found = re.fullmatch(r"([0-9]{1,5})/(.{0,80})", text, re.DOTALL)
        if found is None:
            raise ValueError("not a page of a list")
        return cls(page=int(found[1]), search=found[2])


class VersionPlace(Frozen):
    """A thing by its key with a number: a version of a profile, or a page of its history: `web-servers/3`."""

    key: Key
    number: int = Field(default=0, ge=0)

    def __str__(self) -> str:
        return f"{self.key}/{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        key, slash, number = text.partition("/")
        if not slash or re.fullmatch(r"[0-9]{1,9}", number) is None:
            raise ValueError("not a key and a number")
        return _made(cls, {"key": key, "number": int(number)})


class FormPlace(Frozen):
    """The form for a profile."""

    base: Base
    nonce: Nonce

    def __str__(self) -> str:
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def parse(cls, text: str) -> Self:
        return _read(cls, text)


class StepPlace(Frozen):
    """The form for one step, and the form for the profile that it lies upon."""

    form: FormPlace
    view: str = Field(min_length=1, max_length=255)
    """The id of that form's view."""
    step: int | None = Field(default=None, ge=0, lt=1000)
    """The place of the step, from 0; None for one more."""

    def __str__(self) -> str:
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def parse(cls, text: str) -> Self:
        return _read(cls, text)


class ResourcePlace(Frozen):
    """The form for a resource: which one, or which kind of a new one, and the fingerprint of what it showed."""

    key: Key | None = None
    kind: ResourceKind | None = None
    seen: Fingerprint | None = None
    nonce: Nonce

    def __str__(self) -> str:
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def parse(cls, text: str) -> Self:
        return _read(cls, text)


class SeenPlace(Frozen):
    """A resource by its key, with the fingerprint of what was shown: `public-web/0123456789abcdef`."""

    key: Key
    seen: Fingerprint

    def __str__(self) -> str:
        return f"{self.key}/{self.seen}"

    @classmethod
    def parse(cls, text: str) -> Self:
        key, _, seen = text.partition("/")
        return _made(cls, {"key": key, "seen": seen})


def key(text: str) -> str:
    """*text*, which is a key. Raises ValueError."""
    return VersionPlace.parse(f"{text}/0").key


def place_in_list(text: str) -> int:
    """The place of a step, from 0. Raises ValueError."""
    if re.fullmatch(r"[0-9]{1,3}", text) is None:
        raise ValueError("not the place of a step")
    return int(text)


def _read(shape: type[_Place], text: str) -> _Place:
    try:
        return shape.model_validate_json(text)
    except ValidationError:
        raise ValueError("not what a form carries") from None


def _made(shape: type[_Place], facts: dict[str, Any]) -> _Place:
    try:
        return shape(**facts)
    except ValidationError:
        raise ValueError("not what a button carries") from None
