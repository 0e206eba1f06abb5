"""What the words of a message name: strategies, types, parameters, symbols."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backchat_contracts import InstrumentView, StrategyTypeView
from services.language.commands import said_words
from services.language.names import mentions
from services.language.phrases import compiled, listed, one_of
from services.language.vocabulary.commands import PARAMETERS

_MOST_SYMBOLS: Final = 500
_LONGEST_SYMBOL: Final = 32
_DIGITS: Final = 6
"""Of a symbol that is a number."""
_SYMBOL: Final = re.compile(r"(?<![A-Za-z0-9.^=_-])\^?[A-Za-z0-9][A-Za-z0-9.^=_-]*")
CODE: Final = re.compile(r"[0-9]{6}|[A-Z][A-Z0-9.^=-]{1,9}")
"""What is written as a symbol is: in capitals, or six digits."""
_NUMBER: Final = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)\s*(%|퍼센트)?(?:\s*-?\s*(?:일선|일|거래일|days?))?(?![\d.])"
)


def possible_symbols(rest: str) -> tuple[str, ...]:
    """Return the words that may be symbols, in capitals."""
    found = (each.group().strip(".-").upper() for each in _SYMBOL.finditer(rest))
    named = (
        each
        for each in found
        if 1 <= len(each) <= _LONGEST_SYMBOL and (not each.isdigit() or len(each) == _DIGITS)
    )
    return tuple(dict.fromkeys(named))[:_MOST_SYMBOLS]


@dataclass(slots=True)
class Reading:
    """The words of a message while what they name is taken out of them."""

    text: str

    def take_names(self, names: Mapping[str, str]) -> list[str]:
        """Take the names of strategies out, and return the ids of those mentioned."""
        found = mentions(self.text, names)
        for each in reversed(found):
            self._cut(each.start, each.end)
        return list(dict.fromkeys(key for each in found for key in each.ids))

    def take_types(self, types: Sequence[StrategyTypeView]) -> list[StrategyTypeView]:
        """Take the names of strategy types out, and return those mentioned, each once."""
        phrases = {
            f"\0{number}\0{index}": phrase
            for number, kind in enumerate(types)
            for index, phrase in enumerate(_called(kind))
        }
        found = self.take_names(phrases)
        return [types[number] for number in dict.fromkeys(int(key.split("\0")[1]) for key in found)]

    def take_parameters(self, kind: StrategyTypeView) -> dict[str, Any]:
        """Take parameters that are named with their values out."""
        found: dict[str, Any] = {}
        for name, schema in kind.parameters["properties"].items():
            if "enum" in schema:
                pattern = compiled(one_of(";".join(schema["enum"])))
                if match := pattern.search(self.text):
                    found[name] = match.group().casefold()
                    self._cut(*match.span())
                continue
            if schema.get("type") not in {"integer", "number"}:
                continue
            called = one_of(";".join([name, *listed(PARAMETERS.get(name, ""))]))
            figure = r"(?P<value>\d+(?:\.\d+)?)\s*(?P<percent>%|퍼센트|percent)?"
            joint = r"\s*(?:을|를|은|는|이|가|의)?\s*(?:=|:|of|to|is)?\s*"
            days = r"(?:\s*-?\s*(?:일|거래일|days?))?"
            for written in (
                rf"{called}{joint}{figure}{days}(?:으로|로)?",
                rf"{figure}{days}\s*-?\s*{called}",
            ):
                if match := compiled(written).search(self.text):
                    number = float(match["value"]) / (100 if match["percent"] else 1)
                    found[name] = as_value(schema, number)
                    self._cut(*match.span())
                    break
        return found

    def take_symbols(self, instruments: Mapping[str, InstrumentView]) -> list[str]:
        """Take the symbols of instruments out."""
        found: list[str] = []
        for match in reversed(list(_SYMBOL.finditer(self.text))):
            written = match.group().rstrip(".-")
            if written.upper() in instruments:
                found.insert(0, written.upper())
                self._cut(match.start(), match.start() + len(written))
        return list(dict.fromkeys(found))

    def numbers(self) -> list[tuple[str, float]]:
        """Return the numbers that are left, as they are written and as values."""
        return [
            (match[1], float(match[1]) / (100 if match[2] else 1)) for match in _NUMBER.finditer(self.text)
        ]

    def drop_numbers(self) -> None:
        self.text = _NUMBER.sub(" ", self.text)

    def left(self) -> list[str]:
        """Return the words that are left and say something; those in capitals as they are written."""
        capitals = {
            each for each in (m.group().rstrip(".-") for m in _SYMBOL.finditer(self.text)) if each.isupper()
        }
        codes = {each.casefold(): each for each in capitals}
        return [codes.get(each, each) for each in dict.fromkeys(said_words(self.text))]

    def _cut(self, start: int, end: int) -> None:
        self.text = f"{self.text[:start]} {self.text[end:]}"


def as_value(schema: Mapping[str, Any], number: float) -> float:
    """Return a number as a parameter's value: a whole one for an integer."""
    return int(number) if schema["type"] == "integer" and number.is_integer() else number


def _called(kind: StrategyTypeView) -> Iterator[str]:
    """Yield what a type is called."""
    yield kind.type.replace("_", " ")
    for title in (kind.title.ko, kind.title.en):
        yield title
        yield re.sub(r"\s*\(.*\)", "", title)
    yield from kind.also_called
