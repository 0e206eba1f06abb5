"""Use cases of the backtest service. Each may see the same message twice and does its work once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backchat_contracts import (
    BacktestCancelRequested,
    BacktestConfig,
    BacktestPage,
    BacktestQueried,
    BacktestRejected,
    BacktestRequested,
    StrategyDeleteRequested,
    StrategyPage,
    StrategyQueried,
    StrategySaved,
    StrategySaveRequested,
    strategy_id,
)
from services.backtest.admission import Admission
from services.backtest.domain.backtest import Backtest, Specification
from services.backtest.domain.planning import Plan, define, plan
from services.backtest.domain.strategies import InvalidParameters, InvalidStrategy, UnknownStrategyType
from services.backtest.domain.window import Coverage, OutsideCoverage
from services.backtest.domain.work import work_key
from services.backtest.errors import (
    BacktestEndedError,
    BacktestNotFoundError,
    InvalidParametersError,
    ResultNotReadyError,
    StrategyExistsError,
    StrategyNotFoundError,
    UnknownStrategyTypeError,
)
from services.backtest.followers import Followers
from services.backtest.ports import (
    BacktestStore,
    Clock,
    IdTaken,
    Publish,
    RequestMark,
    SavedBefore,
    StrategyStore,
    Workload,
)
from services.backtest.views import view_backtest, view_result, view_strategy, view_strategy_types
from services.chassis.errors import RefusalError, RequestMismatchError
from services.chassis.messaging.envelope import Delivery, digest_of
from services.chassis.messaging.publishing import Reply
from services.chassis.paging import cursor_of, page_of, read_cursor
from services.chassis.stored import Stored

EARLY_CANCELLATIONS_KEPT = timedelta(days=1)
"""How long a cancellation is kept that came before its backtest."""
REFUSALS: Mapping[type[InvalidStrategy], type[RefusalError]] = {
    UnknownStrategyType: UnknownStrategyTypeError,
    InvalidParameters: InvalidParametersError,
}


@dataclass(frozen=True, slots=True)
class Data:
    """Which prices there are: their first and last days, and a hash of them all."""

    coverage: Coverage
    fingerprint: str


class Catalogue:
    """Strategies: saved, deleted, looked up."""

    def __init__(self, strategies: StrategyStore, reply: Reply, clock: Clock) -> None:
        self._strategies = strategies
        self._reply = reply
        self._clock = clock

    async def save(self, request: StrategySaveRequested, delivery: Delivery) -> None:
        try:
            definition = define(request.type, request.parameters)
        except InvalidStrategy as error:
            raise REFUSALS[type(error)](str(error)) from error
        strategy = StrategySaved(
            strategy_id=strategy_id(request.name),
            name=request.name,
            description=request.description,
            type=definition.type,
            parameters=definition.parameters,
            symbols=request.symbols,
            created_at=self._clock(),
        )
        mark = RequestMark(request.request_id or delivery.id, digest_of(request, exclude={"request_id"}))
        match await self._strategies.save(strategy, delivery.origin, mark):
            case IdTaken():
                raise StrategyExistsError(strategy.strategy_id)
            case SavedBefore(_, digest) if digest != mark.digest:
                raise RequestMismatchError(mark.request_id)
            case SavedBefore(before, _):
                strategy = before
        await self._reply(delivery.reply_address, view_strategy(strategy))

    async def delete(self, request: StrategyDeleteRequested, delivery: Delivery) -> None:
        deleted = await self._strategies.delete(request.strategy_id, self._clock(), delivery.origin)
        if deleted is None:
            raise StrategyNotFoundError(request.strategy_id)
        await self._reply(delivery.reply_address, deleted)

    async def query(self, query: StrategyQueried, delivery: Delivery) -> None:
        if query.types:
            return await self._reply(delivery.reply_address, view_strategy_types())
        if query.strategy_id is not None:
            strategy = await self._strategies.get(query.strategy_id)
            if strategy is None:
                raise StrategyNotFoundError(query.strategy_id)
            return await self._reply(delivery.reply_address, view_strategy(strategy))
        found = await self._strategies.page(query.limit + 1, read_cursor(query.cursor))
        shown, more, cursor = page_of(found, query.limit, lambda s: cursor_of(s.created_at, s.strategy_id))
        page = StrategyPage(data=tuple(map(view_strategy, shown)), has_more=more, next=cursor)
        return await self._reply(delivery.reply_address, page)


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

    async def take(self, request: BacktestRequested, delivery: Delivery) -> None:
        catalogued = await self._strategies.get(strategy_id(request.strategy_config.name))
        try:
            resolved = self._plan(request, catalogued)
        except (InvalidStrategy, OutsideCoverage) as error:
            rejected = BacktestRejected(
                backtest_id=request.backtest_id,
                code=error.code,
                detail=str(error),
                coverage=dict(error.coverage.symbols) if isinstance(error, OutsideCoverage) else {},
            )
            await self._publish(rejected, delivery.origin)
            return await self._reply(delivery.reply_address, rejected)
        now = self._clock()
        spec = _specified(request, resolved, self._data.fingerprint, now)
        admitted = await self._admission.admit(spec, delivery.origin, fresh=request.fresh)
        if catalogued is None:
            entry = _new_entry(request, resolved, now)
            # A strategy that was deleted after the first delivery of this request stays deleted.
            await self._strategies.save(entry, delivery.origin, revive=not admitted.again)
        return await self._reply(delivery.reply_address, admitted.event)

    def _plan(self, request: BacktestRequested, catalogued: StrategySaved | None) -> Plan:
        """Resolve a request; without a type it runs the catalogue's strategy."""
        wanted = request.strategy_config
        defined = wanted if wanted.type or wanted.parameters else catalogued or wanted
        return plan(
            define(defined.type, defined.parameters),
            coverage=self._data.coverage,
            symbols=wanted.symbols,
            start=wanted.start_date,
            end=wanted.end_date,
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
        shown = view_result(backtest, backtest.performance, result)
        return await self._reply(delivery.reply_address, shown)

    async def _found(self, backtest_id: str) -> Stored[Backtest]:
        stored = await self._backtests.get(backtest_id)
        backtest = stored.of(Backtest) if stored else None
        if backtest is None:
            raise BacktestNotFoundError(backtest_id)
        return backtest

    async def _list(self, query: BacktestQueried, delivery: Delivery) -> None:
        before = read_cursor(query.cursor)
        found = await self._backtests.page(query.limit + 1, query.status, before)
        shown, more, cursor = page_of(found, query.limit, lambda b: cursor_of(b.state.spec.created_at, b.id))
        page = BacktestPage(data=tuple(map(view_backtest, shown)), has_more=more, next=cursor)
        await self._reply(delivery.reply_address, page)


def _new_entry(request: BacktestRequested, resolved: Plan, now: datetime) -> StrategySaved:
    name = request.strategy_config.name
    return StrategySaved(
        strategy_id=strategy_id(name),
        name=name,
        description=f"Registered by its first backtest ({request.trigger_reason})",
        type=resolved.definition.type,
        parameters=resolved.definition.parameters,
        symbols=resolved.symbols,
        created_at=now,
    )


def _specified(request: BacktestRequested, resolved: Plan, data: str, now: datetime) -> Specification:
    wanted = request.strategy_config
    config = BacktestConfig(
        type=resolved.definition.type,
        parameters=resolved.definition.parameters,
        symbols=resolved.symbols,
        start_date=resolved.start,
        end_date=resolved.end,
        initial_cash=wanted.initial_cash,
        commission_rate=wanted.commission_rate,
        slippage_rate=wanted.slippage_rate,
        tags=(request.trigger_reason, "auto_generated"),
    )
    return Specification(
        id=request.backtest_id,
        request=digest_of(request, exclude={"backtest_id"}),
        work=work_key(config, data),
        strategy_id=strategy_id(wanted.name),
        strategy_name=wanted.name,
        user_id=request.user_id,
        priority=request.priority,
        reason=request.trigger_reason,
        config=config,
        generate_report=request.generate_report,
        notify_on_completion=request.notify_on_completion,
        created_at=now,
    )
