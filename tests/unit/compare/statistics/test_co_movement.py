"""How two strategies moved together."""

import numpy as np
import pytest

from services.compare.domain.statistics.co_movement import (
    YearWindow,
    below_peak,
    correlation,
    drawdown_overlap,
    rolling_years,
    yearly_growth,
)
from tests.unit.compare.statistics.markets import market


def test_correlation_is_pearsons() -> None:
    returns = market(1, 300, 2)
    expected = np.corrcoef(returns.T)[0, 1]
    assert correlation(returns[:, 0], returns[:, 1]) == pytest.approx(expected, abs=1e-12)
    assert correlation(returns[:, 0], 3.0 * returns[:, 0]) == pytest.approx(1.0)
    assert correlation(returns[:, 0], -returns[:, 0]) == pytest.approx(-1.0)
    assert correlation(returns[:, 0], np.full(300, 0.001)) is None


def test_overlap_of_drawdowns() -> None:
    one = np.array([-0.1, 0.2, -0.1, -0.1, 0.5])  # below its peak on days 1, 3 and 4
    other = np.array([0.1, 0.1, -0.1, 0.3, -0.1])  # 3 and 5
    below = below_peak(np.column_stack([one, other]))
    assert below[:, 0].tolist() == [True, False, True, True, False]
    assert below[:, 1].tolist() == [False, False, True, False, True]
    assert drawdown_overlap(below[:, 0], below[:, 1]) == 1 / 4


def test_who_never_fell_overlaps_with_nothing() -> None:
    up = below_peak(np.full((5, 2), 0.01))
    assert drawdown_overlap(up[:, 0], up[:, 1]) is None


def test_back_at_the_peak_is_at_the_peak() -> None:
    returns = np.array([0.1, -0.3, 1.0 / 0.7 - 1.0])
    assert below_peak(returns[:, None])[:, 0].tolist() == [False, True, False]


def test_rolling_years_end_with_the_last_day() -> None:
    returns = market(2, 400, 2)
    firsts, gains = yearly_growth(returns)
    found = rolling_years(firsts, gains[:, 0], gains[:, 1])

    assert [(each.first, each.last) for each in found.windows] == [(22, 273), (85, 336), (148, 399)]
    assert found.windows[1].one == pytest.approx(np.prod(1.0 + returns[85:337, 0]) - 1.0)
    assert found.one + found.other + found.ties == 3
    assert found.one == sum(each.one > each.other for each in found.windows)


def test_turned_rolling_years() -> None:
    firsts, gains = yearly_growth(market(3, 600, 2))
    straight = rolling_years(firsts, gains[:, 0], gains[:, 1])
    assert straight.turned() == rolling_years(firsts, gains[:, 1], gains[:, 0])


@pytest.mark.parametrize(("days", "windows"), [(251, 0), (252, 1), (314, 1), (315, 2)])
def test_less_than_a_year_has_none(days: int, windows: int) -> None:
    firsts, gains = yearly_growth(np.zeros((days, 2)))
    found = rolling_years(firsts, gains[:, 0], gains[:, 1])
    assert len(found.windows) == found.ties == windows
    assert found.windows[:1] == tuple(YearWindow(days % 63, days % 63 + 251, 0.0, 0.0) for _ in firsts[:1])
