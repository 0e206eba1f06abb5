"""A stored configuration on real prices."""

import math
from dataclasses import astuple
from typing import Any

import bson
import numpy as np
import pytest

from backchat_contracts import BacktestResultView
from services.backtest import simulation
from services.backtest.documents import read_result, result_document
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.prices import PriceHistory, Series
from services.backtest.market_data.sample import SampleMarketData
from services.backtest.output import Output
from services.backtest.progress import Stage
from services.backtest.simulation import simulate_config, warm_up
from services.backtest.views import view_result
from tests.builders import config, performance, result, specification

CROSSOVER = {"type": "sma_crossover", "parameters": {"fast": 20, "slow": 50}}
SAMPLE = SampleMarketData()


def stored_backtest() -> Backtest:
    return Backtest(spec=specification(), queue_rank=1.0)


def simulated(**given: Any) -> Output:
    return simulate_config(config(**given), SAMPLE)


def test_a_result_is_stored_in_plain_values_and_read_as_it_was() -> None:
    output = simulated(**CROSSOVER)
    stored = result_document("id", output.result)
    read = read_result(stored)

    assert bson.decode(bson.encode(stored)) == stored
    assert result_document("id", read) == stored
    for name in ("days", "equity", "benchmark", "exposure"):
        assert np.array_equal(getattr(read, name), getattr(output.result, name))
    for stored_column, column in zip(astuple(read.fills), astuple(output.result.fills), strict=True):
        assert np.array_equal(stored_column, column)


def test_the_view_of_a_result_is_what_was_simulated() -> None:
    output = simulated(**CROSSOVER)
    view = view_result(stored_backtest(), output.performance, output.result)
    shown = BacktestResultView.model_validate_json(view.model_dump_json())  # it has plain values throughout

    performance, curve = output.performance, shown.equity_curve
    assert performance.trades == len(shown.trades) > 10
    assert performance.final_equity == curve[-1].equity
    assert (str(curve[0].date), str(curve[-1].date)) == ("2010-01-04", "2012-12-31")
    assert len(curve) == 754  # trading days of three years
    assert performance.total_return == pytest.approx(curve[-1].equity / 100_000.0 - 1)
    assert performance.benchmark_return == pytest.approx(curve[-1].benchmark / 100_000.0 - 1)
    assert performance.max_drawdown == min(day.drawdown for day in curve) == shown.drawdowns[0].depth
    assert performance.exposure == pytest.approx(np.mean([day.exposure for day in curve]))
    assert (curve[125].rolling_volatility, curve[125].rolling_sharpe_ratio) == (None, None)
    assert curve[126].rolling_volatility is not None
    assert [year.year for year in shown.yearly_returns] == [2010, 2011, 2012]
    assert [(month.year, month.month) for month in shown.monthly_returns][:2] == [(2010, 1), (2010, 2)]
    assert math.prod(1 + year.value for year in shown.yearly_returns) == pytest.approx(
        math.prod(1 + month.value for month in shown.monthly_returns)
    )
    profits = [trade.profit for trade in shown.trades if trade.shares < 0]
    assert profits
    assert all(profit is not None and math.isfinite(profit) for profit in profits)
    assert all(trade.profit is None for trade in shown.trades if trade.shares > 0)


def test_a_result_without_benchmark_is_shown_without_it() -> None:
    old = result(benchmark=None, exposure=None)
    view = view_result(stored_backtest(), performance(), old)

    assert [(day.benchmark, day.exposure) for day in view.equity_curve] == [(None, None)] * 2
    assert view.yearly_returns[0].benchmark is None


def test_buy_and_hold_buys_once_and_pays_its_commission() -> None:
    fills = simulated(commission_rate=0.01).result.fills

    assert fills.symbol.tolist() == [0, 1]
    assert (fills.shares > 0).all()
    spent = float((fills.shares * fills.price + fills.commission).sum())
    assert spent == pytest.approx(100_000.0, rel=1e-9)
    assert float(fills.commission.sum()) == pytest.approx(spent / 101, rel=1e-6)


def test_costs_cost() -> None:
    free = simulated(**CROSSOVER, commission_rate=0.0)
    dear = simulated(**CROSSOVER, commission_rate=0.002, slippage_rate=0.001)

    assert dear.result.equity[-1] < free.result.equity[-1]


def test_the_same_configuration_gives_the_same_result() -> None:
    first, second = simulated(**CROSSOVER), simulated(**CROSSOVER)
    assert (first.performance, first.warnings) == (second.performance, second.warnings)
    assert result_document("id", first.result) == result_document("id", second.result)


def test_the_benchmark_is_the_universe_bought_and_held_at_the_same_costs() -> None:
    held = simulated(commission_rate=0.01)
    traded = simulated(**CROSSOVER, commission_rate=0.01)

    assert traded.result.benchmark is not None
    assert np.array_equal(traded.result.benchmark, held.result.equity)
    assert traded.performance.benchmark_return == held.performance.total_return
    assert (held.performance.beta, held.performance.alpha) == pytest.approx((1.0, 0.0))


def test_the_benchmark_can_be_a_symbol() -> None:
    output = simulated(**CROSSOVER, symbols=["IBM"], benchmark="MSFT")

    assert output.result.benchmark is not None
    assert np.array_equal(output.result.benchmark, simulated(symbols=["MSFT"]).result.equity)


def test_a_benchmark_without_a_bar_on_a_day_keeps_its_worth() -> None:
    days = np.datetime64("2010-01-04") + np.arange(6)
    prices = np.array([10.0, 11.0, 12.0, 13.0, 14.0, 15.0])
    fewer = np.array([0, 1, 3, 5])
    market = PriceHistory(
        {"ALL": Series(days, prices, prices), "FEW": Series(days[fewer], prices[fewer], prices[fewer])}
    )
    asked = config(
        symbols=["ALL"], benchmark="FEW", start_date="2010-01-04", end_date="2010-01-09", commission_rate=0
    )
    curve = simulate_config(asked, market).result.benchmark

    assert curve is not None
    assert curve / 100_000.0 == pytest.approx([1, 1, 1, 13 / 11, 13 / 11, 15 / 11])


def test_a_benchmark_without_a_bar_on_the_first_day_begins_as_cash() -> None:
    days = np.datetime64("2010-01-04") + np.arange(6)
    prices = np.array([10.0, 11.0, 12.0, 13.0, 14.0, 15.0])
    fewer = np.array([0, 2, 3, 4, 5])
    market = PriceHistory(
        {"ALL": Series(days, prices, prices), "FEW": Series(days[fewer], prices[fewer], prices[fewer])}
    )
    asked = config(
        symbols=["ALL"], benchmark="FEW", start_date="2010-01-05", end_date="2010-01-09", commission_rate=0
    )
    curve = simulate_config(asked, market).result.benchmark

    assert curve is not None
    assert curve / 100_000.0 == pytest.approx([1, 1, 1, 14 / 13, 15 / 13])


def test_the_hash_of_the_bars_includes_those_of_the_benchmark() -> None:
    alone, beside_ibm, beside_msft = (
        simulated(symbols=["AAPL"], benchmark=symbol).provenance for symbol in (None, "IBM", "MSFT")
    )
    assert len({each.data_hash for each in (alone, beside_ibm, beside_msft)}) == 3


def test_too_many_fills_are_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "MOST_FILLS", 10)
    output = simulated(**CROSSOVER)

    assert len(output.result.fills.shares) == 0
    assert output.result.fills_left_out == output.performance.trades > 10
    view = view_result(stored_backtest(), output.performance, output.result)
    assert (view.trades, view.trades_left_out) == ((), output.performance.trades)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"type": "sma_crossover", "parameters": {"fast": 50, "slow": 20}}, "fast"),
        ({"symbols": ["NOPE"]}, "NOPE"),
        ({"start_date": "2012-12-30", "end_date": "2012-12-31"}, "trading days"),
    ],
)
def test_a_configuration_that_makes_no_backtest_is_an_error(given: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        simulate_config(config(**given), SAMPLE)


def test_weights_of_other_symbols_are_an_error() -> None:
    weights = {"type": "fixed_weights", "parameters": {"weights": {"FB": 1.0}}}
    with pytest.raises(ValueError, match="weights has symbols that the backtest does not have: FB"):
        simulate_config(config(**weights), SAMPLE)


def test_every_stage_is_reported_as_it_begins() -> None:
    stages: list[Stage] = []
    simulate_config(config(), SAMPLE, stages.append)

    assert [stage.name for stage in stages] == ["prices", "simulation", "benchmark", "metrics"]
    assert [stage.fraction for stage in stages] == sorted({stage.fraction for stage in stages})


def test_warming_up_measures_a_backtest() -> None:
    assert 0 < warm_up(SAMPLE) < 5
