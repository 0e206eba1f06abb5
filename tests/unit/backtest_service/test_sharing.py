"""Equal backtests: one runs, the others follow it or reuse its result."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from backchat_contracts import BacktestCompleted, BacktestFailed, BacktestRequested
from services.backtest.errors import JobError
from services.chassis.errors import StoreUnavailableError
from services.chassis.jobs.rank import Due, number_of
from tests.builders import backtest_requested, delivery, new_id
from tests.unit.backtest_service.service import Service, market

pytestmark = pytest.mark.anyio


async def ask(service: Service, **given: Any) -> BacktestRequested:
    return await service.accept(fresh=False, **given)


async def run_all(service: Service) -> None:
    """Claim and run until nothing waits."""
    await service.followers.wake()
    while waiting := await service.claimable():
        await service.run(waiting[0])
        await service.followers.wake()


async def statuses(service: Service, *requests: BacktestRequested) -> list[str]:
    return [(await service.show(request.backtest_id)).status for request in requests]


async def test_an_equal_one_joins_the_one_that_waits() -> None:
    service = Service()
    first, second = await ask(service), await ask(service)
    assert await service.claimable() == [first.backtest_id]
    await run_all(service)

    assert await statuses(service, first, second) == ["completed", "completed"]
    assert len(service.engine.ran) == 1
    shown = [await service.show(request.backtest_id) for request in (first, second)]
    assert shown[0].performance == shown[1].performance
    assert [view.reused_from for view in shown] == [None, first.backtest_id]


async def test_an_equal_one_joins_the_one_that_runs() -> None:
    service = Service()
    first = await ask(service)
    claim = await service.claim(first.backtest_id)
    second = await ask(service)
    assert await service.claimable() == []
    await service.work_on(claim)

    assert await service.claimable() == [second.backtest_id]  # woken at once by the end of the first
    await run_all(service)
    assert await statuses(service, second) == ["completed"]


async def test_a_backtest_ends_once_if_its_followers_cannot_be_woken_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Service()
    first = await ask(service)
    claim = await service.claim(first.backtest_id)
    second = await ask(service)

    async def away(_now: datetime) -> list[str]:
        raise StoreUnavailableError("away")

    with monkeypatch.context() as patched:
        patched.setattr(service.store, "wake_followers", away)
        await service.work_on(claim)
    await run_all(service)
    assert await statuses(service, first, second) == ["completed", "completed"]


async def test_an_equal_one_reuses_what_is_done() -> None:
    service = Service()
    first = await ask(service, user_id="kim")
    await run_all(service)
    came = delivery()
    second = backtest_requested(user_id="lee", trigger_reason="nightly")
    await service.requests.take(second, came)

    assert await statuses(service, second) == ["completed"]
    assert await service.claimable() == []
    accepted, completed = service.store.memory.sent[-2:]
    assert [accepted.topic, completed.topic] == ["backtest.accepted", "backtest.completed"]
    assert {record.headers["correlation_id"] for record in (accepted, completed)} == {
        came.origin.correlation_id
    }
    told = BacktestCompleted.model_validate_json(completed.value)
    assert (told.backtest_id, told.user_id, told.reused_from) == (
        second.backtest_id,
        "lee",
        first.backtest_id,
    )
    assert told.config.tags[0] == "nightly"


async def test_each_keeps_its_own_correlation() -> None:
    service, came = Service(), [delivery(), delivery()]
    requests = [backtest_requested(), backtest_requested()]
    for request, delivered in zip(requests, came, strict=True):
        await service.requests.take(request, delivered)
    await run_all(service)

    for request, delivered in zip(requests, came, strict=True):
        records = [record for record in service.store.memory.sent if record.key == request.backtest_id]
        assert {record.headers["correlation_id"] for record in records} == {delivered.origin.correlation_id}
        sequences = [int(record.headers["ce_sequence"]) for record in records]
        assert sequences == list(range(1, len(records) + 1))  # none is missing


@pytest.mark.parametrize(
    "other",
    [
        {"fresh": True},
        {"symbols": ["FB"]},
        {"type": "rsi"},
        {"type": "sma_crossover", "parameters": {"fast": 5}},
        {"commission_rate": 0.002},
        {"slippage_rate": 0.02},
        {"initial_cash": 1000.0},
        {"start_date": "2012-10-01"},
    ],
)
async def test_what_is_not_equal_or_to_be_fresh_runs_itself(other: dict[str, Any]) -> None:
    service = Service()
    await ask(service)
    second = await service.accept(**({"fresh": False} | other))
    await run_all(service)

    assert len(service.engine.ran) == 2
    assert (await service.show(second.backtest_id)).reused_from is None


async def test_other_prices_are_other_work() -> None:
    service = Service()
    await ask(service)
    service.data.replace(market(price=2.0))
    await ask(service)
    await run_all(service)

    assert len(service.engine.ran) == 2


@pytest.mark.parametrize(
    ("given", "runs"),
    [
        ({"symbols": ["AAPL"]}, 1),
        ({"symbols": ["FB"]}, 2),
        ({"symbols": ["AAPL"], "benchmark": "FB", "start_date": "2012-06-01"}, 2),
    ],
)
async def test_a_new_price_ends_the_sharing_of_what_uses_it_alone(given: dict[str, Any], runs: int) -> None:
    service = Service()
    await ask(service, **given)
    service.data.replace(market(last_price=2.0))
    await ask(service, **given)
    await run_all(service)

    assert len(service.engine.ran) == runs


async def test_equal_ones_that_come_at_once_are_one_job() -> None:
    service = Service()
    requests = [backtest_requested() for _ in range(20)]
    await asyncio.gather(*(service.requests.take(request, delivery()) for request in requests))
    await run_all(service)

    assert len(service.engine.ran) == 1
    assert set(await statuses(service, *requests)) == {"completed"}
    assert service.published().count("backtest.completed") == 20


async def test_a_follower_fails_with_its_leader() -> None:
    service = Service()
    service.engine.error = JobError("engine-error", "no prices")
    requests = [await ask(service), await ask(service)]
    await run_all(service)

    assert len(service.engine.ran) == 1
    failed = BacktestFailed.model_validate_json(service.store.memory.sent[-1].value)
    assert (failed.backtest_id, failed.code, failed.detail) == (
        requests[1].backtest_id,
        "engine-error",
        "no prices",
    )


async def test_what_failed_is_not_reused() -> None:
    service = Service()
    service.engine.error = JobError("deadline-exceeded", "too slow today")
    await ask(service)
    await run_all(service)
    service.engine.error = None
    again = await ask(service)
    await run_all(service)

    assert await statuses(service, again) == ["completed"]
    assert len(service.engine.ran) == 2


async def test_a_follower_of_a_cancelled_leader_runs_itself() -> None:
    service = Service()
    first, second = await ask(service), await ask(service)
    await service.cancel(first.backtest_id)
    await run_all(service)

    assert await statuses(service, first, second) == ["cancelled", "completed"]
    assert len(service.engine.ran) == 1


async def test_a_follower_can_be_cancelled_alone() -> None:
    service = Service()
    first, second = await ask(service), await ask(service)
    await service.cancel(second.backtest_id)
    await run_all(service)

    assert await statuses(service, first, second) == ["completed", "cancelled"]


async def test_a_more_urgent_equal_one_hastens_the_other() -> None:
    service = Service()
    other = await service.accept()
    slow = await ask(service, priority="low")
    assert (await service.claimable())[0] == other.backtest_id
    await ask(service, priority="high")

    assert (await service.claimable())[0] == slow.backtest_id
    assert service.store.memory.documents[slow.backtest_id]["rank"] < 0


async def test_following_does_not_move_the_users_next_job_back() -> None:
    service = Service()
    await ask(service, user_id="kim")
    before = service.workload.rank("lee", "normal")
    for _ in range(50):
        await ask(service, user_id="lee")
    assert service.workload.rank("lee", "normal") == before + 1


async def test_a_follower_whose_leader_still_runs_goes_on_waiting() -> None:
    service = Service()
    first = await ask(service)
    await service.claim(first.backtest_id)
    second = await ask(service)
    document = service.store.memory.documents[second.backtest_id]
    document["rank"] = number_of(Due(service.clock()))  # woken for nothing
    await service.run(second.backtest_id)

    assert document["_id"] not in await service.claimable()
    assert await statuses(service, second) == ["pending"]
    assert service.published().count("backtest.started") == 1


async def test_the_answer_to_a_request_that_is_done_says_so_again() -> None:
    service, request = Service(), backtest_requested(backtest_id=new_id("backtest"))
    await service.requests.take(request, delivery())
    await run_all(service)
    await service.requests.take(request, delivery())

    assert service.published() == ["backtest.accepted", "backtest.started", "backtest.completed"]
