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
from services.language.phrases import compiled, one_of
from services.language.run_settings import Amount, Settings
from services.language.vocabulary import commands as words
from services.session.domain.naming import CODE, Reading, Symbols, as_value, possible_symbols
from services.session.domain.proposals import MOST_PROPOSED, Proposal, new_name, proposal_of
from services.session.domain.wording import (
    AMBIGUOUS_NUMBERS,
    AMBIGUOUS_RATE,
    AMBIGUOUS_TYPE,
    NO_PARAMETERS,
    NO_SUCH_SYMBOLS,
    PERIOD_BACKWARDS,
    TOO_MANY_RUNS,
    UNSUPPORTED,
    WHICH_COST,
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
_LEAST_PERCENTAGE: Final = 0.01
"""A rate without a unit is a percentage from here on."""
_TWO: Final = 2
_SHORTEST_MONTH: Final = 28
_UNSUPPORTED: Final = compiled(one_of(words.UNSUPPORTED))
_EACH: Final = compiled(one_of(words.EACH))
_ALL: Final = compiled(one_of(words.ALL))
_SAME: Final = compiled(one_of(words.SAME))
_JOINING: Final = compiled(r"(?:와|과|랑|하고|및)\s|\band\b|&|,|둘\s*다|\bboth\b")
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
        sure: nothing of it was guessed, such as the unit of a number.

    """

    proposals: tuple[Proposal, ...] = ()
    unread: tuple[str, ...] = ()
    problem: Texts | None = None
    sure: bool = True


def draft(command: Command, known: Known, current: Sequence[Proposal], language: Language) -> Draft:
    """Return the backtests that a message asks for.

    Args:
        command: what it asks.
        known: what there is.
        current: the proposals that it may change.
        language: of the names of new strategies.

    """
    if found := _UNSUPPORTED.search(command.rest):
        return Draft(problem=UNSUPPORTED.given(found.group()))
    reading = Reading(command.rest)
    placed = reading.take_places() or _ALL.search(command.rest) is not None
    there = {each.strategy_id: each for each in known.mentions.data}
    names = {} if known.mentions.in_context or command.kind == "change" else there
    named = [_again(there[key]) for key in reading.take_names({key: names[key].name for key in names})]
    types = reading.take_types(known.types)
    if ambiguous := next((each for each in types if len(each) > 1), None):
        titles = ", ".join(f"'{each.title.of(language)}'" for each in ambiguous)
        return Draft(problem=AMBIGUOUS_TYPE.given(titles))
    kinds = [kind for (kind,) in types]
    open_ones = current if command.kind == "change" or not (named or kinds or placed) else ()
    bases = named or list(open_ones)
    meant = [] if bases else _meant(command, kinds, reading, known)
    bases = bases or [_again(each) for each in meant]
    if len(named) == _TWO and _SAME.search(command.rest):
        bases = [_set_as(*named)]
    new = [each for each in kinds if not any(base.config.get("type") == each.type for base in bases)]
    if new:
        joined = named and _JOINING.search(command.rest)
        kept = bases[0] if bases and not joined and (named or open_ones) else None
        bases = [*(bases if joined else ()), *(_anew(kind, kept) for kind in new)]
    drafted = _with_settings(command, bases or [Proposal({})], reading, known, language)
    if meant and drafted.unread:  # they may name another one, which there is not
        return Draft((Proposal({}),), drafted.unread)
    if len(drafted.proposals) > MOST_PROPOSED:
        return Draft(problem=TOO_MANY_RUNS.given(MOST_PROPOSED))
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


def _set_as(proposal: Proposal, other: Proposal) -> Proposal:
    """Return a proposal with the symbols, period and costs of another one."""
    own = {key: proposal.config[key] for key in ("name", "type", "parameters") if key in proposal.config}
    return replace(proposal, config={**other.config, **own})


def _meant(
    command: Command, kinds: Sequence[StrategyTypeView], reading: Reading, known: Known
) -> Sequence[MentionedStrategy]:
    """Return the strategies of the conversation that are run again, where a message names none."""
    if not known.mentions.in_context:
        return ()
    if not kinds:
        return known.mentions.data
    types = {each.type for each in kinds}
    alike = [each for each in known.mentions.data if each.config and each.config.type in types]
    symbols = any(each in known.instruments for each in possible_symbols(reading.text))
    return alike if command.again or not symbols else ()


def _with_settings(
    command: Command, bases: Sequence[Proposal], reading: Reading, known: Known, language: Language
) -> Draft:
    """Return the proposals with what the rest of the message says of them."""
    kinds = {each.type: each for each in known.types}
    kind = kinds.get(bases[0].config.get("type", ""))
    parameters: dict[str, Any] = reading.take_parameters(kind) if kind else {}
    if kind and "weights" in kind.parameters["properties"]:
        parameters |= {"weights": weights} if (weights := reading.take_weights(known.instruments)) else {}
    symbols = reading.take_symbols(known.instruments)
    settings, problem = _of_unnamed_rate(command, bases[0], reading)
    if problem:
        return Draft(problem=problem)
    numbers = reading.numbers()
    reading.drop_numbers()
    unread = reading.left()
    if absent := [each for each in unread if CODE.fullmatch(each)]:
        return Draft(problem=NO_SUCH_SYMBOLS.given(", ".join(absent)))
    if numbers and kind and not unread:
        placed = _placed(kind, numbers, parameters)
        if placed is None:
            return Draft(problem=_not_placed(kind, [each for each, _ in numbers], language))
        parameters |= placed
    elif numbers:
        unread = [*unread, *(each for each, _ in numbers)]
    each_alone = _EACH.search(command.rest) and len(symbols.named) > 1
    groups = [replace(symbols, named=(each,)) for each in symbols.named] if each_alone else [symbols]
    proposals = []
    for base in bases:
        for group in groups:
            changed, problem = _changed(base, settings, parameters, group)
            if problem:
                return Draft(problem=problem)
            proposals.append(_named(changed, kinds, language))
    sure = not any(
        each and each.unit == "bare" for each in (settings.commission_rate, settings.slippage_rate)
    )
    return Draft(tuple(proposals), tuple(each.casefold() for each in unread), sure=sure)


def _named(proposal: Proposal, kinds: Mapping[str, StrategyTypeView], language: Language) -> Proposal:
    """Return a proposal of a new strategy with a name, once it is known what it runs."""
    kind = kinds.get(proposal.config.get("type", ""))
    if not (proposal.is_new and kind and proposal.lacks is None):
        return proposal
    return proposal.changed(name=new_name(kind, tuple(proposal.config["symbols"]), language))


def _of_unnamed_rate(command: Command, base: Proposal, reading: Reading) -> tuple[Settings, Texts | None]:
    """Return the settings, with a percentage without a name as the cost that was set: "make it 30 bps"."""
    settings = command.settings
    if command.kind != "change" or settings.of_money or (rate := reading.take_rate()) is None:
        return settings, None
    defaults = {"commission_rate": DEFAULT_COMMISSION, "slippage_rate": 0.0}
    changed = [name for name, default in defaults.items() if base.config.get(name, default) != default]
    if len(changed) != 1:
        return settings, WHICH_COST.given(shown_rate(rate))
    amount = Amount(rate, "fraction")
    if changed == ["commission_rate"]:
        return replace(settings, commission_rate=amount), None
    return replace(settings, slippage_rate=amount), None


def _changed(
    base: Proposal, settings: Settings, parameters: Mapping[str, Any], symbols: Symbols
) -> tuple[Proposal, Texts | None]:
    config = base.config
    rates: dict[str, float] = {}
    for name, label in _RATES.items():
        amount: Amount | None = getattr(settings, name)
        if amount is None:
            continue
        value = _rate(amount, config.get(name, DEFAULT_COMMISSION if name == "commission_rate" else 0.0))
        if value is None:
            return base, AMBIGUOUS_RATE.given(label, f"{amount.value:g}")
        if not 0 <= value < _MOST_RATE:
            return base, WRONG_RATE.given(label, shown_rate(value))
        rates[name] = value
    cash = settings.initial_cash.value if settings.initial_cash else None
    if cash is not None and not 0 < cash <= _MOST_CASH:
        return base, WRONG_CASH.given(f"{cash:,.0f}")
    start, end = settings.start, settings.end
    first, last = start or _day(config.get("start_date")), end or _day(config.get("end_date"))
    if first and last and first >= last:
        if start and end:
            return base, PERIOD_BACKWARDS.given(first, last)
        # of the other day of the base nothing was said
        config = {name: value for name, value in config.items() if name not in {"start_date", "end_date"}}
    before = config.get("symbols", ())
    changed = replace(base, config=config, months=settings.months or base.months).changed(
        parameters={**config.get("parameters", {}), **parameters} if parameters else None,
        symbols=symbols.after(before) if symbols != Symbols() else None,
        start_date=start and start.isoformat(),
        end_date=end and end.isoformat(),
        initial_cash=cash,
        benchmark=settings.benchmark,
        **rates,
    )
    return changed, None


def _rate(amount: Amount, before: float) -> float | None:
    """Return a rate as a fraction; None: it may be one, or a percentage."""
    match amount.unit:
        case "factor":
            return before * amount.value
        case "bare" if 0 < amount.value < _LEAST_PERCENTAGE:
            return None
        case "bare":
            return amount.value / 100
    return amount.value


def in_the_last(proposal: Proposal, instruments: Mapping[str, InstrumentView]) -> Proposal:
    """Return a proposal for the last months of its symbols' prices, if it is for that."""
    lasts = [instruments[each].last for each in proposal.config["symbols"] if each in instruments]
    if not lasts or proposal.months is None:
        return proposal
    end = min(lasts)
    month = end.year * 12 + end.month - 1 - proposal.months
    start = date(month // 12, month % 12 + 1, min(end.day, _SHORTEST_MONTH))
    return proposal.changed(start_date=start.isoformat(), end_date=end.isoformat())


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _not_placed(kind: StrategyTypeView, numbers: Sequence[str], language: Language) -> Texts:
    names = _numeric(kind)
    if not names:
        return NO_PARAMETERS.given(", ".join(numbers), kind.title.of(language))
    return AMBIGUOUS_NUMBERS.given(", ".join(numbers), ", ".join(names))


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
