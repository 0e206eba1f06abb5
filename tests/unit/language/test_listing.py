"""Questions about the catalogue itself: a corpus in the wording of people.

An expectation is the words of `written`, or `-` for a question that is none.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.language.listing import LONGEST, Listing, read_listing

FILE = Path(__file__).with_name("listings.txt")


def cases() -> Iterator[tuple[str, str]]:
    for line in FILE.read_text(encoding="utf-8").splitlines():
        question, arrow, expected = line.partition("=>")
        if arrow:
            yield question.strip(), expected.strip()


def written(asked: Listing | None) -> str:
    """Write what is asked as an expectation."""
    if asked is None:
        return "-"
    words = [{True: "tested", False: "untested", None: ""}[asked.backtested]]
    words += ["last"] * asked.last + ["trading"] * asked.trading + ["using"] * asked.using
    amounts = (
        ("commission", asked.commission_rate),
        ("slippage", asked.slippage_rate),
        ("cash", asked.initial_cash),
    )
    words += [f"{name}={value:g}" for name, value in amounts if value is not None]
    return " ".join(filter(None, [*words, *asked.words]))


@pytest.mark.parametrize(("question", "expected"), [*cases()])
def test_a_question_about_the_catalogue_is_understood(question: str, expected: str) -> None:
    assert written(read_listing(question)) == expected


def test_a_long_text_is_none() -> None:
    assert read_listing("list strategies " * LONGEST) is None


@given(st.text(max_size=LONGEST))
def test_any_text_is_read(text: str) -> None:
    read_listing(text)
