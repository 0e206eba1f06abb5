"""The slope of a series and the verdict of a soak run."""

import random
from collections.abc import Callable

import pytest

from tests.soak.figures import Point, Series, judged, memory_slope, rises, slope

MINUTES = 30


def series(value: Callable[[float], float], pid: Callable[[float], int] = lambda _: 1) -> list[Point]:
    """Sample a function of the minutes every ten seconds."""
    times = [10.0 * number / 60.0 for number in range(6 * MINUTES)]
    return [Point(60.0 * minutes, value(minutes), pid(minutes)) for minutes in times]


def test_a_line_has_its_slope_per_minute() -> None:
    assert slope(series(lambda minutes: 50 + 0.7 * minutes)) == pytest.approx(0.7)
    assert slope(series(lambda _: 50)) == 0
    assert slope([Point(10, 1)]) == slope([]) == 0


def test_peaks_and_noise_hide_no_slope_and_make_none() -> None:
    chance = random.Random(1)

    def noise(minutes: float) -> float:
        return chance.gauss(0, 2) + (80 if 20 < minutes < 24 else 0)

    assert slope(series(lambda minutes: 50 + noise(minutes))) == pytest.approx(0, abs=0.2)
    assert slope(series(lambda minutes: 50 + 1.2 * minutes + noise(minutes))) == pytest.approx(1.2, abs=0.2)


def test_the_warm_up_is_not_judged_and_too_short_a_rest_neither() -> None:
    filling = series(lambda minutes: 50 + 20 * min(minutes, 5))
    assert memory_slope(judged(filling)) == 0
    assert judged(filling[: 6 * 9]) == []
    assert judged([]) == []


def sawtooth(tooth: Callable[[float], float]) -> Series:
    """A process that is started again every seven minutes."""

    def memory(minutes: float) -> float:
        return 20 + 16 * (minutes % 7) + tooth(minutes // 7)

    return series(memory, lambda minutes: int(minutes // 7))


def test_a_sawtooth_grows_as_its_peaks_do() -> None:
    assert memory_slope(sawtooth(lambda _: 0)) == pytest.approx(0, abs=0.05)
    assert memory_slope(sawtooth(lambda number: 14 * number)) == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("minutes", [8, 10, 13])
def test_a_tooth_that_is_not_whole_hides_no_growth_and_makes_none(minutes: int) -> None:
    def until(tooth: Callable[[float], float]) -> Series:
        return [point for point in sawtooth(tooth) if point.seconds < 60 * minutes]

    assert memory_slope(until(lambda _: 0)) < 1
    assert memory_slope(until(lambda number: 200 * number)) > 1


def test_a_process_that_restarts_and_grows_in_one_life_is_seen_by_the_slope_of_that_life() -> None:
    assert memory_slope(series(lambda minutes: 20 + 16 * minutes)) == pytest.approx(16)


def test_what_goes_up_and_down_does_not_rise() -> None:
    chance = random.Random(2)
    assert not rises(series(lambda _: 20 + chance.randrange(20)), slack=10)
    assert not rises(series(lambda minutes: 55 * ((minutes % 1) > 0.5)), slack=30)
    assert not rises([Point(0, 5)], slack=0)


def test_one_open_file_in_ten_seconds_rises() -> None:
    assert rises(series(lambda minutes: 30 + 6 * minutes), slack=10)
    assert rises(series(lambda minutes: 1.5 * minutes), slack=30)
