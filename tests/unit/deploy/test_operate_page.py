"""The page for operators has every event that is logged at WARNING or above, with its level, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from deploy.services import ROOT

PAGE = ROOT / "docs" / "how-to" / "operate.md"
ROW = re.compile(
    r"^\| (?:`` ?(?P<quoted>.+?) ?``|`(?P<plain>[^`]+)`) \| (?P<level>WARNING|ERROR|CRITICAL) \|",
    re.MULTILINE,
)
LEVELS = {"warning": "WARNING", "error": "ERROR", "exception": "ERROR", "critical": "CRITICAL"}


def logged(path: Path) -> Iterator[tuple[str, str]]:
    """Yield event and level of each call of a logger in a file; an event that is no literal fails."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.IfExp(body=ast.Attribute(value=ast.Name(id="log" | "logger"))):
                raise AssertionError(f"{path}:{node.lineno}: call the logger where it logs")
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="log" | "logger"), attr=method), args=[event, *_]
            ) if method in LEVELS:
                assert isinstance(event, ast.Constant), f"{path}:{node.lineno}: the event must be a literal"
                yield str(event.value), LEVELS[method]


def test_every_event_is_on_the_page_and_every_event_of_the_page_is_logged() -> None:
    files = [path for folder in ("services", "deploy") for path in (ROOT / folder).rglob("*.py")]
    in_code = {found for path in files for found in logged(path)}
    page = PAGE.read_text(encoding="utf-8")
    on_page = [(row["quoted"] or row["plain"], row["level"]) for row in ROW.finditer(page)]
    assert in_code - set(on_page) == set(), "add a row for each to docs/how-to/operate.md"
    assert set(on_page) - in_code == set(), "nothing logs these any more: remove their rows"
    assert len(on_page) == len(set(on_page))
    assert len(in_code) > 40
