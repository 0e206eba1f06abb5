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
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database
from services.chassis.stored import Stored
from tests.builders import NOW, delivery, new_id, performance, specification
from tests.fakes import FakeBacktests, FakeKafka, FakeQueue
from tests.stores.stand import Kind, Stand

pytestmark = pytest.mark.anyio

ORIGIN = delivery().origin
LATER = NOW + timedelta(seconds=5)
PROBLEM = Problem(code="engine-error", detail="no prices")


def start(entry: Entry, attempt: int) -> Change[Entry]:
    return entry.start(attempt, NOW) if isinstance(entry, Backtest) and not entry.follows else Change(entry)


@pytest.fixture
async def stand(
    kind: Kind, aggregates: Aggregates, database: Database, kafka: FakeKafka
) -> Stand[BacktestStore]:
    if kind == "memory":
        fake = FakeBacktests()
        return Stand(fake, FakeQueue(fake.memory, read_entry, starting(start)), fake.memory.sent)
    backtests = MongoBacktests(aggregates, database["attachments"])
    await backtests.start()
    return Stand(backtests, Queue(aggregates, read_entry, starting(start), queued=True), kafka.sent)


async def added(
    stand: Stand[BacktestStore], *, moment: datetime = NOW, rank: float = 0.0, leads: bool = False
) -> Stored[Backtest]:
    """Add a backtest that is queued."""
    spec = specification(created_at=moment)
    assert await stand.store.add(accept(spec, rank, 1.0, leads=leads), ORIGIN)
    return await read(stand, spec.id)


async def read(stand: Stand[BacktestStore], backtest_id: str) -> Stored[Backtest]:
    stored = await stand.store.get(backtest_id)
    backtest = stored.of(Backtest) if stored else None
    assert backtest is not None
    return backtest


async def claimed(stand: Stand[BacktestStore], backtest_id: str, now: datetime = NOW) -> Claim[Entry]:
    claim = await stand.queue.claim(backtest_id, now, now)
    assert claim is not None
    return claim


async def started(stand: Stand[BacktestStore], backtest_id: str) -> Stored[Backtest]:
    backtest = (await claimed(stand, backtest_id)).job.of(Backtest)
    assert backtest is not None
    return backtest


def completed(backtest: Backtest, result_id: str = "r") -> Change[Backtest]:
    return backtest.complete(performance(), result_id, 0.5, LATER)


async def test_a_backtest_comes_back_as_it_was_stored(stand: Stand[BacktestStore]) -> None:
    accepted = accept(specification(priority="low", user_id="kim"), 7.5, 1.0, leads=True)
    assert await stand.store.add(accepted, ORIGIN)

    stored = await read(stand, accepted.state.id)
    assert stored.state == accepted.state
    assert (stored.origin, stored.version, stored.sequence) == (ORIGIN, 1, 1)
    assert stand.topics() == ["backtest.accepted"]
    assert await stand.due(NOW) == [accepted.state.id]


async def test_there_is_one_backtest_of_an_id(stand: Stand[BacktestStore]) -> None:
    spec = specification()
    assert await stand.store.add(accept(spec, 1.0, 1.0, leads=False), ORIGIN)
    assert not await stand.store.add(accept(spec, 2.0, 1.0, leads=False), ORIGIN)

    assert (await read(stand, spec.id)).state.queue_rank == 1.0
    assert stand.topics() == ["backtest.accepted"]


async def test_of_equal_ones_one_leads(stand: Stand[BacktestStore]) -> None:
    leader = await added(stand, leads=True)
    equal = specification(work=leader.state.spec.work)
    assert not await stand.store.add(accept(equal, 1.0, 1.0, leads=True), ORIGIN)
    assert await stand.store.add(accept(equal, 1.0, 1.0, leads=False), ORIGIN)

    assert await stand.store.leader(leader.state.spec.work) == leader
    assert await stand.store.leader("other work") is None


@pytest.mark.parametrize("end", ["completed", "failed", "cancelled"])
async def test_only_a_leader_that_completed_goes_on_leading(stand: Stand[BacktestStore], end: str) -> None:
    work = (await added(stand, leads=True)).state.spec.work
    leader = await stand.store.leader(work)
    assert leader is not None
    running = await started(stand, leader.id)
    changes = {
        "completed": completed(running.state),
        "failed": running.state.fail(PROBLEM, LATER),
        "cancelled": running.state.cancel(LATER),
    }
    assert await stand.store.end(running, changes[end])

    stored = await stand.store.leader(work)
    assert (stored and stored.state) == (changes[end].state if end == "completed" else None)


async def test_what_is_not_there_is_none(stand: Stand[BacktestStore]) -> None:
    assert await stand.store.get(new_id()) is None
    assert await stand.store.result(new_id()) is None


async def test_its_holder_ends_a_backtest(stand: Stand[BacktestStore]) -> None:
    running = await started(stand, (await added(stand)).id)
    ended = completed(running.state)
    assert await stand.store.end(running, ended)

    assert (await read(stand, running.id)).state == ended.state
    assert await stand.due(NOW + timedelta(days=1)) == []
    assert stand.topics() == ["backtest.accepted", "backtest.started", "backtest.completed"]
    assert stand.sequences() == ["1", "2", "3"]
    assert {record.headers["correlation_id"] for record in stand.sent} == {ORIGIN.correlation_id}


async def test_a_claim_is_read_as_it_is_stored(stand: Stand[BacktestStore]) -> None:
    running = await started(stand, (await added(stand)).id)

    assert (running.state.status, running.state.queue_rank) == ("running", None)
    assert await read(stand, running.id) == running


async def test_a_worker_that_lost_its_claim_ends_nothing(stand: Stand[BacktestStore]) -> None:
    backtest_id = (await added(stand)).id
    lost, holder = await started(stand, backtest_id), await started(stand, backtest_id)

    assert not await stand.store.end(lost, lost.state.fail(PROBLEM, LATER))
    assert (await read(stand, backtest_id)).state.status == "running"
    assert "backtest.failed" not in stand.topics()
    assert await stand.store.end(holder, completed(holder.state))
    assert not await stand.store.end(holder, holder.state.fail(PROBLEM, LATER))


async def test_a_new_attempt_has_no_progress(stand: Stand[BacktestStore]) -> None:
    backtest_id = (await added(stand)).id
    claim = await claimed(stand, backtest_id)
    claim.notes["progress"] = {
        "fraction": 0.5,
        "stage": "metrics",
        "eta_seconds": None,
        "progressed_at": NOW,
    }
    assert await stand.queue.renew(claim, NOW)
    progress = (await read(stand, backtest_id)).state.progress
    assert progress is not None
    assert progress.fraction == 0.5

    await claimed(stand, backtest_id)
    assert (await read(stand, backtest_id)).state.progress is None


async def test_a_result_is_kept_as_it_is_and_may_be_kept_again(stand: Stand[BacktestStore]) -> None:
    result = Result(new_id("result"), ["2010-01-04"], [100_000.0], [{"symbol": "AAPL", "profit": None}])
    running = await started(stand, (await added(stand)).id)
    ended = completed(running.state, result.id)
    assert await stand.store.end(running, ended, result)
    assert await stand.store.result(result.id) == result

    assert not await stand.store.end(running, ended, result)
    assert await stand.store.result(result.id) == result


async def test_a_follower_sleeps_until_its_leader_has_ended(stand: Stand[BacktestStore]) -> None:
    leader = await added(stand, leads=True)
    accepted = accept_following(specification(work=leader.state.spec.work), leader.state, 1.0)
    assert await stand.store.add(accepted, ORIGIN)
    assert (await read(stand, accepted.state.id)).state == accepted.state
    assert await stand.store.wake_followers(LATER) == []
    assert await stand.due(LATER) == [leader.id]

    running = await started(stand, leader.id)
    ended = completed(running.state)
    assert await stand.store.end(running, ended)
    assert await stand.store.wake_followers(LATER) == [accepted.state.id]
    assert await stand.due(LATER) == [accepted.state.id]
    follower = (await claimed(stand, accepted.state.id, LATER)).job.of(Backtest)
    assert follower is not None
    assert await stand.store.end(follower, follower.state.reuse(ended.state, LATER))

    stored = (await read(stand, follower.id)).state
    assert (stored.status, stored.reused_from, stored.follows) == ("completed", leader.id, None)
    assert await stand.due(LATER + timedelta(days=1)) == []


async def test_a_follower_is_put_back_with_all_its_attempts(stand: Stand[BacktestStore]) -> None:
    leader = await added(stand, leads=True)
    accepted = accept_following(specification(), leader.state, 1.0)
    assert await stand.store.add(accepted, ORIGIN)
    assert await stand.store.end(leader, leader.state.cancel(NOW))
    await stand.store.wake_followers(NOW)
    for _ in range(2):
        claim = await claimed(stand, accepted.state.id)
    assert claim.attempt == 2
    read_before = claim.job.of(Backtest)
    assert read_before is not None
    assert await stand.store.requeue(read_before, Change(read_before.state), Asleep())
    assert await stand.due(LATER) == []
    assert not await stand.store.requeue(read_before, read_before.state.detach(), Due(NOW))  # it has changed

    now = await read(stand, accepted.state.id)
    assert await stand.store.requeue(now, now.state.detach(), Due(LATER))
    assert await stand.due(NOW) == []
    claim = await claimed(stand, accepted.state.id, LATER)
    assert claim.attempt == 1
    assert (await read(stand, accepted.state.id)).state.status == "running"


async def test_what_reuses_a_result_is_stored_as_completed(stand: Stand[BacktestStore]) -> None:
    running = await started(stand, (await added(stand, leads=True)).id)
    ended = completed(running.state)
    assert await stand.store.end(running, ended)
    reusing = accept_reusing(specification(), ended.state, LATER)
    assert await stand.store.add(reusing, ORIGIN)

    assert (await read(stand, reusing.state.id)).state == reusing.state
    assert stand.topics()[-2:] == ["backtest.accepted", "backtest.completed"]
    assert await stand.due(LATER + timedelta(days=1)) == []


async def test_a_queued_one_is_moved_forward_alone(stand: Stand[BacktestStore]) -> None:
    first, second = await added(stand, rank=1.0), await added(stand, rank=5.0)
    assert await stand.store.hasten(second.id, -2.0)
    assert not await stand.store.hasten(first.id, 3.0)  # it is before that
    assert await stand.due(NOW) == [second.id, first.id]
    assert (await read(stand, second.id)).state.queue_rank == -2.0

    await claimed(stand, first.id)
    assert not await stand.store.hasten(first.id, -3.0)  # it has left the queue
    assert await stand.store.end(second, second.state.cancel(NOW))  # and the version has not changed


async def test_pages_show_the_newest_first_and_ids_settle_ties(stand: Stand[BacktestStore]) -> None:
    moments = {"a": 0, "b": 1, "c": 1, "d": 1, "e": 2}
    for backtest_id, seconds in moments.items():
        spec = specification(id=backtest_id, created_at=NOW + timedelta(seconds=seconds))
        accepted = accept(spec, 0.0, 1.0, leads=False)
        failed = accepted.state.fail(PROBLEM, LATER)
        assert await stand.store.add(failed if backtest_id in "bd" else accepted, ORIGIN)

    async def ids(limit: int, status: str | None = None, behind: str | None = None) -> str:
        before = (NOW + timedelta(seconds=moments[behind]), behind) if behind else None
        return "".join(stored.id for stored in await stand.store.page(limit, status, before))

    assert await ids(10) == "edcba"
    assert await ids(2) == "ed"
    assert await ids(2, behind="d") == "cb"
    assert await ids(10, behind="b") == "a"
    assert await ids(10, behind="a") == ""
    assert await ids(10, "failed") == "db"
    assert await ids(10, "failed", "d") == "b"
    assert await ids(10, "completed") == ""


async def test_a_page_shows_what_was_read(stand: Stand[BacktestStore]) -> None:
    stored = await added(stand)

    assert await stand.store.page(1, None, None) == [stored]


async def test_durations_are_those_of_the_last_completed(stand: Stand[BacktestStore]) -> None:
    for number in range(4):
        spec = specification(created_at=NOW + timedelta(seconds=number))
        running = accept(spec, 0.0, 1.0, leads=False).state.start(1, NOW).state
        done = running.complete(performance(), "r", float(number), LATER)
        assert await stand.store.add(running.fail(PROBLEM, LATER) if number == 1 else done, ORIGIN)

    assert await stand.store.durations(2) == [3.0, 2.0]
    assert await stand.store.durations(10) == [3.0, 2.0, 0.0]


async def test_an_early_cancellation_is_kept_until_it_is_due(stand: Stand[BacktestStore]) -> None:
    there, absent = await added(stand), new_id("backtest")
    for backtest_id in (there.id, absent, absent):
        await stand.store.cancel_early(backtest_id, NOW + timedelta(days=1), ORIGIN)

    assert await stand.store.get(there.id) == there
    stored = await stand.store.get(absent)
    assert stored is not None
    assert stored.state == CancelledEarly(absent)
    assert not await stand.store.add(accept(specification(id=absent), 0.0, 1.0, leads=False), ORIGIN)
    assert [each.id for each in await stand.store.page(100, None, None)] == [there.id]
    assert await stand.due(NOW) == [there.id]
    assert absent in await stand.due(NOW + timedelta(days=1))


async def test_an_early_cancellation_is_forgotten_as_it_was_read(stand: Stand[BacktestStore]) -> None:
    absent = new_id("backtest")
    await stand.store.cancel_early(absent, NOW, ORIGIN)
    stale = await stand.store.get(absent)
    claim = await claimed(stand, absent)
    assert stale is not None
    await stand.store.forget(stale)
    assert await stand.store.get(absent) == claim.job
    await stand.store.forget(claim.job)
    assert await stand.store.get(absent) is None


async def test_a_backtest_takes_over_from_its_early_cancellation(stand: Stand[BacktestStore]) -> None:
    spec, came = specification(), delivery()
    await stand.store.cancel_early(spec.id, NOW + timedelta(days=1), ORIGIN)
    stored = await stand.store.get(spec.id)
    cancellation = stored.of(CancelledEarly) if stored else None
    assert cancellation is not None
    accepted = cancellation.state.accept(spec, NOW)
    assert await stand.store.accept_cancelled(cancellation, accepted, came.origin)
    assert not await stand.store.accept_cancelled(cancellation, accepted, came.origin)

    now = await read(stand, spec.id)
    assert (now.state, now.origin, now.sequence) == (accepted.state, came.origin, 2)
    assert stand.topics() == ["backtest.accepted", "backtest.cancelled"]
    assert {record.headers["correlation_id"] for record in stand.sent} == {came.origin.correlation_id}
    assert await stand.due(NOW + timedelta(days=2)) == []


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
