"""What must hold of the page's sources: small modules, no markup made of data, nothing from outside."""

import re
from pathlib import Path

import pytest

from tests import ROOT

PAGE = ROOT / "bot" / "devslack" / "page"
SCRIPTS = sorted(PAGE.rglob("*.js"))
SOURCES = sorted(path for path in PAGE.rglob("*") if path.suffix in {".js", ".css", ".html", ".svg"})

# Each of them turns text into markup or code, which is how a message could act.
FORBIDDEN = re.compile(
    r"\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser"
)


def name(path: Path) -> str:
    return str(path.relative_to(PAGE))


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_makes_nodes_and_never_markup(path: Path) -> None:
    assert not FORBIDDEN.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_imports_only_its_neighbours_and_they_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"^import .*?from '([^']+)'", text, re.MULTILINE | re.DOTALL):
        assert target.startswith(("./", "../"))
        assert (path.parent / target).is_file(), target


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_source_is_short_and_names_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    hosts = re.findall(r"""["'(]https?://[^\s"'<>)]+""", text)
    assert [host for host in hosts if "www.w3.org" not in host] == []


def test_every_symbol_that_is_used_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="i-([a-z-]+)"', (PAGE / "index.html").read_text(encoding="utf-8")))
    used: set[str] = set()
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"\bicon(?:Button)?\('([a-z-]+)'", text))
        used |= set(re.findall(r"symbol: '([a-z-]+)'", text))
    assert used
    assert used <= drawn
