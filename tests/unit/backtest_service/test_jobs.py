"""Backtests being run: completed, failed, given up; and how long the next one will take."""

from typing import Any

import pytest

from backchat_contracts import BacktestCompleted, BacktestFailed, BacktestProgressed, BacktestStarted
from services.backtest.documents import read_entry
from services.backtest.domain.fair_queue import FairQueue
from services.backtest.domain.planning import estimate_seconds
from services.backtest.errors import JobError
from services.backtest.progress import Stage
from services.backtest.workload import MOST_AHEAD, REMEMBERED, Durations, WorkerWorkload
from services.chassis.jobs.workers import Ending, Workers
from services.chassis.settings import ServiceSettings
from tests.builders import delivery, performance
from tests.fakes import FakeEngine, FakeQueue, Memory
from tests.unit.backtest_service.service import ATTEMPTS, Service

pytestmark = pytest.mark.anyio


def last_event(service: Service) -> bytes:
    return service.store.memory.sent[-1].value


async def test_a_claimed_backtest_is_running_and_that_is_told() -> None:
    service = Service()
    request = await service.accept()
    claim = await service.claim(request.backtest_id)

    view = await service.show(request.backtest_id)
    assert (view.status, view.started_at) == ("running", service.clock())
    started = BacktestStarted.model_validate_json(last_event(service))
    assert (started.backtest_id, started.attempt, started.started_at) == (
        request.backtest_id,
        claim.fence,
        service.clock(),
    )


async def test_a_backtest_that_ran_is_completed_and_that_is_told() -> None:
    service = Service()
    request = await service.accept(user_id="kim", generate_report=True, notify_on_completion=True)
    claim = await service.claim(request.backtest_id)
    service.clock.advance(seconds=2.5)
    await service.work_on(claim)

    view = await service.show(request.backtest_id)
    assert (view.status, view.completed_at, view.performance) == ("completed", service.clock(), performance())
    assert service.engine.ran == [view.config.model_dump(mode="json")]
    assert service.published() == ["backtest.accepted", "backtest.started", "backtest.completed"]
    completed = BacktestCompleted.model_validate_json(last_event(service))
    assert completed == BacktestCompleted(
        backtest_id=request.backtest_id,
        strategy_id="sma-20-50",
        strategy_name="SMA 20/50",
        config=view.config,
        performance=performance(),
        user_id="kim",
        duration_seconds=2.5,
        generate_report=True,
        notify_on_completion=True,
        completed_at=service.clock(),
    )
    assert service.durations.estimate(0, 1) == service.engine.seconds
    service.clock.advance(days=1)
    assert await service.claimable() == []


async def test_events_lead_back_to_the_request() -> None:
    service, came = Service(), delivery()
    request = await service.accept()
    document = service.store.memory.documents[request.backtest_id]
    document["origin"] = {
        "correlation_id": came.origin.correlation_id,
        "traceparent": came.origin.traceparent,
    }
    await service.work_on(await service.claim(request.backtest_id))

    for record in service.store.memory.sent[1:]:
        assert record.headers["correlation_id"] == came.origin.correlation_id
        assert record.headers["traceparent"] == came.origin.traceparent


async def test_a_backtest_that_cannot_be_run_has_failed_and_that_is_told() -> None:
    service = Service(FakeEngine(JobError("engine-error", "fast must be smaller")))
    request = await service.accept(user_id="kim", notify_on_completion=True)
    await service.work_on(await service.claim(request.backtest_id))

    view = await service.show(request.backtest_id)
    assert view.status == "failed"
    assert view.error is not None
    assert (view.error.code, view.error.detail) == ("engine-error", "fast must be smaller")
    assert view.performance is None
    failed = BacktestFailed.model_validate_json(last_event(service))
    assert (failed.backtest_id, failed.code, failed.user_id, failed.notify_on_completion) == (
        request.backtest_id,
        "engine-error",
        "kim",
        True,
    )
    assert failed.failed_at == service.clock()
    service.clock.advance(days=1)
    assert await service.claimable() == []


async def test_a_backtest_that_keeps_killing_its_worker_is_given_up() -> None:
    service = Service()
    request = await service.accept()
    for _ in range(ATTEMPTS):
        await service.claim(request.backtest_id)  # by a worker that died
    await service.work_on(await service.claim(request.backtest_id))

    assert service.engine.ran == []
    view = await service.show(request.backtest_id)
    assert view.error is not None
    assert (view.status, view.error.code) == ("failed", "poison")
    assert str(ATTEMPTS) in view.error.detail
    assert service.published() == [
        "backtest.accepted",
        *["backtest.started"] * ATTEMPTS,
        "backtest.failed",
    ]


async def test_the_last_attempt_still_counts() -> None:
    service = Service()
    request = await service.accept()
    for _ in range(ATTEMPTS - 1):
        await service.claim(request.backtest_id)
    await service.work_on(await service.claim(request.backtest_id))

    assert (await service.show(request.backtest_id)).status == "completed"


@pytest.mark.parametrize("error", [None, JobError("engine-error", "late")])
async def test_what_comes_from_a_worker_that_lost_its_claim_is_refused(error: JobError | None) -> None:
    service = Service(FakeEngine(error))
    request = await service.accept()
    late = await service.claim(request.backtest_id)
    holder = await service.claim(request.backtest_id)
    await service.work_on(late)
    assert (await service.show(request.backtest_id)).status == "running"
    assert service.durations.estimate(0, 1) == 1.0  # nothing was learned from it

    service.engine.error = None
    await service.work_on(holder)
    document = service.store.memory.documents[request.backtest_id]
    assert (document["status"], document["result_id"]) == ("completed", f"{request.backtest_id}:2")
    assert service.published().count("backtest.completed") == 1
    assert "backtest.failed" not in service.published()


async def test_a_late_result_does_not_overwrite_the_holders() -> None:
    service = Service()
    request = await service.accept()
    late = await service.claim(request.backtest_id)
    await service.work_on(await service.claim(request.backtest_id))
    before = dict(service.store.results)[f"{request.backtest_id}:2"]
    await service.work_on(late)

    assert service.store.results[f"{request.backtest_id}:2"] is before


@pytest.mark.parametrize(
    ("durations", "ahead", "workers", "seconds"),
    [
        ([], 0, 1, 1.0),
        ([2.0, 4.0], 0, 1, 3.0),
        ([3.0], 1, 1, 6.0),
        ([3.0], 1, 2, 3.0),
        ([3.0], 4, 2, 9.0),
        ([3.0], 5, 2, 9.0),
        ([3.0], 2, 0, 9.0),
    ],
)
def test_an_estimate_is_the_mean_run_time_times_the_turn(
    durations: list[float], ahead: int, workers: int, seconds: float
) -> None:
    assert estimate_seconds(durations, ahead, workers) == seconds


def test_only_the_last_durations_count() -> None:
    durations = Durations([100.0])
    for _ in range(REMEMBERED):
        durations.remember(2.0)

    assert durations.estimate(0, 1) == 2.0


async def test_the_workload_estimates_from_what_comes_before() -> None:
    async def run(_claim: Any) -> Ending:
        raise AssertionError("the workers are not started")

    workers = Workers(FakeQueue(Memory(), read_entry), run, lambda: 2, ServiceSettings())
    workload = WorkerWorkload(workers, FairQueue(), Durations([4.0]), 2)
    assert workload.estimate_seconds(0.0) == 4.0
    for number in range(4):
        workload.announce(f"b-{number}", float(number))
    assert workload.estimate_seconds(9.0) == 12.0
    assert workload.estimate_seconds(-1.0) == 4.0
    assert workload.estimate_seconds(None) == 4.0  # it has left the queue


@pytest.mark.parametrize(
    ("seconds", "processes", "expected"),
    [(10.0, 2, 2), (0.1, 2, 2), (0.02, 1, 5), (0.02, 2, 10), (0.0001, 1, MOST_AHEAD), (0.02, 0, 0)],
)
def test_of_short_backtests_more_are_claimed_at_once(seconds: float, processes: int, expected: int) -> None:
    assert Durations([seconds]).at_once(processes) == expected


def test_nothing_is_claimed_ahead_behind_a_long_one() -> None:
    durations = Durations([0.001])
    assert durations.at_once(2, busy_seconds=0.09) == 2 * 10
    assert durations.at_once(2, busy_seconds=1.0) == 2


async def test_progress_is_told_and_noted_for_the_heartbeat() -> None:
    service = Service()
    service.engine.stages = [Stage(0.0, "prices"), Stage(0.25, "simulation")]
    request = await service.accept()
    claim = await service.claim(request.backtest_id)
    service.engine.on_report = lambda: service.clock.advance(seconds=3)
    await service.work_on(claim)

    (first, _), (second, sequence) = service.tell.sent
    assert isinstance(first, BacktestProgressed)
    assert isinstance(second, BacktestProgressed)
    assert (first.fraction, first.stage, first.eta_seconds) == (0.0, "prices", None)
    assert (second.fraction, second.stage, second.eta_seconds) == (0.25, "simulation", 18.0)
    assert (second.attempt, sequence) == (1, 2)  # the sequence of backtest.started
    assert claim.notes["progress"]["fraction"] == 0.25


async def test_a_new_attempt_begins_without_the_progress_of_the_one_before() -> None:
    service = Service()
    request = await service.accept()
    claim = await service.claim(request.backtest_id)
    claim.notes["progress"] = {
        "fraction": 0.9,
        "stage": "metrics",
        "eta_seconds": 1,
        "progressed_at": service.clock(),
    }
    assert await service.queue.renew(claim, service.clock())
    shown = await service.show(request.backtest_id)
    assert shown.progress is not None
    await service.claim(request.backtest_id)

    assert (await service.show(request.backtest_id)).progress is None


async def test_a_worker_that_dies_does_not_end_the_backtest() -> None:
    service = Service(FakeEngine(RuntimeError("the process died")))
    request = await service.accept()
    with pytest.raises(RuntimeError):
        await service.run(request.backtest_id)
    assert (await service.show(request.backtest_id)).status == "running"
