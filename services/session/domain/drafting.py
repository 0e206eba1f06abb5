"""From what a message asks to be run to the backtests that are proposed, given what there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from backchat_contracts import (
    InstrumentView,
    Language,
    MentionedStrategy,
    StrategyMentions,
    StrategyTypeView,
    Texts,
)
from services.language.commands import Command
from services.language.run_settings import Amount
from services.session.domain.naming import CODE, Reading, as_value, possible_symbols
from services.session.domain.proposals import MOST_PROPOSED, Proposal, new_name, proposal_of
from services.session.domain.wording import (
    AMBIGUOUS_NUMBERS,
    AMBIGUOUS_RATE,
    AMBIGUOUS_TYPE,
    NO_SUCH_SYMBOLS,
    PERIOD_BACKWARDS,
    TOO_MANY_RUNS,
    WRONG_CASH,
    WRONG_RATE,
    shown_rate,
)

DEFAULT_COMMISSION: Final = 0.001
"""As the contract has it."""
_RATES: Final = {
    "commission_rate": Texts(ko="수수료", en="commission"),
    "slippage_rate": Texts(ko="슬리피지", en="slippage"),
}
_MOST_RATE: Final = 0.5
_MOST_CASH: Final = 1e12


@dataclass(frozen=True, slots=True)
class Known:
    """What there is: all types, the instruments among those asked for, the strategies mentioned."""

    types: Sequence[StrategyTypeView] = ()
    instruments: Mapping[str, InstrumentView] = field(default_factory=dict)
    mentions: StrategyMentions = field(default_factory=lambda: StrategyMentions(data=()))


@dataclass(frozen=True, slots=True)
class Draft:
    """The backtests that a message asks for.

    Attributes:
        proposals: they, as far as they are known.
        unread: words that mean nothing here.
        problem: why there is none, and what would be right.
        months: the length of the period that ends with the prices of each.

    """

    proposals: tuple[Proposal, ...] = ()
    unread: tuple[str, ...] = ()
    problem: Texts | None = None
    months: int | None = None


def draft(command: Command, known: Known, current: Sequence[Proposal], language: Language) -> Draft:
    """Return the backtests that a message asks for.

    Args:
        command: what it asks.
        known: what there is.
        current: the proposals that it may change.
        language: of the names of new strategies.

    """
    reading = Reading(command.rest)
    there = {each.strategy_id: each for each in known.mentions.data}
    names = {} if known.mentions.in_context else {key: each.name for key, each in there.items()}
    named = reading.take_names(names)
    types = reading.take_types(known.types)
    if len(types) > 1:
        titles = ", ".join(f"'{each.title.of(language)}'" for each in types)
        return Draft(problem=AMBIGUOUS_TYPE.given(titles))
    kind = types[0] if types else None
    bases = [_again(there[key]) for key in named] or list(current)
    meant = [] if bases else _meant(command, kind, reading, known)
    bases = bases or [_again(each) for each in meant]
    if kind and not (bases and all(each.config.get("type") == kind.type for each in bases)):
        bases = [_anew(kind, bases[0] if bases and (named or command.kind == "change") else None)]
    if len(bases) > MOST_PROPOSED:
        return Draft(problem=TOO_MANY_RUNS.given(MOST_PROPOSED))
    drafted = _with_settings(command, bases or [Proposal({})], reading, known, language)
    if meant and drafted.unread:  # they may name another one, which there is not
        return Draft((Proposal({}),), drafted.unread)
    return drafted


def _again(mentioned: MentionedStrategy) -> Proposal:
    """Return the proposal to run a strategy as the backtest did that stands for it, if there is one."""
    if mentioned.config is None or mentioned.backtest_id is None:
        return Proposal({"name": mentioned.name})
    return proposal_of(mentioned.name, mentioned.config, mentioned.backtest_id)


def _anew(kind: StrategyTypeView, base: Proposal | None) -> Proposal:
    """Return the proposal to run a type with its defaults, else set as another one is."""
    replaced = {"name", "type", "parameters"}
    kept = {key: value for key, value in base.config.items() if key not in replaced} if base else {}
    return Proposal({**kept, "type": kind.type, "parameters": {}}, is_new=True)


def _meant(
    command: Command, kind: StrategyTypeView | None, reading: Reading, known: Known
) -> Sequence[MentionedStrategy]:
    """Return the strategies of the conversation that are run again, where a message names none."""
    if not known.mentions.in_context:
        return ()
    if kind is None:
        return known.mentions.data
    alike = [each for each in known.mentions.data if each.config and each.config.type == kind.type]
    symbols = any(each in known.instruments for each in possible_symbols(reading.text))
    return alike if command.again or not symbols else ()


def _with_settings(
    command: Command, bases: Sequence[Proposal], reading: Reading, known: Known, language: Language
) -> Draft:
    """Return the proposals with what the rest of the message says of them."""
    kinds = {each.type: each for each in known.types}
    kind = kinds.get(bases[0].config.get("type", ""))
    parameters = reading.take_parameters(kind) if kind else {}
    symbols = reading.take_symbols(known.instruments)
    if kind and (numbers := reading.numbers()):
        placed = _placed(kind, numbers, parameters)
        if placed is None:
            given = ", ".join(each for each, _ in numbers), ", ".join(_numeric(kind)) or "-"
            return Draft(problem=AMBIGUOUS_NUMBERS.given(*given))
        parameters |= placed
        reading.drop_numbers()
    unread = reading.left()
    if absent := [each for each in unread if CODE.fullmatch(each)]:
        return Draft(problem=NO_SUCH_SYMBOLS.given(", ".join(absent)))
    proposals = []
    for base in bases:
        changed, problem = _changed(base, command, parameters, symbols)
        if problem:
            return Draft(problem=problem)
        own = kinds.get(changed.config.get("type", ""))
        if changed.is_new and own and changed.lacks is None:
            changed = changed.changed(name=new_name(own, tuple(changed.config["symbols"]), language))
        proposals.append(changed)
    return Draft(tuple(proposals), tuple(each.casefold() for each in unread), months=command.settings.months)


def _changed(
    base: Proposal, command: Command, parameters: Mapping[str, Any], symbols: Sequence[str]
) -> tuple[Proposal, Texts | None]:
    settings = command.settings
    config = base.config
    rates: dict[str, float] = {}
    for name, label in _RATES.items():
        amount: Amount | None = getattr(settings, name)
        if amount is None:
            continue
        if amount.unit == "bare":
            return base, AMBIGUOUS_RATE.given(label, f"{amount.value:g}")
        before = config.get(name, DEFAULT_COMMISSION if name == "commission_rate" else 0.0)
        value = before * amount.value if amount.unit == "factor" else amount.value
        if not 0 <= value < _MOST_RATE:
            return base, WRONG_RATE.given(label, shown_rate(value))
        rates[name] = value
    cash = settings.initial_cash.value if settings.initial_cash else None
    if cash is not None and not 0 < cash <= _MOST_CASH:
        return base, WRONG_CASH.given(f"{cash:,.0f}")
    start, end = settings.start, settings.end
    first, last = start or _day(config.get("start_date")), end or _day(config.get("end_date"))
    if first and last and first >= last:
        if start is None or end is None:  # of the other day of the base nothing was said
            config = {name: value for name, value in config.items() if name not in {"start_date", "end_date"}}
        else:
            return base, PERIOD_BACKWARDS.given(first, last)
    changed = replace(base, config=config).changed(
        parameters={**config.get("parameters", {}), **parameters} if parameters else None,
        symbols=list(symbols) or None,
        start_date=start and start.isoformat(),
        end_date=end and end.isoformat(),
        initial_cash=cash,
        benchmark=settings.benchmark,
        **rates,
    )
    return changed, None


def in_the_last(months: int, proposal: Proposal, instruments: Mapping[str, InstrumentView]) -> Proposal:
    """Return a proposal for the last months of its symbols' prices."""
    lasts = [instruments[each].last for each in proposal.config["symbols"] if each in instruments]
    if not lasts:
        return proposal
    end = min(lasts)
    month = end.year * 12 + end.month - 1 - months
    start = date(month // 12, month % 12 + 1, min(end.day, 28))
    return proposal.changed(start_date=start.isoformat(), end_date=end.isoformat())


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _numeric(kind: StrategyTypeView) -> list[str]:
    """Return the names of a type's parameters that are numbers."""
    properties: Mapping[str, Any] = kind.parameters["properties"]
    return [name for name, schema in properties.items() if schema.get("type") in {"integer", "number"}]


def _placed(
    kind: StrategyTypeView, numbers: Sequence[tuple[str, float]], given: Mapping[str, Any]
) -> dict[str, float] | None:
    """Return numbers without a name as parameters; None: it is not clear which they are.

    It is where there are as many as parameters without a value, or one of which the type has but one whole
    number: "SMA 20/50", "RSI 14".
    """
    properties: Mapping[str, Any] = kind.parameters["properties"]
    free = [name for name in _numeric(kind) if name not in given]
    whole = [name for name in free if properties[name]["type"] == "integer"]
    names = free if len(numbers) == len(free) else whole if len(numbers) == len(whole) == 1 else []
    if not names:
        return None
    return {name: as_value(properties[name], value) for name, (_, value) in zip(names, numbers, strict=True)}
