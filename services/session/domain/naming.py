"""What the words of a message name: strategies, types, parameters, symbols."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backchat_contracts import InstrumentView, StrategyTypeView
from services.language.commands import said_words
from services.language.names import mentions
from services.language.phrases import compiled, listed, one_of
from services.language.vocabulary.commands import (
    ADDED_AFTER,
    ADDED_BEFORE,
    CHOICES,
    COMPANIES,
    ORDINALS,
    PARAMETERS,
    WITHOUT_AFTER,
    WITHOUT_BEFORE,
)
from services.session.domain.wording import RATES, TOO_LARGE, WHICH_COST, UnclearError

MOST_SYMBOLS: Final = 500
"""Of a backtest, and of those looked up for a message."""
_LONGEST_SYMBOL: Final = 32
_LARGEST: Final = 1e12
_DIGITS: Final = 6
"""Of a symbol that is a number."""
_SYMBOL: Final = re.compile(r"(?<![A-Za-z0-9.^=_-])\^?[A-Za-z0-9][A-Za-z0-9.^=_-]*")
CODE: Final = re.compile(r"[0-9]{6}|[A-Z][A-Z0-9.^=-]{1,9}")
"""What is written as a symbol is: in capitals, or six digits."""
_YEAR: Final = r"(?:1[89]|2\d|30)\d\d"
_NUMBER: Final = re.compile(
    rf"(?<![\w.])(?:{_YEAR}(?:[-./]\d{{1,2}}){{0,2}}|(?:\d{{1,2}}[-./]){{1,2}}{_YEAR}|\d{{8}})(?!\d|\.\d)|"
    r"(?<![\w.])(0(?:\.\d+)?|[1-9]\d*(?:\.\d+)?)\s*(%|퍼센트)?(?:\s*-?\s*(?:일선|일|거래일|days?))?"
    r"(?![\d.]|\s*-?\s*(?:년|월|개월|달|years?|months?))"
)
"""What looks like a year or a date, or else a number (group 1), which may be a percentage (group 2)."""


_COMPANIES: Final = [(compiled(one_of(names)), symbols) for names, symbols in COMPANIES.items()]
_EXCLUDED: Final = (
    compiled(rf"{one_of(WITHOUT_BEFORE)}\s+(?:the\s+)?$"),
    compiled(rf"^\s*(?:전략)?\s*(?:을|를|은|는)?\s*{one_of(WITHOUT_AFTER)}"),
)
_ADDED: Final = (
    compiled(rf"{one_of(ADDED_BEFORE)}\s+(?:on\s+)?$"),
    compiled(rf"^\s*(?:도(?![가-힣]*\s*없)|(?:을|를|까지)?\s*{one_of(ADDED_AFTER)})"),
)
_JOINED: Final = compiled(r"\s*(?:와|과|랑|이랑|하고|및|and|&|,|/|\+|\s)\s*(?:and\s+)?")
_LEFT_OUT: Final = (
    compiled(rf"{one_of(WITHOUT_BEFORE)}\s+(?:the\s+)?(\d{{1,6}}(?:\.\d{{1,6}})?)(?![\w.%])"),
    compiled(
        r"(?<![\w.])(\d{1,6}(?:\.\d{1,6})?)\s*(?:일|짜리)?\s*(?:을|를|은|는)?\s*"
        rf"{one_of(WITHOUT_AFTER)}(?:고|줘|주세요)?"
    ),
)
_RATE: Final = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?|\.\d+)\s*(%|퍼센트|프로|percent|bps?)(?:으로|로)?", re.IGNORECASE
)

_BASIS_POINTS: Final = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?|\.\d+)\s*(bps?)(?:으로|로)?(?![a-z])", re.IGNORECASE
)
_SEVERAL: Final = compiled(
    r"(?<![\w.])(?:\d+(?:\.\d+)?\s*(?:bps?|%)?\s*(?:,\s*and|,|and|or|와|과|랑|하고)\s*)+\d+(?:\.\d+)?\s*(?:bps?|%)"
)
"""Rates without a name."""


def possible_symbols(rest: str) -> tuple[str, ...]:
    """Return the words that may be symbols, in capitals, and the symbols of companies that are named."""
    found = (each.group().strip(".-").upper() for each in _SYMBOL.finditer(rest))
    named = (
        each
        for each in found
        if 1 <= len(each) <= _LONGEST_SYMBOL and (not each.isdigit() or len(each) == _DIGITS)
    )
    of_companies = (each for pattern, symbols in _COMPANIES if pattern.search(rest) for each in symbols)
    return tuple(dict.fromkeys((*named, *of_companies)))[:MOST_SYMBOLS]


@dataclass(frozen=True, slots=True)
class Symbols:
    """The symbols that a message names: those to run on, to add, and to leave out."""

    named: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def after(self, before: Sequence[str]) -> list[str]:
        """Return the symbols of a backtest that had these before."""
        wanted = self.named if self.named and not self.left_out else (*before, *self.named)
        return [each for each in dict.fromkeys((*wanted, *self.added)) if each not in self.left_out]


@dataclass(slots=True)
class Reading:
    """The words of a message while what they name is taken out of them."""

    text: str

    def take_names(self, names: Mapping[str, str]) -> list[str]:
        """Take the names of strategies out, and return the ids of those mentioned and not ruled out."""
        return [key for ids in self._take(names) for key in ids]

    def take_types(self, types: Sequence[StrategyTypeView]) -> list[list[StrategyTypeView]]:
        """Take the names of strategy types out; return the types of each: several where it is ambiguous."""
        phrases = {
            f"\0{number}\0{index}": phrase
            for number, kind in enumerate(types)
            for index, phrase in enumerate(called(kind))
        }
        found = [tuple(dict.fromkeys(int(key.split("\0")[1]) for key in ids)) for ids in self._take(phrases)]
        return [[types[number] for number in numbers] for numbers in dict.fromkeys(found)]

    def take_ruled_out(self, names: Mapping[str, str]) -> set[str]:
        """Take the names out that are ruled out, "without Calm", and return their keys."""
        found = [
            each
            for each in mentions(self.text, names)
            if _stands_by(_EXCLUDED, self.text, each.start, each.end)
        ]
        for each in reversed(found):
            self._cut(each.start, each.end)
        return {key for each in found for key in each.ids}

    def _take(self, names: Mapping[str, str]) -> list[tuple[str, ...]]:
        found = mentions(self.text, names)
        meant = [each for each in found if not _stands_by(_EXCLUDED, self.text, each.start, each.end)]
        for each in reversed(found):
            self._cut(each.start, each.end)
        return list(dict.fromkeys(each.ids for each in meant))

    def take_parameters(self, kind: StrategyTypeView) -> dict[str, Any]:
        """Take parameters that are named with their values out."""
        found: dict[str, Any] = {}
        for name, schema in kind.parameters["properties"].items():
            if "enum" in schema:
                for choice in schema["enum"]:
                    called = one_of(";".join([choice, *listed(CHOICES.get(choice, ""))]))
                    if match := compiled(called).search(self.text):
                        found[name] = choice
                        self._cut(*match.span())
                continue
            if schema.get("type") not in {"integer", "number"}:
                continue
            names = [name, *listed(PARAMETERS.get(name, ""))]
            called = one_of(";".join([*names, *(f"{each}s" for each in names if each.isascii())]))
            figure = r"(?<![\d.])(?P<value>\d++(?:\.\d++)?)\s*(?P<percent>%|퍼센트|percent)?"
            joint = r"\s*(?:거|것|쪽|선|값|기간)?(?:을|를|은|는|이|가|의)?\s*(?:=|:|of|to|is|at|=)?\s*"
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

    def take_weights(
        self, instruments: Mapping[str, InstrumentView], *, percent: bool = False
    ) -> dict[str, float]:
        """Take shares of symbols out: "AAPL 60 %, IBM 40 %", "60% AAPL"; the symbols stay.

        `percent`: only those that are written as percentages.
        """
        share = r"(?<![\d.])(?P<share>\d++(?:\.\d++)?)\s*(?P<percent>%|퍼센트|percent)?"
        symbol = r"(?P<symbol>[A-Za-z0-9][A-Za-z0-9.^=_-]*)"
        written = (rf"{symbol}\s*[:=]?\s*{share}", rf"{share}\s*(?:of\s+|in\s+)?{symbol}")
        found = [re.finditer(rf"(?<![\w.]){pattern}(?![\w])", self.text) for pattern in written]
        known = [[each for each in matches if each["symbol"].upper() in instruments] for matches in found]
        best = [each for each in max(known, key=len) if each["percent"] or not percent]
        for each in reversed(best):
            self.text = f"{self.text[: each.start()]} {each['symbol']} {self.text[each.end() :]}"
        values = ((each["symbol"].upper(), float(each["share"]), each["percent"]) for each in best)
        return {key: value / 100 if unit or value > 1 else value for key, value, unit in values}

    def take_places(self) -> bool:
        """Take places among strategies out: "the second one". Return whether there are any."""
        before = self.text
        for phrases, _ in ORDINALS:
            self.text = compiled(one_of(phrases)).sub(" ", self.text)
        return self.text != before

    def take_symbols(self, instruments: Mapping[str, InstrumentView]) -> Symbols:
        """Take the symbols of instruments out, and those of companies that are named."""
        for pattern, symbols in _COMPANIES:
            there = next((each for each in symbols if each in instruments), symbols[0])
            self.text = pattern.sub(f" {there} ", self.text)
        matches = [each for each in _SYMBOL.finditer(self.text) if _written(each).upper() in instruments]
        roles: list[str] = []
        last = 0
        for at, match in enumerate(matches):
            end = match.start() + len(_written(match))
            role = "named"
            if _stands_by(_EXCLUDED, self.text, match.start(), end):
                role = "left out"
            elif _stands_by(_ADDED, self.text, match.start(), end):
                role = "added"
            joined = at and _JOINED.fullmatch(self.text[last : match.start()])
            if joined and role == "named" and roles[-1] != "named":
                role = roles[-1]  # "add IBM and MSFT"
            back = at - 1
            while joined and role != "named" and back >= 0 and roles[back] == "named":
                roles[back] = role  # "IBM, MSFT도"
                back -= 1
            roles.append(role)
            last = end
        by_role: dict[str, list[str]] = {"named": [], "added": [], "left out": []}
        for match, role in zip(matches, roles, strict=True):
            by_role[role].append(_written(match).upper())
        for match in reversed(matches):
            self._cut(match.start(), match.start() + len(_written(match)))
        return Symbols(*(tuple(dict.fromkeys(by_role[role])) for role in ("named", "added", "left out")))

    def take_rate(self, *, percent: bool) -> float | None:
        """Take a rate out that has no name: in basis points, or also in percent."""
        match = (_RATE if percent else _BASIS_POINTS).search(self.text)
        if match is None:
            return None
        if several := _SEVERAL.search(self.text):
            raise UnclearError(WHICH_COST.given(several.group()), *RATES)
        self._cut(*match.span())
        return float(match[1]) / (10_000 if match[2].casefold().startswith("b") else 100)

    def take_left_out(self) -> list[float]:
        """Take the numbers out that are ruled out: "drop the 21"."""
        found = [each for pattern in _LEFT_OUT for each in pattern.finditer(self.text)]
        for pattern in _LEFT_OUT:
            self.text = pattern.sub(" ", self.text)
        return [float(each[1]) for each in found]

    def take_numbers(self) -> list[tuple[str, float]]:
        """Take the numbers out that are left; return each as it is written and as a value."""
        found = [
            (f"{match[1]} %", float(match[1]) / 100) if match[2] else (match[1], float(match[1]))
            for match in _NUMBER.finditer(self.text)
            if match[1]
        ]
        self.text = _NUMBER.sub(lambda match: " " if match[1] else match[0], self.text)
        return found

    def left(self) -> list[str]:
        """Return the words that are left and say something; those in capitals as they are written."""
        written = (each.group().rstrip(".-") for each in _SYMBOL.finditer(self.text))
        codes = {each.casefold(): each for each in written if CODE.fullmatch(each)}
        return [codes.get(each, each) for each in dict.fromkeys(said_words(self.text))]

    def _cut(self, start: int, end: int) -> None:
        self.text = f"{self.text[:start]} {self.text[end:]}"


def _written(match: re.Match[str]) -> str:
    return match.group().rstrip(".-")


def _stands_by(patterns: tuple[re.Pattern[str], re.Pattern[str]], text: str, start: int, end: int) -> bool:
    """Whether one of two patterns matches before or after a place."""
    before, after = patterns
    return bool(before.search(text[:start]) or after.match(text[end:]))


def as_value(schema: Mapping[str, Any], number: float) -> float:
    """Return a number as a parameter's value: a whole one for an integer. Raises UnclearError."""
    if not abs(number) <= _LARGEST:
        raise UnclearError(TOO_LARGE.given(f"{number:g}"))
    return int(number) if schema["type"] == "integer" and number.is_integer() else number


def called(kind: StrategyTypeView) -> Iterator[str]:
    """Yield what a type is called."""
    yield kind.type.replace("_", " ")
    for title in (kind.title.ko, kind.title.en):
        yield title
        yield re.sub(r"\s*\(.*\)", "", title)
    yield from kind.also_called
