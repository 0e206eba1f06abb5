"""Judging counts and ranks: those of the data pass, others do not."""

import re
from typing import Final

from services.grounding.facts import Facts
from services.grounding.marks import NAME
from services.grounding.numerals import Numeral
from services.grounding.reading import Reading
from services.grounding.vocabulary.prose import (
    BEAT_BENCHMARK,
    DEFINITE_AFTER,
    DEFINITE_BEFORE,
    DISCOURSE_BEFORE,
    DISCOURSE_NOUN,
    LISTED,
    LOST_MONEY,
    MADE_MONEY,
    OTHERS,
    RANK_BEFORE,
    RANK_VERB,
    SET_BEFORE,
)
from services.grounding.vocabulary.units import UNITS, VALUE_UNITS

_LISTED_MOST: Final = 20
_DISCOURSE_MOST: Final = 9
_TWO: Final = 2
_TWO_OF: Final = re.compile(r"(?<!중 )둘(?:은|의|\s?(?:중|다|모두|사이|간|을 비교))")
_KIND_BEFORE: Final = re.compile(r"([A-Za-z]+|[가-힣]+?)(?:은|는|이|가|을|를|도|의|:)?\s*(?:총 |모두 |약 )?$")


def is_listed(reading: Reading, numeral: Numeral) -> bool:
    """Tell whether a number is that of an item of a list: "1. ", "2) ", "Second, "."""
    before, after = reading.text[: numeral.start], reading.text[numeral.end :]
    if not LISTED.search(before) or numeral.value is None or numeral.value > _LISTED_MOST:
        return False
    if numeral.unit in {"ordinal", "rank"}:
        return re.match(r"\s?(?:,|:|로[, ]|로는|of all\b)", after) is not None
    return re.match(r"[.)]\s+[^\s\d]", after) is not None and reading.text[numeral.start].isdigit()


def is_right_count(reading: Reading, numeral: Numeral, facts: Facts, mentioned: frozenset[str]) -> bool:
    """Tell whether a number is a count of the data, with what it counts.

    Args:
        reading: the text.
        numeral: in it.
        facts: of the data.
        mentioned: names that the sentence or one before it has, which "the two" can mean.

    """
    value, before, unit = numeral.value, reading.text[: numeral.start], numeral.unit
    if value is None or not value.is_integer() or unit in VALUE_UNITS or re.search(r"[-+$€£₩]\s?$", before):
        return False
    if value <= _DISCOURSE_MOST and _is_of_thoughts(reading, numeral):
        return True
    if (value == _TWO and _is_definite(reading, numeral, facts)) or _is_held(facts, value, unit):
        return True
    if unit in {"strategies", "trades"} and (kind := _kind_before(before)):
        return _is_held(facts, value, kind)
    of = re.match(r"\s+of\b", reading.text[numeral.end :])
    if value == _derived(reading, facts) and (unit == "strategies" or of):
        return True
    return _is_number_of_names(reading, numeral, facts, mentioned)


def _is_held(facts: Facts, value: float, kind: str) -> bool:
    return any(each.value == value and each.of == kind for each in facts.counts)


def _is_number_of_names(reading: Reading, numeral: Numeral, facts: Facts, mentioned: frozenset[str]) -> bool:
    """Whether a number is that of all strategies, of those that are mentioned, or of the first of them."""
    value, before, unit = numeral.value or 0.0, reading.text[: numeral.start], numeral.unit
    if value == 1 and unit == "strategies":
        return len(set(reading.names)) == 1
    alone = unit == "" and _stands_alone(reading, numeral)
    if unit == "strategies" or (alone and SET_BEFORE.search(before)):
        return value in _strategies(reading, facts, mentioned, others=bool(OTHERS.search(before)))
    return alone and RANK_BEFORE.search(before) is not None and _is_place(value, facts)


def _derived(reading: Reading, facts: Facts) -> int | None:
    """Return how many made or lost money, or beat the benchmark, where a sentence speaks of that."""
    returns = {
        each.owner: each.value
        for each in facts.figures
        if each.metric == "total_return" and each.kind == "value" and each.value is not None
    }
    own = [returns[name] for name in set(facts.names) if name in returns]
    bar = returns.get(facts.benchmark)
    if len(own) < len(set(facts.names)):
        return None
    if BEAT_BENCHMARK.search(reading.text) and bar is not None:
        return sum(value > bar for value in own)
    if LOST_MONEY.search(reading.text):
        return sum(value < 0 for value in own)
    return sum(value > 0 for value in own) if MADE_MONEY.search(reading.text) else None


def _is_of_thoughts(reading: Reading, numeral: Numeral) -> bool:
    """Whether a number counts what a writer has in mind: two reasons, 두 가지 이유."""
    before, text = reading.text[: numeral.start], reading.text
    if DISCOURSE_NOUN.match(text, numeral.end):
        return True
    return (
        DISCOURSE_BEFORE.search(before) is not None and re.match(r"\s?가지", text[numeral.end :]) is not None
    )


def _is_definite(reading: Reading, numeral: Numeral, facts: Facts) -> bool:
    """Whether a number is of strategies that were spoken of: "the two", 두 전략의."""
    if len(set(facts.names)) < _TWO or numeral.unit not in {"", "strategies"}:
        return False
    if DEFINITE_AFTER.match(reading.text, numeral.end) or _TWO_OF.match(reading.text, numeral.start):
        return True
    return DEFINITE_BEFORE.search(reading.text[: numeral.start]) is not None and _stands_alone(
        reading, numeral
    )


def _kind_before(before: str) -> str | None:
    """Return what a Korean counter counts, where the word before the number says it: 종목은 5개."""
    found = _KIND_BEFORE.search(before)
    kind = UNITS.get(found[1].casefold()) if found and len(found[1]) > 1 else None
    return kind if kind in {"symbols", "trials", "pairs", "metrics", "trades"} else None


def _stands_alone(reading: Reading, numeral: Numeral) -> bool:
    """Whether a number has nothing after it that it could be a value of."""
    after = reading.text[numeral.end :]
    return re.match(r"[.,]?\d|\s?[-/]\s?\w|\s?[%‰]|\s?(?:and a|or)\s(?:half|more)", after) is None


def _strategies(reading: Reading, facts: Facts, mentioned: frozenset[str], *, others: bool) -> set[int]:
    """Return how many strategies a number can mean: all, those that are mentioned, or all but one."""
    total, here = len(set(facts.names)), len({name for name in reading.names if name in facts.names})
    named = len({name for name in mentioned if name in facts.names})
    right = {total, here, named} | ({total - 1, here - 1, named - 1} if others else set())
    if NAME not in reading.text and named > 1:
        right.add(named)
    return {each for each in right if each > 1} | {
        each.value for each in facts.counts if each.of == "strategies"
    }


def is_rank(reading: Reading, numeral: Numeral, facts: Facts) -> bool:
    """Tell whether a number is a place among the strategies."""
    value = numeral.value
    if value is None or not _is_place(value, facts):
        return False
    before, after = reading.text[: numeral.start], reading.text[numeral.end :]
    if numeral.unit in {"ordinal", "rank"}:
        return (
            re.match(
                r"\s*-?\s*(?:of|percentile|half|quarter|decile)\b(?! (?:all|the (?:two|three|four|strateg)))",
                after,
            )
            is None
        )
    return (
        RANK_BEFORE.search(before) is not None
        and numeral.unit in {"", "strategies"}
        and _stands_alone(reading, numeral)
    )


def is_said_of_one(reading: Reading, numeral: Numeral) -> bool:
    """Tell whether a rank is that of a strategy: "ranks second", 2위입니다; not "the top two"."""
    before, after = reading.text[: numeral.start], reading.text[numeral.end :]
    if DISCOURSE_NOUN.match(reading.text, numeral.stop):
        return False
    if numeral.unit == "rank":
        return re.match(r"\s*(?:위|등|번째|째)", after) is not None
    return numeral.unit == "ordinal" and (
        RANK_VERB.search(before) is not None
        or re.match(r"[\s-]*(?:place|best|worst|highest|lowest|largest|smallest|deepest)", after) is not None
    )


def _is_place(value: float, facts: Facts) -> bool:
    return value.is_integer() and 1 <= value <= max(len(set(facts.names)), 1)
