"""How a backtest would be run, and when it would be done."""

from typing import Any

import pytest

from backchat_contracts import BacktestEstimate, BacktestEstimateQueried, Contract, Refused
from tests.builders import backtest_requested, delivery
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio


async def estimated(service: Service, **config: Any) -> Contract:
    came = delivery()
    wanted = {"name": "RSI", "symbols": ["AAPL"], **config}
    await service.requests.estimate(BacktestEstimateQueried.model_validate({"strategy_config": wanted}), came)
    (answer,) = service.answers_to(came)
    return answer


async def test_it_is_what_a_request_would_be_accepted_as_and_stores_nothing() -> None:
    service = Service()
    wanted = {"type": "rsi", "parameters": {"window": 9}, "slippage_rate": 0.02}
    answer = await estimated(service, **wanted)

    assert isinstance(answer, BacktestEstimate)
    assert (answer.strategy_id, answer.version, answer.estimated_duration_seconds) == ("rsi", None, 4.5)
    assert service.published() == []
    assert await service.claimable() == []
    assert not service.workload.announced

    request = backtest_requested("RSI", symbols=["AAPL"], **wanted)
    await service.requests.take(request, delivery())
    shown = await service.show(request.backtest_id)
    assert answer.config == shown.config.model_copy(update={"tags": ()})


async def test_a_definition_that_the_strategy_has_is_of_its_version() -> None:
    service = Service()
    await service.accept("RSI", type="rsi", parameters={"window": 9})
    await service.accept("RSI", type="rsi", parameters={"window": 20})

    answers = [
        await estimated(service, **({"type": "rsi", "parameters": {"window": n}} if n else {}))
        for n in (9, 20, 5, 0)
    ]
    assert [isinstance(each, BacktestEstimate) and each.version for each in answers] == [1, 2, None, 2]


@pytest.mark.parametrize(
    ("config", "code", "says"),
    [
        ({"type": "rsi", "parameters": {"window": 1}}, "invalid-parameters", "at least 2"),
        ({"type": "gamma"}, "unknown-strategy-type", "there are: bollinger"),
        ({"symbols": ["XYZ"]}, "outside-coverage", "XYZ"),
    ],
)
async def test_what_would_be_rejected_is_refused(config: dict[str, Any], code: str, says: str) -> None:
    answer = await estimated(Service(), **config)
    assert isinstance(answer, Refused)
    assert answer.code == code
    assert says in answer.detail


async def test_a_refusal_says_of_which_days_there_are_prices() -> None:
    answer = await estimated(Service(), symbols=["AAPL"], start_date="1990-01-01")
    assert isinstance(answer, Refused)
    assert answer.model_dump(mode="json")["extra"] == {"coverage": {"AAPL": ["2000-03-01", "2013-03-01"]}}
