"""Finding numerals: digits of any script, numbers in English and Korean words, fractions and multiples."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.grounding.reading import Reading
from services.grounding.vocabulary.korean_words import (
    ALONE,
    HALF,
    NO_NUMERALS,
    NO_SINO,
    ONE_AS_VALUE,
    VAGUE,
    WORD_POINT,
)
from services.grounding.vocabulary.numerals import (
    DECIMAL,
    ENGLISH_NUMBER,
    FRACTION,
    GROUPS,
    HANJA,
    KOREAN_END,
    KOREAN_UNIT,
    LARGE,
    NATIVE,
    NATIVE_NUMBER,
    ONE,
    ORDINALS,
    ROMAN,
    SINO,
    SINO_NUMBER,
    SINO_POWERS,
    SMALL,
)
from services.grounding.vocabulary.units import COUNTERS, SCALES, UNITS


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text.

    Attributes:
        start: its first character in the reading.
        end: after its last one.
        value: None where it is not read: a fraction, a vague number.
        unit: the plain name of what follows it; "" where that is no unit, "ordinal" of "second".
        stop: after the unit.

    """

    start: int
    end: int
    value: float | None
    unit: str
    stop: int


_DIGITS: Final = re.compile(r"\d+(?:[.,·/:⁄]\d+)*(?:[eE][-+]?\d+)?")
_ENGLISH_UNIT: Final = re.compile(
    r"\s*-?\s*(?:(?:trading|business|calendar)[\s-]+)?(%p|%포인트|[%‰]|퍼센트\s?포인트|percentage points?|"
    r"basis points?|"
    r"[A-Za-z]+|[가-힣]+)"
)
_SCALE: Final = re.compile(
    r"\s?(백만|천만|[십백천만억조](?=[\s원달배건개번회명]|\d|$)|k\b|mn?\b|bn\b|hundred\b|thousand\b|"
    r"million\b|billion\b)",
    re.IGNORECASE,
)
_THROUGH: Final = re.compile(r"(?:\s+[a-z][a-z-]*){0,2}?\s+([a-z]+)", re.IGNORECASE)
_KOREAN_UNITS: Final = sorted((each for each in UNITS if re.match(r"[가-힣]", each)), key=len, reverse=True)
_GROUPS: Final = re.compile(rf"\b(?:{'|'.join(GROUPS)})\b", re.IGNORECASE)
_NUMBER_ONE: Final = re.compile(r"\bnumber one\b", re.IGNORECASE)
_ORDINAL: Final = re.compile(rf"\b(?:twenty|thirty)?[\s-]?(?:{'|'.join(ORDINALS)})\b", re.IGNORECASE)
_SINO: Final = re.compile(rf"(?<![가-힣])(?!{NO_SINO})(?:{SINO_NUMBER})(?=\s?{KOREAN_UNIT}|{KOREAN_END})")
_SINO_DIGIT: Final = re.compile(
    rf"(?<![가-힣])(?!{NO_NUMERALS})[영일이삼사오육칠팔구십백천만억](?=\s?{KOREAN_UNIT}(?:{KOREAN_END}))"
)
_SINO_ABOUT: Final = re.compile(
    rf"(?<![가-힣])(?!일일|이일|사이|이사|오이)[일이삼사오육칠팔구]{{2}}(?=\s?{KOREAN_UNIT}(?:{KOREAN_END}))"
)
_DECIMAL: Final = re.compile(rf"(?<![가-힣])(?!{WORD_POINT}){DECIMAL}")
_NATIVE: Final = re.compile(
    rf"(?<![가-힣])(?!{NO_NUMERALS})({NATIVE_NUMBER})(?=\s?{KOREAN_UNIT}(?:{KOREAN_END}))"
)
_ALONE: Final = re.compile(rf"(?<![가-힣])(?:{ALONE})(?={KOREAN_END})")


def numerals(reading: Reading) -> list[Numeral]:
    """Return the numerals of a reading in order; where some overlap, the first and longest."""
    found: list[Numeral] = []
    at = 0
    for each in sorted(_all(reading.text), key=lambda each: (each.start, -each.end)):
        if each.start >= at:
            found.append(each)
            at = each.end
    return found


def _all(text: str) -> Iterator[Numeral]:
    yield from _digits(text)
    yield from _english(text)
    yield from _korean(text)
    for pattern in (HANJA, ROMAN, FRACTION, HALF, VAGUE, ONE_AS_VALUE):
        for each in pattern.finditer(text):
            yield Numeral(*each.span(), None, "", each.end())


def _digits(text: str) -> Iterator[Numeral]:
    for each in _DIGITS.finditer(text):
        suffix = re.match(r"(?:st|nd|rd|th)\b", text[each.end() :])
        if suffix:
            yield Numeral(*each.span(), _value(each[0]), "ordinal", each.end() + suffix.end())
            continue
        scale, end = _scale(text, each.end())
        unit, stop = _unit(text, end)
        value = _value(each[0])
        yield Numeral(each.start(), end, value if value is None else value * scale, unit, stop)


def _value(written: str) -> float | None:
    """Return a number; None where its marks are not those of one number."""
    if re.fullmatch(r"\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?", written):
        return float(written.replace(",", ""))
    return None


def _scale(text: str, at: int) -> tuple[float, int]:
    """Return by how much the words at a place make the number before them larger, and where they end."""
    scale = 1.0
    while found := _SCALE.match(text, at):
        scale, at = scale * SCALES[found[1].casefold()], found.end()
    return scale, at


def _unit(text: str, at: int) -> tuple[str, int]:
    """Return the unit at a place, "" for none, and where it ends."""
    found = _ENGLISH_UNIT.match(text, at)
    if found is None:
        return "", at
    word = found[1].casefold()
    if re.match(r"[가-힣]", word):
        counter = next((each for each in _KOREAN_UNITS if word.startswith(each)), None)
        return _after_counter(text, found.start(1) + len(counter), UNITS[counter]) if counter else ("", at)
    plain = "points" if word.startswith("percentage p") else UNITS.get(word.split()[0])
    if plain:
        return plain, found.end()
    through = _THROUGH.match(text, at)
    far = UNITS.get(through[1].casefold(), "") if through else ""
    return (far, through.end()) if through and far in COUNTERS else ("", at)


def _after_counter(text: str, at: int, unit: str) -> tuple[str, int]:
    """Return what a Korean counter is of, where the next word says it: 3개 종목, 40번의 시도."""
    follows = re.match(r"의?\s?([가-힣]+)", text[at:]) if unit in {"strategies", "trades"} else None
    if follows:
        for each in _KOREAN_UNITS:
            if len(each) > 1 and follows[1].startswith(each) and UNITS[each] in COUNTERS:
                return UNITS[each], at + follows.start(1) + len(each)
    return unit, at


def _english(text: str) -> Iterator[Numeral]:
    for each in ENGLISH_NUMBER.finditer(text):
        unit, stop = _unit(text, each.end())
        yield Numeral(*each.span(), _in_english(each[0]), unit, stop)
    for each in ONE.finditer(text):
        start = each.end() - len("one")
        unit, stop = _unit(text, each.end())
        yield Numeral(start, each.end(), 1.0, unit, stop)
    for each in _ORDINAL.finditer(text):
        words = re.split(r"[\s-]+", each[0].strip().casefold())
        yield Numeral(
            each.start(),
            each.end(),
            float(sum(ORDINALS.get(w, SMALL.get(w, 0)) for w in words)),
            "ordinal",
            each.end(),
        )
    for each in _NUMBER_ONE.finditer(text):
        yield Numeral(*each.span(), 1.0, "ordinal", each.end())
    for each in _GROUPS.finditer(text):
        yield Numeral(*each.span(), float(GROUPS[each[0].casefold()]), "strategies", each.end())


def _in_english(written: str) -> float | None:
    """Return a number in words; None where it has a point or a half."""
    total = group = 0.0
    for word in re.split(r"[\s-]+", written.casefold()):
        if word in {"and", "a", "an"}:
            continue
        if word in SMALL:
            group += SMALL[word]
        elif word in LARGE:
            group = max(group, 1.0) * LARGE[word]
            if LARGE[word] >= LARGE["thousand"]:
                total, group = total + group, 0.0
        else:
            return None
    return total + group


def _korean(text: str) -> Iterator[Numeral]:
    for pattern in (_SINO, _SINO_DIGIT):
        for each in pattern.finditer(text):
            unit, stop = _unit(text, each.end())
            if len(each[0]) > 1 or (unit and pattern is _SINO_DIGIT):
                yield Numeral(*each.span(), _in_sino(each[0]), unit, stop)
    for each in (*_DECIMAL.finditer(text), *_SINO_ABOUT.finditer(text)):
        yield Numeral(*each.span(), None, "", each.end())
    for each in _NATIVE.finditer(text):
        unit, stop = _unit(text, each.end())
        yield Numeral(*each.span(), _in_native(each[1]), unit, stop)
    for each in _ALONE.finditer(text):
        yield Numeral(
            *each.span(),
            _in_native(each[0].removesuffix("째")),
            "rank" if each[0].endswith("째") else "strategies",
            each.end(),
        )


def _in_sino(written: str) -> float:
    total = section = digit = 0
    for each in written:
        if each in SINO:
            digit = SINO[each]
        elif SINO_POWERS[each] < SINO_POWERS["만"]:
            section += max(digit, 1) * SINO_POWERS[each]
            digit = 0
        else:
            total += max(section + digit, 1) * SINO_POWERS[each]
            section = digit = 0
    return float(total + section + digit)


def _in_native(written: str) -> float | None:
    written = written.replace(" ", "")
    if written in NATIVE:
        return float(NATIVE[written])
    tens = next((each for each in NATIVE if written.startswith(each) and NATIVE[each] >= NATIVE["열"]), None)
    rest = NATIVE.get(written.removeprefix(tens)) if tens else None
    return float(NATIVE[tens] + rest) if tens and rest else None
