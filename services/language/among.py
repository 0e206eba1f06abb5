"""Which of the strategies spoken of a text is about: "now for all 4", "나머지 둘은?", "put it back"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.language.phrases import compiled
from services.language.vocabulary import among as words

Kind = Literal["all", "rest", "without", "back", "former", "first", "middle"]


@dataclass(frozen=True, slots=True)
class Among:
    """Which of those spoken of before are meant.

    Attributes:
        kind: all there are; those that the answer before was not about, or did not find; its own without
            some; those left out before, again; the ones of an answer further back; those that are first, or
            in the middle, in its order.
        number: how many are said; None: that is not said.
        place: of one that is left out, its place in the order: 1 is the first, -1 the last; of an answer
            further back, 1 is the first one of all; None: no place is said.

    """

    kind: Kind
    number: int | None = None
    place: int | None = None


_WRITTEN: Final[Mapping[Kind, str]] = {
    "all": words.ALL,
    "former": words.FORMER,
    "without": words.WITHOUT,
    "back": words.BACK,
    "first": words.FIRST,
    "middle": words.MIDDLE,
    "rest": words.REST,
}
_PATTERNS: Final = {kind: compiled(pattern) for kind, pattern in _WRITTEN.items()}
_ADDING: Final = compiled(words.ADDING)
_BESIDE: Final = compiled(words.BESIDE)
_ONES: Final = frozenset({"it", "one"})
_PLACES: Final = {"first": 1, "last": -1}


def read_among(text: str, *, named: bool) -> tuple[Among, str] | None:
    """Return which of those spoken of before a text is about, and its other words, each in its place.

    Args:
        text: without its windows of time.
        named: it names strategies: those can only be added.

    """
    if named:
        return (Among("back"), _ADDING.sub(_blank, text)) if _ADDING.search(text) else None
    for kind, pattern in _PATTERNS.items():
        if found := pattern.search(text):
            left = f"{text[: found.start()]}{_blank(found)}{text[found.end() :]}"
            said = {key.partition("_")[0]: each for key, each in found.groupdict().items() if each}
            return _meant(kind, said), _BESIDE.sub(_blank, left)
    return None


def _meant(kind: Kind, said: Mapping[str, str]) -> Among:
    place = next((place for key, place in _PLACES.items() if key in said), None)
    number = _number(said["number"]) if "number" in said else None
    if not _ONES.isdisjoint(said):
        number = 1
    return Among(kind, 2 if "two" in said else number, place)


def _number(written: str) -> int | None:
    found = re.match(r"\d+|[a-z]+|[가-힣]+?(?=\s|$|개|놈|애|가지|전략)", written.lower())
    word = found.group() if found else ""
    return int(word) if word.isdigit() else words.NUMBERS.get(word)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


_OUT: Final = compiled(
    rf"(?:\b(?:just\s+)?not\s+|{words.LEAVING_OUT})(?:the\s+)?(?:[\0\s,&]|and\b|or\b|of\b|the\b|ones?\b)*"
)
_OUT_KO: Final = compiled(
    r"[\0\s,&]*(?:(?:이?랑|하고|[와과])[\0\s,&]*)*\0[\0\s]*(?:전략(?:들)?)?(?:이?랑|하고)?\s*"
    rf"(?:둘\s*다|둘|다|모두)?{words.LEFT_OUT}"
)
_BEGINS_WITHOUT: Final = compiled(rf"^\W*(?>(?:ok|okay|now|and|then|so)\s+){{0,2}}{words.LEAVING_OUT}")
_EXCLUDES: Final = compiled(
    rf"{words.LEAVING_OUT}\S|^\W*(?:ok\s+|and\s+|but\s+)?not\s+\S|\S\s*{words.LEFT_OUT}|\S\s*없이"
)


def excludes(text: str) -> bool:
    """Tell whether a text leaves something out: "drop RSI", "A랑 B 제외하고 제일 좋은 건"."""
    return _EXCLUDES.search(text) is not None


def begins_without(text: str) -> bool:
    """Tell whether a text says first that it leaves something out: "kick out RSI"."""
    return _BEGINS_WITHOUT.search(text) is not None


def adds(text: str) -> bool:
    """Tell whether a text puts a strategy, if it names one, among those compared: "add RSI again"."""
    return _ADDING.search(text) is not None


def without_excluded(text: str, spans: Sequence[tuple[int, int]]) -> str | None:
    """Return a text without the names that it leaves out; None: it names others, or leaves none out."""
    masked = text
    for start, end in spans:
        masked = f"{masked[:start]}{chr(0) * (end - start)}{masked[end:]}"
    left = _OUT_KO.sub(_blank, _OUT.sub(_blank, masked))
    return left if left != masked and "\0" not in left else None
