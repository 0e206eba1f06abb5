"""Which instruments have prices, and the report on the folder of prices."""

from dataclasses import replace

import pytest

from backchat_contracts import InstrumentPage, InstrumentQueried, MarketReport, Texts
from services.backtest.domain.instruments import Finding
from services.backtest.market import FolderReport
from services.chassis.paging import BadCursorError
from tests.builders import NOW
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio

FINDING = Finding(
    severity="warning",
    code="gap",
    file="us/FB.csv",
    symbol="FB",
    row=12,
    problem=Texts(ko="빠진 날", en="days are missing"),
    remedy=Texts(ko="추가하세요", en="add them"),
)


async def page(service: Service, **asked: object) -> InstrumentPage:
    answer = await service.asked_market(InstrumentQueried.model_validate(asked))
    assert isinstance(answer, InstrumentPage)
    return answer


async def test_instruments_are_listed_by_symbol_page_by_page() -> None:
    service = Service()
    first = await page(service, limit=1)
    assert ([each.symbol for each in first.data], first.has_more, first.next) == (["AAPL"], True, "AAPL")
    second = await page(service, limit=1, cursor=first.next)
    assert ([each.symbol for each in second.data], second.has_more, second.next) == (["FB"], False, None)

    aapl = first.data[0]
    assert (str(aapl.first), str(aapl.last), aapl.source) == ("2000-03-01", "2013-03-01", "memory")
    assert (aapl.currency, aapl.has_open, aapl.warnings) == (None, True, ())


@pytest.mark.parametrize(
    ("part", "found"), [("a", ["AAPL"]), ("Fb", ["FB"]), ("MEM", ["AAPL", "FB"]), ("x", [])]
)
async def test_instruments_are_found_by_a_part_of_symbol_or_source(part: str, found: list[str]) -> None:
    assert [each.symbol for each in (await page(Service(), search=part)).data] == found


@pytest.mark.parametrize(
    ("symbols", "found"), [(["fb", "XYZ"], ["FB"]), (["XYZ"], []), (["FB", "AAPL"], ["AAPL", "FB"])]
)
async def test_instruments_are_found_by_their_symbols(symbols: list[str], found: list[str]) -> None:
    assert [each.symbol for each in (await page(Service(), symbols=symbols)).data] == found


@pytest.mark.parametrize("cursor", ["", "zzz", "A B", "\0", "2026-03-02T09:30:00.000Z~b-1"])
async def test_a_cursor_is_the_last_symbol_of_a_page(cursor: str) -> None:
    with pytest.raises(BadCursorError):
        await Service().asked_market(InstrumentQueried(cursor=cursor))


async def test_an_instrument_has_its_warnings() -> None:
    service = Service()
    instruments = dict(service.data.market.instruments())
    instruments["FB"] = replace(instruments["FB"], warnings=(FINDING,))

    class Doubtful:
        def instruments(self) -> object:
            return instruments

    service.data.replace(Doubtful())  # type: ignore[arg-type]  # of no use but to be listed
    fb = (await page(service, search="fb")).data[0]
    assert [(each.code, each.row, each.problem.en) for each in fb.warnings] == [
        ("gap", 12, "days are missing")
    ]


async def test_without_a_folder_the_report_is_empty() -> None:
    answer = await Service().asked_market(InstrumentQueried(report=True))
    assert answer == MarketReport(read_at=None, files=0, instruments=0, errors=0, warnings=0, findings=())


async def test_the_report_says_what_is_wrong() -> None:
    service = Service()
    service.market.report = FolderReport(NOW, 3, 2, (FINDING, replace(FINDING, severity="error")))

    answer = await service.asked_market(InstrumentQueried(report=True))

    assert isinstance(answer, MarketReport)
    assert (answer.read_at, answer.files, answer.instruments) == (NOW, 3, 2)
    assert (answer.errors, answer.warnings) == (1, 1)
    assert answer.findings[0].model_dump() == {
        "severity": "warning",
        "code": "gap",
        "file": "us/FB.csv",
        "symbol": "FB",
        "row": 12,
        "column": None,
        "count": 1,
        "problem": {"ko": "빠진 날", "en": "days are missing"},
        "remedy": {"ko": "추가하세요", "en": "add them"},
    }
