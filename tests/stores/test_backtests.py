"""Backtests and their results, in memory and in MongoDB."""

from datetime import datetime, timedelta

import pytest

from backchat_contracts import Problem
from services.backtest.documents import early_cancellation, new_document, read_entry
from services.backtest.domain.acceptance import (
    CancelledEarly,
    Entry,
    accept,
    accept_following,
    accept_reusing,
)
from services.backtest.domain.backtest import Backtest, Change, Result
from services.backtest.mongo import MongoBacktests, starting
from services.backtest.ports import BacktestStore
from services.chassis.jobs.queue import Claim, Queue
from services.chassis.jobs.rank import Asleep, Due
from services.chassis.paging import cursor_of
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database
from services.chassis.stored import Stored
from tests.builders import NOW, delivery, new_id, performance, specification
from tests.fakes import FakeBacktests, FakeKafka, FakeQueue
from tests.stores.under_test import Kind, StoreUnderTest

pytestmark = pytest.mark.anyio

ORIGIN = delivery().origin
LATER = NOW + timedelta(seconds=5)
PROBLEM = Problem(code="engine-error", detail="no prices")


def start(entry: Entry, attempt: int) -> Change[Entry]:
    return entry.start(attempt, NOW) if isinstance(entry, Backtest) and not entry.follows else Change(entry)


@pytest.fixture
async def under_test(
    kind: Kind, aggregates: Aggregates, database: Database, kafka: FakeKafka
) -> StoreUnderTest[BacktestStore]:
    if kind == "memory":
        fake = FakeBacktests()
        return StoreUnderTest(fake, FakeQueue(fake.memory, read_entry, starting(start)), fake.memory.sent)
    backtests = MongoBacktests(aggregates, database["attachments"])
    await backtests.start()
    return StoreUnderTest(backtests, Queue(aggregates, read_entry, starting(start), queued=True), kafka.sent)


async def added(
    under_test: StoreUnderTest[BacktestStore],
    *,
    moment: datetime = NOW,
    rank: float = 0.0,
    leads: bool = False,
) -> Stored[Backtest]:
    """Add a backtest that is queued."""
    spec = specification(created_at=moment)
    assert await under_test.store.add(accept(spec, rank, 1.0, leads=leads), ORIGIN)
    return await read(under_test, spec.id)


async def read(under_test: StoreUnderTest[BacktestStore], backtest_id: str) -> Stored[Backtest]:
    stored = await under_test.store.get(backtest_id)
    backtest = stored.of(Backtest) if stored else None
    assert backtest is not None
    return backtest


async def claimed(
    under_test: StoreUnderTest[BacktestStore], backtest_id: str, now: datetime = NOW
) -> Claim[Entry]:
    claim = await under_test.queue.claim(backtest_id, now, now)
    assert claim is not None
    return claim


async def started(under_test: StoreUnderTest[BacktestStore], backtest_id: str) -> Stored[Backtest]:
    backtest = (await claimed(under_test, backtest_id)).job.of(Backtest)
    assert backtest is not None
    return backtest


def completed(backtest: Backtest, result_id: str = "r") -> Change[Backtest]:
    return backtest.complete(performance(), result_id, 0.5, LATER)


async def test_a_backtest_comes_back_as_it_was_stored(under_test: StoreUnderTest[BacktestStore]) -> None:
    accepted = accept(specification(priority="low", user_id="kim"), 7.5, 1.0, leads=True)
    assert await under_test.store.add(accepted, ORIGIN)

    stored = await read(under_test, accepted.state.id)
    assert stored.state == accepted.state
    assert (stored.origin, stored.version, stored.sequence) == (ORIGIN, 1, 1)
    assert under_test.topics() == ["backtest.accepted"]
    assert await under_test.due(NOW) == [accepted.state.id]


async def test_there_is_one_backtest_of_an_id(under_test: StoreUnderTest[BacktestStore]) -> None:
    spec = specification()
    assert await under_test.store.add(accept(spec, 1.0, 1.0, leads=False), ORIGIN)
    assert not await under_test.store.add(accept(spec, 2.0, 1.0, leads=False), ORIGIN)

    assert (await read(under_test, spec.id)).state.queue_rank == 1.0
    assert under_test.topics() == ["backtest.accepted"]


async def test_of_equal_ones_one_leads(under_test: StoreUnderTest[BacktestStore]) -> None:
    leader = await added(under_test, leads=True)
    equal = specification(work=leader.state.spec.work)
    assert not await under_test.store.add(accept(equal, 1.0, 1.0, leads=True), ORIGIN)
    assert await under_test.store.add(accept(equal, 1.0, 1.0, leads=False), ORIGIN)

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
    assert await under_test.store.end(running, changes[end])

    stored = await under_test.store.leader(work)
    assert (stored and stored.state) == (changes[end].state if end == "completed" else None)


async def test_what_is_not_there_is_none(under_test: StoreUnderTest[BacktestStore]) -> None:
    assert await under_test.store.get(new_id()) is None
    assert await under_test.store.result(new_id()) is None


async def test_its_holder_ends_a_backtest(under_test: StoreUnderTest[BacktestStore]) -> None:
    running = await started(under_test, (await added(under_test)).id)
    ended = completed(running.state)
    assert await under_test.store.end(running, ended)

    assert (await read(under_test, running.id)).state == ended.state
    assert await under_test.due(NOW + timedelta(days=1)) == []
    assert under_test.topics() == ["backtest.accepted", "backtest.started", "backtest.completed"]
    assert under_test.sequences() == ["1", "2", "3"]
    assert {record.headers["correlation_id"] for record in under_test.sent} == {ORIGIN.correlation_id}


async def test_a_claim_is_read_as_it_is_stored(under_test: StoreUnderTest[BacktestStore]) -> None:
    running = await started(under_test, (await added(under_test)).id)

    assert (running.state.status, running.state.queue_rank) == ("running", None)
    assert await read(under_test, running.id) == running


async def test_a_worker_that_lost_its_claim_ends_nothing(under_test: StoreUnderTest[BacktestStore]) -> None:
    backtest_id = (await added(under_test)).id
    lost, holder = await started(under_test, backtest_id), await started(under_test, backtest_id)

    assert not await under_test.store.end(lost, lost.state.fail(PROBLEM, LATER))
    assert (await read(under_test, backtest_id)).state.status == "running"
    assert "backtest.failed" not in under_test.topics()
    assert await under_test.store.end(holder, completed(holder.state))
    assert not await under_test.store.end(holder, holder.state.fail(PROBLEM, LATER))


async def test_a_new_attempt_has_no_progress(under_test: StoreUnderTest[BacktestStore]) -> None:
    backtest_id = (await added(under_test)).id
    claim = await claimed(under_test, backtest_id)
    claim.notes["progress"] = {
        "fraction": 0.5,
        "stage": "metrics",
        "eta_seconds": None,
        "progressed_at": NOW,
    }
    assert await under_test.queue.renew(claim, NOW)
    progress = (await read(under_test, backtest_id)).state.progress
    assert progress is not None
    assert progress.fraction == 0.5

    await claimed(under_test, backtest_id)
    assert (await read(under_test, backtest_id)).state.progress is None


async def test_a_result_is_kept_as_it_is_and_may_be_kept_again(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    result = Result(new_id("result"), ["2010-01-04"], [100_000.0], [{"symbol": "AAPL", "profit": None}])
    running = await started(under_test, (await added(under_test)).id)
    ended = completed(running.state, result.id)
    assert await under_test.store.end(running, ended, result)
    assert await under_test.store.result(result.id) == result

    assert not await under_test.store.end(running, ended, result)
    assert await under_test.store.result(result.id) == result


async def test_a_follower_sleeps_until_its_leader_has_ended(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    leader = await added(under_test, leads=True)
    accepted = accept_following(specification(work=leader.state.spec.work), leader.state, 1.0)
    assert await under_test.store.add(accepted, ORIGIN)
    assert (await read(under_test, accepted.state.id)).state == accepted.state
    assert await under_test.store.wake_followers(LATER) == []
    assert await under_test.due(LATER) == [leader.id]

    running = await started(under_test, leader.id)
    ended = completed(running.state)
    assert await under_test.store.end(running, ended)
    assert await under_test.store.wake_followers(LATER) == [accepted.state.id]
    assert await under_test.due(LATER) == [accepted.state.id]
    follower = (await claimed(under_test, accepted.state.id, LATER)).job.of(Backtest)
    assert follower is not None
    assert await under_test.store.end(follower, follower.state.reuse(ended.state, LATER))

    stored = (await read(under_test, follower.id)).state
    assert (stored.status, stored.reused_from, stored.follows) == ("completed", leader.id, None)
    assert await under_test.due(LATER + timedelta(days=1)) == []


async def test_a_follower_is_put_back_with_all_its_attempts(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    leader = await added(under_test, leads=True)
    accepted = accept_following(specification(), leader.state, 1.0)
    assert await under_test.store.add(accepted, ORIGIN)
    assert await under_test.store.end(leader, leader.state.cancel(NOW))
    await under_test.store.wake_followers(NOW)
    for _ in range(2):
        claim = await claimed(under_test, accepted.state.id)
    assert claim.attempt == 2
    read_before = claim.job.of(Backtest)
    assert read_before is not None
    assert await under_test.store.requeue(read_before, Change(read_before.state), Asleep())
    assert await under_test.due(LATER) == []
    assert not await under_test.store.requeue(
        read_before, read_before.state.detach(), Due(NOW)
    )  # it has changed

    now = await read(under_test, accepted.state.id)
    assert await under_test.store.requeue(now, now.state.detach(), Due(LATER))
    assert await under_test.due(NOW) == []
    claim = await claimed(under_test, accepted.state.id, LATER)
    assert claim.attempt == 1
    assert (await read(under_test, accepted.state.id)).state.status == "running"


async def test_what_reuses_a_result_is_stored_as_completed(under_test: StoreUnderTest[BacktestStore]) -> None:
    running = await started(under_test, (await added(under_test, leads=True)).id)
    ended = completed(running.state)
    assert await under_test.store.end(running, ended)
    reusing = accept_reusing(specification(), ended.state, LATER)
    assert await under_test.store.add(reusing, ORIGIN)

    assert (await read(under_test, reusing.state.id)).state == reusing.state
    assert under_test.topics()[-2:] == ["backtest.accepted", "backtest.completed"]
    assert await under_test.due(LATER + timedelta(days=1)) == []


async def test_a_queued_one_is_moved_forward_alone(under_test: StoreUnderTest[BacktestStore]) -> None:
    first, second = await added(under_test, rank=1.0), await added(under_test, rank=5.0)
    assert await under_test.store.hasten(second.id, -2.0)
    assert not await under_test.store.hasten(first.id, 3.0)  # it is before that
    assert await under_test.due(NOW) == [second.id, first.id]
    assert (await read(under_test, second.id)).state.queue_rank == -2.0

    await claimed(under_test, first.id)
    assert not await under_test.store.hasten(first.id, -3.0)  # it has left the queue
    assert await under_test.store.end(second, second.state.cancel(NOW))  # and the version has not changed


async def test_pages_show_the_newest_first_and_ids_settle_ties(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    moments = {"a": 0, "b": 1, "c": 1, "d": 1, "e": 2}
    for backtest_id, seconds in moments.items():
        spec = specification(id=backtest_id, created_at=NOW + timedelta(seconds=seconds))
        accepted = accept(spec, 0.0, 1.0, leads=False)
        failed = accepted.state.fail(PROBLEM, LATER)
        assert await under_test.store.add(failed if backtest_id in "bd" else accepted, ORIGIN)

    async def ids(limit: int, status: str | None = None, behind: str | None = None) -> str:
        before = cursor_of(NOW + timedelta(seconds=moments[behind]), behind) if behind else None
        return "".join(stored.id for stored in await under_test.store.page(limit, status, before))

    assert await ids(10) == "edcba"
    assert await ids(2) == "ed"
    assert await ids(2, behind="d") == "cb"
    assert await ids(10, behind="b") == "a"
    assert await ids(10, behind="a") == ""
    assert await ids(10, "failed") == "db"
    assert await ids(10, "failed", "d") == "b"
    assert await ids(10, "completed") == ""


async def test_a_page_shows_what_was_read(under_test: StoreUnderTest[BacktestStore]) -> None:
    stored = await added(under_test)

    assert await under_test.store.page(1, None, None) == [stored]


async def test_durations_are_those_of_the_last_completed(under_test: StoreUnderTest[BacktestStore]) -> None:
    for number in range(4):
        spec = specification(created_at=NOW + timedelta(seconds=number))
        running = accept(spec, 0.0, 1.0, leads=False).state.start(1, NOW).state
        done = running.complete(performance(), "r", float(number), LATER)
        assert await under_test.store.add(running.fail(PROBLEM, LATER) if number == 1 else done, ORIGIN)

    assert await under_test.store.durations(2) == [3.0, 2.0]
    assert await under_test.store.durations(10) == [3.0, 2.0, 0.0]


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
    assert not await under_test.store.add(accept(specification(id=absent), 0.0, 1.0, leads=False), ORIGIN)
    assert [each.id for each in await under_test.store.page(100, None, None)] == [there.id]
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
    assert await under_test.store.accept_cancelled(cancellation, accepted, came.origin)
    assert not await under_test.store.accept_cancelled(cancellation, accepted, came.origin)

    now = await read(under_test, spec.id)
    assert (now.state, now.origin, now.sequence) == (accepted.state, came.origin, 2)
    assert under_test.topics() == ["backtest.accepted", "backtest.cancelled"]
    assert {record.headers["correlation_id"] for record in under_test.sent} == {came.origin.correlation_id}
    assert await under_test.due(NOW + timedelta(days=2)) == []


def test_documents_have_these_fields_and_no_others() -> None:
    spec = specification()
    queued = new_document(accept(spec, 3.0, 1.0, leads=True).state, ORIGIN)
    assert queued.keys() == {
        *("_id", "status", "rank", "leading", "request", "work", "strategy_id", "strategy_name", "user_id"),
        *("priority", "reason", "config", "generate_report", "notify_on_completion", "created_at", "origin"),
    }
    assert (queued["status"], queued["rank"], queued["leading"]) == ("pending", 3.0, spec.work)
    following = new_document(Backtest(spec=spec, follows="b-1"), ORIGIN)
    assert (following["attached_to"], following["rank"]) == ("b-1", -3e10)
    cancellation = early_cancellation("b-1", NOW, ORIGIN)
    assert (cancellation["status"], cancellation["rank"]) == ("revoked", -2e10 + NOW.timestamp())


def test_what_earlier_versions_stored_is_read() -> None:
    """A follower that ended with its leader's result, as it was written when documents had no type."""
    spec = specification()
    document = new_document(Backtest(spec=spec), ORIGIN) | {
        "status": "completed",
        "completed_at": LATER,
        "progress": None,
        "performance": performance().model_dump(),
        "result_id": "b-1:1",
        "reused_from": "b-1",
        "fence": 1,
        "attempt": 1,
        "version": 3,
        "sequence": 2,
    }
    assert read_entry(document) == Backtest(
        spec=spec,
        status="completed",
        completed_at=LATER,
        performance=performance(),
        result_id="b-1:1",
        reused_from="b-1",
    )
