"""Figures, their ratio to the floor, the medians of several runs, and whether they meet their bars."""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import linear_regression, median

from tests.bench.errors import BenchError


@dataclass(frozen=True, slots=True)
class Burst:
    """What one run of the load generator measured.

    `asked` counts all requests, also those before and after the measured time; `cpu_seconds` is the processor
    time of the generator itself.
    """

    latencies_ms: Sequence[float]
    per_s: float
    asked: int = 0
    failed: int = 0
    failure: str = ""
    cpu_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Several bursts of the same request. `cpu_ms`: processor time per request by process."""

    p50_ms: float
    p99_ms: float
    per_s: float
    failed: int = 0
    failure: str = ""
    cpu_ms: Mapping[str, float] = field(default_factory=dict)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that at least this share of them does not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def combine(bursts: Sequence[Burst], cpu_seconds: Sequence[Mapping[str, float]] = ()) -> Figures:
    """Sum up bursts: the median of their p50 and of their throughput, and the p99 of all requests together.

    So a burst that the machine disturbed moves neither median, and no slow request is left out of the p99.

    Raises:
        BenchError: in one of the bursts, no request was answered.

    """
    failure = next((burst.failure for burst in bursts if burst.failure), "")
    if not all(burst.latencies_ms for burst in bursts):
        raise BenchError(f"no request was answered in time{failure and ': ' + failure}")
    asked = max(1, sum(burst.asked for burst in bursts))
    spent: Counter[str] = Counter()
    for seconds in [*cpu_seconds, {"load": sum(burst.cpu_seconds for burst in bursts)}]:
        spent.update(seconds)
    return Figures(
        p50_ms=median(percentile(burst.latencies_ms, 0.5) for burst in bursts),
        p99_ms=percentile([latency for burst in bursts for latency in burst.latencies_ms], 0.99),
        per_s=median(burst.per_s for burst in bursts),
        failed=sum(burst.failed for burst in bursts),
        failure=failure,
        cpu_ms={name: 1000 * seconds / asked for name, seconds in spent.items()},
    )


@dataclass(frozen=True, slots=True)
class Bars:
    """What a request must reach: p50 / floor's at 1 client, p99 in ms at 8, rate / floor's at 32."""

    p50_floors: float | None = None
    p99_ms: float | None = None
    rate_share: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report; None is what does not apply.

    What `ratio` and `bar` are:
        a request at 1 client: p50 / floor's p50, and the most it may be;
        a request at 8 clients: p99 / bar, and the p99 in ms that is allowed;
        a request at 32 clients: rate / floor's rate, and the least it may be;
        a rate of jobs: rate / other system's rate in the same run, and the least it may be;
        how many times as fast as another system: that, and the least it may be;
        any other value: value / bar, and the most that the value may be.

    `ok` is the verdict, None without a bar. `cpu_ms` is the processor time per request or job by process, the
    load generator's included. `runs` tells of how many runs the row is the median.
    """

    name: str
    clients: int | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    per_s: float | None = None
    floor_p50_ms: float | None = None
    floor_per_s: float | None = None
    ratio: float | None = None
    bar: float | None = None
    ok: bool | None = None
    value: float | None = None
    unit: str | None = None
    failed: int | None = None
    failure: str | None = None
    cpu_ms: Mapping[str, float] | None = None
    floor_cpu_ms: Mapping[str, float] | None = None
    runs: int = 1


ALONE, SOME, MANY = CLIENTS = (1, 8, 32)
JOBS_PER_SECOND = "jobs/s"
TIMES_AS_FAST = "times as fast"
AT_LEAST = frozenset({JOBS_PER_SECOND, TIMES_AS_FAST})
"""Units of rows whose bar is the least that the ratio may be."""
LINEAR = 1.5
"""The most that the cost of each unit may grow from a middle size to the largest: caches become too small."""
MEDIANS = ("p50_ms", "p99_ms", "per_s", "floor_p50_ms", "floor_per_s", "ratio", "value")


def judged(row: Row) -> Row:
    """Return the row with its verdict. A request that failed meets no bar."""
    if row.ratio is None or row.bar is None:
        return replace(row, ok=None)
    if row.clients == MANY or row.unit in AT_LEAST:
        met = row.ratio >= row.bar
    else:
        met = row.ratio <= (row.bar if row.clients == ALONE else 1)
    return replace(row, ok=met and not row.failed)


def request_row(name: str, clients: int, figures: Figures, floor: Figures | None, bars: Bars) -> Row:
    """Compare a request's figures with its floor and its bars."""
    ratio, bar = None, None
    if clients == ALONE and floor:
        ratio, bar = figures.p50_ms / floor.p50_ms, bars.p50_floors
    elif clients == MANY and floor:
        ratio, bar = figures.per_s / floor.per_s, bars.rate_share
    elif clients == SOME and bars.p99_ms:
        ratio, bar = figures.p99_ms / bars.p99_ms, bars.p99_ms
    row = Row(
        name=name,
        clients=clients,
        p50_ms=figures.p50_ms,
        p99_ms=figures.p99_ms,
        per_s=figures.per_s,
        floor_p50_ms=floor.p50_ms if floor else None,
        floor_per_s=floor.per_s if floor else None,
        ratio=ratio,
        bar=bar,
        failed=figures.failed,
        failure=figures.failure or None,
        cpu_ms=figures.cpu_ms,
        floor_cpu_ms=floor.cpu_ms if floor else None,
    )
    return judged(row)


def single_row(name: str, value: float, unit: str, bar: float | None = None) -> Row:
    """Compare one value with its limit, where it has one."""
    p50_ms = value if unit == "ms" else None
    ratio = value / bar if bar else None
    return judged(Row(name=name, value=value, unit=unit, p50_ms=p50_ms, ratio=ratio, bar=bar))


def faster_row(name: str, ms: float, other_ms: float, bar: float) -> Row:
    """Return how many times as fast as another system it is."""
    times = other_ms / ms
    return judged(Row(name=name, value=times, unit=TIMES_AS_FAST, ratio=times, bar=bar))


def elapsed_ms(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - begin)


def linear_rows(name: str, sizes: Sequence[int], ms: Sequence[float]) -> tuple[Row, Row]:
    """Return the slope of the cost over the size, and how much more a unit costs at the largest size.

    The slope is of the least squares; a unit of the largest size is compared with one of the middle size.
    """
    slope, _ = linear_regression(sizes, ms)
    middle = len(sizes) // 2
    growth = (ms[-1] / sizes[-1]) / (ms[middle] / sizes[middle])
    return (
        single_row(name, 1000 * slope, "us each"),
        single_row(f"{name} at {sizes[-1]:,}", growth, f"times that at {sizes[middle]:,}", LINEAR),
    )


def rate_row(
    name: str,
    per_s: float,
    cpu_ms: Mapping[str, float] | None = None,
    other_per_s: float | None = None,
    bar: float | None = None,
) -> Row:
    """Return a rate of jobs, compared with that of another system where one is given."""
    ratio = per_s / other_per_s if other_per_s else None
    row = Row(name=name, per_s=per_s, value=per_s, unit=JOBS_PER_SECOND, cpu_ms=cpu_ms, ratio=ratio, bar=bar)
    return judged(row)


def median_rows(runs: Sequence[Sequence[Row]]) -> list[Row]:
    """Return one row for each name and number of clients: the medians of the runs, judged again.

    A ratio is the median of the runs' ratios, so that each run is compared with its own floor. What failed in
    any run counts.
    """
    found: dict[tuple[str, int | None], list[Row]] = {}
    for row in (row for run in runs for row in run):
        found.setdefault((row.name, row.clients), []).append(row)
    return [rows[0] if len(rows) == 1 else _median_row(rows) for rows in found.values()]


def _median_row(rows: Sequence[Row]) -> Row:
    medians = {name: _median(getattr(row, name) for row in rows) for name in MEDIANS}
    failed = [row.failed for row in rows if row.failed is not None]
    row = replace(
        rows[0],
        **medians,  # type: ignore[arg-type]  # the fields named in MEDIANS are all numbers
        failed=sum(failed) if failed else None,
        failure=next((row.failure for row in rows if row.failure), None),
        cpu_ms=_median_by_process([row.cpu_ms for row in rows if row.cpu_ms]),
        floor_cpu_ms=_median_by_process([row.floor_cpu_ms for row in rows if row.floor_cpu_ms]),
        runs=len(rows),
    )
    return judged(row)


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _median_by_process(runs: Sequence[Mapping[str, float]]) -> Mapping[str, float] | None:
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: median(run.get(name, 0.0) for run in runs) for name in names} or None
