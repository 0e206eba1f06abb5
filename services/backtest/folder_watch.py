"""Looks at the folder of prices every few seconds, and hands on what is new in it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from services.backtest.market import FolderReport
from services.backtest.ports import Clock
from services.backtest.price_files.folder import PriceFolder, Snapshot

log = structlog.get_logger()

LOOK_EVERY_SECONDS: Final = 2.0
"""A file that changed is read at the second look that finds it the same: it is in use within ten seconds."""
MOST_LOGGED: Final = 20
"""How many findings are logged of a reading; the report has them all."""


class FolderWatch:
    """Watches a folder of prices: `use` is called with every snapshot of it and its report."""

    def __init__(
        self, folder: PriceFolder, use: Callable[[Snapshot, FolderReport], None], clock: Clock
    ) -> None:
        self._folder = folder
        self._use = use
        self._clock = clock
        self._logged: frozenset[object] = frozenset()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Read the folder, and then again what changes in it while the block runs."""
        await self.look()
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()

    async def look(self) -> None:
        """Read what is new, in a thread; whatever a file has, the others are read."""
        try:
            snapshot = await asyncio.to_thread(self._folder.read)
            if snapshot is not None:
                self._log(snapshot)
                self._use(snapshot, self._report(snapshot))
        except Exception:
            log.exception("folder of prices not read, trying again")

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            await self.look()

    def _report(self, snapshot: Snapshot) -> FolderReport:
        return FolderReport(
            read_at=self._clock(),
            files=snapshot.files,
            instruments=len(snapshot.instruments),
            findings=snapshot.findings,
        )

    def _log(self, snapshot: Snapshot) -> None:
        """Log what is wrong and was not wrong before."""
        if snapshot.files or self._logged:
            log.info("prices read", files=snapshot.files, instruments=len(snapshot.instruments))
        new = [each for each in snapshot.findings if each not in self._logged]
        self._logged = frozenset(snapshot.findings)
        for each in new[:MOST_LOGGED]:
            log.warning(
                "price finding",
                severity=each.severity,
                code=each.code,
                file=each.file,
                row=each.row,
                column=each.column,
                symbol=each.symbol,
                problem=each.problem.en,
                remedy=each.remedy.en,
            )
        if len(new) > MOST_LOGGED:
            log.warning("more price findings", findings=len(new) - MOST_LOGGED)
