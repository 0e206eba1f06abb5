"""Cancelling: waiting, running, at the moment of the end, twice, too late."""

import pytest

from backchat_contracts import BacktestCancelled, BacktestRequested, BacktestView
from services.backtest.errors import BacktestEndedError, BacktestNotFoundError, JobError
from services.chassis.errors import LeaseLostError, StaleError
from tests.builders import backtest_requested, delivery, new_id
from tests.fakes import FakeEngine
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio


async def test_one_that_waits_is_cancelled_and_never_runs() -> None:
    service = Service()
    request = await service.accept(user_id="kim", notify_on_completion=True, session_id="s-1")
    service.clock.advance(seconds=5)
    (view,) = await service.cancel(request.backtest_id)

    assert isinstance(view, BacktestView)
    assert (view.status, view.completed_at) == ("cancelled", service.clock())
    assert await service.claimable() == []
    cancelled = BacktestCancelled.model_validate_json(service.store.memory.sent[-1].value)
    assert (cancelled.backtest_id, cancelled.user_id, cancelled.notify_on_completion) == (
        request.backtest_id,
        "kim",
        True,
    )
    assert cancelled.session_id == "s-1"
    assert cancelled.cancelled_at == service.clock()


@pytest.mark.parametrize("error", [None, JobError("engine-error", "late")])
async def test_one_that_runs_is_cancelled_and_its_result_refused(error: JobError | None) -> None:
    service = Service(FakeEngine(error))
    request = await service.accept()
    claim = await service.claim(request.backtest_id)
    await service.cancel(request.backtest_id)
    assert service.workload.dropped == [request.backtest_id]
    await service.work_on(claim)  # it had not heard of it

    assert (await service.show(request.backtest_id)).status == "cancelled"
    assert service.published() == ["backtest.accepted", "backtest.started", "backtest.cancelled"]
    with pytest.raises(LeaseLostError):
        await service.queue.renew(claim, service.clock())


async def test_cancelling_twice_is_fine() -> None:
    service = Service()
    request = await service.accept()
    first, second = [await service.cancel(request.backtest_id) for _ in range(2)]

    assert first == second
    assert service.published().count("backtest.cancelled") == 1


@pytest.mark.parametrize("error", [None, JobError("engine-error", "no")])
async def test_what_has_ended_stays_as_it_is(error: JobError | None) -> None:
    service = Service(FakeEngine(error))
    request = await service.accept()
    await service.run(request.backtest_id)
    with pytest.raises(BacktestEndedError) as refusal:
        await service.cancel(request.backtest_id)

    assert refusal.value.extra == {"backtest_status": "failed" if error else "completed"}
    assert "backtest.cancelled" not in service.published()


async def test_what_ends_at_that_moment_is_looked_at_again() -> None:
    service = Service()
    request = await service.accept()
    service.store.memory.interfere()
    with pytest.raises(StaleError):  # and delivered again
        await service.cancel(request.backtest_id)
    await service.cancel(request.backtest_id)

    assert (await service.show(request.backtest_id)).status == "cancelled"


async def test_what_is_not_there_cannot_be_cancelled() -> None:
    with pytest.raises(BacktestNotFoundError):
        await Service().cancel(new_id("nothing"))


async def cancelled_before_it_came(service: Service) -> BacktestRequested:
    request = backtest_requested()
    with pytest.raises(BacktestNotFoundError):
        await service.cancel(request.backtest_id)
    return request


async def test_a_cancellation_may_overtake_its_backtest() -> None:
    service = Service()
    request = await cancelled_before_it_came(service)
    with pytest.raises(BacktestNotFoundError):
        await service.show(request.backtest_id)
    for _ in range(2):
        await service.requests.take(request, delivery())

    assert service.published() == ["backtest.accepted", "backtest.cancelled"]
    assert [record.headers["ce_sequence"] for record in service.store.memory.sent] == ["1", "2"]
    view = await service.show(request.backtest_id)
    assert (view.status, view.completed_at) == ("cancelled", service.clock())
    (again,) = await service.cancel(request.backtest_id)
    assert again == view
    service.clock.advance(days=2)
    assert await service.claimable() == []


async def test_a_cancellation_of_what_never_comes_is_forgotten_after_a_day() -> None:
    service = Service()
    request = await cancelled_before_it_came(service)
    assert await service.claimable() == []
    service.clock.advance(days=1)
    assert await service.claimable() == [request.backtest_id]
    await service.run(request.backtest_id)

    assert service.published() == []
    assert await service.store.get(request.backtest_id) is None


async def test_what_comes_while_its_cancellation_is_forgotten_is_forgotten_no_more() -> None:
    service = Service()
    request = await cancelled_before_it_came(service)
    service.clock.advance(days=1)
    claim = await service.claim(request.backtest_id)
    await service.requests.take(request, delivery())
    await service.work_on(claim)

    assert (await service.show(request.backtest_id)).status == "cancelled"
