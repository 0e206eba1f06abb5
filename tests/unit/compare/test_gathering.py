"""From the read model to the data of a comparison."""

import pytest

from backchat_contracts import Language, StrategyFigures, StrategyGap
from services.compare.domain.gathering import KnownStrategy, gather
from tests.builders import backtest_completed, config, performance


def known(name: str, strategy_id: str | None = None) -> KnownStrategy:
    latest = backtest_completed(name)
    return KnownStrategy(strategy_id or latest.strategy_id, name, latest)


def test_figures_are_those_of_the_latest_backtest() -> None:
    latest = backtest_completed("Calm", performance=performance(total_return=0.42, sharpe_ratio=None))
    (entry,) = gather(["calm"], {"calm": KnownStrategy("calm", "Calm", latest)}, "ko")

    assert isinstance(entry, StrategyFigures)
    assert (entry.strategy_id, entry.name, entry.total_return, entry.sharpe_ratio) == (
        "calm",
        "Calm",
        0.42,
        None,
    )
    assert entry.backtest_id == latest.backtest_id
    assert entry.completed_at == latest.completed_at
    assert (entry.initial_cash, entry.commission_rate) == (100_000.0, 0.001)
    assert entry.symbols == ("AAPL", "IBM")
    period = entry.backtest_period
    assert (period.start, period.end) == (latest.config.start_date, latest.config.end_date)


def test_figures_of_many_symbols_have_the_first_ones_alone() -> None:
    symbols = [f"S{n}" for n in range(500)]
    parameters = {"weights": dict.fromkeys(symbols, 0.002), "rebalance": "never"}
    ran = config(symbols=symbols, type="fixed_weights", parameters=parameters)
    latest = backtest_completed("Wide", config=ran)
    (entry,) = gather(["wide"], {"wide": KnownStrategy("wide", "Wide", latest)}, "ko")

    assert isinstance(entry, StrategyFigures)
    assert entry.symbols == tuple(symbols[:50])
    assert entry.parameters == {"rebalance": "never"}


@pytest.mark.parametrize(
    ("code", "language", "name", "text"),
    [
        ("strategy_not_found", "ko", "Unknown Strategy", "전략을 찾을 수 없습니다"),
        ("strategy_not_found", "en", "Unknown Strategy", "Strategy not found"),
        ("no_completed_backtest", "ko", "Calm", "완료된 백테스트 결과가 없습니다"),
        ("no_completed_backtest", "en", "Calm", "There is no completed backtest"),
        ("result_not_found", "ko", "Calm", "백테스트 결과를 찾을 수 없습니다"),
        ("result_not_found", "en", "Calm", "The backtest's result was not found"),
    ],
)
def test_what_is_missing_is_said(code: str, language: Language, name: str, text: str) -> None:
    model = {
        "strategy_not_found": {},
        "no_completed_backtest": {"calm": KnownStrategy("calm", "Calm", None)},
        "result_not_found": {"calm": KnownStrategy("calm", "Calm", backtest_completed(performance=None))},
    }[code]

    (entry,) = gather(["calm"], model, language)
    assert isinstance(entry, StrategyGap)
    assert entry.model_dump() == {"strategy_id": "calm", "name": name, "error": text, "error_code": code}


def test_entries_come_in_the_order_asked_for_and_each_once() -> None:
    model = {letter: known(letter) for letter in "abc"}

    entries = gather(["c", "x", "a", "c", "x"], model, "ko")
    assert [entry.strategy_id for entry in entries] == ["c", "x", "a"]
