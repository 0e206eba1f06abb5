"""Differences: p-values that agree with their intervals, also for having looked at many."""

import numpy as np
import pytest

from services.compare.domain.statistics import TESTABLE, Difference
from services.compare.domain.statistics.differences import (
    difference_of,
    largest_difference,
    largest_from,
)
from services.compare.domain.statistics.distributions import Bootstrap, Distribution
from services.compare.domain.statistics.significance import Tails, critical_value, p_value
from tests.unit.compare.statistics.markets import market


def bootstrap(seed: int = 1, days: int = 150, strategies: int = 6, resamples: int = 400) -> Bootstrap:
    """Strategies of rising Sharpe ratio and, last, a benchmark."""
    returns = market(seed, days, strategies + 1)
    returns[:, :strategies] += np.linspace(0.0, 0.002, strategies)
    return Bootstrap(returns, strategies, resamples, seed)


def all_pairs(distribution: Distribution, strategies: int = 6) -> list[Difference]:
    family = largest_difference(distribution, strategies)
    return [
        difference_of("any", distribution, one, other, family)
        for one in range(strategies)
        for other in range(one)
    ]


@pytest.mark.parametrize("metric", sorted(TESTABLE))
def test_p_is_small_where_the_interval_excludes_zero(metric: str) -> None:
    distribution = bootstrap().distributions([metric])[metric]
    for each in all_pairs(distribution):
        assert each.interval
        assert each.adjusted_interval
        assert each.p is not None
        assert each.adjusted_p is not None
        assert (each.p <= 0.05) == (each.interval.low * each.interval.high > 0.0)
        assert (each.adjusted_p <= 0.05) == (each.adjusted_interval.low * each.adjusted_interval.high > 0.0)
        assert each.adjusted_p >= each.p
        assert each.adjusted_interval.low <= each.interval.low
        assert each.adjusted_interval.high >= each.interval.high


@pytest.mark.parametrize("count", [99, 199, 400, 2_000])
def test_a_critical_value_is_the_border_of_p(count: int) -> None:
    null = np.random.default_rng(count).normal(size=count)
    bar = critical_value(null)
    assert p_value(null, bar) > 0.05
    assert p_value(null, np.nextafter(bar, np.inf)) <= 0.05


def test_a_pair_alone_needs_no_adjustment() -> None:
    distribution = bootstrap(strategies=2).distributions(["cagr"])["cagr"]
    found = difference_of("cagr", distribution, 0, 1, largest_difference(distribution, 2))
    assert found.adjusted_p == found.p
    assert found.adjusted_interval == found.interval


def test_the_largest_of_all_pairs_is_the_largest() -> None:
    distribution = bootstrap(resamples=50).distributions(["volatility"])["volatility"]
    found = largest_difference(distribution, 6)
    sizes = []
    for one in range(6):
        for other in range(one):
            gaps = distribution.centred[:, one] - distribution.centred[:, other]
            sizes.append(np.abs(gaps) / np.sqrt((gaps**2).mean()))
    assert found is not None
    np.testing.assert_allclose(found, distribution.tails.widen(np.max(sizes, axis=0)), rtol=1e-12)


def test_the_largest_from_a_benchmark_is_the_largest_of_fewer() -> None:
    distribution = bootstrap(resamples=50).distributions(["cagr"])["cagr"]
    all_of_seven, from_one = largest_difference(distribution, 7), largest_from(distribution, 6, 6)
    assert all_of_seven is not None
    assert from_one is not None
    assert (from_one <= all_of_seven * (1.0 + 1e-12)).all()
    assert largest_from(distribution, 1, 6) is None


def test_turned_is_the_other_less_the_one() -> None:
    distribution = bootstrap().distributions(["cagr"])["cagr"]
    straight = difference_of("cagr", distribution, 4, 1, None)
    turned = difference_of("cagr", distribution, 1, 4, None)
    assert straight.turned() == turned
    assert straight.turned().turned() == straight


def test_what_would_have_been_seen_is_more_than_the_interval_is_wide() -> None:
    for each in all_pairs(bootstrap().distributions(["cagr"])["cagr"]):
        assert each.detectable is not None
        assert each.adjusted_interval is not None
        assert each.detectable > (each.adjusted_interval.high - each.adjusted_interval.low) / 2.0


def test_a_metric_that_most_resamples_lack_is_not_tested() -> None:
    returns = np.abs(market(3, 60, 2))
    returns[30, 0] = -0.001  # the one loss is missing in a third of the resamples
    distribution = Bootstrap(returns, None, 400, 1).distributions(["sortino_ratio"])["sortino_ratio"]
    assert not distribution.testable.any()
    assert distribution.interval(0) is None
    assert np.isfinite(distribution.point[0])


def test_intervals_hold_the_estimate() -> None:
    table = bootstrap(days=60)
    for distribution in table.distributions(sorted(TESTABLE)).values():
        for n in range(6):
            interval = distribution.interval(n)
            assert interval is not None
            assert interval.low <= distribution.figure(float(distribution.point[n])) <= interval.high


def test_intervals_stay_within_what_a_metric_can_be() -> None:
    table = bootstrap(days=20)
    found = table.distributions(["max_drawdown", "longest_drawdown", "time_under_water", "volatility"])
    for n in range(6):
        deepest, longest = found["max_drawdown"].interval(n), found["longest_drawdown"].interval(n)
        share, spread = found["time_under_water"].interval(n), found["volatility"].interval(n)
        assert deepest
        assert longest
        assert share
        assert spread
        assert -1.0 <= deepest.low <= deepest.high <= 0.0
        assert 0.0 <= longest.low <= longest.high <= 20.0
        assert 0.0 <= share.low <= share.high <= 1.0
        assert spread.low >= 0.0


@pytest.mark.parametrize(
    ("freedom", "normal", "students"),
    [(7, 1.959964, 2.364624), (10, 1.959964, 2.228139), (30, 1.959964, 2.042272), (30, 3.290527, 3.645959)],
)
def test_tails_are_students(freedom: float, normal: float, students: float) -> None:
    found = Tails(freedom, 1.0).widen(np.array([normal, -normal]))
    assert found == pytest.approx([students, -students], rel=1e-3)


def test_few_days_in_long_blocks_have_heavy_tails() -> None:
    assert Tails.of(60, 60 / 7).freedom == pytest.approx(7.0)
    assert Tails.of(60, 60 / 7).inflation == pytest.approx(1.0 / np.sqrt(1.0 - (120 / 7 - 1.0) / 60))
    assert Tails.of(2_520, 1.0).stretch == pytest.approx(1.0, abs=0.002)
    assert Tails.of(2_520, 1.0, resamples=20).freedom < 20


def test_a_total_return_is_decided_as_the_annual_growth() -> None:
    """Over the same days the two say the same."""
    found = bootstrap(days=400).distributions(["cagr", "total_return"])
    families = {name: largest_difference(each, 6) for name, each in found.items()}
    for one in range(6):
        for other in range(one):
            annual, total = (
                difference_of(name, each, one, other, families[name]) for name, each in found.items()
            )
            assert (annual.p, annual.adjusted_p) == pytest.approx((total.p, total.adjusted_p))
            assert total.interval
            assert total.p is not None
            assert (total.p <= 0.05) == (total.interval.low * total.interval.high > 0.0)
    for n in range(6):
        growth, gain = found["cagr"].interval(n), found["total_return"].interval(n)
        assert growth
        assert gain
        years = 400 / 252
        assert (1.0 + growth.low) ** years - 1.0 == pytest.approx(gain.low)
        assert (1.0 + growth.high) ** years - 1.0 == pytest.approx(gain.high)
