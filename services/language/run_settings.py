"""The settings of a backtest in a text: costs, cash, period, benchmark; and the text without them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from services.language.dates import DATE, days_of
from services.language.phrases import compiled, one_of
from services.language.vocabulary import commands as words
from services.language.written_days import as_written, clear_days

Unit = Literal["fraction", "factor", "money", "bare"]


@dataclass(frozen=True, slots=True)
class Amount:
    """The value of a setting.

    `unit`: `fraction` of a rate; `factor` of what it was; `money`; `bare`: a rate without a unit, which may
    be a fraction or a percentage.
    """

    value: float
    unit: Unit


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that a text names.

    `months`: the length of a period that ends where the data end, `MOST_MONTHS` for all of them. `benchmark`:
    empty where there shall be none. `unclear_days`: what is written as a day, but is none or may be two.
    """

    commission_rate: Amount | None = None
    slippage_rate: Amount | None = None
    initial_cash: Amount | None = None
    start: date | None = None
    end: date | None = None
    months: int | None = None
    benchmark: str | None = None
    unclear_days: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """Whether there is any."""
        return replace(self, unclear_days=()) != NO_SETTINGS

    @property
    def is_guessed(self) -> bool:
        """Whether a rate has no unit."""
        return any(each and each.unit == "bare" for each in (self.commission_rate, self.slippage_rate))

    @property
    def of_money(self) -> bool:
        """Whether there is one of costs or cash: others may also be part of a question."""
        return any((self.commission_rate, self.slippage_rate, self.initial_cash))

    @property
    def of_time(self) -> bool:
        """Whether there is a period, and nothing else."""
        return self.named and replace(self, start=None, end=None, months=None, unclear_days=()) == NO_SETTINGS


MOST_MONTHS: Final = 1_200
_MOST_DIGITS: Final = 6

NO_SETTINGS: Final = Settings()


def read_settings(text: str) -> tuple[Settings, str]:
    """Return the settings that a text names, and what is left of it."""
    for pattern, number in _SPELT:
        text = pattern.sub(number, text)
    text, unclear = clear_days(text)
    reading = _Reading(text, Settings(unclear_days=unclear))
    for read in (_costs, _cash, _dates, _benchmark):
        read(reading)
    return reading.settings, " ".join(as_written(reading.text).split())


@dataclass(slots=True)
class _Reading:
    """A text while its settings are taken out of it."""

    text: str
    settings: Settings = NO_SETTINGS

    def take(
        self, pattern: re.Pattern[str], use: Callable[[re.Match[str]], dict[str, object] | None]
    ) -> None:
        """Take the matches of a pattern out, as far as `use` returns settings; the first of each counts.

        What its group `kept` matches stays.
        """
        at = 0
        while found := pattern.search(self.text, at):
            fields = use(found)
            if fields is None:
                at = found.start() + 1
                continue
            new = {name: value for name, value in fields.items() if getattr(self.settings, name) is None}
            self.settings = replace(self.settings, **new)  # type: ignore[arg-type]
            kept = found.groupdict().get("kept") or ""
            self.text = f"{self.text[: found.start()]} {kept} {self.text[found.end() :]}"
            at = found.start()


_NUMBER: Final = r"(?P<number>[-\N{MINUS SIGN}]?(?<![\d.])\d[\d,]*+(?:\.\d++)?|\.\d++)"
"""Possessive, as it could be split in many ways: a long one would be tried in all of them.

A group is made atomic, `(?>...)`, instead: Python 3.11.2 matches possessive groups wrongly.
"""
_PERCENT: Final = r"(?P<unit>%|퍼센트|프로|퍼|percent|pct|bps?|베이시스\s*포인트|basis\s+points?|배)"
_FACTOR: Final = f"(?P<factor>{one_of(';'.join(words.FACTORS))})"
_COST_NAME: Final = f"(?:{one_of(words.SLIPPAGE)}|{one_of(words.COMMISSION)}|{one_of(words.COSTS)})"
_RATE: Final = r"(?:\s*율|\s*rates?)?"
_COST_NAMES: Final = rf"""
    (?P<name>{_COST_NAME}){_RATE}
    (?:\s*(?:와|과|랑|이랑|하고|및|and|&|,|/|\+)\s*(?P<also>{_COST_NAME}){_RATE})?
"""
_TO: Final = r"""
    (?:\s*(?:만|도|둘\s*다|모두))?(?:\s*(?:을|를|은|는|이|가))?(?:\s*각각?)?\s*(?:only\s+)?
    (?:of|at|to|is|was|were|be|as|by|=|:|약|with)?\s*(?:a\s+|be\s+)?
"""
_ENDING: Final = r"(?:\s*(?:으로|로|씩|짜리|이라고|라고|입니다|이에요|예요|이요|에(?=\s|$)))?"
_SLIPPAGE: Final = compiled(one_of(words.SLIPPAGE))
_ALL_COSTS: Final = compiled(one_of(words.COSTS))

_COST: Final = compiled(rf"{_COST_NAMES}{_TO}(?:{_NUMBER}\s*{_PERCENT}?|{_FACTOR}){_ENDING}")
_COST_OF: Final = compiled(
    rf"{_COST_NAMES}\s+(?:of|on|for)\s+(?P<kept>\S.{{0,80}}?)\s+(?:to|at|by)\s+{_NUMBER}\s*{_PERCENT}(?P<factor>(?!))?"
)
_COST_BEFORE: Final = compiled(
    rf"(?:{_NUMBER}\s*{_PERCENT}|{_FACTOR})\s*(?:의|짜리|of|for|in|as|the)?\s*(?:the\s+)?{_COST_NAMES}{_ENDING}"
)
_NO_COST: Final = compiled(rf"{_COST_NAMES}\s*(?:을|를|은|는|도)?\s*{one_of(words.WITHOUT)}")
_NO_COST_BEFORE: Final = compiled(
    rf"(?:{one_of(words.ENGLISH_WITHOUT)}|(?:drop|remove|skip)(?:\s+the)?(?=\s+{_COST_NAME}(?!\s*(?:(?:to|by|down|from|at|of|rate)\b|\d))))"
    rf"\s+{_COST_NAMES}|(?P<free>{_COST_NAME})[\s-]+free(?![a-z])"
)
_SPELT: Final = [
    (compiled(r"(?<![\w.])a\s+(?=(?:million|thousand)(?![a-z]))"), "1 "),
    (compiled(r"(?<![\d가-힣.,])(?<!\d\s)(?=(?:천만|백만|억|천|만)\s*(?:원|불|달러))"), "1"),
    *(
        (compiled(rf"(?:{one_of(phrases)})(?=\s*(?:a\s+)?(?:percent|per\s+cent|퍼센트|프로|퍼|%))"), number)
        for phrases, number in words.SPELT_RATES.items()
    ),
]


_KEPT: Final = compiled(
    rf"{_COST_NAME}{_RATE}\s*(?:을|를|은|는)?\s*{one_of(words.KEPT)}"
    rf"|{one_of(words.ENGLISH_KEPT)}\s+(?:the\s+)?{_COST_NAME}{_RATE}"
    r"(?:\s+(?:as\s+(?:it\s+)?is|unchanged|the\s+same))?"
)


def _costs(reading: _Reading) -> None:
    reading.take(_KEPT, lambda _found: {})
    for pattern in (_NO_COST, _NO_COST_BEFORE):
        reading.take(pattern, lambda found: _of_costs(found, Amount(0.0, "fraction")))
    for pattern in (_COST_OF, _COST, _COST_BEFORE):
        reading.take(pattern, lambda found: _of_costs(found, _rate(found)))


def _of_costs(found: re.Match[str], amount: Amount) -> dict[str, object]:
    costs: dict[str, object] = {}
    for name in (found["name"], found["also"], found.groupdict().get("free")):
        if name is None:
            continue
        if _ALL_COSTS.fullmatch(name) and not amount.value:  # "no costs" are none of either kind
            costs["slippage_rate"] = amount
        costs["slippage_rate" if _SLIPPAGE.fullmatch(name) else "commission_rate"] = amount
    return costs


def _rate(found: re.Match[str]) -> Amount:
    if factor := found["factor"]:
        plain = "".join(factor.casefold().split())
        return Amount(
            next(by for name, by in words.FACTORS.items() if "".join(name.split()) == plain), "factor"
        )
    value = float(found["number"].replace(",", "").replace("\N{MINUS SIGN}", "-"))
    unit = (found["unit"] or "").casefold()
    if not unit:
        return Amount(value, "fraction" if value == 0 else "bare")
    if unit == "배":
        return Amount(value, "factor")
    return Amount(value / (10_000 if unit.startswith(("b", "베")) else 100), "fraction")


_DIGITS: Final = r"\d[\d,]*+(?:\.\d++)?"
_TIMES: Final = rf"(?:\s*{one_of(';'.join(words.AMOUNTS))})"
_MONEY: Final = rf"""
    (?P<before>[$₩€£]\s*)?(?<![\d.,])
    (?P<amount>{_DIGITS}(?>(?:{_TIMES}+(?:\s*{_DIGITS}{_TIMES}+)*)?))\s*
    (?P<after>원|달러|불|유로|usd|krw|eur|dollars?|bucks?|won|euros?)?
"""
_CASH: Final = compiled(rf"{one_of(words.CASH)}{_TO}{_MONEY}{_ENDING}")
_CASH_BELOW: Final = compiled(rf"{one_of(words.CASH)}{_TO}[-\N{{MINUS SIGN}}]\s*{_MONEY}{_ENDING}")
_CASH_BEFORE: Final = compiled(rf"{_MONEY}\s*(?:의|짜리|of|in|as)?\s*{one_of(words.CASH)}{_ENDING}")
_BARE_CASH: Final = compiled(rf"(?:with\s+)?{_MONEY}{_ENDING}")
_PARTS: Final = compiled(rf"(\d[\d,]*(?:\.\d+)?)\s*((?:{one_of(';'.join(words.AMOUNTS))}\s*)*)")
_BY: Final = compiled(one_of(";".join(words.AMOUNTS)))


def _cash(reading: _Reading) -> None:
    reading.take(_CASH_BELOW, lambda found: {"initial_cash": Amount(-_money(found["amount"]), "money")})
    for pattern in (_CASH, _CASH_BEFORE):
        reading.take(pattern, lambda found: {"initial_cash": Amount(_money(found["amount"]), "money")})
    reading.take(
        _BARE_CASH,
        lambda found: (
            {"initial_cash": Amount(_money(found["amount"]), "money")}
            if found["before"] or found["after"] or _BY.search(found["amount"])
            else None
        ),
    )


def _money(written: str) -> float:
    """Return an amount of money: "1억 5천만", "50k"."""
    total = 0.0
    for number, factors in _PARTS.findall(written):
        value = float(number.replace(",", ""))
        for factor in _BY.findall(factors):
            value *= words.AMOUNTS[factor.casefold()]
        total += value
    return total


_OF_DAY: Final = r"(?:\s*(?:은|는|을|를|이|가))?\s*(?:(?:is|to|at|in|on|of|the|=|:)\s*){0,2}"
_RANGE: Final = compiled(rf"""
    (?:from\s+|between\s+)?(?P<a>{DATE})\s*
    (?:부터|에서|이후|~|-|\N{{EN DASH}}|to|until|till|through|thru|and)\s*
    (?P<b>{DATE})\s*(?:까지|말까지)?(?:의|만|로)?
""")
_SINCE: Final = compiled(rf"""
    (?:since|from|after|start(?:s|ing)?(?:\s+(?:in|from|on))?|begin(?:s|ning)?(?:\s+in)?)\s+(?P<a>{DATE})
    |(?P<b>{DATE})\s*(?:초\s*)?(?:부터|이후|이래)(?:로|의)?
    |(?:{one_of(words.STARTS)}{_OF_DAY}(?P<c>{DATE})|(?P<d>{DATE})\s*초?\s*(?:에|로)?\s*시작[가-힣]*)
    (?:\s*초(?![가-힣]))?(?:에서|으로|로|이고|고|에|,)?
""")
_BEFORE: Final = compiled(rf"""
    (?:until|till|before|up\s+to|through)\s+(?P<a>{DATE})|(?P<b>{DATE})\s*(?:말?\s*까지|이전)(?:의|로)?
    |(?:{one_of(words.ENDS)}{_OF_DAY}(?P<c>{DATE})|(?P<d>{DATE})\s*말?\s*(?:에|로)?\s*(?:끝|종료|마감)[가-힣]*)
    (?:\s*말(?![가-힣]))?(?:으로|로|이고|고|에|,)?
""")
_WITHIN: Final = compiled(rf"""
    (?:(?:in|during|for|over)\s+)?(?P<a>{DATE})\s*(?:한\s*해|동안)?(?:에는|에|의|으로|로|만|도)?
""")
_RECENT: Final = compiled(rf"""
    (?:(?:over|for|in|on)\s+)?(?:the\s+)?{one_of(words.RECENT)}\s*
    (?P<count>\d+|{one_of(";".join(words.SPELT))})?\s*(?P<length>년|개월|달|years?|yrs?|months?|mos?|mths?)
    (?:\s*(?:동안|간|치))?(?:의|으로|로|만)?
""")


_WHOLE: Final = compiled(
    rf"(?:(?:over|for|on|with|using)\s+)?(?:the\s+)?{one_of(words.WHOLE)}(?:으로|로|에|동안)?"
)


_LENGTH: Final = compiled(rf"""
    (?P<count>\d+|{one_of(";".join(words.SPELT))})\s*(?P<length>년|개월|달)\s*(?:치|짜리|어치)(?:으로|로)?
    |(?:for|over)\s+(?P<number>\d+|{one_of(";".join(words.SPELT))})\s*(?P<unit>years?|yrs?|months?|mos?)(?![a-z])
""")


def _dates(reading: _Reading) -> None:
    reading.take(_RANGE, lambda found: _there(start=_first(found, "a"), end=_last(found, "b")))
    reading.take(_SINCE, lambda found: _there(start=_first_of(found)))
    reading.take(_BEFORE, lambda found: _there(end=_last_of(found)))
    reading.take(_WITHIN, lambda found: _there(start=_first(found, "a"), end=_last(found, "a")))
    reading.take(_RECENT, _recent)
    reading.take(_LENGTH, _recent)
    reading.take(_WHOLE, lambda _found: {"months": MOST_MONTHS})


def _there(**days: date | None) -> dict[str, object] | None:
    """Return days as settings; None where one is written that does not exist: it stays unread."""
    return None if None in days.values() else dict(days)


def _recent(found: re.Match[str]) -> dict[str, object] | None:
    written = {key: each for key, each in found.groupdict().items() if each}
    count = (written.get("count") or written.get("number") or "1").casefold()
    length = written.get("length") or written["unit"]
    number = int(count[:_MOST_DIGITS]) if count.isdecimal() else words.SPELT[count]
    months = number * (12 if length.casefold().startswith(("년", "y")) else 1)
    return {"months": months} if 0 < months <= MOST_MONTHS else None


def _first_of(found: re.Match[str]) -> date | None:
    return next((_first(found, name) for name in "abcd" if found[name]), None)


def _last_of(found: re.Match[str]) -> date | None:
    return next((_last(found, name) for name in "abcd" if found[name]), None)


def _first(found: re.Match[str], name: str) -> date | None:
    days = days_of(found[name] or "")
    return days and days[0]


def _last(found: re.Match[str], name: str) -> date | None:
    days = days_of(found[name] or "")
    return days and days[1]


_SYMBOL: Final = r"[a-z0-9][a-z0-9.^=-]{0,31}"
_BENCHMARK_NAME: Final = rf"(?:{one_of(words.BENCHMARK)}|벤치(?!마크))"
_BENCHMARK: Final = compiled(rf"""
    {_BENCHMARK_NAME}\s*(?:를|을|는|은)?\s*(?:(?:it|this|that|them)\s+)?(?:to|as|is|of|against|with|=|:)?\s*(?P<a>{_SYMBOL})(?:으로|로)?
    |(?:(?:against|with|use)\s+)?(?P<b>{_SYMBOL})(?P<object>\s*(?:를|을)|\s+as\s+(?:the|a)?)?\s*
    {_BENCHMARK_NAME}(?:으?로|(?!\s*[a-z0-9]))
""")


_NO_BENCHMARK: Final = compiled(
    rf"{_BENCHMARK_NAME}\s*(?:를|을|는|은)?\s*(?:{one_of(words.WITHOUT)}|빼|제거|지워|없애)\S*"
    rf"|(?:{one_of(words.ENGLISH_WITHOUT)}|remove|drop)\s+(?:the\s+|a\s+)?{_BENCHMARK_NAME}"
)


def _benchmark(reading: _Reading) -> None:
    reading.take(_NO_BENCHMARK, lambda _found: {"benchmark": ""})
    reading.take(_BENCHMARK, _benchmark_in)


def _benchmark_in(found: re.Match[str]) -> dict[str, object] | None:
    """Return the benchmark; a word before "benchmark" is one if it is in capitals or has a particle."""
    symbol = found["a"] or found["b"]
    marked = found["a"] or found["b"].isupper() or found["object"]
    return {"benchmark": symbol.upper()} if marked and symbol.casefold() not in words.NO_SYMBOLS else None
