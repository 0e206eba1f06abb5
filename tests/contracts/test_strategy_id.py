"""A strategy's id is derived from its name, in the same way everywhere, and no two names share one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from backchat_contracts import Id, Name, strategy_id

HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)


def is_name(text: str) -> bool:
    try:
        TypeAdapter(Name).validate_python(text)
    except ValidationError:
        return False
    return True


NAME = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=100).filter(is_name)
WRITTEN_ALIKE = st.text(st.sampled_from("aA1 -_+①"), min_size=1, max_size=5)


def caseless(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SMA Crossover", "sma-crossover"),
        ("RSI 14", "rsi-14"),
        ("이동평균 교차", "이동평균-교차"),
        ("ＲＳＩ　역추세", "rsi-역추세"),  # noqa: RUF001 - full width, as Korean input methods write it
        ("रणनीति", "रणनीति"),  # with vowel signs, which are marks
        ("SMA 20/50", "sma-20-50-72e952b0a14a"),
        ("RSI 역추세 (14일)", "rsi-역추세-14일-8afc800413f2"),
        ("🚀", "ebbc0b2870eb"),
    ],
)
def test_the_id_is_the_name_with_hyphens_and_a_digest_if_it_has_more_than_words(
    name: str, expected: str
) -> None:
    assert strategy_id(name) == expected


def test_decomposed_hangul_as_macos_writes_it_is_the_same_name() -> None:
    composed = "이동평균"
    decomposed = "\u110b\u1175\u1103\u1169\u11bc\u1111\u1167\u11bc\u1100\u1172\u11ab"
    assert decomposed != composed
    assert strategy_id(decomposed) == strategy_id(composed) == composed


def test_a_long_name_keeps_its_beginning_and_ends_in_a_digest() -> None:
    name = "Momentum over the last 126 trading days with a stop at ten percent monthly"
    assert strategy_id(name) == "momentum-over-the-last-126-trading-days-with-a-s-f3fd91b36469"


@pytest.mark.parametrize(
    "names",
    [
        ("Momentum +5%", "Momentum -5%", "Momentum 5"),
        ("RSI < 30", "RSI > 30", "RSI 30", "RSI-30", "RSI_30", "RSI  30", "rsi30"),
        ("RSI (14)", "RSI 14", "RSI 1 4"),
        ("C", "C++", "C#", "C+"),
        ("Alpha 🚀", "Alpha 🌙", "Alpha", "🚀", "🌙", "!!!", "_"),
        ("x" * 80 + "1", "x" * 80 + "2"),
        ("types", "Types!", "type s"),
    ],
)
def test_names_that_differ_are_two_strategies(names: tuple[str, ...]) -> None:
    assert len(set(map(strategy_id, names))) == len(names)


@pytest.mark.parametrize("name", ["C++", "SMA 20/50", "🚀", "x" * 80, "types"])
def test_a_name_like_the_id_of_another_is_another_strategy(name: str) -> None:
    taken = strategy_id(name)
    assert strategy_id(taken) != taken
    assert strategy_id(taken.replace("-", " ")) != taken


@given(WRITTEN_ALIKE, WRITTEN_ALIKE)
def test_two_names_have_one_id_only_if_they_differ_in_case_alone(one: str, other: str) -> None:
    assert (strategy_id(one) == strategy_id(other)) == (caseless(one) == caseless(other))


@given(NAME)
def test_case_makes_no_difference(name: str) -> None:
    assert strategy_id(caseless(name)) == strategy_id(name)


@given(NAME)
def test_an_id_is_an_id(name: str) -> None:
    TypeAdapter(Id).validate_python(strategy_id(name))
    assert len(strategy_id(name)) <= 64


@given(st.lists(HANGUL, min_size=1, max_size=64))
def test_korean_stays_as_it_is(characters: list[str]) -> None:
    name = "".join(characters)
    assert strategy_id(name) == name
