"""What a Sharpe ratio proves: the examples of Bailey and Lopez de Prado."""

import math

import pytest

from services.compare.domain.statistics import Trials
from services.compare.domain.statistics.sharpe import (
    Moments,
    deflated_sharpe_ratio,
    expected_maximum,
    minimum_track_record,
    probabilistic_sharpe_ratio,
)


@pytest.mark.parametrize(("skewness", "kurtosis", "published"), [(0.0, 3.0, 0.982), (-2.448, 10.164, 0.913)])
def test_the_example_of_the_probabilistic_sharpe_ratio(
    skewness: float, kurtosis: float, published: float
) -> None:
    """The Sharpe Ratio Efficient Frontier (2012): 24 months at an annual ratio of 1.585."""
    months = Moments(1.585 / math.sqrt(12.0), skewness, kurtosis, 24)
    assert probabilistic_sharpe_ratio(months) == pytest.approx(published, abs=0.0006)


@pytest.mark.parametrize(
    ("a_year", "skewness", "kurtosis", "published"),
    [(252, 0.0, 3.0, 2.73), (52, 0.0, 3.0, 2.83), (12, 0.0, 3.0, 3.24), (12, -0.72, 5.78, 4.99)],
)
def test_the_examples_of_the_minimum_track_record(
    a_year: int, skewness: float, kurtosis: float, published: float
) -> None:
    """The same paper: years that prove an annual Sharpe ratio of 2 to be above 1."""
    moments = Moments(2.0 / math.sqrt(a_year), skewness, kurtosis, days=0)
    needed = minimum_track_record(moments, threshold=1.0 / math.sqrt(a_year))
    assert needed is not None
    assert needed / a_year == pytest.approx(published, abs=0.005 + 1.0 / a_year)


@pytest.mark.parametrize(("trials", "published"), [(100, 0.9004), (46, 0.9505)])
def test_the_example_of_the_deflated_sharpe_ratio(trials: int, published: float) -> None:
    """The Deflated Sharpe Ratio (2014): five years of 250 days at 2.5, the best of so many trials."""
    moments = Moments(2.5 / math.sqrt(250.0), -3.0, 10.0, 1_250)
    luck = expected_maximum(trials, 0.5 / 250.0)
    assert probabilistic_sharpe_ratio(moments, luck) == pytest.approx(published, abs=0.00005)


def test_the_luck_of_that_example() -> None:
    assert expected_maximum(100, 0.5 / 250.0) == pytest.approx(0.1132, abs=0.00005)


def test_one_trial_deflates_nothing() -> None:
    moments = Moments(0.1, -0.5, 6.0, 500)
    assert deflated_sharpe_ratio(moments, Trials(1, 0.5)) == probabilistic_sharpe_ratio(moments)
    assert deflated_sharpe_ratio(moments, Trials(9, 0.0)) == probabilistic_sharpe_ratio(moments)


def test_trials_are_in_annual_figures() -> None:
    moments = Moments(0.1, -0.5, 6.0, 500)
    expected = probabilistic_sharpe_ratio(moments, expected_maximum(20, 0.3 / 252.0))
    assert deflated_sharpe_ratio(moments, Trials(20, 0.3)) == expected


def test_no_record_proves_what_is_not_there() -> None:
    assert minimum_track_record(Moments(0.0, 0.0, 3.0, 100)) is None
    assert minimum_track_record(Moments(-0.1, 0.0, 3.0, 100)) is None
    assert minimum_track_record(Moments(1e-300, 0.0, 3.0, 100)) is None


def test_moments_that_no_distribution_has() -> None:
    impossible = Moments(1.0, 5.0, 1.0, 100)
    assert probabilistic_sharpe_ratio(impossible) is None
    assert minimum_track_record(impossible) is None
