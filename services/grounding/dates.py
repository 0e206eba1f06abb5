"""Finding the dates and years of the data in a text."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from services.grounding.facts import Facts
from services.grounding.reading import Reading
from services.grounding.vocabulary.metrics import METRIC_TEXT
from services.grounding.vocabulary.prose import MONTH, MONTHS

_YEAR: Final = r"(?P<y>(?:1[89]|2[01])\d\d)"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}\s?[-./]\s?(?P<m>\d{{1,2}})\s?[-./]\s?(?P<d>\d{{1,2}})\.?(?!\d)",
        rf"{_YEAR}\s?년\s?(?P<m>\d{{1,2}})\s?월\s?(?P<d>\d{{1,2}})\s?일",
        rf"(?P<name>{MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>{MONTH}),?\s+{_YEAR}(?!\d)",
        rf"{_YEAR}\s?년\s?(?P<m>\d{{1,2}})\s?월",
        rf"{_YEAR}[-./](?P<m>\d{{2}})(?!\d|[-./]\d)",
        rf"(?P<name>{MONTH}),?\s+(?:of\s+)?{_YEAR}(?!\d)",
        rf"(?<![\d.,/:$€£₩-]){_YEAR}\s?년도?(?!대)",
        r"(?<!\d)(?P<m>\d{1,2})\s?월\s?(?P<d>\d{1,2})\s?일",
        rf"(?<![\d.,/:$€£₩])(?<!\d-){_YEAR}(?!\d|[.,/:]\d|s\b|'s\b(?! (?:first|last))|년대|\s?[%‰]|[Qq]\d)",
        rf"(?<=\ue003-){_YEAR}(?!\d|[.,/:-]\d|s\b)",
    )
)
"""A date, from the longest form to a year alone."""
_AFTER: Final = re.compile(
    r"\s?(?:%|‰|percent|bps?\b|pp\b|points?\b|times\b|x\b|trades?\b|dollars?|usd|won\b|days?\b|퍼센트|"
    r"프로|배|원|달러|건|회|번|개|거래|일\b|만|억|천)",
    re.IGNORECASE,
)
_AS_VALUE: Final = re.compile(
    r"\s*(?:ratio|지수|값)?\s*(?:of|is|was|were|at|to|:|=|reached|about|around|은|는|이|가|도|"
    r"약)*\s*(?:about|around|약|only)?\s*[-+$€£₩]?\s*$",
    re.IGNORECASE,
)


def without_dates(reading: Reading, facts: Facts) -> Reading:
    """Return a reading in which the dates of the data are marks; others stay, as numerals."""
    for form in _FORMS:
        right = [
            each.span()
            for each in form.finditer(reading.text)
            if _is_held(each, facts) and not _is_value(each)
        ]
        reading = reading.masked(right)
    return reading


def _is_held(found: re.Match[str], facts: Facts) -> bool:
    """Whether a date is in the data, as far as it is said."""
    said = found.groupdict()
    year, month, day = (int(said[part]) if said.get(part) else None for part in "ymd")
    if said.get("name"):
        month = next(
            n for n, name in enumerate(MONTHS, start=1) if name.startswith(said["name"][:3].casefold())
        )
    parts = (year, month, day)
    return any(all(a is None or a == b for a, b in zip(parts, held, strict=True)) for held in _held(facts))


def _held(facts: Facts) -> Iterator[tuple[int, int | None, int | None]]:
    for each in facts.dates:
        yield (each.year, each.month, each.day) if isinstance(each, date) else (each, None, None)


def _is_value(found: re.Match[str]) -> bool:
    """Whether what is written like a date is a value: "a final equity of 2011", "2011 trades"."""
    text = found.string
    if _AFTER.match(text, found.end()) and not found[0].endswith(("년", "일", "월")):
        return True
    phrases = list(METRIC_TEXT.finditer(text, 0, found.start()))
    return (
        bool(phrases)
        and found.groupdict().get("m") is None
        and _links(text[phrases[-1].end() : found.start()])
    )


def _links(between: str) -> bool:
    return (
        _AS_VALUE.fullmatch(between) is not None
        and re.search(r"\b(?:of|is|was|were|at|reached|to)\b|[:=은는이가도]", between) is not None
    )
