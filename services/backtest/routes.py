"""The topics that the backtest service reads, each with its handler."""

from faststream.kafka import KafkaRouter

from backchat_contracts import (
    BacktestCancelRequested,
    BacktestEstimateQueried,
    BacktestQueried,
    BacktestRequested,
    BacktestSeriesRequested,
    BacktestVerificationRequested,
    InstrumentQueried,
    StrategyDeleteRequested,
    StrategyQueried,
    StrategySaveRequested,
    StrategyStandingRequested,
    StrategyVersionRequested,
)
from services.backtest.catalogue import Catalogue
from services.backtest.handlers import Backtests, Requests
from services.backtest.market import Market
from services.backtest.series import SeriesRequests
from services.backtest.verification import Verification
from services.chassis.messaging.routing import current_delivery, event_router


def routes(
    catalogue: Catalogue,
    requests: Requests,
    backtests: Backtests,
    verification: Verification,
    series: SeriesRequests,
    market: Market,
) -> KafkaRouter:
    router = event_router()
    _add_strategies(router, catalogue)
    _add_backtests(router, requests, backtests, verification)

    @router.subscriber("backtest.series-requested")
    async def publish_series(event: BacktestSeriesRequested) -> None:
        await series.take(event, current_delivery())

    @router.subscriber("instrument.queried")
    async def query_instruments(event: InstrumentQueried) -> None:
        await market.query(event, current_delivery())

    return router


def _add_strategies(router: KafkaRouter, catalogue: Catalogue) -> None:
    @router.subscriber("strategy.save-requested")
    async def save_strategy(event: StrategySaveRequested) -> None:
        await catalogue.save(event, current_delivery())

    @router.subscriber("strategy.version-requested")
    async def add_version(event: StrategyVersionRequested) -> None:
        await catalogue.add_version(event, current_delivery())

    @router.subscriber("strategy.standing-requested")
    async def choose_standing(event: StrategyStandingRequested) -> None:
        await catalogue.choose_standing(event, current_delivery())

    @router.subscriber("strategy.delete-requested")
    async def delete_strategy(event: StrategyDeleteRequested) -> None:
        await catalogue.delete(event, current_delivery())

    @router.subscriber("strategy.queried")
    async def query_strategies(event: StrategyQueried) -> None:
        await catalogue.query(event, current_delivery())


def _add_backtests(
    router: KafkaRouter, requests: Requests, backtests: Backtests, verification: Verification
) -> None:
    @router.subscriber("backtest.requested")
    async def take_request(event: BacktestRequested) -> None:
        await requests.take(event, current_delivery())

    @router.subscriber("backtest-estimate.queried")
    async def estimate_backtest(event: BacktestEstimateQueried) -> None:
        await requests.estimate(event, current_delivery())

    @router.subscriber("backtest.cancel-requested")
    async def cancel_backtest(event: BacktestCancelRequested) -> None:
        await backtests.cancel(event, current_delivery())

    @router.subscriber("backtest.verification-requested")
    async def verify_backtest(event: BacktestVerificationRequested) -> None:
        await verification.request(event, current_delivery())

    @router.subscriber("backtest.queried")
    async def query_backtests(event: BacktestQueried) -> None:
        await backtests.query(event, current_delivery())
