"""Which words and characters are numerals."""

import pytest

from services.grounding.numerals import numerals
from services.grounding.reading import read_plain


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,234.5 %", 1234.5, "percent"),
        ("12bp", 12.0, "basis points"),
        ("3.3k dollars", 3300.0, "money"),
        ("2 million", 2e6, ""),
        ("1e-3", 1e-3, ""),
        ("twenty-three percent", 23.0, "percent"),
        ("one hundred and five trades", 105.0, "trades"),
        ("a thousand won", 1000.0, "money"),
        ("one year", 1.0, "years"),
        ("third", 3.0, "ordinal"),
        ("2nd", 2.0, "ordinal"),
        ("the trio", 3.0, "strategies"),
        ("\uff13", 3.0, ""),
        ("٣", 3.0, ""),
        ("③", 3.0, ""),
        ("³", 3.0, ""),
        ("\U0001d7d1", 3.0, ""),
        ("이십오 퍼센트", 25.0, "percent"),
        ("삼 프로", 3.0, "percent"),
        ("천이백만 원", 12_000_000.0, "money"),
        ("5만 달러", 50_000.0, "money"),
        ("세 배", 3.0, "times"),
        ("스물세 번", 23.0, "trades"),
        ("열두 개 종목", 12.0, "symbols"),
        ("두 번째", 2.0, "rank"),
        ("2위", 2.0, "rank"),
        ("40번의 시도", 40.0, "trials"),
        ("석 달", 3.0, "months"),
        ("두 해", 2.0, "years"),
        ("셋", 3.0, "strategies"),
    ],
)
def test_a_numeral_has_its_value_and_unit(text: str, value: float, unit: str) -> None:
    (found,) = numerals(read_plain(text))
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "half of it",
            "twice",
            "tripled",
            "tenfold",
            "two-thirds",
            "a third of",
            "a quarter",
            "in the thirties",
        ),
        *(
            "one and a half times",
            "point eight seven",
            "several times",
            "a decade",
            "double-digit",
            "½",
            "Ⅳ",
            "IV",
        ),
        *(
            "절반",
            "반토막",
            "반으로",
            "삼분의 일",
            "사분의 삼",
            "영점 오",
            "일점이사",
            "두 배",
            "몇 배",
            "수십",
            "수백 번",
            "한 자릿수",
        ),
        *("이삼 년", "배로", "반반", "八十", "半", "二倍", "💯"),
    ],
)
def test_fractions_and_multiples_are_numerals(text: str) -> None:
    assert numerals(read_plain(f"… {text} …"))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "one of them",
            "the riskier one",
            "no one",
            "which one trades more",
            "one another",
            "to the point",
            "at one point",
        ),
        *(
            "double-check it",
            "someone",
            "often",
            "on behalf",
            "fortune",
            "weight",
            "attend",
            "quarterly",
            "only",
            "stone",
        ),
        *(
            "하나의 지표",
            "한 전략은",
            "한번 보면",
            "이 전략",
            "일반적으로",
            "사실",
            "만일",
            "오히려",
            "구조",
            "백테스트",
            "반면",
            "반드시",
        ),
        *(
            "대부분의",
            "이 점이 중요하다",
            "이점이 있다",
            "조건",
            "천천히",
            "세금",
            "이번",
            "네, 그렇습니다",
            "조금",
            "반영",
        ),
        *(
            "믿을 만하다",
            "한편",
            "이사",
            "삼성",
            "억제",
            "십분 이해",
            "전자",
            "모두",
            "여러 전략",
            "이 배분",
            "반도체",
            "영업",
            "오전",
        ),
    ],
)
def test_words_that_only_look_like_numbers_are_none(text: str) -> None:
    assert numerals(read_plain(text)) == []
