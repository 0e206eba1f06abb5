"""Questions that are told in the words that are read, and those that mean something else."""

import pytest

from services.language.asked_settings import AskedSettings
from services.language.parsing import parse, parse_all
from services.language.question import Threshold
from services.language.rewording import reworded
from services.language.unsupported import index_in

NAMES = {"id-1": "Dual Momentum", "id-2": "Buy and Hold", "id-3": "RSI 역추세"}
BELOW_HALF = Threshold("max_drawdown", "below", -0.5)


@pytest.mark.parametrize(
    "text",
    [
        "Which strategies breached a 50% drawdown?",
        "which ones went past 50 % drawdown",
        "which strategies lost more than 50 percent peak to trough?",
        "which ones were down over 50% from their peak",
        "반토막 난 전략 있어?",
        "낙폭 50% 넘게 빠진 전략은?",
        "did it ever lose half its value",
        "Dual Momentum 반토막 난 적 있어?",
    ],
)
def test_a_loss_beyond_a_number_is_a_bound(text: str) -> None:
    assert parse(text, NAMES).thresholds == (BELOW_HALF,)


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        ("Was Q4 2012 bad for everybody?", Threshold("total_return", "below", 0)),
        ("2012년 4분기는 다들 안좋았어?", Threshold("total_return", "below", 0)),
        ("was 2009 a good year for all of them?", Threshold("total_return", "above", 0)),
    ],
)
def test_what_was_bad_for_all_is_a_loss_of_all(text: str, whether: Threshold) -> None:
    question = parse(text, NAMES)
    assert question.thresholds == (whether,)
    assert question.whether == "all"
    assert question.window


@pytest.mark.parametrize(
    "text", ["Did anything drop more than 10% in a single day?", "하루에 10% 넘게 빠진 전략 있어?"]
)
def test_a_loss_of_a_day_is_no_drawdown(text: str) -> None:
    question = parse(text, NAMES)
    assert question.timing
    assert (question.timing.asks, question.timing.unit) == ("worst", "day")
    assert not question.thresholds


@pytest.mark.parametrize(
    "text",
    [
        "did RSI 역추세 lose less than half of what Buy and Hold lost?",
        "RSI 역추세가 Buy and Hold 잃은 것의 절반도 안 잃었지?",
    ],
)
def test_a_share_of_another_ones_loss_is_not_compared(text: str) -> None:
    assert parse(text, NAMES).beyond == "scaled"


@pytest.mark.parametrize("text", ["what kind of strategy is RSI 역추세?", "RSI 역추세 이거 무슨전략임"])
def test_what_kind_one_is_is_told_by_its_settings(text: str) -> None:
    assert parse(text, NAMES).settings == AskedSettings(("parameters", "type"))


@pytest.mark.parametrize("text", ["and B's?", "hmm and Turtle, how long did that take"])
def test_a_name_that_there_is_not_is_no_other_strategy(text: str) -> None:
    assert parse(text, NAMES).unresolved


@pytest.mark.parametrize("text", ["and Sharpe?", "and Calmar?", "and Dual Momentum?"])
def test_what_is_known_is_no_unknown_name(text: str) -> None:
    assert not parse(text, NAMES).unresolved


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("그 다음해에는 다 회복했냐", "2009-12-31"),
        ("had they all recovered in the year after?", "2009-12-31"),
    ],
)
def test_a_recovery_within_a_window_is_by_its_last_day(text: str, by: str) -> None:
    question = parse_all(["how did they do in 2008" if text.isascii() else "2008년 수익률은?", text], NAMES)
    assert question.timing
    assert str(question.timing.by) == by


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("코스피랑 비교하면 어때", "코스피"),
        ("compare with the S&P 500", "S&P 500"),
        ("does RSI beat the nasdaq?", "nasdaq"),
        ("코스피 데이터 있어?", None),
        ("does the kospi momentum strategy beat RSI?", None),
    ],
)
def test_a_market_index_that_is_compared_with_is_found(text: str, index: str | None) -> None:
    assert index_in(text) == index


@pytest.mark.parametrize(
    "text", ["Which lost half of its value?", "what's the benchmark?", "is RSI better?", ""]
)
def test_other_words_stay(text: str) -> None:
    assert reworded(text) == text
