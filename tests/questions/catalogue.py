"""Catalogues of strategies that conversations are about: files, run by the real simulator on sample prices.

A line of a file is a strategy: `name | type parameter=value … | symbols | first day..last day | rates`. The
rates (`commission=0.002 slippage=0.001`) may be left out; without days it is saved but never run. `sweep N`
on a line of its own stands for N strategies, called `SMA fast/slow`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from backchat_contracts import (
    BacktestCompleted,
    BacktestConfig,
    BacktestRequested,
    BacktestSeriesPublished,
    StrategySaveRequested,
)
from services.backtest.market_data.sample import SampleMarketData
from services.backtest.output import Output
from services.backtest.ports import Report
from services.backtest.series import view_series
from services.backtest.simulation import simulate_config
from services.metrics.account import FloatArray
from tests.builders import delivery
from tests.unit.session.conversation import OtherServices

FOLDER: Final = Path(__file__).parent / "catalogues"
YEAR: Final = math.sqrt(252)
"""What makes a daily deviation an annual one."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy of a catalogue; without `days` it has no backtest."""

    name: str
    type: str
    parameters: dict[str, Any]
    symbols: list[str]
    days: tuple[str, str] | None = None
    rates: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """What is stored of a strategy's backtest: configuration, metrics, and the equity at each close."""

    config: BacktestConfig
    metrics: dict[str, float | None]
    days: np.ndarray[Any, np.dtype[np.datetime64]]
    equity: FloatArray

    def value(self, metric: str, first: str | None = None, last: str | None = None) -> float | None:
        """Return a stored metric, or one computed from the closes of a part of the days."""
        if first is None or last is None:
            return self.metrics[metric]
        chosen = (self.days >= np.datetime64(first)) & (self.days <= np.datetime64(last))
        return None if chosen.sum() <= 2 else _measured(metric, self.equity[chosen])


def _measured(metric: str, equity: FloatArray) -> float | None:
    returns = equity[1:] / equity[:-1] - 1.0
    deviation = float(np.std(returns, ddof=1))
    match metric:
        case "total_return":
            return float(equity[-1] / equity[0] - 1.0)
        case "max_drawdown":
            return float(np.min(equity / np.maximum.accumulate(equity) - 1.0))
        case "volatility":
            return deviation * YEAR
        case "sharpe_ratio":
            return float(np.mean(returns)) / deviation * YEAR if deviation else None
    raise ValueError(f"{metric} is not measured on a part of the days")


async def _run(config: BacktestConfig, report: Report) -> tuple[Output, float]:
    del report
    return _simulated(config.model_dump_json()), 0.25


@cache
def _market() -> SampleMarketData:
    return SampleMarketData()


@cache
def _simulated(config: str) -> Output:
    return simulate_config(BacktestConfig.model_validate_json(config), _market())


@cache
def strategies(catalogue: str) -> tuple[Strategy, ...]:
    """Read a catalogue."""
    return tuple(_read((FOLDER / f"{catalogue}.txt").read_text(encoding="utf-8")))


def _read(text: str) -> Iterator[Strategy]:
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("sweep "):
            yield from _sweep(int(line.removeprefix("sweep ")))
            continue
        name, rule, symbols, *rest = (part.strip() for part in line.split("|"))
        days, rates = [*rest, "", ""][:2]
        first, _, last = days.partition("..")
        kind, *parameters = rule.split()
        yield Strategy(
            name,
            kind,
            {key: _number(value) for key, value in (each.split("=") for each in parameters)},
            symbols.split(),
            (first, last) if days else None,
            {f"{key}_rate": float(value) for key, value in (each.split("=") for each in rates.split())},
        )


def _number(text: str) -> float | int | str:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _sweep(count: int) -> Iterator[Strategy]:
    pairs = [(fast, slow) for slow in range(40, 240, 4) for fast in range(5, 39)]
    for fast, slow in pairs[:: len(pairs) // count][:count]:
        parameters = {"fast": fast, "slow": slow}
        yield Strategy(
            f"SMA {fast}/{slow}", "sma_crossover", parameters, ["IBM"], ("2009-01-01", "2012-12-31")
        )


class Services(OtherServices):
    """The services that own the data, with a simulator and curves that are real."""

    def __init__(self) -> None:
        super().__init__()
        self.backtest.engine.run = _run  # type: ignore[method-assign]
        self.backtest.engine.content = None
        self.backtest.data.replace(_market())
        self.runs: dict[str, Run] = {}

    async def curves_of(self, completed: BacktestCompleted) -> BacktestSeriesPublished:
        """Publish the curves of a result, and keep it as the latest of its strategy."""
        result = _simulated(completed.config.model_dump_json()).result
        assert completed.performance is not None
        self.runs[completed.strategy_name] = Run(
            completed.config, completed.performance.model_dump(), result.days, result.equity
        )
        return BacktestSeriesPublished(
            backtest_id=completed.backtest_id, completed=completed, series=view_series(result)
        )

    @property
    def asked_to_run(self) -> list[BacktestRequested]:
        """Return the requests for backtests that conversations made."""
        return [each for each in self.asked if isinstance(each, BacktestRequested)]

    async def hold(self, catalogue: str) -> None:
        """Save and run the strategies of a catalogue."""
        for each in strategies(catalogue):
            definition = {"type": each.type, "parameters": each.parameters, "symbols": each.symbols}
            if each.days is None:
                saved = StrategySaveRequested.model_validate({"name": each.name, **definition})
                await self.backtest.catalogue.save(saved, delivery())
                continue
            first, last = each.days
            request = await self.backtest.accept(
                each.name, start_date=first, end_date=last, **definition, **each.rates
            )
            await self.backtest.run(request.backtest_id)
        await self.tell()
