"""Series of values over time: their slope, and whether they grow without end. Pure: no I/O, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from statistics import median
from typing import Final

WARM_UP_SECONDS: Final = 300.0
"""What is measured before is not judged: caches and pools fill."""
LEAST_SECONDS: Final = 300.0
"""Less than this after the warm-up says nothing about a slope of some MB per hour."""
MEMORY_BAR: Final = 1.0
"""MB per minute by which the memory of a process must not grow."""
MOST_POINTS: Final = 500
"""Of which all pairs are looked at."""
RISE: Final = 0.1
"""The part of their median by which other series may rise during a run, beside the slack of each."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value, when it was measured, and the process id it was measured of: another one is another life."""

    seconds: float
    value: float
    pid: int = 0


Series = Sequence[Point]


def judged(series: Series) -> Series:
    """Return the part of a series after the warm-up; nothing if that is too short."""
    rest = [point for point in series if point.seconds >= WARM_UP_SECONDS]
    return rest if rest and rest[-1].seconds - rest[0].seconds >= LEAST_SECONDS else []


def slope(series: Series) -> float:
    """Return by how much a series rises in a minute: the median of the slopes of all pairs of points.

    This is the estimator of Theil and Sen. In a fit by least squares, one sample in a short peak (a garbage
    collection, say) tilts the line; the median stays near while at most 29 % of the points are outliers.
    """
    thinned = series[:: len(series) // MOST_POINTS + 1]
    slopes = [
        (late.value - early.value) / (late.seconds - early.seconds)
        for early, late in combinations(thinned, 2)
        if late.seconds > early.seconds
    ]
    return 60.0 * median(slopes) if slopes else 0.0


def peaks(series: Series) -> list[Point]:
    """Return the highest point of each life of a process."""
    return [max(life, key=lambda point: point.value) for _, life in groupby(series, lambda point: point.pid)]


def memory_slope(series: Series) -> float:
    """Return by how many MB a minute a process grows.

    The memory of one that was started again is a sawtooth: it grows as fast as the peaks of its teeth. The
    last tooth, which may not be whole, counts if it is higher than the one before.
    """
    tops = peaks(series)
    if len(tops) < 2:
        return slope(series)
    if tops[-1].value < tops[-2].value:
        tops.pop()
    return slope(tops)


def rises(series: Series, slack: float) -> bool:
    """Return whether a series rises during a run by more than `slack` and a tenth of its median."""
    if len(series) < 2:
        return False
    minutes = (series[-1].seconds - series[0].seconds) / 60.0
    return slope(series) * minutes > slack + RISE * median(point.value for point in series)
