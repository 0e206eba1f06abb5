"""What questions ask: a corpus in the wording of people, and every metric of the catalogue."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchat_contracts import METRICS, Language
from services.language.lexicon import ENGLISH, KOREAN
from services.language.parsing import LONGEST, parse, parse_all
from services.language.question import Criterion, End, Question
from tests.unit.language.corpus import FILES, NAMES, cases, written

MAGNITUDES = {"max_drawdown", "value_at_risk", "conditional_value_at_risk"}
"""Said to be large where the stored value is low."""
OTHER: dict[End, End] = {"highest": "lowest", "lowest": "highest"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_questions_are_understood(file: Path) -> None:
    asked = {question: (parse(question, NAMES), expected) for question, expected in cases([file])}
    assert {
        q: (written(read), expected) for q, (read, expected) in asked.items() if written(read) != expected
    } == {}
    assert [q for q, (read, expected) in asked.items() if read.asks_about_nothing != (expected == "")] == []


def end_of(metric: str, *, large: bool) -> End:
    end: End = "highest" if large else "lowest"
    return OTHER[end] if metric in MAGNITUDES else end


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("large", [True, False])
def test_each_metric_is_asked_about_by_its_label_at_both_ends(
    metric: str, language: Language, *, large: bool
) -> None:
    label = METRICS[metric].label.of(language)
    ko = f"{label}: 가장 {'큰' if large else '작은'} 전략은?", f"가장 {'높은' if large else '낮은'} {label}"
    en = (
        f"Which has the {'highest' if large else 'lowest'} {label}?",
        f"{'largest' if large else 'smallest'} {label}",
    )
    for question in ko if language == "ko" else en:
        assert parse(question, {}) == Question((Criterion(metric, end_of(metric, large=large)),)), question


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("good", [True, False])
def test_the_good_end_of_each_metric_is_that_of_its_direction(
    metric: str, language: Language, *, good: bool
) -> None:
    label = METRICS[metric].label.of(language)
    best: dict[str, End | None] = {
        "higher_is_better": "highest",
        "lower_is_better": "lowest",
        "neither": None,
    }
    end = best[METRICS[metric].direction]
    asked = end if good or end is None else OTHER[end]
    expected = Question((Criterion(metric, asked, judged=end is None),))
    ko = f"{label} 제일 {'좋은' if good else '나쁜'} 거"
    assert parse(ko if language == "ko" else f"the {'best' if good else 'worst'} {label}", {}) == expected


@pytest.mark.parametrize("metric", METRICS)
def test_a_label_alone_names_no_end(metric: str) -> None:
    label = METRICS[metric].label
    for text in (label.ko, label.en, f"A의 {label.ko}, 얼마야?", f"What is the {label.en}?"):
        assert parse(text, {}).criteria == (Criterion(metric),)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is Alpha steadier than Beta?", "volatility- =alpha =beta"),
        ("Which alpha is higher, Alpha or Beta?", "alpha+ =alpha =beta"),
        ("which has the highest alpha?", "alpha+"),
        ("Is Alpha better than Beta?", "overall+ =alpha =beta"),
        ("What is the beta of Alpha?", "beta =alpha"),
        ("안정 추세의 수익률은?", "total_return =stable"),
        ("안정적인 전략은?", "volatility-"),
        ("수익이 가장 높은 전략은?", "total_return+"),
        ("Highest Sharpe의 거래 횟수는?", "trades =sharpe"),
    ],
)
def test_a_strategy_that_is_called_like_a_metric_is_not_that_metric(question: str, expected: str) -> None:
    names = {
        "alpha": "Alpha",
        "beta": "Beta",
        "stable": "안정 추세",
        "gain": "수익",
        "sharpe": "Highest Sharpe",
    }
    assert written(parse(question, names)) == expected


@pytest.mark.parametrize(
    ("question", "yardsticks"),
    [
        ("anything better than RSI?", ("rsi",)),
        ("RSI보다 나은 전략 있어?", ("rsi",)),
        ("anything better than both RSI and SMA?", ("rsi", "sma")),
        ("SMA나 RSI보다 나은 전략 있어?", ("sma", "rsi")),
        ("SMA랑 RSI를 둘 다 이기는 전략은?", ("sma", "rsi")),
        ("Is A better than RSI?", ()),
        ("Is A better than RSI and SMA?", ()),
        ("A가 RSI보다 나아?", ()),
        ("A가 RSI나 SMA보다 나아?", ()),
        ("How is RSI?", ()),
    ],
)
def test_all_strategies_named_may_be_the_yardsticks_of_others(
    question: str, yardsticks: tuple[str, ...]
) -> None:
    assert parse(question, NAMES).yardsticks == yardsticks


@pytest.mark.parametrize(
    ("question", "whether"),
    [
        ("Is SMA's Sharpe above 0.5?", True),
        ("SMA의 샤프가 2를 넘나요?", True),
        ("Did SMA make money?", True),
        ("Which has a Sharpe above 0.5?", False),
        ("Is SMA better than RSI?", False),
        ("What is SMA's Sharpe?", False),
        ("Is SMA the best with a Sharpe above 0.5?", False),
    ],
)
def test_a_bound_on_one_strategy_asks_whether_it_is_met(question: str, *, whether: bool) -> None:
    assert parse(question, NAMES).asks_whether is whether


@pytest.mark.parametrize(
    "word",
    ["sharpen", "sharper", "shape", "trader", "stale", "capturer", "against", "lossless", "again", "bargain"],
)
def test_a_word_that_looks_like_a_metric_is_none(word: str) -> None:
    assert parse(f"Tell me, {word}?", {}).asks_about_nothing


@given(st.text(max_size=200), st.dictionaries(st.text(max_size=5), st.text(max_size=10), max_size=5))
def test_no_text_is_an_error(text: str, names: dict[str, str]) -> None:
    assert set(parse(text, names).named) <= names.keys()


_WORDS = """
가장 높은 않은 전략 말고 샤프 수익률이 20% 1 보다 와 , . 모멘텀 이상
not the best least Sharpe drawdown of and 3 above A's
"""


@given(st.lists(st.sampled_from(_WORDS.split()), max_size=30), st.sampled_from(["", " "]))
def test_no_order_of_words_is_an_error(words: list[str], blank: str) -> None:
    for each in parse(blank.join(words), NAMES).criteria:
        assert each.metric in METRICS


_PHRASES = st.lists(st.sampled_from([*_WORDS.split(), *sorted({*ENGLISH, *KOREAN})]), max_size=8)


@given(st.lists(_PHRASES.map(" ".join), min_size=1, max_size=3))
def test_nothing_that_is_known_is_an_error(texts: list[str]) -> None:
    for each in parse_all(texts, NAMES).criteria:
        assert each.metric in METRICS


def test_the_size_of_a_difference_names_no_metric() -> None:
    asked = parse("how big is the difference between those two", NAMES)
    assert (asked.criteria, asked.overall) == ((), True)


@pytest.mark.parametrize(
    "text",
    [
        "가" * 100_000,
        "거래" * 9_999,
        "거래 비용" * 999,
        "not " * 50_000,
        "9" * 100_000,
        "이" * LONGEST,
        "1,000" * 9_999,
    ],
)
def test_a_long_text_is_read_up_to_a_limit(text: str) -> None:
    assert isinstance(parse(text, NAMES), Question)


@pytest.mark.parametrize(
    "text", ["\u1109\u1163\u1111\u1173가 가장 높은 전략은?", "Ｓｈａｒｐｅ가 가장 높은 전략은?"]
)
def test_a_text_is_read_in_any_form_of_its_characters(text: str) -> None:
    assert written(parse(text, {})) == "sharpe_ratio+"
