r"""Answers as language models write them, in files by language and verdict, with the facts they speak of.

A line is an answer, with ` <= ` the message it answers after it; a line feed within is `\\n`. A heading
`## kind @facts` names the kind of the answers below it, and the file of their facts.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from backchat_contracts import Language
from services.grounding.checking import checked
from services.grounding.facts import Count, Facts, Figure, Problem

FOLDER: Final = Path(__file__).parent
Verdict = Literal["good", "bad"]
_FILES: Final[dict[Language, str]] = {"ko": "korean", "en": "english"}


@dataclass(frozen=True, slots=True)
class Case:
    """An answer.

    Attributes:
        text: with references.
        message: that it answers.
        facts: the name of the file of its facts.
        kind: what it is an example of.
        language: of the answer.
        verdict: "bad" must be caught.

    """

    text: str
    message: str
    facts: str
    kind: str
    language: Language
    verdict: Verdict

    def problems(self) -> tuple[Problem, ...]:
        """Return what is found in it."""
        return checked(self.text, facts_of(self.facts, self.language), self.message).problems

    @property
    def is_right(self) -> bool:
        """Whether a bad one is caught, and a good one is not."""
        return bool(self.problems()) == (self.verdict == "bad")


def cases() -> Iterator[Case]:
    """Yield the cases of all files."""
    for language in get_args(Language):
        for verdict in get_args(Verdict):
            for file in sorted((FOLDER / "cases").glob(f"{_FILES[language]}_{verdict}*.txt")):
                yield from _of_file(file, language, verdict)


def _of_file(file: Path, language: Language, verdict: Verdict) -> Iterator[Case]:
    kind = facts = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind, facts = (part.strip() for part in line.removeprefix("## ").split("@"))
        elif line.strip():
            text, _, message = line.partition(" <= ")
            yield Case(text.replace("\\n", "\n").strip(), message.strip(), facts, kind, language, verdict)


@cache
def facts_of(name: str, language: Language) -> Facts:
    """Read a file of facts."""
    read = json.loads((FOLDER / "facts" / f"{name}.json").read_text(encoding="utf-8"))
    return Facts(
        figures=tuple(Figure(*each) for each in read["figures"]),
        names=tuple(read["names"]),
        dates=frozenset(map(date.fromisoformat, read["dates"])),
        counts=frozenset(Count(value, of) for of, value in read["counts"].items()),
        done=frozenset(read.get("done", ())),
        language=language,
        benchmark=read["benchmark"],
        terms=frozenset(read["terms"]),
    )
