"""A strategy's id is derived from its name, in the same way everywhere."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from backchat_contracts import Id, strategy_id
from backchat_contracts.strategies import RESERVED_IDS

HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
WORD = st.text(st.sampled_from(string.ascii_letters + string.digits) | HANGUL, min_size=1, max_size=12)
SEPARATOR = st.text(st.sampled_from(" \t_-./()+&·—"), min_size=1, max_size=3)
WORDS = st.lists(WORD, min_size=1, max_size=12)
NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SMA Crossover 20/50", "sma-crossover-20-50"),
        ("sma_crossover  20-50 ", "sma-crossover-20-50"),
        ("이동평균 교차", "이동평균-교차"),
        ("RSI 역추세 (14일)", "rsi-역추세-14일"),
        ("ＲＳＩ　역추세", "rsi-역추세"),  # noqa: RUF001 - full width, as Korean input methods write it
        ("60/40", "60-40"),
    ],
)
def test_the_id_is_the_name_in_small_letters_with_hyphens(name: str, expected: str) -> None:
    assert strategy_id(name) == expected


def test_decomposed_hangul_as_macos_writes_it_is_the_same_name() -> None:
    composed = "이동평균"
    decomposed = "\u110b\u1175\u1103\u1169\u11bc\u1111\u1167\u11bc\u1100\u1172\u11ab"
    assert decomposed != composed
    assert strategy_id(decomposed) == strategy_id(composed) == composed


def test_a_long_name_keeps_its_beginning_and_ends_in_a_hash() -> None:
    name = "Momentum over the last 126 trading days with a stop at ten percent, monthly"
    assert strategy_id(name) == "momentum-over-the-last-126-trading-days-with-a-s-1e61c2cbd3c7"


def test_names_that_differ_after_what_is_kept_differ() -> None:
    assert strategy_id("x" * 80 + "1") != strategy_id("x" * 80 + "2")


@pytest.mark.parametrize("reserved", sorted(RESERVED_IDS))
def test_a_reserved_id_is_no_strategy_s(reserved: str) -> None:
    assert strategy_id(reserved).startswith(f"{reserved}-")
    assert strategy_id(f" {reserved.upper()}!") == strategy_id(reserved)


@pytest.mark.parametrize("name", ["!!!", "🚀", "_"])
def test_a_name_without_letters_has_an_id(name: str) -> None:
    assert len(strategy_id(name)) == 12
    assert len({strategy_id(other) for other in ("!!!", "🚀", "_")}) == 3


@given(NAME)
def test_an_id_is_an_id(name: str) -> None:
    TypeAdapter(Id).validate_python(strategy_id(name))
    assert len(strategy_id(name)) <= 64


@given(NAME)
def test_the_id_of_an_id_is_itself(name: str) -> None:
    assert strategy_id(strategy_id(name)) == strategy_id(name)


@given(WORDS, st.data())
def test_case_blanks_and_punctuation_make_no_difference(words: list[str], data: st.DataObject) -> None:
    written = data.draw(SEPARATOR, label="before")
    for word in words:
        written += data.draw(st.sampled_from([word.upper(), word.lower(), word.title()]))
        written += data.draw(SEPARATOR)
    assert strategy_id(written) == strategy_id(" ".join(words))


@given(st.lists(HANGUL, min_size=1, max_size=64))
def test_korean_stays_as_it_is(characters: list[str]) -> None:
    name = "".join(characters)
    assert strategy_id(name) == name
