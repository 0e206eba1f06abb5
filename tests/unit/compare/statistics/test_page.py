"""docs/how-backchat-compares.md: its tables are those of the code, its example is computed again."""

import math
import re
from pathlib import Path
from typing import Final, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from services.compare.domain.statistics import (
    ALPHA,
    POWER,
    RESAMPLES,
    Trials,
    co_movement,
)
from services.compare.domain.statistics.bootstrap import stationary_days
from services.compare.domain.statistics.distributions import LONG_SHARE
from services.compare.domain.statistics.estimators import estimate
from services.compare.domain.statistics.ledoit_wolf import sharpe_tests
from services.compare.domain.statistics.resamples import Resamples
from services.compare.domain.statistics.sharpe import (
    Moments,
    deflated_sharpe_ratio,
    minimum_track_record,
    probabilistic_sharpe_ratio,
)
from services.compare.domain.statistics.significance import Tails, p_value
from services.compare.domain.statistics.verdict import TESTS, Outcome

ROOT: Final = Path(__file__).parents[4]
PAGE: Final = (ROOT / "docs" / "how-backchat-compares.md").read_text(encoding="utf-8")


def rows(first: str) -> dict[str, list[str]]:
    """Return the rows of the table whose head begins with a word, by their first cell."""
    table = PAGE.split(f"| {first} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]
    return {name: values for name, *values in cells}


def number(text: str) -> float:
    return float(text.replace(",", ""))


def said(pattern: str) -> list[float]:
    """Return the numbers in the groups of a pattern that the page has."""
    found = re.search(pattern, PAGE)
    assert found, pattern
    return [number(each) for each in found.groups()]


def shown(value: float, text: str) -> bool:
    """Whether a number is a value, as far as it is written out."""
    digits = len(text.partition(".")[2])
    return round(value, digits) == number(text)


@pytest.fixture(scope="module")
def returns() -> NDArray[np.float64]:
    table = rows("day")
    return np.column_stack([[number(cell) / 100.0 for cell in table[name]] for name in ("A", "B")])


def test_the_table_of_tests_is_that_of_the_code() -> None:
    assert rows("metric") == {name: list(tests) for name, tests in TESTS.items()}


def test_every_outcome_is_explained() -> None:
    assert set(rows("outcome")) == set(get_args(Outcome))


def test_the_constants_are_those_of_the_code() -> None:
    assert said(r"Alpha is ([\d.]+)\.") == [ALPHA]
    assert said(r"B = ([\d,]+) times") == [RESAMPLES]
    assert said(r"blocks of `T/(\d+)`") == [LONG_SHARE]
    assert said(r"with a probability of (0\.8)\.") == [POWER]


def test_the_figures_of_the_example(returns: NDArray[np.float64]) -> None:
    sample = Resamples.of_itself(returns)
    for column, name in enumerate("AB"):
        values = {
            metric: float(estimate(metric, sample)[0, column])
            for metric in ("sharpe_ratio", "skewness", "kurtosis", "max_drawdown")
        }
        daily = values["sharpe_ratio"] / math.sqrt(252.0)
        moments = Moments(daily, values["skewness"], values["kurtosis"] + 3.0, len(returns))
        computed = [
            float(sample.mean[0, column]) * 100.0,
            float(sample.deviation[0, column]) * 100.0,
            daily,
            values["sharpe_ratio"],
            moments.skewness,
            moments.kurtosis,
            probabilistic_sharpe_ratio(moments),
            minimum_track_record(moments),
            deflated_sharpe_ratio(moments, Trials(10, 0.5)),
            values["max_drawdown"] * 100.0,
        ]
        for (label, cells), value in zip(rows("figure").items(), computed, strict=True):
            assert value is not None
            assert shown(value, cells[column]), (name, label, value)


def test_how_they_moved_together(returns: NDArray[np.float64]) -> None:
    (correlation,) = said(r"correlation is ([\d.]+);")
    both, either = said(r"below their peaks on (\d+) of (\d+) days")
    below = co_movement.below_peak(returns)
    found = co_movement.correlation(returns[:, 0], returns[:, 1])
    assert found is not None
    assert round(found, 3) == correlation
    assert co_movement.drawdown_overlap(below[:, 0], below[:, 1]) == both / either


def test_the_test_of_ledoit_and_wolf(returns: NDArray[np.float64]) -> None:
    length, resamples, seed = said(r"blocks of (\d+) days, B = ([\d,]+) and the seed (\d+)")
    difference, error, p = said(r"a difference of ([\d.]+)\s+with an error of ([\d.]+), p = ([\d.]+):")
    test = sharpe_tests(returns, [(0, 1)], int(length), int(resamples), int(seed))[0, 1]
    assert (round(test.difference, 3), round(test.standard_error, 3), round(test.p, 4)) == (
        difference,
        error,
        p,
    )
    assert test.p > ALPHA


def test_the_paired_bootstrap(returns: NDArray[np.float64]) -> None:
    count, length, seed = said(r"of (\d+) resamples in blocks of (\d+) days, with the seed (\d+)")
    days = stationary_days(len(returns), length, int(count), int(seed))
    first = re.search(r"has the days ([\d ]+)\.", PAGE)
    assert first
    assert [int(day) for day in first[1].split()] == (days[0] + 1).tolist()

    ratios = estimate("sharpe_ratio", Resamples(returns, days))
    gaps = ratios[:, 0] - ratios[:, 1]
    listed = PAGE.split("```text\n", 1)[1].split("\n", 1)[0].split()
    assert len(listed) == count
    assert all(shown(gap, text) for gap, text in zip(gaps, listed, strict=True))

    mean, deviation, ratio = said(
        r"mean is ([\d.]+) and their root mean square about it ([\d.]+), so the difference is ([\d.]+) of"
    )
    freedom, reached = said(r"tails of ([\d.]+) degrees of freedom, (\d+) of the 19 are as large")
    part, whole, p = said(r"p = (\d+) / (\d+) = ([\d.]+)\.")
    centred = gaps - gaps.mean()
    error = math.sqrt((centred**2).mean())
    point = estimate("sharpe_ratio", Resamples.of_itself(returns))[0] @ [1.0, -1.0]
    tails = Tails.of(len(returns), length, int(count))
    sizes = tails.widen(np.abs(centred) / error)
    assert (round(float(gaps.mean()), 2), round(error, 2), round(point / error, 2)) == (
        mean,
        deviation,
        ratio,
    )
    assert round(tails.freedom, 1) == freedom
    assert (sizes >= point / error).sum() == reached
    assert p_value(sizes, point / error) == part / whole == p
