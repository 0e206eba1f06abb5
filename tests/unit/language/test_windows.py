"""Windows of time: names win over them, which days they are, and questions that continue others."""

from datetime import date, timedelta

import pytest

from services.language.dates import days_of
from services.language.following import is_incomplete
from services.language.parsing import LONGEST, parse, parse_all
from services.language.window import Recent, Shift, Window, joined
from tests.unit.language.corpus import NAMES, written

LIKE_WINDOWS = {
    "dated": "모멘텀 2012",
    "half": "6개월모멘텀",
    "q1": "Q1 2013",
    "year": "2011",
    "lately": "최근 6개월",
    "past": "Last Year",
    "plain": "모멘텀",
}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("모멘텀 2012의 샤프는?", "sharpe_ratio =dated"),
        ("모멘텀 2012는 2013년에 어땠어?", "overall =dated [2013-01-01~2013-12-31]"),
        ("모멘텀의 2012년 샤프는?", "sharpe_ratio =plain [2012-01-01~2012-12-31]"),
        ("6개월모멘텀 수익률", "total_return =half"),
        ("최근 1년 6개월모멘텀 수익률", "total_return =half [last 1 year]"),
        ("3개월 모멘텀 수익률", "total_return =plain [last 3 months]"),
        ("Sharpe of Q1 2013", "sharpe_ratio =q1"),
        ("Sharpe of Q1 2013 in Q2 2013", "sharpe_ratio =q1 [2013-04-01~2013-06-30]"),
        ("2011의 샤프는?", "sharpe_ratio =year"),
        ("2012년 샤프", "sharpe_ratio [2012-01-01~2012-12-31]"),
        ("최근 6개월의 낙폭", "max_drawdown =lately"),
        ("Is Last Year better than 2011?", "overall+ =past =year"),
        ("모멘텀 2012는 200일 동안 수익률이?", "total_return =dated [last 200 days]"),
        ("6개월모멘텀 200일 동안 수익률", "total_return =half [last 200 days]"),
    ],
)
def test_the_name_of_a_strategy_is_no_window(question: str, expected: str) -> None:
    assert written(parse(question, LIKE_WINDOWS)) == expected


def weekdays(last: date) -> list[date]:
    days = (last - timedelta(days=n) for n in range(3_000, -1, -1))
    return [day for day in days if day.weekday() < 5]


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("최근 6개월", "2015-07-01", "2015-12-31"),
        ("the last year", "2015-01-01", "2015-12-31"),
        ("지난 3년", "2013-01-01", "2015-12-31"),
        ("the last 2 weeks", "2015-12-18", "2015-12-31"),
        ("최근 30일", "2015-12-02", "2015-12-31"),
        ("최근 20거래일", "2015-12-04", "2015-12-31"),
        ("20거래일 동안", "2015-12-04", "2015-12-31"),
        ("30일간", "2015-12-02", "2015-12-31"),
        ("over 30 days", "2015-12-02", "2015-12-31"),
        ("for 2 weeks", "2015-12-18", "2015-12-31"),
        ("the last 9999 trading days", "2007-10-15", "2015-12-31"),
        ("the last 9999 years", "None", "2015-12-31"),
        ("작년", "2014-01-01", "2014-12-31"),
        ("last year", "2014-01-01", "2014-12-31"),
        ("재작년", "2013-01-01", "2013-12-31"),
        ("올해", "2015-01-01", "2015-12-31"),
        ("작년 하반기", "2014-07-01", "2014-12-31"),
        ("작년부터", "2014-01-01", "2015-12-31"),
        ("지난달", "2015-11-01", "2015-11-30"),
        ("this month", "2015-12-01", "2015-12-31"),
        ("지난 분기", "2015-07-01", "2015-09-30"),
        ("지난주", "2015-12-21", "2015-12-27"),
    ],
)
def test_what_is_counted_back_ends_with_the_data(question: str, start: str, end: str) -> None:
    window = parse(question, {}).window
    assert window is not None
    first, last = window.days(weekdays(date(2015, 12, 31)))
    assert (str(first), str(last)) == (start, end)


def test_months_that_are_shorter_end_on_their_last_day() -> None:
    window = parse("최근 1개월", {}).window
    assert window is not None
    assert window.days([date(2013, 3, 31)])[0] == date(2013, 3, 1)
    assert window.days([date(2012, 2, 29)])[0] == date(2012, 1, 30)


def test_a_sentence_that_ends_with_a_year_goes_on_with_no_month() -> None:
    assert str(parse("which was best in 2012. 3 strategies only", {}).window) == "2012-01-01~2012-12-31"
    assert str(parse("2012. 3. 5. 수익률", {}).window) == "2012-03-05~2012-03-05"


@pytest.mark.parametrize(
    "written_day", ["2012-02-30", "2012년 13월", "2012-00", "2012 Q0", "31 February 2012", "2012", ""]
)
def test_a_day_that_does_not_exist_is_none(written_day: str) -> None:
    expected = (date(2012, 1, 1), date(2012, 12, 31)) if written_day == "2012" else None
    assert days_of(written_day) == expected


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (("which is steadier?", "2008년에는?"), "volatility- [2008-01-01~2008-12-31]"),
        (("which is steadier?", "and in 2013?"), "volatility- [2013-01-01~2013-12-31]"),
        (("A와 B 중 샤프가 높은 건?", "2013년에는?"), "sharpe_ratio+ =a =b [2013-01-01~2013-12-31]"),
        (("top 3 by Sharpe in 2012", "what about 2013?"), "sharpe_ratio+ #3 [2013-01-01~2013-12-31]"),
        (("2012년에 수익률이 10% 넘는 건?", "작년엔?"), "total_return>0.1 [1 year ago]"),
        (("2012년 수익률이 가장 높은 건?", "하반기는?"), "total_return+ [2012-07-01~2012-12-31]"),
        (("작년 수익률이 가장 높은 건?", "3월에는?"), "total_return+ [1 year ago, months 3 to 3]"),
        (("최근 6개월 샤프", "3월에는?"), "sharpe_ratio (period)"),
        (("2012년 수익률이 가장 높은 건?", "그 반대는?"), "total_return- [2012-01-01~2012-12-31]"),
        (("which is best?", "the opposite?"), "overall-"),
        (("which is the worst?", "and the opposite?"), "overall+"),
        (("가장 낮은 낙폭은?", "반대는?", "2012년에는?"), "max_drawdown- [2012-01-01~2012-12-31]"),
        (("2012년 수익률이 가장 높은 건?", "그럼 샤프는?"), "sharpe_ratio [2012-01-01~2012-12-31]"),
        (("2012년 수익률이 가장 높은 건?", "RSI는?"), "total_return =rsi [2012-01-01~2012-12-31]"),
        (("2012년 수익률이 가장 높은 건?", "RSI의 샤프는?"), "sharpe_ratio =rsi"),
        (
            ("2012년 수익률이 가장 높은 건?", "그럼 RSI의 샤프는?"),
            "sharpe_ratio =rsi [2012-01-01~2012-12-31]",
        ),
        (("2012년 수익률이 가장 높은 건?", "그럼 RSI는 어때?"), "total_return =rsi [2012-01-01~2012-12-31]"),
        (
            ("which had the highest return in 2012?", "what about RSI?"),
            "total_return =rsi [2012-01-01~2012-12-31]",
        ),
        (("which had the highest return in 2012?", "How did RSI do?"), "overall =rsi"),
        (("which is best in 2012?", "the second half?"), "overall+ [2012-07-01~2012-12-31]"),
        (("which is best in 2012?", "and in the first quarter?"), "overall+ [2012-01-01~2012-03-31]"),
        (("수익률이 10% 넘는 건?", "RSI는?"), "total_return>0.1 =rsi"),
        (("which is best?", "RSI?"), "overall =rsi"),
        (("which is best in 2012?", "A and B?"), "overall+ =a =b [2012-01-01~2012-12-31]"),
        (("which is best in 2012?", "over the whole period?"), "overall+ [~]"),
        (("which is best in 2012?", "hello"), ""),
        (("which is best in 2012?", "in the 90s?"), "overall+ (period)"),
        (("hello", "in 2013?"), "[2013-01-01~2013-12-31]"),
        (("which is best?", "why?"), "overall+ (why)"),
        (("샤프가 가장 높은 건?", "얼마나 확실해?"), "sharpe_ratio+ (certainty)"),
        (("A와 B 중 샤프가 높은 건?", "차이가 의미 있어?"), "sharpe_ratio+ =a =b (certainty)"),
        (("which is best in 2012?", "by how much"), "overall+ [2012-01-01~2012-12-31]"),
        (("샤프 1 넘는 거 몇 개?", "그게 뭔데"), "sharpe_ratio>1"),
        (("which made at least 10%?", "list them"), "total_return>=0.1"),
        (("샤프가 가장 높은 건?", "두번째는?"), "sharpe_ratio+ @2"),
        (("샤프가 가장 높은 건?", "3등은 누구야"), "sharpe_ratio+ @3"),
        (("lowest volatility?", "the second?", "and the next one?"), "volatility- @3"),
        (("낙폭이 가장 큰 건?", "그럼 제일 작은 건?"), "max_drawdown+"),
        (("which has the deepest drawdown?", "and the smallest?"), "max_drawdown+"),
        (("거래를 제일 많이 한 건?", "제일 적게 한 건"), "trades-"),
        (("A 변동성은?", "에이 그거 말고 나머지는?"), "volatility ~a"),
        (("which is best?", "what about the others"), "overall+"),
        (("SMA 수수료율은?", "RSI는?"), "=rsi (settings)"),
        (("how did A do?", "what about the others?"), "overall ~a"),
        (("hello", "why?"), "…why"),
        (("compare 2012 and 2013", "2012년에는?"), "<returns year> [2012-01-01~2012-12-31]"),
    ],
)
def test_a_question_that_lacks_something_has_it_from_those_before(
    questions: tuple[str, ...], expected: str
) -> None:
    assert written(parse_all(questions, NAMES)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2013년에는?", True),
        ("and in 2013?", True),
        ("3월에는?", True),
        ("그 반대는?", True),
        ("2013년 샤프는?", False),
        ("which was best in 2013?", False),
        ("RSI는?", False),
        ("hello", False),
        ("why?", True),
    ],
)
def test_a_question_may_have_a_meaning_only_after_another(question: str, *, expected: bool) -> None:
    assert is_incomplete(parse(question, {})) is expected


def test_a_window_is_written_as_it_was_read() -> None:
    assert str(Window()) == "~"
    assert str(Window(start=date(2012, 3, 1))) == "2012-03-01~"


@pytest.mark.parametrize(
    "part", ["2012-", "from ", "2012 ", "최근 ", "1", "last 3 ", "년 ", "MAR ", "' ", "20120601", "'s", "1월"]
)
def test_the_longest_text_is_read_in_no_time(part: str) -> None:
    parse(part * LONGEST, NAMES)


@pytest.mark.parametrize(
    ("days", "shift", "expected"),
    [
        (("2008-01-01", "2008-12-31"), Shift(1, "year"), "2009-01-01~2009-12-31"),
        (("2008-09-01", "2008-09-30"), Shift(-1, "month"), "2008-08-01~2008-08-31"),
        (("2008-01-01", "2008-03-31"), Shift(-1, "quarter"), "2007-10-01~2007-12-31"),
        (("2007-10-09", "2009-03-09"), Shift(1, "year"), "2010-01-01~2010-12-31"),
        (("2008-09-15", "2008-09-15"), Shift(1, "week"), "2008-09-22~2008-09-28"),
        (("2008-01-01", "2008-12-31"), Shift(-2, "year"), "2006-01-01~2006-12-31"),
        (("0001-01-01", "0001-12-31"), Shift(-1, "year"), "None"),
    ],
)
def test_the_unit_after_or_before_a_window(days: tuple[str, str], shift: Shift, expected: str) -> None:
    assert str(Window(*map(date.fromisoformat, days)).shifted(shift)) == expected  # type: ignore[arg-type]


def test_an_open_end_has_nothing_after_it() -> None:
    since = Window(start=date(2010, 1, 1))
    assert since.shifted(Shift(1, "year")) is None
    assert str(since.shifted(Shift(-1, "year"))) == "2009-01-01~2009-12-31"
    last_year = Window(recent=Recent(1, "year", calendar=True))
    assert last_year.shifted(Shift(-1, "year")) == Window(recent=Recent(2, "year", calendar=True))
    assert last_year.shifted(Shift(2, "year")) is None


def test_the_same_months_of_another_year() -> None:
    half = Window(date(2012, 1, 1), date(2012, 6, 30))
    assert str(half.moved(Shift(-1, "year"))) == "2011-01-01~2011-06-30"
    assert str(half.moved(Shift(1, "quarter"))) == "2012-04-01~2012-09-30"
    assert Window(date(2012, 1, 5), date(2012, 6, 30)).moved(Shift(1, "year")) is None


def test_windows_that_follow_on_each_other_are_one() -> None:
    years = [Window(date(year, 1, 1), date(year, 12, 31)) for year in (2009, 2008, 2011)]
    assert joined(years[:2]) == Window(date(2008, 1, 1), date(2009, 12, 31))
    assert joined(years) is None
    assert joined([*years, Window(start=date(2010, 1, 1))]) is None


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (("RSI return in 2008", "and the year after?"), "total_return =rsi [2009-01-01~2009-12-31]"),
        (("2008년 샤프 1등은?", "그 담해는?"), "sharpe_ratio+ [2009-01-01~2009-12-31]"),
        (
            ("RSI return in Q3 2008", "same quarter a year earlier"),
            "total_return =rsi [2007-07-01~2007-09-30]",
        ),
        (("RSI 수익률", "그 다음 해는?"), "total_return =rsi (period)"),
        (("worst month of RSI in 2008", "and the year after"), "=rsi <worst month> [2009-01-01~2009-12-31]"),
        (("RSI return in 2008", "when did it recover?"), "<drawdowns of 2008-01-01~2008-12-31>"),
        (("RSI return in 2008", "is it still under water?"), "<last_drawdown>"),
        (("which ends closest to its peak?", "and the farthest?"), "<last_drawdown farthest>"),
        (("losing years of RSI besides 2008", "and in 2012?"), "=rsi <losses year> [2012-01-01~2012-12-31]"),
    ],
)
def test_time_that_is_told_from_the_question_before(questions: tuple[str, ...], expected: str) -> None:
    assert written(parse_all(questions, NAMES)) == expected
