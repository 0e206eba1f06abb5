"""Use cases of the compare service. Each may see the same message twice and does its work once."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import structlog

from backchat_contracts import (
    BacktestCompleted,
    BacktestSeriesPublished,
    ComparisonQueried,
    ComparisonRequested,
    Contract,
    Refused,
    StrategyDeleted,
    StrategyMentionQueried,
    StrategySaved,
    StrategyStandingChanged,
)
from services.chassis.errors import ChassisError, ExistsError, RefusalError, RequestMismatchError, StaleError
from services.chassis.messaging.envelope import Delivery, Encoded, ReplyAddress, digest_of
from services.chassis.messaging.publishing import Reply
from services.compare.comparing import Comparing
from services.compare.errors import ComparisonNotFoundError, TooManyComparisonsError
from services.compare.ports import Clock, ComparisonStore, StrategyModel, TrialStore
from services.compare.series import SeriesLibrary
from services.compare.views import view_comparison, view_outcome

log = structlog.get_logger()

Compute = Callable[[], Awaitable[Contract | Encoded]]

MOST_WAITING: Final = 200
"""How many comparisons that are not stored are computed or wait at once."""


class Projection:
    """Keeps the read model up to date."""

    def __init__(self, model: StrategyModel, trials: TrialStore, library: SeriesLibrary) -> None:
        self._model = model
        self._trials = trials
        self._library = library

    async def strategy_saved(self, event: StrategySaved, delivery: Delivery) -> None:
        await self._model.saved(event, delivery.sequence or 0)

    async def strategy_deleted(self, event: StrategyDeleted, delivery: Delivery) -> None:
        await self._model.deleted(event, delivery.sequence or 0)

    async def standing_changed(self, event: StrategyStandingChanged, delivery: Delivery) -> None:
        await self._model.chosen(event, delivery.sequence or 0)

    async def backtest_completed(self, event: BacktestCompleted, _delivery: Delivery) -> None:
        await asyncio.gather(self._model.completed(event), self._trials.add(event))

    async def series_published(self, event: BacktestSeriesPublished, _delivery: Delivery) -> None:
        await self._library.take(event)


class Comparisons:
    """Answers requests for comparisons.

    One whose statistics are in memory is answered at once. Otherwise a worker computes it, and where a
    language model is configured it writes the summary; one that is data only is computed in a task instead,
    as it is not stored: a requester that gets no answer asks again.
    """

    def __init__(
        self,
        comparing: Comparing,
        comparisons: ComparisonStore,
        announce: Callable[[str], None],
        reply: Reply,
        clock: Clock,
        *,
        writes: bool,
    ) -> None:
        self._comparing = comparing
        self._comparisons = comparisons
        self._announce = announce
        self._reply = reply
        self._clock = clock
        self._writes = writes
        self._tasks: set[asyncio.Task[None]] = set()

    async def compare(self, request: ComparisonRequested, delivery: Delivery) -> None:
        written = request.summary == "auto" and self._writes
        answered = None if written else await self._comparing.at_once(request)
        if request.summary == "none":
            if answered:
                return await self._reply(delivery.reply_address, answered.data)
            return self._begin(partial(self._data, request), delivery)
        digest = digest_of(request, exclude={"comparison_id"})
        try:
            if answered is None:
                await self._comparisons.add_pending(request, digest, delivery, self._clock())
                return self._announce(request.comparison_id)
            completed = answered.completed(request, self._clock())
            await self._comparisons.add_completed(completed, digest, delivery)
        except ExistsError:
            return await self._repeat(request.comparison_id, digest, delivery.reply_address)
        return await self._reply(delivery.reply_address, view_comparison(completed))

    async def query(self, query: ComparisonQueried, delivery: Delivery) -> None:
        """Show a stored comparison, or a page of its pairs. Raises ComparisonNotFoundError."""
        stored = await self._comparisons.get(query.comparison_id)
        completed = stored.state.completed if stored else None
        if completed is None:
            raise ComparisonNotFoundError(query.comparison_id)
        if not query.pairs:
            return await self._reply(delivery.reply_address, view_comparison(completed))
        return self._begin(partial(self._comparing.pairs, completed, query), delivery)

    async def find_mentioned(self, query: StrategyMentionQueried, delivery: Delivery) -> None:
        await self._reply(delivery.reply_address, await self._comparing.mentioned(query))

    async def stop(self) -> None:
        """Cancel what still runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _data(self, request: ComparisonRequested) -> Encoded:
        return (await self._comparing.compute(request)).data

    def _begin(self, compute: Compute, delivery: Delivery) -> None:
        """Compute an answer in a task, if one is wanted."""
        if delivery.reply_address is None:
            return
        if len(self._tasks) >= MOST_WAITING:
            raise TooManyComparisonsError(MOST_WAITING)
        task = asyncio.create_task(self._answer(compute, delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, compute: Compute, delivery: Delivery) -> None:
        answer: Contract | Encoded
        try:
            answer = await compute()
        except RefusalError as error:
            answer = Refused(code=error.code, detail=str(error))
        except ChassisError as error:
            log.warning("comparison not computed", error=str(error), again=True)
            return  # the requester asks again
        except Exception:
            log.exception("comparison not computed")
            return
        await self._reply(delivery.reply_address, answer)

    async def _repeat(self, comparison_id: str, digest: str, address: ReplyAddress | None) -> None:
        """Answer a repeated request with the comparison of the first, now or when it is completed."""
        if address is None:
            return
        try:
            await self._comparisons.join(comparison_id, digest, address)
        except StaleError:
            stored = await self._comparisons.get(comparison_id)
            if stored and stored.state.request != digest:
                raise RequestMismatchError(comparison_id) from None
            outcome = view_outcome(stored.state) if stored else None
            if outcome is None:
                raise
            await self._reply(address, outcome)
