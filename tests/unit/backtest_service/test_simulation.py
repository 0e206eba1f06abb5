"""A stored configuration on real prices: its result, and what is refused."""

import json
import math
from typing import Any

import pytest

from backchat_contracts import EquityPoint, Performance, Trade
from services.backtest.simulation import simulate_config
from tests.builders import config

CROSSOVER = {"type": "sma_crossover", "parameters": {"fast": 20, "slow": 50}}


def stored(**given: Any) -> dict[str, Any]:
    return config(**given).model_dump(mode="json")


def test_the_result_is_json_that_the_contracts_take() -> None:
    result = json.loads(json.dumps(simulate_config(stored(**CROSSOVER)), allow_nan=False))

    performance = Performance.model_validate(result["performance"])
    curve = [
        EquityPoint(date=day, equity=equity)
        for day, equity in zip(result["dates"], result["equity"], strict=True)
    ]
    trades = [Trade.model_validate(trade) for trade in result["trades"]]
    assert performance.trades == len(trades) > 10
    assert performance.final_equity == curve[-1].equity
    assert (str(curve[0].date), str(curve[-1].date)) == ("2010-01-04", "2012-12-31")
    assert len(curve) == 754  # trading days of three years
    assert performance.total_return == pytest.approx(curve[-1].equity / 100_000.0 - 1)


def test_buy_and_hold_buys_once_and_pays_its_commission() -> None:
    result = simulate_config(stored(commission_rate=0.01))

    assert [trade["symbol"] for trade in result["trades"]] == ["AAPL", "IBM"]
    assert all(trade["shares"] > 0 and trade["profit"] is None for trade in result["trades"])
    spent = sum(trade["shares"] * trade["price"] + trade["commission"] for trade in result["trades"])
    assert spent == pytest.approx(100_000.0, rel=1e-9)
    assert sum(trade["commission"] for trade in result["trades"]) == pytest.approx(spent / 101, rel=1e-6)


def test_sales_tell_their_profit() -> None:
    trades = simulate_config(stored(**CROSSOVER))["trades"]
    sales = [trade for trade in trades if trade["shares"] < 0]

    assert sales
    assert all(math.isfinite(trade["profit"]) for trade in sales)


def test_costs_cost() -> None:
    free = simulate_config(stored(**CROSSOVER, commission_rate=0.0))
    dear = simulate_config(stored(**CROSSOVER, commission_rate=0.002, slippage_rate=0.001))

    assert dear["equity"][-1] < free["equity"][-1]


def test_the_same_configuration_gives_the_same_result() -> None:
    assert simulate_config(stored(**CROSSOVER)) == simulate_config(stored(**CROSSOVER))


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
        simulate_config(stored(**given))
