"""A text as the checks read it: figures, names and dates as marks, other characters in their plain form."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from services.grounding.facts import Facts, Figure
from services.grounding.marks import DATE, FIGURE, NAME, TERM
from services.grounding.names import names_in
from services.grounding.rendering import Rendered, visible

_EMPHASIS: Final = frozenset("*`_")
_ALIKE: Final = str.maketrans(
    "асеорхуіјѕһкмтвнАСЕОРХУІЈЅКМТВНοαετυιρνΟΑΕΤΥΙΡΝ", "aceopxyijshkmtbhACEOPXYIJSKMTBHoaetuipvOAETYIPN"
)
"""Cyrillic and Greek letters that look like Latin ones."""
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"))
_PICTURES: Final = {"\u20e3": ")", "💯": "100", "🔟": "10", "🥇": " 1위 ", "🥈": " 2위 ", "🥉": " 3위 "}


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its marks.

    Attributes:
        text: as it is read.
        at: of each character, where it stands in the rendered text.
        figures: those of the marks `FIGURE`, in order.
        names: those of the marks `NAME`, in order.
        source: the rendered text.

    """

    text: str
    at: tuple[int, ...]
    figures: tuple[Figure, ...]
    names: tuple[str, ...]
    source: str

    def said(self, start: int, end: int) -> tuple[str, int]:
        """Return the words of a stretch as they are rendered, and where they begin."""
        if start >= len(self.at):
            return self.text[start:end], len(self.source)
        stop = self.at[end] if end < len(self.at) else len(self.source)
        return self.source[self.at[start] : stop].strip(), self.at[start]

    def figure(self, at: int) -> Figure:
        """Return the figure of a mark."""
        return self.figures[self.text.count(FIGURE, 0, at)]

    def name(self, at: int) -> str:
        """Return the name of a mark."""
        return self.names[self.text.count(NAME, 0, at)]

    def masked(self, stretches: Iterable[tuple[int, int]], mark: str = DATE) -> "Reading":
        """Return the reading with stretches of it as marks of the same length."""
        text = list(self.text)
        for start, end in stretches:
            text[start:end] = mark * (end - start)
        return replace(self, text="".join(text))


def read(rendered: Rendered, facts: Facts) -> Reading:
    """Read a rendered text."""
    blank = list(rendered.text)
    for span in rendered.spans:
        blank[span.start : span.end] = FIGURE * (span.end - span.start)
    names = names_in("".join(blank), facts)
    marks = {span.start: (FIGURE, span.end) for span in rendered.spans}
    marks |= {each.start: (NAME if each.owner else TERM, each.end) for each in names}
    pieces = list(_pieces(rendered.text, marks))
    return Reading(
        "".join(piece for piece, _ in pieces),
        tuple(at for piece, at in pieces for _ in piece),
        tuple(span.figure for span in rendered.spans),
        tuple(each.name for each in names if each.owner),
        rendered.text,
    )


def read_plain(text: str) -> Reading:
    """Read a text without figures and names: the message of a user."""
    return read(Rendered(visible(text)), Facts())


def _pieces(text: str, marks: dict[int, tuple[str, int]]) -> Iterator[tuple[str, int]]:
    at = 0
    while at < len(text):
        if at in marks:
            mark, end = marks[at]
            yield mark, at
            at = end
            continue
        yield _plain(text[at]), at
        at += 1


def _plain(character: str) -> str:
    """Return a character in its plain form; what only decorates is left out."""
    if character in _EMPHASIS:
        return ""
    if character.isascii():
        return character
    if character in _PICTURES:
        return _PICTURES[character]
    if unicodedata.category(character).startswith("M"):
        return ""
    if unicodedata.category(character) in {"Nd", "Nl", "No"}:
        return _digit(character)
    plain = unicodedata.normalize("NFKC", character).translate(_ALIKE).translate(_DASHES)
    return "".join(_digit(each) for each in plain)


def _digit(character: str) -> str:
    """Return a number of any script in our digits."""
    if character.isascii():
        return character
    value = unicodedata.numeric(character, None)
    return character if value is None or _is_hanja(character) else f"{value:g}"


def _is_hanja(character: str) -> bool:
    return re.match(r"[\u3400-\u9fff\uf900-\ufaff]", character) is not None
