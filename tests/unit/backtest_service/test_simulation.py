"""A stored configuration on real prices."""

import json
import math
from typing import Any

import pytest

from backchat_contracts import EquityPoint, Trade
from services.backtest import simulation
from services.backtest.documents import read_result, result_document
from services.backtest.domain.backtest import Result
from services.backtest.market_data.sample import SampleMarketData
from services.backtest.progress import Stage
from services.backtest.simulation import simulate_config, warm_up
from tests.builders import config

CROSSOVER = {"type": "sma_crossover", "parameters": {"fast": 20, "slow": 50}}
SAMPLE = SampleMarketData()


def test_the_result_is_json_that_the_contracts_take() -> None:
    output = simulate_config(config(**CROSSOVER), SAMPLE)
    stored = result_document(Result("id", output.dates, output.equity, output.fills))
    result = read_result(json.loads(json.dumps(stored, allow_nan=False)))

    performance = output.performance
    curve = [
        EquityPoint(date=day, equity=equity) for day, equity in zip(result.dates, result.equity, strict=True)
    ]
    trades = [Trade.model_validate(fill._asdict()) for fill in result.fills]
    assert performance.trades == len(trades) > 10
    assert performance.final_equity == curve[-1].equity
    assert (str(curve[0].date), str(curve[-1].date)) == ("2010-01-04", "2012-12-31")
    assert len(curve) == 754  # trading days of three years
    assert performance.total_return == pytest.approx(curve[-1].equity / 100_000.0 - 1)


def test_buy_and_hold_buys_once_and_pays_its_commission() -> None:
    result = simulate_config(config(commission_rate=0.01), SAMPLE)

    assert [fill.symbol for fill in result.fills] == ["AAPL", "IBM"]
    assert all(fill.shares > 0 and fill.profit is None for fill in result.fills)
    spent = sum(fill.shares * fill.price + fill.commission for fill in result.fills)
    assert spent == pytest.approx(100_000.0, rel=1e-9)
    assert sum(fill.commission for fill in result.fills) == pytest.approx(spent / 101, rel=1e-6)


def test_sales_tell_their_profit() -> None:
    fills = simulate_config(config(**CROSSOVER), SAMPLE).fills
    sales = [fill for fill in fills if fill.shares < 0]

    assert sales
    assert all(math.isfinite(fill.profit) for fill in sales)


def test_costs_cost() -> None:
    free = simulate_config(config(**CROSSOVER, commission_rate=0.0), SAMPLE)
    dear = simulate_config(config(**CROSSOVER, commission_rate=0.002, slippage_rate=0.001), SAMPLE)

    assert dear.equity[-1] < free.equity[-1]


def test_the_same_configuration_gives_the_same_result() -> None:
    assert simulate_config(config(**CROSSOVER), SAMPLE) == simulate_config(config(**CROSSOVER), SAMPLE)


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


def test_more_fills_than_a_result_can_have_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "MOST_FILLS", 10)
    daily = {"type": "fixed_weights", "parameters": {"rebalance": "daily"}}
    with pytest.raises(ValueError, match=r"fills, a result can have 10: let it trade less often"):
        simulate_config(config(**daily), SAMPLE)


def test_weights_of_other_symbols_are_an_error() -> None:
    weights = {"type": "fixed_weights", "parameters": {"weights": {"FB": 1.0}}}
    with pytest.raises(ValueError, match="weights has symbols that the backtest does not have: FB"):
        simulate_config(config(**weights), SAMPLE)


def test_every_stage_is_reported_as_it_begins() -> None:
    stages: list[Stage] = []
    simulate_config(config(), SAMPLE, stages.append)

    assert [stage.name for stage in stages] == ["prices", "simulation", "metrics"]
    assert [stage.fraction for stage in stages] == sorted({stage.fraction for stage in stages})


def test_warming_up_measures_a_backtest() -> None:
    assert 0 < warm_up(SAMPLE) < 5
