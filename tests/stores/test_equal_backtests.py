"""Equal backtests in the stores: one leads, the others follow it or reuse its result."""

from datetime import timedelta

import pytest

from services.backtest.domain.acceptance import accept, accept_following, accept_reusing
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.change import Change
from services.backtest.ports import BacktestStore
from services.chassis.errors import ExistsError, StaleError
from services.chassis.jobs.rank import Asleep, Due
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database
from tests.builders import NOW, specification
from tests.fakes import FakeKafka
from tests.stores.backtests import (
    LATER,
    ORIGIN,
    PROBLEM,
    added,
    backtests_under_test,
    claimed,
    completed,
    read,
    started,
)
from tests.stores.under_test import Kind, StoreUnderTest

pytestmark = pytest.mark.anyio


@pytest.fixture
async def under_test(
    kind: Kind, aggregates: Aggregates, database: Database, kafka: FakeKafka
) -> StoreUnderTest[BacktestStore]:
    return await backtests_under_test(kind, aggregates, database, kafka)


async def test_of_equal_ones_one_leads(under_test: StoreUnderTest[BacktestStore]) -> None:
    leader = await added(under_test, leads=True)
    equal = specification(work=leader.state.spec.work)
    with pytest.raises(ExistsError):
        await under_test.store.add(accept(equal, 1.0, 1.0, leads=True), ORIGIN)
    await under_test.store.add(accept(equal, 1.0, 1.0, leads=False), ORIGIN)

    assert await under_test.store.leader(leader.state.spec.work) == leader
    assert await under_test.store.leader("other work") is None


@pytest.mark.parametrize("end", ["completed", "failed", "cancelled"])
async def test_only_a_leader_that_completed_goes_on_leading(
    under_test: StoreUnderTest[BacktestStore], end: str
) -> None:
    work = (await added(under_test, leads=True)).state.spec.work
    leader = await under_test.store.leader(work)
    assert leader is not None
    running = await started(under_test, leader.id)
    changes = {
        "completed": completed(running.state),
        "failed": running.state.fail(PROBLEM, LATER),
        "cancelled": running.state.cancel(LATER),
    }
    await under_test.store.end(running, changes[end])

    stored = await under_test.store.leader(work)
    assert (stored and stored.state) == (changes[end].state if end == "completed" else None)


async def test_a_follower_sleeps_until_its_leader_has_ended(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    leader = await added(under_test, leads=True)
    accepted = accept_following(specification(work=leader.state.spec.work), leader.state, 1.0)
    await under_test.store.add(accepted, ORIGIN)
    assert (await read(under_test, accepted.state.id)).state == accepted.state
    assert await under_test.store.wake_followers(LATER) == []
    assert await under_test.due(LATER) == [leader.id]

    running = await started(under_test, leader.id)
    ended = completed(running.state)
    await under_test.store.end(running, ended)
    assert await under_test.store.wake_followers(LATER) == [accepted.state.id]
    assert await under_test.due(LATER) == [accepted.state.id]
    follower = (await claimed(under_test, accepted.state.id, LATER)).job.of(Backtest)
    assert follower is not None
    await under_test.store.end(follower, follower.state.reuse(ended.state, LATER))

    stored = (await read(under_test, follower.id)).state
    assert (stored.status, stored.reused_from, stored.follows) == ("completed", leader.id, None)
    assert await under_test.due(LATER + timedelta(days=1)) == []


async def test_a_follower_is_put_back_with_all_its_attempts(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    leader = await added(under_test, leads=True)
    accepted = accept_following(specification(), leader.state, 1.0)
    await under_test.store.add(accepted, ORIGIN)
    await under_test.store.end(leader, leader.state.cancel(NOW))
    await under_test.store.wake_followers(NOW)
    for _ in range(2):
        claim = await claimed(under_test, accepted.state.id)
    assert claim.attempt == 2
    read_before = claim.job.of(Backtest)
    assert read_before is not None
    await under_test.store.requeue(read_before, Change(read_before.state), Asleep())
    assert await under_test.due(LATER) == []
    with pytest.raises(StaleError):
        await under_test.store.requeue(read_before, read_before.state.detach(), Due(NOW))

    now = await read(under_test, accepted.state.id)
    await under_test.store.requeue(now, now.state.detach(), Due(LATER))
    assert await under_test.due(NOW) == []
    claim = await claimed(under_test, accepted.state.id, LATER)
    assert claim.attempt == 1
    assert (await read(under_test, accepted.state.id)).state.status == "running"


async def test_what_reuses_a_result_is_stored_as_completed(under_test: StoreUnderTest[BacktestStore]) -> None:
    running = await started(under_test, (await added(under_test, leads=True)).id)
    ended = completed(running.state)
    await under_test.store.end(running, ended)
    reusing = accept_reusing(specification(), ended.state, LATER)
    await under_test.store.add(reusing, ORIGIN)

    assert (await read(under_test, reusing.state.id)).state == reusing.state
    assert under_test.topics()[-2:] == ["backtest.accepted", "backtest.completed"]
    assert await under_test.due(LATER + timedelta(days=1)) == []
