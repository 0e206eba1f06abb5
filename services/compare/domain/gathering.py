"""From the read model to the data of a comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from backchat_contracts import BacktestCompleted, Language, Performance, Period, StrategyFigures, StrategyGap
from backchat_contracts.comparisons import GapCode

MOST_SHOWN: Final = 50
"""How many symbols a comparison has of each strategy: with all of 500, fifty would not fit a record."""
FEWEST_SHOWN: Final = 10
"""How many it has where there are more strategies than that."""
UNKNOWN_NAME: Final = "Unknown Strategy"

GAP_TEXTS: Final[Mapping[GapCode, Mapping[Language, str]]] = {
    "strategy_not_found": {"ko": "전략을 찾을 수 없습니다", "en": "Strategy not found"},
    "no_completed_backtest": {
        "ko": "완료된 백테스트 결과가 없습니다",
        "en": "There is no completed backtest",
    },
    "result_not_found": {
        "ko": "백테스트 결과를 찾을 수 없습니다",
        "en": "The backtest's result was not found",
    },
    "result_not_in_time": {
        "ko": "백테스트 결과가 제때 오지 않았습니다. 잠시 후 다시 물어보세요",
        "en": "The backtest's result did not come in time; ask again in a moment",
    },
}


@dataclass(frozen=True, slots=True)
class KnownStrategy:
    """A strategy as the read model has it."""

    strategy_id: str
    name: str
    latest: BacktestCompleted | None
    chosen: BacktestCompleted | None = None
    """The backtest that was chosen to stand for it, instead of the latest one."""
    symbols: tuple[str, ...] = ()
    """Those that it was saved with."""

    @property
    def standing(self) -> BacktestCompleted | None:
        """Return the backtest that stands for it."""
        return self.chosen or self.latest


def gather(
    wanted: Sequence[str],
    known: Mapping[str, KnownStrategy],
    language: Language,
    fitting: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[StrategyFigures | StrategyGap, ...]:
    """Return the data of each strategy asked for, in that order: its figures, or why there are none.

    Args:
        wanted: the ids.
        known: the strategies that there are.
        language: of the texts.
        fitting: the ids of strategies that fit what is no id, such as a name.

    """
    unique = tuple(dict.fromkeys(wanted))
    most = MOST_SHOWN if len(unique) <= MOST_SHOWN else FEWEST_SHOWN
    return tuple(_entry(key, known.get(key), language, tuple(fitting.get(key, ())), most) for key in unique)


def gather_backtests(
    wanted: Sequence[str], known: Mapping[str, BacktestCompleted | GapCode], language: Language
) -> tuple[StrategyFigures | StrategyGap, ...]:
    """Return the data of each backtest asked for, in that order: its figures, or why there are none.

    Args:
        wanted: the ids of the backtests.
        known: by these, the completion of each, or why there is none.
        language: of the texts.

    """
    unique = tuple(dict.fromkeys(wanted))
    most = MOST_SHOWN if len(unique) <= MOST_SHOWN else FEWEST_SHOWN
    return tuple(_backtest_entry(key, known[key], language, most) for key in unique)


def _entry(
    strategy_id: str,
    strategy: KnownStrategy | None,
    language: Language,
    fitting: tuple[str, ...],
    most: int,
) -> StrategyFigures | StrategyGap:
    if strategy is None:
        return _gap(strategy_id, UNKNOWN_NAME, "strategy_not_found", language, did_you_mean=fitting)
    standing = strategy.standing
    if standing is None:
        return _gap(strategy_id, strategy.name, "no_completed_backtest", language)
    if standing.performance is None:
        return _gap(strategy_id, strategy.name, "result_not_found", language)
    return _figures(
        strategy.name, standing, standing.performance, chosen=strategy.chosen is not None, most=most
    )


def _backtest_entry(
    backtest_id: str, completed: BacktestCompleted | GapCode, language: Language, most: int
) -> StrategyFigures | StrategyGap:
    of = {"backtest_id": backtest_id}
    if isinstance(completed, str):
        return _gap("", UNKNOWN_NAME, completed, language, **of)
    if completed.performance is None:
        return _gap(completed.strategy_id, completed.strategy_name, "result_not_found", language, **of)
    return _figures(completed.strategy_name, completed, completed.performance, chosen=False, most=most)


def _gap(strategy_id: str, name: str, code: GapCode, language: Language, **given: Any) -> StrategyGap:  # noqa: ANN401
    error = GAP_TEXTS[code][language]
    return StrategyGap(strategy_id=strategy_id, name=name, error=error, error_code=code, **given)


def _figures(
    name: str, standing: BacktestCompleted, performance: Performance, *, chosen: bool, most: int
) -> StrategyFigures:
    config = standing.config
    return StrategyFigures(
        strategy_id=standing.strategy_id,
        name=name,
        version=standing.version,
        type=config.type,
        parameters={
            name: value
            for name, value in config.parameters.items()
            if not (isinstance(value, dict) and len(value) > most)
        },
        backtest_period=Period(start=config.start_date, end=config.end_date),
        initial_cash=config.initial_cash,
        commission_rate=config.commission_rate,
        slippage_rate=config.slippage_rate,
        benchmark=config.benchmark,
        symbols=config.symbols[:most],
        symbols_left_out=max(0, len(config.symbols) - most),
        backtest_id=standing.backtest_id,
        chosen=chosen,
        completed_at=standing.completed_at,
        warnings=standing.warnings,
        provenance=standing.provenance,
        **performance.model_dump(),
    )
