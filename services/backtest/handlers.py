"""Use cases of the backtest service. Each may see the same message twice and does its work once."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from backchat_contracts import (
    BacktestCancelRequested,
    BacktestConfig,
    BacktestEstimate,
    BacktestEstimateQueried,
    BacktestPage,
    BacktestQueried,
    BacktestRejected,
    BacktestRequested,
    Refused,
    StrategyConfig,
    strategy_id,
)
from services.backtest.admission import Admission
from services.backtest.data import Data
from services.backtest.domain.backtest import COMMON_TAG, Backtest, Specification
from services.backtest.domain.catalogue import Strategy, TooManyVersions, Version
from services.backtest.domain.planning import Plan, define, plan
from services.backtest.domain.strategy_types import InvalidStrategy
from services.backtest.domain.window import ImpossibleWindow, OutsideCoverage
from services.backtest.domain.work import work_key
from services.backtest.errors import (
    BacktestEndedError,
    BacktestNotFoundError,
    ResultNotReadyError,
)
from services.backtest.followers import Followers
from services.backtest.ports import BacktestStore, Clock, Publish, StrategyStore, Wanted, Workload
from services.backtest.views import (
    view_backtest,
    view_result,
)
from services.chassis.errors import ExistsError, StaleError
from services.chassis.messaging.envelope import Delivery, Origin, digest_of
from services.chassis.messaging.publishing import Reply
from services.chassis.paging import cursor_of, page_of, read_cursor
from services.chassis.stored import Stored

EARLY_CANCELLATIONS_KEPT = timedelta(days=1)
"""How long a cancellation is kept that came before its backtest."""
COVERED: Final = 500
"""The most symbols whose days a rejection or a refusal has."""


class Requests:
    """Requests for backtests: accepted or rejected. `runner.py` runs what was accepted."""

    def __init__(
        self,
        strategies: StrategyStore,
        admission: Admission,
        data: Data,
        reply: Reply,
        publish: Publish,
        clock: Clock,
    ) -> None:
        self._strategies = strategies
        self._admission = admission
        self._data = data
        self._reply = reply
        self._publish = publish
        self._clock = clock
        self._adding = asyncio.Lock()

    async def take(self, request: BacktestRequested, delivery: Delivery) -> None:
        catalogued = await self._catalogued(request.strategy_config)
        try:
            resolved = self._plan(request.strategy_config, catalogued)
            content = await self._data.check(resolved)
            version = (catalogued and catalogued.number_of(resolved.definition)) or (
                await self._new_version(request, resolved, delivery.origin)
            )
        except (InvalidStrategy, ImpossibleWindow, TooManyVersions) as error:
            if accepted := await self._admission.accepted(request.backtest_id):
                # It was accepted before, when another version was the current one, or the prices were others.
                return await self._admit(request, replace(accepted.spec, request=_digest(request)), delivery)
            rejected = BacktestRejected(
                backtest_id=request.backtest_id,
                code=error.code,
                detail=str(error),
                coverage=_covered(error),
            )
            await self._publish(rejected, delivery.origin)
            return await self._reply(delivery.reply_address, rejected)
        spec = _specified(request, resolved, version, content, self._clock())
        return await self._admit(request, spec, delivery)

    async def estimate(self, query: BacktestEstimateQueried, delivery: Delivery) -> None:
        """Tell how a backtest would be run and when it would be done; nothing is stored."""
        wanted = query.strategy_config
        catalogued = await self._catalogued(wanted)
        try:
            resolved = self._plan(wanted, catalogued)
            await self._data.check(resolved)
        except (InvalidStrategy, ImpossibleWindow) as error:
            extra = {"coverage": coverage} if (coverage := _covered(error)) else {}
            refused = Refused(code=error.code, detail=str(error), extra=extra)
            return await self._reply(delivery.reply_address, refused)
        estimate = BacktestEstimate(
            strategy_id=strategy_id(wanted.name),
            strategy_name=wanted.name,
            version=catalogued.number_of(resolved.definition) if catalogued else None,
            config=_config(wanted, resolved, ()),
            estimated_duration_seconds=self._admission.estimate_seconds(query.user_id, query.priority),
        )
        return await self._reply(delivery.reply_address, estimate)

    async def _catalogued(self, wanted: StrategyConfig) -> Strategy | None:
        read = await self._strategies.get(strategy_id(wanted.name))
        return read.state if read and not read.state.deleted_at else None

    async def _admit(self, request: BacktestRequested, spec: Specification, delivery: Delivery) -> None:
        admitted = await self._admission.admit(spec, delivery.origin, fresh=request.fresh)
        await self._reply(delivery.reply_address, admitted.event)

    async def _new_version(self, request: BacktestRequested, resolved: Plan, origin: Origin) -> int:
        """Add the strategy to the catalogue, or a version to it; return the version's number.

        What was accepted before changes nothing: a strategy that was deleted since then stays deleted.
        """
        if accepted := await self._admission.accepted(request.backtest_id):
            return accepted.spec.version
        name, now = request.strategy_config.name, self._clock()
        new = Strategy(
            id=strategy_id(name),
            name=name,
            description=f"Registered by its first backtest ({request.trigger_reason})",
            symbols=resolved.symbols,
            created_at=now,
            versions=(Version(resolved.definition, now),),
        )
        async with self._adding:  # one by one: concurrent ones would make each other stale
            read = await self._strategies.get(new.id)
            if read is None:
                try:
                    await self._strategies.add(new.create(), origin)
                except ExistsError as error:
                    raise StaleError(new.id) from error
                return 1
            strategy = read.state
            number = strategy.number_of(resolved.definition)
            if number and not strategy.deleted_at:
                return number
            change = strategy.revive(new) if strategy.deleted_at else strategy.use(resolved.definition, now)
            await self._strategies.change(read, change, origin)
            return change.state.current

    def _plan(self, wanted: StrategyConfig, catalogued: Strategy | None) -> Plan:
        """Resolve what is wanted; without a type it is the current version of the catalogue's strategy."""
        named = wanted.type or wanted.parameters
        definition = catalogued.definition if catalogued and not named else wanted
        return plan(
            define(definition.type, definition.parameters),
            instruments=self._data.instruments,
            symbols=wanted.symbols,
            start=wanted.start_date,
            end=wanted.end_date,
            benchmark=wanted.benchmark,
        )


class Backtests:
    """Backtests: cancelled, looked up."""

    def __init__(
        self, backtests: BacktestStore, followers: Followers, workload: Workload, reply: Reply, clock: Clock
    ) -> None:
        self._backtests = backtests
        self._followers = followers
        self._workload = workload
        self._reply = reply
        self._clock = clock
        self._viewing = asyncio.Lock()

    async def cancel(self, request: BacktestCancelRequested, delivery: Delivery) -> None:
        """Cancel a backtest; one that isn't there may still come, and is accepted as cancelled then."""
        backtest_id, now = request.backtest_id, self._clock()
        await self._backtests.cancel_early(backtest_id, now + EARLY_CANCELLATIONS_KEPT, delivery.origin)
        found = await self._found(backtest_id)
        status = found.state.status
        if status in {"completed", "failed"}:
            raise BacktestEndedError(backtest_id, status)
        if status != "cancelled":
            await self._backtests.end(found, found.state.cancel(now))
            self._workload.drop(backtest_id)
            await self._followers.ended(backtest_id)
            found = await self._found(backtest_id)
        await self._reply(delivery.reply_address, view_backtest(found))

    async def query(self, query: BacktestQueried, delivery: Delivery) -> None:
        if query.backtest_id is None:
            return await self._list(query, delivery)
        found = await self._found(query.backtest_id)
        if not query.include_result:
            return await self._reply(delivery.reply_address, view_backtest(found))
        backtest = found.state
        result = await self._backtests.result(backtest.result_id) if backtest.result_id else None
        if result is None or backtest.performance is None:
            raise ResultNotReadyError(backtest.id, backtest.status)
        async with self._viewing:  # one at a time: the largest takes more than a hundred megabytes
            shown = await asyncio.to_thread(view_result, backtest, backtest.performance, result)
        return await self._reply(delivery.reply_address, shown)

    async def _found(self, backtest_id: str) -> Stored[Backtest]:
        stored = await self._backtests.get(backtest_id)
        backtest = stored.of(Backtest) if stored else None
        if backtest is None:
            raise BacktestNotFoundError(backtest_id)
        return backtest

    async def _list(self, query: BacktestQueried, delivery: Delivery) -> None:
        before = read_cursor(query.cursor)
        wanted = Wanted(
            status=query.status,
            strategy_id=query.strategy_id,
            version=query.version,
            symbol=query.symbol,
            user_id=query.user_id,
            tag=query.tag,
        )
        found = await self._backtests.page(wanted, query.limit + 1, before)
        shown, more, cursor = page_of(found, query.limit, lambda b: cursor_of(b.state.spec.created_at, b.id))
        page = BacktestPage(data=tuple(map(view_backtest, shown)), has_more=more, next=cursor)
        await self._reply(delivery.reply_address, page)


def _covered(error: ValueError) -> dict[str, tuple[date, date]]:
    """Return the days of the symbols that an error tells of."""
    found = error.coverage.symbols if isinstance(error, OutsideCoverage) else {}
    return dict(islice(found.items(), COVERED))


def _digest(request: BacktestRequested) -> str:
    """Return what tells a request from another one of its id; only where there is one, its session too."""
    return digest_of(request, exclude={"backtest_id"} | ({"session_id"} if not request.session_id else set()))


def _specified(
    request: BacktestRequested, resolved: Plan, version: int, content: str, now: datetime
) -> Specification:
    wanted = request.strategy_config
    config = _config(wanted, resolved, (request.trigger_reason, COMMON_TAG))
    return Specification(
        id=request.backtest_id,
        request=_digest(request),
        work=work_key(config, content),
        strategy_id=strategy_id(wanted.name),
        strategy_name=wanted.name,
        version=version,
        user_id=request.user_id,
        priority=request.priority,
        reason=request.trigger_reason,
        config=config,
        generate_report=request.generate_report,
        notify_on_completion=request.notify_on_completion,
        session_id=request.session_id,
        created_at=now,
    )


def _config(wanted: StrategyConfig, resolved: Plan, tags: tuple[str, ...]) -> BacktestConfig:
    return BacktestConfig(
        type=resolved.definition.type,
        parameters=resolved.definition.parameters,
        symbols=resolved.symbols,
        start_date=resolved.start,
        end_date=resolved.end,
        initial_cash=wanted.initial_cash,
        commission_rate=wanted.commission_rate,
        slippage_rate=wanted.slippage_rate,
        benchmark=wanted.benchmark,
        tags=tags,
    )
