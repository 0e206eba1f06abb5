"""What is shown is harmless."""

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grounding.neutral import neutralised


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}script>"),
        ("A & B, p < 0.001", "A & B, p < 0.001"),
        ("see [the page](https://evil.example/?q=1)", "see the page"),
        ("![pixel](https://evil.example/p.png) here", "pixel here"),
        ("![pixel][1] here\n[1]: https://evil.example/p.png", "pixel here\n"),
        ("go to https://evil.example now", "go to evil.example now"),
        ("www.evil.example", "evil.example"),
        ("[x](javascript:alert(1))", "x"),
        ("a\u202eb\u200bc\x1b[31md", "abc[31md"),
        ("**bold** stays, and so does 1.24", "**bold** stays, and so does 1.24"),
    ],
)
def test_markup_is_made_harmless(text: str, shown: str) -> None:
    assert neutralised(text) == shown


@given(st.text())
def test_no_markup_and_no_control_character_is_left(text: str) -> None:
    shown = neutralised(text)
    assert not re.search(r"<[A-Za-z/!?]", shown)
    assert "](" not in shown or "[" not in shown.split("](", maxsplit=1)[0]
    assert all(each == "\n" or unicodedata.category(each) not in {"Cc", "Cf", "Co", "Cs"} for each in shown)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd"])))
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    assert html.unescape(neutralised(text)) == unicodedata.normalize("NFC", text)
