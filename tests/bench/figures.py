"""Figures and bars: what was measured, and whether it is good enough."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.bench.errors import BenchError


@dataclass(frozen=True, slots=True)
class Burst:
    """What one run of the load generator measured.

    `asked` are all requests, also those that do not count; `cpu_seconds` is what the generator cost itself.
    """

    latencies_ms: Sequence[float]
    per_s: float
    asked: int = 0
    failed: int = 0
    failure: str = ""
    cpu_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Several bursts of the same thing. `cpu_ms`: processor time per request by process."""

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
    """Sum up bursts: the median burst's p50 and throughput, and the p99 of all requests together.

    So one burst that the machine disturbed moves neither of the former, and no slow request is left out of
    the latter.

    Raises:
        BenchError: a burst has nothing to count.

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
    """What is asked of a request: of the p50 at 1 client, of the p99 at 8, of the rate at 32."""

    p50_floors: float | None = None
    p99_ms: float | None = None
    rate_share: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report; None is what does not apply.

    Requests are held against the floor at 1 client (`ratio` = p50 / floor's p50) and at 32 (rate / floor's
    rate), and `bar` is the limit of that ratio. At 8 clients `bar` is the limit of `p99_ms`, and without
    `clients` that of `value`; `ratio` then says how much of it is used up. A rate of jobs (`per_s`, no
    `clients`) is held against the best of others': `ratio` is its multiple, `bar` the least it may be.
    `cpu_ms` is the processor time per request or job by process, the load generator's included.
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


ALONE, SOME, MANY = CLIENTS = (1, 8, 32)
JOBS_PER_SECOND = "jobs/s"


def request_row(name: str, clients: int, figures: Figures, floor: Figures | None, bars: Bars) -> Row:
    """Hold a request's figures against its floor and its bars. A request that failed meets no bar."""
    ratio, bar, met = None, None, True
    if clients == ALONE and floor:
        ratio, bar = figures.p50_ms / floor.p50_ms, bars.p50_floors
        met = bar is None or ratio <= bar
    elif clients == MANY and floor:
        ratio, bar = figures.per_s / floor.per_s, bars.rate_share
        met = bar is None or ratio >= bar
    elif clients == SOME and bars.p99_ms:
        ratio, bar = figures.p99_ms / bars.p99_ms, bars.p99_ms
        met = ratio <= 1
    return Row(
        name=name,
        clients=clients,
        p50_ms=figures.p50_ms,
        p99_ms=figures.p99_ms,
        per_s=figures.per_s,
        floor_p50_ms=floor.p50_ms if floor else None,
        floor_per_s=floor.per_s if floor else None,
        ratio=ratio,
        bar=bar,
        ok=None if bar is None else met and not figures.failed,
        failed=figures.failed,
        failure=figures.failure or None,
        cpu_ms=figures.cpu_ms,
        floor_cpu_ms=floor.cpu_ms if floor else None,
    )


def single_row(name: str, value: float, unit: str, bar: float) -> Row:
    """Hold one value against its limit."""
    return Row(
        name=name,
        value=value,
        unit=unit,
        p50_ms=value if unit == "ms" else None,
        ratio=value / bar,
        bar=bar,
        ok=value <= bar,
    )


def rate_row(name: str, per_s: float, cpu_ms: Mapping[str, float], rivals: Collection[float]) -> Row:
    """Hold a rate of jobs against that of the fastest rival, if there is one."""
    ratio = per_s / max(rivals) if rivals else None
    return Row(
        name=name,
        per_s=per_s,
        ratio=ratio,
        bar=1.0 if rivals else None,
        ok=None if ratio is None else ratio >= 1,
        value=per_s,
        unit=JOBS_PER_SECOND,
        cpu_ms=cpu_ms,
    )
