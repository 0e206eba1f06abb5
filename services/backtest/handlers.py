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
    StrategyDeleted,
    StrategyDeleteRequested,
    StrategyPage,
    StrategyQueried,
    StrategySaved,
    StrategySaveRequested,
    strategy_id,
)
from services.backtest.admission import Admission
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
from services.backtest.ports import REVOKED, BacktestStore, Clock, RequestMark, StrategyStore, Workload
from services.backtest.views import (
    cancelled_event,
    view_backtest,
    view_result,
    view_strategy,
    view_strategy_types,
)
from services.chassis.errors import RefusalError, RequestMismatchError, StaleError
from services.chassis.messaging.envelope import Delivery, digest_of
from services.chassis.messaging.publishing import Publish, Reply
from services.chassis.storage.mongo import Document
from services.chassis.storage.paging import cursor_of, cut, read_cursor

REVOKED_FOR = timedelta(days=1)
REFUSALS: Mapping[type[InvalidStrategy], type[RefusalError]] = {
    UnknownStrategyType: UnknownStrategyTypeError,
    InvalidParameters: InvalidParametersError,
}


@dataclass(frozen=True, slots=True)
class Data:
    """The prices there are: which days, and which version of them."""

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
        if not await self._strategies.save(strategy, delivery.origin, mark):
            strategy = await self._saved_before(strategy, mark)
        await self._reply(delivery.reply_address, view_strategy(strategy))

    async def _saved_before(self, strategy: StrategySaved, mark: RequestMark) -> StrategySaved:
        """Return what the same request has led to, if it is that which stands in the way."""
        found = await self._strategies.marked(mark.request_id)
        if found is None:
            raise StrategyExistsError(strategy.strategy_id)
        if found[1] != mark.digest:
            raise RequestMismatchError(mark.request_id)
        return found[0]

    async def delete(self, request: StrategyDeleteRequested, delivery: Delivery) -> None:
        now = self._clock()
        if not await self._strategies.delete(request.strategy_id, now, delivery.origin):
            raise StrategyNotFoundError(request.strategy_id)
        deleted = StrategyDeleted(strategy_id=request.strategy_id, deleted_at=now)
        await self._reply(delivery.reply_address, deleted)

    async def query(self, query: StrategyQueried, delivery: Delivery) -> None:
        if query.types:
            return await self._reply(delivery.reply_address, view_strategy_types())
        if query.strategy_id is not None:
            strategy = await self._strategies.get(query.strategy_id)
            if strategy is None:
                raise StrategyNotFoundError(query.strategy_id)
            return await self._reply(delivery.reply_address, view_strategy(strategy))
        found = await self._strategies.page(query.limit + 1, query.cursor)
        shown, more, cursor = cut(found, query.limit, lambda strategy: strategy.strategy_id)
        page = StrategyPage(data=tuple(map(view_strategy, shown)), has_more=more, next=cursor)
        return await self._reply(delivery.reply_address, page)


class Requests:
    """Requests for backtests: accepted or rejected. The work itself is done in `jobs.py`."""

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
        planned = _planned(request, resolved, self._data.fingerprint, now)
        admitted = await self._admission.admit(planned, delivery.origin, fresh=request.fresh)
        if catalogued is None:
            entry = _new_entry(request, resolved, now)
            # One that was deleted since the request came first stays so.
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
        """Cancel a backtest; one that isn't there may still be on its way, and is cancelled when it comes."""
        until = self._clock() + REVOKED_FOR
        await self._backtests.revoke(request.backtest_id, until, delivery.origin)
        document = await self._found(request.backtest_id)
        if document["status"] in {"completed", "failed"}:
            raise BacktestEndedError(request.backtest_id, document["status"])
        if document["status"] != "cancelled":
            fields = {"status": "cancelled", "completed_at": self._clock()}
            cancelled = cancelled_event({**document, **fields})
            if not await self._backtests.end(document, fields, [cancelled]):
                raise StaleError(request.backtest_id)  # claimed or ended just now: look again
            self._workload.drop(request.backtest_id)
            await self._followers.ended(request.backtest_id)
            document = await self._found(request.backtest_id)
        await self._reply(delivery.reply_address, view_backtest(document))

    async def query(self, query: BacktestQueried, delivery: Delivery) -> None:
        if query.backtest_id is None:
            return await self._list(query, delivery)
        document = await self._found(query.backtest_id)
        if not query.include_result:
            return await self._reply(delivery.reply_address, view_backtest(document))
        result = document.get("result_id") and await self._backtests.result(document["result_id"])
        if not result:
            raise ResultNotReadyError(query.backtest_id, document["status"])
        return await self._reply(delivery.reply_address, view_result(document, result))

    async def _found(self, backtest_id: str) -> Document:
        document = await self._backtests.get(backtest_id)
        if document is None or document["status"] == REVOKED:
            raise BacktestNotFoundError(backtest_id)
        return document

    async def _list(self, query: BacktestQueried, delivery: Delivery) -> None:
        before = read_cursor(query.cursor)
        found = await self._backtests.page(query.limit + 1, query.status, before)
        shown, more, cursor = cut(found, query.limit, lambda d: cursor_of(d["created_at"], d["_id"]))
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


def _planned(request: BacktestRequested, resolved: Plan, data: str, now: datetime) -> Document:
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
    stored = config.model_dump(mode="json")
    return {
        "_id": request.backtest_id,
        "request": digest_of(request, exclude={"backtest_id"}),
        "work": work_key(stored, data),
        "strategy_id": strategy_id(wanted.name),
        "strategy_name": wanted.name,
        "user_id": request.user_id,
        "priority": request.priority,
        "reason": request.trigger_reason,
        "config": stored,
        "generate_report": request.generate_report,
        "notify_on_completion": request.notify_on_completion,
        "created_at": now,
    }
