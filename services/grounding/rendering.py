"""Writing the values of references into a text."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from services.grounding.facts import Facts, Figure, Problem
from services.grounding.writing import figure_text

_REFERENCE: Final = re.compile(r"\[\[\s*([^\[\]\s]{1,80})\s*\]\]")
_REMAINS: Final = re.compile(
    r"\[\[[^\s\]]{0,40}\]{0,2}|\S{0,40}\]\]|\{\{[^{}\n]{0,40}\}{0,2}|\$\{[^{}\n]{0,40}\}?"
)
"""What looks like a reference and is none."""
_SHOWN: Final = frozenset("\n")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
"""Letters that show nothing."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a figure stands in a rendered text."""

    start: int
    end: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with its values.

    Attributes:
        text: without control characters.
        spans: of its figures, in order.
        problems: references that are of no figure.

    """

    text: str
    spans: tuple[Span, ...] = ()
    problems: tuple[Problem, ...] = ()


def visible(text: str) -> str:
    """Return a text composed (NFC), without characters that show nothing or turn the direction of others."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(
        each
        for each in composed
        if each in _SHOWN or (unicodedata.category(each) not in _INVISIBLE and each not in _FILLERS)
    )


def render(text: str, facts: Facts) -> Rendered:
    """Write the values of a text's references; one that is of no figure stays as it is, as a problem."""
    parts: list[str] = []
    spans: list[Span] = []
    length = at = 0
    text = visible(text)
    names = [name for name in facts.owners if "[[" in name]
    for found in _REFERENCE.finditer(text):
        figure = facts.by_ref.get(found[1])
        if figure is None or any(_holds(text, name, found.start()) for name in names):
            continue
        before, value = text[at : found.start()], figure_text(figure, facts.language)
        start = length + len(before)
        spans.append(Span(start, start + len(value), figure))
        parts += [before, value]
        length, at = start + len(value), found.end()
    rendered = "".join([*parts, text[at:]])
    return Rendered(rendered, tuple(spans), tuple(_unresolved(rendered, facts)))


def _holds(text: str, name: str, place: int) -> bool:
    """Whether a place in a text is within a name."""
    start = text.find(name, max(0, place - len(name) + 1))
    return 0 <= start <= place


def _unresolved(text: str, facts: Facts) -> list[Problem]:
    """Return what is left of references: unknown, malformed or bare ones; names may look like one."""
    own = text
    for name in (*facts.owners, *facts.terms):
        own = own.replace(name, " " * len(name))
    found = [(each.start(), each[0]) for each in _REMAINS.finditer(own)]
    for ref in facts.by_ref:
        if re.search(r"[\d._:]", ref):
            bare = rf"(?<![\w.]){re.escape(ref)}(?![A-Za-z0-9_])"
            found += [(each.start(), each[0]) for each in re.finditer(bare, own)]
    return [Problem("unresolved-reference", said, at) for at, said in sorted(set(found))]
