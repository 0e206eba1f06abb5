"""The language of a text, and the preferred one of an `Accept-Language` header."""

import pytest

from backchat_contracts import Language
from services.language.detection import language_of, preferred_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("어떤 전략이 더 안정적인가요?", "ko"),
        ("Which strategy is steadier?", "en"),
        ("SMA 20/50 전략의 MDD는?", "ko"),
        ("ㅋㅋ", "ko"),
        ("?!", "en"),
        ("", "en"),
        ("どの戦略が安定していますか", "en"),
        ("Größer als 5 %?", "en"),
        ("Does 이동평균 교차 beat the benchmark?", "en"),
        ("What is the Sharpe ratio of 모멘텀?", "en"),
        ("SMA랑 RSI 중에 Sharpe ratio 뭐가 높아?", "ko"),
        ("buy and hold가 뭐야?", "ko"),
        ("buy and hold aapl 백테스트", "ko"),
        ("what if RSI 역추세 had 25bps commission?", "en"),
        ("rerun RSI 역추세 from 2012 to 2013", "en"),
        ("run 추세추종 again with 50/200 day averages", "en"),
        ("sharpe of 단기 RSI?", "en"),
        ("how about 새 아이디어's return", "en"),
        ("sharpe of 단기 RSI 전략", "ko"),
        ("has RSI 역추세 been run on MSFT?", "en"),
        ("'Is it the top' 전략과 'Man of the match' 중에 어느 전략이 더 나아?", "ko"),
    ],
)
def test_hangul_makes_a_text_korean_but_for_names_in_an_english_sentence(
    text: str, language: Language
) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Is 모멘텀 better than SMA?", "en"),
        ("is 모멘텀 추세 or 모멘텀 best?", "en"),
        ("SMA랑 Hold 중 뭐가 나아?", "ko"),
        ("모멘텀이 SMA보다 나아?", "ko"),
        ("모멘텀?", "ko"),
        ("SMA?", "en"),
    ],
)
def test_the_names_of_strategies_are_of_no_language(text: str, language: Language) -> None:
    assert language_of(text, ["SMA", "모멘텀", "모멘텀 추세", "Hold", ""]) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en", "en"),
        ("ko", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("en;q=0.3,ko;q=0.7", "ko"),
        ("ko;q=0.3, en;q=0.7", "en"),
        ("de, en;q=0.2", "en"),
        ("EN-gb", "en"),
        ("en ; q=0.4 , ko;q=0.2", "en"),
        ("ko;q=0, en;q=0.1", "en"),
    ],
)
def test_the_best_quality_wins(header: str, language: Language) -> None:
    other: Language = "ko" if language == "en" else "en"

    assert preferred_language(header, default=other) == language


@pytest.mark.parametrize(
    "header", [None, "", "*", "de-DE, fr;q=0.5", "en;q=0", "en;q=high", ";;,,", "english"]
)
@pytest.mark.parametrize("default", ["ko", "en"])
def test_a_header_that_prefers_neither_leaves_the_default(header: str | None, default: Language) -> None:
    assert preferred_language(header, default) == default


@pytest.mark.parametrize("quality", ["²", "1.2.3", "-1", "0x1", "1e400", "nan", "."])
def test_a_quality_that_is_no_number_is_no_error(quality: str) -> None:
    assert preferred_language(f"en;q={quality}", "ko") == "ko"
