"""Texts for people that stand in code: found in its syntax tree, so that they can be sent to the room where they belong."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

SAID: Final = frozenset(
    {
        "close", "confirm", "deny", "description", "hint", "label", "message", "note", "placeholder", "problem", "submit", "text",
        "title", "what", "why",
    }
)  # fmt: skip
"""Arguments that people read, whatever they are given to."""
SAYING: Final = frozenset(
    {
        "button",
        "choice",
        "channel",
        "context",
        "header",
        "line_of_text",
        "menu",
        "number",
        "option",
        "people",
        "section",
        "span",
        "tick",
        "typed",
    }
)
"""Functions whose texts people read: there even one word is a text, if it has a capital letter."""
UNSEEN: Final = frozenset(
    {"AssertionError", "FileNotFoundError", "KeyError", "LookupError", "RuntimeError", "TypeError", "ValueError"}
)
"""What is raised for whoever programs."""
LOGGED: Final = frozenset({"critical", "debug", "error", "exception", "info", "warning"})

# Two words next to each other, or the end of half a sentence that goes on with a value.
_WORDS: Final = re.compile(r"[^\W\d_]{2,}[,.:;)]?[ \n]+[^\W\d_]+|[^\W\d_]{2,}[,:]? $|^[,.:;)]? [^\W\d_]{2,}")
_WORD: Final = re.compile(r"[^\W\d_]{2}")
_CAPITAL: Final = re.compile(r"[A-Z][a-z]")


class Found(NamedTuple):
    line: int
    text: str


def sentences(path: Path) -> list[Found]:
    """Every string in the code at *path* that looks like a text for people, in the order of its lines."""
    return sentences_in(path.read_text(encoding="utf-8"))


def sentences_in(code: str) -> list[Found]:
    tree = ast.parse(code)
    unseen = {id(node) for root in _unseen(tree) for node in ast.walk(root)}
    found = {
        Found(node.lineno, node.value)
        for node, is_said in _strings(tree)
        if id(node) not in unseen and isinstance(node.value, str) and (is_said or _WORDS.search(node.value))
    }
    return sorted(found)


def _strings(tree: ast.AST) -> Iterator[tuple[ast.Constant, bool]]:
    """Every string, and whether the place where it stands makes a text of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            yield node, False
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                yield from (
                    (one, True)
                    for one in _literals(keyword.value)
                    if keyword.arg in SAID and _WORD.search(str(one.value))
                )
            if isinstance(node.func, ast.Name | ast.Attribute) and _name(node.func) in SAYING:
                yield from (
                    (one, True) for given in node.args for one in _literals(given) if _CAPITAL.search(str(one.value))
                )


def _literals(node: ast.AST) -> Iterator[ast.Constant]:
    """*node*, or the parts of it, where it is a string that is written there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _literals(part)
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _unseen(tree: ast.AST) -> Iterator[ast.AST]:
    """What nobody who uses Countersign reads: docstrings, what is raised for programmers, what is logged, patterns."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                yield node
            case ast.Raise(exc=ast.Call(func=raised)) if _name(raised) in UNSEEN:
                yield node
            case ast.Call(func=ast.Attribute(value=owner, attr=does)) if (
                _name(owner) == "log" and does in LOGGED
            ) or _name(owner) == "re":
                yield node


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
