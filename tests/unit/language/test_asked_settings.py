"""What a question asks of how backtests were set, and what only looks like such a question."""

import pytest

from services.language.asked_settings import CONDITIONS, AskedSettings, Said, Setting, read_asked_settings
from services.language.parsing import parse, parse_all

NAMES = {"rsi": "RSI 역추세", "trend": "추세추종"}


@pytest.mark.parametrize(
    ("text", "settings", "alike"),
    [
        ("what r the thresholds it uses", ("parameters",), None),
        ("against which benchmark", ("benchmark",), None),
        ("벤치마크 뭘로 했어", ("benchmark",), None),
        ("which engine version", ("engine",), None),
        ("수수료 조건은", ("commission",), None),
        ("수수료율은 얼마야 전부", ("commission",), None),
        ("how much capital did each start with", ("capital",), None),
        ("do they trade the same symbols?", ("symbols",), True),
        ("do all of them use the same costs?", ("commission", "slippage"), True),
        ("same commission?", ("commission",), True),
        ("are they run over the same dates?", ("period",), True),
        ("is the benchmark the same for both", ("benchmark",), True),
        ("둘 다 같은 종목이야?", ("symbols",), True),
        ("다들 초기자금 똑같이 시작했어?", ("capital",), True),
        ("조건이 다 똑같아?", CONDITIONS, True),
        ("기간은 서로 달라?", ("period",), False),
        ("do they differ in slippage", ("slippage",), False),
        ("same for all?", (), True),
        ("다른 전략도 다 똑같아?", (), True),
    ],
)
def test_settings_are_asked_for(text: str, settings: tuple[Setting, ...], alike: bool | None) -> None:  # noqa: FBT001 - a case
    assert read_asked_settings(text, []) == AskedSettings(settings, alike)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("its lookback is really 6 months?", Said(126, "days", "6 months", "lookback")),
        ("수수료 0.1% 맞아?", Said(0.001, "percent", "0.1%")),
        ("is the commission 25 bps?", Said(0.0025, "percent", "25 bps")),
        ("초기자금 10만 맞아?", Said(100_000, "", "10만")),
        ("do both start with 100k?", Said(100_000, "", "100k")),
        ("과매도 기준이 30이야?", Said(30, "", "30", "lower")),
    ],
)
def test_a_setting_is_said_to_have_a_value(text: str, said: Said) -> None:
    asked = read_asked_settings(text, [])
    assert asked is not None
    assert asked.said == said


@pytest.mark.parametrize(
    "text",
    [
        "over the same period?",
        "what was it over the same period",
        "how did it do over the same period",
        "같은 기간에 어땠어",
        "수수료는?",
        "fees?",
        "who pays the highest commission",
        "벤치마크는?",
        "2012년에 벤치마크보다 나은 전략은?",
        "how many trades did it have against the benchmark?",
        "같은 조건으로 돌려줘",
        "샤프가 같아?",
        "is it the same as the market?",
        "",
        "same " * 100,
    ],
)
def test_what_asks_something_else_is_left_to_others(text: str) -> None:
    assert read_asked_settings(text, []) is None


def test_names_are_no_words_of_such_a_question() -> None:
    asked = parse("RSI 역추세랑 추세추종 종목 같아?", NAMES)
    assert (asked.named, asked.settings) == (("rsi", "trend"), AskedSettings(("symbols",), alike=True))


@pytest.mark.parametrize(
    "text", ["'RSI 역추세'랑 추세추종이랑 종목 같아?", "are RSI 역추세's and 추세추종's symbols the same?"]
)
def test_quotes_and_genitives_stand_beside_names(text: str) -> None:
    assert parse(text, NAMES).settings == AskedSettings(("symbols",), alike=True)


def test_the_question_before_says_which_settings_are_the_same() -> None:
    asked = parse_all(["against which benchmark", "same for all?"], NAMES)
    assert asked.settings == AskedSettings(("benchmark",), alike=True)
    assert parse_all(["what is the Sharpe ratio", "same for all?"], NAMES).beyond is None


def test_another_strategy_is_asked_for_its_values_and_not_whether_they_are_the_same() -> None:
    asked = parse_all(["is the slippage of 추세추종 0.1 %?", "and RSI 역추세?"], NAMES)
    assert (asked.named, asked.settings) == (("rsi",), AskedSettings(("slippage",)))


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("are costs included in these returns?", ("commission", "slippage")),
        ("수수료 포함된 수익률이야?", ("commission",)),
    ],
)
def test_whether_figures_are_after_costs_is_asked(text: str, settings: tuple[Setting, ...]) -> None:
    assert read_asked_settings(text, []) == AskedSettings(settings, net=True)
