"""From the read model to the data of a comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backchat_contracts import BacktestCompleted, Language, Performance, Period, StrategyFigures, StrategyGap
from backchat_contracts.comparisons import GapCode

MOST_SHOWN: Final = 50
"""How many a comparison has of each strategy: with all of 500, fifty strategies would not fit a record."""
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
}


@dataclass(frozen=True, slots=True)
class KnownStrategy:
    """A strategy as the read model has it."""

    strategy_id: str
    name: str
    latest: BacktestCompleted | None
    chosen: BacktestCompleted | None = None
    """The backtest that was chosen to stand for it, instead of the latest one."""

    @property
    def standing(self) -> BacktestCompleted | None:
        """Return the backtest that stands for it."""
        return self.chosen or self.latest


def gather(
    wanted: Sequence[str], known: Mapping[str, KnownStrategy], language: Language
) -> tuple[StrategyFigures | StrategyGap, ...]:
    """Return the data of each strategy asked for, in that order: its figures, or why there are none."""
    return tuple(
        _entry(strategy_id, known.get(strategy_id), language) for strategy_id in dict.fromkeys(wanted)
    )


def _entry(
    strategy_id: str, strategy: KnownStrategy | None, language: Language
) -> StrategyFigures | StrategyGap:
    if strategy is None:
        return _gap(strategy_id, UNKNOWN_NAME, "strategy_not_found", language)
    standing = strategy.standing
    if standing is None:
        return _gap(strategy_id, strategy.name, "no_completed_backtest", language)
    if standing.performance is None:
        return _gap(strategy_id, strategy.name, "result_not_found", language)
    return _figures(strategy, standing, standing.performance)


def _gap(strategy_id: str, name: str, code: GapCode, language: Language) -> StrategyGap:
    return StrategyGap(strategy_id=strategy_id, name=name, error=GAP_TEXTS[code][language], error_code=code)


def _figures(
    strategy: KnownStrategy, standing: BacktestCompleted, performance: Performance
) -> StrategyFigures:
    config = standing.config
    return StrategyFigures(
        strategy_id=strategy.strategy_id,
        name=strategy.name,
        version=standing.version,
        type=config.type,
        parameters={
            name: value
            for name, value in config.parameters.items()
            if not (isinstance(value, dict) and len(value) > MOST_SHOWN)
        },
        backtest_period=Period(start=config.start_date, end=config.end_date),
        initial_cash=config.initial_cash,
        commission_rate=config.commission_rate,
        slippage_rate=config.slippage_rate,
        benchmark=config.benchmark,
        symbols=config.symbols[:MOST_SHOWN],
        symbols_left_out=max(0, len(config.symbols) - MOST_SHOWN),
        backtest_id=standing.backtest_id,
        chosen=strategy.chosen is not None,
        completed_at=standing.completed_at,
        warnings=standing.warnings,
        **performance.model_dump(),
    )
