"""The strategies that a text mentions, by name or id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.language.names import mentions
from services.language.parsing import parse

NAMES = {"sma": "SMA", "sma-50": "SMA 50", "황금-교차": "황금 교차"}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("How is SMA doing?", ["sma"]),
        ("how is sma doing?", ["sma"]),
        ("SMA 50 전략의 수익률은?", ["sma-50"]),
        ("sma-50?", ["sma-50"]),
        ("SMA50?", ["sma-50"]),
        ("SMA  50?", ["sma-50"]),
        ("SMA 50 or SMA?", ["sma-50", "sma"]),
        ("SMA or SMA 50?", ["sma", "sma-50"]),
        ("황금 교차의 최대 낙폭은?", ["황금-교차"]),
        ("황금교차의 최대 낙폭은?", ["황금-교차"]),
        ("SMA와 황금 교차 중 어느 것이 나은가요?", ["sma", "황금-교차"]),
        ("Which is best?", []),
        ("", []),
    ],
)
def test_strategies_are_found_by_name_or_id_in_order_of_mention(query: str, ids: list[str]) -> None:
    assert list(parse(query, NAMES).named) == ids


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("RSI", "What about diversification?"),
        ("RSI", "Which version is best?"),
        ("Hold", "What is the threshold?"),
        ("MA", "Which has the smallest drawdown?"),
        ("추세", "역추세의 샤프는?"),
        ("모멘텀", "6개월모멘텀의 샤프는?"),
        ("SMA 5", "SMA 50의 샤프는?"),
        ("SMA 5", "SMA 5.5의 샤프는?"),
        ("ISA", "Is a strategy risky?"),
        ("안정", "가장 안정적인 전략은?"),
        ("수익", "수익률이 높은 전략은?"),
        ("추세", "추세선은 뭐야?"),
        ("A", "Is a strategy better?"),
        ("A", "A strategy with low risk?"),
        ("I", "What can I ask?"),
        ("Best", "Which is best?"),
        ("Stable", "Which is the most stable?"),
        ("전략 2", "전략 2개 중 뭐가 나아?"),
    ],
)
def test_a_name_within_a_word_or_that_is_another_word_is_no_mention(name: str, query: str) -> None:
    assert mentions(query, {"it": name}) == []


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *(
            ("RSI", text)
            for text in ("RSI?", "RSI의 수익률", "(rsi)", "the RSI's return", "RSI", "RSI전략", "'RSI'")
        ),
        *(
            ("모멘텀", text)
            for text in (
                "모멘텀?",
                "모멘텀이랑 비교",
                "모멘텀보다",
                "모멘텀수익률은?",
                "(모멘텀)",
                "모멘텀은요?",
            )
        ),
        *(
            ("A", text)
            for text in ("Is A better?", "A or B?", "A가 나아?", "a보다 나은 것", "is a better than b?")
        ),
        ("C++ (v2.1)?", "How is C++ (v2.1)? doing?"),
        ("[a-z]*", "Is [a-z]* good?"),
        ("Best", "Is Best any good?"),
        ("안정 추세", "안정추세의 수익률은?"),
        ("Größe", "How is größe?"),
    ],
)
def test_a_name_may_stand_beside_punctuation_a_particle_or_a_known_word(name: str, query: str) -> None:
    assert [mention.ids for mention in mentions(query, {"it": name})] == [("it",)]


def test_strategies_of_one_name_are_all_meant() -> None:
    assert parse("RSI?", {"one": "RSI", "two": "RSI"}).named == ("one", "two")


def test_the_longest_of_overlapping_names_is_meant() -> None:
    assert parse("모멘텀 추세와 추세", {"a": "모멘텀", "b": "추세", "c": "모멘텀 추세"}).named == ("c", "b")


@given(st.text(min_size=1, max_size=12))
def test_a_name_of_any_characters_between_quotes_is_found_or_no_error(name: str) -> None:
    for mention in mentions(f"is '{name}' good?", {"it": name}):
        assert mention.ids == ("it",)


@given(st.from_regex(r"\A[A-Z][a-z]{3,8}[.*+?()\[\]{}|^$\\]{0,3}[0-9]\Z"))
def test_characters_of_regular_expressions_mean_themselves(name: str) -> None:
    assert parse(f"How is {name} doing?", {"it": name, "other": "Else"}).named == ("it",)


FAMILY = {"m": "모멘텀", "m6": "6개월모멘텀", "dual": "Dual Momentum", "rsi": "RSI", "hold": "Buy and Hold"}


@pytest.mark.parametrize(
    "text",
    ["모멘텀들 중에 누가 더 벌었어?", "모멘텀 계열 중 뭐가 나아?", "among the momentums, which is steadier?"],
)
def test_a_word_of_several_names_stands_for_all_of_them(text: str) -> None:
    assert set(parse(text, FAMILY).named) == {"m", "m6", "dual"}


@pytest.mark.parametrize(
    "text", ["전략들 중에 뭐가 나아?", "which of the others is best?", "which of the losers?"]
)
def test_a_word_of_no_name_stands_for_none(text: str) -> None:
    assert parse(text, FAMILY).named == ()


@pytest.mark.parametrize(
    "text", ["mdd of buy & hold", "buy&hold 샤프는?", "Buy And Hold?", "buy n hold sharpe"]
)
def test_an_ampersand_is_an_and(text: str) -> None:
    assert parse(text, FAMILY).named == ("hold",)
    assert parse(text, {"hold": "Buy & Hold"}).named == ("hold",)


@pytest.mark.parametrize("text", ["Calm & Wild, which is better?", "Calm n Wild sharpe"])
def test_a_strategy_called_by_a_letter_is_not_in_an_ampersand(text: str) -> None:
    assert parse(text, {"a": "A", "d": "D", "calm": "Calm", "wild": "Wild"}).named == ("calm", "wild")
