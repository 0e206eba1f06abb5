"""How a conversation tells of the backtests that it proposes, starts and hears of."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from backchat_contracts import (
    METRICS,
    BacktestConfig,
    BacktestEstimate,
    BacktestView,
    InstrumentPage,
    Language,
    StrategyConfig,
    StrategyTypeView,
    Texts,
)
from services.grounding.writing import NOT_DEFINED, rate_text, value_text
from services.session.domain import wording
from services.session.domain.reasons import reason_of_failure

FIGURES: Final = ("total_return", "cagr", "sharpe_ratio", "max_drawdown", "volatility", "trades")
"""The metrics that the end of a backtest is told with."""
MOST_SHOWN: Final = 10
"""Of symbols, in a sentence."""
_DAY: Final = re.compile(r"\d[-/]\d|\d\.\d+\.\d|\d\s*[년월]|\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}")
_PARTS: Final = {
    "symbols": Texts(ko="종목", en="on"),
    "period": Texts(ko="기간", en="period"),
    "initial_cash": Texts(ko="초기 자금", en="initial cash"),
    "commission_rate": Texts(ko="수수료", en="commission"),
    "slippage_rate": Texts(ko="슬리피지", en="slippage"),
    "benchmark": Texts(ko="벤치마크", en="benchmark"),
}


def proposed(
    estimates: Sequence[BacktestEstimate],
    bases: Sequence[BacktestConfig | None],
    types: Sequence[StrategyTypeView],
    unread: Sequence[str],
    language: Language,
) -> str:
    """Return the question whether to run these backtests; `bases`: what they were before."""
    titles = {each.type: each.title.of(language) for each in types}
    described = [
        described_run(each.strategy_name, each.config, titles, base, language)
        for each, base in zip(estimates, bases, strict=True)
    ]
    said = not_understood(unread, language)
    say_yes = wording.SAY_YES.of(language)
    if len(described) == 1:
        return " ".join([*said, wording.RUN_THIS.of(language), f"{described[0]}.", say_yes])
    question = wording.RUN_THESE.given(len(described)).of(language)
    return "\n".join([*said, question, *(f"- {each}" for each in described), say_yes])


def not_understood(unread: Sequence[str], language: Language) -> list[str]:
    """Return that words were not understood, and how days are written where some look like one."""
    if not unread:
        return []
    said = wording.UNREAD.given(", ".join(f"'{each}'" for each in unread)).of(language)
    return [said, *how_to_write(unread, language)]


def how_to_write(unread: Sequence[str], language: Language) -> list[str]:
    """Return how days are written, where one of the words looks like a day."""
    return [wording.WRITE_DAYS.of(language)] if any(map(_DAY.search, unread)) else []


def described_run(
    name: str,
    config: BacktestConfig,
    titles: dict[str, str],
    base: BacktestConfig | None,
    language: Language,
) -> str:
    """Return what a backtest runs, and what of it was otherwise before."""
    kind = titles.get(config.type, config.type)
    parameters = ", ".join(
        f"{key} {_value(value)}" for key, value in config.parameters.items() if value != {}
    )
    now, then = _settings(config), _settings(base) if base else {}
    parts = [
        f"{_PARTS[key].of(language)} {value}{_before(then.get(key, value), value, language)}"
        for key, value in now.items()
    ]
    changed = base is not None and (base.type, base.parameters) != (config.type, config.parameters)
    before = ", ".join(f"{key} {_value(value)}" for key, value in base.parameters.items()) if base else ""
    what = f"{kind}: {parameters}" if parameters else kind
    what += wording.BEFORE.given(before).of(language) if changed and before else ""
    return f"'{name}' ({what}), {', '.join(parts)}"


def costs_of(config: Mapping[str, Any], language: Language) -> str:
    """Return the money settings of what is proposed, with the defaults of what is not said."""
    values = {
        name: config.get(name, StrategyConfig.model_fields[name].default)
        for name in ("initial_cash", "commission_rate", "slippage_rate")
    }
    cash, *rates = values.values()
    return wording.COSTS.given(config.get("name"), f"{cash:,.0f}", *map(rate_text, rates)).of(language)


def started(names: Sequence[tuple[str, str]], language: Language) -> str:
    """Return that backtests were started; `names`: of each the strategy and the id."""
    shown = ", ".join(f"'{name}' ({backtest_id})" for name, backtest_id in names)
    if len(names) == 1:
        return wording.STARTED.given(shown).of(language)
    return wording.STARTED_SEVERAL.given(len(names), shown).of(language)


def ended(name: str, view: BacktestView, base: BacktestView | None, language: Language) -> str:
    """Return how a backtest ended or is going, beside the one before it."""
    match view.status:
        case "pending":
            return wording.PENDING.given(name).of(language)
        case "running":
            done = f" ({view.progress.fraction:.0%})".replace("%", " %") if view.progress else ""
            return wording.RUNNING.given(name, done).of(language)
        case "cancelled":
            return wording.WAS_CANCELLED.given(name).of(language)
        case "failed":
            why = reason_of_failure(view.error, view.config.model_dump(mode="json"), language)
            code = view.error.code if view.error else "-"
            return wording.FAILED.given(name, why, code).of(language)
        case "completed":
            return " ".join([_completed(name, view, base, language), *_warnings(view, language)])


def types_there(types: Sequence[StrategyTypeView], language: Language) -> str:
    """Return which strategy types there are."""
    shown = ", ".join(f"{each.title.of(language)} ({each.type})" for each in types)
    return wording.TYPES.given(len(types), shown).of(language)


def instruments_there(page: InstrumentPage, language: Language) -> str:
    """Return of which symbols there are prices."""
    if not page.data:
        return wording.NO_INSTRUMENTS.of(language)
    first, last = min(each.first for each in page.data), max(each.last for each in page.data)
    shown = ", ".join(each.symbol for each in page.data) + (", …" if page.has_more else "")
    return wording.INSTRUMENTS.given(f" ({first}~{last})", shown).of(language)


def _completed(name: str, view: BacktestView, base: BacktestView | None, language: Language) -> str:
    if view.performance is None:
        return wording.WITHOUT_FIGURES.given(name).of(language)
    config = view.config
    about = f"{_symbols(config.symbols)}, {config.start_date}~{config.end_date}"
    figures = ", ".join(_figures(view, base, language))
    return wording.COMPLETED.given(name, about, figures).of(language)


def _figures(view: BacktestView, base: BacktestView | None, language: Language) -> Iterator[str]:
    for metric in FIGURES:
        label = METRICS[metric].label.of(language)
        then = _figure(base, metric, language) if base and base.performance else None
        now = _figure(view, metric, language)
        yield f"{label} {now}{_before(then or now, now, language)}"


def _figure(view: BacktestView, metric: str, language: Language) -> str:
    value: float | None = getattr(view.performance, metric)
    return NOT_DEFINED.of(language) if value is None else value_text(metric, value, language)


def _warnings(view: BacktestView, language: Language) -> Iterable[str]:
    """Return the warnings as sentences; which settings have changed was said before it ran."""
    details = (each.detail.of(language) for each in view.warnings or () if each.code != "setting-changed")
    return (f"{each.rstrip('.')}." for each in details)


def _settings(config: BacktestConfig) -> dict[str, str]:
    settings = {
        "symbols": _symbols(config.symbols),
        "period": f"{config.start_date}~{config.end_date}",
        "initial_cash": f"{config.initial_cash:,.10g}",
        "commission_rate": rate_text(config.commission_rate),
        "slippage_rate": rate_text(config.slippage_rate),
    }
    return {**settings, **({"benchmark": config.benchmark} if config.benchmark else {})}


def _before(then: str, now: str, language: Language) -> str:
    return "" if then == now else wording.BEFORE.given(then).of(language)


def _symbols(symbols: Sequence[str]) -> str:
    more = len(symbols) - MOST_SHOWN
    return ", ".join(symbols[:MOST_SHOWN]) + (f" +{more}" if more > 0 else "")


def _value(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {each:g}" for key, each in list(value.items())[:MOST_SHOWN])
    return f"{value:g}" if isinstance(value, float) else str(value)
