"""Reading numbers with the unit that follows them: "20 %", "1만 원", "세 개", "2위"."""

import math
from collections.abc import Sequence
from typing import Final

from services.language.korean import continues
from services.language.pieces import Piece
from services.language.terms import Grade, Mark, Number, NumberUnit, Ordinal, Term, Token

_MULTIPLIERS: Final = {
    "백만": 1e6,
    "천만": 1e7,
    "만": 1e4,
    "억": 1e8,
    "천": 1e3,
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
}
_SPELT_MULTIPLIERS: Final = {"thousand": 1e3, "million": 1e6}
_UNITS: Final[dict[str, NumberUnit]] = {
    **dict.fromkeys(("퍼센트", "프로", "퍼", "percent", "pct"), "percent"),
    **dict.fromkeys(
        ("개월", "년", "월", "주", "시간", "분", "시", "살", "years", "year", "months", "month", "weeks"),
        "time",
    ),
    **dict.fromkeys(("일", "거래일", "days", "day"), "days"),
    **dict.fromkeys(("개", "가지", "전략"), "items"),
    **dict.fromkeys(("번", "회", "건", "차례", "times"), "times"),
    **dict.fromkeys(("x", "배"), "multiple"),
    **dict.fromkeys(("원", "달러", "불", "usd", "krw", "dollars", "won"), "money"),
}
_DAYS: Final = {
    **dict.fromkeys(("년", "years", "year"), 252),
    **dict.fromkeys(("개월", "months", "month"), 21),
    **dict.fromkeys(("주", "weeks"), 5),
}
"""How many trading days the units of time have."""
_BASIS_POINTS: Final = frozenset({"bp", "bps"})
_PLACES: Final = ("번째", "위", "등", "st", "nd", "rd", "th")
_UP_TO: Final = ("위까지", "등까지")
TOP: Final = Grade("order", 1, compared=True, superlative=True)
BOTTOM: Final = Grade("order", -1, compared=True, superlative=True)
_CURRENCIES: Final = frozenset("$€£₩")


def read_number(
    pieces: Sequence[Piece], at: int, *, negative: bool, money: bool
) -> tuple[list[Token], int, str]:
    """Return the tokens of a number, where the next piece is, and the Korean text left of the last one."""
    value = float(pieces[at].text.replace(",", ""))
    if not math.isfinite(value):
        return [], at + 1, ""
    value = -value if negative else value
    text = pieces[at].text
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    if after is not None and (factor := _multiplier(after)):
        name, by = factor
        value *= by
        if name != after.text:
            after = Piece(after.kind, after.text[len(name) :], after.raw[len(name) :], spaced=False)
        else:
            at += 1
            after = pieces[at + 1] if at + 1 < len(pieces) else None
    if after is None:
        return [_number(value, "money" if money else "", text)], at + 1, ""
    if after.text == "%":
        return [_number(value / 100, "percent", text)], at + 2, ""
    if after.text in _BASIS_POINTS:
        return [_number(value / 10_000, "percent", text)], at + 2, ""
    tokens, unit = _with_unit(value, text, after)
    if tokens:
        return tokens, at + 2, after.text[len(unit) :] if after.kind == "hangul" else ""
    return [_number(value, "money" if money else "", text)], at + 1, ""


def is_currency(piece: Piece) -> bool:
    return piece.text in _CURRENCIES


def _number(value: float, unit: NumberUnit, text: str) -> Token:
    return Token(Number(value, unit), text)


def _multiplier(after: Piece) -> tuple[str, float] | None:
    if after.text in _SPELT_MULTIPLIERS:
        return after.text, _SPELT_MULTIPLIERS[after.text]
    if after.spaced:
        return None
    if after.kind == "latin":
        return (after.text, _MULTIPLIERS[after.text]) if after.text in _MULTIPLIERS else None
    return next(((name, by) for name, by in _MULTIPLIERS.items() if after.text.startswith(name)), None)


def _with_unit(value: float, text: str, after: Piece) -> tuple[list[Token], str]:
    """Return the tokens of a number with the unit that a piece begins with, and the unit."""
    for name in sorted((*_UP_TO, *_PLACES, *_UNITS), key=len, reverse=True):
        if after.text == name or (after.kind == "hangul" and after.text.startswith(name)):
            if after.kind == "hangul" and not continues(after.text[len(name) :], number=True):
                continue
            if after.spaced and name in _PLACES and after.kind == "latin":
                continue
            return [Token(term, text) for term in _terms(value, name)], name
    return [], ""


def _terms(value: float, unit: str) -> list[Term]:
    if unit in _UP_TO:
        return [TOP, Number(value, "items")]
    if unit == "월":  # a month of the calendar
        return [Mark("period")]
    if unit in _PLACES:
        if value == 1 and unit in {"위", "등"}:
            return [TOP]
        return [Ordinal(int(value), implied=unit in {"위", "등"})]
    name = _UNITS[unit]
    return [Number(value / 100 if name == "percent" else value * _DAYS.get(unit, 1), name)]
