"""The windows of a backtest, the sample data, and the choice of a provider."""

import pickle
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest
from bokeh_sampledata import stocks

from services.backtest import market_data
from services.backtest.domain.window import Coverage, OutsideCoverage, resolve_window
from services.backtest.domain.work import work_key
from services.backtest.market_data import find_provider, open_market_data
from services.backtest.market_data.sample import SYMBOLS, SampleMarketData
from services.backtest.settings import BacktestSettings
from services.chassis.process.service import read_settings
from tests.builders import config
from tests.fake_market_data import DAYS, SYMBOL, set_first_price, write_module, write_package

OLD = (date(2000, 3, 1), date(2013, 3, 1))
YOUNG = (date(2012, 5, 18), date(2013, 3, 1))
GONE = (date(2000, 3, 1), date(2002, 6, 3))
COVERAGE = Coverage({"OLD": OLD, "YOUNG": YOUNG, "GONE": GONE})


# --- windows


@pytest.mark.parametrize(
    ("symbols", "start", "end", "expected"),
    [
        (["OLD"], None, None, (date(2012, 3, 1), date(2013, 3, 1))),
        (["OLD", "GONE"], None, None, (date(2001, 6, 3), date(2002, 6, 3))),
        (["YOUNG", "OLD"], None, None, YOUNG),  # less than a year in common
        (["OLD"], date(2005, 1, 1), None, (date(2005, 1, 1), date(2013, 3, 1))),
        (["OLD"], None, date(2006, 1, 1), (date(2005, 1, 1), date(2006, 1, 1))),
        (["OLD"], None, date(2000, 6, 1), (date(2000, 3, 1), date(2000, 6, 1))),
        (["OLD"], *OLD, OLD),
    ],
)
def test_missing_dates_are_filled_in(
    symbols: list[str], start: date | None, end: date | None, expected: tuple[date, date]
) -> None:
    assert resolve_window(COVERAGE, symbols, start, end) == expected


@pytest.mark.parametrize(
    ("symbols", "start", "end", "message", "told"),
    [
        ([], None, None, "no symbols", {"OLD", "YOUNG", "GONE"}),
        (["OLD", "TSLA", "X"], None, None,
         "no data for 'TSLA', 'X'; covered: OLD 2000-03-01..2013-03-01, YOUNG 2012-05-18..2013-03-01, GONE",
         {"OLD", "YOUNG", "GONE"}),
        (["old"], None, None, "no data for 'old'", {"OLD", "YOUNG", "GONE"}),
        (["OLD", "OLD"], None, None, "'OLD' more than once", {"OLD"}),
        (["YOUNG", "GONE"], None, None, "no days in common", {"YOUNG", "GONE"}),
        (["OLD", "YOUNG"], date(2012, 1, 1), None,
         "2012-01-01 is not within 2012-05-18..2013-03-01; covered: OLD 2000-03-01..2013-03-01, YOUNG",
         {"OLD", "YOUNG"}),
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
        resolve_window(COVERAGE, symbols, start, end)

    assert set(refusal.value.coverage.symbols) == told


def test_the_refusal_survives_the_way_back_from_a_worker_process() -> None:
    refusal = OutsideCoverage("no data for 'TSLA'", COVERAGE)

    restored = pickle.loads(pickle.dumps(refusal))  # noqa: S301 -- our own bytes

    assert (str(restored), restored.coverage) == (str(refusal), COVERAGE)


def test_a_long_coverage_is_not_listed_in_full() -> None:
    many = Coverage({f"S{n}": OLD for n in range(500)})

    assert str(many).endswith("S9 2000-03-01..2013-03-01, 490 more")


# --- the sample data


def test_coverage_of_the_sample_data() -> None:
    assert SampleMarketData().coverage().symbols == {
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

    prices = data.prices([symbol], *data.coverage().symbols[symbol])

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
    first, last = data.coverage().symbols[symbol]
    days = data.prices([symbol], first, last).dates

    for other, (other_first, _) in data.coverage().symbols.items():
        if other_first <= first:
            assert np.array_equal(days, data.prices([other], first, last).dates)
    assert np.diff(days).max() <= np.timedelta64(7, "D")


def test_symbols_come_in_the_order_asked_for_on_their_common_days() -> None:
    data = SampleMarketData()

    both = data.prices(["MSFT", "FB"], None, None)

    assert both.symbols == ("MSFT", "FB")
    for n, symbol in enumerate(both.symbols):
        alone = data.prices([symbol], *YOUNG)
        assert np.array_equal(both.dates, alone.dates)
        assert np.array_equal(both.open[:, [n]], alone.open)
        assert np.array_equal(both.close[:, [n]], alone.close)


def test_the_window_includes_both_its_days() -> None:
    prices = SampleMarketData().prices(["IBM"], date(2005, 1, 1), date(2005, 12, 30))

    assert (str(prices.dates[0]), str(prices.dates[-1])) == ("2005-01-03", "2005-12-30")


def test_a_window_with_too_few_trading_days_is_refused() -> None:
    saturday = date(2005, 1, 8)

    with pytest.raises(OutsideCoverage, match=r"2005-01-08\.\.2005-01-09 has 0 trading days"):
        SampleMarketData().prices(["IBM"], saturday, saturday + timedelta(days=1))


def test_what_a_caller_does_to_the_prices_stays_with_the_caller() -> None:
    data = SampleMarketData()
    data.prices(["IBM"], None, None).close[:] = 1.0

    assert (data.prices(["IBM"], None, None).close > 100.0).all()


def test_the_fingerprint_covers_every_day_and_price() -> None:
    data = SampleMarketData()
    digest = sha256()
    for symbol, window in data.coverage().symbols.items():
        prices = data.prices([symbol], *window)
        digest.update(
            symbol.encode() + prices.dates.tobytes() + prices.open.tobytes() + prices.close.tobytes()
        )

    assert data.fingerprint() == SampleMarketData().fingerprint() == digest.hexdigest()[:16]


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

    assert acme.coverage().symbols == {SYMBOL: (date(2020, 1, 1), date(2021, 5, 14))}
    assert acme.prices([SYMBOL], date(2020, 1, 1), None).close.shape == (DAYS, 1)


def test_an_entry_point_of_another_package_is_a_provider(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(tmp_path, "entry_acme")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("MARKET_DATA", "entry_acme")

    acme = open_market_data(read_settings(BacktestSettings).market_data)

    assert set(acme.coverage().symbols) == {SYMBOL}


def test_other_prices_are_other_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(tmp_path, "work_acme")
    monkeypatch.syspath_prepend(tmp_path)
    provider = find_provider("work_acme").load()
    before, same = provider().fingerprint(), provider().fingerprint()
    set_first_price(tmp_path, 10.5)
    asked = config()

    assert work_key(asked, same) == work_key(asked, before)
    assert work_key(asked, provider().fingerprint()) != work_key(asked, before)


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
