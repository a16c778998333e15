"""The configuration file: YAML in, with the line and column of everything in it; YAML out, the same for the same state.

Of YAML it takes what a configuration needs: mappings with text keys, lists, text, whole numbers, `true` and `false`. Plain text
that YAML 1.1 would turn into something else (`on`, `1:30`, `2026-11-21`) stays text. It is read from PyYAML's events and within limits,
so that no file, however odd, costs more than a moment: docs/decisions/0018-yaml-from-events.md.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from bot.environment.operator_error import Mistake
from domain.configuration.faults import Fault, InvalidConfiguration, quoted, spelled
from domain.configuration.faults import Path as FaultPath
from domain.configuration.file_model import Configuration, parse_configuration

LARGEST: Final = 1024 * 1024  # bytes
MOST_VALUES: Final = 50_000  # with everything that aliases stand for
DEEPEST: Final = 24


class ConfigurationError(Mistake):
    """A file that cannot be applied. The message has one line for each fault: `countersign.yml:41:9: profiles.web.steps[1].required: …`."""


class Place(NamedTuple):
    """Where something stands in the file; both count from 1."""

    line: int
    column: int


@dataclass(slots=True)
class _Node:
    """A value and where it stands."""

    value: Any
    """Of a mapping or a list: its parts, as nodes."""
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)
    size: int = 1
    """How many values this is, with all inside it, and with what its aliases stand for."""
    depth: int = 1
    """How many levels this is: 1 for a text."""

    def child(self, part: str | int) -> "_Node | None":
        if isinstance(self.value, dict):
            return self.value.get(part)
        if isinstance(self.value, list) and isinstance(part, int) and part < len(self.value):
            child: _Node = self.value[part]
            return child
        return None

    def plain(self) -> Any:
        """The value without places. Not deeper than DEEPEST, so recursion is safe here."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


class ConfigurationFile:
    """A configuration as it stands in a file, which can say where each fault is."""

    def __init__(self, name: str, content: str) -> None:
        """Read *content*, which errors call *name*. Raises ConfigurationError."""
        self.name: Final = name
        self._root = _Reader(name, content).root()
        plain = self._root.plain()
        self.digest: Final = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
        """The same for files that say the same, whatever their comments and order."""
        with self.located():
            self.configuration: Configuration = parse_configuration(plain)

    @classmethod
    def read(cls, path: Path) -> "ConfigurationFile":
        """The configuration in the file *path*. Raises ConfigurationError, also where it cannot be read."""
        return cls(str(path), _text(path))

    @contextmanager
    def located(self) -> Iterator[None]:
        """Within it, InvalidConfiguration becomes ConfigurationError that says where in the file each fault is."""
        try:
            yield
        except InvalidConfiguration as error:
            raise ConfigurationError("\n".join(self.where(error.faults))) from None

    def where(self, faults: Iterable[Fault]) -> list[str]:
        """*faults* in the order of their places: `countersign.yml:41:9: profiles.web.steps[1].required: must be at least 1`."""
        located = sorted((*self._find(fault.path, at_key=fault.at_key), fault.message) for fault in faults)
        return [f"{self.name}:{place.line}:{place.column}: {spelled(path)}: {text}" for place, path, text in located]

    def _find(self, path: FaultPath, *, at_key: bool) -> tuple[Place, FaultPath]:
        """The place of what *path* leads to, or of the last part of it that is there; and the path as the file has it.

        A part that the file leaves out (`users`, where administrators are a mere list) is stepped over.
        """
        node, key_place = self._root, self._root.place
        present, missing = list[str | int](), list[str | int]()
        for part in path:
            child = node.child(part)
            if child is None:
                missing.append(part)
                continue
            key_place = node.keys.get(str(part), child.place)
            node, missing = child, []
            present.append(part)
        return (key_place if at_key or missing else node.place), (*present, *missing)


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


class _Reader:
    """Builds the nodes of one file from the events of PyYAML's parser. It calls itself for what stands inside, DEEPEST levels at most."""

    def __init__(self, name: str, content: str) -> None:
        self._name = name
        self._parser: Any = None
        self._content = content
        self._event: Any = None  # the last one that was taken
        self._anchors: dict[str, _Node] = {}
        self._size = 0

    def root(self) -> _Node:
        """The node of the only document, which has to be a mapping. Raises ConfigurationError."""
        try:
            root = self._document()
        except yaml.MarkedYAMLError as error:
            raise self._not_yaml(error) from None
        except yaml.YAMLError as error:  # a character that may not stand in YAML
            raise self._error(None, f"is not YAML: {' '.join(str(error).split())}") from None
        if root is None or root.value is None:
            raise ConfigurationError(f"{self._name}: is empty")
        if not isinstance(root.value, dict):
            raise self._error(root.place, "must have keys with values, one to a line")
        return root

    def _document(self) -> _Node | None:
        self._parser = yaml.SafeLoader(self._content)
        self._take()  # the start of the stream
        if self._parser.check_event(yaml.StreamEndEvent):
            return None
        self._take()  # the start of the document
        root = self._node(0)
        self._take()  # its end
        if not self._parser.check_event(yaml.StreamEndEvent):
            raise self._error(_place(self._take().start_mark), "begins a second document: a file has only one")
        return root

    def _take(self) -> Any:
        event = self._parser.get_event()
        self._event = event
        return event

    def _node(self, level: int) -> _Node:
        """The next value, which stands inside *level* mappings and lists."""
        event = self._take()
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, level)
        self._check_tag(event)
        node = _Node(None, _place(event.start_mark))
        self._check_limits(node, level, node.place)
        size = self._size
        match event:
            case yaml.ScalarEvent():
                node.value = _value(event.value) if event.implicit[0] else event.value
            case yaml.MappingStartEvent():
                node.value = {}
                while not self._ends(yaml.MappingEndEvent):
                    key, key_place = self._key(node)
                    node.keys[key] = key_place
                    node.value[key] = self._node(level + 1)
                node.depth += max((part.depth for part in node.value.values()), default=0)
            case yaml.SequenceStartEvent():
                node.value = []
                while not self._ends(yaml.SequenceEndEvent):
                    node.value.append(self._node(level + 1))
                node.depth += max((part.depth for part in node.value), default=0)
        node.size += self._size - size
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any, level: int) -> _Node:
        place = _place(event.start_mark)
        if event.anchor not in self._anchors:
            raise self._error(place, f"there is no anchor &{event.anchor} before this")
        node = self._anchors[event.anchor]
        self._check_limits(node, level, place)
        return node

    def _ends(self, kind: type[yaml.Event]) -> bool:
        """Whether the mapping or list that is being read ends here."""
        ends = bool(self._parser.check_event(kind))
        if ends:
            self._take()
        return ends

    def _key(self, mapping: _Node) -> tuple[str, Place]:
        event = self._take()
        place = _place(event.start_mark)
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error(place, "a key has to be text")
        self._check_tag(event)
        if event.anchor is not None:
            raise self._error(place, "a key cannot have an anchor here")
        if event.value == "<<" and event.implicit[0]:
            raise self._error(
                place, "merging with << is not supported: write it out, or use an alias for the whole value"
            )
        if event.value in mapping.keys:
            first = mapping.keys[event.value]
            raise self._error(place, f"{quoted(event.value)} is already used in line {first.line}")
        return event.value, place

    def _check_tag(self, event: Any) -> None:
        is_text = isinstance(event, yaml.ScalarEvent) and event.tag in {"!", "tag:yaml.org,2002:str"}
        if event.tag is not None and not is_text:
            raise self._error(_place(event.start_mark), f"has a tag, {event.tag}, which has no meaning here")

    def _check_limits(self, node: _Node, level: int, place: Place) -> None:
        self._size += node.size
        if self._size > MOST_VALUES:
            raise self._error(place, f"holds more than {MOST_VALUES} values, counting what its aliases stand for")
        if level + node.depth > DEEPEST:
            raise self._error(place, f"is more than {DEEPEST} levels deep")

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> ConfigurationError:
        if isinstance(self._event, yaml.ScalarEvent) and self._event.style in {"'", '"'}:
            begin, end_line = _place(self._event.start_mark), _place(self._event.end_mark).line
            if begin.line < end_line:
                return self._error(
                    begin, f"is not YAML: the quotes that begin here end in line {end_line}, where none can be"
                )
        return self._error(_place(error.problem_mark or error.context_mark), f"is not YAML: {_slip(error)}")

    def _error(self, place: Place | None, message: str) -> ConfigurationError:
        where = "" if place is None else f":{place.line}:{place.column}"
        return ConfigurationError(f"{self._name}{where}: {message}")


_SLIPS: Final = {
    r"found character '\\t'": "there is a tab: indent with spaces",
    "found character '(.)'": "a text that begins with {found} has to be in quotes",
    "mapping values are not allowed": (
        "there is a colon too many: a text with a colon in it has to be in quotes, and keys of one mapping begin in one column"
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
    reason = " ".join(part for part in (error.context, error.problem) if part)
    for pattern, sentence in _SLIPS.items():
        if match := re.search(pattern, reason):
            return sentence.format(found=match[match.lastindex or 0], line=_place(error.context_mark).line)
    return reason


def _place(mark: Any) -> Place:
    """One of PyYAML's places, which count from 0 and may be missing."""
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
    """*content*, as `domain.configuration.file_content` gives it, as the text of a file: the same for the same content."""
    return _HEADER + yaml.dump(
        content, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False
    )
