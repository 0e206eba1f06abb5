"""What is shown is harmless."""

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grounding.neutral import neutralised
from services.grounding.rendering import visible

TAG, END, SLASH, DOT = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", "\uff3d", "\u2215\u2215", "\u2024"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>", f"{TAG}script>"),
        ("ends with <", f"ends with {TAG}"),
        ("A & B, p < 0.001", "A & B, p < 0.001"),
        ("see [the page](https://evil.example/?q=1)", f"see [the page{END}(https:{SLASH}evil.example/?q=1)"),
        ("![pixel][1] here", f"![pixel{END}[1] here"),
        ("[1]: https://evil.example", f"[1{END}: https:{SLASH}evil.example"),
        ("ends with [here]", f"ends with [here{END}"),
        ("www.evil.example", f"www{DOT}evil.example"),
        ("a\u202eb\u200bc\x1b[31md", "abc[31md"),
        ("**bold** stays, and so do 1.24 and a/b", "**bold** stays, and so do 1.24 and a/b"),
        ("The data: Calm [core] is ahead.", "The data: Calm [core] is ahead."),
    ],
)
def test_markup_is_made_harmless(text: str, shown: str) -> None:
    assert neutralised(text) == shown


MARKUP = re.compile(r"<[A-Za-z/!?]|\][(\[:]|//")


@given(st.lists(st.text(alphabet="<[](!:/a. \n"), max_size=4))
def test_no_markup_is_left_also_where_sentences_are_joined(sentences: list[str]) -> None:
    assert not MARKUP.search("".join(map(neutralised, sentences)))


@given(st.text())
def test_no_control_character_is_left_and_nothing_else_is_left_out(text: str) -> None:
    shown = neutralised(text)
    assert all(each == "\n" or unicodedata.category(each) not in {"Cc", "Cf", "Co", "Cs"} for each in shown)
    assert len(shown) == len(visible(text))


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd"])))
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    assert html.unescape(neutralised(text)) == unicodedata.normalize("NFC", text)
