"""Numbers of the user's own message: they may come back as a threshold, period or rank, never as a value."""

import re
from collections.abc import Sequence
from typing import Final

from services.grounding.marks import FIGURE
from services.grounding.numerals import Numeral, numerals
from services.grounding.reading import Reading, read_plain
from services.grounding.vocabulary.prose import (
    DENIED,
    PERIOD_AFTER,
    PERIOD_BEFORE,
    RANK_BEFORE,
    THRESHOLD_AFTER,
    THRESHOLD_BEFORE,
    YEAR_BEFORE,
)
from services.grounding.vocabulary.units import TIMES

_COUNTERS: Final = frozenset({"", "strategies", "rank", "ordinal"})


def numbers_of(message: str) -> tuple[Numeral, ...]:
    """Return the numbers of a message."""
    return tuple(numerals(read_plain(message)))


def is_of(numeral: Numeral, own: Sequence[Numeral]) -> bool:
    """Tell whether a number is one of those of a message, in the same unit."""
    return numeral.value is not None and any(
        numeral.value == each.value and (numeral.unit == each.unit or {numeral.unit, each.unit} <= _COUNTERS)
        for each in own
    )


def may_be_quoted(reading: Reading, numeral: Numeral) -> bool:
    """Tell whether a number stands as a threshold, a period or a rank."""
    before, after = reading.text[: numeral.start], reading.text[numeral.end :]
    if _is_year(reading, numeral):
        return FIGURE not in reading.text or DENIED.search(reading.text) is not None
    if numeral.unit in TIMES:
        return PERIOD_BEFORE.search(before) is not None or PERIOD_AFTER.match(after) is not None
    if THRESHOLD_BEFORE.search(before) or THRESHOLD_AFTER.match(after):
        return True
    ranked = RANK_BEFORE.search(before) is not None or re.match(r"\s*(?:위|등|번째)", after) is not None
    return numeral.unit in _COUNTERS and (ranked or numeral.unit in {"rank", "ordinal"})


def _is_year(reading: Reading, numeral: Numeral) -> bool:
    """Whether a number is a year that a sentence speaks about."""
    if re.fullmatch(r"(?:19|20)\d\d", reading.text[numeral.start : numeral.end]) is None:
        return False
    after, before = reading.text[numeral.end :], reading.text[: numeral.start]
    return re.match(r"\s?년", after) is not None or YEAR_BEFORE.search(before) is not None
