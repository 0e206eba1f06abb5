"""Answers to questions about the catalogue itself: how many strategies there are, and what they ran."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC
from math import isclose
from typing import Final

from services.compare.domain.catalogue import Catalogue, Ran, Row
from services.compare.domain.wording import MOST_LISTED
from services.language.listing import Listing
from services.language.phrases import listed
from services.language.question import Question
from services.language.vocabulary.commands import COMPANIES
from services.language.vocabulary.listing import TYPES

MOST_SYMBOLS: Final = 3
"""How many symbols of a strategy are listed."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the words of a question name: symbols that were traded, types, or none that there are."""

    symbols: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """What is told of the catalogue.

    Attributes:
        asked: the question.
        filter: what its words name.
        strategies: how many there are.
        untested: how many of them have no completed backtest.
        count: how many are as it asks.
        shown: the ids of the first ones.
        lines: how each of these is listed, in no language.
        there: the symbols, or the types, that there are, where those named are not.

    """

    asked: Listing
    filter: Filter
    strategies: int
    untested: int
    count: int
    shown: tuple[str, ...]
    lines: tuple[str, ...]
    there: tuple[str, ...] = ()


def list_of(
    asked: Listing | None, question: Question, catalogue: Catalogue, context: Sequence[str] = ()
) -> Listed | None:
    """Return what is told of the catalogue; None: the question asks something else.

    `context`: the subject of the conversation, which "when did it last run?" is about.
    Words that are neither symbols nor types of the catalogue make it another question, unless they are said
    to be ones. The name of a strategy is no type, unless it is said to be one.
    """
    if asked is None:
        return None
    if asked.last:
        return _last(asked, question, catalogue, context)
    found = _filter(asked, catalogue)
    named = bool(question.named) and bool(asked.words)
    if named and not (asked.trading or asked.using or asked.counting or found.symbols):
        return None
    if found.missing and not _is_said_to_be(asked, found, question):
        return None
    rows = [] if found.missing else [row for row in catalogue.rows if _is_wanted(row, asked, found)]
    there = sorted(catalogue.symbols if asked.trading else catalogue.types)
    return _listed(asked, found, rows, catalogue, tuple(there) if found.missing else ())


def _last(asked: Listing, question: Question, catalogue: Catalogue, context: Sequence[str]) -> Listed | None:
    """Tell when strategies last completed a backtest: those named, else the last ones."""
    names = " ".join(catalogue.names[each] for each in question.named).casefold()
    if any(word.casefold() not in names for word in asked.words):
        return None
    about = question.named or context
    rows = [row for row in catalogue.completed if not about or row.strategy_id in about]
    return _listed(asked, Filter(), rows, catalogue)


def _listed(
    asked: Listing, found: Filter, rows: Sequence[Row], catalogue: Catalogue, there: tuple[str, ...] = ()
) -> Listed:
    line = _with_time if asked.last else _with_what_ran
    return Listed(
        asked=asked,
        filter=found,
        strategies=len(catalogue.rows),
        untested=len(catalogue.rows) - len(catalogue.completed),
        count=len(rows),
        shown=tuple(row.strategy_id for row in rows[:MOST_LISTED]),
        lines=tuple(map(line, rows[:MOST_LISTED])),
        there=there,
    )


def _with_what_ran(row: Row) -> str:
    if row.ran is None:
        return f"'{row.name}'"
    rest = len(row.ran.symbols) - MOST_SYMBOLS
    symbols = ", ".join(row.ran.symbols[:MOST_SYMBOLS]) + (f" +{rest}" if rest > 0 else "")
    return f"'{row.name}' ({' · '.join(filter(None, (row.ran.type, symbols)))})"


def _with_time(row: Row) -> str:
    last = max(row.latest_at, row.ran.completed_at) if row.ran else row.latest_at
    return f"'{row.name}' {last.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _is_wanted(row: Row, asked: Listing, found: Filter) -> bool:
    if asked.backtested is not None and asked.backtested is not (row.ran is not None):
        return False
    needs = found.symbols or found.types or asked.of_settings
    return not needs or (row.ran is not None and _ran_as(row.ran, asked, found))


def _ran_as(ran: Ran, asked: Listing, found: Filter) -> bool:
    amounts = (
        (asked.commission_rate, ran.commission_rate),
        (asked.slippage_rate, ran.slippage_rate),
        (asked.initial_cash, ran.initial_cash),
    )
    symbols, own = set(found.symbols), set(ran.symbols)
    return (
        (bool(own - symbols) if asked.others and symbols else symbols <= own)
        and (not found.types or ran.type in found.types)
        and all(
            wanted is None or isclose(wanted, own, abs_tol=1e-9) is not asked.others
            for wanted, own in amounts
        )
    )


def _filter(asked: Listing, catalogue: Catalogue) -> Filter:
    """Return what the words name: each that is a symbol is one, the others together are a type."""
    symbols: list[str] = []
    others: list[str] = []
    for word in asked.words:
        symbol = next((each for each in _symbols_of(word) if each in catalogue.symbols), None)
        if symbol and (asked.others or not asked.using):
            symbols.append(symbol)
        else:
            others.append(word)
    types = _types_of(others, catalogue.types) if others else ()
    if asked.trading:
        return Filter(tuple(symbols), (), tuple(others))
    return Filter(tuple(symbols), types, () if types else tuple(others))


def _symbols_of(word: str) -> Sequence[str]:
    return (word.upper(), *_COMPANIES.get(word.casefold(), ()))


def _types_of(words: Sequence[str], there: AbstractSet[str]) -> tuple[str, ...]:
    """Return the type of this name, else those that are called so."""
    said = _plain("".join(words))
    own = tuple(each for each in there if _plain(each) == said)
    called = {name for name, plain in _TYPES.items() if {said, said.removesuffix("s")} & plain}
    return own or tuple(sorted(called & there))


def _plain(name: str) -> str:
    return "".join(each for each in name.casefold() if each.isalnum())


def _is_said_to_be(asked: Listing, found: Filter, question: Question) -> bool:
    """Whether words that name nothing are said to be symbols or a type, and mean nothing else."""
    asks_else = (question.thresholds, question.unknown, question.beyond, question.relation, question.overall)
    if any(asks_else) or any(each.end for each in question.criteria):
        return False
    return (asked.trading and all(map(_looks_like_a_symbol, found.missing))) or asked.using


def _looks_like_a_symbol(word: str) -> bool:
    return (word.isascii() and word == word.upper()) or word.casefold() in _COMPANIES


_TYPES: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(map(_plain, listed(names))) for name, names in TYPES.items()
}
_COMPANIES: Final[Mapping[str, Sequence[str]]] = {
    name: symbols for names, symbols in COMPANIES.items() for name in listed(names)
}
