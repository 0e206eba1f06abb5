"""The backtest service's use cases on fakes, with the coverage of the sample data."""

from datetime import date, timedelta

import numpy as np

from backchat_contracts import (
    BacktestCancelRequested,
    BacktestConfig,
    BacktestQueried,
    BacktestRequested,
    BacktestView,
    Contract,
    InstrumentQueried,
)
from services.backtest.bootstrap import Adapters, wire
from services.backtest.data import Data
from services.backtest.documents import progress_fields, read_entry
from services.backtest.domain.acceptance import Entry
from services.backtest.domain.prices import PriceHistory, Series, select_prices
from services.backtest.domain.strategy_types import build_strategy
from services.backtest.domain.window import Coverage
from services.backtest.mongo import starting
from services.backtest.workload import Durations
from services.chassis.jobs.queue import Claim
from services.chassis.messaging.envelope import Delivery
from tests.builders import backtest_requested, delivery
from tests.fakes import (
    Clock,
    FakeBacktests,
    FakeEngine,
    FakePublish,
    FakePublishUnconfirmed,
    FakeQueue,
    FakeReply,
    FakeStrategies,
    FakeWorkload,
)

LAST_DAY = date(2013, 3, 1)
FIRST_DAYS = {"AAPL": date(2000, 3, 1), "FB": date(2012, 5, 18)}
COVERAGE = Coverage({symbol: (first, LAST_DAY) for symbol, first in FIRST_DAYS.items()})
ATTEMPTS = 3


def market(price: float = 1.0, last_price: float | None = None) -> PriceHistory:
    """Return a price that is the same on every weekday, but for the last one of FB."""
    series = {symbol: _flat(first, price) for symbol, first in FIRST_DAYS.items()}
    series["FB"].close[-1] = last_price or price
    return PriceHistory(series)


def _flat(first: date, price: float) -> Series:
    days = np.arange(first, LAST_DAY + timedelta(days=1), dtype="datetime64[D]")
    days = days[np.is_busday(days)]
    return Series(days, np.full(len(days), price), np.full(len(days), price))


class Service:
    """The use cases with everything they need."""

    def __init__(self, engine: FakeEngine | None = None) -> None:
        self.clock = Clock()
        self.strategies = FakeStrategies()
        self.store = FakeBacktests()
        self.reply = FakeReply()
        self.publish = FakePublish()
        self.workload = FakeWorkload()
        self.engine = engine or FakeEngine()
        self.durations = Durations()
        self.publish_unconfirmed = FakePublishUnconfirmed()
        self.data = Data(market())
        self.engine.content = self._content
        adapters = Adapters(
            self.strategies,
            self.store,
            self.engine,
            self.reply,
            self.publish,
            self.publish_unconfirmed,
            self.clock,
        )
        use_cases = wire(adapters, self.workload, self.data, self.durations, ATTEMPTS)
        self.catalogue, self.requests, self.backtests = (
            use_cases.catalogue,
            use_cases.requests,
            use_cases.backtests,
        )
        self.runner, self.followers, self.router = use_cases.runner, use_cases.followers, use_cases.router
        self.verification, self.market = use_cases.verification, use_cases.market
        self.series = use_cases.series
        self.queue = FakeQueue(self.store.memory, read_entry, starting(self.runner.start), progress_fields)

    def _content(self, config: BacktestConfig) -> str:
        """Return the hash of the prices that a backtest uses, as a worker process would see them."""
        warm_up = build_strategy(config.type, config.parameters).warm_up_bars
        prices = select_prices(self.data.market, config.symbols, config.start_date, config.end_date, warm_up)
        return prices.content()

    async def accept(self, name: str = "SMA 20 50", **given: object) -> BacktestRequested:
        """Accept a backtest, a `fresh` one by default, which no equal one can share."""
        request = backtest_requested(name, **({"fresh": True} | given))
        await self.requests.take(request, delivery())
        return request

    async def asked_market(self, query: InstrumentQueried) -> Contract:
        came = delivery()
        await self.market.query(query, came)
        (answer,) = self.answers_to(came)
        return answer

    async def cancel(self, backtest_id: str) -> list[Contract]:
        came = delivery()
        await self.backtests.cancel(BacktestCancelRequested(backtest_id=backtest_id), came)
        return self.answers_to(came)

    async def run(self, backtest_id: str) -> None:
        await self.work_on(await self.claim(backtest_id))

    async def work_on(self, claim: Claim[Entry]) -> None:
        """Run a claimed backtest and end it, as a worker does."""
        end = await self.runner.run(claim)
        await end()

    async def claimable(self) -> list[str]:
        return await self.queue.due(self.clock())

    async def claim(self, backtest_id: str) -> Claim[Entry]:
        """Claim a backtest when its lease has run out."""
        now = self.clock.advance(minutes=1)
        claim = await self.queue.claim(backtest_id, now, now + timedelta(seconds=30))
        assert claim is not None
        return claim

    async def show(self, backtest_id: str) -> BacktestView:
        came = delivery()
        await self.backtests.query(BacktestQueried(backtest_id=backtest_id), came)
        (view,) = self.answers_to(came)
        assert isinstance(view, BacktestView)
        return view

    def answers_to(self, came: Delivery) -> list[Contract]:
        return [answer for to, answer in self.reply.sent if to == came.reply_address]

    def published(self) -> list[str]:
        return [record.topic for record in self.store.memory.sent]
