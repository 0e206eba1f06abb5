"""What is checked in an instrument's bars, once its rows have no errors: jumps, gaps, week-ends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from services.backtest.domain.prices import FEWEST_BARS
from services.backtest.price_files.findings import Spot, shown_price

SPLITS: Final = (1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 15.0, 20.0, 25.0, 30.0, 50.0, 100.0)
SPLIT_TOLERANCE: Final = 0.035
LARGEST_JUMP: Final = 10.0
LONGEST_GAP: Final = 5  # business days
FEW_WEEKEND_BARS: Final = 0.1  # with more of them the market is open at week-ends
WEEKLY: Final = 3  # days between most rows


@dataclass(frozen=True, slots=True)
class Bars:
    """An instrument's bars, dates rising, with the line of each and the headers of two columns."""

    lines: NDArray[np.int64]
    dates: NDArray[np.datetime64]
    close: NDArray[np.float64]
    date_header: str
    close_header: str


BarCheck: TypeAlias = Callable[[Bars], Iterator[Spot]]
BAR_CHECKS: Final[list[BarCheck]] = []


def of_bars(check: BarCheck) -> BarCheck:
    """Register a check."""
    BAR_CHECKS.append(check)
    return check


@of_bars
def few_bars(bars: Bars) -> Iterator[Spot]:
    if len(bars.dates) < FEWEST_BARS:
        yield Spot("few-bars", count=len(bars.dates), fields={"bars": len(bars.dates), "least": FEWEST_BARS})


@of_bars
def jumps(bars: Bars) -> Iterator[Spot]:
    with np.errstate(all="ignore"):
        ratio = bars.close[1:] / bars.close[:-1]
        times = np.maximum(ratio, 1 / ratio)
    places = np.flatnonzero(times > min(SPLITS) * (1 - SPLIT_TOLERANCE))
    if not len(places):
        return
    distances = np.abs(times[places, None] / np.asarray(SPLITS) - 1.0)
    nearest = np.argmin(distances, axis=1)
    like_split = distances[np.arange(len(places)), nearest] <= SPLIT_TOLERANCE
    others = places[~like_split & (times[places] > LARGEST_JUMP)]
    if like_split.any():
        first = int(np.argmax(like_split))
        whole = _ratio(SPLITS[nearest[first]], falls=bool(ratio[places[first]] < 1))
        yield _jump("split-like-jump", bars, places[like_split], ratio=whole)
    if len(others):
        yield _jump("jump", bars, others)


@of_bars
def gaps(bars: Bars) -> Iterator[Spot]:
    if len(bars.dates) < FEWEST_BARS:
        return
    wide = np.flatnonzero(np.diff(bars.dates).astype(np.int64) > LONGEST_GAP)
    days = np.busday_count(bars.dates[wide] + 1, bars.dates[wide + 1])
    wide, days = wide[days > LONGEST_GAP], days[days > LONGEST_GAP]
    if len(wide):
        before, after = bars.dates[wide[0]], bars.dates[wide[0] + 1]
        fields = {"days": int(days[0]), "before": before, "after": after}
        yield Spot("gap", int(bars.lines[wide[0] + 1]), bars.date_header, count=len(wide), fields=fields)


@of_bars
def weekends(bars: Bars) -> Iterator[Spot]:
    rows = ~np.is_busday(bars.dates)
    if 0 < rows.sum() < FEW_WEEKEND_BARS * len(rows):
        first = int(np.argmax(rows))
        fields = {"date": bars.dates[first]}
        yield Spot("weekend", int(bars.lines[first]), bars.date_header, count=int(rows.sum()), fields=fields)


@of_bars
def not_daily(bars: Bars) -> Iterator[Spot]:
    if len(bars.dates) >= FEWEST_BARS:
        days = int(np.median(np.diff(bars.dates).astype(np.int64)))
        if days >= WEEKLY:
            yield Spot("not-daily", int(bars.lines[1]), bars.date_header, len(bars.dates) - 1, {"days": days})


def _jump(code: str, bars: Bars, places: NDArray[np.intp], **fields: object) -> Spot:
    place = int(places[0])
    before, after = shown_price(bars.close[place]), shown_price(bars.close[place + 1])
    shown = {"before": before, "after": after, "date": bars.dates[place + 1], **fields}
    return Spot(code, int(bars.lines[place + 1]), bars.close_header, len(places), shown)


def _ratio(times: float, *, falls: bool) -> str:
    many, few = (f"{times:g}", "1") if times.is_integer() else (f"{2 * times:g}", "2")
    return f"{many}:{few}" if falls else f"{few}:{many}"
