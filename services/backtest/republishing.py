"""Publishes again what other services build read models of: for one that has lost its data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backchat_contracts import BacktestCompleted, Event, StrategyDeleted
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.catalogue import Strategy
from services.backtest.ports import BacktestStore, Republish, StrategyStore, Wanted
from services.chassis.messaging.envelope import Origin
from services.chassis.paging import cursor_of

PAGE: Final = 500

Completion = tuple[BacktestCompleted, int]
"""The event of a completion, and its sequence."""


@dataclass(frozen=True, slots=True)
class Republished:
    """How many events were published."""

    strategies: int
    backtests: int


class Republishing:
    """Publishes the last event of each strategy and its choice, and the completions of some backtests.

    They are that of each strategy's latest one, and of the first one that a user ran of a definition on a set
    of symbols: from these it is known what was tried. Each event has the sequence that it had, so a consumer
    that knows it, or a newer one, drops it.
    """

    def __init__(self, strategies: StrategyStore, backtests: BacktestStore, publish: Republish) -> None:
        self._strategies = strategies
        self._backtests = backtests
        self._publish = publish

    async def run(self) -> Republished:
        """Publish all of them. Raises ChassisError where database or broker does not answer."""
        strategies = 0
        async for stored in self._strategies.all():
            for event in await self._events(stored.state):
                await self._publish(event, Origin(), stored.sequence)
            strategies += 1
        completions = await self._completions()
        for completion, sequence in completions:
            await self._publish(completion, Origin(), sequence)
        return Republished(strategies, len(completions))

    async def _events(self, strategy: Strategy) -> Sequence[Event]:
        """Return the events that tell of a strategy as it is; also that no backtest was chosen for it."""
        stored = await self._backtests.get(strategy.standing) if strategy.standing else None
        found = stored.of(Backtest) if stored else None
        chosen = strategy.choose(found.state.completion() if found else None, strategy.created_at)
        if strategy.deleted_at:
            return [StrategyDeleted(strategy_id=strategy.id, deleted_at=strategy.deleted_at), *chosen.events]
        return [strategy.saved(), *chosen.events]

    async def _completions(self) -> Sequence[Completion]:
        """Return those of each strategy's last completed backtest and of each definition's first one."""
        latest: dict[str, Completion] = {}
        first: dict[str, Completion] = {}
        before: str | None = None
        while page := await self._backtests.page(Wanted(status="completed"), PAGE, before):
            for stored in page:
                found = stored.state.completion()
                known = latest.get(found.strategy_id)
                if known is None or known[0].completed_at < found.completed_at:
                    latest[found.strategy_id] = found, stored.sequence
                first[_tried(found)] = found, stored.sequence  # the newest come first
            before = cursor_of(page[-1].state.spec.created_at, page[-1].id)
        completions = {each[0].backtest_id: each for each in (*first.values(), *latest.values())}
        return list(completions.values())


def _tried(completed: BacktestCompleted) -> str:
    """Return what was tried by whom: the user, the definition and the symbols."""
    config = completed.config
    tried = [completed.user_id, config.type, config.parameters, sorted(config.symbols)]
    return json.dumps(tried, sort_keys=True)
