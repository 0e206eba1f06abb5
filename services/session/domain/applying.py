"""What a message sets of the backtests that are proposed: costs, cash, period, symbols, parameters."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, Literal

from backchat_contracts import InstrumentView, Language, StrategyTypeView, Texts
from services.grounding.writing import rate_text
from services.language.commands import Command
from services.language.run_settings import MOST_MONTHS, Amount, Settings
from services.session.domain.naming import MOST_SYMBOLS, Reading, Symbols, as_value
from services.session.domain.proposals import Proposal
from services.session.domain.wording import (
    AMBIGUOUS_NUMBERS,
    AMBIGUOUS_RATE,
    NO_PARAMETERS,
    PERIOD_BACKWARDS,
    RATES,
    START_OR_END,
    TOO_MANY_SYMBOLS,
    TWO_PERIODS,
    WHICH_COST,
    WRONG_CASH,
    WRONG_RATE,
    UnclearError,
)

_MOST_RATE: Final = 0.5
_LEAST_PERCENTAGE: Final = 0.01
"""A rate without a unit is a percentage from here on."""
_MOST_CASH: Final = 1e12


def settings_of(command: Command, base: Proposal, reading: Reading) -> Settings:
    """Return the settings, with a rate without a name as the cost that was set: "make it 30 bps".

    Raises UnclearError.
    """
    settings = command.settings
    if settings.of_money or (rate := reading.take_rate(percent=command.kind == "change")) is None:
        return settings
    asked = [name for name in RATES if name in base.asked]
    changed = [name for name, (_, default) in RATES.items() if base.config.get(name, default) != default]
    changed = asked if len(asked) == 1 else changed
    if len(changed) != 1:
        raise UnclearError(WHICH_COST.given(rate_text(rate)), *RATES)
    amount = Amount(rate, "fraction")
    if changed == ["commission_rate"]:
        return replace(settings, commission_rate=amount)
    return replace(settings, slippage_rate=amount)


def applied(
    base: Proposal,
    settings: Settings,
    parameters: Mapping[str, Any],
    symbols: Symbols,
    of_type: Collection[str],
) -> Proposal:
    """Return a proposal with settings, symbols, and those parameters that its type has.

    Raises UnclearError.
    """
    config = base.config
    rates = {name: rate for name in RATES if (rate := _rate_of(name, settings, config)) is not None}
    cash = settings.initial_cash.value if settings.initial_cash else None
    if cash is not None and not 0 < cash <= _MOST_CASH:
        raise UnclearError(WRONG_CASH.given(f"{cash:,.0f}"), "initial_cash")
    start, end = settings.start, settings.end
    if start and settings.months:
        raise UnclearError(TWO_PERIODS.given(start, settings.months), "start", "months")
    if end and settings.months:
        start = _months_before(end, settings.months)
    first, last = start or _day(config.get("start_date")), end or _day(config.get("end_date"))
    if first and last and first >= last:
        if start and start == end:
            raise UnclearError(START_OR_END.given(start), "start", "end")
        if start and end:
            raise UnclearError(PERIOD_BACKWARDS.given(first, last), "start", "end")
        # of the other day of the base nothing was said
        config = {name: value for name, value in config.items() if name not in {"start_date", "end_date"}}
    months = None if start or end else settings.months or base.months
    guessed = settings.is_guessed or (base.guessed and not settings.of_money)
    wanted = symbols.after(config.get("symbols", ())) if symbols != Symbols() else None
    if wanted and len(wanted) > MOST_SYMBOLS:
        raise UnclearError(TOO_MANY_SYMBOLS.given(MOST_SYMBOLS))
    own = {name: value for name, value in parameters.items() if name in of_type}
    changed = replace(base, config=config, months=months, guessed=guessed).changed(
        parameters={**config.get("parameters", {}), **own} if own else None,
        symbols=wanted,
        start_date=start and start.isoformat(),
        end_date=end and end.isoformat(),
        initial_cash=cash,
        benchmark=settings.benchmark or None,
        **rates,
    )
    if settings.benchmark == "":
        changed = replace(changed, config={k: v for k, v in changed.config.items() if k != "benchmark"})
    return changed


def _rate_of(name: str, settings: Settings, config: Mapping[str, Any]) -> float | None:
    """Return a rate that is set, as a fraction; None: it is not set."""
    label, default = RATES[name]
    amount: Amount | None = getattr(settings, name)
    if amount is None:
        return None
    value = _fraction(amount, config.get(name, default))
    if value is None:
        raise UnclearError(AMBIGUOUS_RATE.given(label, f"{amount.value:g}"), name)
    if not 0 <= value < _MOST_RATE:
        raise UnclearError(WRONG_RATE.given(label, rate_text(value)), name)
    return value


def _fraction(amount: Amount, before: float) -> float | None:
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
    known = [instruments[each] for each in proposal.config["symbols"] if each in instruments]
    if not known or proposal.months is None:
        return proposal
    end = min(each.last for each in known)
    start = _months_before(end, proposal.months)
    if proposal.months == MOST_MONTHS:
        start = min(each.first for each in known)
    return proposal.changed(start_date=start.isoformat(), end_date=end.isoformat())


def _months_before(end: date, months: int) -> date:
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    return date(year, month + 1, min(end.day, monthrange(year, month + 1)[1]))


def placed(
    kinds: Sequence[StrategyTypeView],
    numbers: Sequence[tuple[str, float]],
    given: Mapping[str, Any],
    language: Language,
) -> dict[str, float]:
    """Return numbers without a name as parameters.

    It is clear which they are where there are as many as parameters without a value, "SMA 20/50", or one and
    the type has but one whole number, "RSI 14". Else raises UnclearError.
    """
    kind, *others = kinds
    properties: Mapping[str, Any] = kind.parameters["properties"]
    free = [name for name in _numeric(kind) if name not in given]
    if any(text.endswith("%") for text, _ in numbers):  # no number of days
        free = [name for name in free if properties[name]["type"] == "number"]
    whole = [name for name in free if properties[name]["type"] == "integer"]
    names = free if len(numbers) == len(free) else whole if len(numbers) == len(whole) == 1 else []
    fits = all(value.is_integer() for _, value in numbers) or not set(names) <= set(whole)
    if not names or others or not fits:
        raise UnclearError(_not_placed(kind, [each for each, _ in numbers], language), *_numeric(kind))
    return {name: as_value(properties[name], value) for name, (_, value) in zip(names, numbers, strict=True)}


def placed_in_turn(
    kinds: Sequence[StrategyTypeView],
    numbers: Sequence[tuple[str, float]],
    given: Mapping[str, Any],
    language: Language,
    written_as: Literal["list", "each"] | None,
) -> list[dict[str, float]]:
    """Return numbers without a name as the parameters of one run, or each as that of a run of its own.

    They are several runs where the type has but one whole number, and as many parameters as there are numbers
    only if the message says "each" of them: "RSI 10, 14 and 20", and not "RSI 14, 30, 70". Raises
    UnclearError.
    """
    properties: Mapping[str, Any] = kinds[0].parameters["properties"]
    free = [name for name in _numeric(kinds[0]) if name not in given]
    whole = [name for name in free if properties[name]["type"] == "integer"]
    alike = all(value.is_integer() for _, value in numbers)
    several = written_as == "each" or (written_as == "list" and len(numbers) != len(free))
    if len(kinds) == len(whole) == 1 and alike and several:
        return [{whole[0]: as_value(properties[whole[0]], value)} for _, value in numbers]
    return [placed(kinds, numbers, given, language)]


def _not_placed(kind: StrategyTypeView, numbers: Sequence[str], language: Language) -> Texts:
    names = _numeric(kind)
    if not names:
        return NO_PARAMETERS.given(", ".join(numbers), kind.title.of(language))
    return AMBIGUOUS_NUMBERS.given(", ".join(numbers), ", ".join(names))


def _numeric(kind: StrategyTypeView) -> list[str]:
    """Return the names of a type's parameters that are numbers."""
    properties: Mapping[str, Any] = kind.parameters["properties"]
    return [name for name, schema in properties.items() if schema.get("type") in {"integer", "number"}]


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
