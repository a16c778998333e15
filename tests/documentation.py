"""Docs that are written from the code: `python -m tests.documentation` writes them, and a test holds that they are current."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from domain.approvals.resources import GATES
from domain.approvals.status import MOVES, OPERATION_MOVES, WORK_ITEM_MOVES

DOCS: Final = Path(__file__).parent.parent / "docs"


State = TypeVar("State", bound=StrEnum)


def state_diagram(moves: Mapping[State, frozenset[State]], start: State) -> str:
    """A Mermaid state diagram of *moves*."""
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR", f"    [*] --> {start}"]
    for state, following in moves.items():
        lines += [f"    {state} --> {one}" for one in sorted(following)]
        lines += [] if following else [f"    {state} --> [*]"]
    return "\n".join([*lines, "```"])


def gate_table() -> str:
    """Which gates an operation meets, as a Markdown table."""
    rows = [f"| {operation.label} | {' → '.join(kind.label for kind in kinds)} |" for operation, kinds in GATES.items()]
    return "\n".join(["| operation | gates, in this order |", "|---|---|", *rows])


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "request states": lambda: state_diagram(MOVES, next(iter(MOVES))),
    "work item states": lambda: state_diagram(WORK_ITEM_MOVES, next(iter(WORK_ITEM_MOVES))),
    "operation states": lambda: state_diagram(OPERATION_MOVES, next(iter(OPERATION_MOVES))),
    "gates": gate_table,
}


def renewed(text: str) -> str:
    """*text* with everything between `<!-- generated: NAME -->` and `<!-- end -->` written anew."""
    for name, write in GENERATED.items():
        begin, end = f"<!-- generated: {name} -->", "<!-- end -->"
        if begin in text:
            before, _, rest = text.partition(begin)
            text = f"{before}{begin}\n{write()}\n{end}{rest.partition(end)[2]}"
    return text


def main() -> None:
    for path in DOCS.glob("*.md"):
        path.write_text(renewed(path.read_text()))


if __name__ == "__main__":
    main()
