"""Which backtests can be compared with which, on which days, and what they were set otherwise."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from typing import Final, Literal

import numpy as np

from backchat_contracts import FEWEST_ANNUAL_BARS, UNRANKED, BacktestCompleted
from services.compare.domain.series import Days, Series
from services.compare.domain.span import CLOSED, Span

Comparable = Literal["comparable", "common-window", "not-comparable"]
"""`common-window`: on the days that both have."""
Reason = Literal["universe", "currency", "few-common-bars"]
Exclusion = Literal[
    "no-trades",
    "short-window",
    "series-unavailable",
    "universe",
    "currency",
    "few-common-bars",
    "outside-window",
]

FEWEST_COMMON_BARS: Final = FEWEST_ANNUAL_BARS


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A completed backtest with its curves; None where they did not come.

    `span`: the window that they are cut to, with the close before it.
    """

    completed: BacktestCompleted
    series: Series | None
    span: Span | None = None

    @property
    def id(self) -> str:
        return self.completed.backtest_id

    @property
    def universe(self) -> tuple[str, ...]:
        return tuple(sorted(self.completed.config.symbols))

    @property
    def currency(self) -> str | None:
        return self.completed.provenance.currency if self.completed.provenance else None

    @property
    def window(self) -> str:
        """The first and the last day with a bar; without curves those asked for."""
        if self.series is None:
            return f"{self.completed.config.start_date}~{self.completed.config.end_date}"
        days = self.counted(self.series.days)
        return f"{days[0]}~{days[-1]}"

    def counted(self, days: Days) -> Days:
        """Return those of some days that are in the window, if there is one."""
        return self.span.counted(days) if self.span else days


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting of which not all backtests have the same value: each value with those that have it."""

    name: str
    values: tuple[tuple[object, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Whether two backtests can be compared. `days`: those that both have, in order."""

    comparable: Comparable
    days: Days
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The backtests that are compared with each other on `days`, and why each of the others is not.

    `span`: the window that they are cut to; the first of the days may be the close before it.
    """

    runs: tuple[Run, ...]
    days: Days
    excluded: Mapping[str, Exclusion]
    span: Span | None = None

    @property
    def counted(self) -> Days:
        """The days that are in the window, if there is one."""
        return self.span.counted(self.days) if self.span else self.days

    @property
    def same_days(self) -> bool:
        """Whether each of them has these days and no others."""
        return all(run.series and len(run.series.days) == len(self.days) for run in self.runs)


NO_DAYS: Final[Days] = np.zeros(0, "datetime64[D]")
Read = Callable[[Run], object]
SETTINGS: Final[Mapping[str, Read]] = {
    "universe": lambda run: run.universe,
    "window": lambda run: run.window,
    "currency": lambda run: run.currency,
    "initial_cash": lambda run: run.completed.config.initial_cash,
    "commission_rate": lambda run: run.completed.config.commission_rate,
    "slippage_rate": lambda run: run.completed.config.slippage_rate,
    "benchmark": lambda run: run.completed.config.benchmark,
    "fill": lambda run: run.completed.provenance and run.completed.provenance.fill,
    "engine_version": lambda run: run.completed.provenance and run.completed.provenance.engine_version,
    "data_hash": lambda run: run.completed.provenance and run.completed.provenance.data_hash,
}
SAME_RETURNS: Final = 6
"""Decimals to which the returns of two benchmarks are the same, if their prices are."""


def differences(runs: Sequence[Run]) -> tuple[Difference, ...]:
    """Return the settings that differ, with all values.

    The hash of the prices says little alone, as each strategy sees other days before the first one: it counts
    where universe and window are the same, and what it cost to hold the universe was not.
    """
    found: list[Difference] = []
    for name, read in SETTINGS.items():
        if name == "data_hash" and any(each.name in {"universe", "window"} for each in found):
            continue
        alike: dict[object, list[Run]] = {}
        for run in runs:
            key = _market(run) if name == "data_hash" else read(run)
            if name != "data_hash" or key is not None:  # of some it is not known
                alike.setdefault(key, []).append(run)
        if len(alike) > 1:
            values = ((read(same[0]), tuple(run.id for run in same)) for same in alike.values())
            found.append(Difference(name, tuple(values)))
    return tuple(found)


def _market(run: Run) -> str | None:
    """Return a hash of the daily returns of the universe after it was bought; None where it was not."""
    series = run.series
    if series is None or series.benchmark is None or run.completed.config.benchmark:
        return None
    returns = series.benchmark[2:] / series.benchmark[1:-1] - 1.0
    return sha256((np.round(returns, SAME_RETURNS) + 0.0).tobytes()).hexdigest()  # + 0.0: there is no -0.0


def compare_pair(one: Run, other: Run) -> Pair:
    """Tell whether two backtests with curves can be compared, and on which days."""
    reasons: list[Reason] = []
    if one.universe != other.universe:
        reasons.append("universe")
    if _currencies_differ(one, other):
        reasons.append("currency")
    days = common_days([one, other])
    if len(one.counted(days)) < FEWEST_COMMON_BARS:
        reasons.append("few-common-bars")
    if reasons:
        return Pair("not-comparable", days, tuple(reasons))
    same = all(run.series and len(run.series.days) == len(days) for run in (one, other))
    return Pair("comparable" if same else "common-window", days)


def common_days(runs: Sequence[Run]) -> Days:
    """Return the days on which all have a bar, in order."""
    return reduce(_intersection, (run.series.days for run in runs if run.series))


def group(runs: Sequence[Run]) -> Group:
    """Choose those that are compared with each other: the most with the same universe and currency.

    A currency that is not known differs from none. Of two groups of one size it is that of the first run. Of
    runs that are cut to a window, it is those that have as much of it as any. Where all of a group have too
    few common days, it is the most of them that have enough; none where it is the window that has too few.
    """
    excluded: dict[str, Exclusion] = {}
    eligible = []
    for run in runs:
        if exclusion := _excluded_alone(run):
            excluded[run.id] = exclusion
        else:
            eligible.append(run)
    if not eligible:
        return Group((), NO_DAYS, excluded)
    chosen: Sequence[Run] = max(_alike(eligible), key=len)  # of equal ones the first
    for run in eligible:
        if run not in chosen:
            excluded[run.id] = "universe" if run.universe != chosen[0].universe else "currency"
    span, whole = chosen[0].span, _with_the_whole_window(chosen)
    excluded |= {run.id: "outside-window" for run in chosen if run not in whole}
    kept = whole if _enough(whole) else _most_at_once(whole)
    if span and len(whole) > 1 and not _enough(kept):
        kept = []
    excluded |= {run.id: "few-common-bars" for run in whole if run not in kept}
    days = common_days(kept) if kept else NO_DAYS
    idle = [run for run in kept if _is_idle(run, days)]
    excluded |= {run.id: "no-trades" for run in idle}
    return Group(tuple(run for run in kept if run not in idle), days, excluded, span)


def _alike(runs: Sequence[Run]) -> Iterable[Sequence[Run]]:
    """Return the runs with the same universe and currency; those of no known currency are with the most."""
    known: dict[object, Counter[str]] = {}
    for run in runs:
        if run.currency is not None:
            known.setdefault(run.universe, Counter())[run.currency] += 1
    usual = {universe: found.most_common(1)[0][0] for universe, found in known.items()}
    alike: dict[tuple[object, object], list[Run]] = {}
    for run in runs:
        alike.setdefault((run.universe, run.currency or usual.get(run.universe)), []).append(run)
    return alike.values()


def _with_the_whole_window(runs: Sequence[Run]) -> Sequence[Run]:
    """Return those that have the window as far as the one with most of its days; all if that is alone."""
    windows = [run.counted(run.series.days) for run in runs if run.span and run.series]
    if not windows:
        return runs
    most = max(windows, key=len)
    whole = [
        run
        for run, days in zip(runs, windows, strict=True)
        if days[0] - most[0] <= CLOSED and most[-1] - days[-1] <= CLOSED
    ]
    return whole if len(whole) > 1 else runs


def _enough(runs: Sequence[Run]) -> bool:
    return bool(runs) and len(runs[0].counted(common_days(runs))) >= FEWEST_COMMON_BARS


def _excluded_alone(run: Run) -> Exclusion | None:
    """Return why a run is compared with no other one."""
    for warning in run.completed.warnings:
        if warning.code in UNRANKED:
            return "no-trades" if warning.code == "no-trades" else "short-window"
    return None if run.series else "series-unavailable"


def _is_idle(run: Run, days: Days) -> bool:
    """Tell whether an account stood still on these days, as it held nothing but cash."""
    if run.series is None:
        return True
    equity = run.series.equity[np.searchsorted(run.series.days, days)]
    return bool(equity.min() == equity.max())


def _most_at_once(runs: Sequence[Run]) -> Sequence[Run]:
    """Return the most runs that have some `FEWEST_COMMON_BARS` days in a row; of two such times the later."""
    days = [run.series.days for run in runs if run.series]
    known = np.unique(np.concatenate(days))
    first = np.searchsorted(known, [each[0] for each in days])
    last = np.searchsorted(known, [each[-1] for each in days]) - (FEWEST_COMMON_BARS - 1)
    covered = np.zeros(len(known), np.int64)
    for begin, end in zip(first, last, strict=True):
        covered[begin : max(begin, end + 1)] += 1
    best = len(covered) - 1 - int(covered[::-1].argmax())
    kept = [run for run, begin, end in zip(runs, first, last, strict=True) if begin <= best <= end]
    return kept if _enough(kept) else runs[:1]


def _currencies_differ(one: Run, other: Run) -> bool:
    return one.currency is not None and other.currency is not None and one.currency != other.currency


def _intersection(one: Days, other: Days) -> Days:
    if len(one) == len(other) and bool((one == other).all()):
        return one
    return np.intersect1d(one, other, assume_unique=True)
