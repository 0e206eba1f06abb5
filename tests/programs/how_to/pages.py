"""Follows a how-to page in a copy of the tree: makes each change that the page shows, literally.

The line before a block of code says where it belongs:

    `path`:                                  a new file
    In `path`, before|after `line`:          beside a line of an existing file
    In `path`, instead of `line`:            in the place of a line

A `line` is without its indentation; "…" at its end stands for the rest of it.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.services import ROOT

FOLDER: Final = ROOT / "docs" / "how-to"
PAGES: Final = tuple(sorted(page.stem for page in FOLDER.glob("add-*.md")))

_CHANGE: Final = re.compile(
    r"^(?:In )?`(?P<path>[\w./-]+/[\w./-]+)`(?:, (?P<how>before|after|instead of) `(?P<line>[^`]+)`)?:\n\n"
    r"```\w+\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_BLOCK: Final = re.compile(r"^```(?:python|json|toml)$", re.MULTILINE)


class WrongPageError(Exception):
    """A page shows a change that can't be made."""


@dataclass(frozen=True, slots=True)
class Change:
    """A new file, or lines to insert into an existing one."""

    path: str
    how: str | None
    line: str | None
    code: str

    def make(self, tree: Path) -> None:
        """Make the change in a tree. Raises WrongPageError where it does not fit."""
        path = tree / self.path
        if path.exists() == (self.line is None):
            raise WrongPageError(f"{self.path} {'exists already' if self.line is None else 'does not exist'}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.code if self.line is None else self._inserted(path.read_text(encoding="utf-8")))

    def _inserted(self, text: str) -> str:
        wanted = self.line or ""
        lines = text.splitlines(keepends=True)
        found = [number for number, line in enumerate(lines) if _fits(line.strip(), wanted)]
        if len(found) != 1:
            raise WrongPageError(f"{self.path} has {len(found)} lines {wanted!r}, not one")
        first = found[0] + (self.how == "after")
        lines[first : found[0] + (self.how == "instead of")] = [self.code]
        return "".join(lines)


def changes(text: str) -> list[Change]:
    """Return the changes that a page shows. Raises WrongPageError where a block of code has no file."""
    found = [Change(**match.groupdict()) for match in _CHANGE.finditer(text)]
    if len(found) != len(_BLOCK.findall(text)):
        raise WrongPageError(f"{len(_BLOCK.findall(text))} blocks of code, {len(found)} of them with a file")
    return found


def follow(page: str, tree: Path) -> None:
    """Make all changes of a page in a tree."""
    for change in changes((FOLDER / f"{page}.md").read_text(encoding="utf-8")):
        change.make(tree)


def copy_tree(folder: Path) -> Path:
    """Copy what the pages change and use; with the caches, as compiling the simulator takes seconds."""
    for name in ("contracts", "deploy", "docs", "services", "tests"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def _fits(line: str, wanted: str) -> bool:
    return line.startswith(wanted[:-1]) if wanted.endswith("…") else line == wanted
