"""What is wrong with a configuration, and where: a path into the file, which whoever read the file turns into line and column."""

from collections.abc import Iterable
from difflib import get_close_matches
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError

from domain.common.frozen import Frozen

Path = tuple[str | int, ...]

LONGEST_SHOWN: Final = 80
"""How many characters of a text a message repeats."""


class Fault(Frozen):
    """One thing that is wrong."""

    path: Path
    message: str
    at_key: bool = False
    """Whether the key itself is wrong rather than what stands behind it."""

    def __str__(self) -> str:
        return f"{spelled(self.path)}: {self.message}"


class InvalidConfiguration(ValueError):
    """A configuration that cannot be meant. It has at least one fault; the message has a line for each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: Final = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def spelled(path: Path) -> str:
    """*path* as people write it: `profiles.web-servers.steps[1].required`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_cut(part)}" for part in path)
    return text.removeprefix(".") or "the file"


def quoted(text: str) -> str:
    """*text* in quotes, with control characters escaped, and cut where it is longer than anything that is meant."""
    return repr(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def nearest(given: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """`; did you mean 'web-servers'?`, or nothing where nothing known resembles *given* that much, from 0 to 1."""
    found = get_close_matches(given[:LONGEST_SHOWN], sorted(known), n=1, cutoff=likeness)
    return f"; did you mean {found[0]!r}?" if found else ""


def faults_in(model: type[BaseModel], error: ValidationError) -> list[Fault]:
    """What pydantic found wrong with a *model*, in words."""
    errors: list[Any] = error.errors(include_url=False)
    places = [one["loc"] for one in errors]

    def is_echo(one: Any) -> bool:
        """Whether it is told only because of another fault: a default that follows from a field which is wrong, or a list that is called
        too short because of faults in its own entries."""
        return one["type"] == "default_factory_not_called" or (
            one["type"] == "too_short"
            and any(len(other) > len(one["loc"]) and other[: len(one["loc"])] == one["loc"] for other in places)
        )

    return [_fault(model, one) for one in errors if not is_echo(one)]


_WORDS: Final = {
    "missing": "is missing",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} of them, and has {actual_length}",
    "too_long": "must have at most {max_length} of them",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "tuple_type": "must be a list",
    "dict_type": "must have keys with values, one to a line",
    "model_type": "must have keys with values, one to a line",
    "model_attributes_type": "must have keys with values, one to a line",
}


def _fault(model: type[BaseModel], error: dict[str, Any]) -> Fault:
    path, kind, given = tuple(error["loc"]), error["type"], error["input"]
    at_key = path[-1:] == ("[key]",)
    if at_key:
        path = path[:-1]
    if kind == "extra_forbidden":
        known = sorted(_model_at(model, path[:-1]).model_fields)
        guess = nearest(str(path[-1]), known) or f"; known are {', '.join(known)}"
        return Fault(path=path, message=f"is not known here{guess}", at_key=True)
    if given is None and kind != "missing":
        return Fault(path=path, message="is empty", at_key=True)
    if kind == "enum":
        choices = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        message = f"must be one of {', '.join(choices)}{nearest(str(given), choices)}"
    elif kind == "string_type":
        message = "must be text" + ("; put it in quotes" if isinstance(given, bool | int) else "")
    else:
        words = _WORDS.get(kind)
        message = words.format(**error.get("ctx", {})) if words else str(error["msg"]).removeprefix("Value error, ")
    return Fault(path=path, message=message, at_key=at_key)


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    """The model that *path* leads to, through the fields, mappings and lists of *model*."""
    here: Any = model
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = here.model_fields[str(part)].annotation
        else:
            here = next(
                one for one in reversed(get_args(here)) if one is not Ellipsis
            )  # what a mapping or a list holds
        here = _bare(here)
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        raise TypeError(f"{spelled(path)} is no model, and only models refuse unknown keys")
    return here


def _bare(annotation: Any) -> Any:
    """*annotation* without `Annotated` and `None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if NoneType in get_args(annotation):
        return _bare(next(one for one in get_args(annotation) if one is not NoneType))
    return annotation
