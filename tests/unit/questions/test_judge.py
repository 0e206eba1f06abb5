"""The judge of answers: what is not right is never judged so."""

from datetime import date

import numpy as np
import pytest

from tests.builders import config, performance
from tests.questions.catalogue import Run
from tests.questions.judge import Answered, judged

DAYS = np.array(["2010-01-04", "2010-01-05", "2010-01-06", "2010-01-07"], dtype="datetime64[D]")


def run(sharpe: float, drawdown: float, total: float = 0.25, **given: object) -> Run:
    measured = performance(sharpe_ratio=sharpe, max_drawdown=drawdown, total_return=total, **given)
    equity = 100_000.0 * np.array([1.0, 1.1, 1.0, 1.0 + total])
    return Run(config(end_date=date(2010, 1, 7)), measured.model_dump(), DAYS, equity)


RUNS = {"A": run(1.5, -0.1), "역추세": run(0.5, -0.3, -0.05), "추세": run(1.0, -0.2)}
RANKED = (
    "The strategy with the best risk-adjusted return is 'A': Sharpe ratio 1.50, maximum drawdown -10.00 % "
    "(2010-01-04~2010-01-07). Compared with: '추세' Sharpe ratio 1.00; '역추세' Sharpe ratio 0.50. But no "
    "difference is shown between 'A' and '추세', '역추세' (+0.50 from '추세', p = 0.400)."
)


def judge(expectation: str, text: str, question: str = "Which is best?", **given: object) -> str:
    fields = {"question": question, "text": text, "names": (*RUNS, "Idle"), "runs": RUNS} | given
    return judged(expectation, Answered(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expectation", "text"),
    [
        ("best sharpe_ratio highest", RANKED),
        ("order sharpe_ratio highest", RANKED),
        ("order sharpe_ratio lowest #2", "By Sharpe ratio: 1. '역추세' 0.50; 2. '추세' 1.00."),
        (
            "figure max_drawdown of 추세",
            "The maximum drawdown of '추세' is -20.00 % (95 % interval -30.00 %).",
        ),
        (
            "list max_drawdown > -0.25",
            "2 of 3: '추세' maximum drawdown -20.00 %; 'A' maximum drawdown -10.00 %.",
        ),
        ("count max_drawdown > -0.25", "2 of 3 meet the condition: 'A' maximum drawdown -10.00 %."),
        ("count max_drawdown > 0", "0 of 3 meet the condition."),
        ("list max_drawdown > 0", "None of them does."),
        (
            "figure total_return of 역추세 in 2010-01-05..2010-01-07",
            "The total return of '역추세' is -13.64 %.",
        ),
        ("config commission_rate of A", "'A': type rsi, commission 0.1 %, slippage 0 %."),
        ("config end_date of A", "'A': type rsi, period 2010-01-04~2010-01-07."),
        ("names A, 추세", "There are '추세' and 'A'."),
        ("sure A", "'A' leads (p = 0.400)."),
        ("cannot", "'Foo': there is no such strategy."),
        ("says 3", "There are 3 strategies."),
    ],
)
def test_right_answers_are_judged_right(expectation: str, text: str) -> None:
    assert judge(expectation, text) == "right"


@pytest.mark.parametrize(
    ("expectation", "text"),
    [
        pytest.param("best sharpe_ratio highest", RANKED.replace("'A'", "'추세'"), id="swapped names"),
        pytest.param("best sharpe_ratio highest", RANKED.replace("1.50", "1.51"), id="wrong figure"),
        pytest.param(
            "best sharpe_ratio highest", RANKED.replace("ratio 0.50", "ratio 0.60"), id="a wrong figure after"
        ),
        pytest.param(
            "best max_drawdown highest", RANKED.replace("-10.00", "-10.01"), id="other metric's figure"
        ),
        pytest.param("best sharpe_ratio lowest", RANKED, id="wrong end"),
        pytest.param("best sharpe_ratio highest #2", RANKED, id="wrong rank"),
        pytest.param("best sharpe_ratio highest among A, 추세", RANKED, id="others too"),
        pytest.param("order sharpe_ratio highest #2", RANKED, id="too many"),
        pytest.param("order sharpe_ratio lowest", RANKED, id="wrong order"),
        pytest.param(
            "figure max_drawdown of 추세", "The total return of '추세' is -20.00 %.", id="other metric"
        ),
        pytest.param(
            "figure max_drawdown of 추세", "The maximum drawdown of 'A' is -20.00 %.", id="other name"
        ),
        pytest.param(
            "figure max_drawdown of 추세", "'추세' and 'A': maximum drawdown -10.00 %.", id="misplaced"
        ),
        pytest.param("figure sharpe_ratio of 추세", RANKED, id="extra figures"),
        pytest.param("list sharpe_ratio > 0.8", RANKED, id="one too many"),
        pytest.param(
            "list sharpe_ratio > 0.4", "2 of 3: 'A' Sharpe ratio 1.50; '추세' Sharpe ratio 1.00.", id="few"
        ),
        pytest.param("count sharpe_ratio > 0.4", "2 of 3 meet the condition.", id="wrong count"),
        pytest.param("count sharpe_ratio > 0.8", "2 of 2 meet the condition.", id="of too few"),
        pytest.param("config commission_rate of A", "'A': commission 0.15 %.", id="wrong setting"),
        pytest.param(
            "config commission_rate of A", "'A': commission 0.1 %. '추세': 0.1 %.", id="others' settings"
        ),
        pytest.param("names A, 추세", "There are '추세', '역추세' and 'A'.", id="another name"),
        pytest.param("cannot", RANKED, id="an answer instead of none"),
        pytest.param("cannot", "No such strategy. The Sharpe ratio is 9.00.", id="a figure beside"),
        pytest.param("cannot", "The moon.", id="nothing said"),
        pytest.param("says 3", "There are 30 strategies.", id="part of a number"),
    ],
)
def test_wrong_answers_are_judged_wrong(expectation: str, text: str) -> None:
    assert judge(expectation, text) == "wrong"


def test_an_honest_answer_without_the_answer_is_neither() -> None:
    assert judge("best sharpe_ratio highest", "The question names nothing: it can't be answered.") == "cannot"


def test_alternatives_are_all_right_and_parts_all_needed() -> None:
    assert judge("best sharpe_ratio lowest | best sharpe_ratio highest", RANKED) == "right"
    assert judge("best sharpe_ratio highest ; best max_drawdown highest", RANKED) == "right"
    assert judge("best sharpe_ratio highest ; best total_return highest", RANKED) == "wrong"


def test_an_answer_in_the_other_language_is_wrong() -> None:
    korean = "위험 대비 성과가 가장 좋은 전략은 'A'입니다: 샤프 비율 1.50. 비교: '추세' 샤프 비율 1.00."
    assert judge("best sharpe_ratio highest", korean, "제일 좋은 건?") == "right"
    assert judge("best sharpe_ratio highest", korean, "Is A better than 추세?") == "wrong"
    assert judge("cannot", "그런 전략이 없습니다.", "Sharpe of Foo?") == "wrong"


def test_a_run_without_trades_may_be_left_out() -> None:
    runs = RUNS | {"Idle": run(0.0, 0.0, 0.0, trades=0)}
    text = "Best is 'A': maximum drawdown -10.00 %. Not ranked: 'Idle' maximum drawdown 0.00 %."
    assert judge("best max_drawdown highest among A, 추세", text, runs=runs) == "right"
    assert judge("best max_drawdown highest among A", text.replace("Idle", "추세"), runs=runs) == "wrong"


CONFIG = {"type": "rsi", "symbols": ["AAPL", "IBM"], "parameters": {"window": 14}, "commission_rate": 0.002}


def test_what_is_proposed_and_started_is_judged_by_what_happened() -> None:
    wanted = "proposes 1 type=rsi symbols=AAPL,IBM window=14 commission_rate=0.002"
    assert judge(wanted, "Shall it be run?", proposed=[CONFIG]) == "right"
    assert judge(wanted, "Shall it be run?", proposed=[CONFIG, CONFIG]) == "wrong"
    assert judge(wanted, "Shall it be run?", proposed=[CONFIG | {"commission_rate": 0.02}]) == "wrong"
    assert judge(wanted, "Started.", proposed=[CONFIG], started=1) == "wrong"
    assert judge("starts 1", "Started.", started=1) == "right"
    assert judge("starts 1", "Started.", started=2) == "wrong"
    assert judge("drops", "It was not run.", proposed_before=[CONFIG]) == "right"
    assert judge("drops", "It was not run.", proposed=[CONFIG], proposed_before=[CONFIG]) == "wrong"


def test_an_answer_to_a_question_may_not_act() -> None:
    assert judge("best sharpe_ratio highest", RANKED, started=1) == "wrong"
    assert judge("best sharpe_ratio highest", RANKED, proposed=[CONFIG]) == "wrong"
    assert judge("best sharpe_ratio highest", RANKED, proposed=[CONFIG], proposed_before=[CONFIG]) == "right"
