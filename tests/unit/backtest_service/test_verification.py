"""Backtests that are run again to see whether they give the same."""

import asyncio

import pytest

from backchat_contracts import BacktestVerification, BacktestVerificationRequested, Refused
from services.backtest.errors import (
    BacktestNotFoundError,
    JobError,
    ResultNotReadyError,
    TooManyVerificationsError,
)
from services.backtest.verification import MOST_WAITING
from tests.builders import delivery, result
from tests.fakes import eventually
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio


async def completed(service: Service) -> str:
    request = await service.accept()
    await service.work_on(await service.claim(request.backtest_id))
    return request.backtest_id


async def verified(service: Service, backtest_id: str) -> object:
    asked = delivery()
    await service.verification.request(BacktestVerificationRequested(backtest_id=backtest_id), asked)
    answers = service.reply.sent

    async def answered() -> bool:
        return any(to == asked.reply_address for to, _ in answers)

    await eventually(answered, 5)
    return next(answer for to, answer in answers if to == asked.reply_address)


async def test_the_same_result_is_identical_and_nothing_changes() -> None:
    service = Service()
    backtest_id = await completed(service)
    before, published = await service.show(backtest_id), service.published()

    answer = await verified(service, backtest_id)

    assert answer == BacktestVerification(id=backtest_id, identical=True, differences=())
    assert len(service.engine.ran) == 2
    assert service.engine.ran[0] == service.engine.ran[1]
    assert (await service.show(backtest_id), service.published()) == (before, published)


async def test_what_differs_is_told() -> None:
    service = Service()
    backtest_id = await completed(service)
    service.engine.result = result(equity=result().equity * 1.5)

    answer = await verified(service, backtest_id)

    assert isinstance(answer, BacktestVerification)
    assert not answer.identical
    assert [each.field for each in answer.differences] == ["equity_curve.equity"]


async def test_other_prices_that_give_the_same_are_told_and_identical() -> None:
    service = Service()
    backtest_id = await completed(service)
    service.engine.content = lambda _config: "other"

    answer = await verified(service, backtest_id)

    assert isinstance(answer, BacktestVerification)
    assert answer.identical
    assert [each.field for each in answer.differences] == ["provenance.data_hash"]


async def test_what_can_not_be_run_again_is_refused_with_the_reason() -> None:
    service = Service()
    backtest_id = await completed(service)
    service.engine.error = JobError("engine-error", "no data for 'AAPL'")

    answer = await verified(service, backtest_id)

    assert isinstance(answer, Refused)
    assert answer.code == "not-repeated"
    assert "no data for 'AAPL'" in answer.detail


async def test_a_worker_that_dies_is_told() -> None:
    service = Service()
    backtest_id = await completed(service)
    service.engine.error = RuntimeError("the process ended")

    answer = await verified(service, backtest_id)

    assert isinstance(answer, Refused)
    assert answer.code == "not-repeated"


async def test_only_what_has_completed_can_be_verified() -> None:
    service = Service()
    request = await service.accept()
    verification = service.verification
    for backtest_id, error in ((request.backtest_id, ResultNotReadyError), ("none", BacktestNotFoundError)):
        with pytest.raises(error):
            await verification.request(BacktestVerificationRequested(backtest_id=backtest_id), delivery())


async def test_without_an_address_for_the_answer_nothing_is_run() -> None:
    service = Service()
    backtest_id = await completed(service)
    await service.verification.request(
        BacktestVerificationRequested(backtest_id=backtest_id), delivery(answered=False)
    )
    assert len(service.engine.ran) == 1


async def test_they_run_one_at_a_time_and_too_many_are_refused() -> None:
    service = Service()
    backtest_id = await completed(service)
    going_on = asyncio.Event()
    service.engine.gate = going_on
    verification, asked = (
        service.verification,
        BacktestVerificationRequested(backtest_id=backtest_id),
    )
    for _ in range(MOST_WAITING):
        await verification.request(asked, delivery())
    with pytest.raises(TooManyVerificationsError):
        await verification.request(asked, delivery())
    await asyncio.sleep(0)
    assert len(service.engine.ran) == 2  # the first, and one of the verifications

    await verification.stop()
    assert len(service.engine.ran) == 2
