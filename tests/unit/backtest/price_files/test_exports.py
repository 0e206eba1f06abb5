"""What the exports of well-known sources look like, and the bars that they are read to."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from services.backtest.price_files.folder import Snapshot
from services.backtest.price_files.prices import ArrowPrices
from tests.price_folders import read_here

DAYS = [date(2024, 1, 29), date(2024, 1, 30), date(2024, 1, 31)]
OPEN, CLOSE = [10.5, 11.0, 11.5], [10.75, 11.25, 11.75]

YAHOO = """Date,Open,High,Low,Close,Adj Close,Volume
2024-01-29,21.0,22.0,20.5,21.5,10.75,1000
2024-01-30,22.0,23.0,21.5,22.5,11.25,1000
2024-01-31,23.0,24.0,22.5,23.5,11.75,1000
"""
STOOQ_TEXT = """<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>
AAPL.US,D,20240129,000000,10.5,11,10,10.75,1000,0
AAPL.US,D,20240130,000000,11,12,10.5,11.25,1000,0
AAPL.US,D,20240131,000000,11.5,12,11,11.75,1000,0
"""
NASDAQ = """Date,Close/Last,Volume,Open,High,Low
01/31/2024,$11.75,"1,000",$11.50,$12.00,$11.00
01/30/2024,$11.25,"1,000",$11.00,$12.00,$10.50
01/29/2024,$10.75,"1,000",$10.50,$11.00,$10.00
"""
PANDAS = """,open,high,low,close
2024-01-29 00:00:00,10.5,11,10,10.75
2024-01-30 00:00:00,11,12,10.5,11.25
2024-01-31 00:00:00,11.5,12,11,11.75
"""
YFINANCE = """Price,Close,High,Low,Open,Volume
Ticker,AAPL,AAPL,AAPL,AAPL,AAPL
Date,,,,,
2024-01-29,10.75,11,10,10.5,1000
2024-01-30,11.25,12,10.5,11,1000
2024-01-31,11.75,12,11,11.5,1000
"""
YFINANCE_SEVERAL = """Ticker,MSFT,MSFT,AAPL,AAPL
Price,Open,Close,Open,Close
Date,,,,
2024-01-29,1,1,10.5,10.75
2024-01-30,1,1,11,11.25
2024-01-31,1,1,11.5,11.75
"""
YFINANCE_OLD = """,Adj Close,Adj Close,Close,Close,Open,Open
,AAPL,MSFT,AAPL,MSFT,AAPL,MSFT
Date,,,,,,
2024-01-29,10.75,1,21.5,1,21.0,1
2024-01-30,11.25,1,22.5,1,22.0,1
2024-01-31,11.75,1,23.5,1,23.0,1
"""
YFINANCE_ZONE = """Date,Open,High,Low,Close,Volume,Dividends,Stock Splits
2024-01-29 00:00:00-05:00,10.5,11,10,10.75,1000,0.0,0.0
2024-01-30 00:00:00-05:00,11,12,10.5,11.25,1000,0.0,0.0
2024-01-31 00:00:00-05:00,11.5,12,11,11.75,1000,0.0,0.0
"""
ALPHA_VANTAGE = """timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient
2024-01-31,23.0,24.0,22.5,23.5,11.75,1000,0.0000,1.0
2024-01-30,22.0,23.0,21.5,22.5,11.25,1000,0.0000,1.0
2024-01-29,21.0,22.0,20.5,21.5,10.75,1000,0.0000,1.0
"""
TIINGO = """date,close,high,low,open,volume,adjClose,adjHigh,adjLow,adjOpen,adjVolume,divCash,splitFactor
2024-01-29T00:00:00.000Z,21.5,22,20.5,21,1000,10.75,11,10.25,10.5,1000,0.0,1.0
2024-01-30T00:00:00.000Z,22.5,23,21.5,22,1000,11.25,11.5,10.75,11.0,1000,0.0,1.0
2024-01-31T00:00:00.000Z,23.5,24,22.5,23,1000,11.75,12,11.25,11.5,1000,0.0,1.0
"""
KOREAN = """일자,종목코드,종목명,시가,고가,저가,종가,거래량
2024/01/29,005930,삼성전자,"10,500","11,000","10,000","10,750","1,000"
2024/01/30,005930,삼성전자,"11,000","12,000","10,500","11,250","1,000"
2024/01/31,005930,삼성전자,"11,500","12,000","11,000","11,750","1,000"
"""
GERMAN = """Kurse von gestern;nicht amtlich
Datum;Eröffnung;Hoch;Tief;Schluss
29.01.2024;10,5;11;10;10,75
30.01.2024;11;12;10,5;11,25
31.01.2024;11,5;12;11;11,75
"""
INVESTING = """\ufeff"Date","Price","Open","High","Low","Vol.","Change %"
"Jan 31, 2024","11.75","11.5","12","11","1.00K","4.44%"
"Jan 30, 2024","11.25","11","12","10.5","1.00K","4.65%"
"Jan 29, 2024","10.75","10.5","11","10","1.00K","0.00%"
"""
TRADING_VIEW = """time,open,high,low,close
1706486400,10.5,11,10,10.75
1706572800,11,12,10.5,11.25
1706659200,11.5,12,11,11.75
"""
EPOCH_MS = TRADING_VIEW.replace("00,1", "00000,1")
MONTHS = """# source: a vendor
# adjusted for splits

Trade Date|Open Price|Close Price
29-Jan-2024|10.5|10.75
30-Jan-2024|11|11.25
31-Jan-2024|11.5|11.75
"""
BLANKS = (
    "Date , open , close\r\n 2024-01-29 , 10.5 , 10.75\r\n2024-01-30,11,11.25\r\n"
    '"2024-01-31","11.5","11.75"\r\n\r\n,,\r\n'
)
PADDED = (
    "Date\tOpen\tClose\tNote\n2024. 1. 29\t10.5\t10.75\t\n"
    "2024. 1. 30\t11\t11.25\n2024. 1. 31.\t11.5\t11.75\tlast\n"
)


def read(folder: Path, cache: Path) -> tuple[Snapshot, ArrowPrices]:
    """Read a folder that has something in it."""
    snapshot = read_here(folder, cache).read()
    assert snapshot is not None
    assert snapshot.manifest is not None
    return snapshot, ArrowPrices(snapshot.manifest)


@pytest.mark.parametrize(
    ("file", "text", "symbol", "scale"),
    [
        ("aapl.csv", YAHOO, "AAPL", 1),
        ("aapl.us.txt", STOOQ_TEXT, "AAPL.US", 1),
        ("aapl.csv", STOOQ_TEXT.replace("<", "").replace(">", "").replace("AAPL.US", "aapl"), "AAPL", 1),
        ("HistoricalData-1.csv", NASDAQ, "HISTORICALDATA-1", 1),
        ("^spx.csv", PANDAS, "^SPX", 1),
        ("x.csv", YFINANCE, "AAPL", 1),
        ("x.csv", YFINANCE_SEVERAL, "AAPL", 1),
        ("x.csv", YFINANCE_OLD, "AAPL", 1),
        ("KRW=X.csv", YFINANCE_ZONE, "KRW=X", 1),
        ("BRK_B.csv", ALPHA_VANTAGE, "BRK_B", 1),
        ("brk-b.csv", TIINGO, "BRK-B", 1),
        ("kospi.csv", KOREAN, "005930", 1000),
        ("dax.csv", GERMAN.partition("\n")[2], "DAX", 1),
        ("dax.csv", GERMAN, "DAX", 1),
        ("eurusd.csv", INVESTING, "EURUSD", 1),
        ("BTC.csv", TRADING_VIEW, "BTC", 1),
        ("BTC.csv", EPOCH_MS, "BTC", 1),
        ("sub/folder/A.txt", MONTHS, "A", 1),
        ("A.CSV", BLANKS, "A", 1),
        ("A.tsv", PADDED, "A", 1),
    ],
)
def test_an_export_is_read(tmp_path: Path, file: str, text: str, symbol: str, scale: int) -> None:
    path = tmp_path / "prices" / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")

    snapshot, prices = read(tmp_path / "prices", tmp_path / "cache")

    assert not snapshot.findings
    assert symbol in snapshot.instruments
    assert snapshot.instruments[symbol].has_open
    assert snapshot.instruments[symbol].source == file
    series = prices.series(symbol)
    assert series.dates.tolist() == DAYS
    np.testing.assert_allclose(series.open, np.multiply(OPEN, scale))
    np.testing.assert_allclose(series.close, np.multiply(CLOSE, scale))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_an_encoding_is_recognised(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "k.csv").write_bytes(KOREAN.replace("종목코드", "종목").encode(encoding))

    snapshot, prices = read(tmp_path, tmp_path / "cache")

    assert not snapshot.findings
    assert prices.series("005930").close.tolist() == [10_750, 11_250, 11_750]


WIDE = """Date,AAPL,msft,LOW,LATE,GONE
2024-01-26,1,2,3,,5
2024-01-29,1,2,3,,5
2024-01-30,1,2,3,4,5
2024-01-31,1,2,3,4,
2024-02-01,1,2,3,4,
"""


def test_a_wide_file_has_a_column_for_each_symbol(tmp_path: Path) -> None:
    """Instruments begin and end when their prices do."""
    (tmp_path / "closes.csv").write_text(WIDE)

    snapshot, prices = read(tmp_path, tmp_path / "cache")

    assert not snapshot.findings
    assert list(snapshot.instruments) == ["AAPL", "GONE", "LATE", "LOW", "MSFT"]
    assert {each.has_open for each in snapshot.instruments.values()} == {False}
    assert snapshot.instruments["LATE"].first == date(2024, 1, 30)
    assert snapshot.instruments["GONE"].last == date(2024, 1, 30)
    assert prices.series("LOW").close.tolist() == prices.series("LOW").open.tolist() == [3, 3, 3, 3, 3]


LONG = """date,symbol,close,currency
2024-01-29,AAPL,101,USD
2024-01-29,005930,70000,KRW
2024-01-30,AAPL,102,USD
2024-01-30,005930,70100,KRW
2024-01-31,AAPL,103,USD
2024-01-31,005930,70200,KRW
2024-02-01,AAPL,104,USD
"""


def test_a_long_file_has_a_column_of_symbols(tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text(LONG)

    snapshot, prices = read(tmp_path, tmp_path / "cache")

    assert not snapshot.findings
    assert [(s, i.currency, i.bars) for s, i in snapshot.instruments.items()] == [
        ("005930", "KRW", 3),
        ("AAPL", "USD", 4),
    ]
    assert prices.series("AAPL").close.tolist() == [101, 102, 103, 104]


@pytest.mark.parametrize(
    "header",
    [
        "close",
        "Price",
        "settle",
        "LAST",
        "종가",
        "Adj Close",
        "수정종가",
        "adjusted_close",
        "value",
        "Close (USD)",
    ],
)
def test_a_close_alone_is_enough(tmp_path: Path, header: str) -> None:
    (tmp_path / "f.csv").write_text(f"date,{header}\n2024-01-29,1\n2024-01-30,2\n2024-01-31,3\n")

    snapshot, prices = read(tmp_path, tmp_path / "cache")

    assert not snapshot.instruments["F"].has_open
    assert prices.series("F").close.tolist() == [1, 2, 3]


def test_one_column_under_a_symbol_is_that_symbol(tmp_path: Path) -> None:
    (tmp_path / "fred.csv").write_text(
        "observation_date,SP500\n2024-01-29,1\n2024-01-30,.\n2024-01-31,3\n2024-02-01,3\n2024-02-02,3\n"
    )

    snapshot, _ = read(tmp_path, tmp_path / "cache")

    assert snapshot.instruments["SP500"].bars == 4


NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"date": DAYS, "open": OPEN, "close": CLOSE}),
        pl.DataFrame({"Date": [str(day) for day in DAYS], "Open": OPEN, "Close": CLOSE}),
        pl.DataFrame({"Open": OPEN, "Close": CLOSE, "__index_level_0__": DAYS}),
        pl.DataFrame(
            {
                "t": [datetime(d.year, d.month, d.day, 16, tzinfo=NEW_YORK) for d in DAYS],
                "open": OPEN,
                "close": CLOSE,
            }
        ),
        pl.DataFrame({"date": [20240129, 20240130, 20240131], "open": OPEN, "close": CLOSE}),
        pl.DataFrame({"Date": DAYS, "('Open', 'A')": OPEN, "('Close', 'A')": CLOSE, "('Close', 'B')": CLOSE}),
        pl.DataFrame(
            {"date": DAYS, "open": OPEN, "close": CLOSE, "tags": [["x"], ["y"], []], "sym": ["A"] * 3}
        ).rename({"sym": "symbol"}),
        pl.DataFrame({"date": DAYS, "open": OPEN, "close": CLOSE}).cast(
            {"open": pl.Decimal(9, 2), "close": pl.Float32}
        ),
    ],
)
def test_parquet_is_read(tmp_path: Path, frame: pl.DataFrame) -> None:
    frame.write_parquet(tmp_path / "a.parquet")

    snapshot, prices = read(tmp_path, tmp_path / "cache")

    assert not snapshot.findings
    series = prices.series("A")
    assert series.dates.tolist() == DAYS
    assert series.open.tolist() == OPEN
    assert series.close.tolist() == CLOSE


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1/2/2024\n1/3/2024\n1/16/2024\n1/17/2024", date(2024, 1, 2)),
        ("2/1/2024\n3/1/2024\n16/1/2024\n17/1/2024", date(2024, 1, 2)),
        ("02-01-2024 09:00\n03-01-2024 09:00\n16-01-2024 09:00", date(2024, 1, 2)),
        ("02.01.2024\n03.01.2024\n04.01.2024", date(2024, 1, 2)),
        ("Tuesday\n", None),
        ("2024년 1월 2일\n2024년 1월 3일\n2024년 1월 4일", date(2024, 1, 2)),
        ("2 January 2024\n3 January 2024\n4 January 2024", date(2024, 1, 2)),
        ("January 2 2024\nJanuary 3 2024\nJanuary 4 2024", date(2024, 1, 2)),
        ("2024-01-02(화)\n2024-01-03(수)\n2024-01-04 (목)", date(2024, 1, 2)),
        ("1704153600000000000\n1704240000000000000\n1704326400000000000", date(2024, 1, 2)),
    ],
)
def test_a_way_to_write_dates_is_recognised(tmp_path: Path, text: str, first: date | None) -> None:
    (tmp_path / "A.csv").write_text("date,close\n" + "".join(f"{line},1\n" for line in text.split("\n")))

    snapshot, _ = read(tmp_path, tmp_path / "cache")

    assert (snapshot.instruments["A"].first if "A" in snapshot.instruments else None) == first
