"""Reading questions for where strategies end: "is it still under water?", "신고가로 끝난 전략 있어?"."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from services.language.phrases import compiled
from services.language.timing import Timing
from services.language.vocabulary import last_drawdown as words


def without_end(text: str) -> str:
    """Return a text with blanks in place of what says that a date is the last day: "the end of"."""
    return _ENDED.sub(lambda found: " " * len(found[0]), text)


def of_the_last_day_again(text: str) -> Timing | None:
    """Return what a text asks of where strategies end, after a question for that: "그럼 제일 덜 물린 건?"."""
    if not _AGAIN.search(text.lower()):
        return None
    nearest = _end_in(text)
    return None if nearest is None else Timing("last_drawdown", which=True, nearest=nearest)


def of_the_last_day(said: Timing, text: str) -> Iterator[tuple[Timing, re.Match[str]]]:
    """Yield what a text asks of where strategies end, below their peaks or at a new high."""
    if _NOT_ASKED.search(text):
        return
    several = said.which or _SEVERAL.search(text) is not None
    nearest = _end_in(text)
    said = replace(said, whether=said.whether and not _HOW.search(text))
    negated = _NEGATED.search(text) is not None
    for patterns, high in ((_HIGH, True), (_UNDER, negated)):
        for found in filter(None, (each.search(text) for each in patterns)):
            yield replace(said, asks="last_drawdown", which=several, high=high, nearest=nearest), found


def _end_in(text: str) -> bool | None:
    """Tell whether a text asks for the nearest to the peak, or (false) for the farthest below."""
    if _NEAREST.search(text):
        return True
    return False if _FARTHEST.search(text) else None


_ENDED: Final = compiled(words.ENDED)
_HIGH: Final = tuple(map(compiled, words.HIGH))
_UNDER: Final = tuple(map(compiled, words.UNDER))
_NOT_ASKED: Final = compiled(words.NOT_ASKED)
_AGAIN: Final = compiled(words.AGAIN)
_NEGATED: Final = compiled(words.NEGATED)
_HOW: Final = compiled(words.HOW)
_SEVERAL: Final = compiled(words.SEVERAL)
_NEAREST: Final = compiled(words.NEAREST)
_FARTHEST: Final = compiled(words.FARTHEST)
