"""Conversations as people have them, in files: questions, each with what a right answer holds.

`# NAME` names the catalogue of the conversations below it (a file of `catalogues/`), `## TITLE` begins one. A
line is a question, ` => ` and its expectation, as `judge` says. `(finish)` lets what was started run to its
end; what the conversation says then is judged like an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "conversations"
FINISH: Final = "(finish)"


@dataclass(frozen=True, slots=True)
class Question:
    """A message and what a right answer to it holds."""

    text: str
    expectation: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation about a catalogue."""

    catalogue: str
    title: str
    questions: list[Question] = field(default_factory=list)


def talks(folder: Path = FOLDER) -> Iterator[Talk]:
    """Yield the conversations of all files."""
    for file in sorted(folder.glob("*.txt")):
        yield from _of_file(file)


def _of_file(file: Path) -> Iterator[Talk]:
    catalogue, talk = "", None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            if talk:
                yield talk
            talk = Talk(catalogue, line.removeprefix("## ").strip())
        elif line.startswith("# "):
            catalogue = line.removeprefix("# ").strip()
        elif line.strip():
            text, arrow, expectation = line.partition(" => ")
            if not arrow or talk is None:
                raise ValueError(f"{file.name}, line {number}: a question needs ` => ` and a heading")
            talk.questions.append(Question(text.strip(), expectation.strip()))
    if talk:
        yield talk
