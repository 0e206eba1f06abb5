"""What a run was set to otherwise than the one before it."""

from datetime import date
from typing import Any

import pytest

from services.backtest.domain.settings_changed import setting_changed
from tests.builders import config

BEFORE = config()


@pytest.mark.parametrize("same", [{}, {"symbols": ["IBM", "AAPL"]}, {"tags": ["another", "tag"]}])
def test_without_a_difference_there_is_no_warning(same: dict[str, Any]) -> None:
    assert setting_changed(config(**same), BEFORE) == ()


@pytest.mark.parametrize(
    ("other", "en", "ko"),
    [
        ({"symbols": ["FB"]}, "symbols FB instead of AAPL, IBM", "종목 FB ← 이전 AAPL, IBM"),
        ({"initial_cash": 7.0}, "initial cash 7 instead of 100,000", "초기 자금 7 ← 이전 100,000"),
        ({"commission_rate": 0.0}, "commission 0 % instead of 0.1 %", "수수료율 0 %"),
        ({"slippage_rate": 0.02}, "slippage 2 % instead of 0 %", "슬리피지 2 %"),
        ({"benchmark": "MSFT"}, "benchmark MSFT instead of buy-and-hold", "벤치마크 MSFT"),
        (
            {"end_date": date(2010, 3, 1)},
            "period 2010-01-04~2010-03-01 instead of 2010-01-04~2012-12-31",
            "기간 2010-01-04~2010-03-01",
        ),
        (
            {"type": "rsi", "parameters": {"window": 7, "lower": 30.5}},
            "strategy rsi (window 7, lower 30.5) instead of buy_and_hold",
            "전략 rsi (window 7, lower 30.5) ← 이전 buy_and_hold",
        ),
    ],
)
def test_what_differs_is_told_in_both_languages(other: dict[str, Any], en: str, ko: str) -> None:
    (warning,) = setting_changed(config(**other), BEFORE)
    assert warning.code == "setting-changed"
    assert en in warning.detail.en
    assert ko in warning.detail.ko


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"parameters": {"x": 1_000_001}}, {"parameters": {"x": 1_000_002}}),
        ({"parameters": {"x": 0.1234567}}, {"parameters": {"x": 0.1234568}}),
        ({"commission_rate": 1e-7}, {"commission_rate": 0.0}),
        ({"initial_cash": 123_456_789_012.25}, {"initial_cash": 123_456_789_012.5}),
    ],
)
def test_small_differences_are_differences(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert len(setting_changed(config(**one), config(**other))) == 1


def test_many_symbols_are_told_by_the_first_ones_and_a_digest() -> None:
    many = [f"S{n:03}" for n in range(500)]
    weights = dict.fromkeys(many, 0.002)
    runs = [
        config(symbols=many, type="fixed_weights", parameters={"weights": weights, "rebalance": "never"}),
        config(
            symbols=[*many[1:], "T"],
            type="fixed_weights",
            parameters={"weights": weights | {"S499": 0.001}, "rebalance": "never"},
        ),
    ]
    (warning,) = setting_changed(*runs)

    assert "symbols S000, S001, S002, S003, S004, … (500, " in warning.detail.en
    assert "fixed_weights (weights S000 0.002, S001 0.002, " in warning.detail.en
    assert "), rebalance never)" in warning.detail.en
    assert len(warning.detail.en) < 500
    same_but_the_last = config(
        symbols=[*many[:-1], "S500"], type="fixed_weights", parameters=runs[0].parameters
    )
    assert len(setting_changed(runs[0], same_but_the_last)) == 1


def test_all_that_differs_is_told() -> None:
    (warning,) = setting_changed(config(symbols=["FB"], initial_cash=7.0), BEFORE)
    assert warning.detail.en == (
        "It was set otherwise than the run before: symbols FB instead of AAPL, IBM; "
        "initial cash 7 instead of 100,000."
    )
