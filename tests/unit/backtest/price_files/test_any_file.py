"""Any table in any dialect gives the same bars, and no content of a file breaks the reader."""

import csv
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.backtest.domain.instruments import Finding
from services.backtest.price_files import decoding, table
from services.backtest.price_files.arrow import Stored, open_series
from services.backtest.price_files.findings import KINDS
from services.backtest.price_files.reading import read_file

TODAY = date(2024, 6, 28)
EXAMPLES = 150


def read(
    name: str, content: bytes
) -> tuple[Mapping[str, tuple[list[date], list[float], list[float]]], list[Finding]]:
    """Return dates, open and close by symbol, and the findings."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        stored, findings = read_file(path, name, Path(folder), TODAY)
        return {each.instrument.symbol: _bars(Path(folder), each) for each in stored}, list(findings)


def _bars(folder: Path, stored: Stored) -> tuple[list[date], list[float], list[float]]:
    its = stored.instrument
    series = open_series(folder, its.content, stored.size, stored.offsets, its.bars)
    return series.dates.tolist(), series.open.tolist(), series.close.tolist()


# --- the same bars from any dialect


def _grouped(value: str, separator: str, point: str) -> str:
    whole, _, part = value.partition(".")
    return f"{int(whole):,}".replace(",", separator) + point + part


NUMBERS: Mapping[str, Callable[[str], str]] = {
    "plain": lambda value: value,
    "thousands": lambda value: _grouped(value, ",", "."),
    "dollars": lambda value: f"${value}",
    "spaces": lambda value: f"  {value} ",
    "exponent": lambda value: f"{float(value):.17e}",
    "comma": lambda value: value.replace(".", ","),
    "comma and thousands": lambda value: _grouped(value, ".", ","),
    "comma and blanks": lambda value: _grouped(value, "\u202f", ","),
}
DATES: tuple[str, ...] = (
    *(
        "%Y-%m-%d",
        "%Y%m%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%m/%d/%Y",
        "%d/%m/%Y",
        "%m-%d-%Y",
        "%d.%m.%Y",
        "%d-%b-%Y",
    ),
    *("%b %d, %Y", "%Y-%m-%d 00:00:00", "%Y-%m-%dT16:00:00-05:00", "%Y년 %m월 %d일", "%s"),
)
HEADERS = (
    ("Date", "Open", "High", "Low", "Close", "Volume"),
    ("<DATE>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>", "<VOL>"),
    ("날짜", "시가", "고가", "저가", "종가", "거래량"),
    ("trade_date", "open price", "high price", "low price", "close price", "trades"),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[date], list[tuple[str, str]]]:
    """Business days that no reading but the right one makes sense of, and prices with two digits."""
    count = draw(st.integers(25, 60))
    begin = draw(st.dates(date(1990, 1, 1), date(2023, 1, 1)))
    days = np.busday_offset(begin, np.arange(count), roll="forward").tolist()
    cents = st.integers(50_000, 150_001).map(lambda value: f"{value / 100:.2f}")
    base = draw(st.integers(0, 9999))
    pairs = draw(st.lists(st.tuples(cents, cents), min_size=count, max_size=count))
    return days, [(f"{float(o) + base:.2f}", f"{float(c) + base:.2f}") for o, c in pairs]


@pytest.mark.long
@settings(max_examples=EXAMPLES, deadline=None)
@given(
    tables(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(sorted(NUMBERS)),
    st.sampled_from(DATES),
    st.sampled_from(HEADERS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp949"]),
    st.permutations(range(6)),
    st.sampled_from(["up", "down", "shuffled"]),
    st.randoms(use_true_random=False),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_table_reads_the_same_in_any_dialect(  # noqa: PLR0913, PLR0917 - what Hypothesis varies
    content: tuple[list[date], list[tuple[str, str]]],
    separator: str,
    number: str,
    way: str,
    headers: tuple[str, ...],
    encoding: str,
    order: list[int],
    direction: str,
    random: Random,
    line_end: str,
    quoting: Any,
) -> None:
    days, prices = content
    write = NUMBERS[number]
    rows = []
    for day, (opens, close) in zip(days, prices, strict=True):
        high, low = max(opens, close, key=float), min(opens, close, key=float)
        when = str((day - date(1970, 1, 1)) // timedelta(seconds=1)) if way == "%s" else day.strftime(way)
        rows.append([when, *(write(value) for value in (opens, high, low, close)), "1000"])
    if direction == "down":
        rows.reverse()
    elif direction == "shuffled":
        random.shuffle(rows)
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=separator, lineterminator=line_end, quoting=quoting)
    writer.writerows([[row[index] for index in order] for row in (list(headers), *rows)])
    try:
        encoded = file.getvalue().encode(encoding)
    except UnicodeEncodeError:
        encoded = file.getvalue().encode("utf-8")  # narrow blanks, which CP949 does not have

    bars, findings = read("A.csv", encoded)

    allowed = {"split-like-jump", "jump", *(["unordered"] if direction == "shuffled" else [])}
    assert {f.code for f in findings} <= allowed
    assert list(bars) == ["A"]
    assert bars["A"][0] == days
    np.testing.assert_allclose(bars["A"][1], [float(opens) for opens, _ in prices], rtol=1e-12)
    np.testing.assert_allclose(bars["A"][2], [float(close) for _, close in prices], rtol=1e-12)


@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(tables(), st.sampled_from(["single", "wide", "long", "long by day"]), st.booleans())
def test_a_table_reads_the_same_in_any_layout(
    content: tuple[list[date], list[tuple[str, str]]],
    layout: str,
    cut: bool,  # noqa: FBT001
) -> None:
    """Also where the file is read in small pieces, as a large one is."""
    days, prices = content
    both = {"A": [float(opens) for opens, _ in prices], "B-2": [float(close) for _, close in prices]}
    if layout == "single":
        both.pop("B-2")
        lines = ["Date,Close", *(f"{day},{value}" for day, value in zip(days, both["A"], strict=True))]
    elif layout == "wide":
        lines = ["Date,A,B-2", *(f"{day},{a},{b}" for day, a, b in zip(days, *both.values(), strict=True))]
    else:
        lines = [f"{day},{s},{v}" for s, values in both.items() for day, v in zip(days, values, strict=True)]
        lines = ["Date,Symbol,Close", *(sorted(lines) if layout == "long by day" else lines)]

    with pytest.MonkeyPatch.context() as patch:
        if cut:
            patch.setattr(decoding, "CHUNK", 500)
        bars, findings = read("A.csv", "\n".join(lines).encode())

    assert {f.code for f in findings} <= {"split-like-jump", "jump"}
    assert {symbol: (dates, close) for symbol, (dates, _, close) in bars.items()} == {
        symbol: (days, values) for symbol, values in both.items()
    }


# --- nothing breaks the reader


def check_report(name: str, content: bytes) -> None:
    """Whatever is in a file, there are bars or findings, and each can be shown."""
    bars, findings = read(name, content)

    assert bars or [f for f in findings if f.severity == "error"]
    for each in findings:
        assert each.code in KINDS
        assert each.code != "reader-failed", each.problem.en
        assert each.problem.en.isprintable()
        assert each.problem.ko.isprintable()
        assert each.remedy.en.isprintable()
        assert each.row is None or each.row >= 1
        assert each.count >= 0
    for dates, opens, close in bars.values():
        assert dates == sorted(set(dates))
        assert all(0 < value < float("inf") for value in (*opens, *close))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "b.txt"]))
def test_bytes_break_nothing(content: bytes, name: str) -> None:
    check_report(name, content)


PIECES = st.sampled_from(
    [
        *(
            "Date",
            "date",
            "Close",
            "Open",
            "High",
            "Low",
            "Adj Close",
            "Symbol",
            "currency",
            "AAPL",
            "Ticker",
            "Price",
        ),
        *(
            "2024-01-02",
            "2024-01-03",
            "01/02/2024",
            "13/02/2024",
            "20240105",
            "1704067200",
            "45000",
            "0000-00-00",
        ),
        *(
            "9999-12-31",
            "2024-02-30",
            "1",
            "1.5",
            "-3",
            "0",
            "1e308",
            "1e-308",
            "inf",
            "nan",
            "null",
            "1,5",
            "1.234,5",
        ),
        *(
            ",",
            ";",
            "\t",
            "|",
            "\n",
            "\r\n",
            "\r",
            '"',
            '""',
            "'",
            "#",
            " ",
            "",
            "\0",
            "\ufeff",
            "€",
            "종가",
            "\u0661",
            "\uff11",
        ),
    ]
)


@settings(max_examples=EXAMPLES * 3, deadline=None)
@given(st.lists(PIECES, max_size=60), st.sampled_from(["utf-8", "utf-16", "cp949", "utf-8-sig"]))
def test_pieces_of_tables_break_nothing(pieces: list[str], encoding: str) -> None:
    check_report("A.csv", "".join(pieces).encode(encoding, errors="replace"))


ROW = st.lists(PIECES, min_size=1, max_size=5)


@settings(max_examples=EXAMPLES * 2, deadline=None)
@given(
    st.lists(ROW, max_size=12),
    st.sampled_from(["Date,Close", "Date,Open,Close,Adj Close,High", "Date,A,B", "date,symbol,close"]),
)
def test_rows_under_a_header_break_nothing(rows: list[list[str]], header: str) -> None:
    check_report("A.csv", "\n".join([header, *(",".join(row) for row in rows)]).encode())


SOUND = "Date,Open,High,Low,Close\n" + "".join(f"2024-01-{day:02},1,2,0.5,1.5\n" for day in range(1, 31))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.binary(max_size=8), st.integers(0, 8))
def test_damage_to_a_sound_file_breaks_nothing(place: int, damage: bytes, length: int) -> None:
    content = SOUND.encode()
    check_report("A.csv", content[:place] + damage + content[place + length :])


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe", b"\xff\xfea", b"\xfe\xff\xd8\x00", b"\xef\xbb\xbf", b'"', b'"\n"\n"', b'Date,Close\n"',
        b"Date,Close\n" + b"x" * 200_000, b"Date," + b"," * 5_000 + b"\n" + b"1," * 6_000,
        b"Date,Close\n" + b'2024-01-02,"' + b"\n" * 300 + b'"\n',
        b"Date,Date,Close,Close\n2024-01-02,2024-01-03,1,2\n",
        b"Date,Date\n2024-01-02,2024-01-03\n", b"date\n2024-01-02\n", b"\n\n\n2024-01-02,1\n",
        b"symbol,date,close\n",
    ],
)  # fmt: skip
def test_odd_files_break_nothing(content: bytes) -> None:
    check_report("A.csv", content)


def test_a_line_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "CHUNK", 10)
    monkeypatch.setattr(decoding, "LONGEST_LINE", 40)

    assert [f.code for f in read("A.csv", b"a" * 100)[1]] == ["damaged-file"]


def test_a_short_row_and_a_piece_of_one_are_read_as_far_as_they_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "SAMPLE", 2)
    bars, findings = read("A.csv", SOUND.encode()[:-5])

    assert len(bars["A"][0]) == 29
    assert [f.code for f in findings] == ["missing-prices"]
