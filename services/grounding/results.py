"""The facts of a tool's result: each number in it is a figure, whose reference says where it stands."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Final

from backchat_contracts import METRICS, Language
from services.grounding.facts import Facts, Figure
from services.grounding.writing import figure_text

MOST_ENTRIES: Final = 50
"""Of a list that a model is told, the first ones."""
_LONGEST_REFERENCE: Final = 80
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?=$|[T ])")
_NO_REFERENCE: Final = re.compile(r"[^A-Za-z0-9_:.-]+")
_TERMS: Final = frozenset({"symbol", "symbols", "benchmark", "type", "backtest_id", "strategy_id", "id"})
"""The fields whose texts are shown as they are, also with digits in them."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a model is told of a tool's result, with references in place of numbers, and its facts."""

    told: Any
    facts: Facts


@dataclass(slots=True)
class _Reader:
    language: Language
    figures: dict[str, Figure] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    terms: set[str] = field(default_factory=set)
    dates: set[date | int] = field(default_factory=set)

    def told(self, value: object, place: str, key: str, owner: str | None) -> Any:  # noqa: ANN401 - JSON
        match value:
            case Mapping():
                return self._told_object(value, place, owner)
            case list():
                entries = islice(enumerate(value, 1), MOST_ENTRIES)
                told = [self.told(each, f"{place}.{number}", key, owner) for number, each in entries]
                return [*told, "…"] if len(value) > MOST_ENTRIES else told
            case int() | float() if not isinstance(value, bool):
                return self._figure(float(value), place, key, owner)
            case None if key in METRICS:
                return self._figure(None, place, key, owner)
            case str():
                self._note(value, key)
        return value

    def _told_object(self, value: Mapping[str, Any], place: str, owner: str | None) -> Mapping[str, Any]:
        named = value.get("strategy_name") or (value.get("name") if _is_of_a_strategy(value) else None)
        if isinstance(named, str):
            owner = named
            self.names[named] = None
        told = {}
        for key, each in value.items():
            self._note(key, "symbol" if re.search(r"\d", key) else "")
            told[key] = self.told(each, f"{place}.{_NO_REFERENCE.sub('_', key)}", key, owner)
        return told

    def _figure(self, value: float | None, place: str, key: str, owner: str | None) -> Mapping[str, str]:
        ref = place if len(place) <= _LONGEST_REFERENCE else f"{place.partition('.')[0]}.{len(self.figures)}"
        while ref in self.figures:
            ref += "_"
        is_rate = key.endswith("_rate") or key == "fraction"
        metric = key if key in METRICS else "rate" if is_rate else "setting"
        figure = self.figures[ref] = Figure(ref, owner, metric, value)
        return {"ref": ref, "shown": figure_text(figure, self.language)}

    def _note(self, text: str, key: str) -> None:
        """Note the texts that may be shown as they are: names of instruments, dates."""
        if key in _TERMS:
            self.terms.add(text)
        elif found := _DAY.match(text):
            with suppress(ValueError):
                day = date.fromisoformat(found[0])
                self.dates |= {day, day.year}


def result_of(data: Mapping[str, Any], prefix: str, language: Language) -> Result:
    """Return a tool's result as a model is told it.

    A number is told as its reference and as it is shown: `t2.performance.sharpe_ratio` is that of a backtest
    which the result with the prefix `t2` holds. Its owner is the strategy whose object it stands in.

    Args:
        data: the result, as JSON values.
        prefix: of the references; letters and digits.
        language: of the answer.

    """
    reader = _Reader(language)
    told = reader.told(data, prefix, "", None)
    facts = Facts(
        figures=tuple(reader.figures.values()),
        names=tuple(reader.names),
        dates=frozenset(reader.dates),
        terms=frozenset(reader.terms),
        language=language,
    )
    return Result(told, facts)


def _is_of_a_strategy(value: Mapping[str, Any]) -> bool:
    return "strategy_id" in value
