"""The folder of prices is looked at again and again; what is new in it is used, and what is wrong logged."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from backchat_contracts import Texts
from services.backtest import folder_watch
from services.backtest.domain.instruments import Finding, Instrument
from services.backtest.folder_watch import MOST_LOGGED, FolderWatch
from services.backtest.market import FolderReport
from services.backtest.price_files.folder import PriceFolder, Snapshot
from tests.builders import NOW
from tests.fakes import Clock, eventually

pytestmark = pytest.mark.anyio

ACME = Instrument(
    symbol="ACME", first=date(2024, 1, 2), last=date(2024, 1, 4), bars=3, source="ACME.csv", content="c"
)
GAP = Finding(
    severity="warning",
    code="gap",
    file="ACME.csv",
    row=12,
    problem=Texts(ko="빠진 날", en="days are missing"),
    remedy=Texts(ko="추가하세요", en="add them"),
)


class FakeFolder(PriceFolder):
    """Gives these snapshots one after the other, and then nothing new; an error is raised."""

    def __init__(self, *given: Snapshot | Exception | None) -> None:
        super().__init__(Path("none"), Path("none"))
        self.given = list(given)
        self.looked = 0

    def read(self) -> Snapshot | None:
        self.looked += 1
        found = self.given.pop(0) if self.given else None
        if isinstance(found, Exception):
            raise found
        return found


def snapshot(*findings: Finding, instruments: Mapping[str, Instrument] | None = None) -> Snapshot:
    known = {"ACME": ACME} if instruments is None else instruments
    return Snapshot(instruments=known, findings=findings, files=1, read=("ACME.csv",), manifest=Path("m"))


class Used:
    """What the watch handed on."""

    def __init__(self, *given: Snapshot | Exception | None) -> None:
        self.snapshots: list[Snapshot] = []
        self.reports: list[FolderReport] = []
        self.folder = FakeFolder(*given)
        self.watch = FolderWatch(self.folder, self.use, Clock())

    def use(self, snapshot: Snapshot, report: FolderReport) -> None:
        self.snapshots.append(snapshot)
        self.reports.append(report)


async def test_the_folder_is_read_before_anything_else_happens() -> None:
    used = Used(snapshot(GAP))
    async with used.watch.watching():
        assert used.reports == [FolderReport(NOW, 1, 1, (GAP,))]


async def test_what_is_new_is_used_while_it_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_watch, "LOOK_EVERY_SECONDS", 0.001)
    second = snapshot(instruments={})
    used = Used(snapshot(), None, second, None)
    async with used.watch.watching():

        async def both() -> bool:
            return len(used.snapshots) == 2

        await eventually(both, 5)
    assert used.snapshots[1] is second
    looked = used.folder.looked
    await asyncio.sleep(0.01)
    assert used.folder.looked <= looked + 1  # one may have been under way


async def test_an_error_keeps_the_prices_of_before_and_is_logged() -> None:
    used = Used(snapshot(), OSError("no disk"), snapshot(GAP))
    await used.watch.look()
    with capture_logs() as logs:
        await used.watch.look()
    assert len(used.snapshots) == 1
    assert [(line["event"], line["log_level"]) for line in logs] == [
        ("folder of prices not read, trying again", "error")
    ]
    await used.watch.look()
    assert len(used.snapshots) == 2


async def test_a_snapshot_that_can_not_be_used_ends_nothing() -> None:
    used = Used(snapshot(), snapshot(GAP))
    use = used.use

    def failing(_snapshot: Snapshot, _report: FolderReport) -> None:
        raise OSError("the manifest is gone")

    used.watch._use = failing  # noqa: SLF001 - what the service does with it
    await used.watch.look()
    used.watch._use = use  # noqa: SLF001 - as above
    await used.watch.look()
    assert [each.findings for each in used.reports] == [(GAP,)]


async def test_a_finding_is_logged_once() -> None:
    used = Used(snapshot(GAP), snapshot(GAP, replace(GAP, row=99, severity="error")), snapshot())
    lines = []
    for _ in range(3):
        with capture_logs() as logs:
            await used.watch.look()
        lines.append([(each["event"], each.get("row"), each.get("severity")) for each in logs])
    read = ("prices read", None, None)
    assert lines == [
        [read, ("price finding", 12, "warning")],
        [read, ("price finding", 99, "error")],
        [read],
    ]


async def test_of_many_findings_the_first_are_logged() -> None:
    used = Used(snapshot(*(replace(GAP, row=row) for row in range(1, MOST_LOGGED + 6))))
    with capture_logs() as logs:
        await used.watch.look()
    assert len(logs) == 1 + MOST_LOGGED + 1
    assert (logs[-1]["event"], logs[-1]["findings"]) == ("more price findings", 5)
