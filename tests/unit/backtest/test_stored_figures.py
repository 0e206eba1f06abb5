"""Runs of symbols that are all listed throughout give the figures of engine version 2, bit for bit."""

from dataclasses import astuple
from datetime import date
from hashlib import sha256

import pytest

from services.backtest.domain.prices import select_prices
from services.backtest.domain.simulator import Costs, simulate
from services.backtest.domain.strategy_types import build_strategy
from services.backtest.market_data.sample import SampleMarketData

FIGURES = [
    ("bollinger", 0, 0, 171869.7391480435, 232, "964bfa100395e40f"),
    ("bollinger", 0.001, 0.0005, 153052.24012419023, 232, "9183559974a88360"),
    ("bollinger", 0.02, 0.01, 16447.87581251907, 232, "d108c6c7873c3444"),
    ("buy_and_hold", 0, 0, 2128587.890094761, 3, "f00ba8e89dfd52b4"),
    ("buy_and_hold", 0.001, 0.0005, 2125398.7293014447, 3, "74f8ef51c00789fd"),
    ("buy_and_hold", 0.02, 0.01, 2066188.9828137844, 3, "6c4804c2edd0e0a5"),
    ("cross_sectional_momentum", 0, 0, 2704971.1205917937, 191, "2e736d052498f7a2"),
    ("cross_sectional_momentum", 0.001, 0.0005, 2031128.9862283363, 191, "b5fda5a1907d7cb1"),
    ("cross_sectional_momentum", 0.02, 0.01, 8780.412877670642, 191, "8ecc7fd279a42f21"),
    ("donchian", 0, 0, 302628.66036962456, 351, "ce43047ab12918e3"),
    ("donchian", 0.001, 0.0005, 254568.82471082424, 351, "3474d7de0f14224c"),
    ("donchian", 0.02, 0.01, 9386.101495295949, 351, "2187e9b6f5043916"),
    ("ema_crossover", 0, 0, 571701.785373704, 234, "3ee82a1dd6e59294"),
    ("ema_crossover", 0.001, 0.0005, 510604.9109087128, 234, "c21b5aa5a870c10d"),
    ("ema_crossover", 0.02, 0.01, 59087.46588646985, 234, "7fb86ad8dba0f133"),
    ("macd", 0, 0, 331102.5918037684, 595, "052ceb05552f7304"),
    ("macd", 0.001, 0.0005, 246636.65867484486, 595, "1d574faf3985b004"),
    ("macd", 0.02, 0.01, 906.7371810222273, 595, "bc29320cab351ef2"),
    ("momentum", 0, 0, 835751.3913929565, 287, "d904ce9580901f42"),
    ("momentum", 0.001, 0.0005, 752045.224463538, 287, "397facd6c97f6851"),
    ("momentum", 0.02, 0.01, 126563.65639143676, 285, "3f8e18e3baee718f"),
    ("rsi", 0, 0, 113897.93844711021, 44, "94cfda01936bffef"),
    ("rsi", 0.001, 0.0005, 111499.46923735921, 44, "9d9a718a37b11824"),
    ("rsi", 0.02, 0.01, 74096.13660806228, 44, "055a4bc748ba74c6"),
    ("sma_crossover", 0, 0, 491455.82659498526, 166, "62f8d0f3ff174e37"),
    ("sma_crossover", 0.001, 0.0005, 453258.4039810024, 166, "1fc91eaacf606f1f"),
    ("sma_crossover", 0.02, 0.01, 97713.76850082562, 166, "7778a6ec97fc5dd0"),
    ("volatility_target", 0, 0, 391099.4596570067, 833, "a7e1f98829ba00ec"),
    ("volatility_target", 0.001, 0.0005, 374526.9473839262, 833, "aed0a8786ef503a3"),
    ("volatility_target", 0.02, 0.01, 163835.17390625665, 833, "f507ed3c5049f52e"),
    ("zscore", 0, 0, 171869.7391480435, 232, "964bfa100395e40f"),
    ("zscore", 0.001, 0.0005, 153052.24012419023, 232, "9183559974a88360"),
    ("zscore", 0.02, 0.01, 16447.87581251907, 232, "d108c6c7873c3444"),
]
"""Type, commission, slippage; last equity, number of fills, and a digest of everything in the run."""


@pytest.mark.parametrize(("name", "commission", "slippage", "equity", "fills", "digest"), FIGURES)
def test_a_run_is_what_it_was(
    name: str, commission: float, slippage: float, equity: float, fills: int, digest: str
) -> None:
    strategy = build_strategy(name, {})
    window = (date(2003, 3, 3), date(2013, 3, 1))
    prices = select_prices(SampleMarketData(), ["AAPL", "IBM", "MSFT"], *window, strategy.warm_up_bars)

    run = simulate(prices, strategy, Costs(commission, slippage), 100_000)

    everything = sha256()
    for values in (run.equity, run.cash, run.positions, *astuple(run.fills)):
        everything.update(values.tobytes())
    assert (run.equity[-1], len(run.fills.bar)) == (equity, fills)
    assert everything.hexdigest()[:16] == digest
