"""Each problem that files have: where it is reported, and whether the instrument stays."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from services.backtest.domain.instruments import Finding
from services.backtest.price_files import reading
from services.backtest.price_files.findings import KINDS, MOST_OF_AN_INSTRUMENT
from services.backtest.price_files.prices import ArrowPrices
from tests.price_folders import read_here

TODAY = date(2024, 6, 28)
DAYS = np.busday_offset("2024-01-01", np.arange(60), roll="forward").tolist()


def read(tmp_path: Path, content: str | bytes, name: str = "A.csv") -> tuple[list[str], tuple[Finding, ...]]:
    """Return the symbols that a file gives, and the findings."""
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    cache = tmp_path / "cache"
    cache.mkdir(exist_ok=True)
    stored, findings = reading.read_file(tmp_path / name, name, cache, TODAY)
    assert all(each.severity == KINDS[each.code].severity for each in findings)
    for each in stored:
        warnings = [
            f for f in findings if f.severity == "warning" and f.symbol in {None, each.instrument.symbol}
        ]
        assert list(each.instrument.warnings) == warnings
    return [each.instrument.symbol for each in stored], findings


def closes(values: Sequence[object], header: str = "Date,Close", days: Sequence[date] = DAYS) -> str:
    rows = (f"{day},{value}\n" for day, value in zip(days, values, strict=False))
    return f"{header}\n{''.join(rows)}"


def changed(row: int, cell: object, count: int = 40) -> str:
    """Return closes of 100, one of which is another cell; the first row is line 2."""
    return closes([cell if line == row else 100 for line in range(2, count + 2)])


OHLC = "Date,Open,High,Low,Close\n" + "".join(f"{day},100,101,99,100.5\n" for day in DAYS)
ADJUSTED = "Date,Open,Close,Adj Close\n" + "".join(f"{day},100,100.5,50.25\n" for day in DAYS)
WIDE = "Date,A,B\n" + "".join(f"{day},1,2\n" for day in DAYS)
LONG = "date,symbol,close,currency\n" + "".join(f"{day},{s},1,USD\n" for day in DAYS for s in ("A", "B"))
EARLY = DAYS[:9]  # until 11 January: each can be read in two ways


@pytest.mark.parametrize(
    ("content", "code", "row", "column", "count"),
    [
        (changed(7, "x1"), "bad-number", 7, "Close", 1),
        (changed(7, "1.2.3"), "bad-number", 7, "Close", 1),
        (changed(7, "12 34"), "bad-number", 7, "Close", 1),
        (changed(7, "5%"), "bad-number", 7, "Close", 1),
        (OHLC.replace("100.5", "a lot"), "bad-number", 2, "Close", 60),
        (changed(7, 0), "zero", 7, "Close", 1),
        (changed(7, "0.00"), "zero", 7, "Close", 1),
        (changed(7, -1.5), "negative", 7, "Close", 1),
        (OHLC.replace(f"{DAYS[3]},100", f"{DAYS[3]},-100"), "negative", 5, "Open", 1),
        (OHLC.replace(f"{DAYS[3]},100", f"{DAYS[3]},0"), "zero", 5, "Open", 1),
        (ADJUSTED.replace(f"{DAYS[3]},100,100.5,50.25", f"{DAYS[3]},100,100.5,0"), "zero", 5, "Adj Close", 1),
        (changed(7, "inf"), "infinite", 7, "Close", 1),
        (changed(7, "1e999"), "infinite", 7, "Close", 1),
        (closes([100, ""] * 30), "many-missing", 3, "Close", 30),
        (closes([""] * 60), "many-missing", 2, "Close", 60),
        (
            changed(7, 100).replace(str(DAYS[5]), str(DAYS[4])).replace(",100", ",99", 5),
            "duplicate-day",
            7,
            "Date",
            1,
        ),
        (changed(7, 100).replace(str(DAYS[5]), "2024-02-30"), "bad-date", 7, "Date", 1),
        (changed(7, 100).replace(str(DAYS[5]), "Monday"), "bad-date", 7, "Date", 1),
        (changed(7, 100).replace(str(DAYS[5]), ""), "bad-date", 7, "Date", 1),
        (changed(41, 100).replace(str(DAYS[39]), "2024-07-01"), "impossible-date", 41, "Date", 1),
        (changed(2, 100).replace(str(DAYS[0]), "1799-12-31"), "impossible-date", 2, "Date", 1),
        (changed(7, 100).replace(str(DAYS[5]), "08/01/2024"), "mixed-date-formats", 7, "Date", 1),
        (
            changed(7, 100).replace("-", "").replace("20240108", "2024-01-08"),
            "mixed-date-formats",
            7,
            "Date",
            1,
        ),
        ("Date,Close\n13/01/2024,1\n12/01/2024,1\n01/14/2024,1\n", "mixed-date-formats", 4, "Date", 1),
        ("Date,Close\n01/02/2024,1\n02/03/2024,1\n03/04/2024,1\n", "undecided-dates", 2, "Date", 1),
        ("Date,Close\n01/15/24,1\n01/16/24,1\n", "two-digit-year", 2, "Date", 1),
        ("Date,Close\n15-Jan-24,1\n16-Jan-24,1\n", "two-digit-year", 2, "Date", 1),
        ("Date,Close\n45306,1\n45307,1\n", "excel-dates", 2, "Date", 1),
        (closes([1, 2]), "few-bars", None, None, 2),
        ("Date,Close\n", "empty-file", None, None, 1),
        ("", "empty-file", None, None, 1),
        ("\n \n", "empty-file", None, None, 1),
        (closes([100] * 60).partition("\n")[2], "no-header", 1, None, 1),
        ("hello\n", "no-header", 1, None, 1),
        ("Open,Close\n1,2\n", "no-date-column", None, None, 1),
        ("Date,Volume\n2024-01-02,2\n", "no-price-column", None, None, 1),
        ("Date,Volume,Open\n2024-01-02,2,1\n", "no-price-column", None, None, 1),
        ("Date,Open,High,Low,Fair\n2024-01-02,2,1,1,1\n", "no-price-column", None, None, 1),
        ("Date,Symbol,Volume\n2024-01-02,A,2\n", "no-price-column", None, None, 1),
        (OHLC.replace(f"{DAYS[3]},100,101,", f"{DAYS[3]},100,5,101,"), "extra-cells", 5, None, 1),
        (OHLC.replace(f"{DAYS[3]},", f'"{DAYS[3]},'), "unclosed-quote", 5, None, 1),
        (ADJUSTED.replace(",50.25", ',"note', 1) + "2024-04-01,1,1,1", "unclosed-quote", 2, None, 1),
        (b"\x00\x01\x02", "damaged-file", None, None, 1),
        (closes([100] * 60).encode("utf-16-le"), "damaged-file", None, None, 1),
    ],
)
def test_an_error_leaves_the_instrument_out(
    tmp_path: Path, content: str | bytes, code: str, row: int | None, column: str | None, count: int
) -> None:
    symbols, findings = read(tmp_path, content)

    assert symbols == []
    errors = [each for each in findings if each.severity == "error"]
    assert [(e.code, e.file, e.row, e.column, e.count) for e in errors] == [
        (code, "A.csv", row, column, count)
    ]


@pytest.mark.parametrize(
    ("content", "code", "row", "column", "count"),
    [
        (changed(7, ""), "missing-prices", 7, "Close", 1),
        (closes(["", "", "", 100, 100, 100]), "missing-prices", 2, "Close", 3),
        (changed(7, "null"), "missing-prices", 7, "Close", 1),
        (changed(7, "N/A"), "missing-prices", 7, "Close", 1),
        (changed(7, "-"), "missing-prices", 7, "Close", 1),
        (changed(7, "NaN"), "missing-prices", 7, "Close", 1),
        (
            ADJUSTED.replace(f"{DAYS[3]},100,100.5,50.25", f"{DAYS[3]},100,100.5,"),
            "missing-prices",
            5,
            "Close",
            1,
        ),
        (OHLC.replace(f"{DAYS[3]},100", f"{DAYS[3]},"), "missing-open", 5, "Open", 1),
        (OHLC.replace(f"{DAYS[3]},100,101,99", f"{DAYS[3]},0,0,0"), "missing-open", 5, "Open", 1),
        (OHLC.replace(f"{DAYS[3]},100,101,99", f"{DAYS[3]},100,98,99"), "inconsistent-ohlc", 5, "High", 1),
        (OHLC.replace(f"{DAYS[3]},100,101,99", f"{DAYS[3]},90,101,99"), "inconsistent-ohlc", 5, "High", 1),
        (closes([100] * 40, days=[DAYS[0], *DAYS]), "duplicate-row", 3, "Date", 1),
        (closes([100, 50.3] + [50] * 40), "split-like-jump", 3, "Close", 1),
        (closes([100, 66] + [66] * 40), "split-like-jump", 3, "Close", 1),
        (closes([1, 10.2] + [10] * 40), "split-like-jump", 3, "Close", 1),
        (closes([1, 12.2] + [12] * 40), "jump", 3, "Close", 1),
        (closes([100] * 40, days=DAYS[:5] + DAYS[11:]), "gap", 7, "Date", 1),
        (closes([100] * 41, days=[*DAYS[:5], date(2024, 1, 6), *DAYS[5:]]), "weekend", 7, "Date", 1),
        (closes([100] * 20, days=DAYS[::5]), "not-daily", 3, "Date", 11),
        (closes([f"{100},dollars"] * 40, "Date,Close,Currency"), "unknown-currency", 2, None, 1),
        (closes([100] * 40) + "\nSource: a vendor\nAll rights reserved,\n", "note-lines", 43, None, 2),
        (closes([1] * 9, days=[f"{d:%m/%d/%Y}" for d in EARLY]), "ambiguous-dates", 2, "Date", 1),  # type: ignore[misc]
        (closes([1] * 9, days=[f"{d:%d/%m/%Y}" for d in EARLY]), "ambiguous-dates", 2, "Date", 1),  # type: ignore[misc]
    ],
)
def test_a_warning_stays_with_the_instrument(
    tmp_path: Path, content: str, code: str, row: int | None, column: str | None, count: int
) -> None:
    symbols, findings = read(tmp_path, content)

    assert symbols == ["A"]
    assert [(f.code, f.row, f.column, f.count) for f in findings] == [(code, row, column, count)]


def test_unordered_rows_are_sorted(tmp_path: Path) -> None:
    lines = closes([100 + line for line in range(40)]).splitlines()
    lines[5], lines[6] = lines[6], lines[5]
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "A.csv").write_text("\n".join(lines))

    snapshot = read_here(tmp_path / "prices", tmp_path / "cache").read()

    assert snapshot is not None
    assert snapshot.manifest is not None
    assert [(f.code, f.row, f.count) for f in snapshot.findings] == [("unordered", 7, 1)]
    assert ArrowPrices(snapshot.manifest).series("A").close.tolist() == [100 + line for line in range(40)]


@pytest.mark.parametrize(
    "content",
    [
        closes([100] * 40).replace("100", "1e2"),
        "Date,Close\n" + "\n".join(reversed(closes([100] * 40).splitlines()[1:])),  # newest first
        closes(
            [100] * 60, days=[date(2024, 1, 1) + timedelta(days=n) for n in range(60)]
        ),  # open at week-ends
        OHLC.replace(",101,", ",100.45,"),  # rounding
        closes([100] * 40, days=DAYS[:5] + DAYS[10:]),  # five business days
        closes([100, 130] * 20),
        closes([100] * 40) + "\n\n \n,\n",
        closes(["100,", *["100"] * 40]),
        WIDE.replace(f"{DAYS[0]},1", f"{DAYS[0]},").replace(f"{DAYS[-1]},1", f"{DAYS[-1]},"),
        WIDE,
        "# closes\n" + closes([100] * 40) + "# end\n",
    ],
)
def test_what_is_sound_has_no_findings(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content)[1] == ()


def test_one_bad_instrument_keeps_no_others_out(tmp_path: Path) -> None:
    wide = WIDE.replace(f"{DAYS[3]},1", f"{DAYS[3]},-1")
    assert read(tmp_path, wide) == (["B"], read(tmp_path, wide)[1])
    assert [(f.symbol, f.row, f.column) for f in read(tmp_path, wide)[1]] == [("A", 5, "A")]
    long = LONG.replace(f"{DAYS[3]},B,1", f"{DAYS[3]},B,x")
    symbols, findings = read(tmp_path, long)
    assert symbols == ["A"]
    assert [(f.code, f.symbol, f.row) for f in findings] == [("bad-number", "B", 9)]


def test_currencies_of_one_symbol_must_be_one(tmp_path: Path) -> None:
    symbols, findings = read(tmp_path, LONG.replace(f"{DAYS[4]},B,1,USD", f"{DAYS[4]},B,1,EUR"))

    assert symbols == ["A"]
    assert [(f.code, f.symbol, f.row) for f in findings] == [("mixed-currencies", "B", 11)]


@pytest.mark.parametrize("symbol", ["A" * 33, "A B", "삼성", "A/B", "", "a\u202e"])
def test_a_symbol_that_is_none_is_left_out(tmp_path: Path, symbol: str) -> None:
    symbols, findings = read(tmp_path, LONG.replace(",B,", f",{symbol},"))

    assert symbols == ["A"]
    assert [(f.code, f.row) for f in findings] == [("bad-symbol", 3)]
    assert findings[0].problem.en.isprintable()


@pytest.mark.parametrize("symbol", ["A" * 32, "BRK.B", "^GSPC", "KRW=X", "BTC-USD", "X_1", "0", "aapl"])
def test_a_symbol_has_up_to_32_characters(tmp_path: Path, symbol: str) -> None:
    assert read(tmp_path, LONG.replace(",B,", f", {symbol} ,"))[0] == sorted(
        ["A", symbol.upper()], key=lambda each: each != "A"
    )


@pytest.mark.parametrize(
    ("name", "example"),
    [("AAPL (1).csv", "AAPL-1.csv"), ("삼성전자.csv", "AAPL.csv"), ("a b.csv", "A-B.csv")],
)
def test_a_file_name_that_is_no_symbol_says_what_would_be(tmp_path: Path, name: str, example: str) -> None:
    symbols, findings = read(tmp_path, OHLC, name)

    assert symbols == []
    assert [f.code for f in findings] == ["bad-symbol"]
    assert findings[0].remedy.en.endswith(f"such as {example}.")


def test_a_symbol_twice_in_a_file_is_used_once(tmp_path: Path) -> None:
    symbols, findings = read(tmp_path, WIDE.replace("A,B", "a,A"))

    assert symbols == ["A"]
    assert [(f.code, f.severity, f.column) for f in findings] == [("repeated-symbol", "error", "A")]


def test_adjustment_reaches_the_open(tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "A.csv").write_text(ADJUSTED)

    snapshot = read_here(tmp_path / "prices", tmp_path / "cache").read()

    assert snapshot is not None
    assert snapshot.manifest is not None
    series = ArrowPrices(snapshot.manifest).series("A")
    assert set(series.open.tolist()) == {50.0}
    assert set(series.close.tolist()) == {50.25}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"PK", "unsupported-format"),
        ("a.csv.gz", b"\x1f\x8b", "unsupported-format"),
        ("a.json", b"{}", "unsupported-format"),
        ("a.parquet", b"PAR1 nonsense PAR1", "damaged-file"),
        ("a.parquet", b"", "damaged-file"),
        ("missing/a.csv", None, "unreadable-file"),
        ("missing/a.parquet", None, "unreadable-file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    stored, findings = reading.read_file(tmp_path / name, name, tmp_path, TODAY)

    assert stored == ()
    assert [(f.code, f.file) for f in findings] == [(code, name)]


def test_many_empty_cells_in_a_wide_file_are_an_error(tmp_path: Path) -> None:
    """Other markets' holidays may leave a fifth of the cells empty."""
    rows = [f"{day},{'' if n % every == 1 else 1},2" for every in (4, 6) for n, day in enumerate(DAYS)]

    assert read(tmp_path, "\n".join(["Date,A,B", *rows[:60]]))[0] == ["B"]
    symbols, findings = read(tmp_path, "\n".join(["Date,A,B", *rows[60:]]))
    assert symbols == ["A", "B"]
    assert [(f.code, f.symbol, f.row, f.count) for f in findings] == [("missing-prices", "A", 3, 10)]


def test_a_file_can_be_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE", -1)

    assert [f.code for f in read(tmp_path, OHLC)[1]] == ["file-too-large"]


def test_rows_of_parquet_count_from_one(tmp_path: Path) -> None:
    frame = pl.DataFrame({"date": DAYS, "close": [1.0] * 59 + [-1.0]})
    frame.write_parquet(tmp_path / "A.parquet")

    findings = read(tmp_path, (tmp_path / "A.parquet").read_bytes(), "A.parquet")[1]

    assert [(f.code, f.row) for f in findings] == [("negative", 60)]


def test_what_a_file_says_is_shown_shortened_and_escaped(tmp_path: Path) -> None:
    problem = read(tmp_path, changed(7, "\x1b[31m" + "x" * 100))[1][0].problem

    assert "\\x1b[31m" in problem.en
    assert "x" * 50 not in problem.ko
    assert problem.en.isprintable()


def test_texts_with_braces_are_harmless(tmp_path: Path) -> None:
    assert "{0.__class__}" in read(tmp_path, changed(7, "{0.__class__}"))[1][0].problem.en


def test_lines_are_those_of_an_editor(tmp_path: Path) -> None:
    """Also where a cell has two lines, and before the header."""
    text = "# one\n\nDate,Close,Note\n" + "".join(
        f'{day},{100 if n != 9 else -1},"a{chr(10) * (n == 0)}b"\n' for n, day in enumerate(DAYS)
    )

    findings = read(tmp_path, text)[1]

    assert [(f.code, f.row) for f in findings] == [("negative", 14)]
    assert text.split("\n")[13].split(",")[1] == "-1"


def test_a_decimal_comma_is_no_separator_of_thousands(tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    text = "Date;Close\n29.01.2024;1.234,5\n30.01.2024;1.234\n31.01.2024;1300\n"
    (tmp_path / "prices" / "A.csv").write_text(text)

    snapshot = read_here(tmp_path / "prices", tmp_path / "cache").read()

    assert snapshot is not None
    assert snapshot.manifest is not None
    assert ArrowPrices(snapshot.manifest).series("A").close.tolist() == [1234.5, 1234, 1300]


def test_an_instrument_has_at_most_twenty_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_OF_AN_INSTRUMENT == 20
    monkeypatch.setattr("services.backtest.price_files.findings.MOST_OF_AN_INSTRUMENT", 2)
    text = closes([-1, 0, "x", "inf"] * 10)

    findings = read(tmp_path, text)[1]

    assert [f.code for f in findings] == ["negative", "more-findings"]
    assert findings[1].count == 3
