"""Publishes the curves and fills of completed backtests, for services that compute more of them."""

from hashlib import sha256
from typing import Final

import numpy as np

from backchat_contracts import BacktestSeries, BacktestSeriesPublished, BacktestSeriesRequested, Fills
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.result import Result
from services.backtest.ports import BacktestStore, Publish
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.publishing import Reply

MOST_BYTES: Final = 600_000
"""Of all arrays: as base64 in JSON they are a third more, and a record may have a million."""
DAYS: Final = "<i4"
NUMBERS: Final = "<f8"


class SeriesRequests:
    """Publishes what is asked for, which other services keep; a requester gets it as a reply too."""

    def __init__(self, backtests: BacktestStore, publish: Publish, reply: Reply) -> None:
        self._backtests = backtests
        self._publish = publish
        self._reply = reply

    async def take(self, request: BacktestSeriesRequested, delivery: Delivery) -> None:
        published = await self._published(request.backtest_id)
        await self._publish(published, delivery.origin)
        await self._reply(delivery.reply_address, published)

    async def _published(self, backtest_id: str) -> BacktestSeriesPublished:
        stored = await self._backtests.get(backtest_id)
        backtest = stored.of(Backtest) if stored else None
        if backtest is None:
            return BacktestSeriesPublished(backtest_id=backtest_id, code="backtest-not-found")
        result_id = backtest.state.result_id
        result = await self._backtests.result(result_id) if result_id else None
        if result is None:
            return BacktestSeriesPublished(backtest_id=backtest_id, code="result-not-ready")
        completed, series = backtest.state.completion(), view_series(result)
        if series is None:
            return BacktestSeriesPublished(
                backtest_id=backtest_id, completed=completed, code="series-too-long"
            )
        return BacktestSeriesPublished(backtest_id=backtest_id, completed=completed, series=series)


def view_series(result: Result) -> BacktestSeries | None:
    """Translate a result: without its fills where they are too many for a record; None if the curves are."""
    curves = {
        "days": result.days.astype("datetime64[D]").astype(DAYS).tobytes(),
        "equity": _packed(result.equity),
        "benchmark": None if result.benchmark is None else _packed(result.benchmark),
        "exposure": None if result.exposure is None else _packed(result.exposure),
    }
    room = MOST_BYTES - sum(len(curve) for curve in curves.values() if curve)
    if room < 0:
        return None
    fills = _fills(result)
    if fills and sum(len(array) for array in fills.values()) > room:
        fills = None
    content = sha256(b"\0".join(array or b"" for array in (*curves.values(), *(fills or {}).values())))
    return BacktestSeries(content=content.hexdigest(), **curves, fills=fills and Fills(**fills))


def _fills(result: Result) -> dict[str, bytes] | None:
    if result.fills_left_out:
        return None
    fills = result.fills
    return {
        "bar": fills.bar.astype(DAYS).tobytes(),
        "shares": _packed(fills.shares),
        "price": _packed(fills.price),
        "commission": _packed(fills.commission),
        "profit": _packed(fills.realised_pnl),
    }


def _packed(values: np.ndarray) -> bytes:
    return values.astype(NUMBERS).tobytes()
