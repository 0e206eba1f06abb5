"""The curves of backtests: asked for once, kept in the database, the last ones in memory."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backchat_contracts import BacktestCompleted, BacktestSeriesPublished, BacktestSeriesRequested
from backchat_contracts.comparisons import GapCode
from services.chassis.messaging.envelope import Origin
from services.compare.domain.series import Series, series_of
from services.compare.ports import Clock, Publish, SeriesStore

MOST_BYTES: Final = 64_000_000
"""Of the curves in memory: some thousand backtests of ten years."""
EVENT_BYTES: Final = 5_000
"""About what the event of a completion takes in memory."""
_GAPS: Final[Mapping[str | None, GapCode]] = {"result-not-ready": "no_completed_backtest"}
LOOK_SECONDS: Final = 0.1
"""How often the database is asked for what another process of the service may have received."""


@dataclass(frozen=True, slots=True)
class Published:
    """What the backtest service has published of a backtest: where it has no result, why in `gap`."""

    completed: BacktestCompleted | None
    series: Series | None
    gap: GapCode = "result_not_found"


class SeriesLibrary:
    """Finds the curves of backtests: in memory, in the database, or at the backtest service."""

    def __init__(self, store: SeriesStore, publish: Publish, clock: Clock) -> None:
        self._store = store
        self._publish = publish
        self._clock = clock
        self._memory: OrderedDict[str, Published] = OrderedDict()
        self._bytes = 0
        self._waiting: dict[str, asyncio.Future[Published]] = {}

    def in_memory(self, backtest_ids: Iterable[str]) -> Mapping[str, Published] | None:
        """Return those of the backtests, if all are in memory."""
        found = {key: self._memory[key] for key in backtest_ids if key in self._memory}
        return found if all(key in found for key in backtest_ids) else None

    async def get(self, backtest_ids: Sequence[str], seconds: float) -> Mapping[str, Published]:
        """Return what comes of the backtests within some seconds; there is no entry of the others.

        Raises:
            UnavailableError: the broker does not take the requests, or the database does not answer.

        """
        found = await self._kept(backtest_ids)
        missing = [key for key in backtest_ids if key not in found]
        if missing:
            found = {**found, **await self._asked(missing, seconds)}
        return found

    async def take(self, event: BacktestSeriesPublished) -> None:
        """Keep what was published, and hand it to those who wait for it."""
        if event.completed:
            await self._store.keep(event, self._clock())
        published = self._remember(event)
        if waiting := self._waiting.get(event.backtest_id):
            _settle(waiting, published)

    async def _kept(self, backtest_ids: Sequence[str]) -> dict[str, Published]:
        if unknown := [key for key in backtest_ids if key not in self._memory]:
            for event in (await self._store.get(unknown)).values():
                self._remember(event)
        found = {}
        for key in backtest_ids:
            if key in self._memory:
                self._memory.move_to_end(key)
                found[key] = self._memory[key]
        return found

    async def _asked(self, missing: Sequence[str], seconds: float) -> Mapping[str, Published]:
        """Ask the backtest service for curves, and wait until they come, here or at another process."""
        loop = asyncio.get_running_loop()
        new = [key for key in missing if key not in self._waiting]
        futures = {key: self._waiting.setdefault(key, loop.create_future()) for key in missing}
        try:
            requests = (BacktestSeriesRequested(backtest_id=key) for key in new)
            await asyncio.gather(*(self._publish(request, Origin()) for request in requests))
            end = loop.time() + seconds
            while (rest := [key for key in missing if not futures[key].done()]) and loop.time() < end:
                await asyncio.wait(
                    [futures[key] for key in rest], timeout=min(LOOK_SECONDS, end - loop.time())
                )
                for key, published in (await self._kept(rest)).items():
                    _settle(futures[key], published)
        finally:
            for key in new:
                del self._waiting[key]
        return {key: future.result() for key, future in futures.items() if future.done()}

    def _remember(self, event: BacktestSeriesPublished) -> Published:
        """Keep in memory what will not change, and forget what was not used for longest."""
        if known := self._memory.get(event.backtest_id):
            return known
        if event.completed is None:
            return Published(None, None, _GAPS.get(event.code, "result_not_found"))
        published = Published(event.completed, None if event.series is None else series_of(event.series))
        self._memory[event.backtest_id] = published
        self._bytes += _size(published)
        while self._bytes > MOST_BYTES:
            _, old = self._memory.popitem(last=False)
            self._bytes -= _size(old)
        return published


def _size(published: Published) -> int:
    return EVENT_BYTES + (published.series.size if published.series else 0)


def _settle(waiting: "asyncio.Future[Published]", published: Published) -> None:
    if not waiting.done():
        waiting.set_result(published)
