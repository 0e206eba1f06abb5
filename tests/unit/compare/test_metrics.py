"""The metric that a query names, and how its values are written."""

import pytest

from backchat_contracts import METRICS as CATALOGUE
from backchat_contracts import StrategyFigures
from services.compare.domain.metrics import (
    DEFAULT,
    METRICS,
    Metric,
    metric_of,
    named_by_label,
    with_subject_particle,
    with_topic_particle,
)
from tests.builders import figures


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("어떤 전략이 더 안정적인가요?", "volatility"),
        ("변동성이 낮은 전략은?", "volatility"),
        ("꾸준한 전략은?", "volatility"),
        ("안정적인 수익을 내는 전략은?", "volatility"),
        ("최대 낙폭은?", "max_drawdown"),
        ("MDD가 가장 작은 전략은?", "max_drawdown"),
        ("가장 위험한 전략은?", "max_drawdown"),
        ("최대 손실은 얼마였나요?", "max_drawdown"),
        ("샤프 비율이 높은 전략은?", "sharpe_ratio"),
        ("위험 대비 수익이 좋은 것은?", "sharpe_ratio"),
        ("위험대비 성과는?", "sharpe_ratio"),
        ("소르티노 비율은?", "sortino_ratio"),
        ("연평균 수익률은?", "cagr"),
        ("연수익률이 높은 전략은?", "cagr"),
        ("승률이 높은 전략은?", "win_rate"),
        ("거래 횟수는?", "trades"),
        ("몇 번 거래했나요?", "trades"),
        ("수익률이 가장 높은 전략은?", "total_return"),
        ("돈을 제일 많이 벌어준 전략은?", "total_return"),
    ],
)
def test_korean_questions(query: str, name: str) -> None:
    metric = metric_of(query)
    assert metric is not None
    assert metric.name == name


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Which strategy is steadier?", "volatility"),
        ("Which is the most stable?", "volatility"),
        ("Which one is the most volatile?", "volatility"),
        ("STEADIEST returns?", "volatility"),
        ("And its drawdown?", "max_drawdown"),
        ("Which is riskier?", "max_drawdown"),
        ("Which is the riskiest?", "max_drawdown"),
        ("What was the biggest loss?", "max_drawdown"),
        ("mdd", "max_drawdown"),
        ("Sharpe?", "sharpe_ratio"),
        ("Which has the best risk-adjusted return?", "sharpe_ratio"),
        ("Sortino ratio of momentum", "sortino_ratio"),
        ("Which grows most per year?", "cagr"),
        ("annual return?", "cagr"),
        ("CAGR", "cagr"),
        ("What is the win rate?", "win_rate"),
        ("How many trades did it make?", "trades"),
        ("lowest turnover", "turnover"),
        ("Which one returned most?", "total_return"),
        ("What profit did RSI make?", "total_return"),
        ("How much did I gain?", "total_return"),
        ("Which earned most?", "total_return"),
    ],
)
def test_english_questions(query: str, name: str) -> None:
    metric = metric_of(query)
    assert metric is not None
    assert metric.name == name


@pytest.mark.parametrize(
    "query",
    [
        "어떤 전략이 더 좋은가요?",
        "비교해줘",
        "Which is better?",
        "Compare them",
        "How do they do against each other?",
        "Show me that again",
        "What can we learn from this?",
        "Is there a glossary?",
    ],
)
def test_questions_that_name_no_metric(query: str) -> None:
    assert metric_of(query) is None


def test_better_means_by_risk_unless_it_is_said() -> None:
    assert DEFAULT.name == "sharpe_ratio"


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_label_names_its_own_metric(name: str) -> None:
    label = CATALOGUE[name].label
    for text in (label.ko, label.en, f"{label.ko}은?", f"What is the {label.en}?"):
        named = metric_of(text)
        assert named is not None
        assert named.name == name


def test_every_metric_of_the_catalogue_can_be_asked_about() -> None:
    assert sorted(metric.name for metric in METRICS) == sorted(CATALOGUE)
    assert CATALOGUE.keys() <= StrategyFigures.model_fields.keys()


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_has_words_in_both_languages(metric: Metric) -> None:
    assert any(word.isascii() for word in metric.words)
    assert not all(word.isascii() for word in metric.words)
    assert all(word == word.casefold() for word in metric.words)
    assert metric.superlative.ko
    assert metric.superlative.en


@pytest.mark.parametrize(
    ("word", "topic"), [("승률", "승률은"), ("거래 횟수", "거래 횟수는"), ("비", "비는")]
)
def test_the_topic_particle_follows_the_last_sound(word: str, topic: str) -> None:
    assert with_topic_particle(word) == topic


def test_every_label_can_be_the_topic_of_a_korean_sentence() -> None:
    assert all("가" <= entry.label.ko[-1] <= "힣" for entry in CATALOGUE.values())


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("total_return", 0.1234, "+12.34 %"),
        ("total_return", -0.05, "-5.00 %"),
        ("max_drawdown", -0.2, "-20.00 %"),
        ("volatility", 0.185, "18.50 %"),
        ("win_rate", 2 / 3, "66.67 %"),
        ("sharpe_ratio", 1.234, "1.23"),
        ("trades", 14, "14"),
    ],
)
def test_values_are_written_in_their_units(name: str, value: float, text: str) -> None:
    metric = next(metric for metric in METRICS if metric.name == name)
    got = metric.of(figures(**{name: value}))

    assert got is not None
    assert metric.text(got) == text


def test_a_metric_without_words_of_its_own_is_named_by_its_label() -> None:
    metric = named_by_label("max_drawdown")
    assert metric.words == ("최대 낙폭", "maximum drawdown")
    assert metric.superlative.ko == "최대 낙폭이 가장 높은"
    assert metric.superlative.en == "The strategy with the highest maximum drawdown"
    assert named_by_label("trades").superlative.en == "The strategy with the lowest number of trades"


def test_the_subject_particle_follows_the_last_syllable() -> None:
    assert (with_subject_particle("승률"), with_subject_particle("횟수")) == ("승률이", "횟수가")
