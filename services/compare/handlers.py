"""Use cases of the compare service. Each may see the same message twice and does its work once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from backchat_contracts import (
    BacktestCompleted,
    ComparisonCompleted,
    ComparisonRequested,
    Language,
    StrategyDeleted,
    StrategySaved,
    StrategyStandingChanged,
)
from services.chassis.errors import ExistsError, RequestMismatchError, StaleError
from services.chassis.messaging.envelope import Delivery, ReplyAddress, digest_of
from services.chassis.messaging.publishing import Reply
from services.compare.domain.gathering import KnownStrategy, gather
from services.compare.domain.summary import summarise
from services.compare.ports import ComparisonStore, StrategyModel
from services.compare.views import view_comparison, view_outcome
from services.language.detection import language_of
from services.language.parsing import parse

MOST_STRATEGIES = 50
COMPUTED = "computed"

Clock = Callable[[], datetime]


class Projection:
    """Keeps the read model up to date."""

    def __init__(self, model: StrategyModel) -> None:
        self._model = model

    async def strategy_saved(self, event: StrategySaved, delivery: Delivery) -> None:
        await self._model.saved(event, delivery.sequence or 0)

    async def strategy_deleted(self, event: StrategyDeleted, delivery: Delivery) -> None:
        await self._model.deleted(event, delivery.sequence or 0)

    async def standing_changed(self, event: StrategyStandingChanged, delivery: Delivery) -> None:
        await self._model.chosen(event, delivery.sequence or 0)

    async def backtest_completed(self, event: BacktestCompleted, _delivery: Delivery) -> None:
        await self._model.completed(event)


class Comparisons:
    """Answers requests for comparisons. What needs a language model is stored, and written by a worker."""

    def __init__(
        self,
        model: StrategyModel,
        comparisons: ComparisonStore,
        announce: Callable[[str], None] | None,
        reply: Reply,
        default_language: Language,
        clock: Clock,
    ) -> None:
        self._model = model
        self._comparisons = comparisons
        self._announce = announce
        self._reply = reply
        self._default_language = default_language
        self._clock = clock

    async def compare(self, request: ComparisonRequested, delivery: Delivery) -> None:
        completed = await self._compute(request)
        if request.summary == "none":
            return await self._reply(delivery.reply_address, view_comparison(completed))
        digest = digest_of(request, exclude={"comparison_id"})
        try:
            if request.summary == "auto" and self._announce is not None:
                await self._comparisons.add_pending(completed, digest, delivery, self._clock())
                return self._announce(request.comparison_id)
            await self._comparisons.add_completed(completed, digest, delivery)
        except ExistsError:
            return await self._repeat(request.comparison_id, digest, delivery.reply_address)
        return await self._reply(delivery.reply_address, view_comparison(completed))

    async def _repeat(self, comparison_id: str, digest: str, address: ReplyAddress | None) -> None:
        """Answer a repeated request with the comparison of the first, now or when its summary is written."""
        if address is None:
            return
        try:
            await self._comparisons.join(comparison_id, digest, address)
        except StaleError:
            stored = await self._comparisons.get(comparison_id)
            if stored is None:
                raise
            if stored.state.request != digest:
                raise RequestMismatchError(comparison_id) from None
            await self._reply(address, view_outcome(stored.state))

    async def _compute(self, request: ComparisonRequested) -> ComparisonCompleted:
        wanted, known = await self._wanted(request)
        data = gather(wanted, known, request.language or self._default_language)
        # An answer in a conversation is in the language of its request, a summary in that of the question.
        spoken = request.language if request.session_id else None
        summary = (
            None
            if request.summary == "none"
            else summarise(request.query, data, spoken or language_of(request.query))
        )
        return ComparisonCompleted(
            comparison_id=request.comparison_id,
            session_id=request.session_id,
            query=request.query,
            strategies_data=data,
            total_strategies=len(data),
            summary=summary and summary.text,
            provider=summary and COMPUTED,
            metric=summary and summary.metric,
            best_strategy_id=summary and summary.best_strategy_id,
            completed_at=self._clock(),
        )

    async def _wanted(
        self, request: ComparisonRequested
    ) -> tuple[Sequence[str], Mapping[str, KnownStrategy]]:
        """Return the ids to compare and what is known of them."""
        if request.strategy_ids is not None:
            return request.strategy_ids, await self._model.get(request.strategy_ids)
        strategies = await self._model.all(MOST_STRATEGIES)
        known = {strategy.strategy_id: strategy for strategy in strategies}
        question = parse(request.query, {strategy.strategy_id: strategy.name for strategy in strategies})
        if question.named:
            return question.named, known
        if request.context_strategy_ids:
            return request.context_strategy_ids, await self._model.get(request.context_strategy_ids)
        standing = (strategy.strategy_id for strategy in strategies if strategy.standing)
        return [strategy_id for strategy_id in standing if strategy_id not in question.excluded], known
