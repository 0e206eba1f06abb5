"""Questions in the words of people: bounds without a metric, settings, metrics, names."""

import pytest

from services.language.parsing import parse, parse_all
from services.language.question import Threshold
from services.language.run_settings import read_settings

NAMES = {"id-1": "Dual Momentum", "id-2": "Buy and Hold", "id-3": "RSI 역추세"}


@pytest.mark.parametrize(
    ("text", "bound", "by"),
    [
        ("그럼 -45% 이내인 것만 샤프순으로", Threshold("max_drawdown", "at_least", -0.45), "sharpe_ratio"),
        ("-40% 이내인 전략만 수익률순으로", Threshold("max_drawdown", "at_least", -0.4), "total_return"),
        ("within -50% by return", Threshold("max_drawdown", "at_least", -0.5), "total_return"),
        ("top 3 by cagr with at most 10 trades", Threshold("trades", "at_most", 10), "cagr"),
        ("cagr 상위 3개, 거래 10번 이하", Threshold("trades", "at_most", 10), "cagr"),
    ],
)
def test_a_bound_is_of_the_metric_that_it_fits(text: str, bound: Threshold, by: str) -> None:
    question = parse(text, NAMES)
    assert question.thresholds == (bound,)
    assert [each.metric for each in question.criteria] == [by]


@pytest.mark.parametrize(
    "text",
    ["any with 100% win rate", "any with a win rate of 100%", "승률 100%인 전략"],
)
def test_a_value_may_be_asked_for(text: str) -> None:
    low, high = parse(text, NAMES).thresholds
    assert (low.metric, low.relation, high.relation) == ("win_rate", "at_least", "at_most")
    assert low.value < 1 < high.value
    assert high.value - low.value < 0.001


@pytest.mark.parametrize(
    "text",
    ["win rate of Dual Momentum is 40%?", "is a sharpe of 1.5 good", "둘다 거래가 2번뿐이면 의미 있나"],
)
def test_a_value_that_is_not_asked_for_is_no_bound(text: str) -> None:
    assert parse(text, NAMES).thresholds == ()


@pytest.mark.parametrize(
    "text",
    [
        "what does it trade",
        "on what rules exactly",
        "params?",
        "슬리피지는",
        "전략들 수수료 다 똑같이 잡고 돌린거야?",
        "며칠짜리야 그럼",
        "뭘 거래해?",
    ],
)
def test_how_backtests_were_set_is_asked(text: str) -> None:
    assert parse(text, NAMES).beyond == "settings"


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("시장에 들어가 있던 시간 비율은", "exposure"),
        ("whats the avg exposure of Dual Momentum", "exposure"),
        ("how bad did it get for Dual Momentum", "max_drawdown"),
        ("on dd I mean", "max_drawdown"),
    ],
)
def test_a_metric_may_be_in_plain_words(text: str, metric: str) -> None:
    question = parse(text, NAMES)
    assert [each.metric for each in question.criteria] == [metric]
    assert (question.unread, question.beyond) == ((), None)


@pytest.mark.parametrize(
    "text",
    ["how'd it do", "how did it do?", "how did that go", "그거 어땠어", "why did it underperform in 2008"],
)
def test_the_strategy_spoken_of_is_asked_about_without_a_metric(text: str) -> None:
    assert parse(text, NAMES).overview


def test_why_one_has_no_figure_is_about_that_one() -> None:
    question = parse("Why does buy and hold have no win rate?", NAMES)
    assert (question.named, question.beyond) == (("id-2",), "why")
    assert [(each.metric, each.end) for each in question.criteria] == [("win_rate", None)]


@pytest.mark.parametrize(
    "text",
    [
        "승률이랑 수익률이랑 상관있어?",
        "is there a correlation between win rate and return",
        "correlation of sharpe and drawdown",
    ],
)
def test_the_correlation_of_two_metrics_is_not_that_of_strategies(text: str) -> None:
    question = parse(text, NAMES)
    assert (question.relation, question.beyond) == (None, "metrics")


def test_the_correlation_of_strategies_stays() -> None:
    assert parse("correlation of Dual Momentum and RSI 역추세", NAMES).relation == "correlation"


@pytest.mark.parametrize(
    "text",
    [
        "샤프 말고 소르티노로 보면 순위가 바뀌나",
        "2008년 9월 한달만 보면",
        "how many ended 2008 up",
        "thats per year?",
    ],
)
def test_plain_words_are_no_names(text: str) -> None:
    assert parse(text, NAMES).unresolved == ()


@pytest.mark.parametrize(
    "text", ["is that overfit", "overfit?", "과최적화 아냐?", "과적합 아니야?", "isn't that overfit"]
)
def test_overfitting_asks_how_sure_the_answer_is(text: str) -> None:
    meant = parse(text, NAMES).continuation
    assert meant
    assert meant.kind == "certainty"


@pytest.mark.parametrize("text", ["thats per year?", "days or months?", "is that annualised", "단위가 뭐야?"])
def test_the_unit_of_a_figure_is_told_by_what_the_metric_means(text: str) -> None:
    question = parse_all(["what is the turnover of Dual Momentum?", text], NAMES)
    assert [each.metric for each in question.criteria] == ["turnover"]
    assert question.beyond == "meaning"


def test_a_name_that_is_not_there_is_said_beside_how_bad_it_got() -> None:
    assert parse("how bad did it get for foobar", NAMES).unresolved == ("foobar",)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("시작은 2005년 끝은 2009년 말", "2005-01-01", "2009-12-31"),
        ("start 2005, end 2009", "2005-01-01", "2009-12-31"),
        ("start date: 2005-03-01 end date: 2009-06-30", "2005-03-01", "2009-06-30"),
        ("시작일 2006년 3월, 종료일은 2010년", "2006-03-01", "2010-12-31"),
        ("2005년에 시작해서 2009년에 끝나게", "2005-01-01", "2009-12-31"),
        ("2005년 초부터 2009년 말까지", "2005-01-01", "2009-12-31"),
        ("make it end in 2009", "None", "2009-12-31"),
        ("끝을 2011년 6월로", "None", "2011-06-30"),
    ],
)
def test_both_days_of_a_period_are_read(text: str, start: str, end: str) -> None:
    settings, rest = read_settings(text)
    assert (str(settings.start), str(settings.end)) == (start, end)
    assert not any(map(str.isdigit, rest))


@pytest.mark.parametrize(
    "text",
    [
        "RSI with window 2000",
        "창 2000으로",
        "window를 2010으로",
        "2000-day lookback",
        "fast 2000 slow 2005",
        "2000일짜리",
    ],
)
def test_a_number_of_days_is_no_year(text: str) -> None:
    settings, rest = read_settings(text)
    assert not settings.of_time
    assert "20" in rest


def test_a_window_of_time_stays_one() -> None:
    settings, _ = read_settings("run it over the window 2005 to 2009")
    assert (str(settings.start), str(settings.end)) == ("2005-01-01", "2009-12-31")
