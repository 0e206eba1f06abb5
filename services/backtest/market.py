"""Answers which instruments have prices, and what is wrong in the files that they come from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from backchat_contracts import InstrumentPage, InstrumentQueried, MarketReport
from services.backtest.data import Data
from services.backtest.domain.instruments import Finding
from services.backtest.views import view_finding, view_instrument
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.publishing import Reply
from services.chassis.paging import BadCursorError, page_of

SYMBOL: Final = re.compile(r"[A-Z0-9.\-^=_]{1,32}")


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What a folder of prices had when it was read."""

    read_at: datetime | None = None
    files: int = 0
    instruments: int = 0
    findings: Sequence[Finding] = ()


class Market:
    """Queries for instruments, and for the report on the folder of prices."""

    def __init__(self, data: Data, reply: Reply) -> None:
        self._data = data
        self._reply = reply
        self.report = FolderReport()

    async def query(self, query: InstrumentQueried, delivery: Delivery) -> None:
        answer = self._report() if query.report else self._page(query)
        await self._reply(delivery.reply_address, answer)

    def _page(self, query: InstrumentQueried) -> InstrumentPage:
        """Return a page by symbol; the cursor is the last symbol of the page before."""
        part, after = (query.search or "").casefold(), query.cursor or ""
        if query.cursor is not None and not SYMBOL.fullmatch(query.cursor):
            raise BadCursorError
        found = [
            each
            for symbol, each in sorted(self._data.instruments.items())
            if symbol > after
            and (part in symbol.casefold() or each.source.casefold().startswith(part))
            and (query.symbols is None or symbol in query.symbols)
        ]
        shown, more, cursor = page_of(found, query.limit, lambda each: each.symbol)
        return InstrumentPage(data=tuple(map(view_instrument, shown)), has_more=more, next=cursor)

    def _report(self) -> MarketReport:
        report = self.report
        errors = sum(each.severity == "error" for each in report.findings)
        return MarketReport(
            read_at=report.read_at,
            files=report.files,
            instruments=report.instruments,
            errors=errors,
            warnings=len(report.findings) - errors,
            findings=tuple(map(view_finding, report.findings)),
        )
