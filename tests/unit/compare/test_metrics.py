"""How answers write the metrics."""

import pytest

from backchat_contracts import METRICS as CATALOGUE
from backchat_contracts import StrategyFigures, Texts
from services.compare.domain.metrics import (
    METRICS,
    Metric,
    with_subject_particle,
    with_topic_particle,
)
from services.language.parsing import parse
from services.language.question import Criterion, End
from tests.builders import figures


def test_every_metric_of_the_catalogue_can_be_written() -> None:
    assert list(METRICS) == list(CATALOGUE)
    assert CATALOGUE.keys() <= StrategyFigures.model_fields.keys()


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
@pytest.mark.parametrize("end", ["highest", "lowest"])
def test_what_the_strategy_at_an_end_is_called_asks_for_that_end(metric: Metric, end: End) -> None:
    superlative = metric.superlatives[end]
    for text in (f"{superlative.ko} 전략은?", f"Which is {superlative.en.replace('The ', 'the ')}?"):
        assert parse(text, {}).criteria == (Criterion(metric.name, end),), text


@pytest.mark.parametrize(
    ("name", "end", "ko", "en"),
    [
        ("max_drawdown", "lowest", "최대 낙폭이 가장 큰", "The strategy with the largest maximum drawdown"),
        (
            "max_drawdown",
            "highest",
            "최대 낙폭이 가장 작은",
            "The strategy with the smallest maximum drawdown",
        ),
        ("volatility", "lowest", "가장 안정적인", "The steadiest strategy"),
        ("volatility", "highest", "변동성이 가장 큰", "The most volatile strategy"),
        ("win_rate", "lowest", "승률이 가장 낮은", "The strategy with the lowest win rate"),
        ("beta", "highest", "베타가 가장 높은", "The strategy with the highest beta"),
        ("trades", "highest", "거래가 가장 많은", "The strategy with the most trades"),
    ],
)
def test_a_superlative_says_what_is_at_the_end(name: str, end: End, ko: str, en: str) -> None:
    assert METRICS[name].superlatives[end] == Texts(ko=ko, en=en)


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
        ("longest_drawdown", 1234, "1,234 trading days"),
    ],
)
def test_values_are_written_in_their_units(name: str, value: float, text: str) -> None:
    metric = METRICS[name]
    got = metric.of(figures(**{name: value}))

    assert got is not None
    assert metric.text(got, "en") == text


def test_the_subject_particle_follows_the_last_syllable() -> None:
    assert (with_subject_particle("승률"), with_subject_particle("횟수")) == ("승률이", "횟수가")
