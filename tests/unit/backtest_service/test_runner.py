"""Backtests being run: completed, failed, given up, and their progress."""

import pytest

from backchat_contracts import (
    BacktestCompleted,
    BacktestFailed,
    BacktestProgressed,
    BacktestStarted,
    Progress,
)
from services.backtest.errors import JobError
from services.backtest.progress import Stage
from tests.builders import delivery, performance
from tests.fakes import FakeEngine
from tests.unit.backtest_service.service import ATTEMPTS, Service

pytestmark = pytest.mark.anyio


def last_event(service: Service) -> bytes:
    return service.store.memory.sent[-1].value


async def test_a_claimed_backtest_is_running_and_its_event_is_published() -> None:
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


async def test_a_backtest_that_ran_is_completed_and_its_event_is_published() -> None:
    service = Service()
    request = await service.accept(
        user_id="kim", generate_report=True, notify_on_completion=True, session_id="s-1"
    )
    claim = await service.claim(request.backtest_id)
    service.clock.advance(seconds=2.5)
    await service.work_on(claim)

    view = await service.show(request.backtest_id)
    assert (view.status, view.completed_at, view.performance) == ("completed", service.clock(), performance())
    assert service.engine.ran == [view.config]
    assert service.published() == ["backtest.accepted", "backtest.started", "backtest.completed"]
    completed = BacktestCompleted.model_validate_json(last_event(service))
    assert completed == BacktestCompleted(
        backtest_id=request.backtest_id,
        strategy_id="sma-20-50",
        strategy_name="SMA 20 50",
        config=view.config,
        performance=performance(),
        provenance=view.provenance,
        user_id="kim",
        duration_seconds=2.5,
        generate_report=True,
        notify_on_completion=True,
        session_id="s-1",
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


async def test_a_backtest_that_cannot_be_run_has_failed_and_its_event_is_published() -> None:
    service = Service(FakeEngine(JobError("engine-error", "fast must be smaller")))
    request = await service.accept(user_id="kim", notify_on_completion=True, session_id="s-1")
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


async def test_progress_is_published_and_stored_by_the_heartbeat() -> None:
    service = Service()
    service.engine.stages = [Stage(0.0, "prices"), Stage(0.25, "simulation")]
    request = await service.accept()
    claim = await service.claim(request.backtest_id)
    service.engine.on_report = lambda: service.clock.advance(seconds=3)
    await service.work_on(claim)

    (first, _), (second, sequence) = service.publish_unconfirmed.sent
    assert isinstance(first, BacktestProgressed)
    assert isinstance(second, BacktestProgressed)
    assert (first.fraction, first.stage, first.eta_seconds) == (0.0, "prices", None)
    assert (second.fraction, second.stage, second.eta_seconds) == (0.25, "simulation", 18.0)
    assert (second.attempt, sequence) == (1, 2)  # the sequence of backtest.started
    assert isinstance(claim.note, Progress)
    assert claim.note.fraction == 0.25


async def test_a_new_attempt_begins_without_the_progress_of_the_one_before() -> None:
    service = Service()
    request = await service.accept()
    claim = await service.claim(request.backtest_id)
    claim.note = Progress(fraction=0.9, stage="metrics", eta_seconds=1, progressed_at=service.clock())
    await service.queue.renew(claim, service.clock())
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
