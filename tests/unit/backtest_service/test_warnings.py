"""Warnings go with the figures: into the event, the backtest and its result, also a reused one."""

from typing import Any

import pytest

from backchat_contracts import BacktestCompleted, BacktestQueried, BacktestResultView, ResultWarning, Texts
from services.backtest import previous_runs
from tests.builders import delivery
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio

IDLE = ResultWarning(code="mostly-cash", detail=Texts(ko="현금", en="cash"))


async def codes(service: Service, name: str = "Golden", /, **given: Any) -> list[str]:
    """Run a backtest; return the codes of its warnings."""
    request = await service.accept(name, **given)
    if (await service.show(request.backtest_id)).status == "pending":
        await service.run(request.backtest_id)
    shown = await service.show(request.backtest_id)
    assert (shown.status, shown.warnings is None) == ("completed", False)
    return [warning.code for warning in shown.warnings or ()]


async def test_the_warnings_of_a_run_are_wherever_its_figures_are() -> None:
    service = Service()
    service.engine.warnings = (IDLE,)
    request = await service.accept()
    assert (await service.show(request.backtest_id)).warnings is None
    await service.run(request.backtest_id)

    assert (await service.show(request.backtest_id)).warnings == (IDLE,)
    event = BacktestCompleted.model_validate_json(service.store.memory.sent[-1].value)
    assert event.warnings == (IDLE,)
    came = delivery()
    query = BacktestQueried(backtest_id=request.backtest_id, include_result=True)
    await service.backtests.query(query, came)
    (result,) = service.answers_to(came)
    assert isinstance(result, BacktestResultView)
    assert result.warnings == (IDLE,)


async def test_a_run_that_is_set_otherwise_than_the_one_before_says_so() -> None:
    service = Service()
    assert await codes(service) == []
    assert await codes(service) == []
    assert await codes(service, "Another", initial_cash=7.0) == []
    assert await codes(service, initial_cash=7.0) == ["setting-changed"]
    assert await codes(service, initial_cash=7.0) == []
    assert await codes(service) == ["setting-changed"]


async def test_the_run_before_is_known_after_a_restart_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previous_runs, "REMEMBERED", 1)
    service = Service()
    await codes(service)
    await codes(service, "Another")  # that is remembered instead
    assert await codes(service, slippage_rate=0.01) == ["setting-changed"]


@pytest.mark.parametrize("waits", [False, True])
async def test_a_reused_result_has_its_warnings_and_a_change_of_its_own(*, waits: bool) -> None:
    service = Service()
    service.engine.warnings = (IDLE,)
    leader = await service.accept("Leader", fresh=False)
    await codes(service, "Follower", fresh=True, initial_cash=7.0)
    if not waits:
        await service.run(leader.backtest_id)
    follower = await service.accept("Follower", fresh=False)
    if waits:
        await service.run(leader.backtest_id)
        await service.run(follower.backtest_id)

    shown = await service.show(follower.backtest_id)
    assert shown.reused_from == leader.backtest_id
    assert [warning.code for warning in shown.warnings or ()] == ["mostly-cash", "setting-changed"]
