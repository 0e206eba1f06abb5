"""The windows of a backtest, the sample data, and the choice of a provider."""

import pickle
from datetime import date, timedelta
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest
from bokeh_sampledata import stocks

from services.backtest import market_data
from services.backtest.domain.instruments import Instrument
from services.backtest.domain.prices import PriceHistory, Prices, Series, select_prices
from services.backtest.domain.window import Coverage, MixedCurrencies, OutsideCoverage, resolve_window
from services.backtest.domain.work import work_key
from services.backtest.market_data import (
    Layered,
    MarketReference,
    find_provider,
    open_market,
    open_market_data,
    unusable,
)
from services.backtest.market_data.sample import SYMBOLS, SampleMarketData
from services.backtest.ports import MarketData
from services.backtest.settings import BacktestSettings
from services.chassis.process.service import read_settings
from tests.builders import config
from tests.fake_market_data import DAYS, SYMBOL, set_first_price, write_module, write_package
from tests.price_folders import read_here

OLD = (date(2000, 3, 1), date(2013, 3, 1))
YOUNG = (date(2012, 5, 18), date(2013, 3, 1))
GONE = (date(2000, 3, 1), date(2002, 6, 3))


def instrument(symbol: str, first: date, last: date, currency: str | None = None) -> Instrument:
    return Instrument(
        symbol=symbol, first=first, last=last, bars=100, source="test", content="0", currency=currency
    )


INSTRUMENTS = {
    name: instrument(name, *days) for name, days in (("OLD", OLD), ("YOUNG", YOUNG), ("GONE", GONE))
}
COVERAGE = Coverage.of(INSTRUMENTS.values())


# --- windows


@pytest.mark.parametrize(
    ("symbols", "start", "end", "expected"),
    [
        (["OLD"], None, None, (date(2012, 3, 1), date(2013, 3, 1))),
        (["GONE"], None, None, (date(2001, 6, 3), date(2002, 6, 3))),
        (["OLD", "GONE"], None, None, (date(2012, 3, 1), date(2013, 3, 1))),
        (["YOUNG"], None, None, YOUNG),  # less than a year
        (["YOUNG", "OLD"], None, None, (date(2012, 3, 1), date(2013, 3, 1))),
        (["YOUNG", "GONE"], date(2002, 1, 1), date(2012, 6, 1), (date(2002, 1, 1), date(2012, 6, 1))),
        (["OLD"], date(2005, 1, 1), None, (date(2005, 1, 1), date(2013, 3, 1))),
        (["OLD"], None, date(2006, 1, 1), (date(2005, 1, 1), date(2006, 1, 1))),
        (["OLD"], None, date(2000, 6, 1), (date(2000, 3, 1), date(2000, 6, 1))),
        (["OLD"], *OLD, OLD),
    ],
)
def test_missing_dates_are_filled_in(
    symbols: list[str], start: date | None, end: date | None, expected: tuple[date, date]
) -> None:
    assert resolve_window(INSTRUMENTS, symbols, start, end) == expected


@pytest.mark.parametrize(
    ("symbols", "start", "end", "message", "told"),
    [
        ([], None, None, "no symbols", {"OLD", "YOUNG", "GONE"}),
        (["OLD", "TSLA", "X"], None, None,
         "no data for 'TSLA', 'X'; covered: OLD 2000-03-01..2013-03-01, YOUNG 2012-05-18..2013-03-01, GONE",
         {"OLD", "YOUNG", "GONE"}),
        (["old"], None, None, "no data for 'old'", {"OLD", "YOUNG", "GONE"}),
        (["OLD", "OLD"], None, None, "'OLD' more than once", {"OLD"}),
        (["YOUNG", "GONE"], date(2000, 1, 1), None,
         "2000-01-01 is not within 2000-03-01..2013-03-01; covered: YOUNG 2012-05-18..2013-03-01, GONE",
         {"YOUNG", "GONE"}),
        (["OLD"], None, date(2013, 3, 2), "2013-03-02 is not within 2000-03-01..2013-03-01", {"OLD"}),
        (["OLD"], date(2014, 1, 1), date(2015, 1, 1), "2014-01-01 is not within", {"OLD"}),
        (["OLD"], date(2005, 1, 1), date(2005, 1, 1), "2005-01-01, is not before the end", {"OLD"}),
        (["OLD"], date(2013, 3, 1), None, "2013-03-01, is not before the end", {"OLD"}),
        (["OLD"], None, date(2000, 3, 1), "2000-03-01, is not before the end", {"OLD"}),
    ],
)  # fmt: skip
def test_what_is_not_covered_is_refused_with_what_is(
    symbols: list[str], start: date | None, end: date | None, message: str, told: set[str]
) -> None:
    with pytest.raises(OutsideCoverage, match=message) as refusal:
        resolve_window(INSTRUMENTS, symbols, start, end)

    assert set(refusal.value.coverage.symbols) == told


def test_the_refusal_survives_the_way_back_from_a_worker_process() -> None:
    refusal = OutsideCoverage("no data for 'TSLA'", COVERAGE)

    restored = pickle.loads(pickle.dumps(refusal))  # noqa: S301 -- our own bytes

    assert (str(restored), restored.coverage) == (str(refusal), COVERAGE)


def test_a_long_coverage_is_not_listed_in_full() -> None:
    many = Coverage({f"S{n}": OLD for n in range(500)})

    assert str(many).endswith("S9 2000-03-01..2013-03-01, 490 more")


@pytest.mark.parametrize(
    ("currencies", "told"),
    [
        (["USD", "KRW", "USD"], "one currency; KRW: B; USD: A, C"),
        (["USD", None, "EUR"], "one currency; EUR: C; USD: A"),
        (["USD", None, "USD"], None),
        ([None, None, None], None),
    ],
)
def test_currencies_do_not_mix(currencies: list[str | None], told: str | None) -> None:
    instruments = {
        name: instrument(name, *OLD, currency) for name, currency in zip("ABC", currencies, strict=True)
    }
    if told is None:
        assert resolve_window(instruments, "ABC", *OLD) == OLD
    else:
        with pytest.raises(MixedCurrencies, match=told):
            resolve_window(instruments, "ABC", *OLD)


# --- the universe of a day

MONDAY = np.datetime64("2024-01-01")


def history(**days: str) -> PriceHistory:
    """A history of symbols: a digit is the open of a day and a tenth of its close, a dot no bar."""
    series = {}
    for symbol, quotes in days.items():
        bars = np.array([n for n, quote in enumerate(quotes) if quote != "."])
        opens = np.array([float(quotes[n]) for n in bars])
        series[symbol] = Series(MONDAY + bars, opens, 10 * opens)
    return PriceHistory(series)


def rows(prices: Prices) -> list[list[float | None]]:
    """Opens and closes of each day, None for NaN."""
    table = np.column_stack([prices.open, prices.close])
    return [[None if np.isnan(value) else value for value in row] for row in table.tolist()]


def test_the_days_are_those_of_any_symbol_and_a_missed_day_keeps_the_last_close() -> None:
    prices = select_prices(history(A="12.3.5", B=".4..6."), ["A", "B"], None, date(2024, 1, 6))

    assert [str(day)[-1] for day in prices.dates] == ["1", "2", "4", "5", "6"]
    assert rows(prices) == [
        [1, None, 10, None],
        [2, 4, 20, 40],
        [3, None, 30, 40],
        [None, 6, 30, 60],
        [5, None, 50, 60],
    ]


def test_what_is_listed_before_and_after_the_window_has_closes_in_all_of_it() -> None:
    prices = select_prices(history(A="123456", B="7....8"), ["A", "B"], date(2024, 1, 2), date(2024, 1, 6), 0)

    assert [row[3] for row in rows(prices)] == [70, 70, 70, 70, 80]
    assert prices.ended() == {}


def test_cutting_the_window_changes_no_day_before() -> None:
    market = history(A="12345678", B="1..4....", C="...3..7.")
    whole = select_prices(market, ["A", "B", "C"], None, date(2024, 1, 8))
    for day in range(4, 9):
        cut = select_prices(market, ["A", "B", "C"], date(2024, 1, 1), date(2024, 1, day))
        assert rows(cut) == rows(whole)[:day]


def test_a_symbol_without_a_bar_in_the_window_is_refused_by_name() -> None:
    market = history(A="123456789", B="12.....12", C="12.......")

    with pytest.raises(OutsideCoverage) as refusal:
        select_prices(market, ["A", "B", "C"], date(2024, 1, 3), date(2024, 1, 7))
    assert str(refusal.value) == (
        "B, C have no trading day in 2024-01-03..2024-01-07; "
        "covered: B 2024-01-01..2024-01-09, C 2024-01-01..2024-01-02"
    )


@pytest.mark.parametrize("broken", [[1, np.nan, 3], [1, 0, 3], [1, -2, 3], [1, np.inf, 3]])
def test_prices_that_are_none_are_refused(broken: list[float]) -> None:
    days, prices = MONDAY + np.arange(3), np.array(broken)
    for series in (Series(days, prices, np.ones(3)), Series(days, np.ones(3), prices)):
        with pytest.raises(ValueError, match=r"numbers|positive"):
            select_prices(PriceHistory({"A": series}), ["A"], None, None)


def test_dates_that_do_not_rise_are_refused() -> None:
    days = MONDAY + np.array([0, 1, 1, 3])
    with pytest.raises(ValueError, match="the dates of A must rise"):
        select_prices(PriceHistory({"A": Series(days, np.ones(4), np.ones(4))}), ["A"], None, None)


def test_the_hash_is_of_the_bars_that_are_used() -> None:
    def content(end: date = date(2024, 1, 5), warm_up: int = 1, **days: str) -> str:
        quotes = {"A": "123456", "B": "234567"} | days
        return select_prices(history(**quotes), ["A", "B"], date(2024, 1, 3), end, warm_up).content()

    unused = [content(), content(C="1234"), content(A="923456"), content(A="1234569"), content(B="234569")]
    used = [content(A="193456"), content(B="234597"), content(date(2024, 1, 6)), content(warm_up=0)]
    assert len(set(unused)) == 1
    assert len({*unused, *used}) == 5


# --- the sample data


def window(market: MarketData, symbol: str) -> tuple[date, date]:
    found = market.instruments()[symbol]
    return found.first, found.last


def test_coverage_of_the_sample_data() -> None:
    data = SampleMarketData()
    assert Coverage.of(data.instruments().values()).symbols == {
        "AAPL": OLD,
        "FB": YOUNG,
        "GOOG": (date(2004, 8, 19), date(2013, 3, 1)),
        "IBM": OLD,
        "MSFT": OLD,
    }


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_prices_are_adjusted_for_splits_and_dividends(symbol: str) -> None:
    raw = getattr(stocks, symbol)
    data = SampleMarketData()

    prices = select_prices(data, [symbol], *window(data, symbol))

    assert [str(day) for day in prices.dates] == raw["date"]
    assert prices.close[:, 0].tolist() == raw["adj_close"]
    assert prices.open / prices.close == pytest.approx(
        np.array([raw["open"]]).T / np.array([raw["close"]]).T, rel=1e-12
    )
    # Apple's profit warning of September 2000 is the deepest fall there was; a 2:1 split would add to it
    assert np.diff(np.log(prices.close), axis=0).min() > np.log(0.48)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_no_symbol_misses_a_trading_day_that_another_has(symbol: str) -> None:
    data = SampleMarketData()
    first, last = window(data, symbol)
    days = select_prices(data, [symbol], first, last).dates

    for other, its in data.instruments().items():
        if its.first <= first:
            assert np.array_equal(days, select_prices(data, [other], first, last).dates)
    assert np.diff(days).max() <= np.timedelta64(7, "D")


def test_symbols_come_in_the_order_asked_for() -> None:
    data = SampleMarketData()

    both = select_prices(data, ["MSFT", "AAPL"], *YOUNG)

    assert both.symbols == ("MSFT", "AAPL")
    for n, symbol in enumerate(both.symbols):
        alone = select_prices(data, [symbol], *YOUNG)
        assert np.array_equal(both.dates, alone.dates)
        assert np.array_equal(both.open[:, [n]], alone.open)
        assert np.array_equal(both.close[:, [n]], alone.close)


def test_the_window_includes_both_its_days() -> None:
    prices = select_prices(SampleMarketData(), ["IBM"], date(2005, 1, 1), date(2005, 12, 30))

    assert (str(prices.dates[0]), str(prices.dates[-1])) == ("2005-01-03", "2005-12-30")


def test_a_window_with_too_few_trading_days_is_refused() -> None:
    saturday = date(2005, 1, 8)

    with pytest.raises(OutsideCoverage, match=r"2005-01-08\.\.2005-01-09 has 0 trading days"):
        select_prices(SampleMarketData(), ["IBM"], saturday, saturday + timedelta(days=1))


def test_what_a_caller_does_to_the_prices_stays_with_the_caller() -> None:
    data = SampleMarketData()
    select_prices(data, ["IBM"], None, None).close[:] = 1.0

    assert (select_prices(data, ["IBM"], None, None).close > 100.0).all()


# --- the choice of a provider


def test_the_sample_data_is_the_default() -> None:
    assert BacktestSettings().market_data == "sample"
    assert isinstance(open_market_data("sample"), SampleMarketData)


def test_a_provider_is_opened_once_per_process() -> None:
    assert open_market_data("sample") is open_market_data("sample")


def test_one_file_in_the_package_is_a_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market_data, "__path__", [*market_data.__path__, str(tmp_path)])
    write_module(tmp_path, "file_acme")

    acme = open_market_data("file_acme")

    assert window(acme, SYMBOL) == (date(2020, 1, 1), date(2021, 5, 14))
    assert select_prices(acme, [SYMBOL], date(2020, 1, 1), None).close.shape == (DAYS, 1)


def test_an_entry_point_of_another_package_is_a_provider(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(tmp_path, "entry_acme")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("MARKET_DATA", "entry_acme")

    acme = open_market_data(read_settings(BacktestSettings).market_data)

    assert set(acme.instruments()) == {SYMBOL}


def test_other_prices_are_other_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(tmp_path, "work_acme")
    monkeypatch.syspath_prepend(tmp_path)
    provider = find_provider("work_acme").load()
    before, same = (select_prices(provider(), [SYMBOL], None, None).content() for _ in range(2))
    set_first_price(tmp_path, 10.5)
    after = select_prices(provider(), [SYMBOL], None, None).content()
    asked = config()

    assert work_key(asked, same) == work_key(asked, before)
    assert work_key(asked, after) != work_key(asked, before)


def test_a_package_does_not_replace_a_provider_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(tmp_path, "sample")
    monkeypatch.syspath_prepend(tmp_path)

    assert find_provider("sample").load() is SampleMarketData


def test_an_unknown_provider_is_one_clear_line_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_package(tmp_path, "known_acme")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("MARKET_DATA", "nowhere")

    with pytest.raises(SystemExit) as exit_:
        read_settings(BacktestSettings)

    assert exit_.value.code == 2
    known = sorted(["known_acme", *(module.name for module in iter_modules(market_data.__path__))])
    said = capsys.readouterr().err
    assert said == (f"MARKET_DATA: there is no provider 'nowhere'; available: {', '.join(known)}\n")


def test_a_provider_that_fails_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(tmp_path, "failing_acme")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "first_price.txt").write_text("no\nnumber")

    said = "ValueError: could not convert string to float: 'no\\nnumber'"
    assert list(unusable("failing_acme")) == [f"MARKET_DATA: failing_acme_prices:provider: {said}"]
    assert list(unusable("sample")) == []


# --- own prices before those of the provider


def test_of_several_sources_the_first_that_has_a_symbol_gives_its_prices() -> None:
    days = np.datetime64("2020-01-01") + np.arange(3)

    def source(price: float, *symbols: str) -> PriceHistory:
        values = np.full(3, price)
        series = {symbol: Series(days, values, values) for symbol in symbols}
        return PriceHistory(series, source=f"of {price:g}")

    layered = Layered(source(1.0, "B", "C"), source(2.0, "A", "B"))

    assert [(symbol, each.source) for symbol, each in layered.instruments().items()] == [
        ("A", "of 2"),
        ("B", "of 1"),
        ("C", "of 1"),
    ]
    assert [layered.series(symbol).close[0] for symbol in "ABC"] == [2.0, 1.0, 1.0]


def test_own_prices_are_opened_by_their_manifest(tmp_path: Path) -> None:
    folder = tmp_path / "market"
    folder.mkdir()
    weekdays = [day for day in range(1, 31) if day % 7 not in {3, 4}]
    days = "\n".join(f"2012-03-{day:02},{100 + day},{101 + day}" for day in weekdays)
    (folder / "AAPL.csv").write_text(f"Date,Open,Close\n{days}\n")
    snapshot = read_here(folder, tmp_path / "cache").read()
    assert snapshot is not None

    market = open_market(MarketReference("sample", snapshot.manifest))

    assert (market.instruments()["AAPL"].source, market.instruments()["IBM"].source) == ("AAPL.csv", "sample")
    prices = select_prices(market, ["AAPL", "IBM"], date(2012, 3, 1), date(2012, 3, 30))
    ibm = select_prices(SampleMarketData(), ["IBM"], date(2012, 3, 1), None).close[0, 0]
    assert prices.close[0].tolist() == [102.0, ibm]
