"""Days as people write them: rewritten where they are clear, set aside where they are none or may be two."""

import re
from datetime import date
from typing import Final

from services.language.dates import MONTHS
from services.language.phrases import compiled, one_of
from services.language.vocabulary import commands as words

_YEAR: Final = r"(?:19|20)\d\d"
_TH: Final = "(?:st|nd|rd|th)?"
_MONTH: Final = rf"(?:{'|'.join(MONTHS)})[a-z]*\.?"
_MOST_MONTH: Final = 12

_NUMERIC: Final = compiled(rf"""
    (?<![\w./-])(?P<a>\d{{1,2}})(?P<by>[/.-])(?P<b>\d{{1,2}})(?P=by)(?P<year>{_YEAR})(?![\w/-]|\.\d)
""")
"""Such as 06/15/2012 and 15.06.2012: clear where one of both is no month."""
_SHORT: Final = compiled(
    r"(?<=from|ince|ntil|fore|fter|ween)\s+(\d{1,2}/\d{1,2}/\d{2})(?!\d)"  # a look-behind has one length
)
_WRITTEN: Final = (
    compiled(rf"""
        (?<!\d)(?P<year>{_YEAR})(?:\s*년\s*|\s*[-./]\s*)(?P<month>\d{{1,2}})(?:\s*월\s*|\s*[-./]\s*)
        (?P<day>\d{{1,2}})(?:\s*일)?(?!\d)
    """),
    compiled(rf"(?<!\d)(?P<day>\d{{1,2}}){_TH}\s+(?:of\s+)?(?P<month>{_MONTH}),?\s+(?P<year>{_YEAR})(?!\d)"),
    compiled(rf"(?<![a-z])(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}}){_TH},?\s+(?P<year>{_YEAR})(?!\d)"),
    compiled(rf"(?<![\d/])(?P<month>\d{{1,2}})\s*/\s*(?P<year>{_YEAR})(?!\d)"),
)
_REWRITTEN: Final = (
    # the year is said once: "2012년 7월부터 12월까지", "June to December 2012"
    (
        compiled(rf"""
            (?P<year>{_YEAR})(?P<first>\s*년\s*\d{{1,2}}\s*월(?:\s*\d{{1,2}}\s*일)?\s*(?:부터|에서|~|-)\s*)
            (?P<second>\d{{1,2}}\s*월)
        """),
        r"\g<year>\g<first>\g<year>년 \g<second>",
    ),
    (
        compiled(rf"""
            (?<![a-z])(?P<first>{_MONTH}(?:\s+\d{{1,2}}{_TH})?)
            (?P<to>\s*(?:-|\N{{EN DASH}}|to|until|till|through|thru|and)\s*)
            (?P<second>{_MONTH}(?:\s+\d{{1,2}}{_TH})?,?\s+(?P<year>{_YEAR}))(?!\d)
        """),
        r"\g<first> \g<year>\g<to>\g<second>",
    ),
    (compiled(rf"(?:the\s+)?(?:end|start|beginning)\s+of\s+(?=(?:{_MONTH}\s+)?{_YEAR})"), ""),
)
_OF_A_PARAMETER: Final = (
    compiled(rf"""
        {one_of(words.LENGTHS)}(?:\s*(?:을|를|은|는|이|가|의))?\s*(?:(?:=|:|of|to|is|at)\s*)?{_YEAR}
        (?!\d|\s*(?:년|[-./~\N{{EN DASH}}]|to\b|until\b|till\b|through\b|부터|까지|에서))
    """),
    compiled(rf"(?<![\d.]){_YEAR}(?=\s*-?\s*(?:거래일|일(?!\d)|days?\b))"),
    compiled(rf"(?<![\d.]){_YEAR}(?=\s*-?\s*{one_of(words.LENGTHS)})"),
)
"""What looks like a year, but is a number of days: "window 2000"."""
_ASIDE: Final = {ord(str(digit)): chr(0xE000 + digit) for digit in range(10)}
_BACK: Final = {ord(aside): chr(digit) for digit, aside in _ASIDE.items()}


def clear_days(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text with its days rewritten so that they can be read in one way, and those that can't be.

    The digits of these are others in the text, until `as_written`: no part of them is read as a year.
    """
    unclear: list[str] = []

    def aside(written: str) -> str:
        unclear.append(written)
        return written.translate(_ASIDE)

    def numeric(found: re.Match[str]) -> str:
        first, second, year = int(found["a"]), int(found["b"]), int(found["year"])
        months = [(month, day) for month, day in ((first, second), (second, first)) if month <= _MOST_MONTH]
        days = {each for month, day in months if (each := _day(year, month, day))}
        return str(*days) if len(days) == 1 else aside(found.group())

    def written(found: re.Match[str]) -> str:
        month, day = found["month"], found.groupdict().get("day") or "1"
        number = int(month) if month.isdecimal() else MONTHS.index(month[:3].casefold()) + 1
        return found.group() if _day(int(found["year"]), number, int(day)) else aside(found.group())

    for pattern in _OF_A_PARAMETER:
        text = pattern.sub(lambda found: found.group().translate(_ASIDE), text)
    for pattern, rewritten in _REWRITTEN:
        text = pattern.sub(rewritten, text)
    text = _NUMERIC.sub(numeric, text)
    text = _SHORT.sub(lambda found: f" {aside(found[1])}", text)
    for pattern in _WRITTEN:
        text = pattern.sub(written, text)
    return text, tuple(unclear)


def as_written(text: str) -> str:
    """Return a text with the digits that were set aside."""
    return text.translate(_BACK)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
