"""Use cases of the catalogue of strategies. Each may see the same message twice and does its work once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from backchat_contracts import (
    BacktestCompleted,
    ParameterValue,
    StrategyDeleteRequested,
    StrategyPage,
    StrategyQueried,
    StrategySaveRequested,
    StrategyStandingRequested,
    StrategyVersionPage,
    StrategyVersionRequested,
    strategy_id,
)
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.catalogue import Strategy, TooManyVersions, Version
from services.backtest.domain.planning import Definition, define
from services.backtest.domain.strategy_types import InvalidParameters, InvalidStrategy, UnknownStrategyType
from services.backtest.errors import (
    BacktestNotFoundError,
    InvalidParametersError,
    OtherStrategyError,
    ResultNotReadyError,
    StrategyExistsError,
    StrategyNotFoundError,
    TooManyVersionsError,
    UnknownStrategyTypeError,
)
from services.backtest.ports import BacktestStore, Clock, RequestMark, StrategyStore
from services.backtest.views import (
    view_strategy,
    view_strategy_types,
    view_version,
)
from services.chassis.errors import ExistsError, RefusalError, RequestMismatchError
from services.chassis.messaging.envelope import Delivery, digest_of
from services.chassis.messaging.publishing import Reply
from services.chassis.paging import BadCursorError, cursor_of, page_of, read_cursor
from services.chassis.stored import Stored

REFUSALS: Mapping[type[ValueError], type[RefusalError]] = {
    TooManyVersions: TooManyVersionsError,
    UnknownStrategyType: UnknownStrategyTypeError,
    InvalidParameters: InvalidParametersError,
}


class Catalogue:
    """Strategies: saved, given versions, deleted, looked up."""

    def __init__(
        self, strategies: StrategyStore, backtests: BacktestStore, reply: Reply, clock: Clock
    ) -> None:
        self._strategies = strategies
        self._backtests = backtests
        self._reply = reply
        self._clock = clock

    async def save(self, request: StrategySaveRequested, delivery: Delivery) -> None:
        now = self._clock()
        new = Strategy(
            id=strategy_id(request.name),
            name=request.name,
            description=request.description,
            symbols=request.symbols,
            created_at=now,
            versions=(Version(_defined(request.type, request.parameters), now),),
        )
        mark = RequestMark(request.request_id or delivery.id, digest_of(request, exclude={"request_id"}))
        try:
            await self._strategies.add(new.create(), delivery.origin, mark)
        except ExistsError:
            new = await self._saved_before(new, mark, delivery)
        await self._reply(delivery.reply_address, view_strategy(new))

    async def _saved_before(self, new: Strategy, mark: RequestMark, delivery: Delivery) -> Strategy:
        """Return what the same request has saved; add a strategy again that was deleted."""
        if before := await self._strategies.saved_by(mark.request_id):
            if before.digest != mark.digest:
                raise RequestMismatchError(mark.request_id)
            return before.strategy
        read = await self._strategies.get(new.id)
        if read is None or not read.state.deleted_at:
            raise StrategyExistsError(new.id)
        with _refusing():
            revived = read.state.revive(new)
        await self._strategies.change(read, revived, delivery.origin, mark)
        return revived.state

    async def add_version(self, request: StrategyVersionRequested, delivery: Delivery) -> None:
        definition = _defined(request.type, request.parameters)
        read = await self._found(request.strategy_id)
        strategy = read.state
        if definition != strategy.definition:
            with _refusing():
                change = strategy.use(definition, self._clock())
            await self._strategies.change(read, change, delivery.origin)
            strategy = change.state
        await self._reply(delivery.reply_address, view_strategy(strategy))

    async def choose_standing(self, request: StrategyStandingRequested, delivery: Delivery) -> None:
        read = await self._found(request.strategy_id)
        strategy = read.state
        if request.backtest_id != strategy.standing:
            standing = await self._completed(request.backtest_id, strategy) if request.backtest_id else None
            change = strategy.choose(standing, self._clock())
            await self._strategies.change(read, change, delivery.origin)
            strategy = change.state
        await self._reply(delivery.reply_address, view_strategy(strategy))

    async def _completed(self, backtest_id: str, strategy: Strategy) -> BacktestCompleted:
        """Return the end of a backtest that can stand for a strategy."""
        stored = await self._backtests.get(backtest_id)
        found = stored.of(Backtest) if stored else None
        if found is None:
            raise BacktestNotFoundError(backtest_id)
        if found.state.spec.strategy_id != strategy.id:
            raise OtherStrategyError(backtest_id, found.state.spec.strategy_id, strategy.id)
        if found.state.performance is None:
            raise ResultNotReadyError(backtest_id, found.state.status)
        return found.state.completion()

    async def delete(self, request: StrategyDeleteRequested, delivery: Delivery) -> None:
        read = await self._found(request.strategy_id)
        deleted = read.state.delete(self._clock())
        await self._strategies.change(read, deleted, delivery.origin)
        await self._reply(delivery.reply_address, deleted.events[0])

    async def query(self, query: StrategyQueried, delivery: Delivery) -> None:
        if query.types:
            return await self._reply(delivery.reply_address, view_strategy_types())
        if query.strategy_id is not None:
            strategy = (await self._found(query.strategy_id)).state
            view = _versions(strategy, query) if query.versions else view_strategy(strategy)
            return await self._reply(delivery.reply_address, view)
        found = await self._strategies.page(query.limit + 1, read_cursor(query.cursor))
        shown, more, cursor = page_of(found, query.limit, lambda s: cursor_of(s.created_at, s.id))
        page = StrategyPage(data=tuple(map(view_strategy, shown)), has_more=more, next=cursor)
        return await self._reply(delivery.reply_address, page)

    async def _found(self, wanted: str) -> Stored[Strategy]:
        read = await self._strategies.get(wanted)
        if read is None or read.state.deleted_at:
            raise StrategyNotFoundError(wanted)
        return read


@contextmanager
def _refusing() -> Iterator[None]:
    """Make a refusal of an error of the domain."""
    try:
        yield
    except (InvalidStrategy, TooManyVersions) as error:
        raise REFUSALS[type(error)](str(error)) from error


def _defined(kind: str | None, parameters: Mapping[str, ParameterValue]) -> Definition:
    with _refusing():
        return define(kind, parameters)


def _versions(strategy: Strategy, query: StrategyQueried) -> StrategyVersionPage:
    """Return a page of a strategy's versions, the newest first."""
    before = _number_in(query.cursor)
    older = [n for n in range(len(strategy.versions), 0, -1) if before is None or n < before]
    shown, more, cursor = page_of(
        older, query.limit, lambda number: cursor_of(strategy.versions[number - 1].created_at, str(number))
    )
    views = tuple(view_version(strategy, number) for number in shown)
    return StrategyVersionPage(data=views, has_more=more, next=cursor)


def _number_in(cursor: str | None) -> int | None:
    """Return the number of the version that a cursor names. Raises BadCursorError."""
    number = (read_cursor(cursor) or "").rpartition("~")[2]
    if number and not number.isdecimal():
        raise BadCursorError
    return int(number) if number else None
