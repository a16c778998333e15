"""What is wrong with a configuration, and where: a path into the file, which whoever read the file turns into line and column."""

from collections.abc import Iterable
from difflib import get_close_matches
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError

from domain.common.frozen import Frozen
from domain.common.validation_sentences import choices, validation_sentence

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
    matches = get_close_matches(given[:LONGEST_SHOWN], sorted(known), n=1, cutoff=likeness)
    return f"; did you mean {matches[0]!r}?" if matches else ""


def faults_in(model: type[BaseModel], error: ValidationError) -> list[Fault]:
    """What pydantic found wrong with a *model*, in words."""
    entries: list[Any] = error.errors(include_url=False)
    places = [entry["loc"] for entry in entries]

    def is_echo(entry: Any) -> bool:
        """Whether it is told only because of another fault: a default that follows from a field which is wrong, or a list that is called
        too short because of faults in its own entries."""
        place = entry["loc"]
        has_faults_inside = any(len(other) > len(place) and other[: len(place)] == place for other in places)
        return entry["type"] == "default_factory_not_called" or (entry["type"] == "too_short" and has_faults_inside)

    return [_fault(model, entry) for entry in entries if not is_echo(entry)]


def _fault(model: type[BaseModel], error: dict[str, Any]) -> Fault:
    path, kind, given = tuple(error["loc"]), error["type"], error["input"]
    at_key = path[-1:] == ("[key]",)
    if at_key:
        path = path[:-1]
    if given is None and kind not in {"missing", "extra_forbidden"}:
        return Fault(path=path, message="is empty", at_key=True)
    message = validation_sentence(error)
    match kind:
        case "extra_forbidden":
            known = sorted(_model_at(model, path[:-1]).model_fields)
            message += nearest(str(path[-1]), known) or f"; known are {', '.join(known)}"
            at_key = True
        case "enum":
            message += nearest(str(given), choices(error))
        case "string_type" if isinstance(given, bool | int):
            message += "; put it in quotes"
        case "dict_type" | "model_type" | "model_attributes_type":
            message += ", one to a line"
    return Fault(path=path, message=message, at_key=at_key)


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    """The model that *path* leads to, through the fields, mappings and lists of *model*."""
    kind: Any = model
    for part in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[str(part)].annotation
        else:  # a mapping or a list: what it holds
            kind = next(argument for argument in reversed(get_args(kind)) if argument is not Ellipsis)
        kind = _bare(kind)
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        raise TypeError(f"{spelled(path)} is no model, and only models refuse unknown keys")
    return kind


def _bare(annotation: Any) -> Any:
    """*annotation* without `Annotated` and `None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if NoneType in get_args(annotation):
        return _bare(next(argument for argument in get_args(annotation) if argument is not NoneType))
    return annotation
