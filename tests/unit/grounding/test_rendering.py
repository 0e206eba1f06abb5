"""References become values, written by us."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grounding.facts import Facts, Figure
from services.grounding.rendering import render
from services.grounding.writing import figure_text
from tests.unit.grounding.facts import FIGURES, facts


@pytest.mark.parametrize(
    ("figure", "ko", "en"),
    [
        (Figure("f", "A", "total_return", 0.12345), "+12.35 %", "+12.35 %"),
        (Figure("f", "A", "total_return", -0.00001), "0.00 %", "0.00 %"),
        (Figure("f", "A", "sharpe_ratio", 1.005), "1.00", "1.00"),
        (Figure("f", "A", "final_equity", 184230.5), "184,230.50", "184,230.50"),
        (Figure("f", "A", "longest_drawdown", 211), "211거래일", "211 trading days"),
        (Figure("f", "A", "calmar_ratio", None), "해당 없음", "not defined"),
        (Figure("f", "A", "total_return", 0.02, "difference", "B"), "+2.00 %p", "+2.00 pp"),
        (Figure("f", "A", "sharpe_ratio", 0.3, "bound"), "+0.30", "+0.30"),
        (Figure("f", "A", "p_value", 0.0301, other="B"), "0.030", "0.030"),
        (Figure("f", "A", "p_value", 0.0001, other="B"), "0.001 미만", "less than 0.001"),
        (Figure("f", "A", "probability", 0.871, other="B"), "87 %", "87 %"),
        (Figure("f", "A", "probability", 0.999, other="B"), "99 % 초과", "more than 99 %"),
        (Figure("f", "A", "probability", 0.001, other="B"), "1 % 미만", "less than 1 %"),
        (Figure("f", "A", "correlation", -0.416, other="B"), "-0.42", "-0.42"),
        (Figure("f", None, "count", 1234), "1,234", "1,234"),
    ],
)
def test_a_value_is_written_in_its_unit(figure: Figure, ko: str, en: str) -> None:
    assert (figure_text(figure, "ko"), figure_text(figure, "en")) == (ko, en)


def test_references_become_values_with_their_places() -> None:
    rendered = render("Sharpe [[a.sharpe]], return [[ b.ret ]].", facts())
    assert rendered.text == "Sharpe 1.24, return -5.12 %."
    assert [rendered.text[span.start : span.end] for span in rendered.spans] == ["1.24", "-5.12 %"]
    assert [span.figure.ref for span in rendered.spans] == ["a.sharpe", "b.ret"]
    assert rendered.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "[[c.sharpe]]",
        "[[a.sharpe",
        "a.sharpe]]",
        "{{a.sharpe}}",
        "${a.sharpe}",
        "[[a sharpe]]",
        "[[]]",
        "a.sharpe",
        "[a.sharpe]",
    ],
)
def test_what_is_no_reference_is_a_problem(text: str) -> None:
    (first, *_) = render(f"The Sharpe ratio is {text} here.", facts()).problems
    assert first.code == "unresolved-reference"


def test_characters_that_show_nothing_are_removed() -> None:
    assert render("a\u200bb\u202ec\x00d\ue000e\u2066f\tg\r\nh\U000e0041", facts()).text == "abcdef g\nh"


def test_two_figures_can_not_have_one_reference() -> None:
    with pytest.raises(ValueError, match="one reference"):
        Facts((FIGURES[0], FIGURES[0]))


@given(
    parts=st.lists(st.text(alphabet="ab ,가\u200b\n", max_size=8), min_size=2, max_size=6),
    values=st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=6),
    language=st.sampled_from(["ko", "en"]),
)
def test_rendering_never_changes_a_value(parts: list[str], values: list[float], language: str) -> None:
    figures = tuple(Figure(f"f{n}", "A", "total_return", value) for n, value in enumerate(values))
    known = Facts(figures, ("A",), language="ko" if language == "ko" else "en")
    text = "".join(f"{part}[[f{n}]]" for n, part in enumerate(parts))
    rendered = render(text, known)
    assert [rendered.text[each.start : each.end] for each in rendered.spans] == [
        figure_text(figure, known.language) for figure in figures[: len(parts)]
    ]
    assert re.sub(r"[-+]?\d+\.\d+ %", "", rendered.text) == "".join(parts).replace("\u200b", "")
