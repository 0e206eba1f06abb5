"""What a comparison answers: by its question's own meaning, and as sure as the statistics are."""

import re

import numpy as np
import pytest

from backchat_contracts import Language
from services.compare.domain.comparability import Run
from tests.builders import gap
from tests.unit.compare.runs import ALL, BAD, GOOD, MIDDLE, answered, returns_of, strategy


@pytest.mark.parametrize(
    ("query", "leader", "outcome"),
    [
        ("Which is better?", GOOD, "no-difference-shown"),
        ("Which is the worst?", BAD, "worse"),
        ("Which has the largest drawdown?", BAD, "worse"),
        ("Which has the smallest drawdown?", GOOD, "no-difference-shown"),
        ("최대 낙폭이 가장 큰 전략은?", BAD, "worse"),
        ("가장 위험한 전략은?", BAD, "worse"),
        ("손실이 가장 큰 전략은?", BAD, "worse"),
        ("가장 안정적인 전략은?", GOOD, "no-difference-shown"),
        ("Which is the least stable?", BAD, "worse"),
        ("샤프 비율이 가장 낮은 전략은?", BAD, "worse"),
    ],
)
def test_the_end_asked_for_is_the_one_that_is_answered(query: str, leader: Run, outcome: str) -> None:
    language: Language = "en" if query.isascii() else "ko"
    answer = answered(query, *ALL, language=language)
    (verdict,) = answer.findings.verdict

    assert (verdict.leader, verdict.outcome) == (leader.id, outcome)
    assert answer.findings.ranking[0].entries[0].backtest_id == leader.id
    assert answer.summary.best_strategy_id == leader.completed.strategy_id
    assert f"'{leader.completed.strategy_name}'" in answer.summary.text
    assert bool(re.search("[가-힣]", answer.summary.text)) is (language == "ko")


def test_what_is_not_shown_is_said_not_to_be() -> None:
    answer = answered("Which has the higher Sharpe ratio?", GOOD, MIDDLE)
    (verdict,) = answer.findings.verdict

    assert verdict.outcome == "no-difference-shown"
    assert (verdict.over, verdict.not_over, verdict.bars) == ((), (MIDDLE.id,), 1260)
    assert verdict.detectable is not None
    assert "no difference is shown" in answer.summary.text
    assert "1260 trading days" in answer.summary.text
    assert "would have been seen" in answer.summary.text


def test_a_lead_over_some_is_told_apart_from_that_over_others() -> None:
    answer = answered("Which is better?", *ALL)
    (verdict,) = answer.findings.verdict

    assert (verdict.over, verdict.not_over) == ((BAD.id,), (MIDDLE.id,))
    assert "between 'Good' and 'Bad' is shown, that to 'Middle' is not" in answer.summary.text


def test_the_same_returns_are_no_difference() -> None:
    twin = strategy("Twin", returns_of("good", 0.0015, 0.008))
    (verdict,) = answered("Which is better?", GOOD, twin).findings.verdict

    assert verdict.outcome == "identical"


def test_counts_are_facts() -> None:
    many, few = (
        strategy(name, returns_of(name, 0.0, 0.01), figures={"trades": n})
        for name, n in (("M", 90), ("F", 3))
    )
    answer = answered("Which made the most trades?", few, many)

    assert answer.findings.verdict[0].outcome == "fact"
    assert answer.findings.verdict[0].leader == many.id
    assert "whether the difference is chance is not known" in answer.summary.text


@pytest.mark.parametrize("query", ["How is the weather?", "오늘 날씨 어때?", "hello", "안녕"])
def test_a_question_about_nothing_is_told_so(query: str) -> None:
    answer = answered(query, *ALL, language="en" if query.isascii() else "ko")

    assert answer.findings.ranking == answer.findings.verdict == ()
    assert answer.summary.best_strategy_id is None
    assert "names nothing to compare by" in answer.summary.text or "알 수 없는 질문" in answer.summary.text


@pytest.mark.parametrize("query", ["Which has the highest gamma?", "감마가 가장 높은 전략은?"])
def test_a_measure_that_there_is_not_is_told(query: str) -> None:
    answer = answered(query, *ALL, language="en" if query.isascii() else "ko")

    assert answer.findings.ranking == ()
    assert answer.findings.understood is not None
    assert answer.findings.understood.unknown
    assert "gamma" in answer.summary.text or "감마" in answer.summary.text
    assert "'Good'" not in answer.summary.text


def test_several_metrics_are_all_answered() -> None:
    answer = answered("Which has the highest return, and which the lowest volatility?", *ALL)

    assert [each.metric for each in answer.findings.verdict] == ["total_return", "volatility"]
    assert len(answer.summary.text.splitlines()) >= 2


def test_top_n_and_bounds_and_what_is_ruled_out() -> None:
    top = answered("Top 2 by Sharpe ratio?", *ALL)
    assert "1. 'Good'" in top.summary.text
    assert "2. 'Middle'" in top.summary.text
    assert "3. '" not in top.summary.text

    bound = answered("샤프가 1 넘는 전략은?", *ALL, language="ko")
    assert [each.backtest_id for each in bound.findings.ranking[0].entries] == [GOOD.id, MIDDLE.id]
    assert {each.backtest_id: each.code for each in bound.findings.excluded} == {BAD.id: "filter"}

    without = answered("Good 말고 가장 좋은 전략은?", *ALL, language="ko")
    assert without.findings.verdict[0].leader == MIDDLE.id
    assert {each.backtest_id: each.code for each in without.findings.excluded} == {GOOD.id: "not-asked"}


@pytest.mark.parametrize(
    ("query", "said", "best"),
    [
        ("샤프가 2.9 넘는 전략은?", "조건에 맞는 전략은 3개 중 1개입니다: 'Good' 샤프 비율", "good"),
        ("샤프가 9 넘는 전략은?", "조건에 맞는 전략은 3개 중 0개입니다.", None),
        ("Which has a Sharpe ratio above 9?", "0 of 3 meet the condition.", None),
        (
            "Of those with a Sharpe ratio above 2.9, which is the steadiest?",
            "1 of 3 meets the condition",
            "good",
        ),
    ],
)
def test_a_bound_that_one_or_none_meets(query: str, said: str, best: str | None) -> None:
    answer = answered(query, *ALL, language="en" if query.isascii() else "ko")

    assert said in answer.summary.text
    assert answer.summary.best_strategy_id == best


def test_what_is_asked_of_one_is_answered_of_that_one() -> None:
    answer = answered("What is the Sharpe ratio of Middle?", *ALL)

    assert answer.summary.text.startswith("The Sharpe ratio of 'Middle' is 2.43 (")
    assert answer.summary.best_strategy_id == "middle"


def test_of_several_only_those_that_are_named_are_compared() -> None:
    answer = answered("Is Middle better than Bad?", *ALL)

    assert answer.findings.verdict[0].leader == MIDDLE.id
    assert {each.backtest_id: each.code for each in answer.findings.excluded} == {GOOD.id: "not-asked"}


def test_one_that_is_named_may_be_meant_beside_all_others() -> None:
    assert answered("Is Middle better than the rest?", *ALL).findings.verdict[0].leader == GOOD.id


def test_what_beats_one_is_what_is_ahead_of_it_and_whether_that_is_shown() -> None:
    middle = answered("Is anything better than Middle?", *ALL).summary.text
    assert middle.startswith(
        "With a higher Sharpe ratio than 'Middle' (Sharpe ratio 2.43): 'Good' Sharpe ratio"
    )
    assert "But no difference is shown." in middle
    bad = answered("Bad보다 나은 전략은?", *ALL, language="ko").summary.text
    assert "확인된 것: 'Good', 'Middle'" in bad
    none = answered("Anything better than Good?", *ALL).summary.text
    assert none.startswith("None has a higher Sharpe ratio than 'Good'")


def test_the_second_is_the_second_and_the_leads_are_of_the_first() -> None:
    answer = answered("두 번째로 샤프 비율이 높은 전략은?", *ALL, language="ko")

    assert "2위는 'Middle'입니다" in answer.summary.text
    assert "'Good'와 'Bad'의 차이는 통계적으로 확인되지만, 'Middle'와의 차이는" in answer.summary.text
    assert answer.summary.best_strategy_id == "middle"


def test_not_the_riskiest_is_all_but_that_one() -> None:
    answer = answered("Which are not the riskiest?", *ALL)

    assert answer.summary.text.startswith("All but 'Bad'")
    assert answer.summary.best_strategy_id is None


def test_other_costs_are_cautioned_and_compared() -> None:
    dear = strategy("Dear", returns_of("dear", 0.0001, 0.01), slippage_rate=0.02)
    answer = answered("Which is better?", GOOD, dear)

    assert answer.findings.verdict[0].outcome == "better"
    assert "the slippage differs: 0 % ('Good'); 2 % ('Dear')" in answer.summary.text


def test_other_windows_are_compared_on_the_common_days() -> None:
    late = strategy("Late", returns_of("late", -0.002, 0.01, 300), curves={"start": "2012-01-02"})
    answer = answered("Which has the higher return?", GOOD, late)
    window = answer.findings.common_window
    assert window is not None

    assert window.bars == 301
    assert {each.backtest_id for each in window.figures} == {GOOD.id, late.id}
    of_window = {each.backtest_id: each.values["total_return"] for each in window.figures}
    assert [each.value for each in answer.findings.ranking[0].entries] == [
        of_window[GOOD.id],
        of_window[late.id],
    ]
    assert "301 trading days that they have in common" in answer.summary.text


def test_what_can_not_be_compared_is_not() -> None:
    other = strategy("Other", returns_of("other", 0.0, 0.01), symbols=["GOOG"])
    answer = answered("Which is better?", GOOD, other)
    comparability = answer.findings.comparability
    assert comparability is not None

    assert comparability.comparable == "not-comparable"
    assert answer.findings.verdict[0].outcome == "not-comparable"
    assert answer.findings.benchmark is None
    assert answer.findings.pairs[0].reasons == ("universe",)
    assert answer.summary.best_strategy_id is None
    assert "Not comparable" in answer.summary.text
    assert "It ran on other symbols" in answer.summary.text


@pytest.mark.parametrize("code", ["no-trades", "short-window"])
def test_what_is_worth_no_comparison_is_shown_apart(code: str) -> None:
    cash = strategy("Cash", np.full(1260, 1e-9), warned=code)
    answer = answered("Which is steadier?", cash, GOOD, BAD)

    assert answer.findings.verdict[0].leader == GOOD.id
    assert {each.backtest_id: each.code for each in answer.findings.excluded} == {cash.id: code}
    assert "Not ranked: 'Cash'" in answer.summary.text


def test_one_strategy_has_its_figure_with_the_interval() -> None:
    answer = answered("What is the Sharpe ratio?", GOOD)

    assert answer.findings.verdict[0].outcome == "nothing-to-compare"
    assert re.search(r"The Sharpe ratio of 'Good' is \S+ \(2010-01-04~.*95 % interval", answer.summary.text)
    assert answer.summary.best_strategy_id == "good"


def test_none_is_told_in_the_language_of_the_question() -> None:
    answer = answered("Which is better?", gaps=(gap("lost", error="전략을 찾을 수 없습니다"),))

    assert answer.summary.text.startswith("There are no backtest results to compare.")
    assert answer.summary.text.endswith("Left out — lost: Strategy not found.")
    assert answer.findings.excluded[0].detail == "Strategy not found"
    assert [each.code for each in answer.findings.excluded] == ["no-data"]


def test_trials_make_the_best_one_less_sure() -> None:
    few, many = answered("Which is better?", *ALL), answered("Which is better?", *ALL, tried=500)
    first = [
        next(s.deflated_sharpe_ratio for s in each.findings.statistics if s.backtest_id == GOOD.id)
        for each in (few, many)
    ]

    assert many.findings.trials is not None
    assert many.findings.trials.count > 500
    assert first[0] is not None
    assert first[1] is not None
    assert first[1] < first[0]
    assert "definitions were tried" in many.summary.text


def test_two_backtests_of_one_strategy_are_told_apart() -> None:
    other = strategy("Good", returns_of("again", -0.001, 0.01))
    answer = answered("Which is better?", GOOD, other)

    called = set(re.findall(r"'Good #([^']+)'", answer.summary.text))
    assert len(called) == 2
    assert all(len([key for key in called if run.id.startswith(key)]) == 1 for run in (GOOD, other))


def test_the_same_question_has_the_same_figures_in_any_order() -> None:
    one, other = answered("Which is better?", *ALL), answered("Which is better?", *reversed(ALL))
    assert one.findings == answered("Which is better?", *ALL).findings

    for first, second in zip(one.findings.verdict, other.findings.verdict, strict=True):
        numbers = {"detectable": pytest.approx(second.detectable)}
        assert first == second.model_copy(update=numbers)
    assert one.findings.method == other.findings.method


@pytest.mark.parametrize(
    ("name", "and_"), [("한빛", "과"), ("모멘텀 전략", "과"), ("보유", "와"), ("SMA 20", "과")]
)
def test_particles_follow_the_names(name: str, and_: str) -> None:
    other = strategy(name, returns_of("good", 0.0015, 0.008))

    assert (
        f"'{name}'{and_} 'Bad'의 차이는"
        in answered("더 나은 전략은?", BAD, other, language="ko").summary.text
    )


def test_of_many_an_answer_lists_the_first_few() -> None:
    many = [strategy(f"S{number}", returns_of(str(number), 0.0, 0.01, 300)) for number in range(25)]
    answer = answered("Which is better?", *many)

    assert "; and 14 more" in answer.summary.text or " and 14 more" in answer.summary.text
    assert len(answer.findings.ranking[0].entries) == 25
    assert len(answer.findings.pairs) == 24
