"""Which prices there are, and whether they are enough for a backtest."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Final, NamedTuple

from services.backtest.domain.instruments import Instrument, MarketData
from services.backtest.domain.planning import Plan
from services.backtest.domain.prices import content_of_all, select_prices
from services.backtest.domain.window import Coverage, ImpossibleWindow, OutsideCoverage

SELECTED: Final = 1_000
"""How many selections of prices are remembered: a sweep has the same symbols and days again and again."""


class Selection(NamedTuple):
    """Which prices a backtest uses: symbols, first and last day, and bars before those."""

    symbols: tuple[str, ...]
    start: date
    end: date
    warm_up: int


class Selected(NamedTuple):
    """A hash of the selected prices, and the most bars that any of the symbols has."""

    content: str
    bars: int


class _Snapshot:
    """Prices that stay the same, and what was found of the selections of them that were used last."""

    def __init__(self, market: MarketData) -> None:
        self.instruments = market.instruments()
        self.market = market
        self._selected: OrderedDict[Selection, Selected | ImpossibleWindow] = OrderedDict()

    async def select(self, wanted: Selection) -> Selected:
        """Select prices; in a thread, as there may be many, unless the outcome is remembered.

        Raises ImpossibleWindow.
        """
        found = self._selected.get(wanted)
        if found is None:
            found = self._selected[wanted] = await asyncio.to_thread(self._select, wanted)
            if len(self._selected) > SELECTED:
                self._selected.popitem(last=False)
        self._selected.move_to_end(wanted)
        if isinstance(found, ImpossibleWindow):
            raise copy(found)  # each error that is raised keeps what it came through
        return found

    def _select(self, wanted: Selection) -> Selected | ImpossibleWindow:
        try:
            prices = select_prices(self.market, *wanted)
        except ImpossibleWindow as error:
            return error
        return Selected(prices.content(), prices.most_bars())


class Data:
    """Which prices there are, and whether they are enough for a backtest. Others may replace them."""

    def __init__(self, market: MarketData) -> None:
        self._snapshot = _Snapshot(market)

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """The instruments by symbol."""
        return self._snapshot.instruments

    @property
    def market(self) -> MarketData:
        """The prices."""
        return self._snapshot.market

    def replace(self, market: MarketData) -> None:
        """Use other prices from now on."""
        self._snapshot = _Snapshot(market)

    async def check(self, resolved: Plan) -> str:
        """Check that a backtest has days to trade on, and its strategy bars to decide and then to trade.

        Returns the hash of the prices that it uses.

        Raises:
            ImpossibleWindow: there are too few.

        """
        snapshot, strategy, days = self._snapshot, resolved.strategy, (resolved.start, resolved.end)
        selected = await snapshot.select(Selection(resolved.symbols, *days, strategy.warm_up_bars))
        if selected.bars <= (needed := strategy.needed_bars):
            problem = (
                f"{selected.bars} trading days until {resolved.end}: to decide and to trade, the strategy "
                f"needs {needed + 1}"
            )
            instruments = (snapshot.instruments[symbol] for symbol in resolved.symbols)
            raise OutsideCoverage(problem, Coverage.of(instruments))
        if resolved.benchmark is None:
            return selected.content
        end = min(resolved.end, snapshot.instruments[resolved.benchmark].last)
        held = await snapshot.select(Selection((resolved.benchmark,), resolved.start, end, 0))
        return content_of_all(selected.content, held.content)
