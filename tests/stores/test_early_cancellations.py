"""Cancellations that came before their backtest, in the stores."""

from datetime import timedelta

import pytest

from services.backtest.domain.acceptance import CancelledEarly, accept
from services.backtest.ports import BacktestStore, Wanted
from services.chassis.errors import ExistsError, StaleError
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database
from tests.builders import NOW, delivery, new_id, specification
from tests.fakes import FakeKafka
from tests.stores.backtests import ORIGIN, added, backtests_under_test, claimed, read
from tests.stores.under_test import Kind, StoreUnderTest

pytestmark = pytest.mark.anyio


@pytest.fixture
async def under_test(
    kind: Kind, aggregates: Aggregates, database: Database, kafka: FakeKafka
) -> StoreUnderTest[BacktestStore]:
    return await backtests_under_test(kind, aggregates, database, kafka)


async def test_an_early_cancellation_is_kept_until_it_is_due(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    there, absent = await added(under_test), new_id("backtest")
    for backtest_id in (there.id, absent, absent):
        await under_test.store.cancel_early(backtest_id, NOW + timedelta(days=1), ORIGIN)

    assert await under_test.store.get(there.id) == there
    stored = await under_test.store.get(absent)
    assert stored is not None
    assert stored.state == CancelledEarly(absent)
    with pytest.raises(ExistsError):
        await under_test.store.add(accept(specification(id=absent), 0.0, 1.0, leads=False), ORIGIN)
    assert [each.id for each in await under_test.store.page(Wanted(), 100, None)] == [there.id]
    assert await under_test.due(NOW) == [there.id]
    assert absent in await under_test.due(NOW + timedelta(days=1))


async def test_an_early_cancellation_is_forgotten_as_it_was_read(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    absent = new_id("backtest")
    await under_test.store.cancel_early(absent, NOW, ORIGIN)
    stale = await under_test.store.get(absent)
    claim = await claimed(under_test, absent)
    assert stale is not None
    await under_test.store.forget(stale)
    assert await under_test.store.get(absent) == claim.job
    await under_test.store.forget(claim.job)
    assert await under_test.store.get(absent) is None


async def test_a_backtest_takes_over_from_its_early_cancellation(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    spec, came = specification(), delivery()
    await under_test.store.cancel_early(spec.id, NOW + timedelta(days=1), ORIGIN)
    stored = await under_test.store.get(spec.id)
    cancellation = stored.of(CancelledEarly) if stored else None
    assert cancellation is not None
    accepted = cancellation.state.accept(spec, NOW)
    await under_test.store.accept_cancelled(cancellation, accepted, came.origin)
    with pytest.raises(StaleError):
        await under_test.store.accept_cancelled(cancellation, accepted, came.origin)

    now = await read(under_test, spec.id)
    assert (now.state, now.origin, now.sequence) == (accepted.state, came.origin, 2)
    assert under_test.topics() == ["backtest.accepted", "backtest.cancelled"]
    assert {record.headers["correlation_id"] for record in under_test.sent} == {came.origin.correlation_id}
    assert await under_test.due(NOW + timedelta(days=2)) == []
