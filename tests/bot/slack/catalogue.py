"""The whole catalogue, as a reader of all of it sees it: its constants, and what its functions say with some values in them."""

import ast
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

import bot

VALUE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands where a value goes."""


class Text(NamedTuple):
    """One text, or a part of one, with where it stands."""

    area: str
    name: str
    """The constant or function that says it."""
    said: str

    def __str__(self) -> str:
        return f"{self.area}.{self.name}: {self.said}"


def areas() -> list[ModuleType]:
    """Every module that holds texts."""
    names = [module.name for module in pkgutil.walk_packages(bot.__path__, "bot.") if not module.ispkg]
    return [import_module(name) for name in names if ".kit.texts." in name or name.endswith("texts")]


def catalogue() -> Iterator[Text]:
    """Every string in the catalogue but its docstrings; values stand as `VALUE` in it."""
    for area in areas():
        tree = ast.parse(Path(str(area.__file__)).read_text(encoding="utf-8"))
        for node in tree.body:
            yield from (Text(area.__name__.rpartition(".")[2], name, said) for name, said in _said(node))


def _said(node: ast.stmt) -> Iterator[tuple[str, str]]:
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            yield from ((name, said) for said in _strings(value))
        case ast.FunctionDef(name=name, body=body):
            shown = body[1:] if ast.get_docstring(node) is not None else body
            yield from ((name, said) for one in shown for said in _strings(one))
        case ast.ClassDef(name=name, body=body):
            yield from ((f"{name}.{inner}", said) for one in body for inner, said in _said(one))


def _strings(node: ast.AST) -> Iterator[str]:
    """The strings in *node*, those with values as one."""
    match node:
        case ast.Constant(value=str() as said):
            yield said
        case ast.JoinedStr(values=values):
            yield "".join(str(value.value) if isinstance(value, ast.Constant) else VALUE for value in values)
            for value in values:
                yield from _strings(value) if isinstance(value, ast.FormattedValue) else ()
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _strings(child)
