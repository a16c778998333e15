"""The configuration file: YAML in, with the line and column of everything in it; YAML out, the same for the same state.

Of YAML it takes what a configuration needs: mappings with text keys, lists, text, whole numbers, `true` and `false`. Plain text
that YAML 1.1 would turn into something else (`on`, `1:30`, `2026-11-21`) stays text. It is read from the parser's events, without
recursion and within limits, so that no file, however odd, costs more than a moment.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn, Protocol

import yaml

from bot.environment.operator_error import Mistake
from domain.configuration.document import Configuration, parse_configuration
from domain.configuration.faults import Fault, InvalidConfiguration, quoted, spelled
from domain.configuration.faults import Path as FaultPath

LARGEST: Final = 1024 * 1024  # bytes
MOST_VALUES: Final = 50_000  # with everything that aliases stand for
DEEPEST: Final = 24


class ConfigurationError(Mistake):
    """A file that cannot be applied. The message has one line for each fault: `countersign.yml:41:9: profiles.web.steps[1].required: …`."""


class Place(NamedTuple):
    """Where something stands in the file; both count from 1."""

    line: int
    column: int


class _Mark(Protocol):
    """PyYAML's own places; both count from 0."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


@dataclass(slots=True)
class _Node:
    """A value and where it stands."""

    value: Any  # for mappings and lists: their parts, as nodes
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)
    size: int = 1
    """How many values this is, with all inside it, and with what its aliases stand for."""
    depth: int = 1

    def child(self, part: str | int) -> "_Node | None":
        if isinstance(self.value, dict):
            return self.value.get(part)
        if isinstance(self.value, list) and isinstance(part, int) and part < len(self.value):
            found: _Node = self.value[part]
            return found
        return None

    def plain(self) -> Any:
        """The value without places. Not deeper than DEEPEST, so recursion is safe here."""
        if isinstance(self.value, dict):
            return {key: one.plain() for key, one in self.value.items()}
        if isinstance(self.value, list):
            return [one.plain() for one in self.value]
        return self.value


class ConfigurationFile:
    """A configuration as it stands in a file, which can say where each fault is."""

    def __init__(self, name: str, content: str) -> None:
        """Read *content*, which errors call *name*. Raises ConfigurationError."""
        self.name: Final = name
        self._root = _Composer(name, content).root()
        plain = self._root.plain()
        self.digest: Final = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
        """The same for files that say the same, whatever their comments and order."""
        with self.located():
            self.configuration: Configuration = parse_configuration(plain)

    @classmethod
    def read(cls, path: Path) -> "ConfigurationFile":
        """The configuration in the file *path*. Raises ConfigurationError, also where it cannot be read."""
        return cls(str(path), _text(path))

    def located(self) -> "_Located":
        """Within it, InvalidConfiguration becomes ConfigurationError that says where in the file each fault is."""
        return _Located(self)

    def where(self, faults: Iterable[Fault]) -> list[str]:
        """*faults* in the order of their places: `countersign.yml:41:9: profiles.web.steps[1].required: must be at least 1`."""
        found = sorted((*self._find(fault.path, at_key=fault.at_key), fault.message) for fault in faults)
        return [f"{self.name}:{place.line}:{place.column}: {spelled(path)}: {said}" for place, path, said in found]

    def _find(self, path: FaultPath, *, at_key: bool) -> tuple[Place, FaultPath]:
        """The place of what *path* leads to, or of the last part of it that is there; and the path as the file has it.

        A part that the file leaves out (`users`, where administrators are a mere list) is stepped over.
        """
        node, named, found, missing = self._root, self._root.place, list[str | int](), list[str | int]()
        for part in path:
            child = node.child(part)
            if child is None:
                missing.append(part)
                continue
            named = node.keys.get(str(part), child.place)
            node, missing = child, []
            found.append(part)
        return (named if at_key or missing else node.place), (*found, *missing)


class _Located:
    def __init__(self, file: ConfigurationFile) -> None:
        self._file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, InvalidConfiguration):
            raise ConfigurationError("\n".join(self._file.where(error.faults))) from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise ConfigurationError(f"{path}: is larger than {LARGEST // 1024} KiB, which no configuration is")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise ConfigurationError(f"{path}:{line}:{column}: is not UTF-8 text") from None


@dataclass(slots=True)
class _Open:
    """A mapping or list that has begun and not ended."""

    node: _Node
    anchor: str | None
    key: str | None = None
    key_place: Place | None = None


class _Composer:
    """From the parser's events to nodes."""

    def __init__(self, name: str, content: str) -> None:
        self._name = name
        self._content = content
        self._anchors: dict[str, _Node] = {}
        self._open: list[_Open] = []
        self._root: _Node | None = None

    def root(self) -> _Node:
        """The node of the only document, which has to be a mapping."""
        last: yaml.Event | None = None
        try:
            for event in self._events():
                self._take(event)
                last = event
        except yaml.MarkedYAMLError as error:
            if isinstance(last, yaml.ScalarEvent) and last.style in {"'", '"'}:
                begins, ends = _place(last.start_mark), _place(last.end_mark).line
                if begins.line < ends:
                    self._refuse_at(
                        begins, f"is not YAML: the quotes that begin here end in line {ends}, where none can be"
                    )
            self._refuse(error.problem_mark or error.context_mark, f"is not YAML: {_slip(error)}")
        except yaml.YAMLError as error:  # a character that may not stand in YAML
            self._refuse(None, f"is not YAML: {' '.join(str(error).split())}")
        if self._root is None or self._root.value is None:
            raise ConfigurationError(f"{self._name}: is empty")
        if not isinstance(self._root.value, dict):
            self._refuse_at(self._root.place, "must have keys with values, one to a line")
        return self._root

    def _events(self) -> Iterator[yaml.Event]:
        parser: Any = yaml.parse(self._content, Loader=yaml.SafeLoader)
        return iter(parser)

    def _take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        match event:
            case yaml.DocumentStartEvent():
                if self._root is not None:
                    self._refuse(mark, "is a second document: one file has one")
            case yaml.AliasEvent():
                self._put(self._aliased(event), event)
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._begin(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                ended = self._open.pop()
                self._remember(ended.anchor, ended.node)
                self._put(ended.node, event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.tag is not None and event.tag not in {"!", "tag:yaml.org,2002:str"}:
            self._refuse(event.start_mark, f"has a tag, {event.tag}, which has no meaning here")
        inside = self._open[-1] if self._open else None
        if inside is not None and isinstance(inside.node.value, dict) and inside.key is None:
            self._key(inside, event)
            return
        plain = event.implicit[0]
        node = _Node(_value(event.value) if plain else event.value, _place(event.start_mark))
        self._remember(event.anchor, node)
        self._put(node, event)

    def _key(self, inside: _Open, event: yaml.ScalarEvent) -> None:
        if event.anchor is not None:
            self._refuse(event.start_mark, "a key cannot have an anchor here")
        if event.value == "<<" and event.implicit[0]:
            self._refuse(
                event.start_mark, "merging with << is not supported: write it out, or use an alias for the whole value"
            )
        if event.value in inside.node.value:
            first = inside.node.keys[event.value]
            self._refuse(event.start_mark, f"{quoted(event.value)} is already there, in line {first.line}")
        inside.key, inside.key_place = event.value, _place(event.start_mark)

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag is not None:
            self._refuse(event.start_mark, f"has a tag, {event.tag}, which has no meaning here")
        if self._open and isinstance(self._open[-1].node.value, dict) and self._open[-1].key is None:
            self._refuse(event.start_mark, "a key has to be text")
        if len(self._open) >= DEEPEST:
            self._refuse(event.start_mark, f"stands more than {DEEPEST} levels deep")
        self._open.append(_Open(_Node({} if mapping else [], _place(event.start_mark)), event.anchor))

    def _put(self, node: _Node, event: yaml.Event) -> None:
        if not self._open:
            self._root = node
            return
        inside = self._open[-1]
        if isinstance(inside.node.value, list):
            inside.node.value.append(node)
        elif inside.key is None or inside.key_place is None:
            self._refuse(event.start_mark, "a key has to be text")
        else:
            inside.node.value[inside.key] = node
            inside.node.keys[inside.key] = inside.key_place
            inside.key = inside.key_place = None
        inside.node.size += node.size
        inside.node.depth = max(inside.node.depth, node.depth + 1)
        if inside.node.size > MOST_VALUES:
            self._refuse(event.start_mark, f"holds more than {MOST_VALUES} values, counting what its aliases stand for")
        if len(self._open) + node.depth > DEEPEST:  # an alias stands for as many levels as its anchor has
            self._refuse(event.start_mark, f"stands more than {DEEPEST} levels deep")

    def _aliased(self, event: yaml.AliasEvent) -> _Node:
        node = self._anchors.get(event.anchor or "")
        if node is None:
            self._refuse(event.start_mark, f"there is no anchor &{event.anchor} before this")
        return node

    def _remember(self, anchor: str | None, node: _Node) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _refuse(self, mark: _Mark | None, message: str) -> NoReturn:
        self._refuse_at(None if mark is None else _place(mark), message)

    def _refuse_at(self, place: Place | None, message: str) -> NoReturn:
        where = "" if place is None else f":{place.line}:{place.column}"
        raise ConfigurationError(f"{self._name}{where}: {message}")


_SLIPS: Final = {
    r"found character '\\t'": "there is a tab: indent with spaces",
    "found character '(.)'": "a text that begins with {found} has to stand in quotes",
    "mapping values are not allowed": (
        "there is a colon too many: a text with a colon in it has to stand in quotes, and keys of one mapping begin in one column"
    ),
    "expected <block end>": "it is not indented like what it belongs to, in line {line}",
    r"expected ',' or '(.)'": "what begins in line {line} has to end with {found} before this",
    "node content, but found '<stream end>'": "the file ends before a [ or a {{ does",
    "unexpected end of stream": "the quotes that begin in line {line} do not end",
    "could not find expected ':'": "there is no colon after what stands in line {line}",
}
"""What people get wrong when they write YAML by hand: what PyYAML says of it, and what is said instead."""


def _slip(error: yaml.MarkedYAMLError) -> str:
    """What is wrong with text that is no YAML."""
    said = " ".join(part for part in (error.context, error.problem) if part)
    for pattern, words in _SLIPS.items():
        if found := re.search(pattern, said):
            return words.format(found=found[found.lastindex or 0], line=_place(error.context_mark).line)
    return said


def _place(mark: _Mark | None) -> Place:
    return Place(1, 1) if mark is None else Place(mark.line + 1, mark.column + 1)


_CONSTANTS: Final[dict[str, object]] = {"": None, "~": None, "null": None, "true": True, "false": False}


def _value(text: str) -> object:
    """What unquoted *text* says: nothing, a truth value, a whole number, or itself."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return int(text) if re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text) else text


class _Writer(yaml.SafeDumper):
    """Lists of names on one line, nothing shared, indented as people write it."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the name of PyYAML's hook
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - as above
        super().increase_indent(flow, False)


def _list(writer: yaml.SafeDumper, items: list[object]) -> yaml.Node:
    short = all(isinstance(item, str) for item in items)
    return writer.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


def _text_node(writer: yaml.SafeDumper, text: str) -> yaml.Node:
    # PyYAML leaves some line separators as they are outside double quotes, and then reads them as line breaks
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=None if text.isprintable() else '"')


_Writer.add_representer(list, _list)
_Writer.add_representer(str, _text_node)

_HEADER: Final = """\
# Countersign's configuration, as `countersign config export` wrote it. docs/configuration.md says what each key means.
# What a section does not name is deleted when the file is applied; a section that is left out is left as it is.

"""


def write(content: dict[str, Any]) -> str:
    """*content*, as `domain.configuration.written` gives it, as the text of a file: the same for the same content."""
    return _HEADER + yaml.dump(
        content, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False
    )
