"""The curves of backtests: what is computed of them, and how they come."""

import asyncio

import numpy as np
import pytest

from backchat_contracts import METRICS, BacktestSeriesPublished, Event
from services.chassis.messaging.envelope import Origin
from services.compare import series
from services.compare.domain.series import figures_on, series_of
from services.compare.series import SeriesLibrary
from services.metrics import Sample, measure
from services.metrics.account import Fills
from tests.builders import backtest_completed, curve, series_published
from tests.fakes import Clock, FakeSeries, eventually
from tests.unit.compare.runs import run_of

FILLS = Fills(
    bar=np.array([10, 100, 150, 299]),
    symbol=np.zeros(4, np.int64),
    shares=np.array([10.0, -10.0, 20.0, -20.0]),
    price=np.array([100.0, 110.0, 100.0, 90.0]),
    commission=np.ones(4),
    realised_pnl=np.array([0.0, 98.0, 0.0, -202.0]),
)


def test_on_all_of_its_days_the_figures_are_those_of_the_whole_run() -> None:
    run = run_of(curves={"fills": FILLS})
    assert run.series is not None
    figures = figures_on(run.series.days, run.series, run.completed)

    class Whole:
        equity, fills = run.series.equity, FILLS
        cash = run.series.equity / 2.0

    whole = measure(Sample(Whole(), run.series.benchmark, run.completed.config.slippage_rate)).model_dump()
    assert figures == pytest.approx(whole)
    assert figures.keys() == METRICS.keys()


def test_on_some_days_only_what_was_filled_after_the_first_of_them_counts() -> None:
    run = run_of(curves={"fills": FILLS})
    assert run.series is not None
    figures = figures_on(run.series.days[100:200], run.series, run.completed)
    equity = run.series.equity

    assert figures["trades"] == 1
    assert figures["total_return"] == pytest.approx(equity[199] / equity[100] - 1.0)
    assert figures["win_rate"] is None
    assert figures["exposure"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("lost", "unknown"),
    [
        ({"benchmark": None}, {"beta", "alpha", "information_ratio"}),
        ({"fills_left_out": 200_000}, {"trades", "win_rate", "costs_paid", "turnover"}),
    ],
)
def test_what_was_not_kept_has_no_figures(lost: dict[str, object], unknown: set[str]) -> None:
    run = run_of(curves=lost)
    assert run.series is not None
    figures = figures_on(run.series.days, run.series, run.completed)

    assert unknown <= {name for name, value in figures.items() if value is None}
    assert figures["sharpe_ratio"] is not None


class Owner:
    """A backtest service that publishes what it has when it is asked, unless it is `silent`."""

    def __init__(self, *events: BacktestSeriesPublished, silent: bool = False) -> None:
        self.events = {event.backtest_id: event for event in events}
        self.silent = silent
        self.asked: list[str] = []
        self.library: SeriesLibrary | None = None

    async def __call__(self, event: Event, _origin: Origin) -> None:
        backtest_id = str(getattr(event, "backtest_id", ""))
        self.asked.append(backtest_id)
        if self.library and not self.silent:
            await self.library.take(self.events[backtest_id])


def opened(owner: Owner, store: FakeSeries) -> SeriesLibrary:
    owner.library = SeriesLibrary(store, owner, Clock())
    return owner.library


@pytest.mark.anyio
async def test_curves_are_asked_for_once_and_kept() -> None:
    events = [series_published(backtest_completed()) for _ in range(2)]
    ids = [event.backtest_id for event in events]
    owner, store = Owner(*events), FakeSeries()
    library = opened(owner, store)
    assert library.in_memory(ids) is None
    found = await library.get(ids, 1.0)

    assert {key: each.completed for key, each in found.items()} == {
        e.backtest_id: e.completed for e in events
    }
    assert library.in_memory(ids) == found == await library.get(ids, 1.0)
    again = opened(owner, store)  # another process, or after a start
    assert (await again.get(ids, 1.0)).keys() == found.keys()
    assert owner.asked == ids


@pytest.mark.anyio
async def test_what_does_not_come_in_time_is_left_out_and_asked_for_again() -> None:
    event = series_published(backtest_completed())
    owner = Owner(event, silent=True)
    library = opened(owner, FakeSeries())

    assert await library.get([event.backtest_id], 0.0) == {}
    owner.silent = False
    assert len(await library.get([event.backtest_id], 1.0)) == 1
    assert owner.asked == 2 * [event.backtest_id]


@pytest.mark.anyio
async def test_what_another_process_received_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "LOOK_SECONDS", 0.01)
    event, store = series_published(backtest_completed()), FakeSeries()
    library = opened(Owner(event, silent=True), store)
    waiting = asyncio.create_task(library.get([event.backtest_id], 5.0))
    await asyncio.sleep(0)
    await store.keep(event, Clock()())

    assert (await waiting).keys() == {event.backtest_id}


@pytest.mark.anyio
async def test_two_that_wait_for_the_same_curves_ask_once() -> None:
    event = series_published(backtest_completed())
    owner = Owner(event, silent=True)
    library = opened(owner, FakeSeries())
    both = [asyncio.create_task(library.get([event.backtest_id], 5.0)) for _ in range(2)]
    await eventually(lambda: bool(owner.asked))
    await library.take(event)

    assert [set(found) for found in await asyncio.gather(*both)] == 2 * [{event.backtest_id}]
    assert owner.asked == [event.backtest_id]


@pytest.mark.anyio
async def test_a_backtest_that_has_not_completed_is_not_kept() -> None:
    event = BacktestSeriesPublished(backtest_id="b", code="result-not-ready")
    owner, store = Owner(event), FakeSeries()
    found = await opened(owner, store).get(["b"], 1.0)

    assert (found["b"].completed, found["b"].series) == (None, None)
    assert await store.get(["b"]) == {}


@pytest.mark.anyio
async def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [series_published(backtest_completed(), equity=curve("x", 1000)) for _ in range(4)]
    assert events[0].series is not None
    monkeypatch.setattr(series, "MOST_BYTES", 2 * (series_of(events[0].series).size + series.EVENT_BYTES))
    owner, store = Owner(*events), FakeSeries()
    library = opened(owner, store)
    ids = [event.backtest_id for event in events]
    for each in ids:
        await library.get([each], 1.0)

    assert library.in_memory(ids[2:]) is not None
    assert library.in_memory(ids[1:2]) is None
    assert set(await library.get(ids, 1.0)) == set(ids)
