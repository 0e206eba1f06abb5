"""Numbers in words: "twenty five", "two and a half", "two point five", 이십오."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.language.pieces import Piece
from services.language.vocabulary import english
from services.language.vocabulary.korean import DIGITS, POWERS

_TEN: Final = 10
_HUNDRED: Final = 100


def sino_korean(syllables: str) -> str:
    """Return the number that Korean syllables write, 25 for 이십오; those of no number as they are: 이삼."""
    total, digit = 0, 0
    for each in syllables:
        if each in POWERS:
            total, digit = total + (digit or 1) * POWERS[each], 0
        elif digit:
            return syllables
        else:
            digit = DIGITS.index(each)
    return str(total + digit)


def with_numbers(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield pieces; English words that are a number together, or one above ten, as that number."""
    texts = [each.text for each in pieces]
    at = 0
    while at < len(pieces):
        value, stop = _read(texts, at)
        if stop > at + 1 or (stop > at and value > _TEN):
            text = f"{value:g}"
            yield Piece("number", text, text, pieces[at].spaced)
            at = stop
        else:
            yield pieces[at]
            at += 1


def _read(texts: Sequence[str], start: int) -> tuple[float, int]:
    """Return the number that begins at a place, and the place after it; the place itself: there is none."""
    value, at = _whole(texts, start)
    if at == start:
        return value, at
    decimals = "".join(_digits(texts, at + 1)) if texts[at : at + 1] == ["point"] else ""
    if decimals:
        return value + float(f"0.{decimals}"), at + 1 + len(decimals)
    for words in (["and", "a"], ["and"]):
        stop = at + len(words)
        part = english.FRACTIONS.get(texts[stop], 0.0) if stop < len(texts) else 0.0
        if part and list(texts[at:stop]) == words:
            return value + part, stop + 1
    return value, at


def _whole(texts: Sequence[str], start: int) -> tuple[int, int]:
    value, at = 0, start
    while at < len(texts) and (part := english.CARDINALS.get(texts[at])):
        if part == _HUNDRED:
            value = max(value, 1) * _HUNDRED
        elif at == start or value % _HUNDRED == 0 or (part < _TEN <= value % _HUNDRED and value % _TEN == 0):
            value += part
        else:
            break
        at += 1
    return value, at


def _digits(texts: Sequence[str], start: int) -> Iterator[str]:
    for text in texts[start:]:
        digit = english.CARDINALS.get(text, _TEN)
        if digit >= _TEN:
            return
        yield str(digit)
