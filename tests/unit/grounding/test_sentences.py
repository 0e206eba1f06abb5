"""A stream is split into whole sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grounding.sentences import MOST, Sentences, sentences_of


@pytest.mark.parametrize(
    "sentences",
    [
        ("The Sharpe ratio is 1.24. ", "It is high."),
        ("A is better, e.g. calmer, vs. B etc. in all. ", "Done."),
        ("샤프 비율은 1.24입니다. ", "높습니다."),
        ("정말인가요? ", "네! ", "그렇습니다."),
        ("He said 'no.' ", "Then he left."),
        ("1. First\n", "2. Second\n", "End."),
        ("It is [[a. b]] here. ", "Next."),
        ("Version 1.5 of Inc. names is old... ", "So it is."),
        ("Dr. No! is the best. ", "Yes."),
    ],
)
def test_sentences_end_where_they_end(sentences: tuple[str, ...]) -> None:
    assert sentences_of("".join(sentences), ("Dr. No!",)) == sentences


def test_a_sentence_is_given_as_soon_as_it_is_whole() -> None:
    state, whole = Sentences().fed("It is 1")
    assert whole == ()
    state, whole = state.fed(".24")
    assert whole == ()
    state, whole = state.fed(". And")
    assert whole == ("It is 1.24. ",)
    assert state.closed() == ("And",)


def test_the_buffer_is_bounded() -> None:
    state, whole = Sentences().fed("word " * MOST)
    assert len(state.rest) <= MOST
    assert max(map(len, whole)) <= MOST
    assert all(each.endswith(" ") for each in whole)


def test_a_long_text_is_not_split_within_a_reference() -> None:
    text = "x" * (MOST - 4) + " [[a.sharpe]] and more"
    _, (first, *_) = Sentences().fed(text)
    assert "[[" not in first


@given(st.lists(st.text(alphabet="ab .?!\n[]가1", max_size=30), max_size=8))
def test_joined_the_sentences_are_what_was_fed(deltas: list[str]) -> None:
    state, given_so_far = Sentences(), ""
    for delta in deltas:
        state, whole = state.fed(delta)
        given_so_far += "".join(whole)
    assert given_so_far + "".join(state.closed()) == "".join(deltas)


@given(st.text(alphabet="ab .?!\n가1", max_size=60), st.integers(1, 5))
def test_how_a_text_is_cut_into_deltas_does_not_matter(text: str, size: int) -> None:
    state, found = Sentences(), []
    for at in range(0, len(text), size):
        state, whole = state.fed(text[at : at + size])
        found += whole
    assert (*found, *state.closed()) == sentences_of(text)
