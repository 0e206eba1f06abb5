"""The curves of backtests, in memory and in MongoDB."""

from datetime import timedelta

import pytest

from services.chassis.storage.mongo import Database
from services.compare.domain.series import series_of
from services.compare.mongo import MongoSeries
from services.compare.ports import SeriesStore
from tests.builders import NOW, backtest_completed, series_published
from tests.fakes import FakeSeries
from tests.stores.under_test import Kind

pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(kind: Kind, database: Database) -> SeriesStore:
    if kind == "memory":
        return FakeSeries()
    store = MongoSeries(database["series"])
    await store.start()
    return store


async def test_what_is_kept_comes_back_as_it_was(store: SeriesStore) -> None:
    event = series_published(backtest_completed())
    await store.keep(event, NOW)
    await store.keep(event, NOW)

    found = await store.get([event.backtest_id, "nothing"])
    assert found == {event.backtest_id: event}
    kept = found[event.backtest_id].series
    assert kept is not None
    assert len(series_of(kept).equity) == 300


async def test_what_had_no_curves_is_kept_too(store: SeriesStore) -> None:
    completed = backtest_completed()
    event = series_published(completed).model_copy(update={"series": None, "code": "series-too-long"})
    await store.keep(event, NOW)

    assert await store.get([event.backtest_id]) == {event.backtest_id: event}


async def test_the_oldest_are_forgotten_first(store: SeriesStore) -> None:
    events = [series_published(backtest_completed()) for _ in range(3)]
    for day, event in enumerate(events):
        await store.keep(event, NOW + timedelta(days=day))

    await store.forget(NOW + timedelta(days=2), 1)
    ids = [event.backtest_id for event in events]
    assert set(await store.get(ids)) == set(ids[1:])
    await store.forget(NOW + timedelta(days=2), 9)
    assert set(await store.get(ids)) == {ids[2]}
