"""The metrics: worked examples, other implementations of their definitions, and how they relate."""

import math
import statistics
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given

from backchat_contracts import FEWEST_ANNUAL_BARS, METRICS, Performance
from services import metrics
from services.backtest.domain.simulator import Run
from services.metrics import COMPUTED, Sample, daily_returns
from services.metrics.account import Fills
from tests import drawn

CURVES = drawn.returns(59, 300, -0.3, 0.3).map(
    lambda returns: [1_000.0, *(1_000.0 * np.cumprod(1.0 + returns))]
)


def run_of(equity: list[float], shares: tuple[float, ...] = (), pnl: tuple[float, ...] = ()) -> Run:
    """A run that had a quarter in cash, with fills at a price of 10 for a commission of 1 each."""
    curve = np.array(equity, dtype=np.float64)
    tens, ones = np.full(len(shares), 10.0), np.ones(len(shares))
    whole = np.zeros(len(shares), dtype=np.int64)
    fills = Fills(whole, whole, np.array(shares, dtype=np.float64), tens, ones, np.array(pnl))
    return Run(curve, curve / 4.0, np.zeros((len(curve), 1)), fills)


def measure(run: Run, benchmark: list[float] | None = None, slippage_rate: float = 0.0) -> Performance:
    """Measure a run beside its benchmark; without one, beside itself."""
    held = run.equity if benchmark is None else np.array(benchmark)
    return metrics.measure(Sample(run, held, slippage_rate))


def test_what_is_computed_is_the_catalogue_and_nothing_else() -> None:
    assert COMPUTED.keys() == METRICS.keys() == Performance.model_fields.keys()


def test_a_worked_example() -> None:
    returns = 20 * [0.1, -0.1, 0.1]
    performance = measure(run_of([100, *(100 * np.cumprod(1 + np.array(returns)))]))

    mean, deviation, downside = 0.1 / 3, math.sqrt(8 / 9 * 0.6 / 59), math.sqrt(0.01 / 3)
    assert performance.total_return == pytest.approx(1.089**20 - 1)
    assert performance.cagr == pytest.approx(1.089**84 - 1)
    assert performance.volatility == pytest.approx(deviation * math.sqrt(252))
    assert performance.sharpe_ratio == pytest.approx(mean / deviation * math.sqrt(252))
    assert performance.sortino_ratio == pytest.approx(mean / downside * math.sqrt(252))
    assert performance.max_drawdown == pytest.approx(-0.1)
    assert performance.final_equity == pytest.approx(100 * 1.089**20)


def test_252_returns_are_a_year() -> None:
    performance = measure(run_of(list(np.linspace(100, 120, 253))))

    assert performance.cagr == pytest.approx(performance.total_return)


def test_drawdown_is_from_the_highest_peak_before() -> None:
    assert measure(run_of([100, 120, 90, 150, 130, 140])).max_drawdown == pytest.approx(-0.25)


def test_an_equity_that_never_moves_has_no_ratios() -> None:
    performance = measure(run_of([1_000] * 60))

    assert (performance.total_return, performance.cagr, performance.max_drawdown) == (0.0, 0.0, 0.0)
    assert (performance.volatility, performance.sharpe_ratio, performance.sortino_ratio) == (0.0, None, None)
    assert (performance.trades, performance.win_rate, performance.final_equity) == (0, None, 1_000.0)


def test_steady_growth_has_no_ratios_for_its_rounding_errors() -> None:
    performance = measure(run_of([1_000 * 1.001**t for t in range(500)]))

    assert (performance.volatility, performance.sharpe_ratio, performance.sortino_ratio) == (0.0, None, None)
    assert performance.cagr == pytest.approx(1.001**252 - 1)


def test_without_a_loss_there_is_no_sortino_ratio() -> None:
    performance = measure(run_of([*np.geomspace(100, 105, 59), 106]))

    assert performance.sortino_ratio is None
    assert performance.sharpe_ratio is not None


def test_win_rate_is_the_share_of_sells_with_a_profit() -> None:
    performance = measure(run_of([100] * 3, shares=(5, -1, -1, 3, -1, -1), pnl=(0, 2.0, -1.0, 0, 0.0, 4.0)))

    assert performance.trades == 6
    assert performance.win_rate == 0.5  # selling at cost is no win


def test_buys_alone_have_no_win_rate() -> None:
    performance = measure(run_of([100] * 3, shares=(5,), pnl=(0,)))

    assert (performance.trades, performance.win_rate) == (1, None)


def test_growth_that_no_float_can_annualise_is_an_error_not_infinity() -> None:
    with pytest.raises(ValueError, match="grew 1e\\+80-fold in 59 days"):
        measure(run_of([1] * 59 + [1e80]))


SHORT = {
    *("total_return", "final_equity", "max_drawdown", "ulcer_index", "longest_drawdown", "time_under_water"),
    *("trades", "win_rate", "profit_factor", "payoff_ratio", "expectancy", "exposure", "costs_paid"),
    "benchmark_return",
}
"""What a run of a few days has too: the other metrics say something about years, or about tails."""

LONG = {
    *("cagr", "volatility", "sharpe_ratio", "sortino_ratio", "calmar_ratio", "turnover", "tail_ratio"),
    *("value_at_risk", "conditional_value_at_risk", "skewness", "kurtosis", "alpha", "beta"),
    *("information_ratio", "tracking_error", "up_capture", "down_capture"),
}


def test_which_metrics_a_short_run_has() -> None:
    assert all((METRICS[name].fewest_bars == 0) == (name in SHORT) for name in SHORT | LONG)
    assert {metric.fewest_bars for metric in METRICS.values()} == {0, FEWEST_ANNUAL_BARS}


@pytest.mark.parametrize("bars", [3, 59, 60])
def test_what_is_too_short_for_a_year_has_no_annual_figures(bars: int) -> None:
    fall = [1_000.0, *np.geomspace(100, 115, bars - 2), 110.0]
    performance = measure(run_of(fall, shares=(5, -1, -1), pnl=(0, 2.0, -1.0)), fall[::-1])

    undefined = {name for name, value in performance if value is None}
    assert undefined == ({name for name in METRICS if METRICS[name].fewest_bars} if bars < 60 else set())
    assert performance.total_return == pytest.approx(-0.89)


@given(CURVES)
def test_the_definitions_by_other_means(equity: list[float]) -> None:
    performance = measure(run_of(equity))
    returns = [after / before - 1 for before, after in pairwise(equity)]

    assert daily_returns(np.array(equity)).tolist() == returns
    assert performance.volatility == pytest.approx(statistics.stdev(returns) * math.sqrt(252), abs=1e-10)
    assert performance.max_drawdown == min(
        value / peak - 1 for value, peak in zip(equity, accumulate(equity, max), strict=True)
    )


@given(CURVES)
def test_the_statistics_do_not_contradict_each_other(equity: list[float]) -> None:
    p = measure(run_of(equity))
    years = (len(equity) - 1) / 252
    assert p.cagr is not None

    assert all(math.isfinite(value) for _, value in p if value is not None)
    assert p.final_equity == pytest.approx(equity[0] * (1 + p.total_return))
    assert p.cagr == pytest.approx((1 + p.total_return) ** (1 / years) - 1)
    assert p.cagr * p.total_return >= 0.0
    assert -1 < p.max_drawdown <= min(p.total_return, 0.0) + 1e-12
    assert (p.sharpe_ratio is None) == (p.volatility == 0.0)
    if p.sharpe_ratio is not None and p.sortino_ratio is not None:
        assert p.sharpe_ratio * p.sortino_ratio >= 0.0  # both have the sign of the mean return
    if p.max_drawdown < -1e-9:
        assert p.sortino_ratio is not None
