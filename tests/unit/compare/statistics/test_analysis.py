"""The whole analysis: what it has, that it is the same again, and inputs at the edge."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.compare.domain.statistics import (
    ALWAYS,
    TESTABLE,
    Analysis,
    Question,
    Trials,
    analyse,
    pairs_of,
    verdict_of,
)
from tests.unit.compare.statistics.markets import market

EVERYTHING = [Question(metric, end) for metric in sorted(TESTABLE) for end in ("highest", "lowest")]
SHARPE = Question("sharpe_ratio")


def analysed(
    returns: NDArray[np.float64], benchmark: NDArray[np.float64] | None = None, **options: Any
) -> Analysis:
    questions = options.pop("questions", [SHARPE])
    return analyse(returns, benchmark, questions, **{"seed": 1, "resamples": 200} | options)


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from numbers(each)
    elif isinstance(value, float):
        yield value


def check(returns: NDArray[np.float64], benchmark: NDArray[np.float64] | None) -> Analysis:
    """Analyse all there is, and decide all there is: nothing fails, nothing is NaN or infinite."""
    analysis = analysed(returns, benchmark, questions=EVERYTHING, trials=Trials(10, 0.3))
    for found in (analysis, *(verdict_of(analysis, question) for question in EVERYTHING)):
        assert all(math.isfinite(each) for each in numbers(asdict(found)))
    return analysis


def test_what_is_asked_about_and_what_is_always_there() -> None:
    returns = market(1, 300, 3)
    analysis = analysed(returns, returns.mean(axis=1), questions=[Question("beta"), Question("win_rate")])

    assert analysis.days == 300
    assert [(pair.one, pair.other) for pair in analysis.pairs] == [(0, 1), (0, 2), (1, 2)]
    for each in analysis.strategies:
        assert each.estimates.keys() == each.intervals.keys() == {*ALWAYS, "beta"}
        assert each.deflated_sharpe_ratio is None
    assert {name for pair in analysis.pairs for name in pair.differences} == {"beta"}
    assert all(pair.sharpe_test for pair in analysis.pairs)
    assert analysis.benchmark
    assert analysis.benchmark.superior_ability


def test_the_same_question_has_the_same_figures() -> None:
    returns = market(2, 120, 3)
    assert analysed(returns, returns[:, 0].copy()) == analysed(returns, returns[:, 0].copy())
    assert analysed(returns, seed=2) != analysed(returns)


def test_inputs_may_be_read_only_and_in_any_layout() -> None:
    returns = market(3, 120, 3)
    other = np.asfortranarray(returns)
    other.flags.writeable = False
    assert analysed(other) == analysed(returns)


@settings(deadline=None, max_examples=10)
@given(st.permutations(range(4)), st.integers(0, 1_000))
def test_the_order_of_strategies_is_of_no_account(order: list[int], seed: int) -> None:
    returns = market(seed, 70, 4)
    benchmark = returns.mean(axis=1)
    straight, moved = analysed(returns, benchmark), analysed(returns[:, order], benchmark)

    for place, position in enumerate(order):
        one, other = straight.strategies[position], moved.strategies[place]
        assert list(numbers(asdict(other))) == pytest.approx(list(numbers(asdict(one))), rel=1e-9)
    for pair in moved.pairs:
        same = straight.pair(order[pair.one], order[pair.other])
        assert same
        found, expected = pair.differences["sharpe_ratio"], same.differences["sharpe_ratio"]
        assert list(numbers(asdict(found))) == pytest.approx(list(numbers(asdict(expected))), rel=1e-6)
    assert moved.benchmark
    assert straight.benchmark
    assert {order[each] for each in moved.benchmark.superior} == set(straight.benchmark.superior)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1_000))
def test_a_lever_leaves_sharpe_ratios_alone(seed: int) -> None:
    """Half of the stake in cash: half of the returns."""
    returns = market(seed, 70, 3)
    whole, half = analysed(returns), analysed(returns * 0.5)
    for one, other in zip(whole.strategies, half.strategies, strict=True):
        assert one.estimates["sharpe_ratio"] == pytest.approx(other.estimates["sharpe_ratio"])
        assert one.probabilistic_sharpe_ratio == pytest.approx(other.probabilistic_sharpe_ratio)
        assert one.minimum_track_record == other.minimum_track_record
    for first, second in zip(whole.pairs, half.pairs, strict=True):
        assert first.sharpe_test
        assert second.sharpe_test
        assert first.sharpe_test.p == pytest.approx(second.sharpe_test.p, abs=0.01)
        assert first.correlation == pytest.approx(second.correlation)


def test_any_pair_later_has_the_figures_of_the_analysis() -> None:
    returns, benchmark = market(4, 100, 5), market(5, 100, 1)[:, 0]
    analysis = analysed(returns, benchmark, questions=[SHARPE, Question("volatility")])

    later = pairs_of(
        returns, benchmark, [(0, 3), (4, 1)], ["sharpe_ratio", "volatility"], seed=1, resamples=200
    )

    assert later[0] == analysis.pair(0, 3)
    straight = analysis.pair(4, 1)
    assert straight
    assert later[1].differences.keys() == straight.differences.keys()
    for name, found in later[1].differences.items():
        assert list(numbers(asdict(found))) == pytest.approx(
            list(numbers(asdict(straight.differences[name]))), rel=1e-9
        )


def test_of_many_only_the_leaders_are_compared_with_all() -> None:
    returns = market(6, 60, 23)
    returns[:, 7] += 0.01
    returns[:, 9] -= 0.01
    ends = [Question("cagr"), Question("cagr", "lowest")]
    analysis = analysed(returns, returns.mean(axis=1), questions=ends)

    assert {pair.one for pair in analysis.pairs} == {7, 9}
    assert len(analysis.pairs) == 2 * 22
    assert analysis.pair(1, 2) is None
    turned = analysis.pair(3, 7)
    assert turned
    assert (turned.one, turned.other) == (3, 7)
    assert analysis.benchmark
    compared = [n for n, each in enumerate(analysis.benchmark.differences["cagr"]) if each]
    assert compared == [7, 9]
    assert verdict_of(analysis, ends[0]).leader == 7
    assert verdict_of(analysis, ends[1]).leader == 9


def test_the_deflated_ratio_falls_with_the_trials() -> None:
    returns = market(7, 300, 1, sharpe=2.0)
    found = [analysed(returns, trials=Trials(count, 0.5)).strategies[0] for count in (1, 10, 1_000)]
    ratios = [each.deflated_sharpe_ratio for each in found]
    assert ratios[0] == found[0].probabilistic_sharpe_ratio
    assert ratios == sorted(ratios, reverse=True)


EDGES = {
    "sixty days": market(10, 60, 3),
    "the fewest days": market(11, 20, 3),
    "one strategy": market(12, 60, 1),
    "one that never moves": np.column_stack([np.zeros(60), market(13, 60, 2)]),
    "one that grows evenly": np.column_stack([np.full(60, 0.001), market(13, 60, 2)]),
    "none that moves": np.zeros((60, 3)),
    "none that moves, each at its own pace": np.tile([0.0, 0.001, -0.001], (60, 1)),
    "all equal": np.repeat(market(14, 60, 1), 4, axis=1),
    "a lever": market(15, 60, 1) * np.array([1.0, 2.0, 0.5]),
    "no loss": np.abs(market(16, 60, 3)),
    "no gain": -np.abs(market(17, 60, 3)),
    "one trade": np.where(np.arange(60)[:, None] == [5, 30, 59], 0.1, 0.0),
    "absurd gains": np.abs(market(18, 60, 3)) * 1e9,
    "tiny returns": market(19, 60, 3) * 1e-9,
}
for _name, _day in (("total loss", 30), ("total loss on the last day", 59)):
    EDGES[_name] = market(20, 60, 3)
    EDGES[_name][_day, 0] = -1.0
EDGES["total loss of all"] = EDGES["total loss"].copy()
EDGES["total loss of all"][10] = -1.0


@pytest.mark.parametrize("edge", EDGES)
def test_at_the_edge_nothing_fails_and_nothing_is_infinite(edge: str) -> None:
    returns = EDGES[edge]
    check(returns, None)
    check(returns, market(21, len(returns), 1)[:, 0])
    check(returns, returns[:, 0].copy())
    check(returns, np.zeros(len(returns)))


def test_without_a_benchmark_there_is_no_comparison_with_it() -> None:
    analysis = analysed(market(22, 60, 2))
    assert analysis.benchmark is None
    assert verdict_of(analysis, SHARPE).benchmark is None


@pytest.mark.parametrize(
    ("returns", "message"),
    [
        (np.zeros((19, 1)), "19 days of 1 strategies: at least 20"),
        (np.zeros((60, 0)), "60 days of 0 strategies"),
        (np.full((60, 1), np.nan), "not a number of at least -1"),
        (np.full((60, 1), np.inf), "not a number of at least -1"),
        (np.full((60, 1), -1.5), "not a number of at least -1"),
    ],
)
def test_what_is_no_table_of_returns_is_refused(returns: NDArray[np.float64], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        analysed(returns)
