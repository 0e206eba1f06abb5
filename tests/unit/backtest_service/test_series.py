"""The curves of a backtest, published for other services."""

import numpy as np
import pytest

from backchat_contracts import BacktestSeriesPublished, BacktestSeriesRequested
from services.backtest import series
from services.backtest.series import view_series
from tests.builders import backtest_requested, delivery, result
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio


async def published(service: Service, backtest_id: str) -> BacktestSeriesPublished:
    await service.series.take(BacktestSeriesRequested(backtest_id=backtest_id), delivery())
    ((event, _),) = service.publish.sent
    return BacktestSeriesPublished.model_validate_json(event.model_dump_json())


async def test_a_completed_backtest_is_published_with_its_curves_and_fills() -> None:
    service = Service()
    request = await service.accept()
    await service.work_on(await service.claim(request.backtest_id))
    event = await published(service, request.backtest_id)

    assert event.code is None
    assert event.completed is not None
    assert event.completed.backtest_id == request.backtest_id
    assert event.series is not None
    assert np.frombuffer(event.series.equity).tolist() == result().equity.tolist()


@pytest.mark.parametrize(("known", "code"), [(False, "backtest-not-found"), (True, "result-not-ready")])
async def test_what_can_not_be_published_is_said(known: bool, code: str) -> None:  # noqa: FBT001
    service = Service()
    request = await service.accept() if known else backtest_requested()
    event = await published(service, request.backtest_id)

    assert (event.code, event.completed, event.series) == (code, None, None)


def test_the_arrays_are_little_endian() -> None:
    found = view_series(result())

    assert found is not None
    assert np.frombuffer(found.days, "<i4").astype("datetime64[D]").astype(str).tolist() == [
        "2010-01-04",
        "2010-01-05",
    ]
    assert np.frombuffer(found.equity, "<f8").tolist() == [100_000.0, 125_000.0]
    assert found.fills is not None
    assert np.frombuffer(found.fills.shares, "<f8").tolist() == [10.0]


def test_too_many_fills_are_left_out_and_too_long_curves_are_not_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = view_series(result())
    monkeypatch.setattr(series, "MOST_BYTES", 60)
    without_fills = view_series(result())
    monkeypatch.setattr(series, "MOST_BYTES", 55)

    assert whole is not None
    assert without_fills is not None
    assert without_fills.fills is None
    assert without_fills.content != whole.content
    assert view_series(result()) is None


def test_fills_that_were_not_kept_are_not_published() -> None:
    found = view_series(result(fills_left_out=200_000))

    assert found is not None
    assert found.fills is None
