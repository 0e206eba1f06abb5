"""Remembers what each strategy ran last, to warn where the next run is set otherwise."""

from collections import OrderedDict
from datetime import UTC, datetime
from typing import Final

from backchat_contracts import BacktestConfig, ResultWarning
from services.backtest.domain.backtest import Specification
from services.backtest.domain.settings_changed import setting_changed
from services.backtest.ports import BacktestStore, Wanted

REMEMBERED: Final = 2_000
"""How many strategies, those that ran last; of another one the store is asked."""
SEARCHED: Final = 20
"""How many of its newest backtests are searched for the one that completed last."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class PreviousRuns:
    """The configurations that completed last, by strategy.

    What another process of the service completes meanwhile is not seen here.
    """

    def __init__(self, backtests: BacktestStore) -> None:
        self._backtests = backtests
        self._configs: OrderedDict[str, BacktestConfig] = OrderedDict()

    async def warnings(self, spec: Specification) -> tuple[ResultWarning, ...]:
        """Return the warning about a run that is about to complete, if it is set otherwise than the last."""
        before = self._configs.get(spec.strategy_id)
        if before is None:
            wanted = Wanted(strategy_id=spec.strategy_id, status="completed")
            newest = await self._backtests.page(wanted, SEARCHED, None)
            last = max(newest, key=lambda stored: stored.state.completed_at or EPOCH, default=None)
            before = last.state.spec.config if last else spec.config
        return setting_changed(spec.config, before)

    def completed(self, spec: Specification) -> None:
        """Remember a run that has completed."""
        self._configs[spec.strategy_id] = spec.config
        self._configs.move_to_end(spec.strategy_id)
        if len(self._configs) > REMEMBERED:
            self._configs.popitem(last=False)
